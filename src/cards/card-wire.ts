/**
 * What core and gateway say to one another, as JSON of the TypeScript shapes, read without trusting the other side: a
 * peer that talks nonsense is a fault like a peer that is away. Requests and notices move money, so a field too many
 * refuses them; what the feed tells may carry fields that a newer core added.
 */
import { declineReasons, faultTable } from '../base/base.ts'
import type { FaultCode, IssuerId, PartnerId, ProgramId, WalletId } from '../base/base.ts'
import { lotKinds } from '../base/base.ts'
import { fallbackPreferences } from '../issuing/issuing.ts'
import { recordKinds } from '../registration/registration.ts'
import { cardOnlyReasons, type CardAnswer, type CardReason } from './card-answer.ts'
import { NOTICES_MAX, noticeEffects, type NoticeReceipt } from './card-desk.ts'
import {
  FED_RECORDS_PAGE,
  FED_WALLETS_PAGE,
  type FedLot,
  type FedRecord,
  type FedWallet,
  type SealPosition,
  type SyncItem,
  type TailPage,
} from './card-feed.ts'
import {
  advisedBy,
  cardVerdicts,
  moneySources,
  type CardClass,
  type CardKey,
  type CardNotice,
  type CardRequest,
  type CardSale,
  type CardTotals,
  type CountAndSum,
} from './card-message.ts'
import {
  businessDay,
  flag,
  idNumber,
  instant,
  integerBetween,
  listUpTo,
  oneOf,
  readWire,
  refuse,
  shape,
  shapeBy,
  textLike,
  wonFrom,
  type WireRead,
  type WireReader,
} from './wire-shape.ts'

/** Bytes of JSON that a request to the core may have: one request, and a call's worth of notices. */
export const DECIDE_BYTES_MAX = 4_096
export const NOTICES_BYTES_MAX = NOTICES_MAX * 2_048
/** Bytes of JSON of one page of the feed, and of one line of a resynchronisation. */
export const FEED_BYTES_MAX = 32 * 1_048_576
/** Lots with money in them of one wallet: a lot each day for 27 years. */
export const FED_LOTS_MAX = 10_000
/** Issuers of one core. */
export const FED_SEALS_MAX = 10_000

const strict = { others: 'refused' } as const
const tolerant = { others: 'dropped' } as const

/** Positive, as every amount that a terminal asks for. */
const amount = wonFrom(1)
const amountOrZero = wonFrom(0)
const printable = textLike(/^[\x20-\x7e]{1,32}$/, 'printable ASCII of at most 32 characters')
const cardToken = textLike(/^[0-9A-Za-z]{8,32}$/, 'a token of 8 to 32 letters and digits')
const merchantNumber = textLike(/^[\x20-\x7e]{1,15}$/, 'a merchant number of at most 15 characters')
const hexText = textLike(/^(?:[0-9a-f]{2}){0,64}$/, 'hex')
const lifeName = textLike(/^[\x21-\x7e]{1,64}$/, 'the name of a life of the core')

function keyOf(...classes: readonly CardClass[]): WireReader<CardKey> {
  return shape<CardKey>(
    {
      partnerId: idNumber<PartnerId>(),
      acquirer: printable,
      terminal: printable,
      stan: textLike(/^\d{6}$/, 'six digits'),
      localDate: businessDay,
      cardClass: oneOf(classes),
    },
    strict,
  )
}

function saleOf(...classes: readonly CardClass[]): WireReader<CardSale> {
  return shape<CardSale>(
    {
      key: keyOf(...classes),
      cardToken,
      merchantNumber,
      amountWon: amount,
      at: instant,
      partialAllowed: flag,
    },
    strict,
  )
}
const anySale = saleOf('authorization', 'financial')

const kindIs = <Kind extends string>(kind: Kind): WireReader<Kind> => oneOf([kind])
const countAndSum = shape<CountAndSum>(
  { count: integerBetween(0, 1_000_000_000), sumWon: amountOrZero },
  strict,
)

type Of<Union, Kind> = Extract<Union, { readonly kind: Kind }>

const request: WireReader<CardRequest> = shapeBy<CardRequest>('kind', {
  authorize: shape<Of<CardRequest, 'authorize'>>(
    { kind: kindIs('authorize'), sale: saleOf('authorization') },
    strict,
  ),
  pay: shape<Of<CardRequest, 'pay'>>({ kind: kindIs('pay'), sale: saleOf('financial') }, strict),
  cancel: shape<Of<CardRequest, 'cancel'>>(
    { kind: kindIs('cancel'), key: keyOf('cancellation'), original: anySale, amountWon: amount },
    { ...strict, optional: ['amountWon'] },
  ),
  enquire_balance: shape<Of<CardRequest, 'enquire_balance'>>(
    {
      kind: kindIs('enquire_balance'),
      key: keyOf('enquiry'),
      cardToken,
      merchantNumber,
      at: instant,
    },
    strict,
  ),
  compare_totals: shape<Of<CardRequest, 'compare_totals'>>(
    {
      kind: kindIs('compare_totals'),
      totals: shape<CardTotals>(
        {
          partnerId: idNumber<PartnerId>(),
          date: businessDay,
          payments: countAndSum,
          cancellations: countAndSum,
          reversals: countAndSum,
        },
        strict,
      ),
    },
    strict,
  ),
})

const notice: WireReader<CardNotice> = shapeBy<CardNotice>('kind', {
  advise: shape<Of<CardNotice, 'advise'>>(
    {
      kind: kindIs('advise'),
      sale: anySale,
      by: oneOf(advisedBy),
      approvedWon: amountOrZero,
      decidedAt: instant,
    },
    strict,
  ),
  complete: shape<Of<CardNotice, 'complete'>>(
    { kind: kindIs('complete'), sale: anySale, amountWon: amountOrZero, decidedAt: instant },
    strict,
  ),
  reverse: shape<Of<CardNotice, 'reverse'>>(
    {
      kind: kindIs('reverse'),
      sale: anySale,
      keepWon: amountOrZero,
      decidedAt: instant,
      by: kindIs('gateway'),
    },
    { ...strict, optional: ['by'] },
  ),
  cancelled: shape<Of<CardNotice, 'cancelled'>>(
    {
      kind: kindIs('cancelled'),
      key: keyOf('cancellation'),
      original: anySale,
      amountWon: amountOrZero,
      decidedAt: instant,
    },
    strict,
  ),
})

const answer = shape<CardAnswer>(
  {
    verdict: oneOf(cardVerdicts),
    reason: oneOf<CardReason>([...declineReasons, ...cardOnlyReasons]),
    voucherWon: amountOrZero,
    accountWon: amountOrZero,
    source: oneOf(moneySources),
    remainingWon: amountOrZero,
    remainingAt: instant,
    approvalCode: textLike(/^\d{6}$/, 'six digits'),
    decidedBy: oneOf(['core', 'standin', 'gateway']),
    onUnknown: oneOf(fallbackPreferences),
  },
  {
    ...strict,
    optional: ['reason', 'remainingWon', 'remainingAt', 'approvalCode', 'onUnknown'],
  },
)

// Object.keys of a table whose keys are the codes.
const faultCodes = Object.keys(faultTable) as FaultCode[]
const receipt: WireReader<NoticeReceipt> = shapeBy<NoticeReceipt>('status', {
  taken: shape<Extract<NoticeReceipt, { readonly status: 'taken' }>>(
    {
      status: kindIs('taken'),
      effect: oneOf(noticeEffects),
      voucherWon: amountOrZero,
      lossWon: amountOrZero,
      takenAt: instant,
    },
    strict,
  ),
  later: shape<Extract<NoticeReceipt, { readonly status: 'later' }>>(
    { status: kindIs('later'), because: oneOf(faultCodes) },
    strict,
  ),
})

const fedWallet = shape<FedWallet>(
  {
    issuerId: idNumber<IssuerId>(),
    walletId: idNumber<WalletId>(),
    lots: listUpTo(
      FED_LOTS_MAX,
      shape<FedLot>(
        {
          programId: idNumber<ProgramId>(),
          kind: oneOf(lotKinds),
          expiresAt: instant,
          remainingWon: amountOrZero,
        },
        tolerant,
      ),
    ),
  },
  tolerant,
)
const fedWallets = listUpTo(FED_WALLETS_PAGE, fedWallet)
const fedRecords = listUpTo(
  FED_RECORDS_PAGE,
  shape<FedRecord>(
    {
      issuerId: idNumber<IssuerId>(0),
      kind: oneOf(recordKinds),
      recordId: idNumber(),
      version: integerBetween(1, Number.MAX_SAFE_INTEGER),
      // What a body must look like is said by its kind; `readBody` of the room registration reads it.
      body: (value, path) =>
        typeof value === 'object' && value !== null ? value : refuse(path, 'an object'),
    },
    tolerant,
  ),
)
const place = integerBetween(0, Number.MAX_SAFE_INTEGER)
const sealPosition = shape<SealPosition>(
  // The operator's own records, its card companies, are sealed like everybody's.
  { issuerId: idNumber<IssuerId>(0), segment: place, hash: hexText },
  tolerant,
)
const sealPositions = listUpTo(FED_SEALS_MAX, sealPosition)

const tailPage = shape<TailPage>(
  {
    coreLife: lifeName,
    next: place,
    asOf: instant,
    wallets: fedWallets,
    records: fedRecords,
    seals: sealPositions,
  },
  tolerant,
)

type Item<Word> = Extract<SyncItem, { readonly item: Word }>
const syncItem: WireReader<SyncItem> = shapeBy<SyncItem>('item', {
  begin: shape<Item<'begin'>>(
    { item: kindIs('begin'), coreLife: lifeName, next: place, asOf: instant },
    tolerant,
  ),
  records: shape<Item<'records'>>({ item: kindIs('records'), records: fedRecords }, tolerant),
  issuer: shape<Item<'issuer'>>(
    { item: kindIs('issuer'), position: sealPosition, afresh: flag },
    tolerant,
  ),
  wallets: shape<Item<'wallets'>>({ item: kindIs('wallets'), wallets: fedWallets }, tolerant),
  end: shape<Item<'end'>>({ item: kindIs('end') }, tolerant),
})

/** A wallet that a gateway is in doubt about. */
export interface DoubtfulWallet {
  readonly issuerId: IssuerId
  readonly walletId: WalletId
}
/** What a gateway sends to be brought up to date. */
export interface SynchroniseQuestion {
  readonly known: readonly SealPosition[]
  readonly doubtful: readonly DoubtfulWallet[]
}
/** Doubtful wallets of one question; more than these, and the issuer is better sent afresh. */
export const DOUBTFUL_WALLETS_MAX = 100_000

const synchroniseQuestion = shape<SynchroniseQuestion>(
  {
    known: sealPositions,
    doubtful: listUpTo(
      DOUBTFUL_WALLETS_MAX,
      shape<DoubtfulWallet>(
        { issuerId: idNumber<IssuerId>(), walletId: idNumber<WalletId>() },
        tolerant,
      ),
    ),
  },
  tolerant,
)

export const readCardRequest = (value: unknown): WireRead<CardRequest> =>
  readWire(request, value, 'request')

export const readCardNotice = (value: unknown): WireRead<CardNotice> =>
  readWire(notice, value, 'notice')

/** At most `NOTICES_MAX`, and all of them or none. */
export const readCardNotices = (value: unknown): WireRead<readonly CardNotice[]> =>
  readWire(listUpTo(NOTICES_MAX, notice), value, 'notices')

/** The shape alone. The gateway asks `readAnswerTo` of `answer-check.ts`, which knows the question. */
export const readCardAnswer = (value: unknown): WireRead<CardAnswer> =>
  readWire(answer, value, 'answer')

/** @param count of the notices that were told: each has its receipt */
export function readReceipts(value: unknown, count: number): WireRead<readonly NoticeReceipt[]> {
  const receipts = readWire(listUpTo(NOTICES_MAX, receipt), value, 'receipts')
  return receipts.ok && receipts.value.length !== count
    ? { ok: false, problem: `receipts are not ${count}` }
    : receipts
}

export const readTailPage = (value: unknown): WireRead<TailPage> =>
  readWire(tailPage, value, 'page')

export const readSyncItem = (value: unknown): WireRead<SyncItem> =>
  readWire(syncItem, value, 'item')

export const readSynchroniseQuestion = (value: unknown): WireRead<SynchroniseQuestion> =>
  readWire(synchroniseQuestion, value, 'question')
