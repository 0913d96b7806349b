/**
 * The linked account and the consent to debits from it (출금동의, 전자금융거래법 §15). Both are written in one append: an
 * account that may be debited always has a consent that can be proved, and revoking it takes that right away at once.
 */
import {
  cleanText,
  formatId,
  type CaseId,
  type Instant,
  type IssuerId,
  type MemberId,
} from '../base/base.ts'
import { rulesAt } from '../issuing/issuing.ts'
import type { ConsentBody, ConsentMethod } from './member-money-bodies.ts'
import { accountOf, type MemberAccount } from './members.ts'
import { keyPrefix, naturalKey, type MemberBody } from './record-bodies.ts'
import {
  changeRecords,
  newRecord,
  readRecord,
  recordOf,
  type Change,
  type RecordOf,
} from './record-store.ts'
import { refused, type Registered } from './refusal.ts'
import type { RegistrationDeps } from './registration-deps.ts'

const ACCOUNT_TOKEN = /^[\x21-\x7e]{1,100}$/
const TEXT_HASH = /^[0-9a-f]{64}$/
const TEXT_VERSION_LENGTH_MAX = 40
/** Of one member, newest first. */
const CONSENTS_MAX = 100

/** What a member agreed to when the account was linked. */
export interface GivenConsent {
  readonly textVersion: string
  /** SHA-256 of the text as it was shown, in hex. */
  readonly textHash: string
  readonly device: string
  readonly method: ConsentMethod
}

export interface AccountLinking {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  readonly accountToken: string
  /** Absent: the account may be paid to, and nothing may be debited from it. */
  readonly consent?: GivenConsent
}

export interface Consent extends ConsentBody {
  readonly consentId: CaseId
}

/** Keeps the bank's token of the account, with the consent to debits from it. The same again changes nothing. */
export async function linkAccount(
  deps: RegistrationDeps,
  command: AccountLinking,
): Promise<Registered<MemberAccount>> {
  const { issuerId, accountToken, consent } = command
  if (!ACCOUNT_TOKEN.test(accountToken)) return refused('field_invalid', 'accountToken')
  const now = deps.clock()
  const wrong = consent === undefined ? undefined : wrongField(consent)
  if (wrong !== undefined) return refused('field_invalid', `consent.${wrong}`)
  const { debitConsentVersions } = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
  const isKnownText =
    debitConsentVersions.length === 0 ||
    consent === undefined ||
    debitConsentVersions.includes(consent.textVersion)
  if (!isKnownText) return refused('consent_text_unknown')
  const linked = await changeRecords(deps.registry, issuerId, now, () => link(deps, command, now))
  if (linked === undefined) return refused('member_unknown')
  return { status: 'registered', ...(await accountOf(deps, issuerId, linked)) }
}

async function link(
  { registry, ids }: RegistrationDeps,
  { issuerId, memberId, accountToken, consent }: AccountLinking,
  now: Instant,
): Promise<Change<RecordOf<'member'> | undefined>> {
  const record = await readRecord(registry, issuerId, 'member', memberId)
  if (record === undefined) return { answer: undefined }
  const { debitConsentId } = record.body
  const isSameAccount = record.body.accountToken === accountToken
  const known =
    debitConsentId === null
      ? undefined
      : await readRecord(registry, issuerId, 'consent', debitConsentId)
  const isSameConsent = consent === undefined || (known && isSame(known.body, consent))
  if (isSameAccount && isSameConsent) return { answer: record }
  const consentId = ids.next('cas')
  const given: ConsentBody | undefined = consent && {
    memberId,
    purpose: 'account_debit',
    ...consent,
    subject: accountToken,
    at: now,
    revokedAt: null,
  }
  const body: MemberBody = {
    ...record.body,
    accountToken,
    // A consent is for one account: another account without one may not be debited.
    debitConsentId: given === undefined ? null : consentId,
  }
  const next = { recordId: memberId, version: record.version + 1, body }
  const keys = [naturalKey.ofMember(memberId, consentId)]
  return {
    answer: next,
    by: formatId('mbr', memberId),
    records: [
      newRecord('member', next),
      ...(given === undefined
        ? []
        : [newRecord('consent', { recordId: consentId, version: 1, body: given, keys })]),
    ],
  }
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

/** From now on nothing is done by it; a purchase that was debited before stays. Again: as it is. */
export async function revokeConsent(
  deps: RegistrationDeps,
  command: { readonly issuerId: IssuerId; readonly memberId: MemberId; readonly consentId: CaseId },
): Promise<Registered<{ readonly consent: Consent }>> {
  const { issuerId, memberId, consentId } = command
  const { registry } = deps
  const now = deps.clock()
  const decide = async (): Promise<Change<Registered<{ readonly consent: Consent }>>> => {
    const known = await readRecord(registry, issuerId, 'consent', consentId)
    const member = await readRecord(registry, issuerId, 'member', memberId)
    if (known?.body.memberId !== memberId || member === undefined) {
      return { answer: refused('consent_unknown') }
    }
    if (known.body.revokedAt !== null) {
      return { answer: { status: 'registered', consent: consentOf(known) } }
    }
    const body: ConsentBody = { ...known.body, revokedAt: now }
    const next = { recordId: consentId, version: known.version + 1, body }
    const isOfAccount = member.body.debitConsentId === consentId
    const without = {
      recordId: memberId,
      version: member.version + 1,
      body: { ...member.body, debitConsentId: null },
    }
    return {
      answer: { status: 'registered', consent: consentOf(next) },
      by: formatId('mbr', memberId),
      records: [newRecord('consent', next), ...(isOfAccount ? [newRecord('member', without)] : [])],
    }
  }
  return changeRecords(registry, issuerId, now, decide)
}

function wrongField({ textVersion, textHash }: GivenConsent): string | undefined {
  if (cleanText(textVersion, TEXT_VERSION_LENGTH_MAX) !== textVersion) return 'textVersion'
  return TEXT_HASH.test(textHash) ? undefined : 'textHash'
}

function isSame(body: ConsentBody, given: GivenConsent): boolean {
  return (
    body.textVersion === given.textVersion &&
    body.textHash === given.textHash &&
    body.device === given.device &&
    body.method === given.method
  )
}

function consentOf({ recordId, body }: RecordOf<'consent'>): Consent {
  return { consentId: recordId as CaseId, ...body } // The record id of a consent is drawn as a case's.
}
