/**
 * Selling: a purchase from its quote to its lot. Quota and caps are reserved in the ledger before the bank is asked,
 * and only the bank's word ends the purchase: silence leaves it `pending` until the resolver has asked.
 */
import {
  assert,
  businessMonth,
  derivedOperationId,
  Fault,
  formatId,
  requestHash,
  unreachable,
  type CaseId,
  type Clock,
  type DeclineReason,
  type FundedAmount,
  type Funder,
  type IdSource,
  type IssuerId,
  type OperationId,
  type ProgramId,
  type Sha256,
  type WalletId,
  type Won,
  won,
} from '../base/base.ts'
import {
  nextPurchaseStep,
  purchaseEventOfAnswer,
  purchaseEventOfFault,
  type BankDebit,
  type IssuingDirectory,
  type Member,
  type PotDirectory,
  type PurchaseDecision,
  type PurchaseEvent,
} from '../issuing/issuing.ts'
import {
  DEPOSIT_TOKEN,
  type Ledger,
  type Leg,
  type LotSources,
  type PurchaseRecord,
} from '../ledger/ledger.ts'
import {
  forCorporation,
  forMember,
  type CorporatePurchaseCommand,
  type CorporateWish,
  type DecidedWish,
} from './decided-wish.ts'

export {
  createAllowance,
  type AllowanceAnswer,
  type AskAllowance,
  type ToldAllowance,
} from './allowance.ts'
export { type CorporatePurchaseCommand, type CorporateWish } from './decided-wish.ts'

export interface SellingDeps {
  readonly ledger: Pick<
    Ledger,
    'reservePurchases' | 'closePurchases' | 'purchase' | 'reservedPurchases'
  >
  readonly bank: BankDebit
  readonly issuing: IssuingDirectory
  /** What funders have granted for benefits. */
  readonly funding: PotDirectory
  readonly ids: IdSource
  readonly sha256: Sha256
  readonly clock: Clock
  /** Told when the bank contradicts what is booked; a person must look. */
  readonly openCase: (problem: PurchaseCase) => void
}

/** The bank and the ledger disagree about a purchase. */
export interface PurchaseCase {
  readonly issuerId: IssuerId
  readonly purchaseId: OperationId
  readonly state: PurchaseRecord['state']
  readonly event: PurchaseEvent
}

export interface PurchaseCommand {
  readonly issuerId: IssuerId
  readonly operationId: OperationId
  readonly member: Member
  readonly walletId: WalletId
  readonly programId: ProgramId
  readonly faceWon: Won
  /** The member's linked account, as the bank's token. */
  readonly accountToken: string
  /** The consent to debits from it; told to the bank with the order. */
  readonly consentId?: CaseId
}

export type PurchaseAnswer =
  | { readonly status: 'completed'; readonly leg: Leg; readonly payWon: Won }
  /** The bank has not spoken: the quota is kept, the money is neither lost nor doubled, ask again. */
  | { readonly status: 'pending'; readonly payWon: Won }
  | { readonly status: 'declined'; readonly reason: DeclineReason }
  | { readonly status: 'key_reused' }

/** A purchase that nobody's account is debited for. */
export type DepositCommand = Omit<PurchaseCommand, 'accountToken' | 'consentId'>

export type ReservationAnswer =
  | { readonly status: 'reserved'; readonly replayed: boolean }
  | Extract<PurchaseAnswer, { status: 'declined' | 'key_reused' }>

export interface Selling {
  quote(
    command: Omit<PurchaseCommand, 'operationId' | 'walletId' | 'accountToken'>,
  ): PurchaseDecision
  buy(command: PurchaseCommand): Promise<PurchaseAnswer>
  quoteForCorporation(wish: CorporateWish): PurchaseDecision
  buyAsCorporation(command: CorporatePurchaseCommand): Promise<PurchaseAnswer>
  /**
   * Takes quota, caps and pots for a purchase that is paid by a deposit, at the terms of now; nothing is debited. The
   * same command again is answered as the first time.
   */
  reserve(command: DepositCommand): Promise<ReservationAnswer>
  /** Ends a reserved purchase, once: the lot is issued, or what it took is given back. @returns it as it stands then */
  conclude(issuerId: IssuerId, purchaseId: OperationId, isPaid: boolean): Promise<PurchaseRecord>
  /** The answer to a key whose answer was lost; `undefined`: it never happened. */
  enquire(issuerId: IssuerId, operationId: OperationId): Promise<PurchaseAnswer | undefined>
  /** Asks the bank about purchases reserved before `olderThanMs` ago; gives how many ended and how many wait. */
  resolve(
    issuerId: IssuerId,
    options: { olderThanMs: number; limit: number },
  ): Promise<{ ended: number; waiting: number }>
}

/** `buy` throws the ledger's Faults only: what the bank does is an answer or stays pending. */
export function createSelling(deps: SellingDeps): Selling {
  return {
    quote: (command) => forMember(deps, command).decision,
    buy: (command) => buy(deps, command, forMember(deps, command)),
    quoteForCorporation: (wish) => forCorporation(deps, wish).decision,
    buyAsCorporation: (command) => buy(deps, command, forCorporation(deps, command)),
    reserve: (command) =>
      reserve(deps, { ...command, accountToken: DEPOSIT_TOKEN }, forMember(deps, command)),
    conclude: (issuerId, purchaseId, isPaid) => conclude(deps, issuerId, purchaseId, isPaid),
    enquire: async (issuerId, id) => {
      const record = await deps.ledger.purchase(issuerId, id)
      return record === undefined ? undefined : answerOf(record)
    },
    resolve: (issuerId, options) => resolve(deps, issuerId, options),
  }
}

/** Whoever buys. */
type Order = Omit<PurchaseCommand, 'member'>

async function buy(deps: SellingDeps, command: Order, wish: DecidedWish): Promise<PurchaseAnswer> {
  const reserved = await reserve(deps, command, wish)
  if (reserved.status !== 'reserved') return reserved
  try {
    return await carryOn(deps, command, reserved.replayed)
  } catch (error) {
    // Reserved, and perhaps debited: whatever failed since, "it did not happen" would be a lie. The resolver ends it.
    if (!(error instanceof Fault)) throw error
    if (reserved.payWon !== undefined) return { status: 'pending', payWon: reserved.payWon }
    throw new Fault('postgres_answer_lost', 'a purchase that is known', { cause: error })
  }
}

/** `payWon` is told where it would be offered now. */
async function reserve(
  deps: SellingDeps,
  command: Order,
  { decision, terms, draws, caps }: DecidedWish,
): Promise<ReservationAnswer & { readonly payWon?: Won }> {
  const { issuerId, operationId } = command
  const now = deps.clock()
  const offered = decision.outcome === 'offered' ? decision : undefined
  const [outcome] = await deps.ledger.reservePurchases(
    issuerId,
    [
      {
        operationId,
        requestHash: requestHash(deps.sha256, [
          'purchase',
          command.walletId,
          command.programId,
          command.faceWon,
          command.accountToken,
        ]),
        walletId: command.walletId,
        programId: command.programId,
        lotId: deps.ids.next('lot'),
        faceWon: command.faceWon,
        sources:
          offered === undefined
            ? unfunded(command.faceWon)
            : sourcesOf(offered.quote.payWon, offered.quote.fundingShares),
        expiresAt: offered?.expiresAt ?? now,
        month: businessMonth(now),
        quotaWon: terms?.monthlyQuotaWon ?? won(0),
        ...caps,
        draws,
        accountToken: command.accountToken,
        ...(decision.outcome === 'declined' ? { refusal: decision.reason } : {}),
      },
    ],
    now,
  )
  assert(outcome !== undefined, 'the ledger answers every request')
  if (outcome.status !== 'posted') return outcome
  const payWon = offered?.quote.payWon
  const { replayed } = outcome
  return { status: 'reserved', replayed, ...(payWon === undefined ? {} : { payWon }) }
}

/** From the reservation on. */
async function carryOn(
  deps: SellingDeps,
  { issuerId, operationId, consentId }: Order,
  replayed: boolean,
): Promise<PurchaseAnswer> {
  const record = await deps.ledger.purchase(issuerId, operationId)
  assert(record !== undefined, 'a posted reservation is there')
  // The debit is ordered once, by whoever wrote the reservation: after a lost answer "refused" or "not sent" would
  // be true of a second order only. A repeat waits for the resolver, which enquires.
  if (record.state !== 'reserved' || replayed) return answerOf(record)
  return advance(deps, issuerId, record, await debit(deps, record, { issuerId, consentId }))
}

/** Asks the bank to debit; every way this can end is an event. */
async function debit(
  deps: SellingDeps,
  record: PurchaseRecord,
  { issuerId, consentId }: { readonly issuerId: IssuerId; readonly consentId: CaseId | undefined },
): Promise<PurchaseEvent> {
  if (record.payWon === 0) return 'bank_debited'
  try {
    return purchaseEventOfAnswer(
      await deps.bank.debit({
        debitId: record.purchaseId,
        issuerId,
        accountToken: record.accountToken,
        amountWon: record.payWon,
        ...(consentId === undefined ? {} : { consentId: formatId('cas', consentId) }),
      }),
    )
  } catch (error) {
    if (error instanceof Fault) return purchaseEventOfFault(error, 'debit')
    throw error
  }
}

/** Takes the step that the table names for what the bank's side told us. */
async function advance(
  deps: SellingDeps,
  issuerId: IssuerId,
  record: PurchaseRecord,
  event: PurchaseEvent,
): Promise<PurchaseAnswer> {
  const { action } = nextPurchaseStep(record.state, event)
  switch (action) {
    case 'issue_lot':
    case 'release_reservation': {
      const closed = await conclude(deps, issuerId, record.purchaseId, action === 'issue_lot')
      if ((closed.state === 'completed') !== (action === 'issue_lot')) {
        deps.openCase({ issuerId, purchaseId: record.purchaseId, state: closed.state, event })
      }
      return answerOf(closed)
    }
    case 'enquire_later':
    case 'nothing':
      return answerOf(record)
    case 'open_case':
      deps.openCase({ issuerId, purchaseId: record.purchaseId, state: record.state, event })
      return answerOf(record)
    default:
      return unreachable(action)
  }
}

async function conclude(
  deps: SellingDeps,
  issuerId: IssuerId,
  purchaseId: OperationId,
  debited: boolean,
): Promise<PurchaseRecord> {
  // One purchase has one ending, whoever brings it about.
  const closure = { purchaseId, closureId: closureId(deps.sha256, purchaseId), debited }
  await deps.ledger.closePurchases(issuerId, [closure], deps.clock())
  const closed = await deps.ledger.purchase(issuerId, purchaseId)
  assert(closed !== undefined, 'a closed purchase is there')
  return closed
}

async function resolve(
  deps: SellingDeps,
  issuerId: IssuerId,
  options: { olderThanMs: number; limit: number },
): Promise<{ ended: number; waiting: number }> {
  const before = deps.clock() - options.olderThanMs
  // Those that await a deposit are not the debiting bank's to end.
  const records = await deps.ledger.reservedPurchases(issuerId, before, options.limit)
  let ended = 0
  for (const record of records) {
    const event = await enquire(deps, record)
    try {
      const answer = await advance(deps, issuerId, record, event)
      if (answer.status !== 'pending') ended += 1
    } catch (error) {
      // One that cannot be ended now must not keep those after it waiting.
      if (!(error instanceof Fault)) throw error
    }
  }
  return { ended, waiting: records.length - ended }
}

async function enquire(deps: SellingDeps, record: PurchaseRecord): Promise<PurchaseEvent> {
  try {
    return purchaseEventOfAnswer(await deps.bank.enquire(record.purchaseId))
  } catch (error) {
    if (error instanceof Fault) return purchaseEventOfFault(error, 'enquiry')
    throw error
  }
}

function answerOf(record: PurchaseRecord): PurchaseAnswer {
  switch (record.state) {
    case 'completed': {
      const { lotId, programId, faceWon } = record
      const leg: Leg = { lotId, programId, kind: 'purchase', amountWon: faceWon }
      return { status: 'completed', leg, payWon: record.payWon }
    }
    case 'reserved':
      return { status: 'pending', payWon: record.payWon }
    case 'abandoned':
      return { status: 'declined', reason: 'bank_refused' }
    default:
      return unreachable(record.state)
  }
}

function closureId(sha256: Sha256, purchaseId: OperationId): OperationId {
  return derivedOperationId(requestHash(sha256, ['purchase_closure', purchaseId]))
}

function sourcesOf(payWon: Won, shares: readonly FundedAmount[]): LotSources {
  const part = (funder: Funder): Won =>
    shares.find((share) => share.funder === funder)?.amountWon ?? won(0)
  return {
    payWon,
    nationalWon: part('national'),
    provinceWon: part('province'),
    cityWon: part('city'),
  }
}

/** A refused wish is recorded as if the member had paid it all: it moves nothing. */
function unfunded(faceWon: Won): LotSources {
  return { payWon: faceWon, nationalWon: won(0), provinceWon: won(0), cityWon: won(0) }
}
