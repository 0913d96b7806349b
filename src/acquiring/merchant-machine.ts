/**
 * The registration of a merchant from application to end, as one complete table; SPEC.md holds the same table and a
 * test compares the two. The surprise: a suspension is no state. It lies beside them, because a merchant that is to be
 * cancelled may be suspended too, and either ends without the other.
 */

/**
 * - `applied`: the issuer decides, and its days run.
 * - `documents_asked`: the applicant is to bring more.
 * - `registered`: takes payments, unless suspended.
 * - `cancellation_noticed`: the issuer means to cancel; the merchant may object until a day.
 * - `objected`: the issuer decides about the objection.
 * - `refused`, `cancelled`, `closed`, `lapsed`: ends, which only a new application leaves.
 */
export const merchantStates = [
  'applied',
  'documents_asked',
  'registered',
  'cancellation_noticed',
  'objected',
  'refused',
  'cancelled',
  'closed',
  'lapsed',
] as const
export type MerchantState = (typeof merchantStates)[number]

export const merchantEvents = [
  'apply',
  'ask_documents',
  'complete_documents',
  'approve',
  'refuse',
  'suspend',
  'lift_suspension',
  'notice_cancellation',
  'object',
  'withdraw_cancellation',
  'cancel',
  'close',
  'strike_off',
  'renew',
  'lapse',
] as const
export type MerchantEvent = (typeof merchantEvents)[number]

/**
 * - `start_days`: the days of the decision begin.
 * - `stop_days`, `resume_days`: they rest while the applicant is asked, where the issuer's rules say so.
 * - `register`: admitted, with the end of validity where the issuer has one.
 * - `stop_payments`, `resume_payments`: the suspension.
 * - `hear`: the days to object begin. `take_objection`: those of the decision about it begin.
 * - `drop`: the cancellation is off. `bar`: registered no more, and barred for a while.
 * - `end`: registered no more. `extend`: a later end of validity.
 * - `nothing`: already so. `not_allowed`: refused, and nothing changes.
 */
export const merchantActions = [
  'start_days',
  'stop_days',
  'resume_days',
  'register',
  'stop_payments',
  'resume_payments',
  'hear',
  'take_objection',
  'drop',
  'bar',
  'end',
  'extend',
  'nothing',
  'not_allowed',
] as const
export type MerchantAction = (typeof merchantActions)[number]

export interface MerchantStep {
  readonly state: MerchantState
  readonly action: MerchantAction
}
type Row = Readonly<Record<MerchantEvent, MerchantStep>>

const starts: MerchantStep = { state: 'applied', action: 'start_days' }
const asks: MerchantStep = { state: 'documents_asked', action: 'stop_days' }
const resumes: MerchantStep = { state: 'applied', action: 'resume_days' }
const registers: MerchantStep = { state: 'registered', action: 'register' }
const refuses: MerchantStep = { state: 'refused', action: 'end' }
const closes: MerchantStep = { state: 'closed', action: 'end' }
const lapses: MerchantStep = { state: 'lapsed', action: 'end' }
const noticed: MerchantStep = { state: 'cancellation_noticed', action: 'hear' }
const objects: MerchantStep = { state: 'objected', action: 'take_objection' }
const drops: MerchantStep = { state: 'registered', action: 'drop' }
const bars: MerchantStep = { state: 'cancelled', action: 'bar' }

/** A row in which nothing is allowed; states put over it what is. */
function row(state: MerchantState, cells: Partial<Row>): Row {
  const refused: MerchantStep = { state, action: 'not_allowed' }
  const all = Object.fromEntries(merchantEvents.map((event) => [event, refused]))
  return { ...all, ...cells } as Row // Every event has a cell before some are put over.
}

const stays = <State extends MerchantState>(state: State, action: MerchantAction = 'nothing') => ({
  state,
  action,
})

/** What a merchant that takes payments may always be told, whatever else is under way. */
const suspensions = (state: MerchantState): Partial<Row> => ({
  apply: stays(state),
  suspend: stays(state, 'stop_payments'),
  lift_suspension: stays(state, 'resume_payments'),
  renew: stays(state, 'extend'),
})

const ended = (state: MerchantState, repeat: Partial<Row>): Row =>
  row(state, { apply: starts, lapse: stays(state), ...repeat })

export const merchantTable: Readonly<Record<MerchantState, Row>> = {
  applied: row('applied', {
    apply: stays('applied'),
    ask_documents: asks,
    complete_documents: stays('applied'),
    approve: registers,
    refuse: refuses,
    close: closes,
    strike_off: closes,
  }),
  documents_asked: row('documents_asked', {
    apply: stays('documents_asked'),
    ask_documents: asks,
    complete_documents: resumes,
    approve: registers,
    refuse: refuses,
    close: closes,
    strike_off: closes,
  }),
  registered: row('registered', {
    ...suspensions('registered'),
    approve: stays('registered'),
    notice_cancellation: noticed,
    close: closes,
    strike_off: closes,
    lapse: lapses,
  }),
  // Whoever is to be cancelled cannot get past the bar by closing first, and lapses after the decision only.
  cancellation_noticed: row('cancellation_noticed', {
    ...suspensions('cancellation_noticed'),
    notice_cancellation: stays('cancellation_noticed'),
    object: objects,
    withdraw_cancellation: drops,
    cancel: bars,
    lapse: stays('cancellation_noticed'),
  }),
  objected: row('objected', {
    ...suspensions('objected'),
    object: stays('objected'),
    withdraw_cancellation: drops,
    cancel: bars,
    lapse: stays('objected'),
  }),
  refused: ended('refused', { refuse: stays('refused') }),
  cancelled: ended('cancelled', { cancel: stays('cancelled') }),
  closed: ended('closed', { close: stays('closed'), strike_off: stays('closed') }),
  lapsed: ended('lapsed', {}),
}

/** The state after an event, and what must be done to get there. */
export function nextMerchantStep(state: MerchantState, event: MerchantEvent): MerchantStep {
  return merchantTable[state][event]
}

/** States in which a merchant is registered, and may take payments unless it is suspended. */
export const registeredStates = [
  'registered',
  'cancellation_noticed',
  'objected',
] as const satisfies readonly MerchantState[]

export function isRegistered(state: MerchantState): boolean {
  return registeredStates.some((one) => one === state)
}
