/** Standing orders: what they need, when they buy, and why they end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, formatId, HOUR_MS, won, type MemberId } from '../base/base.ts'
import { Killed } from '../granting/fixtures/small-office.ts'
import { CONSENT, GUNSAN, openShop, type Shop } from './fixtures/small-shop.ts'
import type { TopUp, TopUpAnswer } from './buying.ts'

function started(answer: TopUpAnswer): TopUp {
  assert.ok(answer.status === 'registered', JSON.stringify(answer))
  return answer.order
}
function reasonOf(answer: TopUpAnswer): string {
  if (answer.status === 'field_invalid') return answer.field
  return answer.status === 'refused' || answer.status === 'declined' ? answer.reason : answer.status
}
async function turn(shop: Shop): Promise<readonly [number, number]> {
  const { bought, refused } = await shop.buying.topUpTurn(GUNSAN)
  return [bought, refused]
}
const orderOf = async (shop: Shop, memberId: MemberId) =>
  (await shop.buying.topUpsOf(GUNSAN, memberId))[0]!
const byDate = { trigger: 'date', belowWon: undefined, daysOfMonth: [25] } as const

test('below the balance that was said it buys once, by the consent of the order', async () => {
  const shop = await openShop()
  const memberId = await shop.join('acc-1')
  const order = started(await shop.order(memberId))
  assert.deepEqual(await turn(shop), [1, 0])
  assert.deepEqual(await turn(shop), [0, 0])
  assert.deepEqual(await shop.lotsWon(memberId), [20_000])
  const consents = await shop.registration.consentsOf(GUNSAN, memberId)
  const own = consents.find(({ consentId }) => consentId === order.consentId)
  assert.deepEqual([own?.purpose, own?.subject], ['automatic_top_up', 'acc-1'])
  assert.deepEqual([own?.textHash, own?.device], [CONSENT.textHash, CONSENT.device])
  const { bought, monthWon, running } = await orderOf(shop, memberId)
  assert.deepEqual([bought, monthWon, running], [1, 20_000, null])
  assert.deepEqual(await shop.notices(), ['top_up_bought'])
})

test('a date buys on its day, from the next on, and says when', async () => {
  const shop = await openShop()
  const memberId = await shop.join('acc-1')
  shop.time.now = Date.parse('2026-11-25T08:00:00+09:00')
  started(await shop.order(memberId, byDate))
  shop.time.now += 2 * HOUR_MS
  assert.deepEqual(await turn(shop), [0, 0])
  shop.time.now = Date.parse('2026-12-25T09:00:00+09:00')
  assert.deepEqual(await turn(shop), [1, 0])
  shop.time.now += DAY_MS
  assert.deepEqual(await turn(shop), [0, 0])
  assert.equal((await orderOf(shop, memberId)).doneThrough, '2026-12-25')
})

test('it needs an account, a consent to debits from it, and an order that makes sense', async () => {
  const shop = await openShop()
  const stranger = await shop.join()
  assert.equal(reasonOf(await shop.order(stranger)), 'account_not_linked')
  const memberId = await shop.join('acc-1')
  const refusals = [
    [{ belowWon: undefined }, 'belowWon'],
    [{ belowWon: won(0) }, 'belowWon'],
    [{ ...byDate, daysOfMonth: [] }, 'daysOfMonth'],
    [{ ...byDate, daysOfMonth: [0] }, 'daysOfMonth'],
    [{ ...byDate, daysOfMonth: [32] }, 'daysOfMonth'],
    [{ ...byDate, daysOfMonth: [5, 5] }, 'daysOfMonth'],
    [{ ...byDate, belowWon: won(1) }, 'belowWon'],
    [{ daysOfMonth: [5] }, 'daysOfMonth'],
    [{ monthlyMaxWon: won(19_999) }, 'monthlyMaxWon'],
    [{ amountWon: won(20_001) }, 'amount_not_offered'],
    [{ programId: 9 as never }, 'program_unknown'],
    [{ consent: { ...CONSENT, textHash: 'no hash' } }, 'consent.textHash'],
  ] as const
  for (const [change, reason] of refusals) {
    assert.equal(reasonOf(await shop.order(memberId, change)), reason)
  }
  await shop.setRules({ topUpConsentVersions: ['2027-01'] })
  assert.equal(reasonOf(await shop.order(memberId)), 'consent_text_unknown')
  assert.deepEqual(await shop.buying.topUpsOf(GUNSAN, memberId), [])
})

test('the same start again changes nothing; another changes the order and asks for another consent', async () => {
  const shop = await openShop()
  const memberId = await shop.join('acc-1')
  const first = started(await shop.order(memberId))
  shop.time.now += 1_000
  assert.deepEqual(started(await shop.order(memberId)), first)
  const changed = started(await shop.order(memberId, { amountWon: won(30_000) }))
  assert.equal(changed.orderId, first.orderId)
  assert.notEqual(changed.consentId, first.consentId)
  const other = started(await shop.order(memberId, byDate))
  assert.notEqual(other.orderId, first.orderId)
  assert.equal((await shop.buying.topUpsOf(GUNSAN, memberId)).length, 2)
})

test('refused, it tells why, tries again after a pause, and rests in the end', async () => {
  const shop = await openShop()
  const memberId = await shop.join('acc-1')
  started(await shop.order(memberId))
  shop.debits.answer = { status: 'refused', reason: 'insufficient_balance' }
  assert.deepEqual(await turn(shop), [0, 1])
  assert.deepEqual(await turn(shop), [0, 0])
  for (const wanted of ['active', 'suspended']) {
    shop.time.now += 6 * HOUR_MS
    assert.deepEqual(await turn(shop), [0, 1])
    assert.equal((await orderOf(shop, memberId)).state, wanted)
  }
  const [refusal, , last] = [...(await shop.records('notice'))].toReversed()
  assert.deepEqual(
    [refusal?.noticeKind, refusal?.facts['reason']],
    ['top_up_refused', 'bank_refused'],
  )
  assert.ok(last !== undefined)
  assert.equal((await shop.notices()).filter((kind) => kind === 'top_up_ended').length, 1)
  shop.time.now += DAY_MS
  assert.deepEqual(await turn(shop), [0, 0])
  shop.debits.answer = { status: 'debited' }
  const again = started(await shop.order(memberId))
  assert.deepEqual([again.state, again.refusals], ['active', 0])
  assert.deepEqual(await turn(shop), [1, 0])
})

test('caps and quotas are those of selling', async () => {
  const shop = await openShop({ monthlyQuotaWon: won(30_000) })
  const [one, other] = [await shop.join('acc-1'), await shop.join('acc-2')]
  started(await shop.order(one))
  started(await shop.order(other))
  assert.deepEqual(await turn(shop), [1, 1])
  const [notice] = (await shop.records('notice')).filter(
    ({ noticeKind }) => noticeKind === 'top_up_refused',
  )
  assert.equal(notice?.facts['reason'], 'sold_out')
})

test('a day and a month have their maxima', async () => {
  const shop = await openShop()
  await shop.setRules({ topUpsPerDayMax: 2 })
  const memberId = await shop.join('acc-1')
  // What it buys is never enough, so it would go on for ever.
  started(await shop.order(memberId, { belowWon: won(200_000), monthlyMaxWon: won(70_000) }))
  assert.deepEqual(
    [await turn(shop), await turn(shop), await turn(shop)],
    [
      [1, 0],
      [1, 0],
      [0, 0],
    ],
  )
  shop.time.now += DAY_MS
  assert.deepEqual(
    [await turn(shop), await turn(shop), await turn(shop)],
    [
      [1, 0],
      [0, 0],
      [0, 0],
    ],
  )
  const told = (await shop.records('notice')).filter(
    ({ facts }) => facts['reason'] === 'month_full',
  )
  assert.equal(told.length, 1)
  shop.time.now = Date.parse('2026-12-01T00:00:00+09:00')
  assert.deepEqual(await turn(shop), [1, 0])
})

test('without its consent, without the account or the consent to debits it ends, and says so', async () => {
  const shop = await openShop()
  const revoke = (memberId: MemberId, order: TopUp) =>
    shop.registration.revokeConsent({
      issuerId: GUNSAN,
      memberId,
      consentId: order.consentId,
      by: formatId('mbr', memberId),
      method: 'app',
    })
  const ways: readonly [string, (memberId: MemberId, order: TopUp) => Promise<unknown>][] = [
    ['consent_revoked', revoke],
    ['account_changed', (memberId) => shop.link(memberId, 'acc-other')],
    [
      'debit_consent_revoked',
      async (memberId, order) => {
        const account = await shop.registration.member(GUNSAN, memberId)
        return revoke(memberId, { ...order, consentId: account!.debitConsentId! })
      },
    ],
  ]
  for (const [reason, end] of ways) {
    const memberId = await shop.join(`acc-${reason}`)
    const order = started(await shop.order(memberId))
    await end(memberId, order)
    assert.deepEqual(await turn(shop), [0, 0], reason)
    const after = await orderOf(shop, memberId)
    assert.deepEqual([after.state, after.reason], ['stopped', reason])
    assert.deepEqual(await shop.lotsWon(memberId), [])
  }
  assert.deepEqual(
    await shop.notices(),
    ways.map(() => 'top_up_ended'),
  )
})

test('stopped by the member it buys no more, and its consent is revoked; a stranger’s is unknown', async () => {
  const shop = await openShop()
  const memberId = await shop.join('acc-1')
  const { orderId, consentId } = started(await shop.order(memberId))
  const nosy = await shop.join('acc-2')
  const stop = (who: MemberId) =>
    shop.buying.stopTopUp({ issuerId: GUNSAN, memberId: who, orderId })
  assert.equal(reasonOf(await stop(nosy)), 'top_up_order_unknown')
  const stopped = started(await stop(memberId))
  assert.deepEqual([stopped.state, stopped.reason], ['stopped', 'member'])
  assert.deepEqual(started(await stop(memberId)), stopped)
  assert.deepEqual(await turn(shop), [0, 0])
  const consents = await shop.registration.consentsOf(GUNSAN, memberId)
  assert.notEqual(consents.find((each) => each.consentId === consentId)?.revokedAt, null)
})

test('a bank that is silent is waited for, and nothing is bought twice meanwhile', async () => {
  const shop = await openShop()
  const memberId = await shop.join('acc-1')
  started(await shop.order(memberId))
  shop.debits.answer = { status: 'pending' }
  assert.deepEqual(
    [await turn(shop), await turn(shop)],
    [
      [0, 0],
      [0, 0],
    ],
  )
  assert.equal(shop.debits.keys.length, 1)
  const { running } = await orderOf(shop, memberId)
  await shop.selling.conclude(GUNSAN, running!.operationId, true)
  assert.deepEqual(await turn(shop), [1, 0])
  assert.deepEqual(await shop.lotsWon(memberId), [20_000])
})

test('stopped while the bank is silent, what had begun ends as the bank says, and nothing follows', async () => {
  const shop = await openShop()
  const memberId = await shop.join('acc-1')
  const { orderId } = started(await shop.order(memberId))
  shop.debits.answer = { status: 'pending' }
  await turn(shop)
  const stop = async () =>
    started(await shop.buying.stopTopUp({ issuerId: GUNSAN, memberId, orderId }))
  assert.equal((await stop()).state, 'stopping')
  assert.deepEqual(await turn(shop), [0, 0])
  const { running } = await orderOf(shop, memberId)
  await shop.selling.conclude(GUNSAN, running!.operationId, true)
  assert.deepEqual(
    [await turn(shop), await turn(shop)],
    [
      [1, 0],
      [0, 0],
    ],
  )
  const after = await orderOf(shop, memberId)
  assert.deepEqual([after.state, after.reason, after.bought], ['stopped', 'member', 1])
  assert.deepEqual(await shop.notices(), ['top_up_bought'])
})

test('started anew while what the old one began is open, both come to their own end', async () => {
  const shop = await openShop()
  const memberId = await shop.join('acc-1')
  const { orderId } = started(await shop.order(memberId))
  // It dies between the claim and the reservation.
  shop.life.dieAt(9, 'before')
  await assert.rejects(turn(shop), Killed)
  shop.life.dieAt(undefined, 'before')
  const { running } = await orderOf(shop, memberId)
  assert.ok(running !== null)
  await shop.buying.stopTopUp({ issuerId: GUNSAN, memberId, orderId })
  started(await shop.order(memberId, { amountWon: won(30_000) }))
  assert.deepEqual(
    [await turn(shop), await turn(shop)],
    [
      [0, 0],
      [1, 0],
    ],
  )
  assert.deepEqual(await shop.lotsWon(memberId), [30_000])
  assert.equal((await orderOf(shop, memberId)).state, 'active')
})

test('orders are gone through page by page', async () => {
  const shop = await openShop()
  for (let number = 1; number <= 120; number += 1) {
    started(await shop.order(await shop.join(`acc-${number}`)))
  }
  const pages: number[] = []
  let before: number | undefined
  do {
    const page = await shop.buying.topUpTurn(GUNSAN, before)
    pages.push(page.bought)
    ;({ before } = page)
  } while (before !== undefined)
  assert.deepEqual(pages, [50, 50, 20])
})

/** One order of a date and one of a balance of two members, over three months, with a process that dies. */
async function story(step: number | undefined, when: 'before' | 'after') {
  const shop = await openShop()
  const [one, two] = [await shop.join('acc-1'), await shop.join('acc-2')]
  started(await shop.order(one, byDate))
  started(await shop.order(two))
  shop.life.dieAt(step, when)
  for (const date of ['11-23', '11-25', '11-26', '12-25', '12-26']) {
    shop.time.now = Date.parse(`2026-${date}T10:00:00+09:00`)
    if (date === '12-25') shop.debits.answer = { status: 'refused', reason: 'insufficient_balance' }
    // Whoever died is followed by the next turn, and the resolver comes round.
    for (let round = 0; round < 4; round += 1) {
      try {
        await shop.buying.topUpTurn(GUNSAN)
        await shop.selling.resolve(GUNSAN, { olderThanMs: 0, limit: 10 })
      } catch (error) {
        if (!(error instanceof Killed)) throw error
        shop.life.dieAt(undefined, when)
      }
      shop.time.now += 1_000
    }
  }
  const calls = shop.life.calls()
  shop.life.dieAt(undefined, when)
  return { shop, one, two, calls }
}

type Story = Awaited<ReturnType<typeof story>>

async function outcome({ shop, one, two }: Story): Promise<unknown> {
  const orders = [await orderOf(shop, one), await orderOf(shop, two)]
  return {
    lots: [await shop.lotsWon(one), await shop.lotsWon(two)],
    debits: shop.debits.taken,
    bought: (await shop.notices()).filter((kind) => kind === 'top_up_bought').length,
    ended: (await shop.notices()).filter((kind) => kind === 'top_up_ended').length,
    orders: orders.map(({ bought, monthWon, running }) => [bought, monthWon, running]),
  }
}

const refusalsOf = async ({ shop }: Story): Promise<number> =>
  (await shop.notices()).filter((kind) => kind === 'top_up_refused').length

test('killed at any call, every occasion is bought once and told once', async () => {
  const whole = await story(undefined, 'before')
  const wanted = await outcome(whole)
  assert.deepEqual((wanted as { lots: number[][] }).lots, [[20_000], [20_000]])
  assert.ok(whole.calls > 60, `${whole.calls} calls`)
  for (const when of ['before', 'after'] as const) {
    for (let step = 1; step <= whole.calls; step += 1) {
      const killed = await story(step, when)
      assert.deepEqual(await outcome(killed), wanted, `killed ${when} ${step}`)
      // A purchase that died between reservation and debit is given up, told as refused, and bought after the pause.
      const more = (await refusalsOf(killed)) - (await refusalsOf(whole))
      assert.ok(more === 0 || more === 1, `${more} more refusals`)
    }
  }
})

test('two that work at once buy once', async () => {
  const shop = await openShop()
  const memberId = await shop.join('acc-1')
  started(await shop.order(memberId))
  await Promise.all([turn(shop), turn(shop), turn(shop)])
  await turn(shop)
  assert.deepEqual(await shop.lotsWon(memberId), [20_000])
  assert.equal(shop.debits.keys.length, 1)
  assert.deepEqual(await shop.notices(), ['top_up_bought'])
  assert.match(formatId('cas', (await orderOf(shop, memberId)).orderId), /^cas_/)
})
