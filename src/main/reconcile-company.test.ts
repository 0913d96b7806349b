/** The company's books, added up anew, come to what the company has: over HTTP, and from the file when it is down. */
import assert from 'node:assert/strict'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join, dirname } from 'node:path'
import { after, before, test } from 'node:test'
import {
  answering,
  approve,
  openCompanyWorld,
  type CompanyWorld,
} from '../../simulated/fixtures/card-company-process.ts'
import { readCompanySales } from './reconcile-company.ts'

let world: CompanyWorld
before(async () => {
  world = await openCompanyWorld({ code: 'hanbit' })
  await world.signedOn()
})
after(() => world.close())

const from = () => ({ url: world.company.url, file: world.books })

async function sell(more: object = {}): Promise<string> {
  const { body } = await world.send('POST', '/terminals/T0000001/sales', {
    card: 'HAN0000000000001',
    merchantNumber: '123456789000000',
    amountWon: 10_000,
    ...more,
  })
  return String(body['saleId'])
}

/** What the company's own desk says, beside what the entries come to. */
async function ownStanding(saleId: string): Promise<object> {
  const { body } = await world.send('GET', `/sales/${saleId}`)
  return { paidWon: body['voucherWon'], accountWon: body['accountWon'] }
}

test('sales of every kind come to what the company has, with what is open', async () => {
  const [gateway] = world.gateways
  const ids = [await sell()]
  gateway!.answer = answering('not_applicable', { reason: 'merchant_not_registered' })
  ids.push(await sell())
  gateway!.answer = approve
  ids.push(await sell({ class: 'authorization' }))
  const completed = await sell({ class: 'authorization' })
  await world.send('POST', `/sales/${completed}/completions`, { amountWon: 7_000 })
  const cancelled = await sell()
  await world.send('POST', `/sales/${cancelled}/cancellations`, { amountWon: 4_000 })
  gateway!.take = () => Promise.reject(new Error('not now'))
  gateway!.answer = answering('unknown')
  ids.push(completed, cancelled, await sell())
  const sales = await readCompanySales(from())
  const byStan = sales.map(({ key, verdict, voucherWon, accountWon, isHold, open }) => ({
    stan: key.stan,
    verdict,
    paidWon: voucherWon,
    accountWon,
    isHold,
    open,
  }))
  const line = (stan: string, verdict: string, more: object = {}): object => ({
    stan,
    verdict,
    paidWon: 10_000,
    accountWon: 0,
    isHold: false,
    open: [],
    ...more,
  })
  assert.deepEqual(byStan, [
    line('000001', 'approved'),
    line('000002', 'not_applicable', { paidWon: 0, accountWon: 10_000 }),
    line('000003', 'approved', { isHold: true }),
    line('000004', 'approved', { paidWon: 7_000 }),
    line('000005', 'approved', { paidWon: 6_000 }),
    line('000007', 'unknown', { paidWon: 0, open: ['reverse not acknowledged'] }),
  ])
  assert.deepEqual(
    sales[4]?.cancellationKeys.map(({ stan, cardClass }) => [stan, cardClass]),
    [['000006', 'cancellation']],
  )
  for (const [index, saleId] of ids.entries()) {
    const { voucherWon: paidWon, accountWon } = sales[index]!
    assert.deepEqual(await ownStanding(saleId), { paidWon, accountWon }, saleId)
  }
})

test('the file says the same when the company is down, without the line that a kill cut short', async () => {
  const overHttp = await readCompanySales(from())
  assert.ok(overHttp.length > 0)
  await world.company.kill()
  await appendFile(world.books, '{"sequence":9')
  assert.deepEqual(await readCompanySales(from()), overHttp)
  assert.deepEqual(await readCompanySales({ url: undefined, file: world.books }), overHttp)
  const broken = join(dirname(world.books), 'broken.jsonl')
  await writeFile(broken, `${await readFile(world.books, 'utf8')}\n{"kind":"decided"}\n`)
  await assert.rejects(readCompanySales({ url: undefined, file: broken }))
  await assert.rejects(readCompanySales({ url: undefined, file: `${broken}.none` }), /ENOENT/)
})
