/**
 * Working on hand-outs: a bounded step after another. Which hand-out and which lines are next stands in the database,
 * and the key of a present is made from its list and line: so whoever dies is followed by the next, and nothing is
 * given twice.
 */
import {
  assert,
  derivedOperationId,
  requestHash,
  type IssuerId,
  type OperationId,
  type Sha256,
} from '../base/base.ts'
import type { Gift } from '../gifting/gifting.ts'
import { recordOf, type HandOutState } from '../registration/registration.ts'
import type { CorporateDeps } from './corporate-deps.ts'
import { readCorporation, type Corporation } from './corporation-records.ts'
import { handOutOf, moveHandOut, type HandOut } from './hand-outs.ts'
import { RECIPIENT_SET_MAX, type RecipientResult, type StoredRecipient } from './recipient-store.ts'

/** Presents that one step sends; each is a few writes. */
export const SEND_SET_SIZE = 20
/** Presents that one step looks at; each look is a read of many. */
export const FOLLOW_SET_SIZE = 200
/** Hand-outs that one read gives. */
const HAND_OUTS_PAGE = 50

/** Where a run looks on among what was sent. */
export interface HandOutPlace {
  /** Hand-outs below it. */
  readonly before: number
  /** Of the one just below, if any was begun: lines after it. */
  readonly handOutId: number
  readonly after: number
}

export interface HandOutStep {
  readonly done: boolean
  /** Lines that were settled. */
  readonly lines: number
  readonly place?: HandOutPlace
}

/** The key of the present that a line becomes. */
export function lineKey(
  sha256: Sha256,
  { issuerId, handOutId }: Pick<HandOut, 'issuerId' | 'handOutId'>,
  lineNumber: number,
): OperationId {
  return derivedOperationId(requestHash(sha256, ['hand_out', issuerId, handOutId, lineNumber]))
}

/** Sends one set of the hand-out that was confirmed first, or ends one that was stopped. */
export async function sendStep(deps: CorporateDeps, issuerId: IssuerId): Promise<HandOutStep> {
  const [stopping] = await inState(deps, issuerId, 'stopping')
  if (stopping !== undefined) return { done: false, lines: await skipSet(deps, stopping) }
  for (const handOut of await inState(deps, issuerId, 'sending')) {
    const corporation = await readCorporation(deps, issuerId, handOut.corporationId)
    // One that is suspended sends nothing; its list waits.
    if (corporation?.state !== 'active') continue
    return { done: false, lines: await sendSet(deps, handOut, corporation) }
  }
  return { done: true, lines: 0 }
}

export async function followStep(
  deps: CorporateDeps,
  issuerId: IssuerId,
  place?: HandOutPlace,
): Promise<HandOutStep> {
  const erased = await eraseSet(deps, issuerId)
  if (erased === 0) return followSet(deps, issuerId, place)
  return { done: false, lines: 0, ...(place === undefined ? {} : { place }) }
}

/** The oldest first: all of them, because the registry gives the newest first and what is due stands last. */
async function inState(
  { registry }: Pick<CorporateDeps, 'registry'>,
  issuerId: IssuerId,
  state: HandOutState,
): Promise<readonly HandOut[]> {
  const found: HandOut[] = []
  for (;;) {
    const last = found.at(-1)
    const from = last === undefined ? {} : { before: last.handOutId }
    const page = { state, limit: HAND_OUTS_PAGE, ...from }
    const stored = await registry.list(issuerId, 'hand_out', page)
    found.push(...stored.map((each) => handOutOf(issuerId, recordOf('hand_out', each))))
    if (stored.length < HAND_OUTS_PAGE) return found.toReversed()
  }
}

async function skipSet(deps: CorporateDeps, handOut: HandOut): Promise<number> {
  const { issuerId, handOutId } = handOut
  const page = { states: ['new'], after: 0, limit: RECIPIENT_SET_MAX } as const
  const lines = await deps.recipients.lines(issuerId, handOutId, page)
  const skipped = { state: 'skipped', reason: null, giftId: null } as const
  await deps.recipients.settle(
    issuerId,
    handOutId,
    lines.map(({ lineNumber }) => ({ lineNumber, ...skipped })),
  )
  if (lines.length < RECIPIENT_SET_MAX) await moveHandOut(deps, handOut, 'all_sent')
  return lines.length
}

async function sendSet(
  deps: CorporateDeps,
  handOut: HandOut,
  corporation: Corporation,
): Promise<number> {
  const { issuerId, handOutId } = handOut
  const page = { states: ['new'], after: 0, limit: SEND_SET_SIZE } as const
  const lines = await deps.recipients.lines(issuerId, handOutId, page)
  for (const line of lines) {
    const result = await sendLine(deps, { handOut, corporation, line })
    await deps.recipients.settle(issuerId, handOutId, [result])
  }
  if (lines.length < SEND_SET_SIZE) await moveHandOut(deps, handOut, 'all_sent')
  return lines.length
}

async function sendLine(
  deps: CorporateDeps,
  given: {
    readonly handOut: HandOut
    readonly corporation: Corporation
    readonly line: StoredRecipient
  },
): Promise<RecipientResult> {
  const { handOut, corporation, line } = given
  const { lineNumber, phone, amountWon, memo } = line
  const { confirmedBy, programId, issuerId } = handOut
  assert(confirmedBy !== null && phone !== null, 'only what was confirmed is sent')
  const { corporationId, name, walletId } = corporation
  const answer = await deps.gifting.handOut({
    issuerId,
    operationId: lineKey(deps.sha256, handOut, lineNumber),
    memberId: confirmedBy,
    walletId,
    corporation: { corporationId, name },
    programId,
    phone,
    amountWon,
    message: memo ?? undefined,
  })
  if (answer.status === 'registered') {
    const { state, giftId } = answer.gift
    if (state !== 'void') return { lineNumber, state: 'sent', reason: null, giftId }
    return { lineNumber, state: 'refused', reason: 'gift_funds_insufficient', giftId: null }
  }
  const reason = 'reason' in answer ? answer.reason : answer.status
  return { lineNumber, state: 'refused', reason, giftId: null }
}

/** One set of what waits: presents that have ended are told to their lines. */
async function followSet(
  deps: CorporateDeps,
  issuerId: IssuerId,
  place: HandOutPlace | undefined,
): Promise<HandOutStep> {
  const { registry, recipients, gifting } = deps
  const from = place === undefined ? {} : { before: place.before }
  const [stored] = await registry.list(issuerId, 'hand_out', { state: 'sent', limit: 1, ...from })
  if (stored === undefined) return { done: true, lines: 0 }
  const handOut = handOutOf(issuerId, recordOf('hand_out', stored))
  const { handOutId } = handOut
  const after = place?.handOutId === handOutId ? place.after : 0
  const page = { states: ['sent'], after, limit: FOLLOW_SET_SIZE } as const
  const lines = await recipients.lines(issuerId, handOutId, page)
  const ids = lines.flatMap(({ giftId }) => (giftId === null ? [] : [giftId]))
  const gifts = new Map((await gifting.gifts(issuerId, ids)).map((gift) => [gift.giftId, gift]))
  const results = lines.flatMap(({ lineNumber, giftId }) => {
    const gift = giftId === null ? undefined : gifts.get(giftId)
    const end = gift && endOf(gift)
    return end === undefined ? [] : [{ lineNumber, giftId, ...end }]
  })
  await recipients.settle(issuerId, handOutId, results)
  const last = lines.at(-1)
  if (lines.length === FOLLOW_SET_SIZE && last !== undefined) {
    const before = handOutId + 1
    return {
      done: false,
      lines: results.length,
      place: { before, handOutId, after: last.lineNumber },
    }
  }
  const groups = await recipients.groups(issuerId, handOutId)
  const isWaiting = groups.some(({ state }) => state === 'sent' || state === 'new')
  if (!isWaiting) await moveHandOut(deps, handOut, 'all_ended')
  return { done: false, lines: results.length, place: { before: handOutId, handOutId, after: 0 } }
}

function endOf({ state }: Gift): Pick<RecipientResult, 'state' | 'reason'> | undefined {
  switch (state) {
    case 'accepted':
      return { state: 'accepted', reason: null }
    case 'declined':
    case 'withdrawn':
    case 'lapsed':
    case 'void':
      return { state: 'returned', reason: state }
    default:
      return undefined
  }
}

/** Takes what is personal out of lists whose time is over. @returns of how many lines, or lists that had none left */
async function eraseSet(deps: CorporateDeps, issuerId: IssuerId): Promise<number> {
  const now = deps.clock()
  for (const state of ['cancelled', 'done'] as const) {
    const due = (await inState(deps, issuerId, state)).find(
      ({ eraseAt }) => (eraseAt ?? now) <= now,
    )
    if (due === undefined) continue
    const count = await deps.recipients.erase(issuerId, due.handOutId, RECIPIENT_SET_MAX)
    if (count < RECIPIENT_SET_MAX) await moveHandOut(deps, due, 'erase')
    return Math.max(1, count)
  }
  return 0
}
