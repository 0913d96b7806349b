/** Tells many members at once: one reading of what was told before, and one writing of the rest. */
import type { IdSource, Instant, IssuerId } from '../base/base.ts'
import {
  changeRecords,
  naturalKey,
  newRecord,
  type Change,
  type NewRecord,
  type NoticeBody,
} from '../registration/registration.ts'
import type { GrantingDeps } from './granting-ports.ts'

export interface GrantNotice extends Omit<NoticeBody, 'at'> {
  /** One notice for one subject of a kind. */
  readonly subject: string
}

export async function tellMembers(
  { registry, ids, clock }: Pick<GrantingDeps, 'registry' | 'ids' | 'clock'>,
  issuerId: IssuerId,
  notices: readonly GrantNotice[],
): Promise<void> {
  if (notices.length === 0) return
  const at = clock()
  const wanted = notices.map((notice) => noticeOf(notice, at))
  const decide = async (): Promise<Change<void>> => {
    const asked = wanted.map(({ key }) => ({ issuerId, key }))
    const known = await registry.findByKeys('notice', asked)
    const records = wanted.flatMap((each, index) =>
      known[index] === undefined ? [noticeRecord(ids, each)] : [],
    )
    return records.length === 0
      ? { answer: undefined }
      : { answer: undefined, by: 'system', records }
  }
  await changeRecords(registry, issuerId, at, decide)
}

interface KeyedNotice {
  readonly key: string
  readonly body: NoticeBody
}

export function noticeOf({ noticeKind, subject, ...rest }: GrantNotice, at: Instant): KeyedNotice {
  return { key: naturalKey.notice(noticeKind, subject), body: { ...rest, noticeKind, at } }
}

/** For whoever writes it together with what it tells of. */
export function noticeRecord(ids: IdSource, { key, body }: KeyedNotice): NewRecord {
  const recordId = ids.next('cas')
  const keys = [key, naturalKey.ofMember(body.memberId, recordId)]
  return newRecord('notice', { recordId, version: 1, body, keys })
}
