/**
 * A static code as a sheet to cut out and post at the till: A6, the symbol drawn in lines so that it is sharp at any
 * printer, and large enough to be read across a counter.
 */
import type { Instant } from '../../base/base.ts'
import { codeModules } from '../../qr/qr.ts'
import { beginPaper, FAINT, INK, put, type Sheet } from './paper.ts'

export interface KitSheet {
  /** Korean name of the place as payers see it. */
  readonly placeName: string
  readonly issuerName: string
  /** Number of the sticker, by which a stolen or copied one is told from this. */
  readonly kitId: string
  /** What the code holds. */
  readonly text: string
  readonly madeAt: Instant
}

const MM = 72 / 25.4
const PAGE_WIDTH = 105 * MM
const PAGE_HEIGHT = 148 * MM
const MARGIN = 8 * MM
const WIDTH = PAGE_WIDTH - 2 * MARGIN
/** With its quiet zone. The smallest symbol has 21 of 29 modules inside it, and is then 52 mm wide itself. */
export const SYMBOL_BOX_MM = 72
const WARNING = '#b3261e'

const checks = [
  '앱에 나온 가게 이름이 위와 같은지 확인하고 결제해 주세요.',
  '다른 스티커가 덧붙어 있으면 결제하지 말고 가게에 알려 주세요.',
  'Check that your app shows the name above before you pay.',
]

export async function kitSheetPdf(kit: KitSheet): Promise<Buffer> {
  const { placeName, issuerName, kitId, text, madeAt } = kit
  const { sheet, whole } = await beginPaper({
    size: 'A6',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: 0 },
    title: `${placeName} 결제 QR ${kitId}`,
    author: issuerName,
    madeAt,
  })
  const line = { x: MARGIN, width: WIDTH, align: 'center' } as const
  put(sheet, `${issuerName} 상품권`, { ...line, y: 8 * MM, size: 10.5, colour: FAINT })
  put(sheet, placeName, { ...line, y: 13.5 * MM, size: 20, font: 'bold' })
  drawSymbol(sheet, text, { x: (PAGE_WIDTH - SYMBOL_BOX_MM * MM) / 2, y: 24 * MM })
  const below = (24 + SYMBOL_BOX_MM) * MM
  put(sheet, '복사 금지', { ...line, y: below + 2 * MM, size: 15, font: 'bold', colour: WARNING })
  for (const [index, check] of checks.entries()) {
    put(sheet, check, { ...line, y: below + (11 + index * 5.5) * MM, size: 9, colour: INK })
  }
  put(sheet, `스티커 번호 ${kitId}`, { ...line, y: PAGE_HEIGHT - 12 * MM, size: 9, colour: FAINT })
  sheet.end()
  return whole
}

function drawSymbol(
  sheet: Sheet,
  text: string,
  at: { readonly x: number; readonly y: number },
): void {
  const rows = codeModules(text)
  const module = (SYMBOL_BOX_MM * MM) / rows.length
  for (const [row, runs] of rows.entries()) {
    for (const { x, length } of runs) {
      sheet.rect(at.x + x * module, at.y + row * module, length * module, module)
    }
  }
  sheet.fillColor('#000000').fill()
}
