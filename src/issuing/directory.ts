/** What the payment path may ask about issuers and programs: answered from memory, never by a call. */
import type { IssuerId, ProgramId } from '../base/base.ts'
import type { IssuerRules } from './issuer-rules.ts'
import type { Issuer } from './issuer.ts'
import type { Abolition } from './program-conditions.ts'
import type { ProgramTerms } from './program-terms.ts'

/** One voucher scheme of an issuer, with every version of its terms. */
export interface Program {
  readonly programId: ProgramId
  readonly issuerId: IssuerId
  readonly name: string
  readonly nameEn: string
  /** As they take effect under what the issuer has stopped or ended. */
  readonly terms: readonly ProgramTerms[]
  /** Absent or `null`: it goes on. */
  readonly abolition?: Abolition | null
}

export interface IssuingDirectory {
  issuers(): readonly Issuer[]
  issuer(issuerId: IssuerId): Issuer | undefined
  issuerByCode(code: string): Issuer | undefined
  programs(issuerId: IssuerId): readonly Program[]
  program(issuerId: IssuerId, programId: ProgramId): Program | undefined
}

/** What desks and clockwork ask about the rules of an issuer itself. */
export interface IssuerRuleDirectory {
  /** Every version; `rulesAt` says which is in force, and what an issuer without any has. */
  issuerRules(issuerId: IssuerId): readonly IssuerRules[]
}
