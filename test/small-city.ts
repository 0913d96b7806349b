/**
 * A small city whose books hold one of everything the ledger can record: every kind of operation, posted and declined,
 * every kind of lot, purchases in every state. The same ids every time.
 */
import { createHash } from 'node:crypto'
import {
  businessDate,
  DAY_MS,
  HOUR_MS,
  id,
  MINUTE_MS,
  operationId,
  won,
  type DeclineReason,
  type Instant,
  type IssuerId,
  type LotKind,
  type OperationId,
  type Sha256,
} from '../src/base/base.ts'
import { moveAround } from './small-city-movements.ts'
import {
  expiryRequest,
  type ExpiryOutcome,
  type Ledger,
  type LotSources,
  type Outcome,
} from '../src/ledger/ledger.ts'

/** The first booking; everything else follows within a few minutes. */
export const CITY_OPENED_AT: Instant = Date.UTC(2026, 10, 22, 3)
const MONTH = '2026-11'
const EXPIRES_AT: Instant = Date.UTC(2031, 10, 22)

const wallets = [11, 12, 13].map((number) => id('wlt', number))
const [kim, lee, park] = wallets as [(typeof wallets)[0], (typeof wallets)[0], (typeof wallets)[0]]
const voucher = id('prg', 21)
const stipend = id('prg', 22)
const bakery = { merchantId: id('mrc', 31), outletId: id('out', 41) }
const grocer = { merchantId: id('mrc', 32), outletId: id('out', 42) }

/** Adds keys from 1 up and the hash that tells a repeat from another request. */
function keyMaker(issuerId: IssuerId) {
  let made = 0
  const keyOf = (number: number): OperationId => {
    const tail = `${issuerId}${String(number).padStart(6, '0')}`.padStart(12, '0')
    return operationId(`00000000-0000-7000-8000-${tail}`)
  }
  const nextKey = (): OperationId => keyOf((made += 1))
  const keyed = <Content extends object>(content: Content, key = nextKey()) => ({
    ...content,
    operationId: key,
    requestHash: new Uint8Array(createHash('sha256').update(JSON.stringify(content)).digest()),
  })
  return { keyOf, nextKey, keyed }
}

const funded = (payWon: number, national = 0, province = 0, city = 0): LotSources => ({
  payWon: won(payWon),
  nationalWon: won(national),
  provinceWon: won(province),
  cityWon: won(city),
})

const hanbit = id('prt', 91)
const narae = id('prt', 92)
/** Whose card, on which of the company's business dates. */
const cardOf = (partnerId: typeof hanbit, days = 0) => ({
  card: { partnerId, businessDate: businessDate(CITY_OPENED_AT + days * DAY_MS) },
})

/** Posts everything; each step a second after the one before. Returns the instant of the last one. */
export async function postSmallCity(ledger: Ledger, issuerId: IssuerId): Promise<Instant> {
  const { keyOf, nextKey, keyed } = keyMaker(issuerId)
  let at = CITY_OPENED_AT
  const later = (ms = 1000) => (at += ms)

  await ledger.openWallets(
    issuerId,
    wallets.map((walletId, index) => ({ walletId, memberId: id('mbr', 51 + index) })),
    at,
  )
  const granted = (lot: number, walletId: typeof kim, kind: LotKind, sources: LotSources) =>
    keyed({
      walletId,
      lotId: id('lot', lot),
      programId: kind === 'stipend' ? stipend : voucher,
      kind,
      expiresAt: EXPIRES_AT + lot * HOUR_MS,
      sources,
      ...(kind === 'gift' ? { actor: 'off_1' } : {}),
    })
  const brief = {
    walletId: park,
    lotId: id('lot', 65),
    programId: voucher,
    kind: 'gift' as const,
    expiresAt: CITY_OPENED_AT + MINUTE_MS,
    sources: funded(10_000),
  }
  const issues = [
    granted(61, kim, 'stipend', funded(0, 50_000, 30_000, 20_000)),
    granted(62, kim, 'cashback', funded(0, 0, 0, 3_000)),
    granted(63, lee, 'gift', funded(20_000)),
    granted(64, id('wlt', 99), 'gift', funded(1_000)),
    // Under a key outside the row, so that those of everything after it stay as they were sealed.
    keyed(brief, keyOf(900)),
  ]
  expectOutcomes('issue', await ledger.issue(issuerId, issues, later()), [
    'posted',
    'posted',
    'posted',
    'wallet_unknown',
    'posted',
  ])
  await buy(ledger, issuerId, { keyed, nextKey, later })
  await payAndCancel(ledger, issuerId, { keyed, later })
  await holdAndClose(ledger, issuerId, { keyed, later })
  await payByCard(ledger, issuerId, { keyed, later })
  await moveAround(ledger, issuerId, { keyed, keyOf, later })
  await letExpire(ledger, issuerId, { keyed, later })
  return at
}

interface Steps extends Omit<ReturnType<typeof keyMaker>, 'keyOf'> {
  later: (ms?: number) => Instant
}

async function buy(ledger: Ledger, issuerId: IssuerId, steps: Steps): Promise<void> {
  const { keyed, nextKey, later } = steps
  const wish = (walletId: typeof kim, lot: number, faceWon: number, capWon = 700_000) =>
    keyed({
      walletId,
      programId: voucher,
      lotId: id('lot', lot),
      faceWon: won(faceWon),
      sources: funded(faceWon * 0.9, faceWon * 0.05, faceWon * 0.03, faceWon * 0.02),
      expiresAt: EXPIRES_AT,
      month: MONTH,
      quotaWon: won(1_000_000),
      purchaseCapWon: won(capWon),
      holdingCapWon: won(2_000_000),
      accountToken: `account-${lot}`,
      actor: 'mbr_1k',
    })
  const wishes = [
    wish(kim, 71, 100_000),
    wish(lee, 72, 200_000),
    wish(lee, 73, 50_000),
    wish(park, 74, 300_000),
    wish(park, 75, 100_000, 300_000),
  ]
  expectOutcomes('purchase', await ledger.reservePurchases(issuerId, wishes, later()), [
    'posted',
    'posted',
    'posted',
    'posted',
    'purchase_cap_exceeded',
  ])
  const end = (index: number, debited: boolean) => ({
    purchaseId: wishes[index]!.operationId,
    closureId: nextKey(),
    debited,
  })
  // The fourth stays reserved.
  const closures = [end(0, true), end(1, true), end(2, false)]
  expectOutcomes('closure', await ledger.closePurchases(issuerId, closures, later()), [
    'posted',
    'posted',
    'posted',
  ])
}

async function payAndCancel(
  ledger: Ledger,
  issuerId: IssuerId,
  { keyed, later }: Pick<Steps, 'keyed' | 'later'>,
): Promise<void> {
  const voucherTender = { programId: voucher, kind: 'purchase' as const }
  const anyTender = [{ programId: stipend, kind: 'stipend' as const }, voucherTender]
  const pay = (walletId: typeof kim, shop: typeof bakery, amountWon: number, more: object = {}) =>
    keyed({
      channel: 'mpm_static' as const,
      walletId,
      ...shop,
      amountWon: won(amountWon),
      tenders: anyTender,
      ...more,
    })
  const refused: { refusal: DeclineReason } = { refusal: 'merchant_not_eligible' }
  const payments = [
    pay(kim, bakery, 120_000), // All of the stipend and part of the voucher.
    pay(kim, grocer, 7_500, { channel: 'cpm', codeStep: 58_000_001, actor: 'clk_1' }),
    pay(lee, bakery, 33_000, { channel: 'mpm_dynamic' }),
    pay(park, bakery, 1_000),
    pay(lee, grocer, 2_000, refused),
    keyed({
      channel: 'mpm_static' as const,
      walletId: lee,
      amountWon: won(2_500),
      tenders: [],
      refusal: 'merchant_unknown' as const,
    }),
  ]
  expectOutcomes('payment', await ledger.pay(issuerId, payments, later()), [
    'posted',
    'posted',
    'posted',
    'insufficient_funds',
    'merchant_not_eligible',
    'merchant_unknown',
  ])
  const cancel = (index: number, merchantId: typeof bakery.merchantId, amountWon?: number) =>
    keyed({
      paymentId: payments[index]!.operationId,
      merchantId,
      actor: 'clk_1',
      ...(amountWon === undefined ? {} : { amountWon: won(amountWon) }),
    })
  const cancellations = [
    cancel(0, bakery.merchantId, 30_000), // Gives back the voucher part and some of the stipend.
    cancel(0, bakery.merchantId, 1_000),
    cancel(2, bakery.merchantId),
    cancel(2, bakery.merchantId),
    cancel(1, bakery.merchantId),
  ]
  expectOutcomes('cancellation', await ledger.cancel(issuerId, cancellations, later()), [
    'posted',
    'posted',
    'posted',
    'cancel_exceeds_payment',
    'payment_of_other_merchant',
  ])
}

async function holdAndClose(
  ledger: Ledger,
  issuerId: IssuerId,
  { keyed, later }: Pick<Steps, 'keyed' | 'later'>,
): Promise<void> {
  const hold = (amountWon: number, more: object = {}) =>
    keyed({
      channel: 'card' as const,
      walletId: lee,
      ...bakery,
      amountWon: won(amountWon),
      tenders: [{ programId: voucher, kind: 'purchase' as const }],
      ...more,
    })
  const holds = [hold(10_000), hold(20_000), hold(5_000), hold(9_000, cardOf(hanbit))]
  expectOutcomes('hold', await ledger.hold(issuerId, holds, later()), [
    'posted',
    'posted',
    'posted',
    'posted',
  ])
  const close = (index: number, amountWon: number, more: object = {}) =>
    keyed({ holdId: holds[index]!.operationId, amountWon: won(amountWon), ...more })
  // The third stays open.
  const closures = [
    close(0, 8_000),
    close(1, 0),
    close(1, 1_000),
    close(3, 7_000, cardOf(hanbit, 1)),
  ]
  expectOutcomes('closure of a hold', await ledger.closeHolds(issuerId, closures, later()), [
    'posted',
    'posted',
    'hold_closed',
    'posted',
  ])
  const refund = keyed({
    paymentId: closures[0]!.operationId,
    merchantId: bakery.merchantId,
    amountWon: won(500),
  })
  expectOutcomes('refund', await ledger.cancel(issuerId, [refund], later()), ['posted'])
}

/** Card payments whole, in part and told afterwards; one beyond what the wallet had; a settlement. */
async function payByCard(
  ledger: Ledger,
  issuerId: IssuerId,
  { keyed, later }: Pick<Steps, 'keyed' | 'later'>,
): Promise<void> {
  const pay = (amountWon: number, partnerId: typeof hanbit, more: object = {}) =>
    keyed({
      channel: 'card' as const,
      walletId: lee,
      ...grocer,
      amountWon: won(amountWon),
      tenders: [{ programId: voucher, kind: 'gift' as const }],
      ...cardOf(partnerId),
      ...more,
    })
  const payments = [
    pay(12_000, hanbit),
    pay(3_000, narae),
    pay(9_000, hanbit, { coverage: 'partial' }), // Five thousand are there.
    pay(1_000, hanbit),
    pay(4_000, hanbit, { coverage: 'advice' }),
    pay(2_000, narae, { refusal: 'reversed_first' }),
  ]
  expectOutcomes('card payment', await ledger.pay(issuerId, payments, later()), [
    'posted',
    'posted',
    'posted',
    'insufficient_funds',
    'posted',
    'reversed_first',
  ])
  const cancel = (index: number, amountWon: number) =>
    keyed({
      paymentId: payments[index]!.operationId,
      merchantId: grocer.merchantId,
      amountWon: won(amountWon),
      ...cardOf(hanbit, 1),
    })
  expectOutcomes(
    'cancellation by card',
    await ledger.cancel(issuerId, [cancel(0, 2_000), cancel(4, 3_000)], later()),
    ['posted', 'posted'],
  )
  // Two thousand came back, so part of this one is the wallet's and part a loss.
  const advice = pay(5_000, narae, { coverage: 'advice' })
  expectOutcomes('advice', await ledger.pay(issuerId, [advice], later()), ['posted'])
  const undo = keyed({
    paymentId: advice.operationId,
    merchantId: grocer.merchantId,
    amountWon: won(4_000),
  })
  expectOutcomes('cancelled advice', await ledger.cancel(issuerId, [undo], later()), ['posted'])
  const settling = (amountWon: number, payoutNumber: number) =>
    keyed({
      ...cardOf(hanbit, 2),
      amountWon: won(amountWon),
      payout: {
        payoutId: id('pay', payoutNumber),
        beneficiary: { kind: 'card_company' as const, id: hanbit },
        account: { bankCode: '004', accountNumber: '10020030040', holderName: '한빛카드' },
        dueOn: businessDate(Date.parse('2035-03-02')),
      },
    })
  const settlements = [settling(15_000, 190), settling(1_000, 192), settling(1_000_000, 191)]
  expectOutcomes('settlement', await ledger.settleCards(issuerId, settlements, later()), [
    'posted',
    'posted',
    'settlement_exceeds_clearing',
  ])
}

/** A gift that is good for a minute: part of it is spent, the rest expires, and so does what comes back later. */
async function letExpire(
  ledger: Ledger,
  issuerId: IssuerId,
  { keyed, later }: Pick<Steps, 'keyed' | 'later'>,
): Promise<void> {
  const payment = keyed({
    channel: 'mpm_static' as const,
    walletId: park,
    ...bakery,
    amountWon: won(4_000),
    tenders: [{ programId: voucher, kind: 'gift' as const }],
  })
  expectOutcomes('last payment', await ledger.pay(issuerId, [payment], later()), ['posted'])
  const expire = async (at: Instant, expected: string[]): Promise<void> => {
    const due = await ledger.dueLots(issuerId, { until: at, limit: 10 })
    const requests = due.map((lot) => expiryRequest(sha256, issuerId, lot))
    expectOutcomes('expiry', await ledger.expire(issuerId, requests, at), expected)
  }
  await expire(later(), [])
  await expire(later(MINUTE_MS), ['posted'])
  const refund = keyed({
    paymentId: payment.operationId,
    merchantId: bakery.merchantId,
    amountWon: won(1_500),
  })
  expectOutcomes('late refund', await ledger.cancel(issuerId, [refund], later()), ['posted'])
  await expire(later(), ['posted'])
  // Nothing is posted by this, so the city ends with what is: callers count from its last instant.
  await expire(later(0), [])
}

const sha256: Sha256 = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest())

function expectOutcomes(
  what: string,
  outcomes: readonly (Outcome | ExpiryOutcome)[],
  expected: string[],
): void {
  const seen = outcomes.map((outcome) =>
    outcome.status === 'declined' ? outcome.reason : outcome.status,
  )
  if (seen.join() !== expected.join()) {
    throw new Error(`${what}: ${seen.join(', ')} instead of ${expected.join(', ')}`)
  }
}
