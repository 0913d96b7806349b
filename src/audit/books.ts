/**
 * The books of one issuer as the checkers read them: neutral between the in-memory ledger of a simulation and the raw
 * rows of a database. They come wallet by wallet, because nearly every rule of the ledger is about one wallet: so a
 * check holds the largest wallet in memory, never the issuer.
 */
import type { Instant, LotKind } from '../base/base.ts'
import type { OperationKind, PayoutState, PurchaseRecord, Transfer } from '../ledger/ledger.ts'

/** Ids and amounts are plain numbers and texts: they may be what somebody made of them. */
export type BookTransfer = Omit<Transfer, 'amountWon'> & { readonly amountWon: number }

export interface BookOperation {
  readonly operationId: string
  readonly kind: OperationKind
  readonly bookedAt: Instant
  readonly decline: string | undefined
  readonly walletId: number | undefined
  readonly merchantId: number | undefined
  readonly amountWon: number
  readonly targetId: string | undefined
  readonly codeStep: number | undefined
  /** The card company that the operation is about. */
  readonly partnerId: number | undefined
  /** In the order of their lines. */
  readonly transfers: readonly BookTransfer[]
  /** What it drew from funders' pots; absent: nothing. */
  readonly draws?: readonly BookDraw[]
}

/** Below zero: given back. Of a whole pot: what was drawn less what was given back. */
export interface BookDraw {
  readonly potId: number
  readonly amountWon: number
}

export interface BookLot {
  readonly lotId: number
  readonly walletId: number
  readonly programId: number
  readonly kind: LotKind
  readonly faceWon: number
  readonly remainingWon: number
  readonly heldWon: number
  /** Expiry is done with it. */
  readonly closed: boolean
  readonly expiresAt: Instant
  /** The operation that issued it; `undefined` where the books do not keep it. */
  readonly issuedBy: string | undefined
}

export interface BookPurchase {
  readonly purchaseId: string
  readonly walletId: number
  readonly programId: number
  readonly lotId: number
  /** `YYYY-MM`. */
  readonly month: string
  readonly faceWon: number
  readonly payWon: number
  readonly nationalWon: number
  readonly provinceWon: number
  readonly cityWon: number
  readonly expiresAt: Instant
  readonly state: PurchaseRecord['state']
  readonly reservedAt: Instant
  readonly closedAt: Instant | undefined
  /** The cancellation that gave back what it took of its month's quota and the member's cap. */
  readonly saleReturnedBy: string | undefined
}

/** What a wallet, or the whole issuer, bought of a program in a month. */
export interface BookSale {
  readonly programId: number
  readonly month: string
  readonly amountWon: number
}

/** Where a payout goes to, and on which day. */
export interface BookDestination {
  readonly dueOn: string
  readonly bankCode: string
  readonly accountNumber: string
  readonly holderName: string
}

/** What a movement made of a payout. */
export interface BookPayoutStep {
  readonly operationId: string
  /** Of the operation; `undefined` where the journal has none that was posted. */
  readonly bookedAt: Instant | undefined
  /** What its transfers moved in all. */
  readonly movedWon: number
  /** What they moved into transit less what they moved out of it. */
  readonly transitWon: number
  /** Likewise of the payout's account of returned money. */
  readonly returnedWon: number
  readonly attempt: number
  readonly from: PayoutState | undefined
  readonly to: PayoutState
  /** Set where it became due. */
  readonly destination: BookDestination | undefined
  /** Set where it had been sent. */
  readonly fileName: string | undefined
  readonly sentAt: Instant | undefined
  readonly reason: string | undefined
}

export interface BookPayout {
  readonly payoutId: number
  readonly amountWon: number
  readonly causedBy: string
  readonly state: PayoutState
  readonly attempt: number
  readonly destination: BookDestination
  readonly fileName: string | undefined
  readonly reason: string | undefined
  readonly createdAt: Instant
  readonly changedAt: Instant
  /** In any order. */
  readonly steps: readonly BookPayoutStep[]
}

export interface BookPayoutFile {
  readonly name: string
  readonly payouts: number
  readonly assignedAt: Instant
}

/** Everything about one wallet. */
export interface WalletBook {
  /** `undefined`: operations that name no wallet. They may come in several books of this kind. */
  readonly walletId: number | undefined
  /** How many wallets are opened under this id: one, unless something is wrong. */
  readonly openings: number
  /** In booked order. */
  readonly operations: readonly BookOperation[]
  readonly lots: readonly BookLot[]
  readonly purchases: readonly BookPurchase[]
  readonly memberSales: readonly BookSale[]
}

/** The books of one issuer. Each stream may be read once, and they are read one after the other. */
export interface IssuerBooks {
  readonly issuerId: number
  /** Every wallet once, in any order. */
  wallets(): AsyncIterable<WalletBook>
  programSales(): AsyncIterable<BookSale>
  /** What each pot says was drawn from it. */
  potUses(): AsyncIterable<BookDraw>
  /** Every payout once, in any order; then the files, of which there is one for some hundred payouts. */
  payouts(): AsyncIterable<BookPayout>
  payoutFiles(): AsyncIterable<BookPayoutFile>
  /** Steps whose payout does not exist, by their operation. */
  strayPayoutSteps(): AsyncIterable<string>
  /** Operations that do not exist and drew from a pot. */
  strayDraws(): AsyncIterable<string>
  /** Transfers whose operation does not exist. */
  strayTransfers(): AsyncIterable<{ readonly operationId: string; readonly line: number }>
  /** Operation ids that stand in the journal more than once. */
  repeatedKeys(): AsyncIterable<string>
}

/** What a checker found: one line for a person who has to look. */
export interface Finding {
  readonly checker: string
  readonly issuerId: number
  /** Which thing: `lot 512 of wallet 88`, `segment 7`. */
  readonly where: string
  /** What is wrong with it, in a sentence without a full stop. */
  readonly sentence: string
}

/** What a checker of one wallet or one issuer says; its name and the issuer are added to it. */
export type Complaint = Pick<Finding, 'where' | 'sentence'>
