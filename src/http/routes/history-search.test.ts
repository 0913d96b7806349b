/** A wallet's history and a merchant's payments are searched by period, kind, shop and outlet. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { DAY_MS, operationId, won } from '../../base/base.ts'
import type { RecordedOperation } from '../../ledger/ledger.ts'
import { decodeCursor, type Cursor } from '../door.ts'
import { created, openCity, openMember, openShop } from './fixtures/small-city.ts'
import { readOperations } from './operation-pages.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const shop = await openShop(city, { number: 0 })
const otherShop = await openShop(city, { number: 1 })
const place = { name: '수송점', district: '수송동', address: '수송동 2' }
const opened = await shop.owner.ask('POST', `${shop.merchant}/outlets`, { body: place })
const { outletId } = created(opened).json<{ outletId: string }>()
const issued = await shop.owner.ask('POST', `${base}/outlets/${outletId}/kits`, { body: {} })
const codeOf = async (by: typeof shop, kitId: string) =>
  (await by.owner.ask('GET', `${base}/kits/${kitId}/code`)).json<{ text: string }>().text
const codes = {
  main: await codeOf(shop, shop.kitId),
  branch: await codeOf(shop, created(issued).json<{ kitId: string }>().kitId),
  other: await codeOf(otherShop, otherShop.kitId),
}
const member = await openMember(city, 'member', { boughtWon: 300_000 })
const stranger = await openMember(city, 'stranger', { boughtWon: 50_000 })

async function pay(by: typeof member, code: string, amountWon: number): Promise<void> {
  created(await by.ask('POST', `${base}/payments`, { body: { code, amountWon } }))
  city.advance(1_000)
}

// The 22nd, 23rd and 24th of November; the last millisecond of a day belongs to it.
await pay(member, codes.main, 1_000)
await pay(member, codes.other, 2_000)
city.advance(Date.parse('2026-11-23T23:59:59.999+09:00') - city.time.now)
await member.renew()
await stranger.renew()
await pay(member, codes.branch, 3_000)
await pay(stranger, codes.main, 40_000)
city.advance(DAY_MS / 2)
await member.renew()
await pay(member, codes.main, 5_000)
await stranger.renew()
await shop.owner.renew()
await shop.clerk.renew()

interface Page {
  items: { amountWon: number; kind: string }[]
  nextCursor: string | null
}
const history = (query: string, of = member) => of.ask('GET', `${of.wallet}/operations?${query}`)
const payments = (query: string, by = shop.owner) =>
  by.ask('GET', `${shop.merchant}/payments?${query}`)
const amounts = async (answer: ReturnType<typeof history>) =>
  (await answer).json<Page>().items.map(({ amountWon }) => amountWon)

test('days are Korean, and both ends belong to the period', async () => {
  const kind = 'kind=payment'
  assert.deepEqual(await amounts(history(kind)), [5_000, 3_000, 2_000, 1_000])
  assert.deepEqual(await amounts(history(`${kind}&from=2026-11-23&through=2026-11-23`)), [3_000])
  assert.deepEqual(await amounts(history(`${kind}&through=2026-11-22`)), [2_000, 1_000])
  assert.deepEqual(await amounts(history(`${kind}&from=2026-11-24`)), [5_000])
  assert.deepEqual(await amounts(history(`${kind}&from=2026-12-01`)), [])
})

test('a shop is found by words of its names, and kinds are told apart', async () => {
  assert.deepEqual(await amounts(history('text=1호')), [2_000])
  assert.deepEqual(await amounts(history('text=0호%20수송')), [3_000])
  assert.deepEqual(await amounts(history('text=%20')), await amounts(history('')))
  assert.deepEqual(await amounts(history('text=nowhere')), [])
  const kinds = (await history('kind=issue')).json<Page>().items
  assert.deepEqual(new Set(kinds.map(({ kind }) => kind)), new Set(['issue']))
})

test('pages of a search follow one another and stay inside the period', async () => {
  const walked: number[] = []
  let cursor = ''
  for (let page = 0; page < 10; page += 1) {
    const query = `kind=payment&through=2026-11-23&limit=1${cursor}`
    const { items, nextCursor } = (await history(query)).json<Page>()
    walked.push(...items.map(({ amountWon }) => amountWon))
    if (nextCursor === null) break
    cursor = `&cursor=${nextCursor}`
  }
  assert.deepEqual(walked, [3_000, 2_000, 1_000])
  const newest = (await history('limit=1')).json<Page>().nextCursor
  const before = await amounts(history(`kind=payment&through=2026-11-22&cursor=${newest}`))
  assert.deepEqual(before, [2_000, 1_000], 'a cursor beyond the period begins at its end')
})

test('a merchant sees the payments of one outlet and of some days', async () => {
  assert.deepEqual(await amounts(payments(`outletId=${outletId}`)), [3_000])
  const days = 'from=2026-11-23&through=2026-11-24'
  assert.deepEqual(await amounts(payments(days, shop.clerk)), [5_000, 40_000, 3_000])
})

interface Days {
  payments: number
  paymentsWon: number
  cancellationsWon: number
  items: { day: string; outletId: string; payments: number; paymentsWon: number }[]
}
const sums = (query: string, by = shop.clerk) =>
  by.ask('GET', `${shop.merchant}/payments/days?${query}`)

test('a merchant’s days are summed by outlet, and the whole by its parts', async () => {
  const whole = (await sums('from=2026-11-22&through=2026-11-24')).json<Days>()
  const main = shop.outlet.split('/').at(-1)
  assert.deepEqual(
    whole.items.map(({ day, outletId: id, payments: count, paymentsWon }) => [
      day,
      id === main ? 'main' : 'branch',
      count,
      paymentsWon,
    ]),
    [
      ['2026-11-22', 'main', 1, 1_000],
      ['2026-11-23', 'branch', 1, 3_000],
      ['2026-11-24', 'main', 2, 45_000],
    ],
  )
  assert.deepEqual([whole.payments, whole.paymentsWon, whole.cancellationsWon], [4, 49_000, 0])
  const branch = `from=2026-11-22&through=2026-11-24&outletId=${outletId}`
  assert.equal((await sums(branch)).json<Days>().paymentsWon, 3_000)
  assert.equal((await sums('from=2026-11-23&through=2026-11-23')).json<Days>().payments, 1)
})

test('days are summed for the shop’s own people, and for so many at one time', async () => {
  const days = 'from=2026-11-22&through=2026-11-24'
  await otherShop.owner.renew()
  for (const other of [otherShop.owner, member]) {
    assert.equal((await sums(days, other)).statusCode, 403)
  }
  const long = await sums('from=2026-01-01&through=2026-03-05')
  assert.deepEqual([long.statusCode, long.json<{ field: string }>().field], [400, 'query.through'])
  assert.equal((await sums('from=2026-01-01&through=2026-03-04')).statusCode, 200)
  const foreign = otherShop.outlet.split('/').at(-1)
  assert.equal((await sums(`${days}&outletId=${foreign}`)).statusCode, 404)
})

test('what is no day, no kind and not the merchant’s own outlet is refused by name', async () => {
  const refusedAt = async (asked: ReturnType<typeof history>) => {
    const answer = await asked
    return [answer.statusCode, answer.json<{ field?: string }>().field]
  }
  assert.deepEqual(await refusedAt(history('from=2026-02-30')), [400, 'query.from'])
  const backwards = 'from=2026-11-23&through=2026-11-22'
  assert.deepEqual(await refusedAt(history(backwards)), [400, 'query.through'])
  assert.deepEqual(await refusedAt(payments(backwards)), [400, 'query.through'])
  assert.deepEqual(await refusedAt(history('kind=theft')), [400, 'query.kind'])
  const foreign = otherShop.outlet.split('/').at(-1)
  assert.deepEqual(await refusedAt(payments(`outletId=${foreign}`)), [404, 'query.outletId'])
  assert.equal((await stranger.ask('GET', `${member.wallet}/operations?text=1호`)).statusCode, 404)
})

test('a long history is searched in bounded steps, each of which says where to go on', async () => {
  const rows = Array.from({ length: 700 }, (_, index) => ({
    bookedAt: 1_000 - index,
    operationId: operationId(randomUUID()),
    kind: index === 650 ? ('payment' as const) : ('cancellation' as const),
    amountWon: won(1),
  })) as unknown as RecordedOperation[] // What a search looks at.
  let reads = 0
  const find = (before?: Cursor) => {
    reads = 0
    return readOperations(
      async (options) => {
        reads += 1
        const from = options.before?.bookedAt ?? 1_001
        return rows.filter(({ bookedAt }) => bookedAt < from).slice(0, options.limit)
      },
      { before, limit: 10, keep: ({ kind }) => kind === 'payment' },
    )
  }
  const first = await find()
  assert.deepEqual([first.operations.length, reads], [0, 5])
  assert.ok(first.nextCursor !== null)
  const second = await find(decodeCursor(first.nextCursor))
  assert.deepEqual([second.operations.length, second.nextCursor], [1, null])
  assert.ok(reads < 5)
})
