/** The records of the five files as tables of fields. docs/reference/clearing-files.md shows the same tables. */
import {
  amount,
  choice,
  constant,
  count,
  day,
  dayTime,
  digitText,
  koreanText,
  recordLayout,
  signedAmount,
  sum,
  text,
  yesNo,
  type RecordLayout,
} from '../../iso8583/iso8583.ts'

/** Of every record, without its line feed. */
export const RECORD_BYTES = 240

export const fileHeader = (letters: string) =>
  recordLayout(RECORD_BYTES, {
    record: constant('H', { label: '레코드 구분' }),
    fileCode: constant(letters, { label: '파일 종류' }),
    version: constant('01', { label: '전문 버전' }),
    partnerCode: text(12, { label: '카드사 코드', remark: 'as agreed, such as `hanbit`' }),
    partnerName: koreanText(20, { label: '카드사명', remark: 'for people' }),
    date: day({ label: '업무일', remark: 'the business date that the file is about' }),
    sequence: count(4, { label: '일련번호', remark: 'from 0001 for each kind and date' }),
    madeAt: dayTime({ label: '작성 시각', remark: 'Korean time' }),
  })

/** The fields of a card key; the partner is the file's. */
const keyFields = {
  acquirer: text(11, { label: '매입기관', remark: 'DE 32' }),
  terminal: text(16, { label: '단말기 번호', remark: 'DE 41' }),
  stan: digitText(6, { label: '전문추적번호', remark: 'DE 11' }),
  localDate: day({ label: '거래일', remark: 'DE 13 with its year' }),
  cardClass: choice(
    { authorization: 'A', financial: 'F', cancellation: 'X' },
    { label: '전문 종별', remark: 'class of the message that bears the key' },
  ),
} as const
const saleKeyFields = {
  ...keyFields,
  cardClass: choice(
    { authorization: 'A', financial: 'F' },
    { label: '전문 종별', remark: 'class of the sale' },
  ),
} as const

const lineStart = {
  record: constant('D', { label: '레코드 구분' }),
  line: count(7, { label: '순번', remark: 'from 0000001' }),
} as const
const end = constant('T', { label: '레코드 구분' })
const lines = count(7, { label: '데이터 건수', remark: 'detail records' })
const cardToken = text(32, { label: '카드 토큰', remark: 'never a card number' })
const merchantNumber = text(15, {
  label: '가맹점번호',
  remark: 'business number and five digits of the outlet',
})
const merchantName = koreanText(30, { label: '가맹점명', remark: 'for people' })

export const clearingLine = recordLayout(RECORD_BYTES, {
  ...lineStart,
  entry: choice({ sale: 'S', cancellation: 'C' }, { label: '매입 구분' }),
  ...keyFields,
  cardToken,
  merchantNumber,
  merchantName,
  saleWon: amount(13, { label: '거래금액', remark: 'what the terminal asked for' }),
  voucherWon: amount(13, {
    label: '상품권 금액',
    remark: 'what the voucher paid, or got back by a cancellation; above zero',
  }),
  approvalCode: text(6, { label: '승인번호', remark: 'as we gave it' }),
})
export const clearingEnd = recordLayout(RECORD_BYTES, {
  record: end,
  lines,
  salesCount: count(7, { label: '매출 건수' }),
  salesWon: sum(15, { label: '매출 상품권 금액' }),
  cancellationsCount: count(7, { label: '취소 건수' }),
  cancellationsWon: sum(15, { label: '취소 상품권 금액' }),
})

export const settlementLine = recordLayout(RECORD_BYTES, {
  ...lineStart,
  issuerCode: text(20, { label: '발행자 코드', remark: 'as in addresses, such as `gunsan`' }),
  issuerName: koreanText(40, { label: '발행자명', remark: 'for people' }),
  clearedOn: day({ label: '매입 업무일', remark: 'date of the clearing file' }),
  salesCount: count(7, { label: '매출 건수' }),
  salesWon: sum(15, { label: '매출 상품권 금액' }),
  cancellationsCount: count(7, { label: '취소 건수' }),
  cancellationsWon: sum(15, { label: '취소 상품권 금액' }),
  conversionsCount: count(7, { label: '사후전환 건수' }),
  conversionsWon: signedAmount(16, {
    label: '사후전환 금액',
    remark: 'refunded to accounts, less what was undone',
  }),
  earlierWon: signedAmount(16, {
    label: '기지급 차감',
    remark: 'what was paid for this date before, as a deduction',
  }),
  netWon: signedAmount(16, {
    label: '정산 금액',
    remark: 'sales - cancellations + conversions + earlierWon',
  }),
  paymentId: text(36, { label: '지급 식별자', remark: 'one for all lines of an issuer' }),
})
export const settlementEnd = recordLayout(RECORD_BYTES, {
  record: end,
  lines,
  netWon: signedAmount(16, { label: '정산 금액 합계' }),
})

export const incidentLine = recordLayout(RECORD_BYTES, {
  ...lineStart,
  ...saleKeyFields,
  cardToken,
  merchantNumber,
  merchantName,
  saleWon: amount(13, { label: '거래금액', remark: 'what the terminal asked for' }),
  accountWon: amount(13, { label: '계좌 출금액', remark: 'what the account paid; above zero' }),
  debitedAt: dayTime({ label: '출금 시각', remark: 'Korean time' }),
  adviceSent: yesNo({ label: '임시결제 통보 여부', remark: 'a flagged advice was sent' }),
  givenBack: yesNo({ label: '환급 완료 여부', remark: 'the account has it back already' }),
})
export const incidentEnd = recordLayout(RECORD_BYTES, {
  record: end,
  lines,
  accountWon: sum(15, { label: '계좌 출금액 합계' }),
})

const refundStart = {
  ...lineStart,
  ...saleKeyFields,
  cardToken,
  conversionId: text(36, { label: '전환 식별자', remark: 'UUID' }),
  refundWon: amount(13, { label: '환급액', remark: 'to the account; above zero' }),
} as const
export const refundEnd = recordLayout(RECORD_BYTES, {
  record: end,
  lines,
  refundWon: sum(15, { label: '환급액 합계' }),
})
export const refundLine = recordLayout(RECORD_BYTES, {
  ...refundStart,
  voucherWon: amount(13, { label: '상품권 차감액', remark: 'what the voucher paid for it' }),
})
export const refundResultLine = recordLayout(RECORD_BYTES, {
  ...refundStart,
  result: choice(
    {
      refunded: '00',
      given_back_before: '11',
      account_closed: '12',
      sale_unknown: '13',
      refused: '99',
    },
    { label: '처리 결과' },
  ),
})

type ContentOf<Layout> = Layout extends RecordLayout<infer Content> ? Content : never
type Line<Layout> = Omit<ContentOf<Layout>, 'line'>
export type FileHeader = ContentOf<ReturnType<typeof fileHeader>>
export type ClearingLine = Line<typeof clearingLine>
export type SettlementLine = Line<typeof settlementLine>
export type IncidentLine = Line<typeof incidentLine>
export type RefundLine = Line<typeof refundLine>
export type RefundResultLine = Line<typeof refundResultLine>
export type ClearingTotals = ContentOf<typeof clearingEnd>
export type SettlementTotals = ContentOf<typeof settlementEnd>
export type IncidentTotals = ContentOf<typeof incidentEnd>
export type RefundTotals = ContentOf<typeof refundEnd>
