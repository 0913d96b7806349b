/** Purchases by virtual account: the deposit, its absence, and a bank that is silent, late or wrong. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { HOUR_MS, MINUTE_MS, operationId, won } from '../base/base.ts'
import { sampleTerms } from '../issuing/terms-sample.ts'
import { GUNSAN, openShop, VOUCHER, type Shop } from './fixtures/small-shop.ts'
import type { DepositPurchaseAnswer, VirtualAccount } from './buying.ts'

function opened(answer: DepositPurchaseAnswer): VirtualAccount {
  assert.ok(answer.status === 'registered', JSON.stringify(answer))
  return answer.account
}
const reasonOf = (answer: DepositPurchaseAnswer): string =>
  answer.status === 'refused' || answer.status === 'declined' ? answer.reason : answer.status
const pay = (shop: Shop, account: VirtualAccount, change: object = {}) =>
  shop.virtual.books.payIn(
    {
      accountNumber: account.accountNumber!,
      amountWon: account.payWon,
      payer: '김하늘',
      ...change,
    },
    shop.time.now,
  )
const look = async (shop: Shop, { memberId, purchaseId }: VirtualAccount) =>
  opened(await shop.buying.lookAtVirtualAccount({ issuerId: GUNSAN, memberId, purchaseId }))
const turn = (shop: Shop) => shop.buying.depositTurn(GUNSAN)
const returns = ({ virtual }: Shop) => virtual.entries.filter(({ kind }) => kind === 'return')

test('a deposit of the amount issues the lot, once, however often it is told', async () => {
  const shop = await openShop()
  const memberId = await shop.join()
  const account = opened(await shop.open(memberId))
  assert.deepEqual([account.state, account.payWon, account.bankCode], ['waiting', 27_000, '011'])
  assert.equal(account.depositUntil, shop.time.now + 4 * HOUR_MS)
  assert.deepEqual([await shop.lotsWon(memberId), shop.countedWon()], [[], 30_000])
  assert.deepEqual(pay(shop, account, { amountWon: 26_999 }), { refusal: 'amount_differs' })
  pay(shop, account)
  assert.deepEqual(pay(shop, account), { refusal: 'already_paid' })
  assert.deepEqual(await turn(shop), { taken: 1, lapsed: 0, done: true })
  assert.deepEqual(await turn(shop), { taken: 0, lapsed: 0, done: true })
  assert.equal((await look(shop, account)).state, 'paid')
  assert.deepEqual([await shop.lotsWon(memberId), shop.countedWon()], [[30_000], 30_000])
  assert.deepEqual(await shop.notices(), ['deposit_paid'])
})

test('who looks need not wait for the turn', async () => {
  const shop = await openShop()
  const memberId = await shop.join()
  const account = opened(await shop.open(memberId))
  pay(shop, account)
  assert.equal((await look(shop, account)).state, 'paid')
  assert.deepEqual(await shop.lotsWon(memberId), [30_000])
  await turn(shop)
  assert.deepEqual(await shop.lotsWon(memberId), [30_000])
})

test('the time ends at its edge, and only the bank ends the purchase', async () => {
  const shop = await openShop()
  const memberId = await shop.join()
  const account = opened(await shop.open(memberId))
  shop.time.now = account.depositUntil - 1
  assert.equal((await turn(shop)).lapsed, 0)
  assert.equal(shop.countedWon(), 30_000)
  shop.time.now = account.depositUntil + 1
  assert.deepEqual(pay(shop, account), { refusal: 'account_closed' })
  shop.virtual.weather = 'lost'
  await assert.rejects(turn(shop))
  assert.equal(shop.countedWon(), 30_000)
  shop.virtual.weather = 'fine'
  assert.equal((await turn(shop)).lapsed, 1)
  assert.equal(shop.countedWon(), 0)
  assert.deepEqual(await shop.notices(), ['deposit_lapsed'])
  assert.equal((await turn(shop)).lapsed, 0)
})

test('money that the bank takes all the same goes back, and is a case where it cannot', async () => {
  const shop = await openShop()
  const memberId = await shop.join()
  const late = opened(await shop.open(memberId))
  shop.time.now += 4 * HOUR_MS + 1
  await turn(shop)
  pay(shop, late, { isForced: true })
  pay(shop, late, { isForced: true, payer: '해지 계좌' })
  const paid = opened(await shop.open(memberId))
  pay(shop, paid)
  pay(shop, paid, { isForced: true })
  pay(shop, paid, { isForced: true, amountWon: 1 })
  assert.equal((await turn(shop)).taken, 5)
  assert.deepEqual(
    returns(shop).map((entry) => entry.kind === 'return' && entry.isReturned),
    [true, false, true, true],
  )
  assert.deepEqual(await shop.lotsWon(memberId), [30_000])
  const cases = await shop.records('case')
  assert.deepEqual(
    cases.map(({ caseKind, facts }) => [caseKind, facts['amountWon']]),
    [['deposit_unreturned', 27_000]],
  )
  const told = await shop.notices()
  assert.equal(told.filter((kind) => kind === 'deposit_returned').length, 3)
  assert.equal((await turn(shop)).taken, 0)
})

test('a number whose answer was lost is asked for again, and a repeat gets the same', async () => {
  const shop = await openShop()
  const memberId = await shop.join()
  const key = randomUUID()
  shop.virtual.weather = 'lost'
  const first = opened(await shop.open(memberId, 30_000, key))
  assert.deepEqual([first.state, first.accountNumber], ['prepared', null])
  shop.virtual.weather = 'never_sent'
  assert.equal(opened(await shop.open(memberId, 30_000, key)).state, 'prepared')
  shop.virtual.weather = 'fine'
  shop.time.now += 2 * MINUTE_MS
  await turn(shop)
  const known = await look(shop, first)
  assert.equal(known.state, 'waiting')
  assert.deepEqual(opened(await shop.open(memberId, 30_000, key)), known)
  assert.equal(reasonOf(await shop.open(memberId, 40_000, key)), 'key_reused')
  assert.equal(shop.virtual.entries.filter(({ kind }) => kind === 'opening').length, 1)
})

test('an order that certainly was not sent gives everything back at once', async () => {
  const shop = await openShop()
  const memberId = await shop.join()
  shop.virtual.weather = 'never_sent'
  const account = opened(await shop.open(memberId))
  assert.deepEqual([account.state, shop.countedWon()], ['lapsed', 0])
  assert.deepEqual(await shop.notices(), [])
})

test('given up, nothing can be paid in; what was paid before stays bought', async () => {
  const shop = await openShop()
  const memberId = await shop.join()
  const close = async ({ purchaseId }: VirtualAccount) =>
    opened(await shop.buying.closeVirtualAccount({ issuerId: GUNSAN, memberId, purchaseId }))
  const account = opened(await shop.open(memberId))
  assert.equal((await close(account)).state, 'lapsed')
  assert.equal((await close(account)).state, 'lapsed')
  assert.deepEqual(pay(shop, account), { refusal: 'account_closed' })
  const paid = opened(await shop.open(memberId))
  pay(shop, paid)
  assert.equal((await close(paid)).state, 'paid')
  assert.deepEqual(await shop.lotsWon(memberId), [30_000])
  const stranger = await shop.join()
  const { purchaseId } = paid
  const nosy = { issuerId: GUNSAN, memberId: stranger, purchaseId }
  assert.equal(reasonOf(await shop.buying.lookAtVirtualAccount(nosy)), 'virtual_account_unknown')
})

test('rules say from which amount, beside which account and how many at once', async () => {
  const shop = await openShop()
  await shop.setRules({ virtualAccountsOpenMax: 2, virtualAccountWonMin: won(9_000) })
  const [plain, linked] = [await shop.join(), await shop.join('acc-1')]
  // 45,000 and 49,500 are paid for 50,000 and 55,000; 54,000 for 60,000.
  assert.equal(opened(await shop.open(linked, 50_000)).state, 'waiting')
  assert.equal(reasonOf(await shop.open(linked, 60_000)), 'virtual_account_not_offered')
  opened(await shop.open(plain, 60_000))
  const second = opened(await shop.open(plain, 10_000))
  assert.equal(second.payWon, 9_000)
  assert.equal(reasonOf(await shop.open(plain)), 'virtual_accounts_full')
  pay(shop, second)
  await turn(shop)
  opened(await shop.open(plain))
  await shop.setRules({ virtualAccountWonMin: won(9_001), virtualAccountsOpenMax: 9 })
  assert.equal(reasonOf(await shop.open(plain, 10_000)), 'virtual_account_not_offered')
  await shop.setRules({ virtualAccountsOpenMax: 0 })
  assert.equal(reasonOf(await shop.open(plain)), 'virtual_account_not_offered')
})

test('where the funders pay it all there is nothing to pay in', async () => {
  const shop = await openShop({ benefit: { ...sampleTerms.benefit, rateBasisPoints: 10_000 } })
  const answer = await shop.open(await shop.join())
  assert.equal(reasonOf(answer), 'virtual_account_not_offered')
})

test('several at once are never more than the rules allow', async () => {
  const shop = await openShop()
  const memberId = await shop.join()
  await Promise.all([1, 2, 3, 4, 5, 6].map(() => shop.open(memberId, 10_000)))
  const open = await shop.buying.virtualAccountsOf(GUNSAN, memberId)
  const waiting = open.filter(({ state }) => state === 'waiting').length
  assert.ok(waiting <= 3, `${waiting} wait`)
  assert.equal(shop.countedWon(), waiting * 10_000)
})

test('quota is taken at the terms of that moment, and what is declined is declined by selling', async () => {
  const shop = await openShop({ monthlyQuotaWon: won(50_000) })
  const [one, other] = [await shop.join(), await shop.join()]
  const key = randomUUID()
  const held = opened(await shop.open(one, 30_000))
  assert.equal(reasonOf(await shop.open(other, 30_000, key)), 'sold_out')
  assert.equal(reasonOf(await shop.open(other, 10_001)), 'amount_not_offered')
  shop.time.now += 4 * HOUR_MS + 1
  await turn(shop)
  assert.equal((await look(shop, held)).state, 'lapsed')
  opened(await shop.open(other, 30_000))
  assert.equal(reasonOf(await shop.open(other, 30_000, key)), 'sold_out')
})

test('a reservation whose core died before it was written down is given back in its time', async () => {
  const shop = await openShop()
  const memberId = await shop.join()
  const { member, walletId } = (await shop.registration.member(GUNSAN, memberId))!
  const reserved = await shop.selling.reserve({
    issuerId: GUNSAN,
    operationId: operationId(randomUUID()),
    member,
    walletId,
    programId: VOUCHER,
    faceWon: won(30_000),
  })
  assert.equal(reserved.status, 'reserved')
  shop.time.now += 4 * HOUR_MS + 1
  assert.deepEqual([(await turn(shop)).lapsed, shop.countedWon()], [1, 0])
})
