/** What granting asks of others. */
import type {
  BusinessDate,
  Clock,
  FundedAmount,
  IdSource,
  Instant,
  IssuerId,
  MemberId,
  ProgramId,
  Sha256,
  WalletId,
  Won,
} from '../base/base.ts'
import type { IssuingDirectory, MemberStatus, PotDirectory } from '../issuing/issuing.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Casebook, Registry } from '../registration/registration.ts'
import type { Identity } from './eligibility-cells.ts'
import type { LineStore } from './line-store.ts'

export interface GrantMember {
  readonly memberId: MemberId
  readonly walletId: WalletId
  readonly birthDate: BusinessDate
  readonly status: MemberStatus
}

export interface GrantMembers {
  /** Whom each may mean, in the order asked: the member of that id, or all with that name, birth date and telephone. */
  find(
    issuerId: IssuerId,
    asked: readonly (MemberId | Identity)[],
  ): Promise<readonly (readonly GrantMember[])[]>
  /** What each wallet holds of a program, in the order asked; what has expired does not count. */
  holdings(
    issuerId: IssuerId,
    programId: ProgramId,
    walletIds: readonly WalletId[],
    at: Instant,
  ): Promise<readonly Won[]>
}

/** What is left of what funders have set aside for a program; a funder that is not named is not bounded. */
export type FunderPots = (
  issuerId: IssuerId,
  programId: ProgramId,
  at: Instant,
) => Promise<readonly FundedAmount[] | undefined>

/** A hash over bytes that come piece by piece. */
export interface StreamHash {
  update(bytes: Uint8Array): void
  digest(): Uint8Array
}

export interface GrantingDeps {
  readonly registry: Registry
  readonly casebook: Pick<Casebook, 'openCase' | 'closeCase' | 'notify'>
  readonly ledger: Pick<
    Ledger,
    'openWallets' | 'issue' | 'find' | 'lots' | 'move' | 'lotOrigins' | 'dueLots' | 'expire'
  >
  readonly issuing: Pick<IssuingDirectory, 'program'>
  readonly lines: LineStore
  readonly members: GrantMembers
  readonly pots?: FunderPots
  /** What grants draw from; absent: nothing is drawn. */
  readonly funding?: PotDirectory
  readonly ids: IdSource
  readonly sha256: Sha256
  /** SHA-256. */
  readonly openHash: () => StreamHash
  readonly clock: Clock
}
