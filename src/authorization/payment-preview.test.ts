/** Looking before paying: what is shown is what then happens, and looking leaves nothing behind. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { won } from '../base/base.ts'
import { DYNAMIC_CODE_VALID_MS } from '../qr/qr.ts'
import {
  GUNSAN,
  HANEUL,
  openSmallShop,
  shop,
  stipendProgram,
  voucherProgram,
  voucherTerms,
  programOf,
  type SmallShop,
} from './fixtures/small-shop.ts'

const DAY_MS = 86_400_000

function considered(at: SmallShop, amountWon: number) {
  return { issuerId: GUNSAN, payer: HANEUL, code: at.staticCode(), amountWon: won(amountWon) }
}

async function openWithMoney(): Promise<SmallShop> {
  const at = await openSmallShop()
  await at.give(9_000)
  await at.give(2_000, { expiresAt: at.now + DAY_MS })
  await at.give(3_000, { kind: 'stipend' })
  return at
}

test('what is shown is what is paid, in the order that policy or the payer says', async () => {
  for (const preferredPrograms of [undefined, [voucherProgram], [stipendProgram, voucherProgram]]) {
    const at = await openWithMoney()
    const chosen = preferredPrograms === undefined ? {} : { preferredPrograms }
    const payment = { ...considered(at, 6_000), ...chosen }
    const told = await at.authorization.preview(payment)
    assert.deepEqual(
      [told.refusal, told.amountWon, told.spendableWon, told.leftWon, told.missingWon],
      [undefined, 6_000, 14_000, 8_000, 0],
    )
    const operationId = at.newKey()
    const { outcome } = await at.authorization.payMerchantCode({ ...payment, operationId })
    assert.ok(outcome.status === 'posted')
    assert.deepEqual(told.legs, outcome.legs)
  }
})

test('looking records nothing and moves nothing', async () => {
  const at = await openWithMoney()
  const before = at.ledger.snapshot(GUNSAN)
  await at.authorization.preview(considered(at, 6_000))
  await at.authorization.preview(considered(at, 600_000))
  assert.deepEqual(at.ledger.snapshot(GUNSAN), before)
})

test('where it is too little it says by how much, and takes no part', async () => {
  const at = await openWithMoney()
  assert.deepEqual(await at.authorization.preview(considered(at, 14_001)), {
    amountWon: 14_001,
    refusal: 'insufficient_funds',
    legs: [],
    spendableWon: 14_000,
    leftWon: 14_000,
    missingWon: 1,
  })
  at.now += DAY_MS
  const later = await at.authorization.preview(considered(at, 14_000))
  assert.deepEqual([later.spendableWon, later.missingWon], [12_000, 2_000], 'a lot has expired')
})

test('money that may not pay here is not counted', async () => {
  const at = await openWithMoney()
  at.programs = [programOf(voucherTerms)]
  const told = await at.authorization.preview(considered(at, 12_000))
  assert.deepEqual([told.spendableWon, told.missingWon], [11_000, 1_000])
})

test('what policy is against is said with its reason, and no money is counted', async () => {
  const none = { legs: [], spendableWon: 0, leftWon: 0, missingWon: 0 }
  const at = await openWithMoney()
  at.walletStopped = true
  assert.deepEqual(await at.authorization.preview(considered(at, 1_000)), {
    ...none,
    amountWon: 1_000,
    refusal: 'wallet_stopped',
  })
  at.walletStopped = false
  at.merchant = { ...shop, status: 'suspended' }
  const { refusal } = await at.authorization.preview(considered(at, 1_000))
  assert.equal(refusal, 'merchant_not_active')
  at.merchant = shop
  const code = at.dynamicCode(5_000)
  const asked = { issuerId: GUNSAN, payer: HANEUL, code }
  assert.equal((await at.authorization.preview(asked)).amountWon, 5_000)
  at.now += DYNAMIC_CODE_VALID_MS + 1_000
  const late = await at.authorization.preview(asked)
  assert.deepEqual([late.refusal, late.spendableWon], ['code_expired', 0])
})
