/**
 * A statement as PDF: A4, with the Korean type embedded as a subset, so that it reads and prints the same everywhere
 * and its text can be searched and copied.
 */
import { won } from '../../base/base.ts'
import type { Statement, StatementRow } from '../../settlement/settlement.ts'
import { beginPaper, FAINT, INK, put, type Sheet } from './paper.ts'
import {
  businessNumberText,
  dayText,
  madeText,
  maskedAccount,
  shortStateText,
  wonText,
} from './statement-words.ts'

const MARGIN = 40
const WIDTH = 595.28 - 2 * MARGIN
const BOTTOM = 841.89 - 56
const ROW_HEIGHT = 24
const RULE = '#d5d8dc'
const BAND = '#f3f5f7'
const ACCENT = '#0b5fa5'

interface Column {
  readonly title: string
  readonly width: number
  readonly align: 'left' | 'right'
  readonly read: (row: StatementRow) => string
  readonly isStrong?: true
}

const columns: readonly Column[] = [
  { title: '정산일', width: 83, align: 'left', read: (row) => dayText(row.settlementDay) },
  {
    title: '결제',
    width: 82,
    align: 'right',
    read: (row) => counted(row.paymentsWon, row.payments),
  },
  {
    title: '취소',
    width: 72,
    align: 'right',
    read: (row) => counted(won(0 - row.cancellationsWon), row.cancellations),
  },
  { title: '수수료', width: 50, align: 'right', read: (row) => wonText(0 - row.feeWon) },
  { title: '이월', width: 62, align: 'right', read: (row) => wonText(row.carriedWon) },
  {
    title: '지급액',
    width: 74,
    align: 'right',
    read: (row) => wonText(row.payoutWon),
    isStrong: true,
  },
  {
    title: '지급일 · 상태',
    width: 92,
    align: 'right',
    read: (row) =>
      [row.payoutOn?.slice(5).replace('-', '/'), shortStateText(row)].filter(Boolean).join(' '),
  },
]

export async function statementPdf(statement: Statement): Promise<Buffer> {
  const { sheet, whole } = await beginPaper({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: 0 },
    title: `가맹점 정산내역서 ${statement.from} ~ ${statement.until}`,
    author: statement.issuerName,
    madeAt: statement.madeAt,
  })
  drawTotals(sheet, statement, drawHead(sheet, statement))
  drawTable(sheet, statement)
  drawPageNumbers(sheet, statement)
  sheet.end()
  return whole
}

/** `1,234,567 (31)`; a dash where there was none. */
function counted(amountWon: number, count: number): string {
  return count === 0 ? '–' : `${wonText(amountWon)} (${count})`
}

function drawHead(sheet: Sheet, statement: Statement): number {
  const { issuerName, merchantName, businessNumber, from, until, account } = statement
  put(sheet, '가맹점 정산내역서', { x: MARGIN, y: 44, width: WIDTH * 0.6, size: 22, font: 'bold' })
  put(sheet, issuerName, {
    x: MARGIN,
    y: 50,
    width: WIDTH,
    size: 12,
    colour: FAINT,
    align: 'right',
  })
  sheet
    .moveTo(MARGIN, 80)
    .lineTo(MARGIN + WIDTH, 80)
    .lineWidth(1.5)
    .strokeColor(ACCENT)
    .stroke()
  const facts: readonly (readonly [string, string])[] = [
    ['가맹점', merchantName],
    ['사업자등록번호', businessNumberText(businessNumber)],
    ['정산 기간', `${dayText(from)} ~ ${dayText(until)}`],
    ['수취 계좌', account === undefined ? '–' : `${maskedAccount(account)}  ${account.holderName}`],
    ['작성', madeText(statement.madeAt)],
  ]
  for (const [index, [name, value]] of facts.entries()) {
    const y = 92 + index * 18
    put(sheet, name, { x: MARGIN, y, width: 90, size: 10, colour: FAINT })
    put(sheet, value, { x: MARGIN + 96, y, width: WIDTH - 96, size: 10.5 })
  }
  return 92 + facts.length * 18 + 12
}

/** What a shop looks for first, large. */
function drawTotals(sheet: Sheet, { totals }: Statement, top: number): void {
  const boxes: readonly (readonly [string, number, string])[] = [
    ['지급액 합계', totals.payoutWon, ACCENT],
    [`결제 합계 (${totals.payments}건)`, totals.paymentsWon, INK],
    [`취소 합계 (${totals.cancellations}건)`, totals.cancellationsWon, INK],
    ['수수료 합계', totals.feeWon, INK],
  ]
  const gap = 8
  const width = (WIDTH - gap * (boxes.length - 1)) / boxes.length
  for (const [index, [name, amountWon, colour]] of boxes.entries()) {
    const x = MARGIN + index * (width + gap)
    sheet.roundedRect(x, top, width, 58, 6).fillColor(BAND).fill()
    const inner = { x: x + 10, width: width - 20 }
    put(sheet, name, { ...inner, y: top + 10, size: 9.5, colour: FAINT })
    put(sheet, `${wonText(amountWon)}원`, { ...inner, y: top + 28, size: 17, font: 'bold', colour })
  }
  sheet.y = top + 76
}

function drawTable(sheet: Sheet, { rows, totals }: Statement): void {
  let y = drawTitles(sheet, sheet.y)
  for (const [index, row] of rows.entries()) {
    if (y + ROW_HEIGHT > BOTTOM) {
      sheet.addPage()
      y = drawTitles(sheet, MARGIN)
    }
    if (index % 2 === 1) sheet.rect(MARGIN, y, WIDTH, ROW_HEIGHT).fillColor('#fafbfc').fill()
    const texts = columns.map(({ read }) => read(row))
    y = drawCells(sheet, y, texts)
  }
  if (rows.length === 0) {
    put(sheet, '이 기간에는 정산이 없습니다.', { x: MARGIN, y: y + 10, width: WIDTH, size: 10.5 })
    return
  }
  if (y + ROW_HEIGHT > BOTTOM) {
    sheet.addPage()
    y = drawTitles(sheet, MARGIN)
  }
  sheet.rect(MARGIN, y, WIDTH, ROW_HEIGHT).fillColor(BAND).fill()
  const sums = [
    '합계',
    counted(totals.paymentsWon, totals.payments),
    counted(0 - totals.cancellationsWon, totals.cancellations),
    wonText(0 - totals.feeWon),
    '',
    wonText(totals.payoutWon),
    '',
  ]
  drawCells(sheet, y, sums, 'bold')
}

function drawTitles(sheet: Sheet, y: number): number {
  sheet.rect(MARGIN, y, WIDTH, ROW_HEIGHT).fillColor(BAND).fill()
  let x = MARGIN
  for (const { title, width, align } of columns) {
    put(sheet, title, {
      x: x + 4,
      y: y + 7,
      width: width - 8,
      size: 9,
      font: 'bold',
      colour: FAINT,
      align,
    })
    x += width
  }
  return y + ROW_HEIGHT
}

function drawCells(
  sheet: Sheet,
  y: number,
  texts: readonly string[],
  font: 'regular' | 'bold' = 'regular',
): number {
  let x = MARGIN
  for (const [index, { width, align, isStrong }] of columns.entries()) {
    const text = texts[index] ?? ''
    const weight = isStrong === true ? 'bold' : font
    put(sheet, text, { x: x + 4, y: y + 7, width: width - 8, size: 9.5, font: weight, align })
    x += width
  }
  const line = y + ROW_HEIGHT
  sheet
    .moveTo(MARGIN, line)
    .lineTo(MARGIN + WIDTH, line)
    .lineWidth(0.5)
    .strokeColor(RULE)
    .stroke()
  return line
}

function drawPageNumbers(sheet: Sheet, { issuerName, merchantName }: Statement): void {
  const { start, count } = sheet.bufferedPageRange()
  for (let page = 0; page < count; page += 1) {
    sheet.switchToPage(start + page)
    const y = 841.89 - 36
    const place = { x: MARGIN, y, width: WIDTH, size: 9, colour: FAINT }
    put(sheet, `${issuerName} · ${merchantName}`, place)
    put(sheet, `${page + 1} / ${count}`, { ...place, align: 'right' })
  }
}
