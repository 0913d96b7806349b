/**
 * Movements among the steps of random scripts: drawn on what the ledger in memory holds at that moment, some of them on
 * what it never held, and sent to both.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  won,
  type Instant,
  type IssuerId,
  type MerchantId,
  type PayoutId,
  type ProgramId,
  type WalletId,
} from '../base/base.ts'
import { ids, newKey } from './ledger-bench.contract.ts'
import {
  acceptanceOf,
  DUE_ON,
  giftOf,
  LATER_ON,
  line,
  movement,
  newPayout,
  refundOf,
  returnOf,
  seenOf,
  stepOf,
} from './ledger-movements-bench.contract.ts'
import type {
  Ledger,
  Lot,
  MovementRequest,
  OperationKind,
  PaymentRequest,
  PayoutState,
  PurchaseRequest,
  RecordedOperation,
} from './ledger.ts'

const wishes = [
  ...([
    'refund',
    'gift',
    'gift',
    'accept',
    'accept',
    'return',
    'cashback',
    'cashback_return',
  ] as const),
  ...(['clawback', 'cancel_purchase', 'pay_out', 'step', 'step', 'fund'] as const),
] as const

export const moveDraw = fc.record({
  wish: fc.constantFrom(...wishes),
  wallet: fc.nat({ max: 2 }),
  pick: fc.nat({ max: 1_000 }),
  part: fc.integer({ min: 1, max: 10 }),
  /** Seen as it is not, one time in eight. */
  stale: fc.nat({ max: 7 }).map((number) => number === 0),
  again: fc.nat({ max: 7 }).map((number) => number === 0),
  capWon: fc.constantFrom(undefined, 100, 300),
  refused: fc.nat({ max: 15 }).map((number) => number === 0),
})
export type MoveDraw = typeof moveDraw extends fc.Arbitrary<infer Value> ? Value : never

/** What movements are drawn on, and what came of them. */
export interface MoveScene {
  readonly at: Instant
  readonly wallets: readonly WalletId[]
  readonly programs: readonly ProgramId[]
  readonly merchants: readonly MerchantId[]
  readonly moved: MovementRequest[]
  /** What the model posted of it. */
  readonly gifts: MovementRequest[]
  readonly payouts: PayoutId[]
}

export interface Both {
  readonly model: Ledger
  readonly ledger: Ledger
  readonly issuerId: IssuerId
}

/** What earlier runs left due goes into a file of theirs, so that no file of this run takes it. */
export async function clearDue({ ledger, issuerId }: Both, at: Instant): Promise<void> {
  await ledger.assignFile(issuerId, { name: newKey(), dueUntil: LATER_ON, limit: 10_000 }, at)
}

/** Sends a set of movements to both, and a file with what is due then. */
export async function moveDrawn(
  scene: MoveScene,
  both: Both,
  drawn: {
    readonly draws: readonly MoveDraw[]
    readonly paid: readonly PaymentRequest[]
    readonly bought: readonly PurchaseRequest[]
  },
): Promise<void> {
  const { model, ledger, issuerId } = both
  const set: MovementRequest[] = []
  for (const draw of drawn.draws) {
    const known = scene.moved[draw.pick % Math.max(1, scene.moved.length)]
    const made = draw.again && known ? known : await requestOf(scene, both, draw, drawn)
    if (made === undefined) continue
    set.push(draw.refused && made !== known ? { ...made, refusal: 'own_shop' } : made)
  }
  const expected = await model.move(issuerId, set, scene.at)
  assert.deepEqual(await ledger.move(issuerId, set, scene.at), expected, `moves ${texts(set)}`)
  set.forEach((request, index) => {
    scene.moved.push(request)
    if (expected[index]?.status !== 'posted') return
    if (request.kind === 'gift') scene.gifts.push(request)
    if (request.payout !== undefined) scene.payouts.push(request.payout.payoutId)
  })
  if (drawn.draws.length % 2 === 0) return
  const file = { name: newKey(), dueUntil: DUE_ON, limit: drawn.draws.length }
  const count = await model.assignFile(issuerId, file, scene.at)
  assert.equal(await ledger.assignFile(issuerId, file, scene.at), count)
}

const texts = (set: readonly MovementRequest[]): string => set.map(({ kind }) => kind).join(', ')

type Drawn = Parameters<typeof moveDrawn>[2]

/** `undefined` where there is nothing that it could be about. */
async function requestOf(
  scene: MoveScene,
  { model, issuerId }: Both,
  draw: MoveDraw,
  drawn: Drawn,
): Promise<MovementRequest | undefined> {
  const walletId = scene.wallets[draw.wallet]!
  const programId = scene.programs[draw.pick % scene.programs.length]!
  const of = <One>(all: readonly One[]): One | undefined => all[draw.pick % Math.max(1, all.length)]
  const filled = (await model.lots(issuerId, walletId)).filter((lot) => lot.remainingWon > 0)
  const lot = seenBy(draw, of(filled))
  const gift = of(scene.gifts)
  switch (draw.wish) {
    case 'accept':
      return gift && acceptanceOf(gift, walletId, programId, capsOf(scene, draw))
    case 'return':
      return gift && returnOf(gift)
    case 'cashback': {
      const payment = of(drawn.paid)
      return payment && cashbackOf(payment, programId, draw)
    }
    case 'pay_out':
      return payoutOf(of(scene.merchants)!, draw.part)
    case 'step': {
      const payoutId = of(scene.payouts)
      const payout = payoutId && (await model.payout(issuerId, payoutId))
      return payout && stepOf(payout, { ...stepsOf(draw, payout.state), attempt: payout.attempt })
    }
    case 'fund':
      return movement({
        kind: 'funder_payment',
        lines: [line('operating_fund', 0, 'subsidy_receivable', 1, draw.part)],
      })
    case 'cancel_purchase':
      return purchaseCancellationOf({ model, issuerId }, drawn.bought, draw)
    default:
      return lot && fromLot(draw.wish, lot, draw)
  }
}

/** Of the first of these purchases whose lot is there. */
async function purchaseCancellationOf(
  { model, issuerId }: Omit<Both, 'ledger'>,
  bought: readonly PurchaseRequest[],
  { part, pick }: MoveDraw,
): Promise<MovementRequest | undefined> {
  const from = pick % Math.max(1, bought.length)
  for (const { walletId, lotId, operationId } of [
    ...bought.slice(from),
    ...bought.slice(0, from),
  ]) {
    const lots = await model.lots(issuerId, walletId)
    const own = lots.find((lot) => lot.lotId === lotId && lot.remainingWon > 0)
    if (own === undefined) continue
    const returns = part % 2 === 0 && { returnsSaleOf: operationId }
    const about = { kind: 'purchase_cancellation' as const, targetId: operationId }
    return movement({ ...refundOf(own), ...about, ...returns })
  }
  return undefined
}

/** Somewhat more is seen than there is. */
function seenBy({ stale }: MoveDraw, lot: Lot | undefined): Lot | undefined {
  return stale && lot ? { ...lot, remainingWon: won(lot.remainingWon + 1) } : lot
}

function fromLot(
  wish: 'refund' | 'gift' | 'clawback' | 'cashback_return',
  lot: Lot,
  { part }: MoveDraw,
): MovementRequest {
  const partWon = Math.ceil((lot.remainingWon * part) / 10)
  if (wish === 'gift') return giftOf(lot, partWon)
  if (wish === 'refund') return refundOf(lot, { cityWon: lot.remainingWon > 10 ? part : 0 })
  const lines = [line('lot', lot.lotId, 'subsidy_receivable', 3, partWon)]
  return movement({ kind: wish, walletId: lot.walletId, lines, seen: [seenOf(lot)] })
}

function capsOf(
  { programs }: MoveScene,
  { capWon }: MoveDraw,
): Pick<MovementRequest, 'holdingCaps'> {
  if (capWon === undefined) return {}
  const each = programs.map((programId) => ({ programIds: [programId], capWon: won(capWon) }))
  return { holdingCaps: [...each, { programIds: programs, capWon: won(capWon + 50) }] }
}

function cashbackOf(
  { operationId, walletId }: PaymentRequest,
  programId: ProgramId,
  { part }: MoveDraw,
): MovementRequest {
  const lots = [ids.next('lot'), ids.next('lot')].slice(part % 2)
  return movement({
    kind: 'cashback',
    walletId,
    targetId: operationId,
    lines: lots.flatMap((lotId) => [
      line('subsidy_receivable', 1, 'lot', lotId, part),
      line('subsidy_receivable', 2, 'lot', lotId, 10),
    ]),
    newLots: lots.map((lotId) => ({ lotId, programId, kind: 'cashback', expiresAt: EXPIRES_AT })),
  })
}

const EXPIRES_AT = Date.UTC(2035, 0, 1)

function payoutOf(merchantId: MerchantId, part: number): MovementRequest {
  const fee = [line('merchant_payable', merchantId, 'merchant_fee', 0, 1)]
  return movement({
    kind: 'payout',
    merchantId,
    lines: [
      line('merchant_payable', merchantId, 'settlement_in_transit', 0, part),
      ...(part % 2 === 0 ? fee : []),
    ],
    payout: newPayout({ beneficiary: { kind: 'merchant', id: merchantId } }),
  })
}

/** A step that a payout can take, seldom from the state in which it is. */
function stepsOf(
  { part, stale }: MoveDraw,
  state: PayoutState,
): { from: PayoutState; to: PayoutState } {
  const from = stale ? 'sent' : state
  if (from === 'returned' || from === 'parked') return { from, to: 'due' }
  if (from === 'due') return { from, to: part % 2 === 0 ? 'parked' : 'returned' }
  return { from: 'sent', to: part % 3 === 0 ? 'returned' : 'paid' }
}

/** What both hold of payouts and of where lots came from. */
export async function compareMoved(scene: MoveScene, both: Both): Promise<void> {
  const { model, ledger, issuerId } = both
  for (const payoutId of scene.payouts) {
    const payout = await ledger.payout(issuerId, payoutId)
    assert.deepEqual(payout, await model.payout(issuerId, payoutId))
  }
  for (const walletId of scene.wallets) {
    const lotIds = (await model.lots(issuerId, walletId)).map(({ lotId }) => lotId)
    const origins = await ledger.lotOrigins(issuerId, lotIds)
    assert.deepEqual(origins, await model.lotOrigins(issuerId, lotIds))
  }
}

/** What lots got less what they gave, for each won of an operation. */
const signs: Partial<Record<OperationKind, number>> = {
  issue: 1,
  payment: -1,
  capture: -1,
  cancellation: 1,
  expiry: -1,
  refund: -1,
  purchase_cancellation: -1,
  gift: -1,
  clawback: -1,
  cashback_return: -1,
  gift_acceptance: 1,
  gift_return: 1,
  cashback: 1,
}

/** What all operations together must have left in lots. */
export function issuedLessPaidWon(operations: readonly (RecordedOperation | undefined)[]): number {
  return operations
    .filter((operation) => operation !== undefined && operation.decline === undefined)
    .reduce((sum, operation) => {
      // The lots paid what the loss account did not, and got back what it did not.
      const lotsWon = operation!.amountWon - (operation!.lossWon ?? 0)
      return sum + (signs[operation!.kind] ?? 0) * lotsWon
    }, 0)
}
