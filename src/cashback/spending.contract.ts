/** What waits for the member, for room or for a pot, and what pots give: for every ledger and store. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, id, won } from '../base/base.ts'
import type { FundingPot } from '../issuing/issuing.ts'
import {
  at,
  earned,
  LARGE,
  monthOf,
  openStreet,
  PROGRAM,
  SMALL,
  withRules,
  type OpenBench,
  type Street,
} from './fixtures/street.ts'

export function spendsCashback(open: OpenBench): void {
  const street = async () => openStreet(await open())
  waits(street)
  draws(street)
}

function waits(street: () => Promise<Street>): void {
  test('by the button: it waits outside the wallet, and the button brings it in once', async () => {
    const here = await street()
    const { cashback, issuerId } = here
    withRules(here, { spending: 'by_button' })
    const wallet = await here.join([[PROGRAM, 100_000]])
    await here.pay(wallet, SMALL, 10_000)
    await here.pay(wallet, SMALL, 20_000)
    await here.work()
    assert.equal(await here.lots(wallet), 'purchase 70000/100000')
    const { waiting } = await monthOf(here, wallet, '2026-12-01')
    assert.deepEqual(waiting, [{ programId: PROGRAM, amountWon: 3_900 }])
    const command = { issuerId, walletId: wallet, requestId: here.newKey() }
    const pressed = await cashback.press(command)
    assert.ok(pressed.status === 'done')
    assert.deepEqual(
      pressed.earnings.map(({ state }) => state),
      ['posted', 'posted'],
    )
    const lots = 'cashback 1300/1300 cashback 2600/2600 purchase 70000/100000'
    assert.equal(await here.lots(wallet), lots)
    await here.pay(wallet, LARGE, 1)
    await here.pay(wallet, SMALL, 40_000)
    await here.work()
    assert.deepEqual(await cashback.press(command), pressed)
    assert.deepEqual((await monthOf(here, wallet, '2026-12-01')).waiting, [
      { programId: PROGRAM, amountWon: 4_693 },
    ])
    const other = await here.join([])
    assert.deepEqual(await cashback.press({ ...command, walletId: other }), {
      status: 'key_reused',
    })
  })

  test('the member chooses, from the next payment on', async () => {
    const here = await street()
    const { cashback, issuerId } = here
    const wallet = await here.join([[PROGRAM, 100_000]])
    const choose = (spending: 'automatic' | 'by_button') => {
      here.time.now += 1
      return cashback.choose({ issuerId, walletId: wallet, requestId: here.newKey(), spending })
    }
    await here.pay(wallet, SMALL, 10_000)
    await choose('by_button')
    await here.pay(wallet, SMALL, 10_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), ['posted 1300 null', 'waiting 1300 null'])
    assert.equal((await monthOf(here, wallet, '2026-12-01')).chosen, 'by_button')
    await choose('automatic')
    await here.pay(wallet, SMALL, 10_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), [
      'posted 1300 null',
      'waiting 1300 null',
      'posted 1131 null',
    ])
  })

  test('what waits is less when its payment is cancelled, and nothing when all of it is', async () => {
    const here = await street()
    const { cashback, issuerId } = here
    withRules(here, { spending: 'by_button' })
    const wallet = await here.join([[PROGRAM, 100_000]])
    const part = await here.pay(wallet, SMALL, 10_000)
    const whole = await here.pay(wallet, SMALL, 20_000)
    await here.work()
    await here.cancel(part, SMALL, 5_000)
    await here.cancel(whole, SMALL)
    await here.work()
    assert.deepEqual(await earned(here, wallet), ['waiting 650 null', 'cancelled 0 null'])
    await cashback.press({ issuerId, walletId: wallet, requestId: here.newKey() })
    await here.cancel(part, SMALL)
    await here.work()
    assert.equal(await here.lots(wallet), 'cashback 0/650 purchase 100000/100000')
  })

  test('what waits until it could not be spent any more lapses', async () => {
    const here = await street()
    const { cashback, issuerId } = here
    withRules(here, { spending: 'by_button', validityMonths: 1 })
    const wallet = await here.join([[PROGRAM, 100_000]])
    await here.pay(wallet, SMALL, 10_000)
    await here.work()
    here.time.now = at('2027-01-02', 0) - 1_001
    await here.work()
    assert.deepEqual(await earned(here, wallet), ['waiting 1300 null'])
    await here.work()
    assert.deepEqual(await earned(here, wallet), ['lapsed 1300 null'])
    await cashback.press({ issuerId, walletId: wallet, requestId: here.newKey() })
    assert.equal(await here.lots(wallet), 'purchase 90000/100000')
  })

  test('what the law lets nobody hold waits for room, and for the button', async () => {
    const here = await street()
    const { cashback, issuerId } = here
    const wallet = await here.join([[PROGRAM, 2_000_000]])
    await here.pay(wallet, SMALL, 10_000)
    await here.give(wallet, PROGRAM, 9_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), ['waiting 1300 null'])
    const press = () => cashback.press({ issuerId, walletId: wallet, requestId: here.newKey() })
    await press()
    assert.deepEqual(await earned(here, wallet), ['waiting 1300 null'])
    await here.pay(wallet, LARGE, 300)
    await press()
    assert.deepEqual((await earned(here, wallet))[0], 'posted 1300 null')
  })
}

function draws(street: () => Promise<Street>): void {
  const potOf = (issuerId: Street['issuerId'], amountWon: number): FundingPot => ({
    potId: id('pot', 1_000 + issuerId),
    issuerId,
    name: '시비 2026',
    funder: 'city',
    programIds: [PROGRAM],
    startsOn: '2026-01-01' as FundingPot['startsOn'],
    endsOn: '2026-12-31' as FundingPot['endsOn'],
    amountWon: won(amountWon),
  })

  test('an empty pot pays nothing more, and a cancellation fills it again', async () => {
    const here = await street()
    const { issuerId, bench } = here
    // 30 % of each 1,300 is the city’s.
    here.pots.push(potOf(issuerId, 900))
    const wallet = await here.join([[PROGRAM, 100_000]])
    const first = await here.pay(wallet, SMALL, 10_000)
    for (let count = 0; count < 2; count += 1) await here.pay(wallet, SMALL, 10_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), [
      'posted 1300 null',
      'posted 1300 null',
      'nothing 0 budget_exhausted',
    ])
    const { potId } = here.pots[0]!
    assert.equal((await bench.ledger.potUses(issuerId, [potId])).get(potId), 780)
    await here.cancel(first, SMALL)
    await here.work()
    assert.equal((await bench.ledger.potUses(issuerId, [potId])).get(potId) ?? 0, 390)
    await here.pay(wallet, SMALL, 10_000)
    await here.work()
    assert.deepEqual((await earned(here, wallet)).at(-1), 'posted 1131 null')
  })

  test('a pot that others emptied meanwhile refuses, and what was promised waits on', async () => {
    const here = await street()
    const { issuerId, cashback } = here
    here.pots.push(potOf(issuerId, 1_000))
    withRules(here, { spending: 'by_button' })
    const wallet = await here.join([[PROGRAM, 100_000]])
    await here.pay(wallet, SMALL, 10_000)
    await here.work()
    here.pots[0] = potOf(issuerId, 0)
    const press = () => cashback.press({ issuerId, walletId: wallet, requestId: here.newKey() })
    await press()
    assert.deepEqual(await earned(here, wallet), ['waiting 1300 null'])
    const [waiting] = await cashback.earningsOf(issuerId, wallet, { limit: 1 })
    assert.equal(waiting?.waitsFor, 'budget')
    here.pots[0] = potOf(issuerId, 1_000)
    await press()
    assert.deepEqual(await earned(here, wallet), ['posted 1300 null'])
  })

  test('what waits is promised: others earn only what the pots have beside it', async () => {
    const here = await street()
    const { issuerId, cashback } = here
    here.pots.push(potOf(issuerId, 900))
    const [ann, bob] = [await here.join([[PROGRAM, 90_000]]), await here.join([[PROGRAM, 90_000]])]
    const choice = { issuerId, walletId: ann, requestId: here.newKey() }
    await cashback.choose({ ...choice, spending: 'by_button' })
    const first = await here.pay(ann, SMALL, 10_000)
    await here.pay(ann, SMALL, 10_000)
    await here.work()
    await here.pay(bob, SMALL, 10_000)
    await here.work()
    assert.deepEqual(await earned(here, ann), ['waiting 1300 null', 'waiting 1300 null'])
    assert.deepEqual(await earned(here, bob), ['nothing 0 budget_exhausted'])
    await here.cancel(first, SMALL)
    await here.work()
    await here.pay(bob, SMALL, 10_000)
    await here.work()
    assert.deepEqual((await earned(here, bob))[1], 'posted 1300 null')
    await cashback.press({ issuerId, walletId: ann, requestId: here.newKey() })
    assert.deepEqual(await earned(here, ann), ['cancelled 0 null', 'posted 1300 null'])
  })

  test('a pot that is over gives nothing', async () => {
    const here = await street()
    here.pots.push(potOf(here.issuerId, 1_000_000))
    const wallet = await here.join([[PROGRAM, 100_000]])
    here.time.now = at('2026-12-31', 23, 50)
    await here.pay(wallet, SMALL, 10_000)
    here.time.now += DAY_MS
    await here.pay(wallet, SMALL, 10_000)
    await here.work()
    assert.deepEqual(await earned(here, wallet), [
      'nothing 0 budget_exhausted',
      'nothing 0 budget_exhausted',
    ])
  })
}
