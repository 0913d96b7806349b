/** The life of a batch as one complete table; SPEC.md holds the same table and a test compares the two. */
import type { BatchState } from '../registration/registration.ts'

/** What officers ask for, and what the jobs find out. */
export const officerEvents = [
  'recheck',
  'propose',
  'withdraw',
  'refuse',
  'approve',
  'pause',
  'resume',
  'cancel',
] as const
export type OfficerEvent = (typeof officerEvents)[number]
export const batchEvents = [...officerEvents, 'checked', 'all_granted', 'join_over'] as const
export type BatchEvent = (typeof batchEvents)[number]

/** `-`: not from this state. */
type Row = Readonly<Record<BatchEvent, BatchState | '-'>>

const nothing: Row = {
  recheck: '-',
  propose: '-',
  withdraw: '-',
  refuse: '-',
  approve: '-',
  pause: '-',
  resume: '-',
  cancel: '-',
  checked: '-',
  all_granted: '-',
  join_over: '-',
}

export const batchTable: Readonly<Record<BatchState, Row>> = {
  uploaded: { ...nothing, checked: 'checked', cancel: 'cancelled' },
  checked: { ...nothing, recheck: 'uploaded', propose: 'proposed', cancel: 'cancelled' },
  proposed: {
    ...nothing,
    withdraw: 'checked',
    refuse: 'checked',
    approve: 'granting',
    cancel: 'cancelled',
  },
  granting: { ...nothing, pause: 'paused', all_granted: 'done', cancel: 'cancelled' },
  paused: { ...nothing, resume: 'granting', cancel: 'cancelled' },
  done: { ...nothing, join_over: 'closed', cancel: 'cancelled' },
  closed: nothing,
  cancelled: nothing,
}

/** Where an event leads from wherever it may come: a batch that is there already needs it no more. */
export function targetOf(event: BatchEvent): BatchState | undefined {
  for (const row of Object.values(batchTable)) {
    const next = row[event]
    if (next !== '-') return next
  }
  return undefined
}
