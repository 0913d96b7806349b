/**
 * A record as the person concerned gets it: ids as texts, instants as ISO 8601, tokens of banks and cards masked, and
 * nothing of others: neither who else took part nor which officer decided.
 */
import { formatId, maskAccountNumber, type Id, type IdPrefix, type Instant } from '../base/base.ts'
import type { StoredRecord } from '../registration/registration.ts'
import type { MemberRecordKind } from './member-records.ts'

const idOfKind = {
  member: 'mbr',
  device: 'mbr',
  wallet_stop: 'wlt',
  consent: 'cas',
  card_link: 'crd',
  gift: 'gft',
  gift_day: 'mbr',
  virtual_account: 'cas',
  top_up_order: 'cas',
  refund_request: 'cas',
  appeal: 'apl',
  clawback: 'clw',
  report: 'cas',
  case: 'cas',
  conversion: 'cas',
  notice: 'cas',
  tax_setting: 'mbr',
  confirmation: 'mbr',
  wallet_guard: 'wlt',
  pin_attempts: 'mbr',
} as const satisfies Record<MemberRecordKind, IdPrefix>

const idFields: Readonly<Record<string, IdPrefix>> = {
  memberId: 'mbr',
  walletId: 'wlt',
  giverId: 'mbr',
  receiverId: 'mbr',
  giverWalletId: 'wlt',
  lotId: 'lot',
  programId: 'prg',
  merchantId: 'mrc',
  partnerId: 'prt',
  batchId: 'stb',
  debitConsentId: 'cas',
  consentId: 'cas',
  contests: 'cas',
  dispute: 'cas',
}
/** Times whose names do not end in `At`. */
const instantFields: readonly string[] = ['at', 'from', 'until', 'depositUntil', 'notBefore']
const tokenFields: readonly string[] = ['accountToken', 'cardToken', 'subject']
/** Of others, of the office's inside, or what a payment is confirmed by: a copy may come into other hands. */
const leftOut: readonly string[] = [
  'decidedBy',
  'acceptedBy',
  'proposedBy',
  'officerId',
  'pinHash',
  'publicKey',
]

/** What the member's own side of a record is. @param self the member's number */
export function plainRecord(
  kind: MemberRecordKind,
  { recordId, version, body }: StoredRecord,
  self: number,
): Readonly<Record<string, unknown>> {
  const idText = textOf(idOfKind[kind], recordId)
  return { id: idText, version, ...plainFields(kind, openAppeal(kind, body), self) }
}

/** What an officer thinks of an appeal is no word of the office before it is the last one. */
function openAppeal(kind: MemberRecordKind, body: unknown): unknown {
  const isOpen = kind === 'appeal' && Reflect.get(Object(body), 'closedAt') === null
  return isOpen ? { ...Object(body), state: 'open', amountWon: null, answer: null } : body
}

function plainFields(kind: MemberRecordKind, value: unknown, self: number): object {
  const fields: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(Object(value))) {
    if (leftOut.includes(name)) continue
    if (kind === 'gift' && isOfOther(value, name, self)) continue
    fields[name] = plainField(kind, name, field, self)
  }
  return fields
}

/** The giver does not learn by this who accepted, nor the receiver more of the giver than the notice said. */
function isOfOther(gift: unknown, name: string, self: number): boolean {
  const isGiver = Reflect.get(Object(gift), 'giverId') === self
  const ofGiver = ['giverId', 'giverWalletId', 'parts', 'sources', 'operationId', 'programId']
  return isGiver ? name === 'receiverId' : ofGiver.includes(name)
}

function plainField(kind: MemberRecordKind, name: string, field: unknown, self: number): unknown {
  if (field === null) return null
  if (Array.isArray(field)) return field.map((each) => plainField(kind, name, each, self))
  if (typeof field === 'object') return plainFields(kind, field, self)
  const prefix = idFields[name]
  if (typeof field === 'number' && prefix !== undefined) return textOf(prefix, field)
  if (typeof field === 'number' && (name.endsWith('At') || instantFields.includes(name))) {
    return instantText(field)
  }
  const isToken = tokenFields.includes(name) && (kind !== 'case' || name !== 'subject')
  return typeof field === 'string' && isToken ? maskAccountNumber(field) : field
}

function textOf(prefix: IdPrefix, number: number): string {
  return formatId(prefix, number as Id<IdPrefix>) // The record's own number, or one that a body of ours holds.
}

function instantText(at: Instant): string {
  return new Date(at).toISOString()
}
