/** A registry whose own writes are seen at once by the directory beside it; the writes of others come by following. */
import type { RecordDirectory } from './record-directory.ts'
import type { Registry } from './registry.ts'

/**
 * The same registry; what it appends is applied to the directory before the writer has its answer, so that a shop may
 * use its new outlet, and a stopped wallet is stopped, from the answer on.
 */
export function followedBy<Followed extends Registry>(
  registry: Followed,
  directory: Pick<RecordDirectory, 'apply'>,
): Followed {
  return {
    ...registry,
    async append(issuerId, by, records, at) {
      const result = await registry.append(issuerId, by, records, at)
      if (result.status === 'appended') {
        for (const record of records) directory.apply(issuerId, record)
      }
      return result
    },
  }
}
