/**
 * One simulated city from its seed: a phase with faults, in which nothing may ever be wrong, then a phase
 * without, after which everybody must know what became of every wish.
 */
import { booksOfSnapshot, checkBooks } from '../src/audit/audit.ts'
import type { IssuerId, OperationId } from '../src/base/base.ts'
import { createRandom } from '../src/demonstration/random.ts'
import { createMemoryLedger, type LedgerSnapshot, type MemoryLedger } from '../src/ledger/ledger.ts'
import { createBankSide, type BankSide } from './bank-side.ts'
import { checkBankBooks } from './checkers/bank-books.ts'
import { watchPolicy } from './checkers/policy.ts'
import { checkExpiries } from './checkers/expiries.ts'
import { checkRefundOrder } from './checkers/refund-order.ts'
import { watchRefusals } from './checkers/refusals.ts'
import { watchSales, type SalesWatch } from './checkers/sales.ts'
import { watchSeals, type SealWatch } from './checkers/sealing.ts'
import { checkBooksAgainstTold, checkCertainFault } from './checkers/told.ts'
import { createCore, type Plant } from './core-process.ts'
import { createErrands, type ErrandOptions, type Errands } from './errand.ts'
import { drawFaultOdds, faultsOn, noFaults } from './fault-odds.ts'
import { createJournal, type JournalLine, type Violation } from './journal.ts'
import { createNetwork } from './network.ts'
import { officerActs } from './officer.ts'
import { payerActs } from './payer.ts'
import { textOfAnswer } from './requests.ts'
import { tillActs } from './till.ts'
import type { Town } from './town.ts'
import { createVirtualTime } from './virtual-time.ts'
import { createWorld, ISSUER_IDS, type World } from './world.ts'

export interface CityOptions {
  readonly seed: number
  /** Events of the phase with faults; healing takes as many more as it needs. */
  readonly events: number
  /** For tests only: a mistake in the product that must be found. */
  readonly plant?: Plant
}

export interface CityResult {
  readonly seed: number
  readonly events: number
  /** Of everything that happened: the same for the same seed and events. */
  readonly hash: string
  readonly violations: readonly Violation[]
  readonly lines: readonly JournalLine[]
  readonly startAt: number
  readonly faults: string
  /** How many wishes ended how, for the report and for the test that the city is not asleep. */
  readonly outcomes: Readonly<Record<string, number>>
}

const CHECKED_EVERY_EVENTS = 150
const RESOLVER_PAUSE_MS = 10_000
const EXPIRY_PAUSE_MS = 1_000
const SEAL_PAUSE_MS = 15_000
const SEAL_DELAY_MS = 2_000
/** Healing must come to rest within this many events, or something goes round in circles. */
const HEALING_EVENTS_MAX = 10_000
const HEALING_MS_MAX = 3_600_000

interface City extends Town {
  readonly memory: MemoryLedger
  readonly bank: BankSide
  readonly sales: SalesWatch
  readonly seals: SealWatch
  /** False once the faults are off: nobody sets out to do anything new. */
  busy: boolean
  /** When the healing city first was at rest. */
  restedAt: number | undefined
}

/** Runs a city to its end, or to its first violation. */
export async function runCity(options: CityOptions): Promise<CityResult> {
  const city = await buildCity(options)
  const { time, journal, errands, odds, world } = city
  const faults = faultsOn(odds)
  startActors(city)
  await runEvents(city, options.events)
  if (journal.violations.length === 0) await checkAll(city, false)
  if (journal.violations.length === 0) await heal(city)
  return {
    seed: options.seed,
    events: time.count(),
    hash: journal.hash(),
    violations: journal.violations,
    lines: journal.lines,
    startAt: world.startAt,
    faults,
    outcomes: { ...outcomesOf(errands), ...expiriesOf(city.memory) },
  }
}

async function buildCity({ seed, plant = {} }: CityOptions): Promise<City> {
  const random = createRandom(seed)
  const fork = () => createRandom(random.integer(0, 2 ** 32 - 1))
  const world = createWorld(fork())
  const odds = drawFaultOdds(fork())
  const time = createVirtualTime(world.startAt)
  const journal = createJournal(time.now)
  const report = (about: string, what: string): void => journal.violated(about, what)
  const memory = createMemoryLedger()
  for (const issuerId of ISSUER_IDS) await openWallets(memory, world, issuerId)
  const { balances } = world
  const bank = createBankSide({ time, random: fork(), odds, journal, balances })
  const isDebited = (id: OperationId): boolean => bank.debits.get(id)?.state === 'debited'
  const sales = watchSales(plant.ledger?.(memory) ?? memory, isDebited, report)
  const seals = watchSeals(sales.ledger, memory, report)
  const store = watchRefusals(seals.ledger, memory, { random: fork(), report })
  const core = createCore({ time, random: fork(), odds, journal, world, store, bank, plant })
  const policy = watchPolicy(world)
  const errands = createErrands({
    time,
    random: fork(),
    journal,
    network: createNetwork({ time, random: fork(), odds }),
    receive: watchCore({ core, policy, memory, journal }),
  })
  return {
    time,
    random: fork(),
    odds,
    journal,
    world,
    core,
    errands,
    policy,
    receipts: [],
    consumerCodes: [],
    believedWon: new Map(),
    memory,
    bank,
    sales,
    seals,
    busy: true,
    restedAt: undefined,
  }
}

/** The core's door, with policy's judgement of what comes in and a look at what faults claim. */
function watchCore(
  watch: Pick<City, 'core' | 'policy' | 'memory' | 'journal'>,
): ErrandOptions['receive'] {
  const { core, policy, memory, journal } = watch
  const arrivals = new Map<OperationId, number>()
  return (request, reply) => {
    const { issuerId, operationId } = request.body
    policy.arrived(request, core.clock())
    arrivals.set(operationId, (arrivals.get(operationId) ?? 0) + 1)
    core.receive(request, (answer) => {
      journal.note(operationId, `core answers ${textOfAnswer(answer)}`)
      reply(answer)
      if (answer.kind !== 'fault' || !answer.certain) return
      const { operations } = memory.snapshot(issuerId)
      const booked = operations.some((operation) => operation.operationId === operationId)
      const fault = { arrivals: arrivals.get(operationId) ?? 0, booked }
      checkCertainFault(fault, (what) => journal.violated(operationId, what))
    })
  }
}

async function openWallets(memory: MemoryLedger, world: World, issuerId: IssuerId): Promise<void> {
  const openings = world.payers
    .filter((payer) => payer.issuerId === issuerId)
    .map((payer) => ({ walletId: payer.walletId, memberId: payer.member.memberId }))
  await memory.openWallets(issuerId, openings, world.startAt)
}

/** Everybody begins at once, so that even a short run has people who meet. */
function startActors(city: City): void {
  const { world, odds, random, core } = city
  for (const payer of world.payers) repeat(city, [200, 9_000], () => payerActs(city, payer))
  for (const till of world.tills) repeat(city, [1_000, 12_000], () => tillActs(city, till))
  for (const issuerId of ISSUER_IDS) {
    repeat(city, [100, 20_000], () => officerActs(city, issuerId))
  }
  repeat(city, [RESOLVER_PAUSE_MS, RESOLVER_PAUSE_MS], () => core.resolvePurchases())
  repeat(city, [EXPIRY_PAUSE_MS, EXPIRY_PAUSE_MS], () => core.expireLots())
  repeat(city, [SEAL_PAUSE_MS, SEAL_PAUSE_MS], () => {
    for (const issuerId of ISSUER_IDS) city.seals.seal(issuerId, core.clock() - SEAL_DELAY_MS)
  })
  const { crashEveryMs, clockBackMsMax } = odds
  if (crashEveryMs > 0) repeat(city, [1_000, crashEveryMs * 2], () => core.crash())
  if (clockBackMsMax > 0) {
    repeat(city, [5_000, 60_000], () => core.setClockBack(random.integer(0, clockBackMsMax)))
  }
}

/** Does something again and again, after pauses drawn between two bounds, while the city is busy. */
function repeat(city: City, [minMs, maxMs]: [number, number], act: () => void): void {
  city.time.after(city.random.integer(minMs, maxMs), () => {
    if (!city.busy) return
    act()
    repeat(city, [minMs, maxMs], act)
  })
}

async function runEvents(city: City, events: number): Promise<void> {
  const { time, journal } = city
  for (let index = 1; index <= events; index += 1) {
    if (!(await time.step()) || journal.violations.length > 0) return
    if (index % CHECKED_EVERY_EVENTS === 0) await checkAll(city, false)
  }
}

/** Ends all faults, lets every client take its unknown wishes up again, and the resolver and the expiry run. */
async function heal(city: City): Promise<void> {
  const { time, journal, errands, odds, core } = city
  city.busy = false
  Object.assign(odds, noFaults)
  journal.note('city', 'heals')
  errands.takeUpAll()
  const endsAt = time.now() + HEALING_MS_MAX
  const tick = (): void => {
    core.resolvePurchases()
    core.expireLots()
    if (atRest(city)) city.restedAt = time.now()
    else if (time.now() < endsAt) time.after(RESOLVER_PAUSE_MS, tick)
  }
  tick()
  for (let index = 0; await time.step(); index += 1) {
    if (journal.violations.length > 0) return
    if (index > HEALING_EVENTS_MAX) {
      const restless = errands.all.find((errand) => errand.state !== 'known')
      const what = `does not come to rest: ${errands.open()} wishes are open`
      journal.violated(restless?.operationId ?? 'city', what)
      return
    }
  }
  for (const { operationId, state, request } of errands.all) {
    if (state !== 'known') {
      journal.violated(operationId, `a client does not know what became of its ${request.kind}`)
    }
  }
  for (const operationId of core.unanswered()) {
    journal.violated(operationId, 'a request came in and was never answered')
  }
  city.restedAt ??= endsAt
  await checkAll(city, true)
}

function atRest(city: City): boolean {
  if (city.errands.open() > 0) return false
  return ISSUER_IDS.every((issuerId) => {
    const { purchases, lots } = city.memory.snapshot(issuerId)
    const isOver = purchases.every((purchase) => purchase.state !== 'reserved')
    return isOver && lots.every((lot) => lot.remainingWon === 0 || lot.expiresAt > city.time.now())
  })
}

/** The full set of checkers over everybody's books. */
async function checkAll(city: City, atEnd: boolean): Promise<void> {
  const { memory, bank, core, journal, errands, policy, sales } = city
  const report = (about: string, what: string): void => journal.violated(about, what)
  const snapshots = new Map<IssuerId, LedgerSnapshot>()
  for (const issuerId of ISSUER_IDS) {
    const snapshot = memory.snapshot(issuerId)
    snapshots.set(issuerId, snapshot)
    await checkBooks(booksOfSnapshot(issuerId, snapshot), {
      onFinding: ({ checker, where, sentence }) =>
        report(where, `${checker}: ${where} ${sentence}`),
    })
    policy.check(snapshot, report)
    checkRefundOrder(snapshot, report)
    checkExpiries(snapshot, { issuerId, now: city.time.now(), restedAt: city.restedAt }, report)
    sales.check(snapshot)
  }
  checkBooksAgainstTold(errands.all, [...snapshots.values()], report)
  checkBankBooks({ debits: bank.debits, snapshots, cases: core.cases, atEnd }, report)
}

function outcomesOf(errands: Errands): Record<string, number> {
  const outcomes: Record<string, number> = {}
  for (const { request, outcome } of errands.all) {
    const end = outcome?.kind === 'declined' ? outcome.reason : (outcome?.kind ?? 'unknown')
    const name = `${request.kind} ${end}`
    outcomes[name] = (outcomes[name] ?? 0) + 1
  }
  return outcomes
}

/** How many lots expired, and how often one did that had expired before. */
function expiriesOf(memory: MemoryLedger): Record<string, number> {
  const outcomes: Record<string, number> = {}
  for (const issuerId of ISSUER_IDS) {
    const seen = new Set<OperationId | undefined>()
    for (const { kind, targetId } of memory.snapshot(issuerId).operations) {
      if (kind !== 'expiry') continue
      const name = seen.has(targetId) ? 'expiry once more' : 'expiry posted'
      seen.add(targetId)
      outcomes[name] = (outcomes[name] ?? 0) + 1
    }
  }
  return outcomes
}
