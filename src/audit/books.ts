/**
 * The books of one issuer as the checkers read them: neutral between the in-memory ledger of a simulation and the raw
 * rows of a database. They come wallet by wallet, because nearly every rule of the ledger is about one wallet: so a
 * check holds the largest wallet in memory, never the issuer.
 */
import type { Instant, LotKind } from '../base/base.ts'
import type { OperationKind, PurchaseRecord, Transfer } from '../ledger/ledger.ts'

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
}

/** What a wallet, or the whole issuer, bought of a program in a month. */
export interface BookSale {
  readonly programId: number
  readonly month: string
  readonly amountWon: number
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
