/**
 * A worker dies at any call, before or after it has taken effect, and others go on; also two at once. Whatever was
 * interrupted where, every payment earns once, and every cancellation takes back once.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deadly, Killed, type Life } from '../../test/deadly-port.ts'
import { createCashback } from './cashback.ts'
import {
  LARGE,
  openStreet,
  OTHER,
  PROGRAM,
  SMALL,
  type OpenBench,
  type Street,
} from './fixtures/street.ts'

/** @param everyCall 1: every call is died at; more where a story costs much */
export function earnsOnce(open: OpenBench, everyCall = 1): void {
  for (const tookEffect of [false, true]) {
    const when = tookEffect ? 'after it took effect' : 'before it took effect'
    test(`a worker that dies at any call, ${when}, leaves what others end as it would have been`, async () => {
      const whole = await story(await openStreet(await open()), undefined)
      assert.match(whole, /posted/)
      assert.match(whole, /cashback_missing/)
      for (let dieAt = 1; ; dieAt += everyCall) {
        const life = { left: dieAt, tookEffect }
        assert.equal(await story(await openStreet(await open()), life), whole, `at call ${dieAt}`)
        if (life.left > 0) break
      }
    })
  }

  test('two workers at once come to the same', async () => {
    const whole = await story(await openStreet(await open()), undefined)
    assert.equal(await story(await openStreet(await open()), 'two'), whole)
  })
}

/** Earns, waits, is pressed, cancelled before and after, in part, and with too little left; all of it as text. */
async function story(street: Street, life: Life | 'two' | undefined): Promise<string> {
  const { issuerId, cashback, deps } = street
  const ann = await street.join([
    [PROGRAM, 100_000],
    [OTHER, 20_000],
  ])
  const bob = await street.join([[PROGRAM, 100_000]])
  const first = await street.pay(ann, SMALL, 110_000)
  const all = await street.pay(bob, SMALL, 100_000)
  await work(street, life)
  await street.cancel(first, SMALL, 40_001)
  await street.pay(bob, LARGE, 13_000)
  await street.cancel(all, SMALL)
  await street.pay(bob, LARGE, 100_000)
  street.time.now += 1
  const choice = { issuerId, walletId: ann, requestId: street.newKey() }
  await cashback.choose({ ...choice, spending: 'by_button' })
  await street.pay(ann, SMALL, 30_000)
  await work(street, life)
  const press = { issuerId, walletId: ann, requestId: street.newKey() }
  const dying = life === undefined || life === 'two' ? undefined : life
  const presser = dying === undefined ? cashback : createCashback(doomed(street, dying))
  await presser.press(press).catch(ignoreKilled)
  await cashback.press(press)
  await street.give(bob, PROGRAM, 50_000)
  await street.pay(bob, SMALL, 40_000)
  await work(street, life)
  const facts: unknown[] = []
  for (const walletId of [ann, bob]) {
    const earnings = await cashback.earningsOf(issuerId, walletId, { limit: 10 })
    facts.push(await street.lots(walletId), await street.lots(walletId, OTHER))
    facts.push(
      earnings.map(
        ({ paymentId: _payment, walletId: _wallet, memberId, operationId: _key, ...rest }) => {
          assert.ok(memberId > 0)
          return rest
        },
      ),
    )
    facts.push(
      (await deps.ledger.lots(issuerId, walletId)).map(
        ({ lotId: _lot, walletId: _wallet, ...lot }) => lot,
      ),
    )
  }
  const cases = await street.casebook.cases(issuerId, { limit: 10 })
  facts.push(
    cases.map(({ caseKind, state, facts: { missingWon } }) => [caseKind, state, missingWon]),
  )
  return JSON.stringify(facts)
}

function doomed({ deps }: Street, life: Life): Street['deps'] {
  const { store, ledger, casebook } = deps
  return {
    ...deps,
    store: deadly(store, life),
    ledger: deadly(ledger, life),
    casebook: deadly(casebook, life),
  }
}

function ignoreKilled(error: unknown): void {
  if (!(error instanceof Killed)) throw error
}

async function work(street: Street, life: Life | 'two' | undefined): Promise<void> {
  const { deps, issuerId } = street
  if (life === 'two') {
    const now = street.time.now + 1_000
    await street.bench.seal?.(now)
    const one = createCashback(deps)
    const other = createCashback(deps)
    for (let turn = 0; turn < 20; turn += 1) {
      await Promise.all([one.step(issuerId, now), other.step(issuerId, now)])
    }
    return street.work()
  }
  if (life !== undefined) {
    await street.work(createCashback(doomed(street, life))).catch(ignoreKilled)
    street.time.now -= 1_000
  }
  return street.work()
}
