/**
 * A card company under test beside ours: the real books, decisions, notices and afterthoughts of the simulated company,
 * on virtual time and over links that break. Its people buy, complete, cancel, reverse and ask what is left.
 */
import {
  createBehaviourSwitch,
  usualBehaviour,
  type BehaviourSwitch,
} from '../../simulated/card-company-behaviour.ts'
import {
  createCompanyBooks,
  type CompanyBooks,
  type LinkChoice,
  type SaleStanding,
} from '../../simulated/card-company-books.ts'
import { cancelSale, completeSale, reverseSale } from '../../simulated/card-company-changes.ts'
import {
  createDeskRoom,
  DeskRefusal,
  sell,
  standingOf,
  type DeskRoom,
} from '../../simulated/card-company-desk.ts'
import { enquireBalance } from '../../simulated/card-company-enquiries.ts'
import type { Entry } from '../../simulated/card-company-entries.ts'
import { createLineChoice } from '../../simulated/card-company-lines.ts'
import type { Random } from '../../src/demonstration/random.ts'
import type { Journal } from '../journal.ts'
import type { VirtualTime } from '../virtual-time.ts'
import { DEADLINE_MS, type CityCompany } from './card-world.ts'
import type { PartnerLink } from './partner-link.ts'

const DISK_MS_MAX = 4
const AFTER_MS_MAX = 30_000
const TERMINALS = 3

export interface CardPartner {
  readonly code: string
  readonly books: CompanyBooks
  readonly entries: readonly Entry[]
  readonly behaviour: BehaviourSwitch
  readonly links: readonly PartnerLink[]
  /** One thing that somebody with a card of the company does. */
  act(): void
  /** A sale for whoever wants to know who decides it now. */
  sellOnce(order: {
    cardToken: string
    merchantNumber: string
    amountWon: number
  }): Promise<SaleStanding>
  enquire(): void
  /** What the platform told it that the cardholder chose. */
  setLink(cardToken: string, code: string, link: LinkChoice): void
  /** Sales that are not finished, each with what is missing. */
  unfinished(): readonly { readonly saleId: string; readonly what: string }[]
}

export interface CardPartnerOptions {
  readonly company: CityCompany
  readonly shops: readonly string[]
  readonly time: VirtualTime
  readonly random: Random
  readonly journal: Journal
  readonly links: readonly PartnerLink[]
  readonly clockSkewMs: number
  readonly silenceIsNo: boolean
  readonly isBusy: () => boolean
  /** Told of each entry before it counts. */
  readonly onEntry: (entry: Entry, books: CompanyBooks) => void
}

interface Partner extends CardPartnerOptions {
  readonly room: DeskRoom
}

export function createCardPartner(options: CardPartnerOptions): CardPartner {
  const { company, time, random, journal, links, silenceIsNo } = options
  const books = createCompanyBooks(company.cards)
  const entries: Entry[] = []
  const behaviour = createBehaviourSwitch({
    ...usualBehaviour,
    deadlineMs: DEADLINE_MS,
    clockSkewMs: options.clockSkewMs,
    choice: random.pick(['round_robin', 'primary_standby'] as const),
    fallback: silenceIsNo ? 'as_2025' : 'by_choice',
  })
  const room = createDeskRoom({
    partnerId: company.partnerId,
    acquirer: String(900 + company.partnerId),
    books,
    store: {
      append(entry) {
        entries.push(entry)
        options.onEntry(entry, books)
        journal.note(aboutOf(entry, company.code), textOf(entry))
      },
      durable: () => time.sleep(random.integer(1, DISK_MS_MAX)),
    },
    time: { now: time.now, ticks: time.now, after: (ms, run) => time.after(ms, run) },
    lines: createLineChoice(links, behaviour.current),
    behaviour,
  })
  const partner: Partner = { ...options, room }
  return {
    code: company.code,
    books,
    entries,
    behaviour,
    links,
    act() {
      const act = random.pickWeighted([
        [buy, 12],
        [authorize, 4],
        [enquire, 2],
      ] as const)
      whatever(partner, () => act(partner))
    },
    sellOnce: (order) =>
      sell(room, { ...order, terminal: 'TESTER01', partialAllowed: false, cardClass: 'financial' }),
    enquire: () => whatever(partner, () => enquire(partner)),
    setLink(cardToken, issuerCode, link) {
      void room.record({ kind: 'linked', cardToken, issuerCode, linkCode: null, link })
    },
    unfinished: () => [...books.sales()].flatMap(missingOf),
  }
}

function missingOf({ saleId, decided, owed, cancellations }: SaleStanding) {
  return [
    ...(decided === undefined ? ['it is not decided'] : []),
    ...owed.map((notice) => `nobody acknowledged its ${notice}`),
    ...cancellations
      .filter((cancellation) => cancellation.decided === undefined)
      .map(() => 'nobody answered its cancellation'),
  ].map((what) => ({ saleId, what }))
}

/** What the company's desk refuses is an answer like others. */
function whatever(partner: Partner, act: () => Promise<unknown>): void {
  act().catch((error: unknown) => {
    if (error instanceof DeskRefusal) return
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    partner.journal.violated(partner.company.code, `the card company met a bug: ${text}`)
  })
}

async function buy(partner: Partner): Promise<void> {
  const { random } = partner
  const { saleId } = await sell(partner.room, orderOf(partner, 'financial'))
  if (random.chance(16)) later(partner, () => cancel(partner, saleId))
  else if (random.chance(8)) later(partner, () => reverse(partner, saleId))
}

async function authorize(partner: Partner): Promise<void> {
  const { random, room } = partner
  const order = orderOf(partner, 'authorization')
  const { saleId } = await sell(room, order)
  if (random.chance(70)) {
    const dueWon = random.pick([order.amountWon, order.amountWon, order.amountWon + 3_000, 500, 1])
    later(partner, async () => {
      // A company has its own rules for what is more than was authorized where the account pays a part.
      const isSplit = standingOf(room, saleId).accountWon > 0
      await completeSale(room, saleId, isSplit ? Math.min(dueWon, order.amountWon) : dueWon)
      if (random.chance(15)) later(partner, () => cancel(partner, saleId))
    })
  } else {
    const after = random.chance(50) ? cancel : random.chance(50) ? reverse : undefined
    if (after !== undefined) later(partner, () => after(partner, saleId))
  }
}

function later(partner: Partner, act: () => Promise<unknown>): void {
  const { time, random, isBusy } = partner
  time.after(random.integer(0, AFTER_MS_MAX), () => {
    if (isBusy()) whatever(partner, act)
  })
}

async function cancel({ room, random }: Partner, saleId: string): Promise<void> {
  const { voucherWon, accountWon } = standingOf(room, saleId)
  const leftWon = voucherWon + accountWon
  const part = random.chance(40) && leftWon > 1 ? random.integer(1, leftWon) : undefined
  await cancelSale(room, saleId, part)
}

async function reverse({ room, random }: Partner, saleId: string): Promise<void> {
  const { voucherWon } = standingOf(room, saleId)
  const keepWon = random.chance(25) && voucherWon > 1 ? random.integer(1, voucherWon - 1) : 0
  await reverseSale(room, saleId, keepWon)
}

async function enquire({ room, random, company, shops }: Partner): Promise<void> {
  const { cardToken } = random.pick(company.cards)
  await enquireBalance(room, { cardToken, merchantNumber: random.pick(shops) })
}

/** Amounts at the edges of limits and of what people have. */
function orderOf({ random, company, shops }: Partner, cardClass: 'authorization' | 'financial') {
  const linked = company.cards.filter(({ links }) => links.length > 0)
  const cards = linked.length > 0 && random.chance(94) ? linked : company.cards
  return {
    terminal: `TERM000${random.integer(1, TERMINALS)}`,
    cardToken: random.pick(cards).cardToken,
    merchantNumber: random.pick(shops),
    amountWon: random.pick([1, 900, 3_000, 7_700, 10_000, 19_999, 20_000, 20_001, 35_000, 90_000]),
    partialAllowed: random.chance(45),
    cardClass,
  }
}

function aboutOf(entry: Entry, code: string): string {
  return 'saleId' in entry ? `${code} ${entry.saleId}` : code
}

function textOf(entry: Entry): string {
  const { sequence: _sequence, at: _at, kind, ...rest } = entry
  const { saleId: _saleId, ...said } = 'saleId' in rest ? rest : { ...rest, saleId: '' }
  return `${kind} ${JSON.stringify(said)}`
}
