/**
 * The registry port: append-only, versioned records of who and what the money is about. Every change is a new
 * version, so that who changed what and when stays provable; natural keys are unique within an issuer and kind.
 */
import type { Instant, IssuerId } from '../base/base.ts'

/** What a record can be about. Officers and operators are records too; issuer 0 is the operator itself. */
export const recordKinds = [
  'issuer',
  'issuer_rules',
  'program',
  'terms',
  'member',
  'device',
  'wallet_stop',
  'merchant',
  'outlet',
  'clerk',
  'kit',
  'officer',
  'operator',
  'partner',
  'card_link',
  'case',
  'conversion',
  'clearing_file',
  'notice',
  'proposal',
  'announcement',
  'funding_pot',
  'merchant_life',
  'merchant_document',
  'merchant_bar',
  'settlement_account',
  'exchange_agency',
  'party_notice',
  'report',
  'refund_request',
  'gift',
  'gift_day',
  'consent',
  'erasure',
  'stipend_batch',
  'appeal',
  'clawback',
  'expected_payment',
  'corporation',
  'corporate_consent',
  'corporate_purchase',
  'hand_out',
  'virtual_account',
  'top_up_order',
  'tax_setting',
  'confirmation',
  'wallet_guard',
  'pin_attempts',
  'gateway_order',
] as const
export type RecordKind = (typeof recordKinds)[number]

/** One version of one record; `body` is plain JSON, its shape given by the kind. */
export interface NewRecord {
  readonly kind: RecordKind
  readonly recordId: number
  /** 1 for a new record, else one more than the newest. */
  readonly version: number
  readonly body: object
  /** Natural keys this record bears, such as `person:person-0001` or `business:1234567890`. */
  readonly keys?: readonly string[]
}

export interface StoredRecord {
  readonly recordId: number
  readonly version: number
  readonly body: unknown
}

/**
 * - `appended`: all records are stored.
 * - `version_conflict`: somebody changed one of them first; read again. Nothing was stored.
 * - `key_taken`: a natural key belongs to another record. Nothing was stored.
 */
export type AppendResult =
  | { readonly status: 'appended'; readonly recordedAt: Instant }
  | { readonly status: 'version_conflict' }
  | { readonly status: 'key_taken'; readonly key: string }

export interface Registry {
  /** Opens an issuer's books. Idempotent. */
  openIssuer(issuerId: IssuerId): Promise<void>
  /** All or nothing. @param by who did it, as id text or `system`. */
  append(
    issuerId: IssuerId,
    by: string,
    records: readonly NewRecord[],
    at: Instant,
  ): Promise<AppendResult>
  /** Newest versions by record id; unknown ids are left out. */
  read(issuerId: IssuerId, kind: RecordKind, ids: readonly number[]): Promise<StoredRecord[]>
  /** Newest version of the record that bears the natural key. */
  findByKey(issuerId: IssuerId, kind: RecordKind, key: string): Promise<StoredRecord | undefined>
  /** The same for many keys of one kind and of any issuers, in one reading and in the order asked. */
  findByKeys(
    kind: RecordKind,
    wanted: readonly RecordKey[],
  ): Promise<readonly (StoredRecord | undefined)[]>
  /**
   * Newest versions of the records of which a natural key begins with a text, the greatest key first; at most
   * `limit`. @param prefix ends with `/` @param before only keys below this one
   */
  listByKey(
    issuerId: IssuerId,
    kind: RecordKind,
    prefix: string,
    limit: number,
    before?: string,
  ): Promise<readonly StoredRecord[]>
  /** Newest versions of an issuer's records of a kind, the highest record id first. */
  list(issuerId: IssuerId, kind: RecordKind, page: RecordPage): Promise<readonly StoredRecord[]>
}

export interface RecordKey {
  readonly issuerId: IssuerId
  readonly key: string
}

export interface RecordPage {
  /** Records with this word as their body's `state`; absent: all. */
  readonly state?: string
  /** Record ids below this one; absent: from the highest. */
  readonly before?: number
  readonly limit: number
}
