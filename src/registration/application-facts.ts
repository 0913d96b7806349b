/** What is on record for and against an application: papers that were brought, and bars. */
import {
  checkApplication,
  failedCheck,
  type ApplicationCheck,
  type CheckedApplication,
  type DocumentKind,
} from '../acquiring/acquiring.ts'
import type { Instant, IssuerId, MerchantId } from '../base/base.ts'
import type { IssuerRuleValues } from '../issuing/issuing.ts'
import type { KnownMerchant } from './merchant-lives.ts'
import type { MerchantDocumentBody } from './merchant-record-bodies.ts'
import { keyPrefix, naturalKey } from './record-bodies.ts'
import { findRecord, recordOf } from './record-store.ts'
import type { Registry } from './registry.ts'

/** Bars of one owner that are looked at: whoever has more is barred by these. */
const BARS_READ_MAX = 50
/** Above what one merchant may bring, so that all of it is seen. */
const DOCUMENTS_READ_MAX = 100

export interface MerchantDocument extends MerchantDocumentBody {
  readonly documentId: number
}

/** Everything that a merchant brought, newest first. */
export async function documentsOf(
  registry: Registry,
  issuerId: IssuerId,
  merchantId: MerchantId,
): Promise<readonly MerchantDocument[]> {
  const prefix = keyPrefix.ofMerchant(merchantId)
  const stored = await registry.listByKey(issuerId, 'merchant_document', prefix, DOCUMENTS_READ_MAX)
  return stored.map((each) => {
    const { recordId, body } = recordOf('merchant_document', each)
    return { documentId: recordId, ...body }
  })
}

/** The latest end of a bar on the business or on its owner; `undefined` where there never was one. */
export async function barredUntil(
  registry: Registry,
  issuerId: IssuerId,
  who: { readonly businessNumber: string; readonly ownerPersonId: string },
): Promise<Instant | undefined> {
  const key = naturalKey.businessNumber(who.businessNumber)
  const ofBusiness = await findRecord(registry, issuerId, 'merchant_bar', key)
  const prefix = keyPrefix.ofOwner(who.ownerPersonId)
  const ofOwner = await registry.listByKey(issuerId, 'merchant_bar', prefix, BARS_READ_MAX)
  const ends = ofOwner.map((stored) => recordOf('merchant_bar', stored).body.until)
  if (ofBusiness !== undefined) ends.push(ofBusiness.body.until)
  return ends.length === 0 ? undefined : Math.max(...ends)
}

export async function checkedApplication(
  registry: Registry,
  issuerId: IssuerId,
  { merchant }: Pick<KnownMerchant, 'merchant'>,
  { rules, now }: { readonly rules: IssuerRuleValues; readonly now: Instant },
): Promise<CheckedApplication> {
  const merchantId = merchant.recordId as MerchantId // The record id of a merchant is the merchant's.
  const documents = await documentsOf(registry, issuerId, merchantId)
  const kinds = documents.map(({ documentKind }): DocumentKind => documentKind)
  const application = {
    merchant: merchant.body,
    documents: kinds,
    barredUntil: await barredUntil(registry, issuerId, merchant.body),
  }
  return checkApplication(application, rules, now)
}

export async function failedApplicationCheck(
  registry: Registry,
  issuerId: IssuerId,
  known: Pick<KnownMerchant, 'merchant' | 'life'>,
  at: { readonly rules: IssuerRuleValues; readonly now: Instant },
): Promise<ApplicationCheck | undefined> {
  // Whoever is registered already is not looked at again.
  const { state } = known.life
  if (state !== 'applied' && state !== 'documents_asked') return undefined
  return failedCheck(await checkedApplication(registry, issuerId, known, at))
}
