/** Applying as a merchant, by form or by consent to what another issuer knows; and the municipality's decision. */
import {
  beginLife,
  isRegistered,
  isSector,
  parseBusinessNumber,
  withRevenue,
  type MerchantChange,
  type MerchantState,
  type TakenOver,
} from '../acquiring/acquiring.ts'
import {
  businessDate,
  cleanText,
  formatId,
  isWon,
  type ClerkId,
  type Instant,
  type IssuerId,
  type MerchantId,
  type OfficerId,
  type Won,
} from '../base/base.ts'
import { rulesAt } from '../issuing/issuing.ts'
import { barredUntil } from './application-facts.ts'
import { changeMerchant, readKnown, type LifeDeps, type MerchantOfLife } from './merchant-lives.ts'
import { merchantIdOf, merchantOf, type RegisteredMerchant } from './merchants.ts'
import { toIssuer } from './party-notices.ts'
import { isPersonId } from './person-id.ts'
import { naturalKey, type MerchantBody } from './record-bodies.ts'
import {
  changeRecords,
  findRecord,
  newRecord,
  readRecord,
  type Change,
  type RecordOf,
} from './record-store.ts'
import { refused, type Refused, type Registered } from './refusal.ts'

export interface MerchantApplication {
  readonly issuerId: IssuerId
  /** Who applies, and will be the owner. */
  readonly personId: string
  readonly name: string
  /** Printable ASCII, at most 25 characters: stands in QR codes. */
  readonly nameLatin: string
  /** With or without hyphens. */
  readonly businessNumber: string
  readonly sector: string
  /** As the applicant says; the officer may correct it. */
  readonly annualRevenueWon: Won
  readonly district: string
}

const NAME_LENGTH_MAX = 40
const DISTRICT_LENGTH_MAX = 40
const NAME_LATIN = /^[\x21-\x7e](?:[\x20-\x7e]{0,23}[\x21-\x7e])?$/
/** Of an officer who gave no reason of their own. */
const NO_WORDS = '담당자 결정'

/**
 * An application, with the applicant as owner. The owner applying again gets what there is, and may apply anew after
 * an end, unless a bar on the business or its owner lasts; a business number of somebody else's merchant is taken.
 */
export async function applyMerchant(
  deps: LifeDeps,
  application: MerchantApplication,
  takenOver?: TakenOver,
): Promise<Registered<RegisteredMerchant>> {
  const { registry } = deps
  const { issuerId } = application
  const now = deps.clock()
  const body = merchantBody(application, now)
  if ('status' in body && body.status === 'refused') return body
  const key = naturalKey.businessNumber(body.businessNumber)
  const decide = async (): Promise<Change<Registered<RegisteredMerchant>>> => {
    const known = await findRecord(registry, issuerId, 'merchant', key)
    if (known !== undefined) {
      if (known.body.ownerPersonId !== application.personId) {
        return { answer: refused('business_number_taken') }
      }
      if (known.body.status !== 'closed') {
        return { answer: { status: 'registered', merchant: merchantOf(issuerId, known) } }
      }
    }
    const barred = await barredUntil(registry, issuerId, body)
    if (barred !== undefined && barred > now) {
      return { answer: { ...refused('merchant_barred', 'businessNumber'), at: barred } }
    }
    const applied = { body, now, takenOver }
    return known === undefined
      ? firstApplication(deps, issuerId, applied)
      : repeatedApplication(deps, issuerId, known, applied)
  }
  return changeRecords(registry, issuerId, now, decide)
}

interface Applied {
  readonly body: MerchantBody
  readonly now: Instant
  readonly takenOver: TakenOver | undefined
}

function firstApplication(
  deps: LifeDeps,
  issuerId: IssuerId,
  { body, now, takenOver }: Applied,
): Change<Registered<RegisteredMerchant>> {
  const { ids } = deps
  const { ownerPersonId: personId, businessNumber } = body
  const merchantId = ids.next('mrc')
  const clerkId = ids.next('clk')
  const owner = { merchantId, personId, role: 'owner', active: true } as const
  const first = { recordId: merchantId, version: 1, body }
  const rules = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
  const life = beginLife(rules, now, { ...takenFrom(takenOver), revenue: revenueOf(body, now) })
  return {
    answer: { status: 'registered', merchant: merchantOf(issuerId, first) },
    by: formatId('clk', clerkId),
    records: [
      newRecord('merchant', { ...first, keys: [naturalKey.businessNumber(businessNumber)] }),
      newRecord('merchant_life', { recordId: merchantId, version: 1, body: life }),
      newRecord('clerk', {
        recordId: clerkId,
        version: 1,
        body: owner,
        keys: [naturalKey.clerk(merchantId, personId)],
      }),
      applicationNotice(deps, merchantId, now),
    ],
  }
}

async function repeatedApplication(
  deps: LifeDeps,
  issuerId: IssuerId,
  merchant: RecordOf<'merchant'>,
  { body, now, takenOver }: Applied,
): Promise<Change<Registered<RegisteredMerchant>>> {
  const { registry } = deps
  const merchantId = merchantIdOf(merchant)
  const rules = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
  const known = await readKnown(deps, issuerId, merchantId, rules)
  if (known === undefined) return { answer: refused('merchant_unknown') }
  const key = naturalKey.clerk(merchantId, body.ownerPersonId)
  const owner = await findRecord(registry, issuerId, 'clerk', key)
  const begun = beginLife(rules, now, { ...takenFrom(takenOver), revenue: revenueOf(body, now) })
  const life = {
    ...begun,
    round: known.life.round + 1,
    revenues: withRevenue(known.life.revenues, revenueOf(body, now)),
  }
  const next = { recordId: merchantId, version: merchant.version + 1, body }
  return {
    answer: { status: 'registered', merchant: merchantOf(issuerId, next) },
    by: owner === undefined ? 'system' : formatId('clk', owner.recordId as ClerkId), // The clerk's own id.
    records: [
      newRecord('merchant', next),
      newRecord('merchant_life', {
        recordId: merchantId,
        version: known.lifeVersion + 1,
        body: life,
      }),
      applicationNotice(deps, merchantId, now),
    ],
  }
}

function applicationNotice({ ids }: Pick<LifeDeps, 'ids'>, merchantId: MerchantId, at: Instant) {
  return toIssuer(ids, merchantId, { partyNoticeKind: 'application_made', at, facts: {} })
}

const takenFrom = (takenOver: TakenOver | undefined): { takenOver?: TakenOver } =>
  takenOver === undefined ? {} : { takenOver }

const revenueOf = ({ annualRevenueWon }: MerchantBody, at: Instant) => ({
  from: businessDate(at),
  annualRevenueWon,
  at,
})

export interface MerchantConsent {
  readonly issuerId: IssuerId
  /** The owner, who consents. */
  readonly personId: string
  readonly from: { readonly issuerId: IssuerId; readonly merchantId: MerchantId }
}

/**
 * Deemed application (신청 간주): the owner of another issuer's registered merchant consents to its data being taken
 * over. Papers are not: the new issuer asks for what it requires.
 */
export async function applyByConsent(
  deps: LifeDeps,
  { issuerId, personId, from }: MerchantConsent,
): Promise<Registered<RegisteredMerchant>> {
  const now = deps.clock()
  const there = await readRecord(deps.registry, from.issuerId, 'merchant', from.merchantId)
  // Whose it is not, it does not exist for.
  if (there?.body.ownerPersonId !== personId) return refused('merchant_unknown')
  if (there.body.status !== 'active') return refused('merchant_transition_refused', 'merchantId')
  const takenOver = { ...from, consentedAt: now }
  return applyMerchant(deps, { ...there.body, issuerId, personId }, takenOver)
}

function merchantBody(application: MerchantApplication, now: number): MerchantBody | Refused {
  const { personId, nameLatin, sector, annualRevenueWon } = application
  if (!isPersonId(personId)) return refused('field_invalid', 'personId')
  const name = cleanText(application.name, NAME_LENGTH_MAX)
  const district = cleanText(application.district, DISTRICT_LENGTH_MAX)
  const businessNumber = parseBusinessNumber(application.businessNumber)
  if (name === undefined) return refused('field_invalid', 'name')
  if (!NAME_LATIN.test(nameLatin)) return refused('field_invalid', 'nameLatin')
  if (businessNumber === undefined) return refused('field_invalid', 'businessNumber')
  if (!isSector(sector)) return refused('field_invalid', 'sector')
  if (!isWon(annualRevenueWon) || annualRevenueWon < 0) {
    return refused('field_invalid', 'annualRevenueWon')
  }
  if (district === undefined) return refused('field_invalid', 'district')
  return {
    name,
    nameLatin,
    businessNumber,
    ownerPersonId: personId,
    sector,
    annualRevenueWon,
    district,
    status: 'applied',
    registeredAt: now,
  }
}

export interface MerchantDecision {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  readonly officerId: OfficerId
  /**
   * - `active`: admitted, or readmitted after a suspension.
   * - `suspended`: for `reason`, until `until` where that is given.
   * - `closed`: an application is refused; a registered business that is no more is struck off. Whoever is to lose the
   *   registration against its will is given notice first: that is no decision of this kind.
   */
  readonly status: 'active' | 'suspended' | 'closed'
  /** The yearly revenue as the officer established it; absent: as it was. */
  readonly annualRevenueWon?: Won
  readonly reason?: string
  readonly until?: Instant
}

/** The municipality's decision. Deciding what is decided already changes nothing. */
export async function decideMerchant(
  deps: LifeDeps,
  decision: MerchantDecision,
): Promise<Registered<MerchantOfLife>> {
  const { issuerId, merchantId, officerId, annualRevenueWon } = decision
  const rules = rulesAt(deps.issuerRules.issuerRules(issuerId), deps.clock())
  const known = await readKnown(deps, issuerId, merchantId, rules)
  if (known === undefined) return refused('merchant_unknown')
  return changeMerchant(deps, {
    issuerId,
    merchantId,
    by: formatId('off', officerId),
    change: changeOf(decision, known.life.state),
    ...(annualRevenueWon === undefined ? {} : { annualRevenueWon }),
  })
}

function changeOf(
  { status, reason, until }: MerchantDecision,
  state: MerchantState,
): MerchantChange {
  const words = reason ?? NO_WORDS
  switch (status) {
    case 'active':
      return { event: isRegistered(state) ? 'lift_suspension' : 'approve' }
    case 'suspended':
      return { event: 'suspend', words, until: until ?? null }
    default:
      return closingOf(state, words)
  }
}

/** What is closed already stays as it was closed. */
function closingOf(state: MerchantState, words: string): MerchantChange {
  switch (state) {
    case 'applied':
    case 'documents_asked':
    case 'refused':
      return { event: 'refuse', words }
    case 'cancelled':
      return { event: 'cancel', words, halved: false }
    case 'lapsed':
      return { event: 'lapse' }
    default:
      return { event: 'strike_off', words }
  }
}
