/**
 * What two more members of the small city do beside paying, and what its fund does: every kind of movement, payouts in
 * every state. Under keys outside the row of the others, which stay as they were.
 */
import assert from 'node:assert/strict'
import {
  id,
  parseBusinessDate,
  won,
  type Instant,
  type IssuerId,
  type LotId,
  type OperationId,
  type WalletId,
  type Won,
} from '../src/base/base.ts'
import type { Ledger, MovementKind, MovementRequest, PayoutState } from '../src/ledger/ledger.ts'

const [choi, jung] = [id('wlt', 14), id('wlt', 15)] as const
const voucher = id('prg', 21)
const shop = { merchantId: id('mrc', 33), outletId: id('out', 43) }
const EXPIRES_AT: Instant = Date.UTC(2032, 0, 1)
const DUE_ON = parseBusinessDate('2026-11-24')!
const LATER_ON = parseBusinessDate('2026-11-25')!
const ACCOUNT = { bankCode: '088', accountNumber: '110-222-333333', holderName: '최영희' }
const FIRST_KEY = 1_000

type Content = Omit<MovementRequest, 'operationId' | 'requestHash'>
type Account = [MovementRequest['lines'][number]['debitKind'], number]

interface Steps {
  keyOf(number: number): OperationId
  keyed<Request extends object>(
    content: Request,
    key?: OperationId,
  ): Request & { operationId: OperationId; requestHash: Uint8Array }
  later(): Instant
}

export async function moveAround(ledger: Ledger, issuerId: IssuerId, steps: Steps): Promise<void> {
  let used = FIRST_KEY
  const keyed = <Request extends object>(request: Request) =>
    steps.keyed(request, steps.keyOf((used += 1)))
  const city: City = {
    ledger,
    issuerId,
    keyed,
    later: steps.later,
    async move(content) {
      const request = keyed(content)
      const [outcome] = await ledger.move(issuerId, [request], steps.later())
      assert.equal(outcome?.status, 'posted', content.kind)
      return request
    },
  }
  const { purchaseId } = await openAndBuy(city)
  await giveAndCancel(city, purchaseId)
  await earnAndLose(city)
  const refund = await settle(city)
  await payOut(city, refund)
  await receive(city)
}

interface City {
  ledger: Ledger
  issuerId: IssuerId
  keyed<Request extends object>(
    request: Request,
  ): Request & { operationId: OperationId; requestHash: Uint8Array }
  later(): Instant
  move(content: Content): Promise<MovementRequest>
}

const line = (debit: Account, credit: Account, amountWon: number) => ({
  debitKind: debit[0],
  debitId: debit[1],
  creditKind: credit[0],
  creditId: credit[1],
  amountWon: won(amountWon),
})
const transit: Account = ['settlement_in_transit', 0]

const draw = (potNumber: number, amountWon: number) => ({
  potId: id('pot', potNumber),
  amountWon: won(amountWon),
  limitWon: won(100_000),
})

const payoutOf = (number: number) => ({
  payoutId: id('pay', number),
  beneficiary: { kind: 'member' as const, id: id('mbr', 54) },
  account: ACCOUNT,
  dueOn: DUE_ON,
})

/** Some of a lot, as it is now. */
async function takingFrom(
  { ledger, issuerId }: City,
  walletId: WalletId,
  lotNumber: number,
): Promise<Pick<MovementRequest, 'walletId' | 'seen'> & { lotId: LotId; remainingWon: Won }> {
  const lots = await ledger.lots(issuerId, walletId)
  const lot = lots.find(({ lotId }) => lotId === lotNumber)
  assert.ok(lot)
  const { lotId, remainingWon, heldWon } = lot
  return { walletId, seen: [{ walletId, lotId, remainingWon, heldWon }], lotId, remainingWon }
}

async function openAndBuy(city: City): Promise<{ purchaseId: OperationId }> {
  const { ledger, issuerId, keyed, later } = city
  const openings = [choi, jung].map((walletId, index) => {
    return { walletId, memberId: id('mbr', 54 + index) }
  })
  await ledger.openWallets(issuerId, openings, later())
  const grant = (walletId: WalletId, lotNumber: number, faceWon: number) => {
    const none = { nationalWon: won(0), provinceWon: won(0) }
    const sources = { payWon: won(faceWon * 0.9), cityWon: won(faceWon * 0.1), ...none }
    const lotId = id('lot', lotNumber)
    const lot = { lotId, programId: voucher, kind: 'purchase' as const, expiresAt: EXPIRES_AT }
    return keyed({ walletId, ...lot, sources, draws: [draw(92, faceWon * 0.1)] })
  }
  const grants = [grant(choi, 81, 100_000), grant(jung, 82, 50_000)]
  const outcomes = await ledger.issue(issuerId, grants, later())
  assert.ok(outcomes.every(({ status }) => status === 'posted'))
  const none = { provinceWon: won(0), cityWon: won(0) }
  const wish = keyed({
    walletId: choi,
    programId: voucher,
    lotId: id('lot', 83),
    faceWon: won(20_000),
    sources: { payWon: won(18_000), nationalWon: won(2_000), ...none },
    draws: [draw(92, 2_000)],
    expiresAt: EXPIRES_AT,
    month: '2026-11',
    quotaWon: won(1_000_000),
    purchaseCapWon: won(700_000),
    holdingCapWon: won(2_000_000),
    accountToken: 'account-83',
  })
  await ledger.reservePurchases(issuerId, [wish], later())
  const closureId = keyed({ ends: 83 }).operationId
  const closure = { purchaseId: wish.operationId, closureId, debited: true }
  const [closed] = await ledger.closePurchases(issuerId, [closure], later())
  assert.equal(closed?.status, 'posted')
  return { purchaseId: wish.operationId }
}

async function giveAndCancel(city: City, purchaseId: OperationId): Promise<void> {
  const { remainingWon: _all, lotId: bought, ...cancelled } = await takingFrom(city, choi, 83)
  await city.move({
    kind: 'purchase_cancellation',
    ...cancelled,
    targetId: purchaseId,
    lines: [
      line(['lot', bought], transit, 18_000),
      line(['lot', bought], ['subsidy_receivable', 1], 2_000),
    ],
    returnsSaleOf: purchaseId,
    payout: payoutOf(101),
  })
  const give = async (giftNumber: number) => {
    const { remainingWon: _rest, lotId, ...from } = await takingFrom(city, choi, 81)
    const lines = [line(['lot', lotId], ['gift_transit', giftNumber], 10_000)]
    return city.move({ kind: 'gift', ...from, lines })
  }
  const accepted = await give(201)
  const [first, second] = [id('lot', 84), id('lot', 85)] as const
  const gift = { programId: voucher, kind: 'gift' as const, expiresAt: EXPIRES_AT }
  await city.move({
    kind: 'gift_acceptance',
    walletId: jung,
    targetId: accepted.operationId,
    lines: [
      line(['gift_transit', 201], ['lot', first], 7_000),
      line(['gift_transit', 201], ['lot', second], 3_000),
    ],
    newLots: [
      { lotId: first, ...gift },
      { lotId: second, ...gift },
    ],
  })
  const returned = await give(202)
  await city.move({
    kind: 'gift_return',
    walletId: choi,
    targetId: returned.operationId,
    lines: [line(['gift_transit', 202], ['lot', 81], 10_000)],
  })
  await give(203) // Nobody has taken it yet.
}

async function earnAndLose(city: City): Promise<void> {
  const { ledger, issuerId, keyed, later } = city
  const payment = keyed({
    channel: 'mpm_static' as const,
    walletId: jung,
    ...shop,
    amountWon: won(30_000),
    tenders: [{ programId: voucher, kind: 'purchase' as const }],
  })
  await ledger.pay(issuerId, [payment], later())
  const lotId = id('lot', 86)
  await city.move({
    kind: 'cashback',
    walletId: jung,
    targetId: payment.operationId,
    lines: [
      line(['subsidy_receivable', 1], ['lot', lotId], 600),
      line(['subsidy_receivable', 3], ['lot', lotId], 900),
    ],
    newLots: [{ lotId, programId: voucher, kind: 'cashback', expiresAt: EXPIRES_AT }],
  })
  const { remainingWon: _all, lotId: earned, ...from } = await takingFrom(city, jung, 86)
  await city.move({
    kind: 'cashback_return',
    ...from,
    targetId: payment.operationId,
    lines: [line(['lot', earned], ['subsidy_receivable', 1], 500)],
  })
  const { remainingWon, lotId: granted, ...clawed } = await takingFrom(city, jung, 82)
  const [origin] = await ledger.lotOrigins(issuerId, [granted])
  assert.ok(origin)
  await city.move({
    kind: 'clawback',
    ...clawed,
    targetId: origin.issuedBy,
    lines: [line(['lot', granted], ['subsidy_receivable', 3], remainingWon)],
  })
  const refused = { kind: 'refund' as const, walletId: jung, lines: [] }
  const stopped = keyed({ ...refused, refusal: 'wallet_stopped' as const })
  await ledger.move(issuerId, [stopped], later())
}

/** What the fund, its funders and its merchants do. Gives a refund whose payout is still due. */
async function settle(city: City): Promise<MovementRequest> {
  const { merchantId } = shop
  const fund: Account = ['operating_fund', 0]
  const deposit = async (amountWon: number) =>
    city.move({
      kind: 'unidentified_deposit',
      lines: [line(fund, ['unidentified_deposit', 0], amountWon)],
    })
  await city.move({
    kind: 'payout',
    merchantId,
    lines: [
      line(['merchant_payable', merchantId], transit, 29_700),
      line(['merchant_payable', merchantId], ['merchant_fee', 0], 300),
    ],
    payout: { ...payoutOf(102), beneficiary: { kind: 'merchant', id: merchantId } },
  })
  await city.move({
    kind: 'funder_payment',
    lines: [line(fund, ['subsidy_receivable', 1], 1_000)],
    actor: 'off_1',
  })
  const [first, second] = [await deposit(4_000), await deposit(5_000)]
  await city.move({
    kind: 'deposit_return',
    targetId: first.operationId,
    lines: [line(['unidentified_deposit', 0], transit, 4_000)],
    payout: payoutOf(103),
  })
  await city.move({
    kind: 'deposit_assignment',
    targetId: second.operationId,
    lines: [line(['unidentified_deposit', 0], ['subsidy_receivable', 3], 5_000)],
  })
  await city.move({ kind: 'fund_interest', lines: [line(fund, ['fund_interest', 0], 700)] })
  await city.move({
    kind: 'income_payout',
    lines: [line(['fund_interest', 0], transit, 500), line(['merchant_fee', 0], transit, 100)],
    payout: { ...payoutOf(104), beneficiary: { kind: 'issuer', id: 0 } },
  })
  const { remainingWon, lotId, ...from } = await takingFrom(city, choi, 81)
  return city.move({
    kind: 'refund',
    ...from,
    lines: [
      line(['lot', lotId], transit, remainingWon - 8_000),
      line(['lot', lotId], ['subsidy_receivable', 3], 8_000),
    ],
    payout: { ...payoutOf(105), dueOn: LATER_ON },
  })
}

/** One is paid, one comes back and is tried again, one is parked, one returned, and the last is due. */
async function payOut(city: City, refund: MovementRequest): Promise<void> {
  const { ledger, issuerId, later } = city
  const assign = (name: string) =>
    ledger.assignFile(issuerId, { name, dueUntil: DUE_ON, limit: 10 }, later())
  assert.equal(await assign('payouts-20261124-1'), 4)
  const step = async (number: number, kind: MovementKind, to: PayoutState, reason?: string) => {
    const payout = await ledger.payout(issuerId, id('pay', number))
    assert.ok(payout)
    const { payoutId, state: from, attempt, amountWon, causedBy: targetId } = payout
    const back: Account = ['returned_payout', payoutId]
    const accounts: Record<string, [Account, Account]> = {
      paid: [transit, ['operating_fund', 0]],
      due: [back, transit],
    }
    const [debit, credit] = accounts[to] ?? [transit, back]
    const retry = to === 'due' && { retry: { dueOn: DUE_ON, account: ACCOUNT } }
    const payoutStep = { payoutId, from, attempt, to, ...retry, ...(reason && { reason }) }
    await city.move({ kind, targetId, lines: [line(debit, credit, amountWon)], payoutStep })
  }
  await step(101, 'payout_confirmation', 'paid')
  await step(102, 'payout_return', 'returned', '해지 계좌')
  await step(102, 'payout_retry', 'due')
  await step(103, 'payout_return', 'parked', '예금주 불일치')
  await step(104, 'payout_return', 'returned', '수취 불가')
  assert.equal(await assign('payouts-20261124-2'), 1)
  const due = await ledger.payout(issuerId, refund.payout!.payoutId)
  assert.equal(due?.state, 'due')
}

/** What comes in and waits for nothing: the last seal may be cut off in the middle of it. */
async function receive({ move }: City): Promise<void> {
  const fund: Account = ['operating_fund', 0]
  for (const funder of [1, 2, 3]) {
    await move({ kind: 'funder_payment', lines: [line(fund, ['subsidy_receivable', funder], 10)] })
  }
  for (const amountWon of [20, 30]) {
    await move({ kind: 'fund_interest', lines: [line(fund, ['fund_interest', 0], amountWon)] })
    const lines = [line(fund, ['unidentified_deposit', 0], amountWon)]
    await move({ kind: 'unidentified_deposit', lines })
  }
}
