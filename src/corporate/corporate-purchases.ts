/** Buying in a corporation's name. Who ordered it is written down first; what becomes of it is the ledger's to say. */
import {
  assert,
  businessMonth,
  sumWon,
  won,
  type CorporationId,
  type IssuerId,
  type MemberId,
  type OperationId,
  type ProgramId,
  type Won,
} from '../base/base.ts'
import { rulesAt, type PurchaseDecision } from '../issuing/issuing.ts'
import type { PurchaseRecord } from '../ledger/ledger.ts'
import {
  changeRecords,
  findRecord,
  keyPrefix,
  naturalKey,
  newRecord,
  readRecord,
  recordOf,
  type Change,
  type CorporatePurchaseBody,
} from '../registration/registration.ts'
import type { ReturnAnswer } from '../refunding/refunding.ts'
import type { PurchaseAnswer } from '../selling/selling.ts'
import type { CorporateDeps } from './corporate-deps.ts'
import { refusedCorporate, type Corporate, type CorporateRefused } from './corporate-refusal.ts'
import {
  actingFor,
  memberText,
  readCorporation,
  type Acting,
  type Corporation,
} from './corporation-records.ts'
import { openWallet } from './corporations.ts'

export interface CorporateOrder extends Acting {
  readonly operationId: OperationId
  readonly programId: ProgramId
  readonly faceWon: Won
}

export interface CorporatePurchase extends CorporatePurchaseBody {
  readonly issuerId: IssuerId
  /** `undefined` where the ledger refused it, or was never asked. */
  readonly purchase: PurchaseRecord | undefined
}

/** Of one corporation, newest first. */
export const CORPORATE_PURCHASES_MAX = 100

/** What a purchase would cost now; caps and quota are asked on buying. */
export async function quoteForCorporation(
  deps: CorporateDeps,
  order: Omit<CorporateOrder, 'operationId'>,
): Promise<Corporate<{ readonly decision: PurchaseDecision }>> {
  const found = await actingFor(deps, order)
  if (found.status !== 'done') return found
  const { issuerId, programId, faceWon } = order
  const buyer = buyerOf(deps, found.corporation)
  return {
    status: 'done',
    decision: deps.selling.quoteForCorporation({ issuerId, programId, faceWon, buyer }),
  }
}

/** Buys by debit of the corporation's account; the same key again is answered as the first time. */
export async function buyForCorporation(
  deps: CorporateDeps,
  order: CorporateOrder,
): Promise<PurchaseAnswer | CorporateRefused> {
  const { issuerId, operationId, programId, faceWon } = order
  const found = await actingFor(deps, order)
  if (found.status !== 'done') return found
  const { corporation } = found
  const ordered = await writeOrder(deps, order)
  if ('status' in ordered) return ordered
  await openWallet(deps, corporation)
  const { accountToken } = ordered
  return deps.selling.buyAsCorporation({
    issuerId,
    operationId,
    buyer: buyerOf(deps, corporation),
    walletId: corporation.walletId,
    programId,
    faceWon,
    accountToken,
    consentId: ordered.body.consentId,
  })
}

interface WrittenOrder {
  readonly body: CorporatePurchaseBody
  readonly accountToken: string
}

async function writeOrder(
  deps: CorporateDeps,
  order: CorporateOrder,
): Promise<WrittenOrder | CorporateRefused | { readonly status: 'key_reused' }> {
  const { issuerId, corporationId, memberId, operationId, programId, faceWon } = order
  const { registry } = deps
  const now = deps.clock()
  const key = naturalKey.request(operationId)
  type Answer = WrittenOrder | CorporateRefused | { readonly status: 'key_reused' }
  const decide = async (): Promise<Change<Answer>> => {
    const known = await findRecord(registry, issuerId, 'corporate_purchase', key)
    if (known !== undefined) {
      const { body } = known
      const isSame =
        body.corporationId === corporationId &&
        body.programId === programId &&
        body.faceWon === faceWon
      const consent = isSame
        ? await readRecord(registry, issuerId, 'corporate_consent', body.consentId)
        : undefined
      if (consent === undefined) return { answer: { status: 'key_reused' } }
      // The account of then: the ledger knows the request by it.
      return { answer: { body, accountToken: consent.body.subject } }
    }
    // As it is now: a consent that was revoked a moment ago counts no more.
    const corporation = await readCorporation(deps, issuerId, corporationId)
    if (corporation?.state !== 'active')
      return { answer: refusedCorporate('corporation_not_active') }
    const { accountToken, debitConsentId } = corporation
    if (accountToken === null) return { answer: refusedCorporate('account_not_linked') }
    if (debitConsentId === null) return { answer: refusedCorporate('debit_consent_missing') }
    const body: CorporatePurchaseBody = {
      corporationId,
      memberId,
      operationId,
      programId,
      faceWon,
      consentId: debitConsentId,
      at: now,
    }
    const recordId = deps.ids.next('cas')
    const keys = [key, naturalKey.ofCorporation(corporationId, recordId)]
    return {
      answer: { body, accountToken },
      by: memberText(memberId),
      records: [newRecord('corporate_purchase', { recordId, version: 1, body, keys })],
    }
  }
  return changeRecords(registry, issuerId, now, decide)
}

function buyerOf({ issuing, clock }: CorporateDeps, { issuerId, state }: Corporation) {
  const { corporateHoldingWonMax } = rulesAt(issuing.issuerRules(issuerId), clock())
  return { issuerId, isActive: state === 'active', holdingWonMax: corporateHoldingWonMax }
}

/** The answer that a purchase got, or would have got; `undefined`: no such purchase of the corporation. */
export async function enquireForCorporation(
  deps: CorporateDeps,
  { operationId, ...acting }: Acting & { readonly operationId: OperationId },
): Promise<PurchaseAnswer | CorporateRefused | undefined> {
  const found = await actingFor(deps, acting)
  if (found.status !== 'done') return found
  const { issuerId, corporationId } = acting
  const key = naturalKey.request(operationId)
  const known = await findRecord(deps.registry, issuerId, 'corporate_purchase', key)
  return known?.body.corporationId === corporationId
    ? deps.selling.enquire(issuerId, operationId)
    : undefined
}

/** Hands back a wholly unused purchase in time; the money goes to the account that it came from. */
export async function cancelForCorporation(
  deps: CorporateDeps,
  cancellation: Acting & { readonly operationId: OperationId; readonly purchaseId: OperationId },
): Promise<Corporate<{ readonly answer: ReturnAnswer }>> {
  const found = await actingFor(deps, cancellation)
  if (found.status !== 'done') return found
  const { walletId, name, accountToken, state } = found.corporation
  const { issuerId, corporationId, operationId, purchaseId } = cancellation
  const memberId = corporationId as number as MemberId // The ledger's number of the holder, as in `openWallet`.
  const answer = await deps.refunding.cancelPurchaseOf(
    { issuerId, memberId, operationId, purchaseId },
    {
      walletId,
      holderName: name,
      accountToken: accountToken ?? undefined,
      refusal: state === 'active' ? undefined : 'member_stopped',
    },
  )
  return { status: 'done', answer }
}

/** Newest first, with what became of each. */
export async function corporatePurchases(
  { registry, ledger }: Pick<CorporateDeps, 'registry' | 'ledger'>,
  issuerId: IssuerId,
  corporationId: CorporationId,
  limit = CORPORATE_PURCHASES_MAX,
): Promise<readonly CorporatePurchase[]> {
  assert(limit <= CORPORATE_PURCHASES_MAX, `at most ${CORPORATE_PURCHASES_MAX} at once`)
  const prefix = keyPrefix.ofCorporation(corporationId)
  const stored = await registry.listByKey(issuerId, 'corporate_purchase', prefix, limit)
  return Promise.all(
    stored.map(async (each) => {
      const { body } = recordOf('corporate_purchase', each)
      const purchase = await ledger.purchase(issuerId, body.operationId)
      return { issuerId, ...body, purchase }
    }),
  )
}

/** What of these was bought: in the Korean month of an instant, and in all. */
export function boughtSums(
  purchases: readonly CorporatePurchase[],
  at: number,
): { readonly monthWon: Won; readonly allWon: Won } {
  const bought = purchases.filter(({ purchase }) => purchase?.state === 'completed')
  const month = businessMonth(at)
  const ofMonth = bought.filter((each) => businessMonth(each.purchase!.reservedAt) === month)
  const sum = (some: readonly CorporatePurchase[]): Won =>
    some.length === 0 ? won(0) : sumWon(some.map(({ faceWon }) => faceWon))
  return { monthWon: sum(ofMonth), allWon: sum(bought) }
}
