/** The ports of the room, and the keys under which it moves money. */
import {
  derivedOperationId,
  requestHash,
  type BusinessDate,
  type IdSource,
  type Instant,
  type IssuerId,
  type OperationId,
  type Sha256,
} from '../base/base.ts'
import {
  rulesAt,
  treasuryBankCode,
  type Issuer,
  type IssuerRuleDirectory,
  type IssuerRuleValues,
  type IssuingDirectory,
} from '../issuing/issuing.ts'
import type {
  Ledger,
  MovementKind,
  Movements,
  Payout,
  PayoutAccount,
  Payouts,
} from '../ledger/ledger.ts'
import type { Casebook, Registry } from '../registration/registration.ts'
import type { TreasuryStore } from './treasury-store.ts'

export interface TreasuryDeps {
  readonly ledger: Pick<Ledger, 'purchase'> & Pick<Movements, 'move'>
  readonly payouts: Payouts
  readonly store: TreasuryStore
  readonly registry: Registry
  readonly casebook: Pick<Casebook, 'openCase' | 'closeCase' | 'cases'>
  readonly issuing: Pick<IssuingDirectory, 'issuer'>
  readonly issuerRules: IssuerRuleDirectory
  /** Puts a file where the bank fetches it: whole or not at all. Repeating is harmless. */
  readonly give: (issuerCode: string, name: string, bytes: Uint8Array) => Promise<void>
  /** Where the payout would go today; `undefined`: where it was to go. */
  readonly accountNow: (issuerId: IssuerId, payout: Payout) => Promise<PayoutAccount | undefined>
  /** Tells whom it is for that a payout waits for an account, once for each attempt. */
  readonly tellParked: (issuerId: IssuerId, payout: Payout) => Promise<void>
  /** Besides Saturdays and Sundays. */
  readonly holidays: readonly BusinessDate[]
  readonly ids: IdSource
  readonly sha256: Sha256
}

/** What one step of work is about. */
export interface TreasuryRoom {
  readonly issuerId: IssuerId
  readonly issuer: Issuer
  readonly bankCode: string
  readonly rules: IssuerRuleValues
  readonly now: Instant
}

/** `undefined` for an issuer that the directory does not have (yet). */
export function roomOf(
  { issuing, issuerRules }: TreasuryDeps,
  issuerId: IssuerId,
  now: Instant,
): TreasuryRoom | undefined {
  const issuer = issuing.issuer(issuerId)
  if (issuer === undefined) return undefined
  const rules = rulesAt(issuerRules.issuerRules(issuerId), now)
  return { issuerId, issuer, bankCode: treasuryBankCode(issuer.treasuryBank), rules, now }
}

/** One key for each movement of one thing, whoever asks for it and however often. */
export function movementId(
  sha256: Sha256,
  issuerId: IssuerId,
  kind: MovementKind,
  about: readonly (string | number)[],
): OperationId {
  return derivedOperationId(requestHash(sha256, ['treasury', issuerId, kind, ...about]))
}
