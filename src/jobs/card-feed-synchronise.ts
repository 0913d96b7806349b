/** Brings one gateway up to date: issuer by issuer, from the seal it knows or from the beginning. */
import type { Instant, IssuerId, WalletId } from '../base/base.ts'
import {
  FED_WALLETS_PAGE,
  type FedRecord,
  type FedWallet,
  type SealPosition,
  type SyncItem,
} from '../cards/cards.ts'
import { readBody, type RecordKind } from '../registration/registration.ts'
import type { CardFeedReading, SealMark, WalletRef } from './card-feed-reading.ts'
import { chunked } from './card-feed-tail.ts'

/** What stand-in decides by. */
export const fedKinds = [
  'issuer',
  'program',
  'terms',
  'merchant',
  'outlet',
  'wallet_stop',
  'partner',
  'card_link',
] as const satisfies readonly RecordKind[]

export function isFed(kind: RecordKind): boolean {
  return fedKinds.some((fed) => fed === kind)
}

/**
 * The position of an issuer is read before its wallets, so that whatever is booked after it is told again to whoever
 * starts from it. An issuer whose known seal is not in the chain is told afresh, and so is one that had no seal yet:
 * what was booked before the first is named by no hash. An issuer's records come before its wallets.
 */
export async function* synchronise(given: {
  readonly reading: CardFeedReading
  readonly issuerIds: readonly IssuerId[]
  readonly begins: { readonly coreLife: string; readonly next: number; readonly asOf: Instant }
  readonly known: readonly SealPosition[]
  readonly doubtful: readonly WalletRef[]
}): AsyncGenerator<SyncItem> {
  const { reading, issuerIds, begins, known, doubtful } = given
  yield { item: 'begin', ...begins }
  const seals = new Map((await reading.seals()).map((seal) => [seal.issuerId, seal]))
  const sealed = known.filter(({ segment }) => segment > 0)
  const marks = await reading.knownSeals(sealed)
  const floors = new Map(marks.map((mark) => [mark.issuerId, mark]))
  const touched = await reading.touchedWallets(
    marks.map(({ issuerId, untilAt }) => ({ issuerId, after: untilAt })),
  )
  const touchedOf = Map.groupBy(touched.wallets, ({ issuerId }) => issuerId)
  const doubtfulOf = Map.groupBy(doubtful, ({ issuerId }) => issuerId)
  for (const issuerId of issuerIds) {
    const position = positionOf(seals.get(issuerId) ?? { issuerId, segment: 0, hash: '' })
    const floor = floors.get(issuerId)
    yield { item: 'issuer', position, afresh: floor === undefined }
    if (floor === undefined) {
      yield* allOf(reading, issuerId)
    } else {
      const refs = touchedOf.get(issuerId) ?? []
      yield* since(reading, floor, { touched: refs, doubtful: doubtfulOf.get(issuerId) ?? [] })
    }
  }
  yield { item: 'end' }
}

async function* allOf(reading: CardFeedReading, issuerId: IssuerId): AsyncGenerator<SyncItem> {
  for await (const records of reading.recordsSince(issuerId, fedKinds, 0)) {
    yield { item: 'records', records }
  }
  let after = 0
  for (;;) {
    const wallets = await reading.walletsAfter(issuerId, after, FED_WALLETS_PAGE)
    const last = wallets.at(-1)
    if (last === undefined) return
    yield { item: 'wallets', wallets }
    after = last.walletId
  }
}

async function* since(
  reading: CardFeedReading,
  { issuerId, untilAt }: SealMark,
  { touched, doubtful }: { touched: readonly WalletRef[]; doubtful: readonly WalletRef[] },
): AsyncGenerator<SyncItem> {
  const linked: WalletRef[] = []
  for await (const records of reading.recordsSince(issuerId, fedKinds, untilAt)) {
    linked.push(...linkedWallets(records))
    yield { item: 'records', records }
  }
  const refs = uniqueRefs([...touched, ...linked, ...doubtful])
  for (const part of chunked(refs, FED_WALLETS_PAGE)) {
    yield { item: 'wallets', wallets: walletsOrNothing(part, await reading.wallets(part)) }
  }
}

/** A wallet that somebody heard of and that is not there was lost with the database's end: it has nothing. */
function walletsOrNothing(
  refs: readonly WalletRef[],
  found: readonly FedWallet[],
): readonly FedWallet[] {
  const known = new Set(found.map(({ walletId }) => walletId))
  const lost = refs.filter(({ walletId }) => !known.has(walletId))
  return [...found, ...lost.map((ref) => ({ ...ref, lots: [] }))]
}

/** A wallet that a card is newly linked to may not have been touched for long: its lots are told with the link. */
export function linkedWallets(records: readonly FedRecord[]): WalletRef[] {
  return records.flatMap(({ issuerId, kind, body }) =>
    kind === 'card_link' ? [{ issuerId, walletId: readBody('card_link', body).walletId }] : [],
  )
}

export function uniqueRefs(refs: readonly WalletRef[]): WalletRef[] {
  const wallets = new Map<IssuerId, Set<WalletId>>()
  for (const { issuerId, walletId } of refs) {
    const own = wallets.get(issuerId) ?? new Set()
    wallets.set(issuerId, own.add(walletId))
  }
  return [...wallets].flatMap(([issuerId, own]) =>
    [...own].map((walletId) => ({ issuerId, walletId })),
  )
}

export function positionOf({ issuerId, segment, hash }: SealPosition): SealPosition {
  return { issuerId, segment, hash }
}
