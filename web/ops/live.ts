/**
 * What operations looks at all the time: asked every two seconds by whatever screen shows it, kept on the device so
 * that the last answer can still be seen when the core is away, and remembered as points for the last minutes.
 */
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { UseQueryResult } from '@tanstack/react-query'
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'

export type Answer<
  Path extends keyof paths,
  Good = paths[Path] extends {
    get: { responses: { 200: { content: { 'application/json': infer Body } } } }
  }
    ? Body
    : never,
> = Good

export type Gateways = Answer<'/v1/gateways'>['items']
export type Gateway = Gateways[number]
export type GatewayStatus = NonNullable<Gateway['status']>
export type Due = Answer<'/v1/cases/due'>['items'][number]
export type Fund = Answer<'/v1/operator/funds'>['items'][number]
export type Job = Answer<'/v1/operator/jobs'>['items'][number]
export type IssuerInNumbers = Answer<'/v1/operator/issuers'>['items'][number]
export type SettlementRuns = Answer<'/v1/operator/settlement-runs'>

/** A page that somebody looks at asks so often. */
export const ASKED_EVERY_MS = 2_000
/** What changes once a day or by somebody's hand. */
export const ASKED_SELDOM_MS = 10_000

export function useGateways(): UseQueryResult<{ items: Gateways }> {
  return useRead({ key: ['gateways'], everyMs: ASKED_EVERY_MS, keep: true }, async (client) => {
    const beganAt = performance.now()
    const answer = await client.GET('/v1/gateways')
    if (answer.response.ok) remember('answerMs', performance.now() - beganAt)
    const { items = [] } = answer.data ?? {}
    const statuses = items.flatMap(({ status }) => (status === null ? [] : [status]))
    if (statuses.length > 0) {
      remember(
        'waiting',
        sumOf(statuses, ({ waiting }) => waiting.notices),
      )
      remember(
        'exposureWon',
        sumOf(statuses, ({ exposure }) => exposure.nowWon),
      )
      remember('feedLagMs', Math.max(...statuses.map(({ feed }) => feed.lagMs ?? 0)))
    }
    return answer
  })
}

export function useDue(): UseQueryResult<{ items: Due[] }> {
  return useRead({ key: ['due'], everyMs: ASKED_SELDOM_MS, keep: true }, (client) =>
    client.GET('/v1/cases/due'),
  )
}

export function useFunds(): UseQueryResult<{ items: Fund[] }> {
  return useRead({ key: ['funds'], everyMs: ASKED_SELDOM_MS, keep: true }, (client) =>
    client.GET('/v1/operator/funds'),
  )
}

export function useIssuerNumbers(): UseQueryResult<{ items: IssuerInNumbers[] }> {
  return useRead({ key: ['issuer-numbers'], everyMs: ASKED_SELDOM_MS, keep: true }, (client) =>
    client.GET('/v1/operator/issuers'),
  )
}

export function sumOf<Of>(all: readonly Of[], figure: (one: Of) => number): number {
  return all.reduce((sum, one) => sum + figure(one), 0)
}

export interface Point {
  readonly at: number
  readonly value: number
}

export type Series = 'answerMs' | 'waiting' | 'exposureWon' | 'feedLagMs'

/** The last ten minutes at one point every two seconds. */
const POINTS_MAX = 300
const seen = new Map<Series, readonly Point[]>()
const listeners = new Set<() => void>()

function remember(series: Series, value: number): void {
  const points = seen.get(series) ?? []
  seen.set(series, [...points, { at: Date.now(), value }].slice(-POINTS_MAX))
  for (const tell of listeners) tell()
}

const nothing: readonly Point[] = []

/** What this page saw of a figure since it was opened. */
export function useSeen(series: Series): readonly Point[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => seen.get(series) ?? nothing,
  )
}

/** The device's time, once a second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
