/** What the member was told, by every municipality at once; what was not seen yet on this device is new. */
import { useQueries } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import type { paths } from '../api/schema.ts'
import { useMemberships, type Membership } from './membership.tsx'

type NoticesPath = paths['/v1/issuers/{issuerCode}/members/me/notices']
type Answer = NoticesPath['get']['responses'][200]['content']['application/json']

export interface Notice {
  readonly noticeId: string
  readonly kind: Answer['items'][number]['kind']
  readonly at: string
  readonly text: string
  readonly textEn: string
  readonly issuerCode: string
  readonly issuerName: string
  readonly isNew: boolean
}

export interface Notices {
  /** The newest first. */
  readonly items: readonly Notice[]
  readonly newCount: number
  readonly isLoading: boolean
  /** Whose notices could not be read now. */
  readonly failed: readonly Membership[]
  again(): void
}

const KEY = 'dure.notices-seen'
const EVERY_MS = 30_000
const listeners = new Set<() => void>()

export function useNotices(): Notices {
  const { client } = useTools()
  const memberships = useMemberships()
  const seenUntil = useSyncExternalStore(onSeen, () => localStorage.getItem(KEY) ?? '')
  const reads = useQueries({
    queries: memberships.map(({ issuerCode }) => ({
      queryKey: ['notices', issuerCode],
      queryFn: () =>
        answered(
          client.GET('/v1/issuers/{issuerCode}/members/me/notices', {
            params: { path: { issuerCode } },
          }),
        ),
      refetchInterval: EVERY_MS,
      meta: { keep: true },
    })),
  })
  const items = reads
    .flatMap(({ data }, index) => {
      const { issuerCode = '', name = '' } = memberships[index] ?? {}
      return (data?.items ?? []).map(({ noticeId, kind, at, text, textEn }) => ({
        noticeId,
        kind,
        at,
        text,
        textEn,
        issuerCode,
        issuerName: name,
        isNew: at > seenUntil,
      }))
    })
    .toSorted((one, other) => other.at.localeCompare(one.at))
  return {
    items,
    newCount: items.filter(({ isNew }) => isNew).length,
    isLoading: reads.some(({ isPending }) => isPending),
    failed: memberships.filter((_, index) => reads[index]?.isError === true),
    again: () => reads.forEach((read) => void read.refetch()),
  }
}

/** Everything until then was seen. */
export function markSeen(until: string): void {
  if (until <= (localStorage.getItem(KEY) ?? '')) return
  localStorage.setItem(KEY, until)
  for (const tell of listeners) tell()
}

function onSeen(tell: () => void): () => void {
  listeners.add(tell)
  return () => listeners.delete(tell)
}
