/**
 * What a member agrees to beside debits: the terms of service, what happens to personal data, and what nobody has to
 * agree to. A consent names its text by version and hash; a new text is a new consent, and the old one stays provable.
 */
import {
  cleanText,
  formatId,
  type CaseId,
  type Instant,
  type IssuerId,
  type MemberId,
} from '../base/base.ts'
import { rulesAt, type IssuerRuleValues } from '../issuing/issuing.ts'
import type { ConsentBody, ConsentMethod, ConsentPurpose } from './member-money-bodies.ts'
import { presentMember } from './present-member.ts'
import { keyPrefix, naturalKey } from './record-bodies.ts'
import {
  changeRecords,
  newRecord,
  readRecord,
  recordOf,
  type Change,
  type RecordOf,
} from './record-store.ts'
import type { NewRecord } from './registry.ts'
import { refused, type Refused, type Registered } from './refusal.ts'
import type { RegistrationDeps } from './registration-deps.ts'

/** What one may agree to by itself; the consent to debits comes with its account. */
export const agreeablePurposes = [
  'terms_of_service',
  'personal_data',
  'third_party_municipality',
  'third_party_card_company',
  'marketing',
  'location',
  'notices',
] as const satisfies readonly ConsentPurpose[]
export type AgreeablePurpose = (typeof agreeablePurposes)[number]

/** One text that was shown and agreed to. */
export interface Agreement {
  readonly purpose: AgreeablePurpose
  readonly textVersion: string
  /** SHA-256 of the text as it was shown, in hex. */
  readonly textHash: string
}

/** Agreements made together: on one device or sheet, by one way. */
export interface GivenAgreements {
  readonly agreements: readonly Agreement[]
  readonly device: string
  readonly method: ConsentMethod
}

export interface AgreementCommand extends GivenAgreements {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
}

export interface Consent extends ConsentBody {
  readonly consentId: CaseId
}

/** Of one member, newest first. */
export const CONSENTS_MAX = 500
const TEXT_HASH = /^[0-9a-f]{64}$/
const TEXT_VERSION_LENGTH_MAX = 40

/** Agrees to texts. What is agreed to already, in that very text, stays as it is. */
export async function agree(
  deps: RegistrationDeps,
  command: AgreementCommand,
): Promise<Registered<{ readonly consents: readonly Consent[] }>> {
  const { issuerId, memberId } = command
  const now = deps.clock()
  const wrong = wrongAgreements(deps, issuerId, command, now)
  if (wrong !== undefined) return wrong
  const decide = async (): Promise<Change<Refused | undefined>> => {
    const member = await presentMember(deps.registry, issuerId, memberId)
    if (member === undefined) return { answer: refused('member_unknown') }
    const records = await consentRecords(deps, command, now)
    if (records.length === 0) return { answer: undefined }
    return { answer: undefined, by: formatId('mbr', memberId), records }
  }
  const refusal = await changeRecords(deps.registry, issuerId, now, decide)
  if (refusal !== undefined) return refusal
  return { status: 'registered', consents: await consentsOf(deps, issuerId, memberId) }
}

/** Why so; `undefined` where every text is one that counts. */
export function wrongAgreements(
  deps: Pick<RegistrationDeps, 'issuerRules'>,
  issuerId: IssuerId,
  { agreements }: Pick<GivenAgreements, 'agreements'>,
  now: Instant,
): Refused | undefined {
  const rules = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
  const purposes = new Set<AgreeablePurpose>()
  for (const agreement of agreements) {
    const field = wrongText(agreement)
    if (field !== undefined) return refused('field_invalid', `consents.${field}`)
    if (purposes.has(agreement.purpose)) return refused('field_invalid', 'consents.purpose')
    purposes.add(agreement.purpose)
    if (!textCounts(rules, agreement)) return refused('consent_text_unknown')
  }
  return undefined
}

/** The first purpose that every member has to have agreed to and nobody here has; `undefined` where none lacks. */
export function lackingPurpose(
  deps: Pick<RegistrationDeps, 'issuerRules'>,
  issuerId: IssuerId,
  { agreements }: Pick<GivenAgreements, 'agreements'>,
  now: Instant,
): string | undefined {
  const { consentsRequired } = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
  return consentsRequired.find(
    (required) => !agreements.some(({ purpose }) => purpose === required),
  )
}

/** The version and hash of a text as such: `textVersion` or `textHash` where it is wrong. */
export function wrongText(text: {
  readonly textVersion: string
  readonly textHash: string
}): 'textVersion' | 'textHash' | undefined {
  if (cleanText(text.textVersion, TEXT_VERSION_LENGTH_MAX) !== text.textVersion) {
    return 'textVersion'
  }
  return TEXT_HASH.test(text.textHash) ? undefined : 'textHash'
}

/** A purpose of which the issuer has named no version takes any. */
function textCounts(
  { consentTextVersions }: IssuerRuleValues,
  { purpose, textVersion }: Agreement,
): boolean {
  const named = consentTextVersions.filter((entry) => entry.startsWith(`${purpose}.`))
  return named.length === 0 || named.includes(`${purpose}.${textVersion}`)
}

/**
 * Records of what is not agreed to yet. A consent bears the key of the one it follows, so that of two that are given
 * at once the second is decided anew.
 */
export async function consentRecords(
  deps: Pick<RegistrationDeps, 'registry' | 'ids'>,
  { issuerId, memberId, agreements, device, method }: AgreementCommand,
  now: Instant,
): Promise<NewRecord[]> {
  const records: NewRecord[] = []
  for (const { purpose, textVersion, textHash } of agreements) {
    const newest = await newestOf(deps, issuerId, memberId, purpose)
    const standing = newest?.body.revokedAt === null ? newest.body : undefined
    if (standing?.textVersion === textVersion && standing.textHash === textHash) continue
    const consentId = deps.ids.next('cas')
    const given = { memberId, purpose, textVersion, textHash, device, method, at: now }
    records.push(
      newRecord('consent', {
        recordId: consentId,
        version: 1,
        body: { ...given, subject: null, revokedAt: null, revokedBy: null },
        keys: consentKeys(memberId, purpose, consentId, newest?.recordId ?? 0),
      }),
    )
  }
  return records
}

/** The natural keys of a consent. @param follows the consent of the purpose before it; 0: it is the first */
export function consentKeys(
  memberId: MemberId,
  purpose: AgreeablePurpose,
  consentId: CaseId,
  follows: number,
): readonly string[] {
  return [
    naturalKey.ofMember(memberId, consentId),
    naturalKey.ofPurpose(memberId, purpose, consentId),
    naturalKey.following(memberId, purpose, follows),
  ]
}

async function newestOf(
  { registry }: Pick<RegistrationDeps, 'registry'>,
  issuerId: IssuerId,
  memberId: MemberId,
  purpose: AgreeablePurpose,
): Promise<RecordOf<'consent'> | undefined> {
  const prefix = keyPrefix.ofPurpose(memberId, purpose)
  const [stored] = await registry.listByKey(issuerId, 'consent', prefix, 1)
  return stored && recordOf('consent', stored)
}

export async function consentsOf(
  { registry }: Pick<RegistrationDeps, 'registry'>,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<readonly Consent[]> {
  const prefix = keyPrefix.ofMember(memberId)
  const stored = await registry.listByKey(issuerId, 'consent', prefix, CONSENTS_MAX)
  return stored.map((each) => consentOf(recordOf('consent', each)))
}

export interface Revocation {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  readonly consentId: CaseId
  /** How the member said so. */
  readonly method: ConsentMethod
  /** Who wrote it down, as id text: the member, or an officer for them. */
  readonly by: string
}

/**
 * From now on nothing is done by it; what was done before stays. Again: as it is. What every member has to agree to
 * ends with the membership only.
 */
export async function revokeConsent(
  deps: RegistrationDeps,
  command: Revocation,
): Promise<Registered<{ readonly consent: Consent }>> {
  const { issuerId, memberId, consentId, method, by } = command
  const { registry } = deps
  const now = deps.clock()
  const { consentsRequired } = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
  const decide = async (): Promise<Change<Registered<{ readonly consent: Consent }>>> => {
    const known = await readRecord(registry, issuerId, 'consent', consentId)
    const member = await readRecord(registry, issuerId, 'member', memberId)
    if (known?.body.memberId !== memberId || member === undefined) {
      return { answer: refused('consent_unknown') }
    }
    if (known.body.revokedAt !== null) {
      return { answer: { status: 'registered', consent: consentOf(known) } }
    }
    if (consentsRequired.includes(known.body.purpose))
      return { answer: refused('consent_required') }
    const next = revoked(known, now, method)
    const isOfAccount = member.body.debitConsentId === consentId
    const without = {
      recordId: memberId,
      version: member.version + 1,
      body: { ...member.body, debitConsentId: null },
    }
    return {
      answer: { status: 'registered', consent: consentOf(next) },
      by,
      records: [newRecord('consent', next), ...(isOfAccount ? [newRecord('member', without)] : [])],
    }
  }
  return changeRecords(registry, issuerId, now, decide)
}

/** The next version of a consent, from which on nothing is done by it. */
export function revoked(
  { recordId, version, body }: RecordOf<'consent'>,
  at: Instant,
  revokedBy: ConsentMethod,
): RecordOf<'consent'> {
  return { recordId, version: version + 1, body: { ...body, revokedAt: at, revokedBy } }
}

export function consentOf({ recordId, body }: RecordOf<'consent'>): Consent {
  return { consentId: recordId as CaseId, ...body } // The record id of a consent is drawn as a case's.
}
