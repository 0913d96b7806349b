/**
 * One simulated city of cards from its seed: one core, two gateways, two card companies, and people who pay by code
 * from the same wallets. A phase with faults in which nothing may ever be wrong, then one without, after which all
 * is told.
 */
import { HOUR_MS } from '../../src/base/base.ts'
import type { CardDesk, CardFeed } from '../../src/cards/cards.ts'
import { createRandom, type Random } from '../../src/demonstration/random.ts'
import type { CityResult } from '../city.ts'
import { createJournal } from '../journal.ts'
import { createVirtualTime } from '../virtual-time.ts'
import { createCardCore } from './card-core.ts'
import { createCardDatabase, type CardDatabase } from './card-database.ts'
import { cardFaultsOn, drawCardFaults } from './card-faults.ts'
import { createCardGateway, type CardGateway } from './card-gateway.ts'
import { createCardPartner, type CardPartner } from './card-partner.ts'
import type { CardPlant } from './card-plant.ts'
import {
  createCardWorld,
  GATEWAYS,
  ISSUERS,
  OPERATOR,
  type CardWorld,
  type CityCompany,
} from './card-world.ts'
import { checkAccount } from './checkers/accounts.ts'
import { watchAnswers } from './checkers/answers.ts'
import { watchLimits, type LimitWatch } from './checkers/standin-limits.ts'
import { noticePlace } from './checkers/three-books.ts'
import { createCoreLine } from './core-line.ts'
import { healCity } from './healing.ts'
import { startActors } from './city-actors.ts'
import { checkAlways, type CardCity } from './card-town.ts'
import { createNeighbours } from './neighbours.ts'
import { createPartnerLink } from './partner-link.ts'

export interface CardCityOptions {
  readonly seed: number
  /** Events of the phase with faults; healing takes as many more as it needs. */
  readonly events: number
  /** For tests only: a mistake in the product that must be found. */
  readonly plant?: CardPlant
}

const CHECKED_EVERY_EVENTS = 600
const OUTAGE_EVENTS = 14_000

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
  const later: Later = { city: undefined }
  const parts: Parts = { ...shared, core, fork, drawSkewMs, watch, limits, receipts, later }
  const gateways = buildGateways(parts)
  const partners = world.companies.map((company) => buildPartner(parts, company, gateways, world))
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

/** The city once it stands: its parts are told of it before. */
interface Later {
  city: CardCity | undefined
}

interface Parts extends Pick<
  CardCity,
  'time' | 'faults' | 'journal' | 'core' | 'watch' | 'limits' | 'receipts'
> {
  readonly plant: CardPlant
  readonly fork: () => Random
  readonly drawSkewMs: () => number
  readonly later: Later
}

function buildGateways(parts: Parts): readonly CardGateway[] {
  const { fork, later, time, core, limits, receipts } = parts
  const gateways: CardGateway[] = []
  for (const name of GATEWAYS) {
    const lines = fork()
    const gateway = createCardGateway({
      ...parts,
      name,
      random: fork(),
      coreFor(isAlive) {
        const isCut = (): boolean => time.now() < (later.city?.goneUntil ?? 0)
        const line = createCoreLine({ ...parts, random: lines, core, isAlive, isCut })
        return watchLine(name, line, { limits, receipts })
      },
      peer: () => gateways.find((other) => other.name !== name),
      onCrash() {
        const links = later.city?.partners.flatMap((partner) => partner.links) ?? []
        for (const link of links) if (link.gateway === name) link.cut()
      },
    })
    gateways.push(gateway)
  }
  return gateways
}

function buildPartner(
  parts: Parts,
  company: CityCompany,
  gateways: readonly CardGateway[],
  { shops }: CardWorld,
): CardPartner {
  const { fork, drawSkewMs, watch, later, plant, journal } = parts
  const report = (about: string, what: string): void => journal.violated(about, what)
  const links = gateways.map((gateway) =>
    createPartnerLink({
      ...parts,
      gateway: gateway.name,
      about: `link ${company.code}-${gateway.name}`,
      random: fork(),
      end: watch.endAt(gateway),
    }),
  )
  return createCardPartner({
    ...parts,
    company,
    shops,
    random: fork(),
    links,
    clockSkewMs: drawSkewMs(),
    silenceIsNo: plant.silenceIsNo === true,
    isBusy: () => later.city?.isBusy === true,
    onEntry: (entry, books) => checkAccount(entry, books, watch, report),
  })
}

/** What was registered long ago. */
async function settleRecords(
  database: CardDatabase,
  { records, startAt }: CardWorld,
): Promise<void> {
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

async function runEvents(city: CardCity, events: number): Promise<void> {
  const { time, journal } = city
  for (let index = 1; index <= events; index += 1) {
    if (!(await time.step()) || journal.violations.length > 0) return
    if (index % CHECKED_EVERY_EVENTS === 0) await checkAlways(city)
  }
}
