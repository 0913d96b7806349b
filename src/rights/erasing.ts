/**
 * Forgetting who left, a step at a time. A step writes the certificate first (which records, by which rule), then
 * erases what is personal in them. Whoever is killed in between, or comes second, erases the same again, which changes
 * nothing. A member is looked through when something is due: after the short years, and after the long ones.
 */
import { type Instant, type IssuerId, type MemberId, type Won } from '../base/base.ts'
import { mobileDigits, rulesAt } from '../issuing/issuing.ts'
import {
  changeRecords,
  isErased,
  newRecord,
  readRecord,
  recordOf,
  type ErasureBody,
  type RecordOf,
  type StoredRecord,
} from '../registration/registration.ts'
import { acceptedGifts, recordsOfMember, type MemberPlace } from './member-records.ts'
import { classOfKind, retentionOf, type ErasableKind, type RetentionRules } from './retention.ts'
import type { RightsDeps } from './rights-deps.ts'

/** Records erased in one step, and members looked at for one. */
export const ERASED_A_STEP = 50
const MEMBERS_PAGE = 50

type ErasingDeps = Pick<RightsDeps, 'registry' | 'issuerRules'>

/** The member last: the other records are found by what is in it. */
const order = [
  'device',
  'notice',
  'tax_setting',
  'confirmation',
  'gift',
  'refund_request',
  'appeal',
  'report',
  'consent',
  'member',
] as const satisfies readonly ErasableKind[]

export interface ErasureStep {
  /** False: there is more to do at once. */
  readonly done: boolean
  readonly erased: number
  /** Where the next step reads on. */
  readonly before: number | null
}

/** One bounded step of an issuer. @param before members below this one; `null`: from the highest */
export async function eraseStep(
  deps: ErasingDeps,
  { issuerId, before, now }: { issuerId: IssuerId; before: number | null; now: Instant },
): Promise<ErasureStep> {
  const page = { state: 'waiting', limit: MEMBERS_PAGE, ...(before === null ? {} : { before }) }
  const stored = await deps.registry.list(issuerId, 'erasure', page)
  for (const each of stored) {
    const erasure = recordOf('erasure', each)
    if (erasure.body.dueAt > now) continue
    const erased = await eraseOf(deps, { issuerId, erasure, now })
    // The same member is looked at again until nothing of them is due.
    return { done: false, erased, before: erasure.recordId + 1 }
  }
  const last = stored.at(-1)
  const isLast = last === undefined || stored.length < MEMBERS_PAGE
  return { done: isLast, erased: 0, before: isLast ? null : last.recordId }
}

async function eraseOf(
  deps: ErasingDeps,
  given: { issuerId: IssuerId; erasure: RecordOf<'erasure'>; now: Instant },
): Promise<number> {
  const { issuerId, erasure, now } = given
  await eraseNamed(deps, issuerId, erasure.body)
  const rules = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
  const memberId = erasure.recordId as MemberId // The record id of an erasure is the member's.
  const place = { issuerId, memberId, walletId: erasure.body.walletId }
  for (const kind of order) {
    const due = await dueRecords(deps, { place, kind, rules, from: erasure.body.leftAt, now })
    if (due.length === 0) continue
    const retention = due[0]!.retention
    const body: ErasureBody = {
      ...erasure.body,
      kind,
      recordIds: due.map(({ recordId }) => recordId),
      rule: retention.rule,
      destroyBy: retention.destroyBy,
      at: now,
    }
    const isWritten = await write(deps, issuerId, { ...erasure, body }, now)
    if (isWritten) await eraseNamed(deps, issuerId, body)
    return isWritten ? due.length : 0
  }
  const longest = retentionOf({ class: 'membership', from: erasure.body.leftAt }, rules).keepUntil
  const isOver = now >= longest
  const rest = { kind: null, recordIds: [], rule: null, destroyBy: null, at: now } as const
  const body: ErasureBody = isOver
    ? { ...erasure.body, ...rest, state: 'done' }
    : { ...erasure.body, ...rest, dueAt: longest }
  await write(deps, issuerId, { ...erasure, body }, now)
  return 0
}

async function eraseNamed(
  { registry }: ErasingDeps,
  issuerId: IssuerId,
  { kind, recordIds }: ErasureBody,
): Promise<void> {
  const known = order.find((candidate) => candidate === kind)
  if (known !== undefined) await registry.erasePersonal(issuerId, known, recordIds)
}

/** @returns false where somebody else was here, or the member came back: the next step looks again */
function write(
  { registry }: ErasingDeps,
  issuerId: IssuerId,
  next: RecordOf<'erasure'>,
  now: Instant,
): Promise<boolean> {
  return changeRecords(registry, issuerId, now, async () => {
    const newest = await readRecord(registry, issuerId, 'erasure', next.recordId)
    if (newest?.version !== next.version) return { answer: false }
    const record = { ...next, version: next.version + 1 }
    return { answer: true, by: 'system', records: [newRecord('erasure', record)] }
  })
}

async function dueRecords(
  { registry }: ErasingDeps,
  given: {
    readonly place: MemberPlace
    readonly kind: ErasableKind
    readonly rules: RetentionRules
    readonly from: Instant
    readonly now: Instant
  },
) {
  const { place, kind, rules, from, now } = given
  const due: { recordId: number; retention: ReturnType<typeof retentionOf> }[] = []
  for await (const stored of ofKind(registry, place, kind)) {
    const amountWon = amountOf(kind, stored)
    const facts = {
      class: classOfKind[kind],
      from,
      ...(amountWon === undefined ? {} : { amountWon }),
    }
    const retention = retentionOf(facts, rules)
    const isDue = now >= retention.keepUntil && !isErased(kind, stored.body)
    // One rule for one certificate.
    if (isDue && (due[0] === undefined || due[0].retention.rule === retention.rule)) {
      due.push({ recordId: stored.recordId, retention })
    }
    if (due.length === ERASED_A_STEP) break
  }
  return due
}

/** Presents that came to the member are theirs too, as long as their number is known. */
async function* ofKind(
  registry: ErasingDeps['registry'],
  place: MemberPlace,
  kind: ErasableKind,
): AsyncGenerator<StoredRecord> {
  yield* recordsOfMember(registry, place, kind)
  if (kind !== 'gift') return
  const member = await readRecord(registry, place.issuerId, 'member', place.memberId)
  const digits = mobileDigits(member?.body.phone ?? '')
  if (digits !== undefined) yield* acceptedGifts(registry, place, digits)
}

function amountOf(kind: ErasableKind, stored: StoredRecord): Won | undefined {
  return kind === 'gift' ? recordOf('gift', stored).body.amountWon : undefined
}
