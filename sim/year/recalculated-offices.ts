/** What the recalculation keeps of lists, appeals, proposals and stops. */
import type { ModelLot, Three } from './recalculated-books.ts'
import {
  programNames,
  type ListLine,
  type Officer,
  type ProgramName,
  type StipendName,
  type Told,
  type YearChange,
  type YearStop,
} from './year-events.ts'
import { townRules } from './year-town-rules.ts'

export interface ModelLine extends ListLine {
  state: 'ready' | 'waiting' | 'granted' | 'refused' | 'lapsed'
  lot: ModelLot | undefined
}

export interface ModelList {
  readonly program: StipendName
  readonly round: string
  readonly lines: readonly ModelLine[]
  /** As the office was told when it came. */
  readonly told: Told
  state: 'checked' | 'proposed' | 'done' | 'closed'
  releasedAt: number | undefined
}

export interface ModelAppeal {
  readonly list: ModelList
  readonly member: number
  state: 'open' | 'accepted' | 'ended'
}

/** Terms as far as the year changes them. */
export interface ModelTerms {
  readonly fromDay: number
  readonly rateBasisPoints: number
  readonly monthlyCapWon: number
  /** When members were told that it gets worse; `undefined`: it did not. */
  readonly toldAt: number | undefined
}

export interface ModelStop extends Omit<YearStop, 'program'> {
  readonly at: number
}

export interface ModelProposal {
  readonly change: YearChange
  readonly officer: Officer
  /** Terms are written over the last version that there was. */
  readonly basedOn: number
  readonly decideBy: number
  readonly at: number
  /** A stop that one officer has made alone already. */
  readonly isDone: boolean
  state: 'open' | 'approved' | 'turned_down' | 'lapsed'
  decidedBy: Officer | undefined
}

export interface ModelOffices {
  /** Who joined in the course of the year. */
  readonly joined: Set<number>
  /** By the event that uploaded it; lists that were refused are kept as what was told. */
  readonly lists: Map<number, ModelList | Told>
  /** `program/round/person` → the line that has it. */
  readonly claims: Map<string, ModelLine>
  readonly appeals: Map<number, ModelAppeal>
  /** What each funder paid for a stipend. */
  readonly grants: Map<ModelLot, Three>
  /** Lots about which one officer has proposed and no other has decided. */
  readonly proposedBack: Set<ModelLot>
  /** In the order of writing. */
  readonly terms: Readonly<Record<ProgramName, ModelTerms[]>>
  readonly stops: Readonly<Record<ProgramName, ModelStop[]>>
  readonly proposals: Map<number, ModelProposal>
  /** Programs whose holders are to be told in the next night. */
  announced: ProgramName[]
}

export function openOffices(): ModelOffices {
  const each = <Of>(make: (program: ProgramName) => Of) =>
    Object.fromEntries(programNames.map((program) => [program, make(program)])) as Record<
      ProgramName,
      Of
    > // Every name has one.
  return {
    joined: new Set(),
    lists: new Map(),
    claims: new Map(),
    appeals: new Map(),
    grants: new Map(),
    proposedBack: new Set(),
    terms: each((program) => {
      const { rateBasisPoints, monthlyCapWon } = townRules.programs[program]
      return [{ fromDay: 0, rateBasisPoints, monthlyCapWon, toldAt: undefined }]
    }),
    stops: each(() => []),
    proposals: new Map(),
    announced: [],
  }
}
