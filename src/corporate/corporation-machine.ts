/** A corporation, and who acts for it, as complete tables; SPEC.md holds the same tables and a test compares them. */
import type { AuthorisedState, CorporationState } from '../registration/registration.ts'

/** `apply` and `withdraw` are the corporation's; the others an officer's. */
export const corporationEvents = [
  'apply',
  'approve',
  'refuse',
  'suspend',
  'resume',
  'withdraw',
] as const
export type CorporationEvent = (typeof corporationEvents)[number]

export const officerDecisions = ['approve', 'refuse', 'suspend', 'resume'] as const
export type OfficerDecision = (typeof officerDecisions)[number]

/** `-`: not from this state. */
type Row = Readonly<Record<CorporationEvent, CorporationState | '-'>>

const nothing: Row = {
  apply: '-',
  approve: '-',
  refuse: '-',
  suspend: '-',
  resume: '-',
  withdraw: '-',
}

export const corporationTable: Readonly<Record<CorporationState, Row>> = {
  applied: { ...nothing, approve: 'active', refuse: 'refused', withdraw: 'withdrawn' },
  active: { ...nothing, suspend: 'suspended', withdraw: 'withdrawn' },
  suspended: { ...nothing, resume: 'active', withdraw: 'withdrawn' },
  refused: { ...nothing, apply: 'applied' },
  withdrawn: { ...nothing, apply: 'applied' },
}

/** `name` is an authorised person's; `confirm` and `refuse` an officer's; `remove` of both. */
export const authorisedEvents = ['name', 'confirm', 'refuse', 'remove'] as const
export type AuthorisedEvent = (typeof authorisedEvents)[number]

export const authorisedTable: Readonly<
  Record<AuthorisedState, Readonly<Record<AuthorisedEvent, AuthorisedState | '-'>>>
> = {
  named: { name: '-', confirm: 'active', refuse: 'refused', remove: 'removed' },
  active: { name: '-', confirm: '-', refuse: '-', remove: 'removed' },
  refused: { name: 'named', confirm: '-', refuse: '-', remove: '-' },
  removed: { name: 'named', confirm: '-', refuse: '-', remove: '-' },
}
