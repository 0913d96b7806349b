/**
 * A report of an error, or a dispute, from its opening to its answer, as one complete table; SPEC.md holds the same
 * table and a test compares the two. Whether the case counts as open or closed follows from the stage.
 */

/**
 * - `opened`: nobody has taken it. `assigned`: an officer has.
 * - `asked`: the reporter was asked something. `answered`: and has answered.
 * - `resolved`: the reporter has the answer, and may contest it for a while.
 * - `escalated`: it went on as a dispute, a case of its own. An end.
 */
export const reportStages = [
  'opened',
  'assigned',
  'asked',
  'answered',
  'resolved',
  'escalated',
] as const
export type ReportStage = (typeof reportStages)[number]

export const reportEvents = [
  'assign',
  'give_on',
  'ask',
  'answer',
  'resolve',
  'reopen',
  'escalate',
] as const
export type ReportEvent = (typeof reportEvents)[number]

/**
 * - `note`: written down. `tell`: and the reporter is told.
 * - `hand_over`: another desk owns it.
 * - `end`: the reporter has the answer, and the case is closed.
 * - `start_days`: open again, with days of its own.
 * - `open_dispute`: closed, and a dispute is opened.
 * - `not_allowed`: refused, and nothing changes.
 */
export const reportActions = [
  'note',
  'tell',
  'hand_over',
  'end',
  'start_days',
  'open_dispute',
  'not_allowed',
] as const
export type ReportAction = (typeof reportActions)[number]

export interface ReportStep {
  readonly stage: ReportStage
  readonly action: ReportAction
}

const step = (stage: ReportStage, action: ReportAction): ReportStep => ({ stage, action })
const disputes = step('escalated', 'open_dispute')
const ends = step('resolved', 'end')
const asks = step('asked', 'tell')

export const reportTable: Readonly<Record<ReportStage, Readonly<Record<ReportEvent, ReportStep>>>> =
  {
    opened: {
      assign: step('assigned', 'note'),
      give_on: step('opened', 'hand_over'),
      ask: asks,
      answer: step('opened', 'not_allowed'),
      resolve: ends,
      reopen: step('opened', 'not_allowed'),
      escalate: disputes,
    },
    assigned: {
      assign: step('assigned', 'note'),
      give_on: step('opened', 'hand_over'),
      ask: asks,
      answer: step('assigned', 'not_allowed'),
      resolve: ends,
      reopen: step('assigned', 'not_allowed'),
      escalate: disputes,
    },
    asked: {
      assign: step('asked', 'note'),
      give_on: step('asked', 'hand_over'),
      ask: asks,
      answer: step('answered', 'note'),
      resolve: ends,
      reopen: step('asked', 'not_allowed'),
      escalate: disputes,
    },
    answered: {
      assign: step('answered', 'note'),
      give_on: step('answered', 'hand_over'),
      ask: asks,
      answer: step('answered', 'note'),
      resolve: ends,
      reopen: step('answered', 'not_allowed'),
      escalate: disputes,
    },
    resolved: {
      assign: step('resolved', 'not_allowed'),
      give_on: step('resolved', 'not_allowed'),
      ask: step('resolved', 'not_allowed'),
      answer: step('resolved', 'not_allowed'),
      resolve: step('resolved', 'not_allowed'),
      reopen: step('opened', 'start_days'),
      escalate: disputes,
    },
    escalated: {
      assign: step('escalated', 'not_allowed'),
      give_on: step('escalated', 'not_allowed'),
      ask: step('escalated', 'not_allowed'),
      answer: step('escalated', 'not_allowed'),
      resolve: step('escalated', 'not_allowed'),
      reopen: step('escalated', 'not_allowed'),
      escalate: step('escalated', 'not_allowed'),
    },
  }

export function nextReportStep(stage: ReportStage, event: ReportEvent): ReportStep {
  return reportTable[stage][event]
}

/** What only the reporter may bring about; the rest is the desk's. */
export const reporterEvents = [
  'answer',
  'reopen',
  'escalate',
] as const satisfies readonly ReportEvent[]
