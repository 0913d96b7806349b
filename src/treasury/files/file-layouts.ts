/**
 * The records of the files that a treasury bank and we give each other, as tables of fields. docs/reference/
 * payout-files.md shows the same tables; as CSV a record is a row of the same fields.
 */
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
  sum,
  text,
  type RecordLayout,
} from '../../iso8583/iso8583.ts'

/** Of every record of a telegram file, without its line feed. */
export const RECORD_BYTES = 300

const headerStart = (letters: string) =>
  ({
    record: constant('H', { label: '레코드 구분' }),
    fileCode: constant(letters, { label: '파일 종류' }),
    version: constant('01', { label: '전문 버전' }),
    bankCode: digitText(3, { label: '금고은행 코드', remark: 'of the treasury bank' }),
    issuerCode: text(41, { label: '발행자 코드', remark: 'as in addresses, such as `gunsan`' }),
    date: day({ label: '업무일', remark: 'of the payout file, or that the statement is about' }),
  }) as const
const sequence = count(4, { label: '일련번호', remark: 'of the payout file, from 0001 each day' })
const madeAt = dayTime({ label: '작성 시각', remark: 'Korean time' })

const lineStart = {
  record: constant('D', { label: '레코드 구분' }),
  line: count(7, { label: '순번', remark: 'from 0000001' }),
} as const
const end = constant('T', { label: '레코드 구분' })
const lines = count(7, { label: '데이터 건수', remark: 'detail records' })

const payoutFields = {
  payoutId: text(20, { label: '지급 식별자', remark: 'such as `pay_3k9f`' }),
  attempt: count(2, { label: '지급 차수', remark: '01 for the first' }),
  amountWon: amount(13, { label: '지급 금액', remark: 'above zero' }),
} as const

export const payoutHeader = recordLayout(RECORD_BYTES, {
  ...headerStart('PO'),
  sequence,
  madeAt,
  issuerName: koreanText(40, { label: '발행자명', remark: 'for people' }),
})
export const payoutLine = recordLayout(RECORD_BYTES, {
  ...lineStart,
  ...payoutFields,
  bankCode: digitText(3, { label: '입금은행 코드' }),
  accountNumber: text(128, { label: '입금계좌', remark: 'number, or the bank’s own token' }),
  holderName: koreanText(40, { label: '예금주명', remark: 'may be cut' }),
})
export const payoutEnd = recordLayout(RECORD_BYTES, {
  record: end,
  lines,
  totalWon: sum(15, { label: '지급 금액 합계' }),
})

export const resultHeader = recordLayout(RECORD_BYTES, {
  ...headerStart('PR'),
  sequence,
  part: count(2, { label: '회차', remark: 'from 01 for each payout file' }),
  madeAt,
})
export const resultLine = recordLayout(RECORD_BYTES, {
  ...lineStart,
  ...payoutFields,
  result: choice({ paid: 'P', returned: 'R' }, { label: '처리 결과' }),
  reason: digitText(4, { label: '사유 코드', remark: '0000 where paid' }),
  doneAt: dayTime({ label: '처리 시각', remark: 'Korean time' }),
})
export const resultEnd = recordLayout(RECORD_BYTES, {
  record: end,
  lines,
  paidCount: count(7, { label: '지급 건수' }),
  paidWon: sum(15, { label: '지급 금액' }),
  returnedCount: count(7, { label: '반환 건수' }),
  returnedWon: sum(15, { label: '반환 금액' }),
})

export const statementHeader = recordLayout(RECORD_BYTES, {
  ...headerStart('ST'),
  madeAt,
  accountNumber: text(40, { label: '운영자금 계좌', remark: 'of the operating fund' }),
  openingWon: sum(15, { label: '전일 잔액', remark: 'the closing balance of the day before' }),
})
export const statementLine = recordLayout(RECORD_BYTES, {
  ...lineStart,
  entryNumber: text(20, { label: '거래고유번호', remark: 'one for each entry, for ever' }),
  bookedAt: dayTime({ label: '거래 시각', remark: 'Korean time, of the day' }),
  direction: choice({ deposit: 'C', withdrawal: 'D' }, { label: '입출금 구분' }),
  amountWon: amount(13, { label: '거래 금액', remark: 'above zero' }),
  counterparty: koreanText(40, { label: '거래 상대', remark: 'as the bank knows it' }),
  reference: koreanText(60, { label: '적요', remark: 'what the other side wrote; may be empty' }),
})
export const statementEnd = recordLayout(RECORD_BYTES, {
  record: end,
  lines,
  depositsCount: count(7, { label: '입금 건수' }),
  depositsWon: sum(15, { label: '입금 금액' }),
  withdrawalsCount: count(7, { label: '출금 건수' }),
  withdrawalsWon: sum(15, { label: '출금 금액' }),
  closingWon: sum(15, { label: '당일 잔액', remark: 'opening + deposits - withdrawals' }),
})

type ContentOf<Layout> = Layout extends RecordLayout<infer Content> ? Content : never
type Line<Layout> = Omit<ContentOf<Layout>, 'line'>
export type PayoutHeader = ContentOf<typeof payoutHeader>
export type PayoutLine = Line<typeof payoutLine>
export type PayoutTotals = ContentOf<typeof payoutEnd>
export type ResultHeader = ContentOf<typeof resultHeader>
export type ResultLine = Line<typeof resultLine>
export type ResultTotals = ContentOf<typeof resultEnd>
export type StatementHeader = ContentOf<typeof statementHeader>
export type StatementLine = Line<typeof statementLine>
export type StatementTotals = ContentOf<typeof statementEnd>
