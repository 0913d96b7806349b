/** A kit as a sheet to post: A6, a symbol that is large enough, for its shop alone, never of a replaced code. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { inflateSync } from 'node:zlib'
import { codeModules } from '../../qr/qr.ts'
import { SYMBOL_BOX_MM } from '../statements/kit-sheet-pdf.ts'
import { created, openCity, openShop } from './fixtures/small-city.ts'

const city = await openCity()
after(async () => {
  await city.printer.close()
  await city.app.close()
})
const base = '/v1/issuers/gunsan'
const shop = await openShop(city, { number: 0 })
const otherShop = await openShop(city, { number: 1 })
const pdf = { accept: 'application/pdf' }
const sheetOf = (kitId: string, by = shop.owner, headers: Record<string, string> = pdf) =>
  by.ask('GET', `${base}/kits/${kitId}/code`, { headers })

/** What a page draws. */
function drawnIn(bytes: Buffer): string {
  const text = bytes.toString('latin1')
  return [...text.matchAll(/stream\r?\n/g)]
    .map(({ index, 0: mark }) => {
      const from = index + mark.length
      const stream = bytes.subarray(from, text.indexOf('endstream', from))
      try {
        return inflateSync(stream).toString('latin1')
      } catch {
        return ''
      }
    })
    .join('\n')
}

test('an owner prints a sheet of A6 with the type embedded, and the symbol of the code', async () => {
  const answer = await sheetOf(shop.kitId)
  assert.equal(answer.statusCode, 200, answer.body)
  assert.equal(answer.headers['content-type'], 'application/pdf')
  assert.equal(answer.headers['content-disposition'], `inline; filename="${shop.kitId}.pdf"`)
  const text = answer.rawPayload.toString('latin1')
  assert.match(text, /^%PDF-1\./)
  assert.match(text, /\/MediaBox \[0 0 297\.64 419\.53\]/)
  assert.match(text, /\/FontFile2 /)
  assert.equal(text.match(/\/Type \/Page\b/g)?.length, 1)
  const code = (await sheetOf(shop.kitId, shop.owner, {})).json<{ text: string }>().text
  const rows = codeModules(code)
  const drawn = drawnIn(answer.rawPayload)
  const boxes = [...drawn.matchAll(/([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re/g)]
  assert.equal(boxes.length, rows.flat().length, 'every dark run is drawn')
  const millimetres = 72 / 25.4
  const module = (SYMBOL_BOX_MM * millimetres) / rows.length
  const widths = boxes.map(([, , , width]) => Math.round(Number(width) / module))
  assert.deepEqual(
    widths,
    rows.flat().map(({ length }) => length),
  )
  const quietModules = 8
  const symbolMm = ((rows.length - quietModules) * module) / millimetres
  assert.ok(symbolMm >= 50, `the symbol is ${symbolMm} mm wide`)
})

test('a browser gets the code as before, and who asks for anything of ours gets JSON', async () => {
  for (const accept of ['application/*', '*/*', 'application/pdf;q=0.1, application/json']) {
    const answer = await sheetOf(shop.kitId, shop.owner, { accept })
    assert.match(String(answer.headers['content-type']), /^application\/json/, accept)
  }
})

test('of a code for one payment there is no sheet', async () => {
  const asked = await shop.clerk.ask('POST', `${shop.outlet}/payment-requests`, {
    body: { amountWon: 1_000 },
    headers: pdf,
  })
  assert.match(String(asked.headers['content-type']), /^application\/json/)
})

test('others print nothing, and nobody prints what was replaced', async () => {
  for (const other of [otherShop.owner, otherShop.clerk, await city.caller('stranger')]) {
    assert.ok([403, 404].includes((await sheetOf(shop.kitId, other)).statusCode))
  }
  const officer = await city.caller('officer-of-gunsan')
  assert.equal((await sheetOf(shop.kitId, officer)).statusCode, 200)
  const body = { replaces: shop.kitId }
  const { kitId } = created(await shop.owner.ask('POST', `${shop.outlet}/kits`, { body })).json<{
    kitId: string
  }>()
  const old = await sheetOf(shop.kitId)
  assert.deepEqual([old.statusCode, old.json<{ code: string }>().code], [409, 'kit_replaced'])
  assert.equal((await sheetOf(kitId)).statusCode, 200)
})
