/**
 * What a gateway keeps on its own disk: what the core told it, every answer it gave, every notice it owes the core.
 * Methods are synchronous because the store is a file beside the process; whatever a `commit` wrote is durable when it
 * returns, and a commit that throws wrote nothing.
 */
import type {
  BusinessDate,
  Instant,
  IssuerId,
  PartnerId,
  Tender,
  WalletId,
  Won,
} from '../base/base.ts'
import type {
  CardAnswer,
  CardLink,
  CardNotice,
  CardRequest,
  FedRecord,
  FedWallet,
  NoticeReceipt,
  SealPosition,
} from '../cards/cards.ts'
import type { StandInOrder } from './edge-desk.ts'

export interface WalletRef {
  readonly issuerId: IssuerId
  readonly walletId: WalletId
}

/** An answer that was given: the same for every repeat of its key. */
export interface StoredAnswer {
  /** `cardKeyText`. */
  readonly key: string
  /** Over what was asked, hex: the same key with other contents is not a repeat. */
  readonly fingerprint: string
  readonly answeredAt: Instant
  readonly answer: CardAnswer
  /** Kept of what was approved: after a restored copy the core is told of it again. */
  readonly request?: CardRequest
  /** The issuer whose money it is about, where known. */
  readonly issuerId?: IssuerId
}

/** Who approved a sale that this gateway knows of; `peer`: the other gateway's stand-in. */
export const saleDeciders = ['core', 'standin', 'partner', 'peer'] as const
export type SaleDecider = (typeof saleDeciders)[number]

/**
 * An approved sale, and how much of it the fed lots may show already. What the wallet really has is
 * `lots + seen − net`, where `net` is approved less returned and `seen` lies between the two bounds.
 */
export interface StoredSale extends WalletRef {
  /** `cardKeyText`. */
  readonly key: string
  /** Of `saleHash`, hex: a cancellation must repeat its sale. Empty for what a peer told. */
  readonly fingerprint: string
  readonly decidedBy: SaleDecider
  readonly decidedAt: Instant
  /** The Korean day that it counts for. */
  readonly day: BusinessDate
  readonly approvedWon: Won
  /** Cancelled or reversed. */
  readonly returnedWon: Won
  readonly seenMinWon: Won
  readonly seenMaxWon: Won
  /** What it may have been taken from, in order. */
  readonly tenders: readonly Tender[]
  /** Approved by stand-in, of this gateway or the other, and not yet taken by the core. */
  readonly outstanding: boolean
  /** When the core's word on it was certain, by this gateway's clock; absent while something is owed to the core. */
  readonly settledAt?: Instant
  /** The same by the core's clock: a feed page as of later than this shows it. */
  readonly settledCoreAt?: Instant
  /** False once no decision needs it any more. */
  readonly open: boolean
}

/** A notice that the core must take, or has taken. */
export interface StoredNotice {
  /** In the order of recording. */
  readonly seq: number
  /** Kind, key and contents: a repeat has the same name. */
  readonly name: string
  /** Notices of one group reach the core in order: those of one wallet, or of one card where no wallet is known. */
  readonly group: string
  /** `cardKeyText` of the sale it is about. */
  readonly saleKey: string
  readonly notedAt: Instant
  readonly notice: CardNotice
  /** It may have reached the core without our hearing of it. */
  readonly attempted: boolean
  readonly takenAt?: Instant
  readonly receipt?: TakenReceipt
}
export type TakenReceipt = Extract<NoticeReceipt, { status: 'taken' }>
export type NewNotice = Pick<StoredNotice, 'name' | 'group' | 'saleKey' | 'notedAt' | 'notice'>

/** A seal as it was heard of. */
export interface StoredPosition extends SealPosition {
  /** A page that began then did not know it yet: what was answered before is covered by the seal after this one. */
  readonly notBefore: Instant
}

/** Where the feed stands. */
export interface StoredFeed {
  readonly coreLife: string
  readonly next: number
  /** By the core's clock. */
  readonly asOf: Instant
  /** When the page was asked for, by this gateway's clock: what it does not tell is not older than this. */
  readonly heardAt: Instant
  /** Counts the synchronisations; every row bears the one in which it was told last. */
  readonly generation: number
  /** False until the first synchronisation has ended: absence means nothing before. */
  readonly complete: boolean
}

export interface StoreTotals {
  readonly cards: number
  readonly wallets: number
  readonly waiting: number
  /** Σ net of sales that are outstanding and were approved by this gateway's stand-in. */
  readonly outstandingWon: Won
  /**
   * What stand-in can approve at most: Σ over wallets of min(what their lots hold, the highest cumulative limit of
   * their issuer), and of what is outstanding the part that the lots may lack already.
   */
  readonly boundWon: Won
}

export interface StoreReading {
  answered(key: string): StoredAnswer | undefined
  sale(key: string): StoredSale | undefined
  /** Those of a wallet that decisions need, in order of deciding. */
  openSales(wallet: WalletRef): readonly StoredSale[]
  /** By name. */
  notice(name: string): StoredNotice | undefined
  /** Not yet taken, with a higher number than `after`, in order. */
  waiting(after: number, limit: number): readonly StoredNotice[]
  waitingIn(group: string, limit: number): readonly StoredNotice[]
  isSaleWaiting(saleKey: string): boolean
  /** Whether the partner reversed the sale through this gateway, taken or not. */
  isReversed(saleKey: string): boolean
  oldestWaitingAt(): Instant | undefined
  /** Links of a card with all issuers, those given up too. */
  cards(partnerId: PartnerId, cardToken: string): readonly CardLink[]
  wallet(wallet: WalletRef): FedWallet | undefined
  /** What a record directory is made from: the newest versions, and every version of terms. */
  records(): Iterable<FedRecord>
  feed(): StoredFeed | undefined
  /**
   * The newest position of each issuer. Left out are issuers whose wallets were all told too short a time before it to
   * know which of them it covers: after a restored copy these are told afresh.
   */
  positions(): readonly StoredPosition[]
  /** All positions kept of an issuer, newest first. */
  positionsOf(issuerId: IssuerId): readonly StoredPosition[]
  /** Wallets told since the last seal but one of their issuer; at most `limit`. */
  doubtful(limit: number): readonly WalletRef[]
  orders(): readonly StandInOrder[]
  /** Approvals of the core answered at or after an instant, in order of answering. */
  approvedByCoreSince(
    since: Instant,
    page: { after?: AnswerCursor; limit: number },
  ): readonly StoredAnswer[]
  /** Notices taken at or after an instant, by number, after one of them. */
  takenSince(since: Instant, page: { after: number; limit: number }): readonly StoredNotice[]
  totals(): StoreTotals
}

/** The last answer of a page. */
export interface AnswerCursor {
  readonly answeredAt: Instant
  readonly key: string
}

/** Reads see what the batch wrote before. */
export interface StoreBatch extends StoreReading {
  putAnswer(answer: StoredAnswer): void
  putSale(sale: StoredSale): void
  /** Gives the number, or `undefined` where a notice of that name is known. */
  addNotice(notice: NewNotice): number | undefined
  /** `attempted` false: it certainly did not arrive. */
  markAttempted(seqs: readonly number[], attempted: boolean): void
  markTaken(seq: number, at: Instant, receipt: TakenReceipt): void
  /** Taken or not: it waits, after all that waits now, because the core may have forgotten what it took. */
  tellAnew(seq: number): void
  /** False where a newer version is known. */
  putRecord(record: FedRecord, generation: number): boolean
  putCard(link: CardLink, version: number, generation: number): void
  putWallet(wallet: FedWallet, generation: number): void
  /** The wallet may have changed after the newest seal that is known of its issuer. */
  doubt(wallet: WalletRef): void
  putFeed(feed: StoredFeed): void
  putPosition(position: StoredPosition): void
  /** Only rows told in this generation or later count for the issuer from now on. */
  startAfresh(issuerId: IssuerId, generation: number): void
  /** The highest cumulative limit of an issuer's programs, which bounds what one wallet may cost. */
  setCumulativeMax(issuerId: IssuerId, cumulativeWonMax: Won): void
  /** Replaces the order for the same partner and issuer; `automatic` takes it back and leaves none. */
  putOrder(order: StandInOrder): void
  /** Settled sales of a wallet, or of all where absent, that a page as of `asOf` certainly shows. */
  releaseSales(shown: ShownSales): void
  /**
   * Removes a bounded number of rows that nobody needs any more: answers, sales and taken notices older than `before`,
   * sales of days before `today`, rows that a newer synchronisation passed over. Gives how many went.
   */
  prune(bounds: { before: Instant; today: BusinessDate; rowsMax: number }): number
}

/** Which settled sales the feed shows by now. */
export type ShownSales =
  /** The page told this wallet, as of the core's instant. */
  | { readonly wallet: WalletRef; readonly coreBefore: Instant }
  /** All wallets: settled before either instant, of the core's clock and of ours. */
  | { readonly coreBefore: Instant; readonly ownBefore: Instant }

export interface StandInStore extends StoreReading {
  /** @throws Faults `standin_store_full`, `standin_store_failed` */
  commit<Result>(write: (batch: StoreBatch) => Result): Result
  close(): void
}
