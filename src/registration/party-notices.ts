/** Notices to merchants and to the desk of an issuer: written in the commit of what they tell about. */
import type { IdSource, Instant, IssuerId, MerchantId } from '../base/base.ts'
import type { PartyNoticeBody } from './merchant-record-bodies.ts'
import { keyPrefix, naturalKey } from './record-bodies.ts'
import { changeRecords, findRecord, newRecord, recordOf, type Change } from './record-store.ts'
import type { NewRecord, Registry } from './registry.ts'

export interface PartyNotice extends PartyNoticeBody {
  readonly issuerId: IssuerId
  readonly recordId: number
}

/** Of one party, newest first. */
export const PARTY_NOTICES_MAX = 100

export function partyNotice(ids: IdSource, body: PartyNoticeBody): NewRecord {
  const recordId = ids.next('cas')
  const { party, merchantId } = body
  const key =
    party === 'merchant' && merchantId !== null
      ? naturalKey.ofMerchant(merchantId, recordId)
      : naturalKey.ofIssuer(recordId)
  return newRecord('party_notice', { recordId, version: 1, body, keys: [key] })
}

/** What a merchant was told, or, without one, what the issuer's desk was told. */
export async function partyNoticesOf(
  registry: Registry,
  issuerId: IssuerId,
  merchantId?: MerchantId,
): Promise<readonly PartyNotice[]> {
  const prefix = merchantId === undefined ? keyPrefix.ofIssuer : keyPrefix.ofMerchant(merchantId)
  const stored = await registry.listByKey(issuerId, 'party_notice', prefix, PARTY_NOTICES_MAX)
  return stored.map((each) => {
    const { recordId, body } = recordOf('party_notice', each)
    return { issuerId, recordId, ...body }
  })
}

/** The facts of a notice without those that there are none of. */
export function factsOf(
  facts: Readonly<Record<string, string | number | null | undefined>>,
): PartyNoticeBody['facts'] {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, fact]) =>
      fact === null || fact === undefined ? [] : [[name, fact] as const],
    ),
  )
}

/** A notice to a merchant about itself. */
export function toMerchant(
  ids: IdSource,
  merchantId: MerchantId,
  notice: Pick<PartyNoticeBody, 'partyNoticeKind' | 'facts'> & { readonly at: Instant },
): NewRecord {
  return partyNotice(ids, { party: 'merchant', merchantId, ...notice })
}

/** A notice to the issuer's desk, about a merchant or about none. */
export function toIssuer(
  ids: IdSource,
  merchantId: MerchantId | null,
  notice: Pick<PartyNoticeBody, 'partyNoticeKind' | 'facts'> & { readonly at: Instant },
): NewRecord {
  return partyNotice(ids, { party: 'issuer', merchantId, ...notice })
}

/** Once for each kind and subject, however often it is told. */
export async function tellMerchantOnce(
  { registry, ids }: { readonly registry: Registry; readonly ids: IdSource },
  issuerId: IssuerId,
  merchantId: MerchantId,
  notice: {
    readonly partyNoticeKind: 'payout_parked'
    readonly subject: string
    readonly facts: PartyNoticeBody['facts']
    readonly at: Instant
  },
): Promise<void> {
  const { subject, ...told } = notice
  const key = naturalKey.notice(notice.partyNoticeKind, subject)
  const decide = async (): Promise<Change<undefined>> => {
    const known = await findRecord(registry, issuerId, 'party_notice', key)
    if (known !== undefined) return { answer: undefined }
    const record = toMerchant(ids, merchantId, told)
    const records = [{ ...record, keys: [...(record.keys ?? []), key] }]
    return { answer: undefined, by: 'system', records }
  }
  await changeRecords(registry, issuerId, notice.at, decide)
}
