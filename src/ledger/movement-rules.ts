/**
 * What every movement must be, whatever the books say: both implementations ask it before they post a set. What breaks
 * these rules is a Bug of the caller.
 */
import { assert, funders, sumWon, won, type Won } from '../base/base.ts'
import type { AccountKind } from './account.ts'
import type { OperationKind } from './ledger.ts'
import { movementAccounts, type MovementKind, type MovementRequest } from './movement.ts'
import type { PayoutState, PayoutStep } from './payout.ts'
import { assertPots } from './pot-draws.ts'

/** Of the kinds in one row, one movement in all may name a target, and the target is an operation that was posted. */
const endings: readonly (readonly OperationKind[])[] = [
  ['purchase_cancellation'],
  ['gift_acceptance', 'gift_return'],
  ['cashback'],
  ['deposit_return', 'deposit_assignment'],
]

/** The kinds that end a target together with this one; none where a target may be named by many. */
export function rivalsOf(kind: OperationKind): readonly OperationKind[] {
  return endings.find((kinds) => kinds.includes(kind)) ?? []
}

/** The steps that each kind may cause. */
const steps: Partial<Record<MovementKind, readonly (readonly [PayoutState, PayoutState])[]>> = {
  payout_confirmation: [['sent', 'paid']],
  payout_return: [
    ['due', 'returned'],
    ['due', 'parked'],
    ['sent', 'returned'],
    ['sent', 'parked'],
  ],
  payout_retry: [
    ['returned', 'due'],
    ['parked', 'due'],
  ],
}

/** Bugs of the caller. What policy refused needs no lines, and what it names is not looked at. */
export function assertMovements(requests: readonly MovementRequest[]): void {
  for (const request of requests) {
    if (request.refusal !== undefined) continue
    assertLines(request)
    assertSeen(request)
    assertNewLots(request)
    assertPayout(request)
    assertTarget(request)
    assertPots(request.draws)
    const isOneReturn = request.returnsSaleOf === undefined || request.draws === undefined
    assert(isOneReturn, 'a sale that is given back gives back all that it drew')
  }
}

/** What the lines add up to. */
export function movementWon({ lines }: Pick<MovementRequest, 'lines'>): Won {
  return sumWon(lines.map((line) => line.amountWon))
}

/** What the lines move into an account kind, by account id. */
export function creditedWon({ lines }: MovementRequest, kind: AccountKind): Map<number, Won> {
  const sums = new Map<number, Won>()
  for (const { creditKind, creditId, amountWon } of lines) {
    if (creditKind === kind) sums.set(creditId, won((sums.get(creditId) ?? 0) + amountWon))
  }
  return sums
}

/** What the lines move out of it, likewise. */
export function debitedWon({ lines }: MovementRequest, kind: AccountKind): Map<number, Won> {
  const sums = new Map<number, Won>()
  for (const { debitKind, debitId, amountWon } of lines) {
    if (debitKind === kind) sums.set(debitId, won((sums.get(debitId) ?? 0) + amountWon))
  }
  return sums
}

/** What a payout made by this movement is of. */
export function inTransitWon(request: MovementRequest): Won {
  return creditedWon(request, 'settlement_in_transit').get(0) ?? won(0)
}

function assertLines(request: MovementRequest): void {
  const { kind, lines } = request
  assert(lines.length > 0, 'a movement has a line')
  const pairs: readonly (readonly [AccountKind, AccountKind])[] = movementAccounts[kind]
  for (const { debitKind, debitId, creditKind, creditId, amountWon } of lines) {
    assert(amountWon > 0, 'a line moves more than nothing')
    assert(
      pairs.some(([debit, credit]) => debit === debitKind && credit === creditKind),
      `a ${kind} moves nothing from ${debitKind} to ${creditKind}`,
    )
    assertAccount(request, debitKind, debitId)
    assertAccount(request, creditKind, creditId)
  }
  const gifts = [...creditedWon(request, 'gift_transit'), ...debitedWon(request, 'gift_transit')]
  assert(gifts.length <= 1, 'a movement is about one gift')
}

/** An account has the id that its kind and the request say. */
function assertAccount(request: MovementRequest, kind: AccountKind, accountId: number): void {
  switch (kind) {
    case 'lot':
    case 'gift_transit':
      assert(accountId > 0, 'an account of a lot or a gift has its id')
      return
    case 'merchant_payable':
      assert(accountId === request.merchantId, 'what a merchant is owed is moved in its name')
      return
    case 'returned_payout':
      assert(accountId === request.payoutStep?.payoutId, 'a returned payout is moved by its step')
      return
    case 'subsidy_receivable':
      assert(accountId >= 1 && accountId <= funders.length, 'a funder has an account')
      return
    default:
      assert(accountId === 0, 'an account that stands once has no id')
  }
}

/** Every lot that is debited was seen, in the wallet of the movement, and had enough. */
function assertSeen(request: MovementRequest): void {
  const { walletId, seen = [] } = request
  const debited = debitedWon(request, 'lot')
  assert(new Set(seen.map(({ lotId }) => lotId)).size === seen.length, 'a lot is seen once')
  for (const lot of seen) {
    assert(lot.walletId === walletId, 'a movement is about the lots of one wallet')
    assert(lot.remainingWon >= (debited.get(lot.lotId) ?? 0), 'a movement takes what it saw')
    debited.delete(lot.lotId)
  }
  assert(debited.size === 0, 'a lot that is debited was seen')
}

/** What comes back of a gift goes to lots that are there; whatever else is credited to lots makes them. */
function assertNewLots(request: MovementRequest): void {
  const { kind, walletId, newLots = [] } = request
  const credited = creditedWon(request, 'lot')
  assert(credited.size === 0 || walletId !== undefined, 'lots are in a wallet')
  if (kind === 'gift_return') {
    assert(newLots.length === 0, 'a gift is returned to its lots')
    return
  }
  assert(newLots.length === credited.size, 'each new lot is credited, and no other')
  for (const { lotId } of newLots) assert(credited.delete(lotId), 'a new lot is credited')
}

/** Money in transit is always a payout's. */
function assertPayout(request: MovementRequest): void {
  const { kind, payout, payoutStep } = request
  const allowed = steps[kind]
  const makesPayout = inTransitWon(request) > 0 && kind !== 'payout_retry'
  assert(makesPayout === (payout !== undefined), 'what goes into transit is a payout, and no other')
  assert((allowed === undefined) === (payoutStep === undefined), `a ${kind} without its step`)
  if (payoutStep !== undefined) assertStep(allowed ?? [], payoutStep)
}

function assertStep(
  allowed: readonly (readonly [PayoutState, PayoutState])[],
  { from, to, retry }: PayoutStep,
): void {
  const fits = allowed.some(([before, after]) => before === from && after === to)
  assert(fits, `no movement of this kind takes a payout from ${from} to ${to}`)
  assert((to === 'due') === (retry !== undefined), 'on the way back to due a day and an account')
}

function assertTarget({ kind, targetId, returnsSaleOf }: MovementRequest): void {
  const isEnding = rivalsOf(kind).length > 0
  assert(!isEnding || targetId !== undefined, `a ${kind} names what it ends`)
  if (returnsSaleOf === undefined) return
  assert(kind === 'purchase_cancellation', 'a cancelled purchase gives its sale back')
  assert(returnsSaleOf === targetId, 'a purchase gives its own sale back')
}
