/** Members as those who act for them or on them find them: one who has left is as unknown as one who never was. */
import type { IssuerId, MemberId } from '../base/base.ts'
import { readRecord, type RecordOf } from './record-store.ts'
import type { Registry } from './registry.ts'

export async function presentMember(
  registry: Registry,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<RecordOf<'member'> | undefined> {
  const record = await readRecord(registry, issuerId, 'member', memberId)
  return record?.body.status === 'left' ? undefined : record
}
