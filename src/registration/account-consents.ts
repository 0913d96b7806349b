/**
 * The linked account and the consent to debits from it (출금동의, 전자금융거래법 §15). Both are written in one append: an
 * account that may be debited always has a consent that can be proved, and revoking it takes that right away at once.
 */
import { formatId, type Instant, type IssuerId, type MemberId } from '../base/base.ts'
import { rulesAt } from '../issuing/issuing.ts'
import type { ConsentBody, ConsentMethod } from './member-money-bodies.ts'
import { wrongText } from './member-consents.ts'
import { accountOf, type MemberAccount } from './members.ts'
import { presentMember } from './present-member.ts'
import { naturalKey, type MemberBody } from './record-bodies.ts'
import { changeRecords, newRecord, readRecord, type Change, type RecordOf } from './record-store.ts'
import { refused, type Registered } from './refusal.ts'
import type { RegistrationDeps } from './registration-deps.ts'

const ACCOUNT_TOKEN = /^[\x21-\x7e]{1,100}$/

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

/** Keeps the bank's token of the account, with the consent to debits from it. The same again changes nothing. */
export async function linkAccount(
  deps: RegistrationDeps,
  command: AccountLinking,
): Promise<Registered<MemberAccount>> {
  const { issuerId, accountToken, consent } = command
  if (!ACCOUNT_TOKEN.test(accountToken)) return refused('field_invalid', 'accountToken')
  const now = deps.clock()
  const wrong = consent === undefined ? undefined : wrongText(consent)
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
  const record = await presentMember(registry, issuerId, memberId)
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
    revokedBy: null,
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

function isSame(body: ConsentBody, given: GivenConsent): boolean {
  return (
    body.textVersion === given.textVersion &&
    body.textHash === given.textHash &&
    body.device === given.device &&
    body.method === given.method
  )
}
