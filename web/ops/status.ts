/** What the core says of itself, its database, the audit and every issuer, in one answer. */
import type { UseQueryResult } from '@tanstack/react-query'
import { useRead } from '../api/app-context.tsx'
import type { Writing } from '../ui/writing.ts'
import type { GlanceWords } from './glance-words.ts'
import { ASKED_EVERY_MS, sumOf, type Answer } from './live.ts'
import type { Tile } from './tiles.tsx'

export type Status = Answer<'/v1/operator/status'>
export type IssuerStatus = Status['issuers'][number]

export function useStatus(): UseQueryResult<Status> {
  return useRead({ key: ['status'], everyMs: ASKED_EVERY_MS, keep: true }, (client) =>
    client.GET('/v1/operator/status'),
  )
}

interface Speaking {
  readonly t: GlanceWords
  readonly writing: Writing
}

export function statusTiles(status: Status, speaking: Speaking): readonly Tile[] {
  return [
    databaseTile(status, speaking),
    ...(status.database.state === 'reachable'
      ? [casesTile(status, speaking), jobsTile(status, speaking), sealTile(status, speaking)]
      : []),
    auditTile(status, speaking),
  ]
}

function databaseTile({ database }: Status, { t, writing }: Speaking): Tile {
  const { state, version, isPrimary, pools } = database
  const inUse = sumOf(pools, (pool) => pool.inUse)
  const max = sumOf(pools, (pool) => pool.max)
  const waiting = sumOf(pools, (pool) => pool.waiting)
  const tile = {
    id: 'database',
    label: t.database,
    to: '/work?tab=jobs',
    figure: version === null ? '—' : t.postgres(version.split(' ')[0] ?? version),
    note: t.pools(writing.number(inUse), writing.number(max), writing.number(waiting)),
  }
  if (state === 'unreachable') {
    return { ...tile, tone: 'bad', word: t.silent, todo: t.databaseTodo }
  }
  if (isPrimary === false) return { ...tile, tone: 'bad', word: t.standby, todo: t.standbyTodo }
  return waiting > 0
    ? { ...tile, tone: 'wait', word: t.poolsFull, todo: t.poolsTodo }
    : { ...tile, tone: 'good', word: t.works }
}

function casesTile({ issuers, operator }: Status, { t, writing }: Speaking): Tile {
  const open = sumOf(issuers, ({ openCases }) => openCases) + (operator?.openCases ?? 0)
  return {
    id: 'cases',
    label: t.openCases,
    to: '/cases?tab=all',
    figure: t.count(writing.number(open)),
    ...(open === 0 ? { tone: 'good', word: t.noneDue } : { tone: 'plain', word: t.openOnes }),
  }
}

function jobsTile({ issuers, operator }: Status, { t, writing }: Speaking): Tile {
  const failed = sumOf(issuers, ({ failedJobs }) => failedJobs) + (operator?.failedJobs ?? 0)
  const tile = {
    id: 'jobs',
    label: t.jobs,
    to: '/work?tab=jobs',
    figure: t.count(writing.number(failed)),
  }
  return failed === 0
    ? { ...tile, tone: 'good', word: t.jobsFine }
    : { ...tile, tone: 'bad', word: t.jobsFailed, todo: t.jobsTodo }
}

/** A sealer that keeps up leaves nothing unsealed for as long as this. */
export const SEALED_WITHIN_MS = 60_000

function sealTile({ issuers }: Status, { t, writing }: Speaking): Tile {
  const behind = issuers.filter(({ unsealedMs }) => unsealedMs > SEALED_WITHIN_MS)
  const longestMs = Math.max(0, ...issuers.map(({ unsealedMs }) => unsealedMs))
  const tile = {
    id: 'seals',
    label: t.seals,
    to: '/issuers?sort=seal',
    figure: t.seconds(writing.number(Math.round(longestMs / 1_000))),
    note: t.sealsNote,
  }
  return behind.length === 0
    ? { ...tile, tone: 'good', word: t.sealed }
    : { ...tile, tone: 'bad', word: t.unsealed(behind.length), todo: t.sealsTodo }
}

function auditTile({ audit }: Status, { t, writing }: Speaking): Tile {
  const tile = { id: 'audit', label: t.audit, to: '/work' }
  if (audit === null) {
    return { ...tile, tone: 'plain', word: t.auditNever, figure: '—', note: t.auditHow }
  }
  const seen = { figure: writing.instant(audit.at), note: t.auditHow }
  return audit.ok
    ? { ...tile, ...seen, tone: 'good', word: t.auditFine }
    : {
        ...tile,
        ...seen,
        tone: 'bad',
        word: t.auditFound(writing.number(audit.findings)),
        todo: t.auditTodo,
      }
}
