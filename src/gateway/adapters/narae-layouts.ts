/** 나래카드's telegrams (전문) as data: three layouts, each of one length for question and answer. */
import type { TelegramField, TelegramLayout } from '../../iso8583/iso8583.ts'

export type NaraeField =
  | 'systemCode'
  | 'messageType'
  | 'transactionCode'
  | 'sentAt'
  | 'traceNumber'
  | 'acquirer'
  | 'terminal'
  | 'tradeDate'
  | 'responseCode'
  | 'reserved'
  | 'cardToken'
  | 'merchantNumber'
  | 'merchantName'
  | 'amount'
  | 'currency'
  | 'tradeTime'
  | 'partialAllowed'
  | 'originalType'
  | 'originalTrace'
  | 'originalDate'
  | 'originalTime'
  | 'noticeKind'
  | 'noticeAmount'
  | 'decidedAt'
  | 'paymentCount'
  | 'paymentSum'
  | 'cancellationCount'
  | 'cancellationSum'
  | 'reversalCount'
  | 'reversalSum'
  | 'wrappedKey'
  | 'keyCheckValue'
  | 'approvalCode'
  | 'voucherAmount'
  | 'accountAmount'
  | 'moneySource'
  | 'remaining'
  | 'remainingAt'
  | 'decidedBy'
  | 'onUnknown'
  | 'bodyReserved'
  | 'mac'

type Field = TelegramField<NaraeField>
type Traits = 'always' | 'masked'

/** 공통부: how every telegram begins. */
const head: readonly Field[] = [
  field('systemCode', 'an', 4, '시스템코드', 'system', 'NRVC', 'always'),
  field('messageType', 'n', 4, '전문종별코드', 'message type', '0100 … 0830', 'always'),
  field(
    'transactionCode',
    'n',
    3,
    '거래구분코드',
    'transaction',
    'see the table of telegrams',
    'always',
  ),
  field('sentAt', 'n', 14, '전송일시', 'sent at', 'YYYYMMDDhhmmss in Korea; a repeat keeps it'),
  field(
    'traceNumber',
    'n',
    6,
    '거래추적번호',
    'trace number',
    "the sender's; a repeat keeps it",
    'always',
  ),
  field('acquirer', 'an', 11, '매입기관코드', 'acquirer', 'part of the key'),
  field('terminal', 'an', 10, '단말기번호', 'terminal', 'part of the key'),
  field('tradeDate', 'n', 8, '거래일자', 'local date', 'YYYYMMDD in Korea; part of the key'),
  field(
    'responseCode',
    'n',
    4,
    '응답코드',
    'response code',
    'verdict (1) and reason (3); answers only',
  ),
  field('reserved', 'filler', 16, '예비', 'reserved', 'spaces'),
]

/** 거래부, 원거래부 and 통보부. */
const sale: readonly Field[] = [
  field(
    'cardToken',
    'an',
    32,
    '카드토큰',
    'card token',
    "the partner's name for the card; never a PAN",
    'masked',
  ),
  field(
    'merchantNumber',
    'an',
    15,
    '가맹점번호',
    'merchant number',
    'business number (10) and outlet (5)',
  ),
  field('merchantName', 'text', 40, '가맹점명', 'merchant name', 'EUC-KR; shown to nobody'),
  field('amount', 'n', 13, '거래금액', 'amount', 'won', 'masked'),
  field('currency', 'n', 3, '통화코드', 'currency', '410'),
  field('tradeTime', 'n', 6, '거래시각', 'local time', 'hhmmss in Korea'),
  field('partialAllowed', 'an', 1, '복합결제허용', 'partial approval allowed', 'Y or N'),
  field('originalType', 'n', 4, '원전문종별코드', 'original message type', '0100 or 0200'),
  field('originalTrace', 'n', 6, '원거래추적번호', 'original trace number', ''),
  field('originalDate', 'n', 8, '원거래일자', 'original local date', 'YYYYMMDD in Korea'),
  field('originalTime', 'n', 6, '원거래시각', 'original local time', 'hhmmss in Korea'),
  field(
    'noticeKind',
    'an',
    2,
    '통보구분',
    'advice kind',
    'SI stand-in, PA by agreement, PD provisional debit, CO core',
  ),
  field(
    'noticeAmount',
    'n',
    13,
    '처리금액',
    'amount of this message',
    'approved, completed, kept or cancelled',
    'masked',
  ),
  field('decidedAt', 'n', 14, '결정일시', 'decided at', 'YYYYMMDDhhmmss in Korea'),
]

const totals: readonly Field[] = [
  field('paymentCount', 'n', 7, '승인건수', 'number of payments', ''),
  field('paymentSum', 'n', 15, '승인금액합계', 'sum of payments', 'won'),
  field('cancellationCount', 'n', 7, '취소건수', 'number of cancellations', ''),
  field('cancellationSum', 'n', 15, '취소금액합계', 'sum of cancellations', 'won'),
  field('reversalCount', 'n', 7, '망취소건수', 'number of reversals', ''),
  field('reversalSum', 'n', 15, '망취소금액합계', 'sum of reversals', 'won'),
]

const keys: readonly Field[] = [
  field(
    'wrappedKey',
    'an',
    80,
    '암호화인증키',
    'wrapped key',
    'hexadecimal digits (RFC 3394)',
    'masked',
  ),
  field('keyCheckValue', 'an', 6, '키검증값', 'key check value', 'hexadecimal digits'),
]

/** 응답부: empty in questions. */
const answer: readonly Field[] = [
  field('approvalCode', 'n', 6, '승인번호', 'approval code', 'the same for every repeat'),
  field(
    'voucherAmount',
    'n',
    13,
    '상품권금액',
    'voucher part',
    'paid or given back by the voucher',
    'masked',
  ),
  field(
    'accountAmount',
    'n',
    13,
    '계좌금액',
    'account part',
    'what may be taken from the account',
    'masked',
  ),
  field(
    'moneySource',
    'an',
    1,
    '자금출처',
    'source of money',
    'V voucher, B both, A account, N none',
  ),
  field('remaining', 'n', 13, '상품권잔액', 'remaining balance', 'spaces: not told', 'masked'),
  field(
    'remainingAt',
    'n',
    14,
    '잔액기준일시',
    'balance known at',
    'YYYYMMDDhhmmss in Korea; spaces: now',
  ),
  field('decidedBy', 'an', 1, '결정주체', 'decided by', 'C core, S stand-in, G gateway'),
  field(
    'onUnknown',
    'an',
    1,
    '불명시처리',
    "cardholder's choice on unknown",
    'D decline, P provisional debit',
  ),
]

/** 메시지인증코드: how every telegram ends. */
const tail: readonly Field[] = [
  field('bodyReserved', 'filler', 12, '예비', 'reserved', 'spaces'),
  field(
    'mac',
    'an',
    16,
    '메시지인증코드',
    'MAC',
    '16 upper-case hexadecimal digits, over all before',
    'always',
  ),
]

export const naraeLayouts = {
  sale: layout('sale', '거래전문', [...head, ...sale, ...answer, ...tail]),
  totals: layout('totals', '대사전문', [...head, ...totals, ...answer, ...tail]),
  network: layout('network', '망관리전문', [...head, ...keys, ...tail]),
} as const

export const NARAE_SYSTEM = 'NRVC'
export const answerFields: readonly NaraeField[] = answer.map(({ id }) => id)

function layout(
  name: string,
  nameKo: string,
  fields: readonly Field[],
): TelegramLayout<NaraeField> {
  return { name, nameKo, fields }
}

function field(
  id: NaraeField,
  content: Field['content'],
  bytes: number,
  nameKo: string,
  nameEn: string,
  description: string,
  ...traits: readonly Traits[]
): Field {
  return {
    id,
    nameKo,
    nameEn,
    bytes,
    content,
    optional: !traits.includes('always'),
    masked: traits.includes('masked'),
    description,
  }
}
