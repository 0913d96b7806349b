/**
 * What the bank tells of virtual accounts without being asked by a member: deposits, numbers whose answer was lost, and
 * accounts whose time is over. Bounded, and safe to repeat and to run twice at once.
 */
import {
  Fault,
  firstIdAt,
  MINUTE_MS,
  type Instant,
  type IssuerId,
  type OperationId,
} from '../base/base.ts'
import { rulesAt, type DepositEvent, type VirtualDeposit } from '../issuing/issuing.ts'
import { recordOf } from '../registration/registration.ts'
import { programFacts, type BuyingDeps } from './buying-deps.ts'
import { askBank, closeVirtualAccount } from './open-virtual-account.ts'
import {
  advance,
  findVirtualAccount,
  virtualAccountOf,
  type VirtualAccount,
} from './virtual-account-records.ts'

/** In one step; far above what comes in a minute of an ordinary day, and the next step follows at once. */
export const DEPOSITS_A_STEP = 50
/** Whoever opens an account has asked the bank long before that. */
const PREPARED_MS_MAX = MINUTE_MS

export interface DepositTurn {
  /** Deposits that were taken. */
  readonly taken: number
  /** Purchases that ended without one. */
  readonly lapsed: number
  /** False: there is more, and it may be done at once. */
  readonly done: boolean
}

/**
 * @param isThorough asks the bank also where nothing waits: for money that comes all the same
 * @throws Fault of the bank where it does not tell its deposits
 */
export async function depositTurn(
  deps: BuyingDeps,
  issuerId: IssuerId,
  isThorough: boolean,
): Promise<DepositTurn> {
  const now = deps.clock()
  const waiting = await deps.ledger.reservedPurchases(issuerId, now + 1, 1, 'deposit')
  if (waiting.length === 0 && !isThorough) return { taken: 0, lapsed: 0, done: true }
  const deposits = await deps.bank.deposits(issuerId, DEPOSITS_A_STEP)
  const taken = await countGood(deposits, (deposit) => takeDeposit(deps, issuerId, deposit))
  const prepared = await preparedAccounts(deps, issuerId)
  await countGood(prepared, (account) => askBank(deps, account))
  const overdue = await overduePurchases(deps, issuerId)
  const lapsed = await countGood(overdue, (each) => endOverdue(deps, issuerId, each))
  // What could not be done now is tried at the next turn and not at once.
  const isFull = taken === DEPOSITS_A_STEP || lapsed === DEPOSITS_A_STEP
  return { taken, lapsed, done: !isFull }
}

/** One that fails does not keep those after it waiting. @returns how many did not */
async function countGood<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<unknown>,
): Promise<number> {
  let good = 0
  for (const item of items) {
    try {
      await act(item)
      good += 1
    } catch (error) {
      if (!(error instanceof Fault)) throw error
    }
  }
  return good
}

/** The bank hears that we have it last: until then it tells it again. */
async function takeDeposit(
  deps: BuyingDeps,
  issuerId: IssuerId,
  deposit: VirtualDeposit,
): Promise<void> {
  const { depositId, accountId } = deposit
  const account = await findVirtualAccount(deps, issuerId, accountId)
  const isToReturn =
    account === undefined || (await steps(deps, account, deposit)) === 'return_deposit'
  if (isToReturn) await giveBack(deps, issuerId, { deposit, account })
  await deps.bank.take(depositId)
}

/** The step that a deposit is. Which event it is follows from what paid already, and that may change meanwhile. */
async function steps(
  deps: BuyingDeps,
  account: VirtualAccount,
  { depositId, amountWon }: VirtualDeposit,
): Promise<string> {
  const eventFor = (known: VirtualAccount): DepositEvent => {
    if (amountWon !== known.payWon) return 'deposit_differs'
    return known.depositId === null || known.depositId === depositId
      ? 'deposit_came'
      : 'deposit_again'
  }
  const event = eventFor(account)
  const { account: then, action } = await advance(deps, account, { event, depositId })
  // Somebody else wrote down another deposit first.
  const isOther = event === 'deposit_came' && eventFor(then) === 'deposit_again'
  return isOther ? 'return_deposit' : action
}

async function giveBack(
  deps: BuyingDeps,
  issuerId: IssuerId,
  { deposit, account }: { deposit: VirtualDeposit; account: VirtualAccount | undefined },
): Promise<void> {
  const { depositId, accountId, amountWon } = deposit
  if ((await deps.bank.giveBack(depositId)) === 'refused') {
    await deps.casebook.openCase({
      issuerId,
      caseKind: 'deposit_unreturned',
      subject: depositId,
      owner: 'operator',
      facts: { purchaseId: accountId, amountWon },
    })
    return
  }
  if (account === undefined) return
  const { memberId } = account
  await deps.casebook.notify(issuerId, {
    memberId,
    noticeKind: 'deposit_returned',
    subject: depositId,
    facts: programFacts(deps, issuerId, { ...account, amountWon }),
  })
}

/** Numbers whose answer was lost. */
async function preparedAccounts(
  { registry, clock }: BuyingDeps,
  issuerId: IssuerId,
): Promise<readonly VirtualAccount[]> {
  const stored = await registry.list(issuerId, 'virtual_account', {
    state: 'prepared',
    before: firstIdAt(clock() - PREPARED_MS_MAX),
    limit: DEPOSITS_A_STEP,
  })
  return stored.map((each) => virtualAccountOf(issuerId, recordOf('virtual_account', each)))
}

/** Reserved for longer than an account is open; those that were given more time then are looked at and wait. */
async function overduePurchases(deps: BuyingDeps, issuerId: IssuerId): Promise<OperationId[]> {
  const now: Instant = deps.clock()
  const { virtualAccountMinutes } = rulesAt(deps.issuing.issuerRules(issuerId), now)
  const before = now - virtualAccountMinutes * MINUTE_MS
  const records = await deps.ledger.reservedPurchases(issuerId, before, DEPOSITS_A_STEP, 'deposit')
  const overdue: OperationId[] = []
  for (const { purchaseId } of records) {
    const account = await findVirtualAccount(deps, issuerId, purchaseId)
    if (account === undefined || account.depositUntil <= now) overdue.push(purchaseId)
  }
  return overdue
}

async function endOverdue(
  deps: BuyingDeps,
  issuerId: IssuerId,
  purchaseId: OperationId,
): Promise<void> {
  const account = await findVirtualAccount(deps, issuerId, purchaseId)
  if (account !== undefined) {
    await closeVirtualAccount(deps, account, { isStrict: true })
    return
  }
  // Whoever reserved it died before it was written down: nobody was told of a number.
  const { status } = await deps.bank.close(purchaseId)
  if (status === 'closed' || status === 'refused') {
    await deps.selling.conclude(issuerId, purchaseId, false)
  }
}
