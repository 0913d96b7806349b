/** What earns, what is taken back, and how it is spent: for every ledger and store. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WalletId } from '../base/base.ts'
import {
  at,
  earned,
  LARGE,
  MIDDLE,
  monthOf,
  openStreet,
  OTHER,
  PROGRAM,
  SMALL,
  termsOf,
  withRules,
  type OpenBench,
  type Street,
} from './fixtures/street.ts'

export function earnsCashback(open: OpenBench): void {
  const street = async () => openStreet(await open())

  test('a payment earns by the revenue of the merchant, at each edge of the steps', async () => {
    const here = await street()
    const wallet = await here.join([[PROGRAM, 100_000]])
    await here.pay(wallet, SMALL, 10_000)
    await here.pay(wallet, MIDDLE, 10_000)
    await here.pay(wallet, LARGE, 10_000)
    await here.pay(wallet, SMALL, 7)
    assert.deepEqual(await earned(here, wallet), [])
    await here.work()
    assert.deepEqual(await earned(here, wallet), [
      'posted 1300 null',
      'posted 1100 null',
      'nothing 0 rate_is_zero',
      'nothing 0 below_one_won',
    ])
    assert.equal(
      await here.lots(wallet),
      'cashback 1100/1100 cashback 1300/1300 purchase 69993/100000',
    )
    const [lot] = await here.bench.ledger.lots(here.issuerId, wallet)
    const cashback = (await here.bench.ledger.lots(here.issuerId, wallet)).find(
      ({ kind }) => kind === 'cashback',
    )
    assert.ok(lot)
    assert.equal(cashback?.expiresAt, at('2031-12-02', 0))
  })

  test('what was granted and what was earned do not earn; what was given as a present does', async () => {
    const here = await street()
    const wallet = await here.join([
      [PROGRAM, 4_000, 'stipend'],
      [PROGRAM, 3_000, 'cashback'],
      [PROGRAM, 2_000, 'gift'],
      [PROGRAM, 1_000],
    ])
    await here.pay(wallet, SMALL, 10_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), ['posted 390 null'])
  })

  test('a card’s capture earns on what it captured, and a cancellation of it takes back', async () => {
    const here = await street()
    const wallet = await here.join([[PROGRAM, 100_000]])
    const captured = await here.capture(wallet, SMALL, 20_000, 10_000)
    await here.capture(wallet, SMALL, 20_000, 0)
    await here.work()
    assert.deepEqual(await earned(here, wallet), ['posted 1300 null'])
    await here.cancel(captured, SMALL, 5_000)
    await here.work()
    assert.equal(await here.lots(wallet), 'cashback 650/1300 purchase 95000/100000')
  })

  test('the month is full at the won, and the next begins anew', async () => {
    const here = await street()
    const wallet = await here.join([[PROGRAM, 1_000_000]])
    await here.pay(wallet, SMALL, 230_769)
    await here.pay(wallet, SMALL, 8)
    await here.pay(wallet, SMALL, 100_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), [
      'posted 29999 null',
      'posted 1 null',
      'nothing 0 monthly_cap',
    ])
    here.time.now = at('2026-12-31', 23, 59)
    // What was earned is spent first, and earns nothing itself.
    await here.pay(wallet, SMALL, 40_000)
    here.time.now = at('2027-01-01', 0, 0)
    await here.pay(wallet, SMALL, 300_000)
    await here.work()
    assert.deepEqual((await earned(here, wallet)).slice(3), [
      'nothing 0 monthly_cap',
      'posted 30000 monthly_cap',
    ])
    const { figures } = await monthOf(here, wallet, '2026-12-15')
    assert.deepEqual(figures, [{ programId: PROGRAM, earnedWon: 30_000, takenBackWon: 0 }])
  })

  test('what was earned before counts once, however often somebody pays until the next look', async () => {
    const here = await street()
    const wallet = await here.join([[PROGRAM, 1_000_000]])
    await here.pay(wallet, SMALL, 100_000)
    await here.work()
    await here.pay(wallet, SMALL, 70_000)
    await here.pay(wallet, SMALL, 70_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), [
      'posted 13000 null',
      'posted 7410 null',
      'posted 9100 null',
    ])
  })

  test('terms of the instant of the payment count, and without rules nothing is earned', async () => {
    const here = await street()
    const before = { ...termsOf(PROGRAM), version: 1, cashback: null }
    const after = { ...termsOf(PROGRAM), version: 2, effectiveFrom: here.time.now + 5_000 }
    here.terms.splice(0, 1, before, after)
    const wallet = await here.join([[PROGRAM, 100_000]])
    await here.pay(wallet, SMALL, 10_000)
    here.time.now += 10_000
    await here.pay(wallet, SMALL, 10_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), ['posted 1300 null'])
  })

  test('a payment of two programs earns of each by its own terms, in one movement', async () => {
    const here = await street()
    withRules(here, { tiers: [{ revenueWonMax: null, rateBasisPoints: 1_000 }] }, OTHER)
    const wallet = await here.join([
      [PROGRAM, 10_000],
      [OTHER, 10_000],
    ])
    const paymentId = await here.pay(wallet, SMALL, 15_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), ['posted 1300 null 500 null'])
    assert.equal(await here.lots(wallet, OTHER), 'cashback 500/500 purchase 5000/10000')
    await here.cancel(paymentId, SMALL, 6_000)
    await here.work()
    // What was taken last comes back first: all of the other program's 5,000, and 1,000 of the first.
    assert.deepEqual(await earned(here, wallet), ['posted 1170 null 0 null'])
    assert.equal(await here.lots(wallet, OTHER), 'cashback 0/500 purchase 10000/10000')
    assert.equal(await here.lots(wallet), 'cashback 1170/1300 purchase 1000/10000')
  })

  takesBack(street)
}

function takesBack(street: () => Promise<Street>): void {
  test('a cancellation takes back what the rest would not have earned, part by part, each once', async () => {
    const here = await street()
    const wallet = await here.join([[PROGRAM, 100_000]])
    const paymentId = await here.pay(wallet, SMALL, 10_005)
    await here.work()
    const cancel = async (amountWon?: number) => {
      await here.cancel(paymentId, SMALL, amountWon)
      await here.work()
      await here.work()
      return here.lots(wallet)
    }
    assert.equal(await cancel(5), 'cashback 1300/1300 purchase 90000/100000')
    assert.equal(await cancel(3_333), 'cashback 866/1300 purchase 93333/100000')
    assert.equal(await cancel(), 'cashback 0/1300 purchase 100000/100000')
    assert.deepEqual(await earned(here, wallet), ['posted 0 null'])
    const origin = await funderSums(here, wallet)
    assert.deepEqual(origin, { nationalWon: 0, provinceWon: 0, cityWon: 0 })
  })

  test('a month that was full has room again, and what was cut by it is kept while the rest earns it', async () => {
    const here = await street()
    const wallet = await here.join([[PROGRAM, 1_000_000]])
    const paymentId = await here.pay(wallet, SMALL, 300_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), ['posted 30000 monthly_cap'])
    await here.cancel(paymentId, SMALL, 60_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), ['posted 30000 monthly_cap'])
    await here.cancel(paymentId, SMALL)
    await here.pay(wallet, SMALL, 100_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), ['posted 0 monthly_cap', 'posted 9100 null'])
  })

  test('a payment that is cancelled before it earned leaves nothing, and room in its month', async () => {
    const here = await street()
    const wallet = await here.join([[PROGRAM, 1_000_000]])
    const paymentId = await here.pay(wallet, SMALL, 300_000)
    await here.cancel(paymentId, SMALL)
    const half = await here.pay(wallet, SMALL, 100_000)
    await here.cancel(half, SMALL, 50_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), ['cancelled 0 monthly_cap', 'posted 6500 null'])
    assert.equal(await here.lots(wallet), 'cashback 6500/6500 purchase 950000/1000000')
  })

  test('what was spent is taken from other cashback, then from what the cancellation gave back', async () => {
    const here = await street()
    const wallet = await here.join([[PROGRAM, 100_000]])
    const first = await here.pay(wallet, SMALL, 50_000)
    await here.work()
    await here.pay(wallet, LARGE, 6_500)
    await here.pay(wallet, SMALL, 10_000)
    await here.work()
    assert.equal(
      await here.lots(wallet),
      'cashback 0/6500 cashback 1300/1300 purchase 40000/100000',
    )
    await here.cancel(first, SMALL)
    await here.work()
    assert.equal(await here.lots(wallet), 'cashback 0/1300 cashback 0/6500 purchase 84800/100000')
  })

  test('what the wallet no longer has is a case, and is taken when it earns again', async () => {
    const here = await street()
    const { casebook, issuerId } = here
    const wallet = await here.join([[PROGRAM, 100_000]])
    const first = await here.pay(wallet, SMALL, 100_000)
    await here.work()
    await here.pay(wallet, LARGE, 13_000)
    await here.cancel(first, SMALL)
    await here.pay(wallet, LARGE, 100_000)
    await here.work()
    const cases = () => casebook.cases(issuerId, { limit: 10 })
    const [open] = await cases()
    assert.equal(open?.caseKind, 'cashback_missing')
    assert.equal(open.facts['missingWon'], 13_000)
    assert.deepEqual(await here.cashback.standing(issuerId), [
      { programId: PROGRAM, waitingWon: 0, waiting: 0, missingWon: 13_000 },
    ])
    await here.give(wallet, PROGRAM, 50_000)
    await here.pay(wallet, SMALL, 30_000)
    await here.work()
    assert.deepEqual(
      (await cases()).map(({ state }) => state),
      ['closed'],
    )
    assert.deepEqual(await here.cashback.standing(issuerId), [])
    assert.equal(
      await here.lots(wallet),
      'cashback 0/13000 cashback 0/3900 purchase 0/100000 purchase 10900/50000',
    )
  })
}

/** What each funder has given for cashback and did not get back. */
async function funderSums({ deps, issuerId, cashback }: Street, walletId: WalletId) {
  const earnings = await cashback.earningsOf(issuerId, walletId, { limit: 100 })
  const keys = earnings.flatMap(({ operationId }) => operationId ?? [])
  const found = await deps.ledger.find(issuerId, keys)
  const lotIds = found.flatMap((operation) => operation?.legs.map(({ lotId }) => lotId) ?? [])
  const origins = await deps.ledger.lotOrigins(issuerId, lotIds)
  const shares = earnings.flatMap((earning) => earning.shares)
  const open = (name: 'nationalWon' | 'provinceWon' | 'cityWon') =>
    origins.reduce((sum, origin) => sum + (origin?.sources[name] ?? 0), 0) -
    shares.reduce((sum, { returned }) => sum + returned[name], 0)
  return {
    nationalWon: open('nationalWon'),
    provinceWon: open('provinceWon'),
    cityWon: open('cityWon'),
  }
}
