/**
 * A corporation's own account and the consent to debits from it (출금동의, 전자금융거래법 §15): given by an authorised
 * person in the corporation's name, and provable: who, which text, when, on which device. It outlives the person's
 * authority, because it is the corporation's; whoever acts for it may revoke it.
 */
import type { CaseId, CorporationId, IssuerId } from '../base/base.ts'
import { rulesAt } from '../issuing/issuing.ts'
import {
  keyPrefix,
  naturalKey,
  newRecord,
  readRecord,
  recordOf,
  wrongText,
  type CorporateConsentBody,
  type RecordOf,
} from '../registration/registration.ts'
import type { CorporateDeps } from './corporate-deps.ts'
import { refusedCorporate, type Corporate } from './corporate-refusal.ts'
import {
  actingFor,
  actingForActive,
  changeCorporation,
  memberText,
  personOf,
  type Acting,
} from './corporation-records.ts'
import type { CorporationAnswer } from './corporations.ts'

const ACCOUNT_TOKEN = /^[\x21-\x7e]{1,100}$/
const CONSENTS_MAX = 100

export interface CorporateLinking extends Acting {
  readonly accountToken: string
  readonly consent: {
    readonly textVersion: string
    /** SHA-256 of the text as it was shown, in hex. */
    readonly textHash: string
    readonly device: string
  }
}

export interface CorporateConsent extends CorporateConsentBody {
  readonly consentId: CaseId
}

/** Links the account with a consent to debits from it; both the same already: as it is. */
export async function linkCorporateAccount(
  deps: CorporateDeps,
  linking: CorporateLinking,
): Promise<CorporationAnswer> {
  const { issuerId, corporationId, memberId, accountToken, consent } = linking
  if (!ACCOUNT_TOKEN.test(accountToken)) return refusedCorporate('field_invalid', 'accountToken')
  const wrong = wrongText(consent)
  if (wrong !== undefined) return refusedCorporate('field_invalid', `consent.${wrong}`)
  const found = await actingForActive(deps, linking)
  if (found.status !== 'done') return found
  const { debitConsentVersions } = rulesAt(deps.issuing.issuerRules(issuerId), deps.clock())
  if (debitConsentVersions.length > 0 && !debitConsentVersions.includes(consent.textVersion)) {
    return refusedCorporate('consent_text_unknown')
  }
  const by = memberText(memberId)
  return changeCorporation(deps, { issuerId, corporationId, by }, async (before, now) => {
    if (personOf(before, memberId)?.state !== 'active') {
      return refusedCorporate('corporation_unknown')
    }
    const known =
      before.debitConsentId === null
        ? undefined
        : await readRecord(deps.registry, issuerId, 'corporate_consent', before.debitConsentId)
    const isSame =
      before.accountToken === accountToken &&
      known?.body.textVersion === consent.textVersion &&
      known.body.textHash === consent.textHash &&
      known.body.device === consent.device &&
      known.body.memberId === memberId
    if (isSame) return { corporation: before }
    const consentId = deps.ids.next('cas')
    const body: CorporateConsentBody = {
      corporationId,
      memberId,
      ...consent,
      at: now,
      subject: accountToken,
      revokedAt: null,
    }
    const keys = [naturalKey.ofCorporation(corporationId, consentId)]
    return {
      corporation: { ...before, accountToken, debitConsentId: consentId },
      beside: [newRecord('corporate_consent', { recordId: consentId, version: 1, body, keys })],
    }
  })
}

/** Newest first. */
export async function corporateConsents(
  { registry }: Pick<CorporateDeps, 'registry'>,
  issuerId: IssuerId,
  corporationId: CorporationId,
): Promise<readonly CorporateConsent[]> {
  const prefix = keyPrefix.ofCorporation(corporationId)
  const stored = await registry.listByKey(issuerId, 'corporate_consent', prefix, CONSENTS_MAX)
  return stored.map((each) => consentOf(recordOf('corporate_consent', each)))
}

/** From now on nothing is debited by it; a purchase that was debited before stays. Again: as it is. */
export async function revokeCorporateConsent(
  deps: CorporateDeps,
  { consentId, ...acting }: Acting & { readonly consentId: CaseId },
): Promise<Corporate<{ readonly consent: CorporateConsent }>> {
  const { issuerId, corporationId, memberId } = acting
  const found = await actingFor(deps, acting)
  if (found.status !== 'done') return found
  const by = memberText(memberId)
  const changed = await changeCorporation(
    deps,
    { issuerId, corporationId, by },
    async (before, now) => {
      const known = await readRecord(deps.registry, issuerId, 'corporate_consent', consentId)
      if (known?.body.corporationId !== corporationId) return refusedCorporate('consent_unknown')
      if (known.body.revokedAt !== null) return { corporation: before }
      const body = { ...known.body, revokedAt: now }
      const record = { recordId: consentId, version: known.version + 1, body }
      const debitConsentId = before.debitConsentId === consentId ? null : before.debitConsentId
      return {
        corporation: { ...before, debitConsentId },
        beside: [newRecord('corporate_consent', record)],
      }
    },
  )
  if (changed.status !== 'done') return changed
  const revoked = await readRecord(deps.registry, issuerId, 'corporate_consent', consentId)
  return revoked === undefined
    ? refusedCorporate('consent_unknown')
    : { status: 'done', consent: consentOf(revoked) }
}

function consentOf({ recordId, body }: RecordOf<'corporate_consent'>): CorporateConsent {
  return { consentId: recordId as CaseId, ...body } // The record id of a consent is drawn as a case's.
}
