/**
 * One simulated city of cards from its seed: one core, two gateways, two card companies, and people who pay by code from
 * the same wallets. A phase with faults in which nothing may ever be wrong, then a phase without, after which all is told.
 */
import { booksOfSnapshot, checkBooks } from '../../src/audit/audit.ts'
import { HOUR_MS, type IssuerId } from '../../src/base/base.ts'
import type { CardDesk, CardFeed } from '../../src/cards/cards.ts'
import { createRandom, type Random } from '../../src/demonstration/random.ts'
import type { LedgerSnapshot } from '../../src/ledger/ledger.ts'
import { standInModes } from '../../src/standin/standin.ts'
import type { CityResult } from '../city.ts'
import { createJournal, type Journal } from '../journal.ts'
import { createVirtualTime, type VirtualTime } from '../virtual-time.ts'
import { createCardCore, type CardCore } from './card-core.ts'
import { createCardDatabase, type CardDatabase } from './card-database.ts'
import { cardFaultsOn, drawCardFaults, noCardFaults, type CardFaults } from './card-faults.ts'
import { createCardGateway, type CardGateway } from './card-gateway.ts'
import { createCardPartner, type CardPartner } from './card-partner.ts'
import type { CardPlant } from './card-plant.ts'
import { createCardWorld, GATEWAYS, ISSUERS, OPERATOR, type CardWorld } from './card-world.ts'
import { checkAccount } from './checkers/accounts.ts'
import { watchAnswers, type AnswerWatch } from './checkers/answers.ts'
import { watchLimits, type LimitWatch } from './checkers/standin-limits.ts'
import { noticePlace } from './checkers/three-books.ts'
import { createCoreLine } from './core-line.ts'
import { healCity } from './healing.ts'
import { createNeighbours, type Neighbours } from './neighbours.ts'
import { createPartnerLink } from './partner-link.ts'

export interface CardCityOptions {
  readonly seed: number
  /** Events of the phase with faults; healing takes as many more as it needs. */
  readonly events: number
  /** For tests only: a mistake in the product that must be found. */
  readonly plant?: CardPlant
}

export const CARD_EVENTS_DEFAULT = 5_000
const CHECKED_EVERY_EVENTS = 600
const SEAL_PAUSE_MS = 5_000
/** Longer than any statement that was begun with an earlier clock is under way. */
const SEAL_DELAY_MS = 4_000
const GONE_MS_MAX = 30_000
const OUTAGE_MS = 4_000_000
/** An outage of hours is told in retries of the feed more than in sales. */
const OUTAGE_PACE = 40
const OUTAGE_EVENTS = 14_000

export interface CardCity {
  readonly world: CardWorld
  readonly time: VirtualTime
  readonly random: Random
  readonly faults: CardFaults
  readonly journal: Journal
  readonly database: CardDatabase
  readonly core: CardCore
  readonly gateways: readonly CardGateway[]
  readonly partners: readonly CardPartner[]
  readonly neighbours: Neighbours
  readonly watch: AnswerWatch
  readonly limits: LimitWatch
  readonly receipts: Set<string>
  /** False once the faults are off: nobody sets out to do anything new. */
  isBusy: boolean
  goneUntil: number
  /** How much slower everybody is, while the core is away for hours. */
  pace: number
}

/** Runs a city to its end, or to its first violation. */
export async function runCardCity(options: CardCityOptions): Promise<CityResult> {
  const city = await buildCity(options)
  const { time, journal, faults, world, watch } = city
  const said = cardFaultsOn(faults)
  startActors(city)
  await runEvents(city, options.events + (faults.longOutage > 0 ? OUTAGE_EVENTS : 0))
  if (journal.violations.length === 0) await checkAlways(city)
  if (journal.violations.length === 0) await healCity(city)
  return {
    seed: options.seed,
    events: time.count(),
    hash: journal.hash(),
    violations: journal.violations,
    lines: journal.lines,
    startAt: world.startAt,
    faults: said,
    outcomes: watch.counts,
  }
}

async function buildCity({ seed, plant = {} }: CardCityOptions): Promise<CardCity> {
  const random = createRandom(seed)
  const fork = (): Random => createRandom(random.integer(0, 2 ** 32 - 1))
  const world = createCardWorld(fork())
  const faults = drawCardFaults(fork())
  const time = createVirtualTime(world.startAt)
  const journal = createJournal(time.now)
  const report = (about: string, what: string): void => journal.violated(about, what)
  const limits = watchLimits({ limits: world.limits, report, now: time.now })
  const watch = watchAnswers({ report, journal, limits })
  const database = createCardDatabase(time.now, (operationId, text) =>
    journal.note(operationId, text),
  )
  const skews = fork()
  const drawSkewMs = (): number => skews.integer(0 - faults.clockSkewMsMax, faults.clockSkewMsMax)
  await settleRecords(database, world)
  const receipts = new Set<string>()
  const shared = { time, faults, journal, plant }
  const core = createCardCore({ ...shared, random: fork(), database, drawSkewMs })
  const gateways: CardGateway[] = []
  const later = { city: undefined as CardCity | undefined }
  for (const name of GATEWAYS) {
    const lines = fork()
    gateways.push(
      createCardGateway({
        ...shared,
        name,
        random: fork(),
        drawSkewMs,
        coreFor(isAlive) {
          const isCut = (): boolean => time.now() < (later.city?.goneUntil ?? 0)
          const line = createCoreLine({ ...shared, random: lines, core, isAlive, isCut })
          return watchLine(name, line, { limits, receipts })
        },
        peer: () => gateways.find((other) => other.name !== name),
        onCrash: () => {
          for (const partner of later.city?.partners ?? []) {
            for (const link of partner.links) if (link.gateway === name) link.cut()
          }
        },
      }),
    )
  }
  const partners = world.companies.map((company): CardPartner => {
    const links = gateways.map((gateway) =>
      createPartnerLink({
        ...shared,
        gateway: gateway.name,
        about: `link ${company.code}-${gateway.name}`,
        random: fork(),
        end: watch.endAt(gateway),
      }),
    )
    return createCardPartner({
      ...shared,
      company,
      shops: world.shops,
      random: fork(),
      links,
      clockSkewMs: drawSkewMs(),
      silenceIsNo: plant.silenceIsNo === true,
      isBusy: () => later.city?.isBusy === true,
      onEntry: (entry, books) => checkAccount(entry, books, watch, report),
    })
  })
  const neighbours = createNeighbours({ world, random: fork(), journal, core, partners })
  // Before anybody's clock, however wrong it is.
  await neighbours.settleIn(database.connect().ledger, world.startAt - HOUR_MS)
  const city: CardCity = {
    ...shared,
    world,
    random: fork(),
    database,
    core,
    gateways,
    partners,
    neighbours,
    watch,
    limits,
    receipts,
    isBusy: true,
    goneUntil: 0,
    pace: 1,
  }
  later.city = city
  return city
}

/** What was registered long ago. */
async function settleRecords(database: CardDatabase, { records, startAt }: CardWorld): Promise<void> {
  const { registry } = database.connect()
  for (const issuerId of [OPERATOR, ...ISSUERS]) {
    await registry.openIssuer(issuerId)
    const own = records.filter((record) => record.issuerId === issuerId)
    const written = own.map(({ kind, recordId, version, body }) => ({
      kind,
      recordId,
      version,
      body: Object(body) as object, // Bodies of records are objects.
    }))
    await registry.append(issuerId, 'system', written, startAt - 2 * HOUR_MS)
  }
}

/** The core as a gateway reaches it, with an eye on what arrives there. */
function watchLine(
  gateway: string,
  { desk, feed }: { desk: CardDesk; feed: CardFeed },
  { limits, receipts }: { limits: LimitWatch; receipts: Set<string> },
): { desk: CardDesk; feed: CardFeed } {
  return {
    desk: {
      ...desk,
      async take(notices) {
        const given = await desk.take(notices)
        for (const [index, receipt] of given.entries()) {
          const notice = notices[index]!
          limits.receipt(gateway, notice, receipt)
          if (receipt.status === 'taken') receipts.add(noticePlace(gateway, notice))
        }
        return given
      },
    },
    feed: {
      async tail(...args) {
        const page = await feed.tail(...args)
        if (page !== undefined) limits.heard(gateway)
        return page
      },
      async *synchronise(...args) {
        limits.heard(gateway)
        yield* feed.synchronise(...args)
      },
    },
  }
}

/** Everybody begins at once, so that even a short run has people who meet. */
function startActors(city: CardCity): void {
  const { partners, neighbours, database, core, faults, gateways, random } = city
  for (const partner of partners) repeat(city, [50, 1_800], () => partner.act())
  repeat(city, [500, 6_000], () => neighbours.payByCode())
  repeat(city, [1_000, 6_000], () => neighbours.topUp())
  repeat(city, [15_000, 60_000], () => neighbours.changeStop())
  repeat(city, [5_000, 40_000], () => neighbours.changeChoice())
  for (const issuerId of ISSUERS) {
    const sealed = (): void => {
      if (core.isUp()) void database.seal(issuerId, core.clock() - SEAL_DELAY_MS)
    }
    repeat(city, [SEAL_PAUSE_MS, SEAL_PAUSE_MS], sealed)
  }
  const sometimes = (everyMs: number, act: () => void): void => {
    if (everyMs > 0) repeat(city, [1_000, 2 * everyMs], act)
  }
  sometimes(faults.coreCrashEveryMs, () => core.crash())
  sometimes(faults.coreFreezeEveryMs, () => core.freeze())
  sometimes(faults.coreSlowEveryMs, () => core.slow())
  sometimes(faults.coreLiesEveryMs, () => core.lie())
  sometimes(faults.coreRestoreEveryMs, () => core.restore())
  sometimes(faults.coreGoneEveryMs, () => goAway(city))
  sometimes(faults.gatewayCrashEveryMs, () => random.pick(gateways).crash())
  sometimes(faults.storeFullEveryMs, () => random.pick(gateways).fillStore())
  sometimes(faults.linkCutEveryMs, () => random.pick(random.pick(partners).links).cut())
  sometimes(faults.orderEveryMs, () => giveOrder(city))
  sometimes(faults.twiceEveryMs, () => behaveOddly(city, 'repeatEverything'))
  sometimes(faults.reversalFirstEveryMs, () => behaveOddly(city, 'reversalFirst'))
  if (faults.longOutage > 0) city.time.after(random.integer(10_000, 40_000), () => beginOutage(city))
}

/** Does something again and again, after pauses drawn between two bounds, while the city is busy. */
function repeat(city: CardCity, [minMs, maxMs]: [number, number], act: () => void): void {
  city.time.after(city.random.integer(minMs, maxMs) * city.pace, () => {
    if (!city.isBusy) return
    act()
    repeat(city, [minMs, maxMs], act)
  })
}

function goAway(city: CardCity): void {
  const forMs = city.random.integer(500, GONE_MS_MAX)
  city.goneUntil = Math.max(city.goneUntil, city.time.now() + forMs)
  city.journal.note('core', `cannot be reached for ${forMs} ms`)
}

/** The core is down for more than an hour, and people buy less often than in the city's busy minutes. */
function beginOutage(city: CardCity): void {
  const { core, journal, time } = city
  core.crash(OUTAGE_MS)
  journal.note('core', 'is away for long')
  city.pace = OUTAGE_PACE
  time.after(OUTAGE_MS, () => {
    city.pace = 1
  })
}

function giveOrder({ random, gateways, limits }: CardCity): void {
  const mode = random.pick([...standInModes, 'automatic'] as const)
  const issuerId = random.chance(50) ? random.pick(ISSUERS) : undefined
  for (const gateway of gateways) {
    if (!gateway.isUp() || random.chance(20)) continue
    // What is under way may still end by the order before.
    if (mode !== 'forbidden') limits.ordered(gateway.name, mode, issuerId)
    gateway.order(mode, issuerId)
  }
}

function behaveOddly({ random, partners, time, journal }: CardCity, how: 'repeatEverything' | 'reversalFirst'): void {
  const partner = random.pick(partners)
  journal.note(partner.code, `begins: ${how}`)
  const { choice } = partner.behaviour.current()
  partner.behaviour.set({ [how]: true, choice })
  time.after(random.integer(1_000, 10_000), () => {
    partner.behaviour.set({ choice: partner.behaviour.current().choice })
  })
}

async function runEvents(city: CardCity, events: number): Promise<void> {
  const { time, journal } = city
  for (let index = 1; index <= events; index += 1) {
    if (!(await time.step()) || journal.violations.length > 0) return
    if (index % CHECKED_EVERY_EVENTS === 0) await checkAlways(city)
  }
}

/** What must be true at every moment. */
export async function checkAlways(city: CardCity): Promise<ReadonlyMap<IssuerId, LedgerSnapshot>> {
  const { database, journal, gateways, limits } = city
  const snapshots = new Map<IssuerId, LedgerSnapshot>()
  for (const issuerId of ISSUERS) {
    const snapshot = database.ledger().snapshot(issuerId)
    snapshots.set(issuerId, snapshot)
    await checkBooks(booksOfSnapshot(issuerId, snapshot), {
      onFinding: ({ checker, where, sentence }) =>
        journal.violated(where, `${checker}: ${where} ${sentence}`),
    })
    for (const { lotId, walletId, remainingWon, heldWon } of snapshot.lots) {
      if (remainingWon >= 0 && heldWon >= 0) continue
      journal.violated(`wallet ${walletId}`, `lot ${lotId} has ₩${remainingWon} and holds ₩${heldWon}`)
    }
  }
  for (const gateway of gateways) if (gateway.isUp()) limits.checkBound(gateway)
  return snapshots
}

export function endFaults(city: CardCity): void {
  city.isBusy = false
  city.pace = 1
  city.goneUntil = 0
  Object.assign(city.faults, noCardFaults)
}
