/** 한빛카드's profile of ISO 8583:1987 as data: ASCII with a binary bitmap, Korean text in EUC-KR, a binary MAC. */
import type { FieldSpec, MessageProfile, TagSpec } from '../../iso8583/iso8583.ts'

/** Elements of DE 48. */
export const hanbitTags: readonly TagSpec[] = [
  tag('01', 1, 'an', 'partial approval allowed', '복합결제 허용', 'Y or N; absent means N'),
  tag(
    '02',
    2,
    'an',
    'advice kind',
    '통보 구분',
    'CM completion, SI stand-in, PA by agreement, PD provisional debit, CO core',
  ),
  tag(
    '04',
    8,
    'n',
    'cancellation date',
    '취소 거래일자',
    'YYYYMMDD in Korea: the local date of the cancellation itself',
  ),
  amountTag('05', 'amount of this message', '처리 금액', 'what was approved, or what is cancelled'),
  tag(
    '10',
    1,
    'an',
    'verdict',
    '판정',
    'A approved, P partially, N not applicable, D declined, U unknown',
  ),
  tag('11', 3, 'n', 'reason', '사유', 'of the table of reasons'),
  tag('12', 1, 'an', 'source of money', '자금 출처', 'V voucher, B both, A account, N none'),
  amountTag('13', 'voucher part', '상품권 금액', 'paid or given back by the voucher'),
  amountTag('14', 'account part', '계좌 금액', 'what may be taken from the account'),
  tag('15', 14, 'n', 'balance known at', '잔액 기준일시', 'YYYYMMDDhhmmss in Korea; absent: now'),
  tag('16', 1, 'an', 'decided by', '결정 주체', 'C core, S stand-in, G gateway'),
  tag(
    '17',
    1,
    'an',
    "cardholder's choice on unknown",
    '불명 시 선택',
    'D decline, P provisional debit',
  ),
  {
    tag: '60',
    nameEn: 'wrapped key',
    nameKo: '암호화된 인증키',
    bytesMin: 48,
    bytesMax: 80,
    content: 'an',
    masked: true,
    description: 'the new MAC key under the key-encryption key (RFC 3394), in hexadecimal digits',
  },
  tag('61', 6, 'an', 'key check value', '키 검증값', 'six hexadecimal digits'),
]

const fields: readonly FieldSpec[] = [
  variable(
    2,
    'llvar',
    [8, 32],
    'an',
    'card token',
    '카드 토큰',
    "the partner's name for the card; never a PAN",
    true,
  ),
  digits(
    3,
    6,
    'processing code',
    '처리 코드',
    '00 purchase, 20 cancellation, 30 or 31 balance; then 0000',
  ),
  { ...digits(4, 12, 'amount', '거래 금액', 'won, no decimals'), masked: true },
  digits(7, 10, 'transmission date and time', '전송 일시', 'MMDDhhmmss UTC; a repeat keeps it'),
  digits(11, 6, 'trace number (STAN)', '거래 추적번호', "the sender's; a repeat keeps it"),
  digits(12, 6, 'local time', '거래 시각', 'hhmmss in Korea'),
  digits(13, 4, 'local date', '거래 일자', 'MMDD in Korea; part of the key'),
  digits(15, 4, 'settlement date', '정산 일자', 'MMDD in Korea'),
  digits(22, 3, 'point of service entry mode', '입력 방식', 'taken, not used'),
  digits(25, 2, 'point of service condition', '거래 조건', 'taken, not used'),
  variable(32, 'llvar', [1, 11], 'n', 'acquirer', '매입 기관', 'part of the key'),
  text(37, 12, 'retrieval reference', '조회 참조번호', 'comes back in the answer'),
  digits(38, 6, 'approval code', '승인 번호', 'of approvals; the same for every repeat'),
  {
    ...text(39, 2, 'response code', '응답 코드', 'see the table of answers'),
    padding: 'none',
  },
  text(41, 8, 'terminal', '단말기 번호', 'part of the key'),
  {
    ...text(42, 15, 'merchant number', '가맹점 번호', 'business number (10) and outlet (5)'),
    padding: 'none',
  },
  {
    ...text(43, 40, 'merchant name', '가맹점명', 'EUC-KR; shown to nobody, the registered name is'),
    content: 'text',
    encoding: 'euc_kr',
  },
  {
    ...variable(
      48,
      'lllvar',
      [5, 255],
      'ans',
      'additional data',
      '추가 정보',
      'elements: tag (2), length (2), value',
      false,
    ),
    tags: hanbitTags,
  },
  digits(49, 3, 'currency', '통화 코드', '410'),
  variable(
    54,
    'lllvar',
    [20, 120],
    'an',
    'additional amounts',
    '부가 금액',
    'blocks of 20: account type, amount type, currency, C, 12 digits',
    true,
  ),
  mac(64, 'MAC where there is one bitmap'),
  digits(
    70,
    3,
    'network function',
    '망 관리 코드',
    '001 sign-on, 002 sign-off, 161 key change, 301 echo',
  ),
  digits(74, 10, 'number of cancellations', '취소 건수', 'credits'),
  digits(76, 10, 'number of payments', '승인 건수', 'debits'),
  digits(77, 10, 'number of reversals', '망취소 건수', 'debits, reversed'),
  digits(86, 16, 'sum of cancellations', '취소 금액 합계', 'credits, won'),
  digits(88, 16, 'sum of payments', '승인 금액 합계', 'debits, won'),
  digits(89, 16, 'sum of reversals', '망취소 금액 합계', 'debits, reversed, won'),
  digits(
    90,
    42,
    'original data',
    '원거래 정보',
    'MTI (4), STAN (6), DE 7 (10), acquirer (11), forwarder (11)',
  ),
  {
    ...text(
      95,
      42,
      'replacement amounts',
      '대체 금액',
      'the amount that counts (12), 12 zeros, twice C and 8 zeros',
    ),
    padding: 'none',
    masked: true,
  },
  mac(128, 'MAC where there are two bitmaps'),
]

export const hanbitProfile: MessageProfile = { name: 'hanbit', bitmap: 'binary', fields }

function digits(
  number: number,
  bytes: number,
  nameEn: string,
  nameKo: string,
  description: string,
): FieldSpec {
  return {
    number,
    nameEn,
    nameKo,
    length: 'fixed',
    bytesMax: bytes,
    content: 'n',
    encoding: 'ascii',
    padding: 'none',
    masked: false,
    description,
  }
}

function text(
  number: number,
  bytes: number,
  nameEn: string,
  nameKo: string,
  description: string,
): FieldSpec {
  const field = digits(number, bytes, nameEn, nameKo, description)
  return { ...field, content: 'an', padding: 'space_right' }
}

function variable(
  number: number,
  length: 'llvar' | 'lllvar',
  [bytesMin, bytesMax]: readonly [number, number],
  content: 'n' | 'an' | 'ans',
  nameEn: string,
  nameKo: string,
  description: string,
  masked = false,
): FieldSpec {
  const field = digits(number, bytesMax, nameEn, nameKo, description)
  return { ...field, length, bytesMin, content, masked }
}

function mac(number: number, description: string): FieldSpec {
  const field = digits(number, 8, 'message authentication code', '메시지 인증코드', description)
  return { ...field, content: 'b', encoding: 'binary' }
}

function tag(
  number: string,
  bytes: number,
  content: TagSpec['content'],
  nameEn: string,
  nameKo: string,
  description: string,
): TagSpec {
  const [bytesMin, bytesMax] = [bytes, bytes]
  return { tag: number, nameEn, nameKo, bytesMin, bytesMax, content, masked: false, description }
}

function amountTag(number: string, nameEn: string, nameKo: string, description: string): TagSpec {
  return { ...tag(number, 12, 'n', nameEn, nameKo, description), masked: true }
}
