/**
 * The simulated treasury bank's own books: the account of each issuer's fund, as entries that are only ever added, and
 * its own arithmetic. What buyers paid comes from the debits of the same bank; nothing here knows the platform's
 * ledger.
 */
import { businessDate, type BusinessDate, type Instant } from '../src/base/base.ts'
import { Type, type Static } from 'typebox'

const everyEntry = { sequence: Type.Integer({ minimum: 1 }), at: Type.Integer() }
const strict = { additionalProperties: false }

/** Money of an issuer's fund; below zero: out. `cause` is the one thing that it is booked for, once. */
const MoneyEntry = Type.Object(
  {
    kind: Type.Literal('money'),
    ...everyEntry,
    issuerCode: Type.String(),
    amountWon: Type.Integer(),
    counterparty: Type.String(),
    reference: Type.String(),
    cause: Type.String(),
  },
  strict,
)
/** Up to which of the bank's debits and refunds buyers' money has come over. */
const CarriedEntry = Type.Object(
  { kind: Type.Literal('carried'), ...everyEntry, through: Type.Integer() },
  strict,
)
/** A file that was taken, or written. */
const FileEntry = Type.Object(
  { kind: Type.Literal('file'), ...everyEntry, issuerCode: Type.String(), name: Type.String() },
  strict,
)
export const FundEntry = Type.Union([MoneyEntry, CarriedEntry, FileEntry])
export type FundEntry = Static<typeof FundEntry>
export type MoneyEntry = Static<typeof MoneyEntry>
export type NewFundEntry = FundEntry extends infer One
  ? One extends FundEntry
    ? Omit<One, 'sequence'>
    : never
  : never

export interface FundDay {
  readonly openingWon: number
  readonly entries: readonly MoneyEntry[]
}

export interface FundBooks {
  /** `undefined` where the cause was booked, or the file is known, already. */
  add(entry: NewFundEntry): FundEntry | undefined
  replay(entry: FundEntry): void
  balanceWon(issuerCode: string): number
  day(issuerCode: string, date: BusinessDate): FundDay
  /** The first day on which the account moved. */
  firstDate(issuerCode: string): BusinessDate | undefined
  hasFile(name: string): boolean
  carriedThrough(): number
}

export function createFundBooks(): FundBooks {
  const money = new Map<string, MoneyEntry[]>()
  const causes = new Set<string>()
  const files = new Set<string>()
  let last = 0
  let carried = 0

  const take = (entry: FundEntry): void => {
    last = entry.sequence
    if (entry.kind === 'carried') carried = entry.through
    else if (entry.kind === 'file') files.add(entry.name)
    else {
      causes.add(entry.cause)
      const account = money.get(entry.issuerCode) ?? []
      account.push(entry)
      money.set(entry.issuerCode, account)
    }
  }
  const accountOf = (issuerCode: string): readonly MoneyEntry[] => money.get(issuerCode) ?? []
  const sum = (entries: readonly MoneyEntry[]): number =>
    entries.reduce((total, { amountWon }) => total + amountWon, 0)
  return {
    add(wanted) {
      if (wanted.kind === 'money' && causes.has(wanted.cause)) return undefined
      if (wanted.kind === 'file' && files.has(wanted.name)) return undefined
      const entry: FundEntry = { ...wanted, sequence: last + 1 }
      take(entry)
      return entry
    },
    replay: take,
    balanceWon: (issuerCode) => sum(accountOf(issuerCode)),
    day(issuerCode, date) {
      const account = accountOf(issuerCode)
      const dateOf = ({ at }: MoneyEntry): BusinessDate => businessDate(at)
      return {
        openingWon: sum(account.filter((entry) => dateOf(entry) < date)),
        entries: account.filter((entry) => dateOf(entry) === date),
      }
    },
    firstDate(issuerCode) {
      const days = accountOf(issuerCode).map(({ at }) => businessDate(at))
      return days.toSorted()[0]
    },
    hasFile: (name) => files.has(name),
    carriedThrough: () => carried,
  }
}

/** Number of an entry, as statements tell it. */
export function entryNumber({ at, sequence }: Pick<MoneyEntry, 'at' | 'sequence'>): string {
  const day = businessDate(at satisfies Instant).replaceAll('-', '')
  return `${day}-${String(sequence).padStart(9, '0')}`
}
