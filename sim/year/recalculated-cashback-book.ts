/** What the recalculation keeps of cashback. */
import type { ModelLot, Three } from './recalculated-books.ts'
import type { ProgramName } from './year-events.ts'

interface PaidDay {
  readonly payment: number
  readonly member: number
  readonly shop: number
  readonly day: number
}

/** Of bought and presented money; below zero: given back. */
export type Spent = ReadonlyMap<ProgramName, number>

export type CashbackEvent =
  | ({ readonly kind: 'payment'; readonly spent: Spent; readonly waits: boolean } & PaidDay)
  | { readonly kind: 'cancellation'; readonly payment: number; readonly back: Spent }

export interface Earning extends Omit<PaidDay, 'payment' | 'shop'> {
  readonly program: ProgramName
  readonly basisPoints: number
  readonly earnedWon: number
  spentWon: number
  /** No more of what was earned than this. */
  keptWon: number
  /** For the button. */
  readonly waits: boolean
  /** `undefined` until it is paid. */
  lot: ModelLot | undefined
  /** What each funder gave and has not got back. */
  readonly given: Three
}

export interface Claim {
  readonly earning: Earning
  openWon: number
  /** The wallet had nothing left; it is asked again when it earns. */
  isShort: boolean
  /** Somebody has been told of it. */
  isCase: boolean
}

export interface CashbackBook {
  /** Of the day, until the night. */
  today: CashbackEvent[]
  readonly earnings: Map<number, Earning[]>
  /** Members who chose the button. */
  readonly byButton: Set<number>
  claims: Claim[]
  /** Opened once for each claim that was short. */
  missing: number
}

export function openCashbackBook(): CashbackBook {
  return { today: [], earnings: new Map(), byButton: new Set(), claims: [], missing: 0 }
}
