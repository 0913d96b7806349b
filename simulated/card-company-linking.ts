/**
 * The linking service of a simulated card company: the cardholder's app asks for a code, the platform redeems it and
 * tells what the cardholder chose. A code is good for ten minutes and for one issuer; redeeming it again gives the
 * same card, so that a lost answer does no harm.
 */
import type { Instant } from '../src/base/base.ts'
import type { CardStanding, CompanyBooks, LinkChoice } from './card-company-books.ts'
import type { NewEntry } from './card-company-entries.ts'

const LINK_CODE_VALID_MS = 600_000
const LINK_CODE_DIGITS = 8

export interface LinkingRoom {
  readonly books: CompanyBooks
  readonly clock: () => Instant
  /** A number from 0 to `below` less one, that nobody can guess. */
  readonly randomNumber: (below: number) => number
  record(entry: NewEntry): Promise<void>
}

/** `undefined` for a card that this company did not issue. */
export async function makeLinkCode(
  room: LinkingRoom,
  cardToken: string,
): Promise<{ linkCode: string; expiresAt: Instant } | undefined> {
  const { books } = room
  if (books.card(cardToken) === undefined) return undefined
  let linkCode: string
  do {
    linkCode = String(room.randomNumber(10 ** LINK_CODE_DIGITS)).padStart(LINK_CODE_DIGITS, '0')
  } while (books.linkCode(linkCode) !== undefined)
  const expiresAt = room.clock() + LINK_CODE_VALID_MS
  await room.record({ kind: 'link_code', cardToken, linkCode, expiresAt })
  return { linkCode, expiresAt }
}

export type Redemption =
  | { readonly status: 'linked'; readonly card: CardStanding }
  | { readonly status: 'code_unknown' | 'code_expired' | 'code_used' }

export async function redeemLinkCode(
  room: LinkingRoom,
  { linkCode, issuerCode }: { readonly linkCode: string; readonly issuerCode: string },
): Promise<Redemption> {
  const { books } = room
  const code = books.linkCode(linkCode)
  const card = code === undefined ? undefined : books.card(code.cardToken)
  if (code === undefined || card === undefined) return { status: 'code_unknown' }
  const usedFor = books.linkCodeUsedFor(linkCode)
  if (usedFor !== undefined && usedFor !== issuerCode) return { status: 'code_used' }
  if (code.expiresAt <= room.clock()) return { status: 'code_expired' }
  if (usedFor === undefined) {
    const link: LinkChoice = { spending: 'voucher_first', onUnknown: null }
    await room.record({ kind: 'linked', cardToken: card.cardToken, issuerCode, linkCode, link })
  }
  return { status: 'linked', card }
}

/** False for a card that this company did not issue. */
export async function setLink(
  room: LinkingRoom,
  wish: {
    readonly cardToken: string
    readonly issuerCode: string
    readonly link: LinkChoice | null
  },
): Promise<boolean> {
  const card = room.books.card(wish.cardToken)
  if (card === undefined) return false
  if (wish.link === null && !card.links.has(wish.issuerCode)) return false
  await room.record({ kind: 'linked', linkCode: null, ...wish })
  return true
}
