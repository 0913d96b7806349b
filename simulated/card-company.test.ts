/** The card company as a process: its terminals, its links, its notices, and how it starts and ends. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { id, won } from '../src/base/base.ts'
import { readCardFile } from '../src/clearing/clearing.ts'
import {
  answering,
  approve,
  CARD,
  idOf,
  MERCHANT,
  openCompanyWorld,
  type CompanyWorld,
} from './fixtures/card-company-process.ts'
import { launchSimulated } from './launch.ts'

let world: CompanyWorld
before(async () => {
  world = await openCompanyWorld({
    code: 'hanbit',
    gateways: 2,
    environment: { COMPANY_DEADLINE_MS: '300', COMPANY_CHOICE: 'primary_standby' },
  })
})
after(() => world.close())
beforeEach(() => world.signedOn())
afterEach(async () => {
  for (const gateway of world.gateways) {
    gateway.answer = approve
    gateway.take = async () => {}
    gateway.requests.length = 0
    gateway.notices.length = 0
  }
  await world.send('PUT', '/behaviour', {})
})

test('an approved sale debits nothing and says who paid and what is left', async () => {
  const before = await world.availableWon()
  const { status, body } = await world.sell()
  assert.equal(status, 200)
  assert.deepEqual(
    [body['outcome'], body['source'], body['voucherWon'], body['accountWon']],
    ['approved', 'voucher', 10_000, 0],
  )
  assert.deepEqual([body['remainingWon'], body['approvalCode']], [90_000, '123456'])
  assert.deepEqual(Object.keys(Object(body['why'])), ['ko', 'en'])
  assert.equal(await world.availableWon(), before)
  assert.equal(world.gateways[0]!.requests.length, 1)
})

test('no answer in time is no voucher only to nobody: declined, and reversed until acknowledged', async () => {
  const [primary, standby] = world.gateways
  const late = Promise.withResolvers<void>()
  primary!.answer = async (request) => {
    await late.promise
    return approve(request)
  }
  let refused = 0
  primary!.take = () => {
    refused += 1
    return refused < 3 ? Promise.reject(new Error('store full')) : Promise.resolve()
  }
  const before = await world.availableWon()
  const { body } = await world.sell()
  assert.deepEqual(
    [body['outcome'], body['verdict'], body['accountWon']],
    ['declined', 'no_answer', 0],
  )
  assert.equal(await world.availableWon(), before)
  await world.settled()
  late.resolve()
  const told = primary!.notices.filter(({ kind }) => kind === 'reverse')
  assert.equal(told.length, 3)
  assert.equal(standby!.notices.length, 0)
  const saleId = String(body['saleId'])
  await world.until(async () => (await entriesOf(saleId)).includes('late_answer'))
  assert.deepEqual(await entriesOf(saleId), ['asked', 'decided', 'acknowledged', 'late_answer'])
})

async function entriesOf(saleId: string): Promise<unknown[]> {
  const text = await readFile(world.books, 'utf8')
  const all: unknown[] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return all
    .filter((entry) => Reflect.get(Object(entry), 'saleId') === saleId)
    .map((entry) => Reflect.get(Object(entry), 'kind'))
}

test('by the cardholder’s choice the account is debited provisionally, and the platform is advised', async () => {
  await world.choose('provisional_debit')
  const [primary] = world.gateways
  primary!.answer = answering('unknown', { reason: 'core_unreachable' })
  const before = await world.availableWon()
  const { body } = await world.sell()
  assert.deepEqual(
    [body['outcome'], body['source'], body['provisional'], body['accountWon']],
    ['approved', 'account', true, 10_000],
  )
  assert.equal(await world.availableWon(), before - 10_000)
  await world.settled()
  const [advice] = primary!.notices
  assert.ok(advice?.kind === 'advise')
  assert.deepEqual([advice.by, advice.approvedWon], ['provisional_debit', 10_000])
  assert.deepEqual(advice.sale.key, body['key'])
  await world.choose(null)
})

test('a link that dies before the answer: the sale is not repeated elsewhere, it is reversed there', async () => {
  const [primary, standby] = world.gateways
  primary!.answer = () => {
    void primary!.close()
    return new Promise(() => undefined)
  }
  const { body } = await world.sell()
  assert.deepEqual([body['outcome'], body['verdict']], ['declined', 'link_lost'])
  await world.settled()
  assert.deepEqual(
    standby!.notices.map((notice) => notice.kind),
    ['reverse'],
  )
  assert.equal(standby!.requests.length, 0)
  await world.signedOn(1)
  const next = await world.sell()
  assert.deepEqual([next.body['outcome'], next.body['gateway']], ['approved', 'b'])
  await primary!.open()
})

test('without a gateway nothing is sent, nothing is owed, and nobody pays', async () => {
  for (const gateway of world.gateways) await gateway.close()
  await world.signedOn(0)
  const { body } = await world.sell()
  assert.deepEqual(
    [body['outcome'], body['verdict'], body['source'], body['owed']],
    ['declined', 'not_sent', 'none', []],
  )
  for (const gateway of world.gateways) await gateway.open()
})

test('a company as in 2025 takes silence for no voucher, and its books show it', async () => {
  await world.send('PUT', '/behaviour', { fallback: 'as_2025' })
  const [primary] = world.gateways
  primary!.answer = () => new Promise(() => undefined)
  const from = Date.now()
  const { body } = await world.sell({ merchantNumber: await voucherMerchant() })
  assert.deepEqual(
    [body['outcome'], body['source'], body['provisional']],
    ['approved', 'account', false],
  )
  await world.settled()
  const file = await world.send('POST', '/incident-file', { from, until: Date.now() + 1 })
  const bytes = await readFile(join(world.exchange, 'from-partner', String(file.body['name'])))
  const reading = readCardFile('incident', bytes)
  assert.ok(reading.ok)
  assert.deepEqual(
    reading.content.lines.map(({ accountWon, adviceSent }) => [accountWon, adviceSent]),
    [[10_000, false]],
  )
})

async function voucherMerchant(): Promise<string> {
  const { seedCompany } = await import('./card-company-seed.ts')
  const { demonstrationPartners } = await import('../src/demonstration/demonstration.ts')
  return seedCompany(demonstrationPartners[0]!, 0).places().targets[0]!.merchants[0]!
}

test('a cancellation gives the account its share first, then the voucher', async () => {
  const [primary] = world.gateways
  primary!.answer = (request) =>
    'sale' in request
      ? Promise.resolve({
          verdict: 'partially_approved',
          voucherWon: won(6_000),
          accountWon: won(4_000),
          source: 'voucher_and_account',
          approvalCode: '654321',
          decidedBy: 'core',
        })
      : approve(request)
  const before = await world.availableWon()
  const { body } = await world.sell({ partialAllowed: true })
  assert.deepEqual([body['voucherWon'], body['accountWon']], [6_000, 4_000])
  const part = await world.send('POST', `/sales/${idOf(body)}/cancellations`, {
    amountWon: 5_000,
  })
  assert.deepEqual(
    [part.body['outcome'], part.body['voucherBackWon'], part.body['accountBackWon']],
    ['cancelled', 1_000, 4_000],
  )
  assert.equal(await world.availableWon(), before)
  const tooMuch = await world.send('POST', `/sales/${idOf(body)}/cancellations`, {
    amountWon: 5_001,
  })
  assert.deepEqual([tooMuch.status, tooMuch.body['error']], [409, 'amount_too_high'])
  const rest = await world.send('POST', `/sales/${idOf(body)}/cancellations`, {})
  assert.equal(rest.body['voucherBackWon'], 5_000)
})

test('a cancellation that nobody can answer stays open and is asked again where it was asked', async () => {
  const { body } = await world.sell()
  const [primary] = world.gateways
  primary!.answer = answering('unknown')
  const pending = await world.send('POST', `/sales/${idOf(body)}/cancellations`, {})
  assert.deepEqual([pending.body['outcome'], pending.body['voucherBackWon']], ['pending', 0])
  primary!.answer = approve
  await world.settled()
  const sale = await world.send('GET', `/sales/${idOf(body)}`)
  assert.equal(sale.body['voucherWon'], 0)
  const keys = primary!.requests.flatMap((one) => (one.kind === 'cancel' ? [one.key.stan] : []))
  assert.ok(keys.length >= 2 && new Set(keys).size === 1)
})

test('an authorization is completed with what is due, and reversed sales are told with what is kept', async () => {
  const held = await world.sell({ class: 'authorization' })
  const completed = await world.send('POST', `/sales/${idOf(held.body)}/completions`, {
    amountWon: 7_000,
  })
  assert.equal(completed.body['voucherWon'], 7_000)
  const again = await world.send('POST', `/sales/${idOf(held.body)}/completions`, {
    amountWon: 1,
  })
  assert.deepEqual([again.status, again.body['error']], [409, 'already_completed'])
  const sold = await world.sell()
  const reversed = await world.send('POST', `/sales/${idOf(sold.body)}/reversal`, {
    keepWon: 2_500,
  })
  assert.equal(reversed.body['voucherWon'], 2_500)
  await world.settled()
  const told = world.gateways[0]!.notices.map((notice) =>
    notice.kind === 'complete'
      ? notice.amountWon
      : notice.kind === 'reverse'
        ? notice.keepWon
        : notice,
  )
  assert.deepEqual(told, [7_000, 2_500])
})

test('every message goes out twice, and a reversal before its original, when it is told to', async () => {
  const [primary] = world.gateways
  await world.send('PUT', '/behaviour', { repeatEverything: true })
  await world.sell()
  await world.until(() => primary!.requests.length === 2)
  const [first, second] = primary!.requests
  assert.deepEqual(first, second)
  await world.send('PUT', '/behaviour', { reversalFirst: true })
  primary!.requests.length = 0
  const seen: string[] = []
  primary!.take = async (notice) => void seen.push(notice.kind)
  primary!.answer = (request) => {
    seen.push(request.kind)
    return answering('declined', { reason: 'reversed_first' })(request)
  }
  const { body } = await world.sell()
  assert.equal(body['outcome'], 'declined')
  await world.until(() => seen.length === 2)
  assert.deepEqual(seen, ['reverse', 'pay'])
})

test('killed while sales and notices are open, it finishes them after the next start', async () => {
  const [primary] = world.gateways
  primary!.answer = () => new Promise(() => undefined)
  primary!.take = () => Promise.reject(new Error('not now'))
  const told = await world.sell()
  assert.equal(told.body['outcome'], 'declined')
  const untold = world.sell().catch(() => 'cut')
  await world.until(() => primary!.requests.length === 2)
  await world.company.kill()
  assert.equal(await untold, 'cut')
  // A line that was being written.
  await writeFile(world.books, '{"sequence":', { flag: 'a' })
  primary!.notices.length = 0
  primary!.take = async () => {}
  primary!.answer = approve
  await world.restart()
  await world.signedOn()
  await world.settled()
  const reversed = primary!.notices.map((notice) =>
    notice.kind === 'reverse' ? notice.sale.key.terminal : notice.kind,
  )
  assert.equal(new Set(reversed).size, 2)
  const next = await world.send(
    'POST',
    `/terminals/${String(Object(told.body['key']).terminal)}/sales`,
    {
      card: CARD,
      merchantNumber: MERCHANT,
      amountWon: 1,
    },
  )
  assert.equal(Object(next.body['key']).stan, '000002')
})

test('traffic keeps its pace and counts what came of it', async () => {
  const { status, body } = await world.send('POST', '/traffic', {
    perSecond: 200,
    seconds: 1,
    mix: {
      financial: 6,
      split: 1,
      authorization: 1,
      cancelled: 1,
      partly_cancelled: 1,
      reversed: 1,
      enquiry: 1,
    },
    elsewherePercent: 10,
  })
  assert.equal(status, 200)
  assert.deepEqual(
    [body['state'], body['asked'], body['done'], body['shed']],
    ['finished', 200, 200, 0],
  )
  assert.ok(Object(body['verdicts']).approved > 100)
  assert.ok(Object(body['latencyMs']).p99 > 0)
  await world.settled()
})

test('malformed requests are refused and book nothing', async () => {
  const before = await world.send('GET', '/books?limit=1000')
  const right = { card: CARD, merchantNumber: MERCHANT, amountWon: 1_000 }
  for (const [path, wrong] of [
    ['/terminals/T0000001/sales', { ...right, amountWon: 0 }],
    ['/terminals/T0000001/sales', { ...right, amountWon: '1000' }],
    ['/terminals/T0000001/sales', { ...right, card: '../books' }],
    ['/terminals/T0000001/sales', { ...right, class: 'cancellation' }],
    ['/terminals/T0000001/sales', { ...right, extra: 1 }],
    ['/terminals/short/sales', right],
    ['/clearing', { date: '2026-02-30' }],
    ['/traffic', { perSecond: 0, seconds: 1 }],
  ] as const) {
    const answer = await world.send('POST', path, wrong)
    assert.deepEqual([answer.status, answer.body['error']], [400, 'request_invalid'], path)
  }
  const unknown = await world.send('POST', '/terminals/T0000001/sales', {
    ...right,
    card: 'NOBODY0000000000',
  })
  assert.deepEqual([unknown.status, unknown.body['error']], [404, 'card_unknown'])
  assert.deepEqual(await world.send('GET', '/books?limit=1000'), before)
})

test('a company that is not told enough does not start', async () => {
  await assert.rejects(launchSimulated('card-company', { COMPANY_CODE: 'hanbit' }), /code 1/)
  await assert.rejects(launchSimulated('card-company', { COMPANY_CODE: 'nobody' }), /code 1/)
})

test('the telegram company speaks its own format through the same desk', async () => {
  const narae = await openCompanyWorld({ code: 'narae' })
  try {
    await narae.signedOn()
    const { body } = await narae.send('POST', '/terminals/T0000001/sales', {
      card: 'NAR0000000000002',
      merchantNumber: MERCHANT,
      amountWon: 10_000,
    })
    assert.equal(body['outcome'], 'approved')
    const { body: reversed } = await narae.send('POST', `/sales/${idOf(body)}/reversal`, {})
    assert.equal(reversed['voucherWon'], 0)
    await narae.until(() => narae.gateways[0]!.notices.length === 1)
    const [notice] = narae.gateways[0]!.notices
    assert.ok(notice?.kind === 'reverse')
    assert.deepEqual(notice.sale.key, { ...Object(body['key']), partnerId: id('prt', 2) })
  } finally {
    await narae.close()
  }
})
