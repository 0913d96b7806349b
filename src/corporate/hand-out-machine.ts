/** The life of a hand-out as one complete table; SPEC.md holds the same table and a test compares the two. */
import type { HandOutState } from '../registration/registration.ts'

/** `confirm`, `stop` and `cancel` are an authorised person's; the others are found out by whoever works on it. */
export const handOutEvents = [
  'filled',
  'confirm',
  'cancel',
  'stop',
  'all_sent',
  'all_ended',
  'erase',
] as const
export type HandOutEvent = (typeof handOutEvents)[number]

export const handOutWishes = ['confirm', 'stop', 'cancel'] as const
export type HandOutWish = (typeof handOutWishes)[number]

/** `-`: not from this state. */
type Row = Readonly<Record<HandOutEvent, HandOutState | '-'>>

const nothing: Row = {
  filled: '-',
  confirm: '-',
  cancel: '-',
  stop: '-',
  all_sent: '-',
  all_ended: '-',
  erase: '-',
}

export const handOutTable: Readonly<Record<HandOutState, Row>> = {
  uploading: { ...nothing, filled: 'checked', cancel: 'cancelled' },
  checked: { ...nothing, confirm: 'sending', cancel: 'cancelled' },
  sending: { ...nothing, stop: 'stopping', all_sent: 'sent' },
  stopping: { ...nothing, all_sent: 'sent' },
  sent: { ...nothing, all_ended: 'done' },
  done: { ...nothing, erase: 'erased' },
  cancelled: { ...nothing, erase: 'erased' },
  erased: nothing,
}
