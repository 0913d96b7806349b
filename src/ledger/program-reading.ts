/** What officers look at of programs: what was sold, who holds how much, what pots have given; one issuer a call. */
import type {
  Instant,
  IssuerId,
  MemberId,
  OperationId,
  PotDraw,
  PotId,
  ProgramId,
  WalletId,
  Won,
} from '../base/base.ts'

export interface ProgramHoldings {
  /** Wallets with anything left. */
  wallets: number
  /** Left and held, of lots that nobody closed. */
  remainingWon: Won
}

export interface ProgramHolder {
  walletId: WalletId
  memberId: MemberId
}

export type DrawnFromPot = Pick<PotDraw, 'potId' | 'amountWon'>

/** Whose purchases of what are counted; each group of programs is held together. */
export interface CountedPurchases {
  walletId: WalletId
  programId: ProgramId
  /** `YYYY-MM` */
  month: string
  groups: readonly (readonly ProgramId[])[]
}

/** What a reservation would be held against: see `PurchaseRequest`. */
export interface CountedWon {
  boughtWon: Won
  soldWon: Won
  /** Unexpired lots of every kind with what is held and what is being bought, for each group in the order asked. */
  heldWon: readonly Won[]
}

export interface ProgramReading {
  purchaseCounts(issuerId: IssuerId, asked: CountedPurchases, at: Instant): Promise<CountedWon>
  /** Reserved and completed purchases of a month (`YYYY-MM`), by program. */
  programSales(issuerId: IssuerId, month: string): Promise<ReadonlyMap<ProgramId, Won>>
  programHoldings(issuerId: IssuerId, programId: ProgramId): Promise<ProgramHoldings>
  /** Who has anything left of the program, by wallet, after one of them. */
  programHolders(
    issuerId: IssuerId,
    programId: ProgramId,
    page: { after?: WalletId; limit: number },
  ): Promise<readonly ProgramHolder[]>
  /** What can be spent of a program at an instant, for each wallet with its program, in the order asked. */
  spendable(
    issuerId: IssuerId,
    asked: readonly { readonly walletId: WalletId; readonly programId: ProgramId }[],
    at: Instant,
  ): Promise<readonly Won[]>
  /** What was drawn less what was given back; pots that nothing was drawn from are left out. */
  potUses(issuerId: IssuerId, potIds: readonly PotId[]): Promise<ReadonlyMap<PotId, Won>>
  /** What each operation drew, by pot, in the order asked; below zero: gave back. */
  potDraws(
    issuerId: IssuerId,
    operationIds: readonly OperationId[],
  ): Promise<readonly (readonly DrawnFromPot[])[]>
}
