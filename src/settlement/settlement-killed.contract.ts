/**
 * A worker dies at any call, before or after it has taken effect, and others go on. Whatever was interrupted where,
 * every merchant is paid once, and the same.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deadly, Killed } from '../../test/deadly-port.ts'
import { id, won } from '../base/base.ts'
import { at, openMarket, PROGRAMS, termsOf } from './fixtures/market.ts'
import type { OpenSettlements, SettlementBench } from './settlement-random.contract.ts'
import { createSettling } from './settlement.ts'

const SHOPS = [1, 2, 3, 4, 5].map((number) => id('mrc', number))

export function settledOnce(open: OpenSettlements): void {
  for (const tookEffect of [false, true]) {
    const when = tookEffect ? 'after it took effect' : 'before it took effect'
    test(`a worker that dies at any call, ${when}, leaves a run that others end as it was`, async () => {
      const whole = await settleWith(await open(), { dieAt: undefined, tookEffect })
      assert.deepEqual(
        whole.map(({ merchantId, amountWon }) => [merchantId, amountWon]),
        [
          [1, 9_950],
          [2, 19_900],
          [4, 39_800],
          [5, 49_750],
        ],
      )
      for (let dieAt = 1; ; dieAt += 1) {
        const life = { dieAt, tookEffect, died: 0 }
        assert.deepEqual(await settleWith(await open(), life), whole, `died at call ${dieAt}`)
        if (life.died === 0) break
      }
    })
  }
}

async function settleWith(
  bench: SettlementBench,
  life: { dieAt: number | undefined; tookEffect: boolean; died?: number },
) {
  const { issuerId, ledger } = bench
  const left = { left: life.dieAt ?? Infinity, tookEffect: life.tookEffect }
  const market = await openMarket({ ...bench, merchantsPage: 2 })
  const feeTiers = [{ revenueWonMax: null, feeBasisPoints: 50 }]
  market.state.terms = PROGRAMS.map((each) => termsOf(each, { feeTiers }))
  for (const merchantId of SHOPS) {
    await market.pay(merchantId, [[PROGRAMS[0], merchantId * 10_000]], at('2026-12-01', 12))
  }
  const paid = await market.pay(SHOPS[1]!, [[PROGRAMS[1], 100]], at('2026-12-01', 12, 1))
  await market.cancel(paid, SHOPS[1]!, 100, at('2026-12-01', 13))
  const last = await market.pay(SHOPS[2]!, [[PROGRAMS[1], 200]], at('2026-12-01', 14))
  await market.cancel(last, SHOPS[2]!, 200, at('2026-12-01', 15))
  market.state.payees.set(SHOPS[2]!, { status: 'held', reason: 'account_missing' })
  const now = at('2026-12-02', 3)
  const mortal = createSettling({
    ...market.deps,
    store: deadly(bench.store, left),
    ledger: deadly(ledger, left),
  })
  try {
    for (;;) {
      const step = await mortal.step(issuerId, now)
      if (step.status === 'idle') break
      if (step.status === 'waiting') await bench.seal?.(issuerId, now)
    }
  } catch (error) {
    if (!(error instanceof Killed)) throw error
    life.died = 1
    // What has changed since must not change what was fixed.
    market.state.rules = { ...market.state.rules, minimumPayoutWon: won(1) }
  }
  await market.settle(now)
  const payouts = await ledger.payouts(issuerId, { limit: 100 })
  return payouts
    .map(({ beneficiary, amountWon, dueOn }) => ({ merchantId: beneficiary.id, amountWon, dueOn }))
    .toSorted((one, other) => one.merchantId - other.merchantId)
}
