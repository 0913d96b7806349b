/**
 * Which wallets stand behind a card: what the card desk asks in the middle of a payment. Questions that come while the
 * last reading is under way go out as the next one, in one set over all issuers; what was found is remembered, and kept
 * right by the versions that the record follower brings.
 *
 * A version that came by following is never replaced by an older one that a slower reading found; the card company's
 * next message after a change is therefore decided by it, at once on the core that made the change and within a second
 * on the others.
 */
import { Fault, type CardLinkId, type IssuerId, type PartnerId } from '../base/base.ts'
import type { MemberCard } from './card-links.ts'
import { naturalKey } from './record-bodies.ts'
import { recordOf } from './record-store.ts'
import type { RecordKey, RecordKind, Registry, StoredRecord } from './registry.ts'

export interface LinkedCards {
  /**
   * The newest version of each link of a card with some issuers, those that were taken away too.
   * @throws the registry's Faults, and `queue_full`
   */
  linksOf(
    partnerId: PartnerId,
    cardToken: string,
    issuerIds: readonly IssuerId[],
  ): Promise<readonly MemberCard[]>
  /** Takes in a version of a record; kinds other than `card_link` are passed over. */
  apply(issuerId: IssuerId, version: StoredRecord & { readonly kind: RecordKind }): void
}

/** Cards remembered, those that are linked with nobody too; about 400 bytes each. */
export const CARDS_REMEMBERED_MAX = 100_000
/** Questions of one reading, and those that may wait for the next. */
const SET_SIZE_MAX = 512
const WAITING_MAX = 8_192

interface Remembered {
  /** 0: the registry has no such link. */
  readonly version: number
  readonly card: MemberCard | undefined
}

interface Waiting {
  readonly wanted: RecordKey
  readonly settle: (remembered: Remembered) => void
  readonly fail: (error: unknown) => void
}

export function createLinkedCards(deps: {
  readonly registry: Pick<Registry, 'findByKeys'>
  readonly rememberedMax?: number
}): LinkedCards {
  const rememberedMax = deps.rememberedMax ?? CARDS_REMEMBERED_MAX
  // A Map keeps the order of insertion, so that the first place is the one used longest ago.
  const remembered = new Map<string, Remembered>()
  const waiting: Waiting[] = []
  let isReading = false

  const remember = (wanted: RecordKey, entry: Remembered): Remembered => {
    const place = placeOf(wanted)
    const known = remembered.get(place)
    const newer = known !== undefined && known.version > entry.version ? known : entry
    remembered.delete(place)
    remembered.set(place, newer)
    // Only when it is needed: finding the first place passes over all that were taken out before it.
    if (remembered.size > rememberedMax) {
      const [oldest] = remembered.keys()
      if (oldest !== undefined) remembered.delete(oldest)
    }
    return newer
  }

  const readWaiting = async (): Promise<void> => {
    if (isReading) return
    isReading = true
    while (waiting.length > 0) {
      const set = waiting.splice(0, SET_SIZE_MAX)
      try {
        const wanted = set.map((each) => each.wanted)
        const found = await deps.registry.findByKeys('card_link', wanted)
        set.forEach((each, index) =>
          each.settle(remember(each.wanted, entryOf(each.wanted, found[index]))),
        )
      } catch (error) {
        for (const each of set) each.fail(error)
      }
    }
    isReading = false
  }

  const find = (wanted: RecordKey): Promise<Remembered> => {
    const known = remembered.get(placeOf(wanted))
    if (known !== undefined) return Promise.resolve(remember(wanted, known))
    if (waiting.length >= WAITING_MAX) {
      return Promise.reject(new Fault('queue_full', `${waiting.length} cards wait to be looked up`))
    }
    const { promise, resolve, reject } = Promise.withResolvers<Remembered>()
    waiting.push({ wanted, settle: resolve, fail: reject })
    // Callers of this same turn of the event loop join the set.
    queueMicrotask(() => void readWaiting())
    return promise
  }

  return {
    async linksOf(partnerId, cardToken, issuerIds) {
      const key = naturalKey.card(partnerId, cardToken)
      const entries = await Promise.all(issuerIds.map((issuerId) => find({ issuerId, key })))
      return entries.flatMap(({ card }) => card ?? [])
    },
    apply(issuerId, version) {
      if (version.kind !== 'card_link') return
      const { partnerId, cardToken } = recordOf('card_link', version).body
      const wanted = { issuerId, key: naturalKey.card(partnerId, cardToken) }
      remember(wanted, entryOf(wanted, version))
    },
  }
}

function placeOf({ issuerId, key }: RecordKey): string {
  return `${issuerId}/${key}`
}

function entryOf({ issuerId }: RecordKey, stored: StoredRecord | undefined): Remembered {
  if (stored === undefined) return { version: 0, card: undefined }
  const { recordId, version, body } = recordOf('card_link', stored)
  const linkId = recordId as CardLinkId // The record id of a link is the link's.
  return { version, card: { issuerId, linkId, ...body } }
}
