/** The ports of registration. */
import type { Clock, IdSource, IssuerId } from '../base/base.ts'
import type { IssuerRuleDirectory } from '../issuing/issuing.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Registry } from './registry.ts'

/** A record that names a person. */
export interface PersonRecord {
  readonly issuerId: IssuerId
  readonly kind: 'member' | 'clerk' | 'officer' | 'operator'
  readonly recordId: number
}

/** At most so many records of one person are given: they must fit into an access token. */
export const PERSON_RECORDS_MAX = 32

export interface PersonIndex {
  /** Records of all issuers that name the person, by issuer, kind and id; at most `PERSON_RECORDS_MAX`. */
  recordsOf(personId: string): Promise<readonly PersonRecord[]>
}

export interface RegistrationDeps {
  readonly registry: Registry
  readonly ledger: Pick<Ledger, 'openWallets'>
  readonly persons: PersonIndex
  readonly issuerRules: IssuerRuleDirectory
  readonly ids: IdSource
  readonly clock: Clock
  /** A number drawn evenly from 0…9 999 999 999 that nobody can foretell. */
  readonly randomHandle: () => number
  /** The seed of a handle's consumer codes, 32 bytes, derived from the operator's secret and stored nowhere. */
  readonly seedOf: (issuerId: IssuerId, handle: number) => Uint8Array
}
