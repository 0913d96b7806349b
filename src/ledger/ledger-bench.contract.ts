/**
 * What the parts of the ledger's contract share: the ledger under test, ids that no other test
 * draws, and requests whose hash says what they ask.
 */
import { createHash, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import {
  createIdSource,
  Fault,
  operationId,
  won,
  type Instant,
  type IssuerId,
  type LotId,
  type MerchantId,
  type OperationId,
  type ProgramId,
  type Sha256,
  type WalletId,
  type Won,
} from '../base/base.ts'
import type {
  CardBooking,
  CardReading,
  Coverage,
  IssueRequest,
  Ledger,
  LedgerReading,
  LotSources,
  Outcome,
  PaymentRequest,
  ProgramReading,
  PurchaseRequest,
} from './ledger.ts'

export interface LedgerUnderTest {
  ledger: Ledger
  reading: CardReading &
    ProgramReading &
    Pick<LedgerReading, 'awaitsPurchase' | 'merchantPayable' | 'merchantDays'>
  /** Both issuers are known, empty, and sealed no later than `START_AT`. */
  issuerId: IssuerId
  otherIssuerId: IssuerId
  close(): Promise<void>
  /** Every row of both issuers except the operations, in a fixed order. */
  dump?: () => Promise<unknown>
}

export type OpenLedger = () => Promise<LedgerUnderTest>

/** Opens a ledger for one test and closes it whatever happens. */
export function ledgerTest(
  sentence: string,
  open: OpenLedger,
  body: (bench: LedgerUnderTest) => Promise<void>,
): void {
  test(sentence, async () => {
    const bench = await open()
    try {
      await body(bench)
    } finally {
      await bench.close()
    }
  })
}

/** All tests of the contract begin here. */
export const START_AT: Instant = Date.UTC(2031, 0, 1)
export const FAR_FUTURE: Instant = Date.UTC(2036, 0, 1)
export const MONTH = '2031-01'

export const ids = createIdSource({ node: 1023, clock: () => Date.now() })

export function newKey(): OperationId {
  return operationId(randomUUID())
}

/**
 * Adds key and hash. The hash is over the content alone: the same content twice is the same
 * request.
 */
export function keyed<Content extends object>(
  method: keyof Ledger,
  content: Content,
  key: OperationId = newKey(),
): Content & { operationId: OperationId; requestHash: Uint8Array } {
  const canonical = JSON.stringify([method, content])
  const requestHash = new Uint8Array(createHash('sha256').update(canonical).digest())
  return { ...content, operationId: key, requestHash }
}

export const sha256: Sha256 = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest())

export function sources(payWon: number): LotSources {
  return { payWon: won(payWon), nationalWon: won(0), provinceWon: won(0), cityWon: won(0) }
}

/** One purse to pay from and one shop to pay to. */
export interface Purse {
  walletId: WalletId
  programId: ProgramId
  lotId: LotId
  merchantId: MerchantId
}

export function newPurse(): Purse {
  return {
    walletId: ids.next('wlt'),
    programId: ids.next('prg'),
    lotId: ids.next('lot'),
    merchantId: ids.next('mrc'),
  }
}

export async function openPurses(bench: LedgerUnderTest, purses: readonly Purse[]): Promise<void> {
  const openings = purses.map(({ walletId }) => ({ walletId, memberId: ids.next('mbr') }))
  await bench.ledger.openWallets(bench.issuerId, openings, START_AT)
}

/** Opens a purse with one lot in it. */
export async function fundedPurse(bench: LedgerUnderTest, faceWon: number): Promise<Purse> {
  const purse = newPurse()
  await openPurses(bench, [purse])
  await bench.ledger.issue(bench.issuerId, [issueOf(purse, faceWon)], START_AT)
  return purse
}

export function issueOf(purse: Purse, faceWon: number, expiresAt = FAR_FUTURE): IssueRequest {
  const { walletId, programId, lotId } = purse
  const content = { walletId, programId, lotId, kind: 'purchase', expiresAt } as const
  return keyed('issue', { ...content, sources: sources(faceWon) })
}

export function paymentOf(purse: Purse, amountWon: number, key?: OperationId): PaymentRequest {
  const { walletId, programId, merchantId } = purse
  const content = {
    channel: 'mpm_static' as const,
    walletId,
    merchantId,
    outletId: OUTLET_ID,
    amountWon: won(amountWon),
    tenders: [{ programId, kind: 'purchase' as const }],
  }
  return keyed('pay', content, key)
}

/** A payment by card, owed to the partner. */
export function cardPaymentOf(
  purse: Purse,
  amountWon: number,
  { card, coverage = 'all', key }: { card: CardBooking; coverage?: Coverage; key?: OperationId },
): PaymentRequest {
  const payment = paymentOf(purse, amountWon)
  return keyed('pay', { ...payment, channel: 'card', coverage, card }, key)
}

const OUTLET_ID = ids.next('out')

export function purchaseOf(
  purse: Purse,
  purchase: { faceWon: number; quotaWon: number; capWon?: number },
): PurchaseRequest {
  const { walletId, programId } = purse
  const { faceWon, quotaWon, capWon = faceWon } = purchase
  return keyed('reservePurchases', {
    walletId,
    programId,
    lotId: ids.next('lot'),
    faceWon: won(faceWon),
    sources: sources(faceWon),
    expiresAt: FAR_FUTURE,
    month: MONTH,
    quotaWon: won(quotaWon),
    purchaseCapWon: won(capWon),
    holdingCapWon: won(capWon),
    accountToken: 'token',
  })
}

export async function remainingWon(bench: LedgerUnderTest, purse: Purse): Promise<number> {
  const lots = await bench.ledger.lots(bench.issuerId, purse.walletId)
  return lots.reduce((sum, lot) => sum + lot.remainingWon, 0)
}

export function posted(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.filter((outcome) => outcome.status === 'posted')
}

export function lossWon(outcome: Outcome | undefined): number {
  return outcome?.status === 'posted' ? (outcome.lossWon ?? 0) : 0
}

export function legsWon(outcome: Outcome | undefined): Won[] {
  return outcome?.status === 'posted' ? outcome.legs.map((leg) => leg.amountWon) : []
}

/** `posted`, `again posted`, `again sold_out`, `key_reused`: an outcome without its money. */
export function verdictOf(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'nothing'
  if (outcome.status === 'key_reused') return 'key_reused'
  const verdict = outcome.status === 'posted' ? 'posted' : outcome.reason
  return outcome.replayed ? `again ${verdict}` : verdict
}

const ATTEMPTS_MAX = 50

/**
 * A client that repeats the same requests while the ledger is certain that nothing happened (a busy
 * wallet).
 */
export async function persistently<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call()
    } catch (error) {
      const harmless = error instanceof Fault && error.certainty === 'did_not_happen'
      if (!harmless || attempt === ATTEMPTS_MAX) throw error
    }
  }
}
