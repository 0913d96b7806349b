/**
 * Hand-outs: a list is taken whole or all that is wrong with it is told; somebody who acts for the corporation looks at
 * its sums and confirms it; and every step is a version of its record. The same list again is the hand-out it made.
 */
import {
  cleanText,
  DAY_MS,
  hexOf,
  sumWon,
  won,
  type CorporationId,
  type HandOutId,
  type Instant,
  type IssuerId,
  type ProgramId,
  type Won,
} from '../base/base.ts'
import { rulesAt, termsAt } from '../issuing/issuing.ts'
import {
  changeRecords,
  findRecord,
  keyPrefix,
  naturalKey,
  newRecord,
  readRecord,
  recordOf,
  type Change,
  type HandOutBody,
  type HandOutState,
  type RecordOf,
} from '../registration/registration.ts'
import type { CorporateDeps } from './corporate-deps.ts'
import { refusedCorporate, type Corporate, type CorporateRefused } from './corporate-refusal.ts'
import {
  actingFor,
  actingForActive,
  memberText,
  type Acting,
  type Corporation,
} from './corporation-records.ts'
import { handOutTable, type HandOutEvent, type HandOutWish } from './hand-out-machine.ts'
import { createRecipientReader, type ReadList, type RecipientLine } from './recipient-list.ts'
import { RECIPIENT_SET_MAX } from './recipient-store.ts'

export interface HandOut extends HandOutBody {
  readonly issuerId: IssuerId
  readonly handOutId: HandOutId
}

export interface ListTaking extends Acting {
  readonly programId: ProgramId
  readonly title: string
  readonly bytes: AsyncIterable<Uint8Array>
}

export type ListTaken =
  | { readonly status: 'taken'; readonly handOut: HandOut; readonly isNew: boolean }
  | { readonly status: 'faulty'; readonly list: ReadList }
  | CorporateRefused

export const HAND_OUT_TITLE_MAX = 60
/** Of one corporation, uploaded and not confirmed, or under way. */
export const OPEN_HAND_OUTS_MAX = 20
/** So often a list may be cancelled and uploaded anew. */
const UPLOADS_MAX = 50
/** Of one corporation, newest first. */
export const HAND_OUTS_MAX = 100

const openStates: readonly HandOutState[] = ['uploading', 'checked', 'sending', 'stopping']

export async function takeList(deps: CorporateDeps, taking: ListTaking): Promise<ListTaken> {
  const { issuerId, programId } = taking
  const title = cleanText(taking.title, HAND_OUT_TITLE_MAX)
  if (title === undefined) return refusedCorporate('field_invalid', 'title')
  const found = await actingForActive(deps, taking)
  if (found.status !== 'done') return found
  const program = deps.issuing.program(issuerId, programId)
  const terms = program && termsAt(program.terms, deps.clock())
  if (terms === undefined) return refusedCorporate('program_unknown')
  const reader = createRecipientReader({ wonMax: terms.holdingCapWon })
  const hash = deps.openHash()
  for await (const bytes of taking.bytes) {
    hash.update(bytes)
    reader.push(bytes)
  }
  const list = reader.end()
  if (list.problemCount > 0) return { status: 'faulty', list }
  const sha256 = hexOf(hash.digest())
  const taken = await recordList(deps, { ...taking, title, sha256, list })
  if ('status' in taken) return taken
  const { handOut, isNew } = taken
  if (handOut.state !== 'uploading') return { status: 'taken', handOut, isNew }
  // Whoever died here is followed by the same list again, which adds what is missing.
  await addLines(deps, handOut, list.lines)
  return { status: 'taken', handOut: await moveHandOut(deps, handOut, 'filled'), isNew }
}

async function addLines(
  { recipients }: Pick<CorporateDeps, 'recipients'>,
  { issuerId, handOutId }: HandOut,
  lines: readonly RecipientLine[],
): Promise<void> {
  for (let from = 0; from < lines.length; from += RECIPIENT_SET_MAX) {
    await recipients.add(issuerId, handOutId, lines.slice(from, from + RECIPIENT_SET_MAX))
  }
}

type Recorded = { readonly handOut: HandOut; readonly isNew: boolean } | CorporateRefused

function recordList(
  deps: CorporateDeps,
  taken: Omit<ListTaking, 'bytes'> & { readonly sha256: string; readonly list: ReadList },
): Promise<Recorded> {
  const { issuerId, corporationId, memberId, programId, title, sha256, list } = taken
  const { registry } = deps
  const now = deps.clock()
  const decide = async (): Promise<Change<Recorded>> => {
    for (let count = 1; ; count += 1) {
      const key = naturalKey.handOutFile(corporationId, `${programId}:${title}:${sha256}`, count)
      const known = await findRecord(registry, issuerId, 'hand_out', key)
      const isGone = known?.body.confirmedAt === null && known.body.endedAt !== null
      if (known !== undefined && (!isGone || count === UPLOADS_MAX)) {
        return { answer: { handOut: handOutOf(issuerId, known), isNew: false } }
      }
      if (known !== undefined) continue
      const others = await handOutsOf(deps, issuerId, corporationId)
      if (others.filter(({ state }) => openStates.includes(state)).length >= OPEN_HAND_OUTS_MAX) {
        return { answer: refusedCorporate('too_many_hand_outs') }
      }
      const body: HandOutBody = {
        corporationId,
        programId,
        title,
        sha256,
        lines: list.lines.length,
        totalWon: won(list.totalWon),
        state: 'uploading',
        uploadedBy: memberId,
        uploadedAt: now,
        confirmedBy: null,
        confirmedAt: null,
        endedAt: null,
        eraseAt: null,
      }
      const recordId = deps.ids.next('hnd')
      const record = { recordId, version: 1, body }
      const keys = [key, naturalKey.ofCorporation(corporationId, recordId)]
      return {
        answer: { handOut: handOutOf(issuerId, record), isNew: true },
        by: memberText(memberId),
        records: [newRecord('hand_out', { ...record, keys })],
      }
    }
  }
  return changeRecords(registry, issuerId, now, decide)
}

/** What the wallet has of a program that may be handed out now. */
export async function availableWon(
  { ledger, clock }: Pick<CorporateDeps, 'ledger' | 'clock'>,
  { issuerId, walletId }: Pick<Corporation, 'issuerId' | 'walletId'>,
  programId: ProgramId,
): Promise<Won> {
  const now = clock()
  const lots = await ledger.lots(issuerId, walletId)
  const usable = lots
    .filter((lot) => lot.programId === programId && lot.kind === 'purchase' && lot.expiresAt > now)
    .map((lot) => lot.remainingWon)
  return usable.length === 0 ? won(0) : sumWon(usable)
}

export type HandOutAnswer = Corporate<{ readonly handOut: HandOut }>

/** What somebody who acts for the corporation wants; where it led there already, as it is. */
export async function wishHandOut(
  deps: CorporateDeps,
  wish: Acting & { readonly handOutId: HandOutId; readonly event: HandOutWish },
): Promise<HandOutAnswer> {
  const { issuerId, corporationId, memberId, handOutId, event } = wish
  // Sending needs an admitted corporation; stopping does not.
  const found =
    event === 'confirm' ? await actingForActive(deps, wish) : await actingFor(deps, wish)
  if (found.status !== 'done') return found
  const { corporation } = found
  const by = memberText(memberId)
  return changeHandOut(deps, { issuerId, handOutId, by }, async (handOut, now) => {
    if (handOut.corporationId !== corporationId) return refusedCorporate('hand_out_unknown')
    const state = handOutTable[handOut.state][event]
    if (state === '-') {
      return isDone(handOut, event) ? handOut : refusedCorporate('hand_out_state_differs')
    }
    if (event === 'cancel') return { ...handOut, state, endedAt: now, eraseAt: now }
    if (event === 'stop') return { ...handOut, state }
    const available = await availableWon(deps, corporation, handOut.programId)
    if (available < handOut.totalWon) return refusedCorporate('hand_out_funds_short')
    return { ...handOut, state, confirmedBy: memberId, confirmedAt: now }
  })
}

function isDone({ state, confirmedAt, endedAt }: HandOut, event: HandOutWish): boolean {
  if (event === 'confirm') return confirmedAt !== null
  if (event === 'stop') return state === 'stopping'
  return confirmedAt === null && endedAt !== null
}

/** What was found out by working on it. One that has gone another way in the meantime stays as it is. */
export async function moveHandOut(
  deps: CorporateDeps,
  { issuerId, handOutId }: Pick<HandOut, 'issuerId' | 'handOutId'>,
  event: Exclude<HandOutEvent, HandOutWish>,
): Promise<HandOut> {
  const moved = await changeHandOut(deps, { issuerId, handOutId, by: 'system' }, (known, now) => {
    const state = handOutTable[known.state][event]
    if (state === '-') return known
    if (event !== 'all_ended') return { ...known, state }
    const { handOutRetentionDays } = rulesAt(deps.issuing.issuerRules(issuerId), now)
    return { ...known, state, endedAt: now, eraseAt: now + handOutRetentionDays * DAY_MS }
  })
  if (moved.status !== 'done') throw new Error('a hand-out is never removed')
  return moved.handOut
}

function changeHandOut(
  deps: CorporateDeps,
  named: { readonly issuerId: IssuerId; readonly handOutId: HandOutId; readonly by: string },
  change: (
    handOut: HandOut,
    now: Instant,
  ) => Promise<HandOut | CorporateRefused> | HandOut | CorporateRefused,
): Promise<HandOutAnswer> {
  const { issuerId, handOutId, by } = named
  const now = deps.clock()
  return changeRecords(deps.registry, issuerId, now, async (): Promise<Change<HandOutAnswer>> => {
    const known = await readRecord(deps.registry, issuerId, 'hand_out', handOutId)
    if (known === undefined) return { answer: refusedCorporate('hand_out_unknown') }
    const before = handOutOf(issuerId, known)
    const handOut = await change(before, now)
    if ('status' in handOut) return { answer: handOut }
    if (handOut === before) return { answer: { status: 'done', handOut } }
    const { issuerId: _issuer, handOutId: _handOut, ...body } = handOut
    const record = { recordId: handOutId, version: known.version + 1, body }
    return { answer: { status: 'done', handOut }, by, records: [newRecord('hand_out', record)] }
  })
}

/** Of a corporation, newest first. */
export async function handOutsOf(
  { registry }: Pick<CorporateDeps, 'registry'>,
  issuerId: IssuerId,
  corporationId: CorporationId,
): Promise<readonly HandOut[]> {
  const prefix = keyPrefix.ofCorporation(corporationId)
  const stored = await registry.listByKey(issuerId, 'hand_out', prefix, HAND_OUTS_MAX)
  return stored.map((each) => handOutOf(issuerId, recordOf('hand_out', each)))
}

export async function readHandOut(
  { registry }: Pick<CorporateDeps, 'registry'>,
  issuerId: IssuerId,
  handOutId: HandOutId,
): Promise<HandOut | undefined> {
  const record = await readRecord(registry, issuerId, 'hand_out', handOutId)
  return record && handOutOf(issuerId, record)
}

export function handOutOf(issuerId: IssuerId, { recordId, body }: RecordOf<'hand_out'>): HandOut {
  return { issuerId, handOutId: recordId as HandOutId, ...body } // The record id of a hand-out is its own.
}
