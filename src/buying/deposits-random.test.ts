/**
 * Random stories of virtual accounts: deposits that are repeated, late, of another amount or forced, a bank whose
 * answers get lost, and a process that dies at any call. In the end every won that came is a lot, is back where it came
 * from, or is a case; and only what was bought is counted against quota.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Fault, HOUR_MS, MINUTE_MS } from '../base/base.ts'
import { Killed } from '../granting/fixtures/small-office.ts'
import { GUNSAN, openShop, type Shop } from './fixtures/small-shop.ts'
import type { BankWeather } from './fixtures/virtual-bank.ts'

const HISTORIES = 250
const payers = ['김하늘', '해지 계좌'] as const
const acts = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ act: fc.constant('open' as const), who: fc.nat(1) }) },
    {
      weight: 5,
      arbitrary: fc.record({
        act: fc.constant('pay' as const),
        account: fc.nat(5),
        isExact: fc.boolean(),
        isForced: fc.boolean(),
        payer: fc.constantFrom(...payers),
      }),
    },
    { weight: 4, arbitrary: fc.record({ act: fc.constant('turn' as const) }) },
    { weight: 2, arbitrary: fc.record({ act: fc.constant('look' as const), account: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('close' as const), account: fc.nat(5) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        act: fc.constant('wait' as const),
        minutes: fc.constantFrom(1, 30, 239),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        act: fc.constant('weather' as const),
        weather: fc.constantFrom<BankWeather>('fine', 'lost', 'never_sent'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        act: fc.constant('die' as const),
        at: fc.integer({ min: 1, max: 12 }),
        when: fc.constantFrom('before' as const, 'after' as const),
      }),
    },
  ),
  { minLength: 10, maxLength: 60, size: 'max' },
)
type Act = typeof acts extends fc.Arbitrary<(infer Each)[]> ? Each : never

/** A bank that is silent and a process that dies are what the story is about. */
async function unharmed(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Killed) && !(error instanceof Fault)) throw error
  }
}

async function play(shop: Shop, members: readonly number[], story: readonly Act[]): Promise<void> {
  const { virtual, buying, time } = shop
  const openings = () => virtual.entries.filter((entry) => entry.kind === 'opening')
  const own = async (index: number) => {
    const accounts = await shop.records('virtual_account')
    const found = accounts[index % Math.max(1, accounts.length)]
    return found && { issuerId: GUNSAN, memberId: found.memberId, purchaseId: found.purchaseId }
  }
  for (const step of story) {
    if (step.act === 'wait') time.now += step.minutes * MINUTE_MS
    if (step.act === 'weather') virtual.weather = step.weather
    if (step.act === 'die') shop.life.dieAt(step.at, step.when)
    if (step.act === 'open') await unharmed(() => shop.open(members[step.who] as never, 10_000))
    if (step.act === 'turn') await unharmed(() => buying.depositTurn(GUNSAN))
    if (step.act === 'pay') {
      const opening = openings()[step.account % Math.max(1, openings().length)]
      if (opening === undefined) continue
      const { accountNumber } = opening
      const amountWon = step.isExact ? opening.amountWon : opening.amountWon + 1
      const { payer, isForced } = step
      virtual.books.payIn({ accountNumber, amountWon, payer, isForced }, time.now)
    }
    if (step.act === 'look') {
      const found = await own(step.account)
      if (found !== undefined) await unharmed(() => buying.lookAtVirtualAccount(found))
    }
    if (step.act === 'close') {
      const found = await own(step.account)
      if (found !== undefined) await unharmed(() => buying.closeVirtualAccount(found))
    }
  }
}

/** All is well again, and everything gets its end. */
async function calm(shop: Shop): Promise<void> {
  shop.life.dieAt(undefined, 'before')
  shop.virtual.weather = 'fine'
  for (let round = 0; round < 4; round += 1) {
    shop.time.now += 5 * HOUR_MS
    await shop.buying.depositTurn(GUNSAN)
  }
}

test('every won that came is a lot, is back, or is a case; once, whatever is repeated or killed', async () => {
  const seen = { paid: 0, returned: 0, cases: 0, lapsed: 0 }
  const property = fc.asyncProperty(acts, async (story) => {
    const shop = await openShop()
    const members = [await shop.join(), await shop.join()]
    await play(shop, members, story)
    await calm(shop)
    const accounts = await shop.records('virtual_account')
    const paid = accounts.filter(({ state }) => state === 'paid')
    assert.ok(accounts.every(({ state }) => state === 'paid' || state === 'lapsed'))
    const deposits = shop.virtual.entries.filter((entry) => entry.kind === 'deposit')
    const went = shop.virtual.entries.filter((entry) => entry.kind === 'return')
    assert.deepEqual(shop.virtual.books.untaken('iss_1', 500), [])
    // Each deposit has one end: it pays one account, or it was sent back or could not be.
    const paying = new Set(paid.map(({ depositId }) => depositId))
    assert.equal(paying.size, paid.length)
    for (const { depositId, amountWon } of deposits) {
      const back = went.filter((entry) => entry.depositId === depositId).length
      assert.equal(back, paying.has(depositId) ? 0 : 1, depositId)
      if (paying.has(depositId)) assert.equal(amountWon, 9_000)
    }
    const lots = (await Promise.all(members.map((member) => shop.lotsWon(member)))).flat()
    assert.deepEqual(
      lots,
      paid.map(() => 10_000),
    )
    assert.equal(shop.countedWon(), paid.length * 10_000)
    const cases = await shop.records('case')
    const stuck = went.filter(({ isReturned }) => !isReturned).length
    assert.deepEqual([...new Set(cases.map(({ caseKind }) => caseKind))].slice(1), [])
    assert.equal(cases.length, stuck)
    const told = await shop.notices()
    assert.equal(told.filter((kind) => kind === 'deposit_paid').length, paid.length)
    seen.paid += paid.length
    seen.lapsed += accounts.length - paid.length
    seen.returned += went.length - stuck
    seen.cases += stuck
  })
  await fc.assert(property, { numRuns: HISTORIES })
  // The stories are about something.
  for (const [name, count] of Object.entries(seen)) assert.ok(count > 5, `${name}: ${count}`)
})
