/** The tail is a bounded ring: pages in order, merged where they fit; a place that was left behind is known as such. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id, won } from '../base/base.ts'
import {
  FED_RECORDS_PAGE,
  FED_WALLETS_PAGE,
  type FedRecord,
  type FedWallet,
} from '../cards/cards.ts'
import { createCardFeedTail, TAIL_PAGES_MAX, TAIL_WAITING_MAX } from './card-feed-tail.ts'

const issuerId = id('iss', 1)
const wallet = (number: number): FedWallet => ({
  issuerId,
  walletId: id('wlt', number),
  lots: [{ programId: id('prg', 1), kind: 'gift', expiresAt: 1, remainingWon: won(number) }],
})
const record = (recordId: number): FedRecord => ({
  issuerId,
  kind: 'wallet_stop',
  recordId,
  version: 1,
  body: {},
})
const seal = { issuerId, segment: 1, hash: 'aa' }
const nothing = { wallets: [], records: [], seals: [] }
const numbers = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + index)

function openTail() {
  let lives = 0
  return createCardFeedTail(() => `life-${(lives += 1)}`)
}

test('pages come in order, several as one, and then there is no more', async () => {
  const tail = openTail()
  const start = { coreLife: tail.life(), next: tail.next() }
  tail.push({ ...nothing, wallets: [wallet(1)] }, 10)
  tail.push({ ...nothing, records: [record(1)], seals: [{ ...seal, segment: 0 }] }, 20)
  tail.push({ ...nothing, wallets: [wallet(2)], seals: [seal] }, 30)
  const page = await tail.read(start, 0)
  assert.deepEqual(page, {
    coreLife: 'life-1',
    next: 3,
    asOf: 30,
    wallets: [wallet(1), wallet(2)],
    records: [record(1)],
    seals: [seal],
  })
  tail.push(nothing, 40)
  const empty = await tail.read({ coreLife: 'life-1', next: 3 }, 0)
  // Nothing new, and known to be so later than before.
  assert.deepEqual(empty, { coreLife: 'life-1', next: 3, asOf: 40, ...nothing })
})

test('much news is told in pages of bounded size, the seals with the last', async () => {
  const tail = openTail()
  const wallets = numbers(1, FED_WALLETS_PAGE * 2 + 1).map(wallet)
  const records = numbers(1, FED_RECORDS_PAGE + 1).map(record)
  tail.push({ wallets, records, seals: [seal] }, 10)
  const told = { wallets: [] as FedWallet[], records: [] as FedRecord[], seals: 0 }
  let next = 0
  while (next < tail.next()) {
    const page = await tail.read({ coreLife: 'life-1', next }, 0)
    assert.ok(page !== undefined && page.next > next)
    assert.ok(page.wallets.length <= FED_WALLETS_PAGE && page.records.length <= FED_RECORDS_PAGE)
    if (page.wallets.length > 0) {
      assert.equal(told.records.length + page.records.length, records.length, 'records come first')
    }
    told.wallets.push(...page.wallets)
    told.records.push(...page.records)
    told.seals += page.seals.length
    next = page.next
    assert.equal(told.seals > 0, next === tail.next())
  }
  assert.deepEqual(told, { wallets, records, seals: 1 })
})

test('who waits is woken by news and by nothing else, or by the time', async () => {
  const tail = openTail()
  const place = { coreLife: 'life-1', next: 0 }
  const waiting = tail.read(place, 60_000)
  tail.push(nothing, 5)
  tail.push({ ...nothing, wallets: [wallet(1)] }, 10)
  assert.deepEqual((await waiting)?.wallets, [wallet(1)])
  const timed = await tail.read({ coreLife: 'life-1', next: 1 }, 20)
  assert.deepEqual(timed, { coreLife: 'life-1', next: 1, asOf: 10, ...nothing })
})

test('only so many wait, and one more is answered at once', async () => {
  const tail = openTail()
  const place = { coreLife: 'life-1', next: 0 }
  const waiting = numbers(0, TAIL_WAITING_MAX).map(() => tail.read(place, 60_000))
  assert.equal((await tail.read(place, 60_000))?.next, 0)
  tail.push({ ...nothing, wallets: [wallet(1)] }, 10)
  for (const page of await Promise.all(waiting)) assert.equal(page?.next, 1)
})

test('a place that was left behind, of another life or not yet reached is not known', async () => {
  const tail = openTail()
  for (const number of numbers(1, TAIL_PAGES_MAX + 1)) {
    tail.push({ ...nothing, wallets: [wallet(number)] }, number)
  }
  assert.equal(await tail.read({ coreLife: 'life-1', next: 0 }, 0), undefined)
  assert.equal((await tail.read({ coreLife: 'life-1', next: 1 }, 0))?.wallets[0]?.walletId, 2)
  assert.equal(await tail.read({ coreLife: 'life-1', next: tail.next() + 1 }, 0), undefined)
  assert.equal(await tail.read({ coreLife: 'life-0', next: tail.next() }, 0), undefined)
  const waiting = tail.read({ coreLife: 'life-1', next: tail.next() }, 60_000)
  tail.renew()
  assert.equal(await waiting, undefined)
  assert.equal(tail.life(), 'life-2')
  assert.equal(tail.next(), 0)
})
