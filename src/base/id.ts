/**
 * Ids are safe integers inside and prefixed text outside (`wlt_3k9f…`).
 * Client-made ids of money operations are UUIDs instead: see `operation-id.ts`.
 */
import { assert } from './assert.ts'

declare const idBrand: unique symbol
export type Id<Prefix extends string> = number & { readonly [idBrand]: Prefix }

export type ProgramId = Id<'prg'>
export type WalletId = Id<'wlt'>
export type LotId = Id<'lot'>
export type MemberId = Id<'mbr'>
export type MerchantId = Id<'mrc'>
export type OutletId = Id<'out'>
export type ClerkId = Id<'clk'>
export type OfficerId = Id<'off'>
export type QrKitId = Id<'kit'>
/** A card company that sends us card messages; its clearing account bears this number. */
export type PartnerId = Id<'prt'>
/** A card that a member linked to a wallet. */
export type CardLinkId = Id<'crd'>
/** A difference that somebody must close by a day. */
export type CaseId = Id<'cas'>
/** Money on its way to a bank account. */
export type PayoutId = Id<'pay'>
/** A present of one member to another. */
export type GiftId = Id<'gft'>
/** A change that an officer proposed and another decides. */
export type ProposalId = Id<'prp'>
/** What a funder has granted for benefits. */
export type PotId = Id<'pot'>
/** A file that somebody brought. */
export type DocumentId = Id<'doc'>
/** The lines of one eligibility file, from upload to the last grant. */
export type StipendBatchId = Id<'stb'>
/** A member says that a list is wrong about them. */
export type AppealId = Id<'apl'>
/** A decision to take back what is left of one grant. */
export type ClawbackId = Id<'clw'>
/** A company or public body that buys vouchers. */
export type CorporationId = Id<'cor'>
/** A list of people to whom a corporation gives. */
export type HandOutId = Id<'hnd'>
/** One look at somebody's personal data. */
export type AccessId = Id<'acs'>
/** An issuer is a small number, and a short code in URLs. */
export type IssuerId = Id<'iss'>
/** Whose books the operator's own are, who is no issuer. */
export const OPERATOR = 0 as IssuerId // Brand: no issuer bears the number, so `id` refuses it.

export const idPrefixes = [
  'prg',
  'wlt',
  'lot',
  'mbr',
  'mrc',
  'out',
  'clk',
  'off',
  'kit',
  'prt',
  'crd',
  'cas',
  'pay',
  'gft',
  'prp',
  'pot',
  'doc',
  'stb',
  'apl',
  'clw',
  'cor',
  'hnd',
  'acs',
  'iss',
] as const
export type IdPrefix = (typeof idPrefixes)[number]

/** Crockford's base 32 in lower case: no i, l, o or u, so that ids can be read out on the telephone. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const ID_TEXT = /^[0-9a-hjkmnp-tv-z]{1,11}$/

/** Brands an integer as an id of one kind. */
export function id<Prefix extends IdPrefix>(_prefix: Prefix, value: number): Id<Prefix> {
  assert(Number.isSafeInteger(value) && value > 0, `not an id: ${value}`)
  return value as Id<Prefix> // Brand constructor.
}

/** `formatId('wlt', 33)` → `wlt_11`. */
export function formatId<Prefix extends IdPrefix>(prefix: Prefix, value: Id<Prefix>): string {
  let text = ''
  let rest: number = value
  do {
    text = ALPHABET[rest % 32]! + text
    rest = Math.floor(rest / 32)
  } while (rest > 0)
  return `${prefix}_${text}`
}

/** Reads an id of one kind; `undefined` for anything that `formatId` could not have written. */
export function parseId<Prefix extends IdPrefix>(
  prefix: Prefix,
  text: string,
): Id<Prefix> | undefined {
  if (!text.startsWith(`${prefix}_`)) return undefined
  const digits = text.slice(prefix.length + 1)
  if (!ID_TEXT.test(digits) || (digits.length > 1 && digits.startsWith('0'))) return undefined
  let value = 0
  for (const digit of digits) value = value * 32 + ALPHABET.indexOf(digit)
  return Number.isSafeInteger(value) && value > 0 ? (value as Id<Prefix>) : undefined
}
