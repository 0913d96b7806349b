/** What becomes of what a payment earned. SPEC.md has this table, and a test holds the two together. */

/**
 * - `nothing`: it earned nothing; its shares say why.
 * - `due`: to be posted now.
 * - `waiting`: for the button, for room under what the law lets a member hold, or for a pot.
 * - `posted`: a lot in the wallet.
 * - `refused`: the funders' pots were empty when it was to be posted.
 * - `cancelled`: the payment was cancelled before anything was posted.
 * - `lapsed`: it waited longer than it could have been spent.
 */
export const earningStates = [
  'nothing',
  'due',
  'waiting',
  'posted',
  'refused',
  'cancelled',
  'lapsed',
] as const
export type EarningState = (typeof earningStates)[number]

/**
 * - `posted`, `no_room` (보유한도), `no_budget` (예산 소진): the ledger's answers.
 * - `no_budget_promised`: the pots are empty, and it had waited: the member was told that it is there.
 * - `pressed`: the member pressed the button.
 * - `cancelled_whole`: nothing is left of what it earned.
 * - `expired`: the instant has come at which it could not be spent any more.
 */
export const earningEvents = [
  'posted',
  'no_room',
  'no_budget',
  'no_budget_promised',
  'pressed',
  'cancelled_whole',
  'expired',
] as const
export type EarningEvent = (typeof earningEvents)[number]

/** Absent: the event changes nothing. What is due is not cancelled before it was tried. */
export const earningTable: Readonly<
  Record<EarningState, Partial<Readonly<Record<EarningEvent, EarningState>>>>
> = {
  nothing: {},
  due: {
    posted: 'posted',
    no_room: 'waiting',
    no_budget: 'refused',
    no_budget_promised: 'waiting',
    expired: 'lapsed',
  },
  waiting: { pressed: 'due', cancelled_whole: 'cancelled', expired: 'lapsed' },
  posted: {},
  refused: {},
  cancelled: {},
  lapsed: {},
}

/** @returns `undefined` where the event changes nothing */
export function nextEarningState(
  state: EarningState,
  event: EarningEvent,
): EarningState | undefined {
  return earningTable[state][event]
}
