/**
 * Who pays where in the replayed hours: a seeded list of card payments with what each should cost the voucher if
 * nothing had failed. That expectation is drawn together with the sale and asks nobody of the product.
 */
import { assert, type Instant, type IssuerId } from '../src/base/base.ts'
import {
  createDemonstration,
  crowdCard,
  DEMONSTRATION_SEED,
  type Demonstration,
} from '../src/demonstration/demonstration.ts'
import { createRandom, type Random } from '../src/demonstration/random.ts'
import { voucherShops, type VoucherShops } from '../test/voucher-shops.ts'
import type { ReplayHour } from './timeline.ts'

export interface PlannedSale {
  /** Which of the hours, and where in it, 0…1. */
  readonly hour: number
  readonly share: number
  readonly partnerCode: string
  readonly cardToken: string
  readonly terminal: string
  readonly merchantNumber: string
  readonly amountWon: number
  /** The account may pay the rest (복합결제). */
  readonly partialAllowed: boolean
  /** What the voucher pays where everything works; the account pays the rest of it, and nothing else. */
  readonly voucherWon: number
}

/** A payment before the hours begin, which leaves a wallet with little or nothing. */
export interface Draining {
  readonly partnerCode: string
  readonly cardToken: string
  readonly merchantNumber: string
  readonly amountWon: number
}

export interface OutagePlan {
  readonly sales: readonly PlannedSale[]
  readonly drainings: readonly Draining[]
  readonly issuers: number
}

export interface PlanOptions {
  readonly hours: readonly ReplayHour[]
  readonly cards: number
  readonly sales: number
  /** What each card's wallet holds. */
  readonly walletWon: number
  readonly seed: number
  readonly now: Instant
}

/** Of a hundred sales; invented like the curve of the hours. */
const KINDS = [
  ['at_voucher_shop', 82],
  // A shop that no municipality knows, as most shops that a card is used at.
  ['elsewhere', 8],
  // Registered, and too large to take vouchers, or of a refused trade.
  ['voucher_refused', 4],
  ['wallet_empty', 3],
  ['wallet_nearly_empty', 3],
] as const
type Kind = (typeof KINDS)[number][0]

/** From, to and how many of a hundred. Stand-in's limit in the demonstration is 50,000 won a payment. */
const AMOUNTS: readonly (readonly [readonly [number, number], number])[] = [
  [[3_000, 9_900], 26],
  [[10_000, 29_900], 46],
  [[30_000, 49_900], 18],
  [[50_100, 99_900], 8],
  [[100_000, 200_000], 2],
]
const AMOUNT_UNIT_WON = 100
/** Less than any sale that is drawn for such a wallet. */
const NEARLY_EMPTY_WON = 2_000
const ELSEWHERE = ['999999999900000', '999999998800000']
/** Every sixteenth card has an empty wallet, another sixteenth a nearly empty one. */
const GROUP = 16
const DRAWS_MAX = 10_000

export function planOutage(options: PlanOptions): OutagePlan {
  const { hours, seed } = options
  const random = createRandom(seed)
  const country = createCountry(options)
  const drainings = new Map<string, Draining>()
  const spentWon = new Map<string, number>()
  const sales = salesByHour(options).flatMap((count, hour) =>
    Array.from({ length: count }, (_, index) => {
      const share = (index + random.integer(0, 999) / 1_000) / count
      return drawSale({ hour, share }, { options, random, country, drainings, spentWon })
    }),
  )
  assert(hours.length > 0, 'there are hours to replay')
  return { sales, drainings: [...drainings.values()], issuers: country.issuers.length }
}

/** As many sales as asked for in all, dealt over the hours by their weights. */
export function salesByHour({
  hours,
  sales,
}: Pick<PlanOptions, 'hours' | 'sales'>): readonly number[] {
  const whole = hours.reduce((sum, { weight }) => sum + weight, 0)
  let before = 0
  return hours.map(({ weight }) => {
    const from = Math.round((sales * before) / whole)
    before += weight
    return Math.round((sales * before) / whole) - from
  })
}

interface Drawing {
  readonly options: PlanOptions
  readonly random: Random
  readonly country: Country
  readonly drainings: Map<string, Draining>
  readonly spentWon: Map<string, number>
}

function drawSale(place: Pick<PlannedSale, 'hour' | 'share'>, drawing: Drawing): PlannedSale {
  const { random, options, country } = drawing
  const kind = random.pickWeighted(KINDS)
  const { card, shops } = drawCard(kind, drawing)
  const amountWon = drawAmount(random)
  const merchantNumber = random.pick(
    kind === 'elsewhere' ? ELSEWHERE : kind === 'voucher_refused' ? shops.refusing : shops.taking,
  )
  const { cardToken, partnerCode } = card
  const isVoucherFirst = card.links[0].spending === 'voucher_first'
  const voucherWon =
    !isVoucherFirst || kind === 'elsewhere' || kind === 'voucher_refused' || kind === 'wallet_empty'
      ? 0
      : kind !== 'wallet_nearly_empty'
        ? amountWon
        : shops.splits
          ? NEARLY_EMPTY_WON
          : 0
  if (kind === 'wallet_empty' || kind === 'wallet_nearly_empty') {
    const leftWon = kind === 'wallet_empty' ? 0 : NEARLY_EMPTY_WON
    drawing.drainings.set(cardToken, {
      cardToken,
      partnerCode,
      merchantNumber: random.pick(shops.taking),
      amountWon: options.walletWon - leftWon,
    })
  }
  drawing.spentWon.set(cardToken, (drawing.spentWon.get(cardToken) ?? 0) + voucherWon)
  return {
    ...place,
    partnerCode,
    cardToken,
    terminal: country.terminals.get(merchantNumber)!,
    merchantNumber,
    amountWon,
    partialAllowed: kind === 'wallet_nearly_empty',
    voucherWon,
  }
}

interface DrawnCard {
  readonly card: ReturnType<typeof crowdCard>
  readonly shops: VoucherShops
}

/** A card of the right kind of wallet whose municipality has such shops, and that can pay what is drawn. */
function drawCard(kind: Kind, { random, options, country, spentWon }: Drawing): DrawnCard {
  const group = kind === 'wallet_empty' ? 5 : kind === 'wallet_nearly_empty' ? 9 : undefined
  for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
    const number = random.integer(1, options.cards)
    const card = crowdCard(number, country.issuers)
    const shops = country.shops.get(card.links[0].issuerId)
    const isReserved = number % GROUP === 5 || number % GROUP === 9
    const isOfGroup = group === undefined ? !isReserved : number % GROUP === group
    if (shops === undefined || !isOfGroup) continue
    if (kind === 'voucher_refused' && shops.refusing.length === 0) continue
    const paidWon = spentWon.get(card.cardToken)
    // A drained wallet pays once. Who drains it is sure to do so by voucher, however long the core takes to answer.
    if (group !== undefined) {
      const { spending, onUnknown } = card.links[0]
      if (paidWon !== undefined || spending === 'card_first') continue
      if (onUnknown === 'provisional_debit') continue
    } else if ((paidWon ?? 0) > options.walletWon / 2) continue
    return { card, shops }
  }
  throw new Error(`among ${options.cards} cards there are too few for so many sales`)
}

function drawAmount(random: Random): number {
  const [from, to] = random.pickWeighted(AMOUNTS)
  return random.integer(from / AMOUNT_UNIT_WON, to / AMOUNT_UNIT_WON) * AMOUNT_UNIT_WON
}

interface Country {
  readonly issuers: Demonstration['issuers']
  readonly shops: ReadonlyMap<IssuerId, VoucherShops>
  readonly terminals: ReadonlyMap<string, string>
}

function createCountry({ now }: PlanOptions): Country {
  const demonstration = createDemonstration(DEMONSTRATION_SEED)
  const shops = voucherShops(demonstration, now)
  const numbers = [...shops.values()].flatMap(({ taking, refusing }) => [...taking, ...refusing])
  const terminals = [...numbers, ...ELSEWHERE].map(
    (number, index) => [number, `T${String(index + 1).padStart(7, '0')}`] as const,
  )
  return { issuers: demonstration.issuers, shops, terminals: new Map(terminals) }
}
