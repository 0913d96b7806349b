/** Whoever left and comes back before they are forgotten is the same member again, with the same wallet. */
import { Fault, formatId, type Instant, type MemberId } from '../base/base.ts'
import { consentRecords } from './member-consents.ts'
import type { Joining } from './members.ts'
import { newRecord, readRecord, type Change, type RecordOf } from './record-store.ts'
import type { NewRecord } from './registry.ts'
import type { RegistrationDeps } from './registration-deps.ts'

/** @throws Fault `queue_full` while the member is just being forgotten: afterwards they are a new one */
export async function comingBack(
  deps: RegistrationDeps,
  { issuerId, person, consents }: Joining,
  returning: {
    readonly known: RecordOf<'member'>
    readonly phoneKeys: readonly string[]
    readonly now: Instant
  },
): Promise<Change<RecordOf<'member'>>> {
  const { known, phoneKeys: keys, now } = returning
  const { registry } = deps
  const memberId = known.recordId as MemberId // The record id of a member is the member's.
  const { name, birthDate, phone } = person
  const body = { ...known.body, name, birthDate, phone, status: 'active' } as const
  const next = { recordId: memberId, version: known.version + 1, body }
  const records: NewRecord[] = [newRecord('member', { ...next, keys })]
  const stop = await readRecord(registry, issuerId, 'wallet_stop', body.walletId)
  if (stop?.body.stopped === true) {
    const released = { stopped: false, reason: 'came back' }
    const version = stop.version + 1
    records.push(newRecord('wallet_stop', { recordId: body.walletId, version, body: released }))
  }
  const erasure = await readRecord(registry, issuerId, 'erasure', memberId)
  if (erasure?.body.kind === 'member' || erasure?.body.kind === 'consent') {
    throw new Fault('queue_full', 'the member is just being forgotten')
  }
  if (erasure !== undefined) {
    const ended = { ...erasure.body, state: 'void', kind: null, recordIds: [], rule: null } as const
    const version = erasure.version + 1
    records.push(newRecord('erasure', { recordId: memberId, version, body: ended }))
  }
  records.push(...(await consentRecords(deps, { issuerId, memberId, ...consents }, now)))
  return { answer: next, by: formatId('mbr', memberId), records }
}
