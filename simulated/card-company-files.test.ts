/** What the card company exchanges beside its messages: links of cards, and files. */
import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { won } from '../src/base/base.ts'
import { createCardCompanyClient } from '../src/cardcompany/cardcompany.ts'
import { formatFileName, readCardFile, writeCardFile } from '../src/clearing/clearing.ts'
import {
  answering,
  approve,
  CARD,
  idOf,
  openCompanyWorld,
  type CompanyWorld,
} from './fixtures/card-company-process.ts'

let world: CompanyWorld
before(async () => {
  world = await openCompanyWorld({ code: 'hanbit' })
  await world.signedOn()
})
after(() => world.close())
afterEach(() => {
  world.gateways[0]!.answer = approve
})

test('the linking service links by a code that is good once, and keeps what the cardholder chose', async () => {
  const company = createCardCompanyClient({ baseUrl: world.company.url, timeoutMs: 5_000 })
  const card = 'HAN0000000000021'
  const made = await world.send('POST', `/cards/${card}/link-codes`)
  const linkCode = String(made.body['linkCode'])
  assert.match(linkCode, /^\d{8}$/)
  const linked = { cardToken: card, lastFour: '6299' }
  assert.deepEqual(await company.redeem({ linkCode, issuerCode: 'gunsan' }), linked)
  assert.deepEqual(await company.redeem({ linkCode, issuerCode: 'gunsan' }), linked)
  assert.equal(await company.redeem({ linkCode, issuerCode: 'iksan' }), undefined)
  assert.equal(await company.redeem({ linkCode: '00000000', issuerCode: 'gunsan' }), undefined)
  const wishes = { issuerCode: 'gunsan', spending: 'card_first', onUnknown: 'decline' } as const
  assert.equal(await company.tellWishes(card, wishes), true)
  const { spending, onUnknown } = wishes
  const links = async (): Promise<unknown> =>
    (await world.send('GET', `/cards/${card}`)).body['links']
  assert.deepEqual(await links(), { gunsan: { spending, onUnknown } })
  assert.equal(await company.tellWishes('NOBODY0000000000', wishes), false)
  await company.endLink(card, 'gunsan')
  await company.endLink(card, 'gunsan')
  assert.deepEqual(await links(), {})
})

test('a day’s clearing file holds what the voucher paid, and a second one only what came since', async () => {
  const { body } = await world.sell()
  const date = Object(body['key']).localDate as string // As the company wrote it.
  await world.send('POST', '/clearing', { date })
  const sold = await world.sell()
  await world.send('POST', `/sales/${idOf(sold.body)}/cancellations`, { amountWon: 3_000 })
  const { body: file } = await world.send('POST', '/clearing', { date })
  const bytes = await readFile(join(world.exchange, 'from-partner', String(file['name'])))
  const reading = readCardFile('clearing', bytes)
  assert.ok(reading.ok)
  assert.deepEqual(
    reading.content.lines.map(({ entry, voucherWon }) => [entry, voucherWon]),
    [
      ['sale', 10_000],
      ['cancellation', 3_000],
    ],
  )
  const nothing = await world.send('POST', '/clearing', { date })
  assert.equal(nothing.body['name'], null)
  const { body: totals } = await world.send('POST', '/totals', { date })
  assert.equal(totals['heard'], 'answered')
})

test('a refund file credits an account once, and is answered line by line', async () => {
  await world.choose('provisional_debit')
  world.gateways[0]!.answer = answering('unknown')
  const { body } = await world.sell()
  await world.choose(null)
  await world.settled()
  const before = await world.availableWon()
  const { partnerId: _partner, ...key } = Object(body['key'])
  const line = {
    ...key,
    cardToken: CARD,
    conversionId: '00000000-0000-4000-8000-000000000001',
    refundWon: won(10_000),
    voucherWon: won(10_000),
  }
  const lines = [line, { ...line, stan: '999999' }]
  const file = { kind: 'refund', partnerCode: 'hanbit', date: key.localDate, sequence: 1 } as const
  const header = { ...file, partnerName: '한빛카드', madeAt: Date.now() }
  const written = writeCardFile('refund', { header, lines })
  await writeFile(join(world.exchange, 'to-partner', formatFileName(file)), written)
  await world.send('POST', '/files/take')
  await world.send('POST', '/files/take')
  assert.equal(await world.availableWon(), before + 10_000)
  const sale = await world.send('GET', `/sales/${idOf(body)}`)
  assert.deepEqual([sale.body['voucherWon'], sale.body['accountWon']], [10_000, 0])
  const folder = join(world.exchange, 'from-partner')
  const results = (await readdir(folder)).filter((name) => name.startsWith('RR'))
  assert.equal(results.length, 1)
  const reading = readCardFile('refund_result', await readFile(join(folder, results[0]!)))
  assert.ok(reading.ok)
  assert.deepEqual(
    reading.content.lines.map(({ result }) => result),
    ['refunded', 'sale_unknown'],
  )
})
