/**
 * A card company's end of the links, as a process of its own so that measuring does not slow down what is measured:
 * dials one gateway, signs on, and sends as it is told. `card-loader.ts` starts it.
 */
import { businessDate, id, won } from '../src/base/base.ts'
import type { CardRequest } from '../src/cards/cards.ts'
import {
  createDemonstration,
  crowdCard,
  demonstrationPartners,
  DEMONSTRATION_SEED,
} from '../src/demonstration/demonstration.ts'
import { dialLink, linkLimits, partnerProfiles, type Link } from '../src/gateway/gateway.ts'
import { openPartnerKeys } from '../src/main/keys.ts'
import { openSecretFiles } from '../src/main/secret-file.ts'
import { readTlsFiles, tlsFolderOf } from '../src/main/tls-material.ts'
import { voucherShops } from '../test/voucher-shops.ts'
import type { LoadAnswer, LoadFigures, LoadLine, LoadOrder } from './card-loader.ts'

/** The first of the demonstration's card companies: ISO 8583. */
const COMPANY = demonstrationPartners[0]!
const WITHIN_MS = 10_000
const AMOUNT_WON = 100
const TICK_MS = 2
const STANS = 1_000_000
const silent = { info: () => {}, warn: () => {}, error: () => {} }

interface Place {
  readonly cardToken: string
  readonly merchantNumber: string
}

let links: readonly Link[] = []
let places: readonly Place[] = []
let sent = 0

process.on('message', (order: LoadOrder) => {
  void act(order).then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.exit(0))

async function act(order: LoadOrder): Promise<LoadAnswer> {
  if (order.kind === 'dial') return dial(order)
  const begin = performance.now()
  const figures = order.kind === 'offered' ? await offer(order) : await pressOn(order)
  return { ...figures, perSecond: (figures.answered * 1_000) / (performance.now() - begin) }
}

async function dial({ dataDirectory, host, port, links: count, cards }: LoadLine) {
  places = placesOf(cards)
  const secrets = await openSecretFiles(dataDirectory)
  const keys = await openPartnerKeys(secrets, COMPANY.code)
  const tls = await readTlsFiles(tlsFolderOf(dataDirectory, [COMPANY.code]).partners[COMPANY.code]!)
  const adapter = partnerProfiles[COMPANY.profile](COMPANY.partnerId)
  links = await Promise.all(
    Array.from({ length: count }, () =>
      dialLink({
        host,
        port,
        tls,
        partner: COMPANY.code,
        adapter,
        keys,
        clock: Date.now,
        log: silent,
        limits: { ...linkLimits, awaitedMax: 100_000 },
      }),
    ),
  )
  return { dialled: links.length }
}

/** Voucher-first cards of the crowd, each with a shop of its municipality. */
function placesOf(cards: number): readonly Place[] {
  const demonstration = createDemonstration(DEMONSTRATION_SEED)
  const shops = voucherShops(demonstration, Date.now())
  return Array.from({ length: cards }, (_, index) => crowdCard(index + 1, demonstration.issuers))
    .filter(({ partnerId }) => partnerId === COMPANY.partnerId)
    .flatMap(({ cardToken, links: [link] }) => {
      const merchantNumber = shops.get(link.issuerId)?.taking[0]
      const pays = link.spending === 'voucher_first' && merchantNumber !== undefined
      return pays ? [{ cardToken, merchantNumber }] : []
    })
}

interface Measured {
  readonly latencies: number[]
  readonly verdicts: Record<string, number>
}

/** As many messages under way as told, each followed by the next: the most that can be had. */
async function pressOn(order: Extract<LoadOrder, { kind: 'echo' | 'pay' }>) {
  const measured: Measured = { latencies: [], verdicts: {} }
  const until = performance.now() + order.seconds * 1_000
  const lane = async (): Promise<void> => {
    while (performance.now() < until) await sendOne(order.kind, performance.now(), measured)
  }
  await Promise.all(Array.from({ length: order.underWay }, lane))
  return figuresOf(measured)
}

/** At a steady pace, whatever the answers take; a message's time begins when it was due, not when it left. */
async function offer({ perSecond, seconds }: Extract<LoadOrder, { kind: 'offered' }>) {
  const measured: Measured = { latencies: [], verdicts: {} }
  const whole = perSecond * seconds
  const begin = performance.now()
  const underWay: Promise<void>[] = []
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(whole, Math.floor(((performance.now() - begin) * perSecond) / 1_000) + 1)
      while (underWay.length < due) {
        const dueMs = begin + (underWay.length * 1_000) / perSecond
        underWay.push(sendOne('pay', dueMs, measured))
      }
      if (underWay.length < whole) return
      clearInterval(timer)
      resolve()
    }, TICK_MS)
  })
  await Promise.all(underWay)
  return figuresOf(measured)
}

async function sendOne(kind: 'echo' | 'pay', dueMs: number, measured: Measured): Promise<void> {
  sent += 1
  const link = links[sent % links.length]!
  const given = { withinMs: WITHIN_MS }
  const outcome =
    kind === 'echo'
      ? await link.send({ type: 'network', network: echo(sent) }, given)
      : await link.send({ type: 'request', request: payment(sent), isRepeat: false }, given)
  measured.latencies.push(performance.now() - dueMs)
  const verdict =
    outcome.outcome === 'answered' ? verdictOf(outcome.answer.message) : outcome.outcome
  measured.verdicts[verdict] = (measured.verdicts[verdict] ?? 0) + 1
}

function verdictOf(message: { type: string; answer?: { verdict: string; decidedBy: string } }) {
  if (message.type === 'network_answer') return 'echoed'
  const { answer } = message
  return answer === undefined ? message.type : `${answer.decidedBy}.${answer.verdict}`
}

function echo(number: number) {
  return { function: 'echo', stan: stanOf(number), at: Date.now() } as const
}

function payment(number: number): CardRequest {
  const { cardToken, merchantNumber } = places[number % places.length]!
  const at = Date.now()
  return {
    kind: 'pay',
    sale: {
      key: {
        partnerId: id('prt', COMPANY.partnerId),
        acquirer: '901',
        // A new one for every process, and for every million messages.
        terminal: `B${String((process.pid * 64 + Math.floor(number / STANS)) % 10_000_000).padStart(7, '0')}`,
        stan: stanOf(number),
        localDate: businessDate(at),
        cardClass: 'financial',
      },
      cardToken,
      merchantNumber,
      amountWon: won(AMOUNT_WON),
      at,
      partialAllowed: false,
    },
  }
}

function stanOf(number: number): string {
  return String(number % STANS).padStart(6, '0')
}

function figuresOf({ latencies, verdicts }: Measured): Omit<LoadFigures, 'perSecond'> {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { answered: sorted.length, verdicts, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 }
}
