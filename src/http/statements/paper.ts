/** What all printed papers share: the Korean type, embedded as a subset, and one piece of text on one line. */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
// The package's types know no other name.
// oxlint-disable-next-line import/no-named-as-default
import PDFDocument from 'pdfkit'
import type { Instant } from '../../base/base.ts'

export type Sheet = InstanceType<typeof PDFDocument>
type Fonts = Readonly<Record<'regular' | 'bold', Buffer>>

export const INK = '#1a1a1a'
export const FAINT = '#5f6368'

const FONTS = join(
  dirname(fileURLToPath(import.meta.resolve('pretendard/package.json'))),
  'dist/public/static/alternative',
)

let loaded: Promise<Fonts> | undefined

/** Once for the process: some five megabytes. */
async function loadFonts(): Promise<Fonts> {
  const [regular, bold] = await Promise.all(
    ['Regular', 'Bold'].map((weight) => readFile(join(FONTS, `Pretendard-${weight}.ttf`))),
  )
  return { regular: regular!, bold: bold! }
}

/** @returns a sheet to draw on, and its bytes once `sheet.end()` was called */
export async function beginPaper(options: {
  readonly size: 'A4' | 'A6'
  readonly margins: Readonly<Record<'top' | 'left' | 'right' | 'bottom', number>>
  readonly title: string
  readonly author: string
  readonly madeAt: Instant
}): Promise<{ readonly sheet: Sheet; readonly whole: Promise<Buffer> }> {
  const { size, margins, title, author, madeAt } = options
  loaded ??= loadFonts()
  const fonts = await loaded
  const sheet = new PDFDocument({
    size,
    margins,
    bufferPages: true,
    lang: 'ko',
    displayTitle: true,
    info: { Title: title, Author: author, CreationDate: new Date(madeAt) },
  })
  sheet.registerFont('regular', fonts.regular)
  sheet.registerFont('bold', fonts.bold)
  const chunks: Buffer[] = []
  sheet.on('data', (chunk: Buffer) => chunks.push(chunk))
  const whole = new Promise<Buffer>((resolve, reject) => {
    sheet.on('end', () => resolve(Buffer.concat(chunks)))
    sheet.on('error', reject)
  })
  return { sheet, whole }
}

/** One piece of text on one line. */
export function put(
  sheet: Sheet,
  text: string,
  place: {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly size: number
    readonly font?: 'regular' | 'bold'
    readonly colour?: string
    readonly align?: 'left' | 'right' | 'center'
  },
): void {
  const { x, y, width, size, font = 'regular', colour = INK, align = 'left' } = place
  sheet.font(font).fontSize(size).fillColor(colour)
  // A number that is too wide is made smaller, never cut.
  const fits = Math.min(1, width / Math.max(1, sheet.widthOfString(text)))
  sheet.fontSize(size * fits).text(text, x, y, { width: width + 1, align, lineBreak: false })
}
