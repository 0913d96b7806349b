/** Stipends as officers see them: batches of a list, and what their states are called. */
import type { paths } from '../api/schema.ts'
import type { Tone } from '../ui/telling.tsx'
import type { Dictionary } from '../ui/words.ts'

type Get<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } }
}
  ? Body
  : never

export type BatchProgress = Get<'/v1/issuers/{issuerCode}/stipend-batches/{batchId}'>
export type Batch = Get<'/v1/issuers/{issuerCode}/stipend-batches'>['items'][number]
export type BatchState = Batch['state']
type Decision = paths['/v1/issuers/{issuerCode}/stipend-batches/{batchId}/decision']['post']
export type BatchEvent = Decision['requestBody']['content']['application/json']['event']
export type Line = Get<'/v1/issuers/{issuerCode}/stipend-batches/{batchId}/lines'>['items'][number]
export type Appeal = Get<'/v1/issuers/{issuerCode}/appeals'>['items'][number]
export type Clawback = Get<'/v1/issuers/{issuerCode}/stipend-clawbacks'>['items'][number]

export const batchStateWords: Dictionary<Record<BatchState, string>> = {
  ko: {
    uploaded: '사전 점검 중',
    checked: '점검 마침',
    proposed: '결재 대기',
    granting: '지급 중',
    paused: '멈춤',
    done: '지급 마침',
    closed: '마감',
    cancelled: '취소',
  },
  en: {
    uploaded: 'dry run under way',
    checked: 'checked',
    proposed: 'to be approved',
    granting: 'being granted',
    paused: 'paused',
    done: 'granted',
    closed: 'closed',
    cancelled: 'cancelled',
  },
}

export const batchTones: Record<BatchState, Tone> = {
  uploaded: 'wait',
  checked: 'plain',
  proposed: 'wait',
  granting: 'wait',
  paused: 'bad',
  done: 'good',
  closed: 'good',
  cancelled: 'plain',
}

export const lineStateWords: Dictionary<Record<Line['state'], string>> = {
  ko: {
    new: '점검 전',
    ready: '지급 예정',
    waiting: '보류',
    granted: '지급됨',
    refused: '제외',
    lapsed: '기간 만료',
  },
  en: {
    new: 'not looked at yet',
    ready: 'ready',
    waiting: 'waiting',
    granted: 'granted',
    refused: 'refused',
    lapsed: 'lapsed',
  },
}

export const lineStates = ['ready', 'waiting', 'granted', 'refused', 'lapsed', 'new'] as const
export const lineTones: Record<Line['state'], Tone> = {
  new: 'plain',
  ready: 'plain',
  waiting: 'wait',
  granted: 'good',
  refused: 'bad',
  lapsed: 'bad',
}

/** Counts or sums by `state` or `state:reason`, added up by state. */
export function byState(groups: Readonly<Record<string, unknown>>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const [name, value] of Object.entries(groups)) {
    const [state = ''] = name.split(':')
    sums.set(state, (sums.get(state) ?? 0) + Number(value))
  }
  return sums
}
