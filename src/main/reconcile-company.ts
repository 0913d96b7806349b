/**
 * A card company's books as the reconciliation reads them: from its HTTP interface, or from the file while the company
 * is down. Entries are added up here anew; nothing that the company says about its own sums is believed.
 */
import { readFile } from 'node:fs/promises'
import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { cardClasses, cardKeyText, type CardKey } from '../cards/cards.ts'
import { StartupProblem } from './startup-problem.ts'

/** One sale by the company's own account of it. */
export interface CompanySale {
  readonly key: CardKey
  readonly keyText: string
  readonly amountWon: number
  readonly cardToken: string
  readonly merchantNumber: string
  /** What it heard; `null` where nothing was decided yet. */
  readonly verdict: string | null
  readonly decidedBy: string | null
  readonly provisional: boolean
  readonly silent: boolean
  /** Voucher money that stays paid, without what a conversion paid afterwards. */
  readonly voucherWon: number
  /** What the account paid and did not get back. */
  readonly accountWon: number
  /** What the account paid at first. */
  readonly debitedWon: number
  /** Voucher money that a refund file said was paid instead of the account. */
  readonly convertedWon: number
  /** Approved by voucher, and neither completed nor undone. */
  readonly isHold: boolean
  readonly cancellationKeys: readonly CardKey[]
  /** What is not finished: undecided, not acknowledged, not answered. */
  readonly open: readonly string[]
  readonly askedAt: number
}

const Key = Type.Object({
  partnerId: Type.Integer(),
  acquirer: Type.String(),
  terminal: Type.String(),
  stan: Type.String(),
  localDate: Type.String(),
  cardClass: Type.Enum([...cardClasses]),
})
/** The parts of an entry that count here; others may stand beside them. */
const Entry = Type.Object({
  kind: Type.String(),
  sequence: Type.Integer(),
  at: Type.Integer(),
  saleId: Type.Optional(Type.String()),
  sale: Type.Optional(
    Type.Object({
      key: Key,
      amountWon: Type.Integer(),
      cardToken: Type.String(),
      merchantNumber: Type.String(),
    }),
  ),
  key: Type.Optional(Key),
  verdict: Type.Optional(Type.String()),
  decidedBy: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  provisional: Type.Optional(Type.Boolean()),
  silent: Type.Optional(Type.Boolean()),
  voucherWon: Type.Optional(Type.Integer()),
  accountWon: Type.Optional(Type.Integer()),
  owes: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  notice: Type.Optional(Type.String()),
})
type Entry = Static<typeof Entry>
const compiledEntry = Compile(Entry)
const compiledPage = Compile(
  Type.Object({
    entries: Type.Array(Entry),
    nextAfter: Type.Union([Type.Integer(), Type.Null()]),
  }),
)

const PAGE_SIZE = 1_000
const PAGE_TIMEOUT_MS = 30_000

/** @throws StartupProblem where neither the company nor its file gives whole books */
export async function readCompanySales(from: {
  readonly url: string | undefined
  readonly file: string
}): Promise<readonly CompanySale[]> {
  const overHttp = from.url === undefined ? undefined : await readOverHttp(from.url)
  return salesOf(overHttp ?? (await readFromFile(from.file)))
}

/** `undefined` where nobody answers. */
async function readOverHttp(url: string): Promise<Entry[] | undefined> {
  const entries: Entry[] = []
  for (let after: number | null = 0; after !== null;) {
    let response: Response
    try {
      response = await fetch(`${url}/books?after=${after}&limit=${PAGE_SIZE}`, {
        signal: AbortSignal.timeout(PAGE_TIMEOUT_MS),
      })
    } catch {
      // It is down: its file has all that it ever told anybody.
      return undefined
    }
    const page: unknown = await response.json()
    if (!compiledPage.Check(page)) throw new StartupProblem(`${url} gives no books`)
    entries.push(...page.entries)
    after = page.nextAfter
  }
  return entries
}

async function readFromFile(path: string): Promise<Entry[]> {
  const text = await readFile(path, 'utf8')
  // What follows the last line feed was never finished, and nobody was told of it.
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
  return lines.map((line, index) => {
    const entry: unknown = JSON.parse(line)
    if (!compiledEntry.Check(entry)) {
      throw new StartupProblem(`line ${index + 1} of ${path} is no entry`)
    }
    return entry
  })
}

type Mutable<Shape> = { -readonly [Field in keyof Shape]: Shape[Field] }
interface Standing extends Omit<Mutable<CompanySale>, 'open' | 'cancellationKeys' | 'isHold'> {
  isHeld: boolean
  readonly open: Set<string>
  readonly cancellationKeys: CardKey[]
}

/** Adds the entries up, sale by sale. */
export function salesOf(entries: readonly Entry[]): readonly CompanySale[] {
  const sales = new Map<string, Standing>()
  for (const entry of entries) {
    const { saleId } = entry
    if (saleId === undefined) continue
    if (entry.kind === 'asked') {
      const sale = beginSale(entry)
      if (sale !== undefined) sales.set(saleId, sale)
      continue
    }
    const sale = sales.get(saleId)
    if (sale !== undefined && entry.kind !== 'link_code') addEntry(sale, entry)
  }
  return [...sales.values()].map(({ isHeld, open, voucherWon, ...sale }) => ({
    ...sale,
    voucherWon,
    isHold: isHeld && voucherWon > 0,
    open: [...open],
  }))
}

function beginSale({ sale, at }: Entry): Standing | undefined {
  if (sale === undefined) return undefined
  const key = keyOf(sale.key)
  return {
    key,
    keyText: cardKeyText(key),
    amountWon: sale.amountWon,
    cardToken: sale.cardToken,
    merchantNumber: sale.merchantNumber,
    verdict: null,
    decidedBy: null,
    provisional: false,
    silent: false,
    voucherWon: 0,
    accountWon: 0,
    debitedWon: 0,
    convertedWon: 0,
    isHeld: false,
    cancellationKeys: [],
    open: new Set(['not decided']),
    askedAt: at,
  }
}

function addEntry(sale: Standing, entry: Entry): void {
  const { kind, voucherWon = 0, accountWon = 0 } = entry
  if (kind === 'refunded') sale.convertedWon += voucherWon
  else sale.voucherWon += voucherWon
  sale.accountWon += accountWon
  if (typeof entry.owes === 'string') sale.open.add(`${entry.owes} not acknowledged`)
  switch (kind) {
    case 'decided':
      sale.open.delete('not decided')
      sale.verdict = entry.verdict ?? null
      sale.decidedBy = entry.decidedBy ?? null
      sale.provisional = entry.provisional ?? false
      sale.silent = entry.silent ?? false
      sale.debitedWon = accountWon
      sale.isHeld = sale.key.cardClass === 'authorization'
      return
    case 'completed':
      sale.isHeld = false
      return
    case 'acknowledged':
      sale.open.delete(`${entry.notice} not acknowledged`)
      return
    case 'cancellation_asked':
      if (entry.key === undefined) return
      sale.cancellationKeys.push(keyOf(entry.key))
      sale.open.add(`cancellation ${entry.key.stan} not answered`)
      return
    case 'cancellation_decided':
      sale.open.delete(`cancellation ${entry.key?.stan} not answered`)
      return
    default:
  }
}

/** The company stores what the canonical model says, without its brands. */
function keyOf(stored: Static<typeof Key>): CardKey {
  return stored as unknown as CardKey // Checked by the schema of entries.
}
