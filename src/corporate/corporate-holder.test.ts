/** A corporation as the holder of a wallet: what is handed back to it, and who is told what its holder is told. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, won, type MemberId, type OperationId } from '../base/base.ts'
import { holderNotices } from './corporate.ts'
import {
  GUNSAN,
  openCorporation,
  openTown,
  OTHER_NUMBER,
  PROGRAM,
} from './fixtures/corporate-town.ts'

const reasonOf = (answer: object): unknown =>
  Reflect.get(answer, 'reason') ?? Reflect.get(answer, 'status')

test('a purchase of which nothing was used is handed back in time, to the account that was debited', async () => {
  const town = await openTown()
  const { corporation, memberId } = await openCorporation(town)
  const { corporationId, walletId } = corporation
  const acting = { issuerId: GUNSAN, corporationId, memberId }
  const buy = async () => {
    const operationId = town.key()
    await town.corporations.buy({
      ...acting,
      operationId,
      programId: PROGRAM,
      faceWon: won(500_000),
    })
    return operationId
  }
  const cancel = async (purchaseId: OperationId, by = memberId, operationId = town.key()) => {
    const wish = { ...acting, memberId: by, purchaseId, operationId }
    const cancelled = await town.corporations.cancel(wish)
    return cancelled.status === 'done' ? cancelled.answer : cancelled
  }
  const first = await buy()
  const stranger = await town.join(8)
  assert.equal(reasonOf(await cancel(first, stranger)), 'corporation_unknown')
  const key = town.key()
  const answer = await cancel(first, memberId, key)
  assert.equal(answer.status === 'returned' && answer.memberWon, 500_000)
  assert.deepEqual(await cancel(first, memberId, key), answer)
  const [lot] = await town.ledger.lots(GUNSAN, walletId)
  assert.equal(lot?.remainingWon, 0)
  const payout = town.ledger.snapshot(GUNSAN).payouts[0]
  assert.deepEqual([payout?.account.accountNumber, payout?.amountWon], ['acc_1', 500_000])
  // What was handed back counts for no cap.
  assert.deepEqual(reasonOf(await cancel(await buy())), 'returned')
  const late = await buy()
  town.time.now += 10 * DAY_MS
  assert.equal(reasonOf(await cancel(late)), 'cancel_window_over')
  const other = await openCorporation(town, { number: OTHER_NUMBER, person: 2, boughtWon: 10_000 })
  const [foreign] = await town.corporations.purchases(GUNSAN, other.corporation.corporationId)
  assert.equal(reasonOf(await cancel(foreign!.operationId)), 'purchase_unknown')
})

test('what the holder of its wallet is told, each who acts for it is told', async () => {
  const town = await openTown()
  const { corporation, memberId } = await openCorporation(town)
  const second = await town.join(5)
  const named = { issuerId: GUNSAN, corporationId: corporation.corporationId }
  await town.corporations.name({ ...named, memberId, named: second, name: '사람5' })
  const { notify } = holderNotices(town.casebook, town.registry)
  const told = async (member: MemberId) => (await town.casebook.noticesOf(GUNSAN, member)).length
  const notice = { noticeKind: 'expiry_ahead', subject: 'prg_3/2031', facts: {} } as const
  const holder = corporation.corporationId as number as MemberId // The ledger's number of the holder.
  await notify(GUNSAN, { ...notice, memberId: holder })
  await notify(GUNSAN, { ...notice, memberId: holder })
  // One who is only named is not told.
  assert.deepEqual([await told(memberId), await told(second), await told(holder)], [1, 0, 0])
  await town.corporations.decideAuthorised({
    ...named,
    memberId: second,
    event: 'confirm',
    by: 'o',
  })
  await notify(GUNSAN, { ...notice, memberId: holder })
  await notify(GUNSAN, { ...notice, memberId: second })
  assert.deepEqual([await told(memberId), await told(second)], [1, 2])
})
