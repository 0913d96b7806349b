import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode as decodePng } from 'fast-png'
import fc from 'fast-check'
import { decodeQR } from 'qr/decode.js'
import { DRAWN_BYTES_MAX, drawPng, drawSvg, PNG_SCALE_MAX, QUIET_ZONE_MODULES } from './drawing.ts'

/** Format words of level M (ISO/IEC 18004 table C.1), masks 0…7. */
const LEVEL_M = [
  0b101010000010010, 0b101000100100101, 0b101111001111100, 0b101101101001011, 0b100010111111001,
  0b100000011001110, 0b100111110010111, 0b100101010100000,
]

function readBack(png: Uint8Array): string {
  const { width, height, data } = decodePng(png)
  const rgba = new Uint8Array(width * height * 4)
  for (let at = 0; at < width * height; at += 1) {
    rgba.fill(Number(data[at]), at * 4, at * 4 + 3)
    rgba[at * 4 + 3] = 255
  }
  return decodeQR({ width, height, data: rgba }, { timeLimit: 5000 })
}

/** The dark modules of an SVG, quiet zone included. */
function modulesOf(svg: string): boolean[][] {
  const size = Number(/viewBox="0 0 (\d+) \d+"/.exec(svg)?.[1])
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  const dark = /fill="#000" d="([^"]*)"/.exec(svg)?.[1] ?? ''
  for (const [, x, y, length] of dark.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    rows[Number(y)]?.fill(true, Number(x), Number(x) + Number(length))
  }
  return rows
}

test('what is drawn as PNG is scanned as the same text', () => {
  const texts = ['911234567890123456789012', 'ABC 123', 'code 군산 빵집', 'x'.repeat(432)]
  for (const text of texts) {
    for (const scale of [2, 4]) assert.equal(readBack(drawPng(text, { scale })), text)
  }
})

test('any text is scanned as it was drawn', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 120, unit: 'grapheme' }), (text) => {
      assert.equal(readBack(drawPng(text, { scale: 3 })), text)
    }),
    { numRuns: 25 },
  )
})

test('SVG and PNG show the same modules', () => {
  const text = 'the same code'
  const { width, data } = decodePng(drawPng(text, { scale: 1 }))
  const rows = modulesOf(drawSvg(text, { label: 'code' }))
  assert.equal(rows.length, width)
  assert.deepEqual(
    rows.flat(),
    Array.from(data, (value) => value === 0),
  )
})

test('four modules around the code stay light', () => {
  const rows = modulesOf(drawSvg('quiet', { label: 'code' }))
  const last = rows.length - QUIET_ZONE_MODULES
  rows.forEach((row, y) => {
    row.forEach((dark, x) => {
      const inside = Math.min(x, y) >= QUIET_ZONE_MODULES && Math.max(x, y) < last
      if (!inside) assert.equal(dark, false)
    })
  })
  // The finder pattern's corners reach the quiet zone's edge.
  assert.equal(rows[QUIET_ZONE_MODULES]?.[QUIET_ZONE_MODULES], true)
})

test('the error-correction level is M, also for the shortest text', () => {
  for (const text of ['1', 'short', 'x'.repeat(300)]) {
    const rows = modulesOf(drawSvg(text, { label: 'code' }))
    const row = rows[QUIET_ZONE_MODULES + 8] ?? []
    const column = rows.map((row) => row[QUIET_ZONE_MODULES + 8] === true)
    const at = (line: readonly boolean[], places: number[]): boolean[] =>
      places.map((place) => line[QUIET_ZONE_MODULES + place] === true)
    // Figure 25: from the left along row 8, then up column 8, past the timing patterns.
    const bits = [...at(row, [0, 1, 2, 3, 4, 5, 7, 8]), ...at(column, [7, 5, 4, 3, 2, 1, 0])]
    const word = bits.reduce((value, bit) => value * 2 + Number(bit), 0)
    assert.ok(LEVEL_M.includes(word), word.toString(2))
  }
})

test('an SVG is an image with a name, whatever the name is', () => {
  const svg = drawSvg('text', { label: '<"군산" & \u0000 co>' })
  assert.match(svg, /role="img" aria-label="&lt;&quot;군산&quot; &amp; {3}co&gt;"/)
  assert.match(svg, /shape-rendering="crispEdges"/)
  assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 29 29" /)
})

test('limits: text that no symbol holds, and a scale out of bounds, are our bugs', () => {
  assert.ok(drawSvg('x'.repeat(DRAWN_BYTES_MAX), { label: 'full' }).length > 0)
  assert.throws(() => drawSvg('x'.repeat(DRAWN_BYTES_MAX + 1), { label: 'too much' }))
  assert.throws(() => drawSvg('', { label: 'nothing' }))
  for (const scale of [0, 1.5, PNG_SCALE_MAX + 1]) assert.throws(() => drawPng('1', { scale }))
  assert.equal(decodePng(drawPng('1', { scale: PNG_SCALE_MAX })).width, 29 * PNG_SCALE_MAX)
})
