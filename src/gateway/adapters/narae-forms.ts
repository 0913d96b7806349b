/** Which fields each telegram of 나래카드 must and may have, besides its head and its MAC. Others are spaces. */
import type { NetworkFunction } from '../partner-adapter.ts'
import type { naraeLayouts, NaraeField } from './narae-layouts.ts'

export type NaraeKind =
  | 'authorize'
  | 'pay'
  | 'cancel'
  | 'enquire_balance'
  | 'advise'
  | 'complete'
  | 'cancelled'
  | 'reverse'
  | 'compare_totals'
  | NetworkFunction

export interface TelegramForm {
  /** 거래구분코드. */
  readonly code: string
  readonly kind: NaraeKind
  readonly layout: keyof typeof naraeLayouts
  readonly nameEn: string
  readonly nameKo: string
  /** 전문종별코드: the first sending and its repeat. */
  readonly types: readonly string[]
  readonly mandatory: readonly NaraeField[]
  readonly optional: readonly NaraeField[]
}

const key: readonly NaraeField[] = ['acquirer', 'terminal', 'tradeDate']
const place: readonly NaraeField[] = [...key, 'cardToken', 'merchantNumber', 'currency']
const original: readonly NaraeField[] = [
  'originalType',
  'originalTrace',
  'originalDate',
  'originalTime',
]
const sale: readonly NaraeField[] = [...place, 'amount', 'tradeTime']
const besides: readonly NaraeField[] = ['merchantName', 'partialAllowed', 'sentAt']
const ofTotals: readonly NaraeField[] = [
  'tradeDate',
  'paymentCount',
  'paymentSum',
  'cancellationCount',
  'cancellationSum',
  'reversalCount',
  'reversalSum',
]

export const naraeForms: readonly TelegramForm[] = [
  saleForm('010', 'authorize', 'authorization', '승인예약', ['0100', '0101'], sale, besides),
  saleForm('020', 'pay', 'purchase', '구매', ['0200', '0201'], sale, besides),
  saleForm(
    '030',
    'cancel',
    'cancellation',
    '승인취소',
    ['0200', '0201'],
    [...place, 'amount', ...original],
    [...besides, 'noticeAmount'],
  ),
  saleForm(
    '040',
    'enquire_balance',
    'balance enquiry',
    '잔액조회',
    ['0200', '0201'],
    [...place, 'tradeTime'],
    ['merchantName', 'sentAt'],
  ),
  noticeForm(
    '110',
    'advise',
    'authorization advice',
    '승인예약통보',
    ['0120', '0121'],
    ['tradeTime', 'noticeKind', 'noticeAmount'],
  ),
  noticeForm(
    '120',
    'advise',
    'purchase advice',
    '구매통보',
    ['0220', '0221'],
    ['tradeTime', 'noticeKind', 'noticeAmount'],
  ),
  noticeForm(
    '130',
    'cancelled',
    'cancellation advice',
    '승인취소통보',
    ['0220', '0221'],
    ['noticeAmount', ...original],
  ),
  noticeForm(
    '150',
    'complete',
    'completion',
    '승인완료통보',
    ['0220', '0221'],
    ['tradeTime', 'noticeAmount', ...original],
  ),
  noticeForm(
    '160',
    'reverse',
    'reversal',
    '망취소',
    ['0400', '0401', '0420', '0421'],
    ['tradeTime', 'noticeAmount', ...original],
  ),
  {
    code: '500',
    kind: 'compare_totals',
    layout: 'totals',
    nameEn: 'totals',
    nameKo: '대사합계',
    types: ['0500', '0501', '0520', '0521'],
    mandatory: ofTotals,
    optional: ['sentAt'],
  },
  networkForm('901', 'sign_on', 'sign-on', '업무개시'),
  networkForm('902', 'sign_off', 'sign-off', '업무종료'),
  networkForm('903', 'echo', 'echo', '회선시험'),
  networkForm('904', 'key_change', 'key change', '인증키교환'),
]

export function formOf(code: string, type: string): TelegramForm | undefined {
  return naraeForms.find((form) => form.code === code && form.types.includes(type))
}

export function formOfKind(kind: NaraeKind, type: string): TelegramForm | undefined {
  return naraeForms.find((form) => form.kind === kind && form.types.includes(type))
}

function saleForm(
  code: string,
  kind: NaraeKind,
  nameEn: string,
  nameKo: string,
  types: readonly string[],
  mandatory: readonly NaraeField[],
  optional: readonly NaraeField[],
): TelegramForm {
  return { code, kind, layout: 'sale', nameEn, nameKo, types, mandatory, optional }
}

function noticeForm(
  code: string,
  kind: NaraeKind,
  nameEn: string,
  nameKo: string,
  types: readonly string[],
  mandatory: readonly NaraeField[],
): TelegramForm {
  const all: readonly NaraeField[] = [...place, 'amount', 'decidedAt', ...mandatory]
  return saleForm(code, kind, nameEn, nameKo, types, all, [...besides, 'approvalCode'])
}

function networkForm(
  code: string,
  kind: NetworkFunction,
  nameEn: string,
  nameKo: string,
): TelegramForm {
  const optional: readonly NaraeField[] =
    kind === 'key_change' ? ['wrappedKey', 'keyCheckValue'] : []
  const form = { layout: 'network', types: ['0800'], mandatory: ['sentAt'], optional } as const
  return { code, kind, nameEn, nameKo, ...form }
}
