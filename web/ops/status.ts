/** What the core says of itself to operators. */
import type { UseQueryResult } from '@tanstack/react-query'
import { useRead } from '../api/app-context.tsx'
import type { Writing } from '../ui/writing.ts'
import type { GlanceWords } from './glance-words.ts'
import { ASKED_SELDOM_MS, type Job } from './live.ts'
import type { Tile } from './tiles.tsx'

export interface OwnStatus {
  readonly items: readonly Job[]
}

export function useStatus(): UseQueryResult<OwnStatus> {
  return useRead({ key: ['failed-jobs'], everyMs: ASKED_SELDOM_MS, keep: true }, (client) =>
    client.GET('/v1/operator/jobs', { params: { query: { state: 'failed', limit: 100 } } }),
  )
}

export function statusTiles(
  { items }: OwnStatus,
  { t, writing }: { t: GlanceWords; writing: Writing },
): readonly Tile[] {
  const tile = {
    id: 'jobs',
    label: t.jobs,
    to: '/work?tab=jobs',
    figure: t.count(writing.number(items.length)),
  }
  return [
    items.length === 0
      ? { ...tile, tone: 'good', word: t.jobsFine }
      : { ...tile, tone: 'bad', word: t.jobsFailed, todo: t.jobsTodo },
  ]
}
