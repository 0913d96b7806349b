/**
 * The core under test: the real rooms, wired as the product wires them, in a process that crashes. What is
 * in memory (batches that wait, calls under way) dies with it; the store and the bank live on.
 */
import {
  createAuthorization,
  type Authorization,
  type PaymentAnswer,
} from '../src/authorization/authorization.ts'
import {
  createIdSource,
  Fault,
  type Clock,
  sumWon,
  type IdSource,
  type OperationId,
  type Won,
} from '../src/base/base.ts'
import type { Random } from '../src/demonstration/random.ts'
import type { BankDebit } from '../src/issuing/issuing.ts'
import {
  createBatchingLedger,
  type Ledger,
  type Leg,
  type Outcome,
  type RecordedOperation,
} from '../src/ledger/ledger.ts'
import { createExpiryTurn } from '../src/jobs/jobs.ts'
import { createRetryingLedger } from '../src/postgres/retrying-ledger.ts'
import {
  createSelling,
  type PurchaseAnswer,
  type PurchaseCase,
  type Selling,
  type SellingDeps,
} from '../src/selling/selling.ts'
import type { BankSide } from './bank-side.ts'
import { hmacSha256, sha256 } from './crypto-ports.ts'
import { connectStore, noTrouble, type StoreTrouble } from './durable-store.ts'
import type { FaultOdds } from './fault-odds.ts'
import type { Journal } from './journal.ts'
import type { CoreAnswer, CoreRequest } from './requests.ts'
import type { VirtualTime } from './virtual-time.ts'
import { potsOf } from './world-pots.ts'
import { ISSUER_IDS, type World } from './world.ts'

const DOWN_MS_MIN = 500
const DOWN_MS_MAX = 6_000
const RETRY_DEADLINE_MS = 4_000
export const RESOLVE_OLDER_THAN_MS = 20_000
const RESOLVE_LIMIT = 4
/** How long after its instant a lot expires. */
const EXPIRY_LAG_MS = 1_000
const EXPIRY_PASS_EVERY_MS = 4_000

/** A mistake put into the product on purpose, to see the simulation find it. */
export interface Plant {
  readonly ledger?: (ledger: Ledger) => Ledger
  readonly bank?: (bank: BankDebit) => BankDebit
  readonly selling?: (selling: Selling, deps: SellingDeps) => Selling
}

export interface CoreOptions {
  readonly time: VirtualTime
  readonly random: Random
  readonly odds: FaultOdds
  readonly journal: Journal
  readonly world: World
  /** The durable ledger, with whatever watches it. */
  readonly store: Ledger
  readonly bank: BankSide
  readonly plant: Plant
}

export interface Core {
  /** Takes a request; `reply` is called at most once, and never by a core that died since. */
  receive(request: CoreRequest, reply: (answer: CoreAnswer) => void): void
  crash(): void
  /** Moves the core's own clock; it never runs behind by more than what was set back. */
  setClockBack(byMs: number): void
  /** One round of the purchase resolver, over all issuers. */
  resolvePurchases(): void
  /** One turn of the expiry of lots, over all issuers. */
  expireLots(): void
  /** Keys of requests that came to the core that lives now and were not answered. */
  unanswered(): readonly OperationId[]
  readonly clock: Clock
  readonly cases: readonly PurchaseCase[]
}

interface Life {
  alive: boolean
  readonly authorization: Authorization
  readonly selling: Selling
  readonly ledger: Ledger
  readonly expiryTurn: () => Promise<void>
  resolving: boolean
  expiring: boolean
  received: number
  /** Keys of requests under way, by order of coming in. */
  readonly unanswered: Map<number, OperationId>
}

export function createCore(options: CoreOptions): Core {
  const { time, random, journal, odds } = options
  const cases: PurchaseCase[] = []
  const trouble = noTrouble()
  let clockOffsetMs = 0
  let lives = 0
  let upAgainAt = time.now()
  const clock = (): number => time.now() + clockOffsetMs
  const begin = (): Life => {
    lives += 1
    return beginLife(options, { clock, cases, node: lives, trouble })
  }
  let life = begin()

  function setClockBack(byMs: number): void {
    clockOffsetMs = 0 - byMs
    journal.note('core', `clock is ${byMs} ms behind`)
  }

  return {
    clock,
    cases,
    unanswered: () => [...life.unanswered.values()],
    receive(request, reply) {
      const at = life
      if (!at.alive || time.now() < upAgainAt) return
      void serve({ life: at, clock, journal }, request, reply)
    },
    crash() {
      life.alive = false
      const downMs = random.integer(DOWN_MS_MIN, DOWN_MS_MAX)
      upAgainAt = time.now() + downMs
      journal.note('core', `crashes for ${downMs} ms`)
      // A machine that boots may find its clock corrected.
      if (random.chance(50)) setClockBack(random.integer(0, odds.clockBackMsMax))
      life = begin()
    },
    setClockBack,
    resolvePurchases() {
      const at = life
      if (at.resolving || time.now() < upAgainAt) return
      at.resolving = true
      void resolveOnce(at, journal)
    },
    expireLots() {
      const at = life
      if (at.expiring || time.now() < upAgainAt) return
      at.expiring = true
      void at.expiryTurn().finally(() => {
        at.expiring = false
      })
    },
  }
}

interface Desk {
  readonly life: Life
  readonly clock: Clock
  readonly journal: Journal
}

async function serve(
  { life, clock, journal }: Desk,
  request: CoreRequest,
  reply: (told: CoreAnswer) => void,
): Promise<void> {
  const { operationId } = request.body
  life.received += 1
  const place = life.received
  life.unanswered.set(place, operationId)
  let told: CoreAnswer | undefined
  try {
    told = await answer(life, request, clock)
  } catch (error) {
    told = answerOfError(journal, operationId, error)
  }
  life.unanswered.delete(place)
  if (told !== undefined) reply(told)
}

async function resolveOnce(life: Life, journal: Journal): Promise<void> {
  try {
    await resolveAll(life.selling)
  } catch (error) {
    answerOfError(journal, 'resolver', error)
  }
  life.resolving = false
}

/** A fault is told to the client; anything else is a bug, which nobody may ever meet. */
function answerOfError(journal: Journal, about: string, error: unknown): CoreAnswer | undefined {
  if (error instanceof Fault) {
    return { kind: 'fault', code: error.code, certain: error.certainty === 'did_not_happen' }
  }
  const sentence = error instanceof Error ? error.message : String(error)
  journal.violated(about, `the core met a bug: ${sentence}`)
  return undefined
}

function beginLife(
  options: CoreOptions,
  life: {
    clock: Clock
    cases: PurchaseCase[]
    node: number
    trouble: StoreTrouble
  },
): Life {
  const { time, random, odds, world, store, bank, plant } = options
  const { clock, cases, node, trouble } = life
  const state = { alive: true }
  const isAlive = (): boolean => state.alive
  const connection = connectStore(store, { time, random, odds, isAlive, trouble })
  const ledger = createBatchingLedger(
    createRetryingLedger(connection, {
      clock,
      sleep: (ms) => time.sleep(ms),
      deadlineMs: RETRY_DEADLINE_MS,
    }),
    {
      paying: {
        lanes: random.integer(1, 3),
        setSizeMax: random.pick([2, 16, 256]),
        waitingMax: random.pick([3, 4_096]),
        clock,
      },
      buying: { lanes: 1, setSizeMax: random.pick([2, 64]), waitingMax: 4_096, clock },
    },
  )
  const authorization = createAuthorization({
    ledger,
    issuing: world.issuing,
    acquiring: world.acquiring,
    payerByHandle: async (issuerId, handle) => world.payerByHandle(issuerId, handle),
    walletStopped: (_, walletId) => world.stoppedWallets.has(walletId),
    verify: world.signingKey.verify,
    hmac: hmacSha256,
    sha256,
    clock,
  })
  const port = bank.portFor(isAlive)
  const ids: IdSource = createIdSource({ node, clock })
  const deps: SellingDeps = {
    ledger,
    bank: plant.bank?.(port) ?? port,
    issuing: world.issuing,
    funding: { pots: (issuerId) => potsOf(world.programsOf(issuerId)) },
    ids,
    sha256,
    clock,
    openCase: (problem) => cases.push(problem),
  }
  const selling = createSelling(deps)
  return Object.assign(state, {
    authorization,
    selling: plant.selling?.(selling, deps) ?? selling,
    ledger,
    expiryTurn: expiryTurnOf(options, ledger, clock),
    resolving: false,
    expiring: false,
    received: 0,
    unanswered: new Map<number, OperationId>(),
  })
}

/** Of a life: how far its pass has come dies with it. */
function expiryTurnOf(
  { random, journal, world }: CoreOptions,
  ledger: Ledger,
  clock: Clock,
): () => Promise<void> {
  return createExpiryTurn({
    ledger,
    issuers: () => world.issuers,
    sha256,
    clock,
    lagMs: EXPIRY_LAG_MS,
    passEveryMs: EXPIRY_PASS_EVERY_MS,
    setSize: random.pick([1, 3, 200]),
    onExpired: () => {},
    onError: (error) => void answerOfError(journal, 'expiry', error),
  })
}

async function resolveAll(selling: Selling): Promise<void> {
  const limits = { olderThanMs: RESOLVE_OLDER_THAN_MS, limit: RESOLVE_LIMIT }
  for (const issuerId of ISSUER_IDS) await selling.resolve(issuerId, limits)
}

function sumOf(legs: readonly Leg[]): { amountWon: Won; legs: readonly Leg[] } {
  return { amountWon: sumWon(legs.map((leg) => leg.amountWon)), legs }
}

async function answer(life: Life, request: CoreRequest, clock: Clock): Promise<CoreAnswer> {
  const { authorization, selling, ledger } = life
  switch (request.kind) {
    case 'merchant_code_payment':
      return answerOfPayment(await authorization.payMerchantCode(request.body))
    case 'consumer_code_payment':
      return answerOfPayment(await authorization.payConsumerCode(request.body))
    case 'cancellation':
      return answerOfOutcome(await authorization.cancel(request.body))
    case 'purchase':
      return answerOfPurchase(await selling.buy(request.body))
    case 'grant': {
      const { issuerId, ...grant } = request.body
      const [outcome] = await ledger.issue(issuerId, [grant], clock())
      return answerOfOutcome(outcome!)
    }
    default: {
      const { issuerId, operationId } = request.body
      if (request.about === 'purchase') {
        return answerOfPurchase(await selling.enquire(issuerId, operationId))
      }
      return answerOfRecord(await authorization.enquire(issuerId, operationId))
    }
  }
}

function answerOfPayment(payment: PaymentAnswer): CoreAnswer {
  const told = answerOfOutcome(payment.outcome)
  return told.kind === 'declined' ? { ...told, recorded: payment.walletId !== undefined } : told
}

function answerOfOutcome(outcome: Outcome): CoreAnswer {
  switch (outcome.status) {
    case 'posted':
      return { kind: 'posted', ...sumOf(outcome.legs) }
    case 'declined':
      return { kind: 'declined', reason: outcome.reason, recorded: true }
    default:
      return { kind: 'key_reused' }
  }
}

function answerOfRecord(record: RecordedOperation | undefined): CoreAnswer {
  if (record === undefined) return { kind: 'key_unknown' }
  if (record.decline !== undefined) {
    return { kind: 'declined', reason: record.decline, recorded: true }
  }
  return { kind: 'posted', ...sumOf(record.legs) }
}

function answerOfPurchase(purchase: PurchaseAnswer | undefined): CoreAnswer {
  if (purchase === undefined) return { kind: 'key_unknown' }
  switch (purchase.status) {
    case 'completed':
      return { kind: 'posted', ...sumOf([purchase.leg]) }
    case 'pending':
      return { kind: 'pending' }
    case 'declined':
      return { kind: 'declined', reason: purchase.reason, recorded: true }
    default:
      return { kind: 'key_reused' }
  }
}
