/**
 * Draws a code's text: SVG for screens and for print, PNG for what cannot show SVG.
 * Text that is not digits or ISO 18004's alphanumeric set goes in byte mode as UTF-8.
 */
import { encode as encodePng } from 'fast-png'
import { encodeQR } from 'qr'
import { assert } from '../base/base.ts'

/**
 * Level M, 15 %. The Korean standard caps the level (FSC, 2018-11-06): the more a reader may
 * repair, the more a forger may paint over.
 */
export const ERROR_CORRECTION = 'medium'
/** Light modules around the symbol: ISO/IEC 18004 §9.1 asks for four. */
export const QUIET_ZONE_MODULES = 4
/**
 * Pixels of one module: 1…this. A version-40 symbol with its quiet zone is then 7 400 pixels wide.
 */
export const PNG_SCALE_MAX = 40
/** Bytes a version-40 symbol holds in byte mode at level M (ISO/IEC 18004 table 7). */
export const DRAWN_BYTES_MAX = 2331

const DARK = 0
const LIGHT = 255
const utf8 = new TextEncoder()

/**
 * A whole SVG document without a size of its own: it takes the width it is given.
 *
 * @param label what a screen reader says instead of the picture.
 */
export function drawSvg(text: string, options: { readonly label: string }): string {
  const rows = modules(text)
  const size = rows.length
  let path = ''
  rows.forEach((row, y) => {
    for (const { x, length } of darkRuns(row)) path += `M${x} ${y}h${length}v1h-${length}z`
  })
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" ` +
    `shape-rendering="crispEdges" role="img" aria-label="${escapeXml(options.label)}">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${path}"/></svg>`
  )
}

/** Bytes of a grey PNG file. @param options.scale pixels of one module, 1…`PNG_SCALE_MAX`. */
export function drawPng(text: string, options: { readonly scale: number }): Uint8Array {
  const { scale } = options
  assert(
    Number.isInteger(scale) && scale >= 1 && scale <= PNG_SCALE_MAX,
    `scale is 1…${PNG_SCALE_MAX}`,
  )
  const rows = modules(text)
  const width = rows.length * scale
  const data = new Uint8Array(width * width).fill(LIGHT)
  rows.forEach((row, y) => {
    for (const { x, length } of darkRuns(row)) {
      for (let line = y * scale; line < (y + 1) * scale; line += 1) {
        data.fill(DARK, line * width + x * scale, line * width + (x + length) * scale)
      }
    }
  })
  return encodePng({ width, height: width, data, channels: 1, depth: 8 })
}

/** Rows of a symbol with its quiet zone, each as its dark runs, for who draws on paper. */
export function codeModules(text: string): readonly (readonly DarkRun[])[] {
  return modules(text).map(darkRuns)
}

export interface DarkRun {
  readonly x: number
  readonly length: number
}

/** Rows of modules, true for dark, quiet zone included. */
function modules(text: string): boolean[][] {
  const length = utf8.encode(text).length
  assert(length >= 1 && length <= DRAWN_BYTES_MAX, `no QR code holds ${length} bytes at level M`)
  return encodeQR(text, 'raw', { ecc: ERROR_CORRECTION, border: QUIET_ZONE_MODULES })
}

function darkRuns(row: readonly boolean[]): { x: number; length: number }[] {
  const runs: { x: number; length: number }[] = []
  row.forEach((dark, x) => {
    if (!dark) return
    const last = runs.at(-1)
    if (last !== undefined && last.x + last.length === x) last.length += 1
    else runs.push({ x, length: 1 })
  })
  return runs
}

/** For a value between double quotes; characters that XML forbids become spaces. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\ufffe\uffff]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
