/**
 * What a simulated card company writes into its books: entries that are only ever added. An entry that moves money says
 * by how much, as a difference: `voucherWon` is what the voucher pays by the company's account of it, `accountWon` what
 * was taken from the cardholder's account. So a sale's standing is the sum of its entries, whoever adds them up.
 */
import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  cardClasses,
  cardVerdicts,
  moneySources,
  type CardKey,
  type CardSale,
} from '../src/cards/cards.ts'
import { fallbackPreferences } from '../src/issuing/issuing.ts'
import { cardFileKinds, cardSpendings } from '../src/registration/registration.ts'

const strict = { additionalProperties: false }
const Instant = Type.Integer()
const Won = Type.Integer()
const everyEntry = { sequence: Type.Integer({ minimum: 1 }), at: Instant }

export const Terminal = Type.String({ pattern: '^[A-Z0-9]{8}$' })
export const CardToken = Type.String({ pattern: '^[A-Za-z0-9]{8,32}$' })
/** The ten digits of the business number and five of the outlet. */
export const MerchantNumber = Type.String({ pattern: '^\\d{15}$' })
export const SaleId = Type.String({ pattern: '^[A-Z0-9]{8}-\\d{8}-\\d{6}$' })
export const LinkCodeText = Type.String({ pattern: '^[0-9]{8}$' })
export const IssuerCode = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' })
/** What a cardholder chose, as the platform tells it. */
export const linkWishes = {
  spending: Type.Enum([...cardSpendings]),
  /** Null: as the program says. */
  onUnknown: Type.Union([Type.Null(), Type.Enum([...fallbackPreferences])]),
}
const Stan = Type.String({ pattern: '^\\d{6}$' })
export const LocalDate = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

export const StoredKey = Type.Object(
  {
    partnerId: Type.Integer({ minimum: 1 }),
    acquirer: Type.String({ maxLength: 11 }),
    terminal: Terminal,
    stan: Stan,
    localDate: LocalDate,
    cardClass: Type.Enum([...cardClasses]),
  },
  strict,
)
export const StoredSale = Type.Object(
  {
    key: StoredKey,
    cardToken: CardToken,
    merchantNumber: MerchantNumber,
    amountWon: Won,
    /** The terminal's own time. */
    at: Instant,
    partialAllowed: Type.Boolean(),
  },
  strict,
)

/**
 * What the company heard: one of the five verdicts; or nothing within its deadline, the link's end before an answer,
 * no link to ask on, or its own end while it waited.
 */
export const heardVerdicts = [
  ...cardVerdicts,
  'no_answer',
  'link_lost',
  'not_sent',
  'restarted',
] as const
export type HeardVerdict = (typeof heardVerdicts)[number]

/** Messages that are repeated until they are acknowledged. */
export const owedNotices = ['reverse', 'advise', 'complete'] as const
export type OwedNotice = (typeof owedNotices)[number]

const Owed = Type.Union([Type.Null(), Type.Enum([...owedNotices])])
const Reason = Type.Union([Type.Null(), Type.String({ maxLength: 64 })])
const Gateway = Type.Union([Type.Null(), Type.String({ maxLength: 32 })])

/** On disk before the message leaves, so that no key is used twice and no sale is forgotten. */
const Asked = Type.Object(
  { kind: Type.Literal('asked'), ...everyEntry, saleId: SaleId, sale: StoredSale },
  strict,
)
/** On disk before the terminal is told. */
const Decided = Type.Object(
  {
    kind: Type.Literal('decided'),
    ...everyEntry,
    saleId: SaleId,
    verdict: Type.Enum([...heardVerdicts]),
    reason: Reason,
    outcome: Type.Enum(['approved', 'declined']),
    source: Type.Enum([...moneySources]),
    voucherWon: Won,
    accountWon: Won,
    /** The account was debited because nobody could know, and the platform is told so. */
    provisional: Type.Boolean(),
    /** The account was debited because silence was read as "no voucher": what must never happen. */
    silent: Type.Boolean(),
    approvalCode: Type.Union([Type.Null(), Type.String({ maxLength: 6 })]),
    remainingWon: Type.Union([Type.Null(), Won]),
    decidedBy: Type.Union([Type.Null(), Type.String({ maxLength: 16 })]),
    gateway: Gateway,
    /** From sending to hearing, or to giving up. */
    latencyMs: Type.Number({ minimum: 0 }),
    owes: Owed,
  },
  strict,
)
/** An answer that came after the company had decided without it; moves nothing. */
const LateAnswer = Type.Object(
  {
    kind: Type.Literal('late_answer'),
    ...everyEntry,
    saleId: SaleId,
    verdict: Type.Enum([...cardVerdicts]),
    toldWon: Won,
  },
  strict,
)
const Reversed = Type.Object(
  {
    kind: Type.Literal('reversed'),
    ...everyEntry,
    saleId: SaleId,
    keepWon: Won,
    voucherWon: Won,
    accountWon: Won,
    owes: Owed,
  },
  strict,
)
const Completed = Type.Object(
  {
    kind: Type.Literal('completed'),
    ...everyEntry,
    saleId: SaleId,
    amountWon: Won,
    /** What of it the voucher pays: told to the platform. */
    dueWon: Won,
    voucherWon: Won,
    accountWon: Won,
    owes: Owed,
  },
  strict,
)
const Acknowledged = Type.Object(
  {
    kind: Type.Literal('acknowledged'),
    ...everyEntry,
    saleId: SaleId,
    notice: Type.Enum([...owedNotices]),
  },
  strict,
)
const CancellationAsked = Type.Object(
  {
    kind: Type.Literal('cancellation_asked'),
    ...everyEntry,
    saleId: SaleId,
    key: StoredKey,
    /** Of voucher and account together. */
    amountWon: Won,
    /** What of it the voucher gets back; nothing is asked where it is zero. */
    askedWon: Won,
    gateway: Gateway,
  },
  strict,
)
const CancellationDecided = Type.Object(
  {
    kind: Type.Literal('cancellation_decided'),
    ...everyEntry,
    saleId: SaleId,
    key: StoredKey,
    verdict: Type.Union([Type.Enum([...cardVerdicts]), Type.Literal('not_asked')]),
    reason: Reason,
    voucherWon: Won,
    accountWon: Won,
  },
  strict,
)
/** The platform had the voucher pay afterwards (사후전환), and the account got its money back. */
const Refunded = Type.Object(
  {
    kind: Type.Literal('refunded'),
    ...everyEntry,
    saleId: SaleId,
    file: Type.String({ maxLength: 128 }),
    voucherWon: Won,
    accountWon: Won,
  },
  strict,
)
/** A running number that went to a message of no sale: it may not be used again. */
const Numbered = Type.Object(
  { kind: Type.Literal('numbered'), ...everyEntry, key: StoredKey },
  strict,
)
const LinkCode = Type.Object(
  {
    kind: Type.Literal('link_code'),
    ...everyEntry,
    cardToken: CardToken,
    linkCode: LinkCodeText,
    expiresAt: Instant,
  },
  strict,
)
/** What a card is linked to, with the cardholder's choices as the platform told them; null: no longer linked. */
const Linked = Type.Object(
  {
    kind: Type.Literal('linked'),
    ...everyEntry,
    cardToken: CardToken,
    issuerCode: IssuerCode,
    /** The code that the cardholder showed for it, at the first time. */
    linkCode: Type.Union([Type.Null(), LinkCodeText]),
    link: Type.Union([Type.Null(), Type.Object(linkWishes, strict)]),
  },
  strict,
)
/** A file that was written for the platform or taken from it. */
const Filed = Type.Object(
  {
    kind: Type.Literal('filed'),
    ...everyEntry,
    fileKind: Type.Enum([...cardFileKinds]),
    name: Type.String({ maxLength: 128 }),
    date: LocalDate,
    lines: Type.Integer({ minimum: 0 }),
    sumWon: Won,
    /** The last entry that a written file knows of; a later file of the day tells what came after. */
    through: Type.Integer({ minimum: 0 }),
  },
  strict,
)

export const Entry = Type.Union([
  Asked,
  Decided,
  LateAnswer,
  Reversed,
  Completed,
  Acknowledged,
  CancellationAsked,
  CancellationDecided,
  Refunded,
  Numbered,
  LinkCode,
  Linked,
  Filed,
])
export type Entry = Static<typeof Entry>
export type EntryKind = Entry['kind']
export type EntryOf<Kind extends EntryKind> = Extract<Entry, { kind: Kind }>
/** An entry before the books number and date it. */
export type NewEntry = Entry extends infer One
  ? One extends Entry
    ? Omit<One, 'sequence' | 'at'>
    : never
  : never

/** The canonical shapes differ from the stored ones by their brands only, which are not stored. */
export function cardKeyOf(stored: Static<typeof StoredKey>): CardKey {
  return stored as unknown as CardKey // Checked by the schema of entries.
}
export function cardSaleOf(stored: Static<typeof StoredSale>): CardSale {
  return stored as unknown as CardSale // Checked by the schema of entries.
}

const compiledEntry = Compile(Entry)

export function isEntry(value: unknown): value is Entry {
  return compiledEntry.Check(value)
}
