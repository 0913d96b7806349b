/** A shop sees what it is paid, an officer what a run came to; both take a statement with them. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { DAY_MS } from '../../base/base.ts'
import { ACCOUNT } from '../../settlement/fixtures/market.ts'
import { created, GUNSAN, openCity, openMember, openShop } from './fixtures/small-city.ts'

const city = await openCity()
after(async () => {
  await city.printer.close()
  await city.app.close()
})
const base = '/v1/issuers/gunsan'
const shop = await openShop(city, { number: 0 })
const waiting = await openShop(city, { number: 1 })
const member = await openMember(city, 'payer', { boughtWon: 200_000 })
for (const [{ owner, kitId }, amountWon] of [
  [shop, 30_000],
  [shop, 12_000],
  [waiting, 8_000],
] as const) {
  const kit = await owner.ask('GET', `${base}/kits/${kitId}/code`)
  const body = { code: kit.json<{ text: string }>().text, amountWon }
  created(await member.ask('POST', `${base}/payments`, { body, key: randomUUID() }))
}
city.accounts.set(shop.merchantId, { status: 'payable', account: ACCOUNT })
// Sunday's payments are settled on Monday.
city.advance(DAY_MS)
while ((await city.settling.step(GUNSAN, city.time.now)).status !== 'idle');
await shop.owner.renew()
await waiting.owner.renew()
const officer = await city.caller('officer-of-gunsan')

interface Settlement {
  settlementDay: string
  state: string
  stateName: string
  heldReason: string | null
  paymentsWon: number
  payoutWon: number
  payout: { account: string; dueOn: string } | null
}
interface Page<Item> {
  items: Item[]
  nextCursor: string | null
}

async function read<Body>(caller: typeof officer, url: string): Promise<Body> {
  const answer = await caller.ask('GET', url)
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json<Body>()
}

test('the owner sees what was settled, with the payout and a masked account', async () => {
  const { items } = await read<Page<Settlement>>(shop.owner, `${shop.merchant}/settlements`)
  assert.equal(items.length, 1)
  const [settlement] = items
  assert.deepEqual(
    [settlement?.settlementDay, settlement?.state, settlement?.stateName, settlement?.payoutWon],
    ['2026-11-23', 'due', '지급예정', 42_000],
  )
  assert.equal(settlement?.payout?.dueOn, '2026-11-23')
  assert.equal(settlement.payout.account, '011 *********6781')
  assert.ok(!JSON.stringify(items).includes(ACCOUNT.accountNumber))
})

test('a settlement has its lines, by program and day of paying', async () => {
  const url = `${shop.merchant}/settlements/2026-11-23`
  const { lines } = await read<{ lines: object[] }>(officer, url)
  assert.partialDeepStrictEqual(lines, [
    {
      programName: '군산시사랑상품권',
      paidOn: '2026-11-22',
      payments: 2,
      paymentsWon: 42_000,
      feeBasisPoints: 0,
      feeWon: 0,
    },
  ])
})

test('a shop without an account is held back and told why, and officers find it', async () => {
  const { items } = await read<Page<Settlement>>(waiting.owner, `${waiting.merchant}/settlements`)
  assert.deepEqual(
    [items[0]?.state, items[0]?.heldReason, items[0]?.payout],
    ['held', 'account_missing', null],
  )
  const held = await read<Page<{ waitingWon: number; merchantName: string }>>(
    officer,
    `${base}/settlements-held`,
  )
  assert.deepEqual(
    held.items.map(({ merchantName, waitingWon }) => [merchantName, waitingWon]),
    [['1호 분식', 8_000]],
  )
})

test('officers see runs with their totals, operators only how many', async () => {
  const runs = await read<Page<object>>(officer, `${base}/settlement-runs`)
  assert.partialDeepStrictEqual(runs.items, [
    {
      settlementDay: '2026-11-23',
      state: 'closed',
      merchants: 2,
      paid: 1,
      held: 1,
      paymentsWon: 50_000,
      payoutsWon: 42_000,
      heldWon: 8_000,
    },
  ])
  const operator = await city.caller('operator')
  const url = '/v1/operator/settlement-runs?day=2026-11-23'
  const { items } = await read<Page<{ issuerCode: string }>>(operator, url)
  const gunsan = items.find(({ issuerCode }) => issuerCode === 'gunsan')
  assert.partialDeepStrictEqual(gunsan, { state: 'closed', paid: 1, held: 1 })
  assert.ok(!Object.keys(gunsan!).some((name) => name.endsWith('Won')))
})

test('the next run is seen before it is made', async () => {
  const preview = await read<Page<object> & { settlementDay: string }>(
    officer,
    `${base}/settlement-preview`,
  )
  assert.equal(preview.settlementDay, '2026-11-24')
  assert.deepEqual(preview.items, [])
  city.accounts.set(waiting.merchantId, { status: 'payable', account: ACCOUNT })
  const changed = await read<Page<object>>(officer, `${base}/settlement-preview`)
  assert.partialDeepStrictEqual(changed.items, [
    { merchantName: '1호 분식', outcome: 'due', payoutWon: 8_000 },
  ])
  city.accounts.delete(waiting.merchantId)
})

const statement = `${shop.merchant}/settlement-statement?from=2026-11-01&until=2026-11-23`

test('a statement as CSV opens with a byte order mark and adds up', async () => {
  const answer = await shop.owner.ask('GET', `${statement}&format=csv`)
  assert.equal(answer.statusCode, 200, answer.body)
  assert.match(String(answer.headers['content-type']), /^text\/csv/)
  assert.deepEqual([...answer.rawPayload.subarray(0, 3)], [0xef, 0xbb, 0xbf])
  const rows: string[][] = parse(answer.rawPayload, { bom: true })
  assert.deepEqual(rows[0]?.slice(0, 3), ['정산일', '결제건수', '결제금액'])
  assert.deepEqual(rows[1]?.slice(0, 3), ['2026-11-23', '2', '42000'])
  assert.deepEqual([rows[2]?.[0], rows[2]?.[2], rows[2]?.[7]], ['합계', '42000', '42000'])
})

test('a statement as PDF is one, with its type embedded', async () => {
  const answer = await officer.ask('GET', statement)
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers['content-type'], 'application/pdf')
  const text = answer.rawPayload.toString('latin1')
  assert.match(text, /^%PDF-1\./)
  assert.match(text, /Pretendard-Bold/)
  assert.match(text, /\/FontFile2 /)
  assert.ok(answer.rawPayload.length < 100_000, 'only the letters that it shows')
})

for (const [what, query] of [
  ['ends before it begins', 'from=2026-11-02&until=2026-11-01'],
  ['is longer than a year', 'from=2025-01-01&until=2026-11-01'],
  ['names no day', 'from=2026-02-30&until=2026-11-01'],
] as const) {
  test(`a period that ${what} is refused by the name of its field`, async () => {
    const answer = await officer.ask('GET', `${shop.merchant}/settlement-statement?${query}`)
    assert.equal(answer.statusCode, 400)
    assert.match(answer.json<{ field: string }>().field, /^query\.(?:from|until)$/)
  })
}

test('a clerk, another owner and another issuer see nothing', async () => {
  const iksan = await city.caller('officer-of-iksan')
  for (const caller of [shop.clerk, waiting.owner, iksan, member]) {
    await caller.renew()
    for (const path of ['settlements', 'settlements/2026-11-23', statement.split('/').at(-1)!]) {
      const answer = await caller.ask('GET', `${shop.merchant}/${path}`)
      assert.equal(answer.statusCode, 403, `${caller.personId} ${path}`)
    }
  }
})
