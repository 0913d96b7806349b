/**
 * Who looked at whom (개인정보 접속기록): written before an answer with somebody else's personal data leaves, so that what
 * cannot be written is not shown. Entries are added and, when their time is over, erased; nothing changes one.
 */
import type { AccessId, IdSource, Instant, IssuerId } from '../base/base.ts'
import { unmaskReasons } from './personal-data.ts'

/** What for: a desk's ordinary work, a reason to see more, looking through this log, a copy of one's own data. */
export const accessPurposes = ['duty', ...unmaskReasons, 'audit', 'own_copy'] as const
export type AccessPurpose = (typeof accessPurposes)[number]

/** One look, at one person or at a page of them. */
export interface Look {
  readonly issuerId: IssuerId
  readonly at: Instant
  /** Who looks, as id text, or `operator` with the person. */
  readonly actor: string
  /** Whom it is about, as id texts. */
  readonly subjects: readonly string[]
  /** Such as `GET /v1/issuers/:issuerCode/appeals`. */
  readonly route: string
  readonly purpose: AccessPurpose
  /** In the words of whoever looks, where a reason was asked for. */
  readonly words: string | null
  /** What the answer shows of what the table masks. */
  readonly sight: 'masked' | 'full'
}

export interface AccessEntry extends Omit<Look, 'subjects' | 'issuerId'> {
  readonly accessId: AccessId
  readonly subject: string
}

/** Newest first. */
export interface AccessPage {
  readonly before?: AccessId | undefined
  readonly limit: number
}

export interface AccessLog {
  /** An entry for each of the subjects, all or none. */
  write(look: Look): Promise<void>
  ofSubject(issuerId: IssuerId, subject: string, page: AccessPage): Promise<readonly AccessEntry[]>
  ofActor(issuerId: IssuerId, actor: string, page: AccessPage): Promise<readonly AccessEntry[]>
  /** The newest look of each actor; those who looked at nobody are left out. */
  lastLooks(
    issuerId: IssuerId,
    actors: readonly string[],
  ): Promise<ReadonlyMap<string, AccessEntry>>
  /** Erases the oldest from before an instant, so many at most. @returns how many */
  erase(issuerId: IssuerId, before: Instant, limit: number): Promise<number>
}

export function createMemoryAccessLog(ids: IdSource): AccessLog {
  let entries: (AccessEntry & { readonly issuerId: IssuerId })[] = []
  const pageOf = (
    issuerId: IssuerId,
    { before, limit }: AccessPage,
    holds: (entry: AccessEntry) => boolean,
  ): readonly AccessEntry[] =>
    entries
      .filter((entry) => entry.issuerId === issuerId && holds(entry))
      .filter(({ accessId }) => before === undefined || accessId < before)
      .toSorted((a, b) => b.accessId - a.accessId)
      .slice(0, limit)
      .map(({ issuerId: _issuer, ...entry }) => entry)
  return {
    async write({ subjects, ...look }) {
      for (const subject of subjects) entries.push({ ...look, accessId: ids.next('acs'), subject })
    },
    ofSubject: async (issuerId, subject, page) =>
      pageOf(issuerId, page, (entry) => entry.subject === subject),
    ofActor: async (issuerId, actor, page) =>
      pageOf(issuerId, page, (entry) => entry.actor === actor),
    async lastLooks(issuerId, actors) {
      const looks = actors.flatMap((actor) =>
        pageOf(issuerId, { limit: 1 }, (entry) => entry.actor === actor),
      )
      return new Map(looks.map((look) => [look.actor, look]))
    },
    async erase(issuerId, before, limit) {
      const due = entries
        .filter((entry) => entry.issuerId === issuerId && entry.at < before)
        .toSorted((a, b) => a.at - b.at)
        .slice(0, limit)
      entries = entries.filter((entry) => !due.includes(entry))
      return due.length
    },
  }
}
