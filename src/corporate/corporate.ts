/**
 * Corporations that buy vouchers (법인 구매): companies and public bodies that an officer has admitted, the members who
 * act for them, purchases in their name, and hand-outs to people by list. SPEC.md has the states.
 */
import type {
  CorporationId,
  HandOutId,
  IssuerId,
  MemberId,
  OperationId,
  Won,
} from '../base/base.ts'
import type { Lot } from '../ledger/ledger.ts'
import type { ReturnAnswer } from '../refunding/refunding.ts'
import type { PurchaseAnswer } from '../selling/selling.ts'
import {
  corporateConsents,
  linkCorporateAccount,
  revokeCorporateConsent,
  type CorporateConsent,
  type CorporateLinking,
} from './corporate-accounts.ts'
import type { CorporateDeps } from './corporate-deps.ts'
import {
  boughtSums,
  buyForCorporation,
  cancelForCorporation,
  corporatePurchases,
  enquireForCorporation,
  quoteForCorporation,
  type CorporateOrder,
  type CorporatePurchase,
} from './corporate-purchases.ts'
import type { Corporate, CorporateRefused } from './corporate-refusal.ts'
import {
  actingFor,
  corporationsOf,
  listCorporations,
  readCorporation,
  type Acting,
  type Corporation,
  type CorporationPage,
} from './corporation-records.ts'
import {
  applyCorporation,
  decideAuthorised,
  decideCorporation,
  nameAuthorised,
  removeAuthorised,
  withdrawCorporation,
  type AuthorisedDecision,
  type AuthorisedNaming,
  type CorporateApplication,
  type CorporateDecision,
  type CorporationAnswer,
} from './corporations.ts'
import type { HandOutWish } from './hand-out-machine.ts'
import {
  availableWon,
  handOutsOf,
  readHandOut,
  takeList,
  wishHandOut,
  type HandOut,
  type HandOutAnswer,
  type ListTaken,
  type ListTaking,
} from './hand-outs.ts'
import { followStep, sendStep, type HandOutPlace, type HandOutStep } from './hand-out-work.ts'
import type { RecipientGroup, RecipientState, StoredRecipient } from './recipient-store.ts'
import { takeBackRecipient } from './taking-back.ts'

export { type CorporateConsent, type CorporateLinking } from './corporate-accounts.ts'
export { type CorporateDeps } from './corporate-deps.ts'
export { type CorporateOrder, type CorporatePurchase } from './corporate-purchases.ts'
export {
  corporateRefusals,
  type Corporate,
  type CorporateRefusal,
  type CorporateRefused,
} from './corporate-refusal.ts'
export {
  authorisedEvents,
  authorisedTable,
  corporationEvents,
  corporationTable,
  officerDecisions,
} from './corporation-machine.ts'
export { type Acting, type Corporation, type CorporationPage } from './corporation-records.ts'
export {
  AUTHORISED_MAX,
  CORPORATE_REASON_MAX,
  CORPORATION_NAME_MAX,
  type CorporationAnswer,
} from './corporations.ts'
export { handOutEvents, handOutTable, handOutWishes } from './hand-out-machine.ts'
export {
  HAND_OUT_TITLE_MAX,
  OPEN_HAND_OUTS_MAX,
  type HandOut,
  type ListTaken,
} from './hand-outs.ts'
export { lineKey, SEND_SET_SIZE, type HandOutPlace, type HandOutStep } from './hand-out-work.ts'
export { holderNotices } from './holder-notices.ts'
export { createMemoryRecipientStore } from './memory-recipient-store.ts'
export {
  createRecipientReader,
  listProblemCodes,
  RECIPIENT_FILE_BYTES_MAX,
  recipientColumnNames,
  RECIPIENTS_MAX,
  type ListProblem,
  type ListProblemCode,
  type ReadList,
  type RecipientColumn,
  type RecipientLine,
} from './recipient-list.ts'
export {
  RECIPIENT_SET_MAX,
  recipientStates,
  type RecipientGroup,
  type RecipientResult,
  type RecipientState,
  type RecipientStore,
  type StoredRecipient,
} from './recipient-store.ts'

/** What a corporation has, and what it did with it. */
export interface CorporateStanding {
  readonly lots: readonly Lot[]
  readonly boughtThisMonthWon: Won
  readonly boughtWon: Won
  readonly handOuts: readonly HandOut[]
}

export interface HandOutView {
  readonly handOut: HandOut
  readonly groups: readonly RecipientGroup[]
  /** What the wallet has for it now. */
  readonly availableWon: Won
}

/** All methods throw the registry's, the ledger's and the store's Faults; a no is a value. */
export interface Corporations {
  apply(application: CorporateApplication): Promise<CorporationAnswer>
  decide(decision: CorporateDecision): Promise<CorporationAnswer>
  withdraw(acting: Acting): Promise<CorporationAnswer>
  name(naming: AuthorisedNaming): Promise<CorporationAnswer>
  remove(acting: Acting & { readonly removed: MemberId }): Promise<CorporationAnswer>
  decideAuthorised(decision: AuthorisedDecision): Promise<CorporationAnswer>
  linkAccount(linking: CorporateLinking): Promise<CorporationAnswer>
  revokeConsent(
    acting: Acting & { readonly consentId: CorporateConsent['consentId'] },
  ): Promise<Corporate<{ readonly consent: CorporateConsent }>>
  consents(issuerId: IssuerId, corporationId: CorporationId): Promise<readonly CorporateConsent[]>
  /** Of an authorised person, or one who is only named; to others it does not exist. */
  seen(acting: Acting): Promise<CorporationAnswer>
  corporation(issuerId: IssuerId, corporationId: CorporationId): Promise<Corporation | undefined>
  corporations(issuerId: IssuerId, page: CorporationPage): Promise<readonly Corporation[]>
  corporationsOf(issuerId: IssuerId, memberId: MemberId): Promise<readonly Corporation[]>
  standing(corporation: Corporation): Promise<CorporateStanding>
  quote(order: Omit<CorporateOrder, 'operationId'>): ReturnType<typeof quoteForCorporation>
  buy(order: CorporateOrder): Promise<PurchaseAnswer | CorporateRefused>
  /** `undefined`: no such purchase of the corporation. */
  enquire(
    asked: Acting & { readonly operationId: OperationId },
  ): Promise<PurchaseAnswer | CorporateRefused | undefined>
  /** Hands back a wholly unused purchase, as a member may. */
  cancel(
    cancellation: Acting & {
      readonly operationId: OperationId
      readonly purchaseId: OperationId
    },
  ): Promise<Corporate<{ readonly answer: ReturnAnswer }>>
  purchases(issuerId: IssuerId, corporationId: CorporationId): Promise<readonly CorporatePurchase[]>
  takeList(taking: ListTaking): Promise<ListTaken>
  wish(
    wish: Acting & { readonly handOutId: HandOutId; readonly event: HandOutWish },
  ): Promise<HandOutAnswer>
  handOut(corporation: Corporation, handOutId: HandOutId): Promise<HandOutView | undefined>
  recipients(
    handOut: HandOut,
    page: {
      readonly states: readonly RecipientState[]
      readonly after: number
      readonly limit: number
    },
  ): Promise<readonly StoredRecipient[]>
  /** Takes back what one of the list has not accepted. */
  takeBack(
    asked: Acting & { readonly handOutId: HandOutId; readonly lineNumber: number },
  ): Promise<Corporate<{ readonly recipient: StoredRecipient }>>
  /** One bounded step of sending what was confirmed. */
  sendStep(issuerId: IssuerId): Promise<HandOutStep>
  /** One of seeing what became of it, and of erasing; `place` is where the step before left off. */
  followStep(issuerId: IssuerId, place?: HandOutPlace): Promise<HandOutStep>
}

export function createCorporations(deps: CorporateDeps): Corporations {
  return {
    apply: (application) => applyCorporation(deps, application),
    decide: (decision) => decideCorporation(deps, decision),
    withdraw: (acting) => withdrawCorporation(deps, acting),
    name: (naming) => nameAuthorised(deps, naming),
    remove: (acting) => removeAuthorised(deps, acting),
    decideAuthorised: (decision) => decideAuthorised(deps, decision),
    linkAccount: (linking) => linkCorporateAccount(deps, linking),
    revokeConsent: (acting) => revokeCorporateConsent(deps, acting),
    consents: (issuerId, corporationId) => corporateConsents(deps, issuerId, corporationId),
    seen: (acting) => actingFor(deps, acting, 'see'),
    corporation: (issuerId, corporationId) => readCorporation(deps, issuerId, corporationId),
    corporations: (issuerId, page) => listCorporations(deps, issuerId, page),
    corporationsOf: (issuerId, memberId) => corporationsOf(deps, issuerId, memberId),
    standing: (corporation) => standingOf(deps, corporation),
    quote: (order) => quoteForCorporation(deps, order),
    buy: (order) => buyForCorporation(deps, order),
    enquire: (asked) => enquireForCorporation(deps, asked),
    cancel: (cancellation) => cancelForCorporation(deps, cancellation),
    purchases: (issuerId, corporationId) => corporatePurchases(deps, issuerId, corporationId),
    takeList: (taking) => takeList(deps, taking),
    wish: (wish) => wishHandOut(deps, wish),
    handOut: (corporation, handOutId) => viewHandOut(deps, corporation, handOutId),
    recipients: ({ issuerId, handOutId }, page) => deps.recipients.lines(issuerId, handOutId, page),
    takeBack: (asked) => takeBackRecipient(deps, asked),
    sendStep: (issuerId) => sendStep(deps, issuerId),
    followStep: (issuerId, place) => followStep(deps, issuerId, place),
  }
}

async function standingOf(
  deps: CorporateDeps,
  corporation: Corporation,
): Promise<CorporateStanding> {
  const { issuerId, corporationId, walletId } = corporation
  const now = deps.clock()
  const lots = await deps.ledger.lots(issuerId, walletId)
  const purchases = await corporatePurchases(deps, issuerId, corporationId)
  const { monthWon, allWon } = boughtSums(purchases, now)
  return {
    lots: lots.filter(({ expiresAt }) => expiresAt > now),
    boughtThisMonthWon: monthWon,
    boughtWon: allWon,
    handOuts: await handOutsOf(deps, issuerId, corporationId),
  }
}

async function viewHandOut(
  deps: CorporateDeps,
  corporation: Corporation,
  handOutId: HandOutId,
): Promise<HandOutView | undefined> {
  const { issuerId, corporationId } = corporation
  const handOut = await readHandOut(deps, issuerId, handOutId)
  if (handOut?.corporationId !== corporationId) return undefined
  return {
    handOut,
    groups: await deps.recipients.groups(issuerId, handOutId),
    availableWon: await availableWon(deps, corporation, handOut.programId),
  }
}
