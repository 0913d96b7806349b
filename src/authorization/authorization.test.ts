/** From a code to the ledger's one answer: both ways of showing a code, and what a key means afterwards. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id, won, type OperationId } from '../base/base.ts'
import type { Outcome } from '../ledger/ledger.ts'
import { CONSUMER_CODE_STEP_MS, DYNAMIC_CODE_VALID_MS } from '../qr/qr.ts'
import {
  clerk,
  GUNSAN,
  HANEUL,
  IKSAN,
  openSmallShop,
  outlet,
  shop,
  sticker,
  type SmallShop,
} from './fixtures/small-shop.ts'

interface Payment {
  code: string
  key?: OperationId
  amountWon?: number
  issuerId?: typeof GUNSAN
}

async function pay(at: SmallShop, { code, key, amountWon, issuerId }: Payment) {
  return at.authorization.payMerchantCode({
    issuerId: issuerId ?? GUNSAN,
    operationId: key ?? at.newKey(),
    payer: HANEUL,
    code,
    ...(amountWon === undefined ? {} : { amountWon: won(amountWon) }),
  })
}

async function scan(at: SmallShop, code: string, options: { key?: OperationId } = {}) {
  return at.authorization.payConsumerCode({
    issuerId: GUNSAN,
    operationId: options.key ?? at.newKey(),
    clerk: { clerkId: clerk.clerkId, merchantId: shop.merchantId, outletId: outlet.outletId },
    code,
    amountWon: won(4_000),
  })
}

/** `posted`, `again posted`, a reason, `again` with a reason, or `key_reused`. */
function told(outcome: Outcome): string {
  if (outcome.status === 'key_reused') return 'key_reused'
  const word = outcome.status === 'posted' ? 'posted' : outcome.reason
  return outcome.replayed ? `again ${word}` : word
}

async function openWithMoney(): Promise<SmallShop> {
  const at = await openSmallShop()
  await at.give(100_000)
  await at.give(3_000, { kind: 'stipend' })
  return at
}

test('a sticker pays what the payer typed, the stipend first, and the receipt names the shop', async () => {
  const at = await openWithMoney()
  const answer = await pay(at, { code: at.staticCode(), amountWon: 10_000 })
  assert.equal(told(answer.outcome), 'posted')
  assert.ok(answer.outcome.status === 'posted')
  assert.deepEqual(
    answer.outcome.legs.map(({ kind, amountWon }) => [kind, amountWon]),
    [
      ['stipend', 3_000],
      ['purchase', 7_000],
    ],
  )
  assert.equal(answer.channel, 'mpm_static')
  assert.equal(answer.merchant, shop)
  assert.equal(answer.outlet, outlet)
  assert.deepEqual(await at.left(), { stipend: 0, purchase: 93_000 })
})

test("a till's code pays its own amount, typed again or not, and not another", async () => {
  const at = await openWithMoney()
  const bare = await pay(at, { code: at.dynamicCode(5_000) })
  assert.deepEqual(
    [told(bare.outcome), bare.amountWon, bare.channel],
    ['posted', 5_000, 'mpm_dynamic'],
  )
  const typed = await pay(at, { code: at.dynamicCode(5_000), amountWon: 5_000 })
  assert.equal(told(typed.outcome), 'posted')
  const other = await pay(at, { code: at.dynamicCode(5_000), amountWon: 4_999 })
  assert.deepEqual([told(other.outcome), other.amountWon], ['amount_differs_from_code', 5_000])
  assert.deepEqual(await at.left(), { stipend: 0, purchase: 93_000 })
})

test("a till's code lives for its three minutes; a payment that was made with it is told for ever", async () => {
  const at = await openWithMoney()
  const code = at.dynamicCode(5_000)
  const [first, second] = [at.newKey(), at.newKey()]
  at.now += DYNAMIC_CODE_VALID_MS - 1
  assert.equal(told((await pay(at, { code, key: first })).outcome), 'posted')
  at.now += 1
  assert.equal(told((await pay(at, { code, key: second })).outcome), 'code_expired')
  at.now += 30 * 86_400_000
  assert.equal(told((await pay(at, { code, key: first })).outcome), 'again posted')
  assert.equal(told((await pay(at, { code, key: second })).outcome), 'again code_expired')
})

test('a decline of policy is kept too: what was closed then stays declined when the shop opens', async () => {
  const at = await openWithMoney()
  const key = at.newKey()
  const payment = { code: at.staticCode(), amountWon: 1_000, key }
  at.outlet = { ...outlet, open: false }
  assert.equal(told((await pay(at, payment)).outcome), 'outlet_closed')
  at.outlet = outlet
  assert.equal(told((await pay(at, payment)).outcome), 'again outlet_closed')
  assert.equal(told((await pay(at, { ...payment, key: at.newKey() })).outcome), 'posted')
  at.walletStopped = true
  assert.equal(told((await pay(at, { ...payment, key: at.newKey() })).outcome), 'wallet_stopped')
})

test('a key that asks for something else is the mistake of the client and moves nothing', async () => {
  const at = await openWithMoney()
  const key = at.newKey()
  await pay(at, { code: at.staticCode(), amountWon: 1_000, key })
  const before = at.ledger.snapshot(GUNSAN)
  const other = await pay(at, { code: at.staticCode(), amountWon: 1_001, key })
  assert.equal(told(other.outcome), 'key_reused')
  assert.deepEqual(at.ledger.snapshot(GUNSAN), before)
})

test('a code of another issuer is told to be one, whichever side is wrong', async () => {
  const at = await openWithMoney()
  const foreign = await pay(at, { code: at.staticCode('iksan'), amountWon: 1_000 })
  assert.equal(told(foreign.outcome), 'code_of_other_issuer')
  assert.equal(foreign.merchant, undefined)
  const there = await pay(at, { code: at.staticCode(), amountWon: 1_000, issuerId: IKSAN })
  assert.equal(told(there.outcome), 'code_of_other_issuer')
  const unheard = await pay(at, { code: at.staticCode('jeju'), amountWon: 1_000 })
  assert.equal(told(unheard.outcome), 'code_of_other_issuer')
})

test('a code that was altered in any place pays nothing', async () => {
  const at = await openWithMoney()
  for (const code of [at.staticCode(), at.dynamicCode(5_000)]) {
    for (let index = 0; index < code.length; index += 1) {
      const letter = code[index] === '7' ? '8' : '7'
      const altered = code.slice(0, index) + letter + code.slice(index + 1)
      const { outcome } = await pay(at, { code: altered, amountWon: 5_000 })
      assert.equal(outcome.status, 'declined', `altered at ${index}: ${altered}`)
    }
  }
  assert.deepEqual(await at.left(), { stipend: 3_000, purchase: 100_000 })
})

test('a sticker counts only while its kit is active and at its own outlet', async () => {
  const at = await openWithMoney()
  const payment = { code: at.staticCode(), amountWon: 1_000 }
  for (const kit of [
    undefined,
    { ...sticker, active: false },
    { ...sticker, outletId: id('out', 2) },
  ]) {
    at.kit = kit
    assert.equal(told((await pay(at, payment)).outcome), 'code_invalid')
  }
  at.kit = sticker
  assert.equal(told((await pay(at, payment)).outcome), 'posted')
})

test('an outlet that is gone, or a merchant, is unknown, and that too is written down', async () => {
  const at = await openWithMoney()
  const key = at.newKey()
  at.outlet = undefined
  const answer = await pay(at, { code: at.staticCode(), amountWon: 1_000, key })
  assert.equal(told(answer.outcome), 'merchant_unknown')
  const recorded = await at.authorization.enquire(GUNSAN, key)
  assert.deepEqual([recorded?.decline, recorded?.merchantId], ['merchant_unknown', undefined])
})

test('a sticker without an amount pays nothing, and the payer is told to give one', async () => {
  const at = await openWithMoney()
  const before = at.ledger.snapshot(GUNSAN)
  const answer = await pay(at, { code: at.staticCode() })
  assert.equal(told(answer.outcome), 'amount_missing')
  assert.deepEqual(at.ledger.snapshot(GUNSAN).lots, before.lots)
})

test("the payer's code pays once, by any till", async () => {
  const at = await openWithMoney()
  const code = at.consumerCode()
  const key = at.newKey()
  const answer = await scan(at, code, { key })
  assert.deepEqual(
    [told(answer.outcome), answer.channel, answer.walletId],
    ['posted', 'cpm', HANEUL.walletId],
  )
  assert.equal(told((await scan(at, code)).outcome), 'code_already_used')
  assert.equal(told((await scan(at, code, { key })).outcome), 'again posted')
  at.now += CONSUMER_CODE_STEP_MS
  assert.equal(told((await scan(at, at.consumerCode())).outcome), 'posted')
  assert.equal((await at.authorization.enquire(GUNSAN, key))?.actor, 'clk_1')
})

test("the payer's code expires; the payment made with it does not", async () => {
  const at = await openWithMoney()
  const code = at.consumerCode()
  const key = at.newKey()
  await scan(at, code, { key })
  at.now += 8 * CONSUMER_CODE_STEP_MS
  const late = at.newKey()
  assert.equal(told((await scan(at, code, { key: late })).outcome), 'code_expired')
  assert.equal(told((await scan(at, code, { key: late })).outcome), 'again code_expired')
  assert.equal(told((await scan(at, code, { key })).outcome), 'again posted')
})

test('a telephone that was replaced pays no more, and what it paid is still told', async () => {
  const at = await openWithMoney()
  const code = at.consumerCode()
  const [paid, late] = [at.newKey(), at.newKey()]
  assert.equal(told((await scan(at, code, { key: paid })).outcome), 'posted')
  at.phoneActive = false
  assert.equal(told((await scan(at, code, { key: late })).outcome), 'code_invalid')
  assert.equal(told((await scan(at, code, { key: late })).outcome), 'again code_invalid')
  assert.equal(told((await scan(at, code, { key: paid })).outcome), 'again posted')
})

test('a code that names no telephone is declined and leaves no trace', async () => {
  const at = await openWithMoney()
  const before = at.ledger.snapshot(GUNSAN)
  const code = at.consumerCode()
  for (const shown of ['', '0000', `${code.slice(0, -1)}x`, `92${code.slice(2)}`]) {
    const answer = await scan(at, shown)
    assert.deepEqual([told(answer.outcome), answer.walletId], ['code_invalid', undefined])
  }
  assert.deepEqual(at.ledger.snapshot(GUNSAN), before)
})

test('a clerk cannot take a payment for an outlet of another shop', async () => {
  const at = await openWithMoney()
  at.outlet = { ...outlet, merchantId: id('mrc', 2) }
  assert.equal(told((await scan(at, at.consumerCode())).outcome), 'merchant_unknown')
})

test('a decline does not use up the code that was shown', async () => {
  const at = await openWithMoney()
  const code = at.consumerCode()
  at.outlet = { ...outlet, open: false }
  assert.equal(told((await scan(at, code)).outcome), 'outlet_closed')
  at.outlet = outlet
  assert.equal(told((await scan(at, code)).outcome), 'posted')
})

test('money is given back by the shop that was paid, in parts, to the lots that paid', async () => {
  const at = await openWithMoney()
  const paymentId = at.newKey()
  await pay(at, { code: at.staticCode(), amountWon: 10_000, key: paymentId })
  const cancel = async (merchantId: typeof shop.merchantId, amountWon?: number) =>
    told(
      await at.authorization.cancel({
        issuerId: GUNSAN,
        operationId: at.newKey(),
        clerk: { clerkId: clerk.clerkId, merchantId },
        paymentId,
        ...(amountWon === undefined ? {} : { amountWon: won(amountWon) }),
      }),
    )
  assert.equal(await cancel(id('mrc', 2)), 'payment_of_other_merchant')
  assert.equal(await cancel(shop.merchantId, 10_001), 'cancel_exceeds_payment')
  assert.equal(await cancel(shop.merchantId, 8_000), 'posted')
  assert.deepEqual(await at.left(), { stipend: 1_000, purchase: 100_000 })
  assert.equal(await cancel(shop.merchantId), 'posted')
  assert.deepEqual(await at.left(), { stipend: 3_000, purchase: 100_000 })
  assert.equal(await cancel(shop.merchantId), 'cancel_exceeds_payment')
})

test('a key that nobody used is answered with nothing', async () => {
  const at = await openWithMoney()
  assert.equal(await at.authorization.enquire(GUNSAN, at.newKey()), undefined)
})
