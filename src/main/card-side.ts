/** The card side of a core: links, casebook, desk, feed, and the door of gateways. Wired here, started by `core`. */
import { randomUUID } from 'node:crypto'
import { createCardCompanyClient } from '../cardcompany/cardcompany.ts'
import type { Clock, IdSource, IssuerId } from '../base/base.ts'
import { createCardDesk } from '../cards/cards.ts'
import { buildEdgeDoor } from '../http/http.ts'
import { CARD_FEED_EVERY_MS, createCardFeed, startLoop, type CardFeedJob } from '../jobs/jobs.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Log, Metrics } from '../observe/observe.ts'
import {
  createCardFeedReader,
  createPostgresCardReading,
  createPostgresRegistry,
  createRecordFollower,
  type PostgresPool,
  type PostgresRegistry,
} from '../postgres/postgres.ts'
import {
  createCardLinks,
  createCasebook,
  createLinkedCards,
  followedBy,
  type CardLinks,
  type Casebook,
  type LinkedCards,
  type RecordDirectory,
  type RecordKind,
  type StoredRecord,
} from '../registration/registration.ts'
import type { CoreConfig } from './config.ts'
import { sha256 } from './keys.ts'
import { createLotsSoon } from './lots-soon.ts'
import { errorText } from './startup-problem.ts'

/** Other cores' changes of a linked card count within this and the time of one reading. */
const FOLLOW_EVERY_MS = 1_000
const COMPANY_TIMEOUT_MS = 5_000

/** Takes in versions of records, wherever they come from. */
export interface RecordListener {
  apply(issuerId: IssuerId, version: StoredRecord & { readonly kind: RecordKind }): void
}

export interface CardSide {
  readonly cardLinks: CardLinks
  readonly casebook: Casebook
  readonly linkedCards: LinkedCards
  readonly feed: CardFeedJob
}

export interface CardSideDeps {
  readonly config: CoreConfig
  readonly log: Log
  readonly clock: Clock
  readonly ids: IdSource
  readonly directory: RecordDirectory
  readonly ledger: Ledger
  readonly pools: {
    /** Asked in the middle of card payments, and for nothing that may take long. */
    readonly cards: PostgresPool
    readonly feeding: PostgresPool
  }
  /**
   * The database turned out to be an older copy. What this process remembers of records and ids is of another history:
   * it should be ended and started again.
   */
  readonly onReplaced: () => void
}

/** @param closing gets what has to be undone at the end, last first */
export async function openCardSide(
  deps: CardSideDeps,
  closing: (() => Promise<unknown>)[],
): Promise<CardSide> {
  const { config, directory, ids, clock, pools } = deps
  const cardRegistry = createPostgresRegistry(pools.cards)
  const linkedCards = createLinkedCards({ registry: cardRegistry })
  const feed = createCardFeed({
    reading: createCardFeedReader(pools.feeding),
    issuers: () => directory.issuers(),
    newLife: randomUUID,
    clock,
    onReplaced() {
      deps.log.error('feed.database_replaced')
      deps.onReplaced()
    },
  })
  const heard: RecordListener = {
    apply(issuerId, version) {
      directory.apply(issuerId, version)
      linkedCards.apply(issuerId, version)
      feed.record(issuerId, version)
    },
  }
  // What this core records counts here at once; the others follow.
  const registry = followedBy(cardRegistry, heard)
  const companies = new Map(
    Object.entries(config.companyUrls).map(([code, baseUrl]) => [
      code,
      createCardCompanyClient({ baseUrl, timeoutMs: COMPANY_TIMEOUT_MS }),
    ]),
  )
  await followLinks(deps, cardRegistry, { heard, closing })
  startFeed(deps, feed, closing)
  return {
    linkedCards,
    feed,
    casebook: createCasebook({ registry, ids, clock }),
    cardLinks: createCardLinks({
      registry,
      ids,
      clock,
      partners: directory,
      issuing: directory,
      companies: (code) => companies.get(code),
    }),
  }
}

/** Links are too many to be read at the start: what is asked for is found, and from now on changes are followed. */
async function followLinks(
  { clock, log }: CardSideDeps,
  registry: PostgresRegistry,
  { heard, closing }: { heard: RecordListener; closing: (() => Promise<unknown>)[] },
): Promise<void> {
  const follower = createRecordFollower({
    registry,
    kinds: ['card_link'],
    apply: (issuerId, version) => heard.apply(issuerId, version),
    from: clock(),
  })
  await follower.refresh()
  const loop = startLoop({
    everyMs: FOLLOW_EVERY_MS,
    work: () => follower.refresh(),
    onError: (error) => log.error('job.failed', { job: 'card_links', error: errorText(error) }),
  })
  closing.push(() => loop.stop())
}

function startFeed(
  { log }: CardSideDeps,
  feed: CardFeedJob,
  closing: (() => Promise<unknown>)[],
): void {
  const loop = startLoop({
    everyMs: CARD_FEED_EVERY_MS,
    work: () => feed.look(),
    onError: (error) => log.error('job.failed', { job: 'card_feed', error: errorText(error) }),
  })
  closing.push(() => loop.stop())
}

/** Opens the door of gateways last, when all that it asks is there. */
export async function openEdge(
  deps: CardSideDeps & {
    readonly cards: CardSide
    readonly token: string
    readonly metrics: Metrics
    readonly onBug: (error: unknown) => void
  },
  closing: (() => Promise<unknown>)[],
): Promise<void> {
  const { cards, directory, ledger, pools, clock, config, log, metrics, token, onBug } = deps
  const reader = createCardFeedReader(pools.cards)
  const desk = createCardDesk({
    ledger,
    reading: createPostgresCardReading(pools.feeding),
    issuing: directory,
    placesOf: (merchantNumber) => directory.placesOf(merchantNumber),
    linksOf: (partnerId, cardToken, issuerIds) =>
      cards.linkedCards.linksOf(partnerId, cardToken, issuerIds),
    walletStopped: (issuerId, walletId) => directory.walletStopped(issuerId, walletId),
    lotsSoon: createLotsSoon({ wallets: (refs) => reader.wallets(refs) }),
    casebook: cards.casebook,
    sha256,
    clock,
  })
  const door = buildEdgeDoor({ desk, feed: cards.feed, token, log, metrics, onBug })
  closing.push(() => door.close())
  const port = await door.listen(config.edgePort)
  log.info('edge.started', { port })
}
