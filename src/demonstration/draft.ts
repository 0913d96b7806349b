/** What a demonstration consists of, and the lists in which it grows. */
import type { Clerk, Merchant, Outlet } from '../acquiring/acquiring.ts'
import type { IssuerId, MemberId, OfficerId, ProgramId, Won } from '../base/base.ts'
import type { Issuer, Member, Program } from '../issuing/issuing.ts'
import type { Person } from './people.ts'

/** Works for one issuer; the two of an issuer are the two pairs of eyes. */
export interface Officer {
  readonly officerId: OfficerId
  readonly issuerId: IssuerId
  readonly personId: string
  readonly name: string
  /** 주무관 prepares, 팀장 approves. */
  readonly title: '주무관' | '팀장'
}

/** Works for whoever runs the platform. */
export interface Operator {
  readonly operatorId: number
  readonly personId: string
  readonly name: string
}

/** A purchase that is made when the demonstration is set up, so that wallets are not empty. */
export interface OpeningPurchase {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  readonly programId: ProgramId
  readonly faceWon: Won
}

export interface Demonstration {
  readonly issuers: readonly Issuer[]
  readonly programs: readonly Program[]
  /** Everybody below, as an identity provider would know them. */
  readonly persons: readonly Person[]
  readonly members: readonly Member[]
  readonly merchants: readonly Merchant[]
  readonly outlets: readonly Outlet[]
  readonly clerks: readonly Clerk[]
  readonly officers: readonly Officer[]
  readonly operators: readonly Operator[]
  readonly openingPurchases: readonly OpeningPurchase[]
}

/** The lists of a demonstration while they grow; ids are the places in them, counted from one. */
export type Draft = { -readonly [Key in keyof Demonstration]: Demonstration[Key][number][] }
