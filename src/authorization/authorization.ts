/**
 * Authorization: from a scanned code to the ledger's one answer. Reads the code, asks policy, posts. A decline that
 * policy finds goes to the ledger too, so that a key has one outcome for ever, whatever the clock says when it comes
 * back. SPEC.md holds the state × event table.
 */
import type { AcquiringDirectory, Merchant, Outlet } from '../acquiring/acquiring.ts'
import {
  firstDecline,
  formatId,
  requestHash,
  type ClerkId,
  type Clock,
  type DeclineReason,
  type IssuerId,
  type MerchantId,
  type OperationId,
  type OutletId,
  type ProgramId,
  type Sha256,
  type WalletId,
  type Won,
} from '../base/base.ts'
import type { IssuingDirectory } from '../issuing/issuing.ts'
import type { Channel, Ledger, Outcome, RecordedOperation } from '../ledger/ledger.ts'
import {
  parseConsumerCode,
  readMerchantCode,
  verifyConsumerCode,
  type HmacSha256,
  type VerifyBytes,
} from '../qr/qr.ts'
import { decidePayment, type PaymentDecision } from './payment-decision.ts'
import { previewOf, type PaymentPreview } from './payment-preview.ts'

export { decidePayment, type PaymentDecision, type PaymentFacts } from './payment-decision.ts'
export { type PaymentPreview } from './payment-preview.ts'

/** A telephone that may show consumer codes for a wallet. */
export interface EnrolledPayer {
  readonly walletId: WalletId
  readonly personId: string
  /** The secret both sides derive the one-time code from. */
  readonly seed: Uint8Array
  /** False for a phone that was replaced or stopped: its codes are refused, and its old keys still answered. */
  readonly active: boolean
}

/** Finds the phone that a consumer code names; `undefined` where the issuer has none. */
export type PayerByHandle = (
  issuerId: IssuerId,
  handle: number,
) => Promise<EnrolledPayer | undefined>

export interface AuthorizationDeps {
  readonly ledger: Pick<Ledger, 'pay' | 'cancel' | 'find' | 'lots'>
  readonly issuing: IssuingDirectory
  readonly acquiring: AcquiringDirectory
  readonly payerByHandle: PayerByHandle
  readonly walletStopped: (issuerId: IssuerId, walletId: WalletId) => boolean
  readonly verify: VerifyBytes
  readonly hmac: HmacSha256
  readonly sha256: Sha256
  readonly clock: Clock
}

/** The payer scans the merchant's code (MPM, static or dynamic). */
export interface MerchantCodePayment {
  readonly issuerId: IssuerId
  readonly operationId: OperationId
  readonly payer: { readonly walletId: WalletId; readonly personId: string }
  readonly code: string
  /** Typed by the payer for a static code; for a dynamic one it may repeat the code's amount. */
  readonly amountWon?: Won
  readonly preferredPrograms?: readonly ProgramId[]
}

/** A payment that has not been asked for. */
export type ConsideredPayment = Omit<MerchantCodePayment, 'operationId'>

/** The merchant scans the payer's one-time code (CPM). */
export interface ConsumerCodePayment {
  readonly issuerId: IssuerId
  readonly operationId: OperationId
  readonly clerk: {
    readonly clerkId: ClerkId
    readonly merchantId: MerchantId
    readonly outletId: OutletId
  }
  readonly code: string
  readonly amountWon: Won
}

export interface PaymentCancellation {
  readonly issuerId: IssuerId
  readonly operationId: OperationId
  readonly clerk: { readonly clerkId: ClerkId; readonly merchantId: MerchantId }
  readonly paymentId: OperationId
  /** Absent: all that is left. */
  readonly amountWon?: Won
}

/** The ledger's answer with whom it is about, for the receipt. */
export interface PaymentAnswer {
  readonly outcome: Outcome
  readonly channel: Channel
  readonly amountWon: Won
  readonly merchant: Merchant | undefined
  readonly outlet: Outlet | undefined
  readonly walletId: WalletId | undefined
}

export interface Authorization {
  payMerchantCode(payment: MerchantCodePayment): Promise<PaymentAnswer>
  /** What such a payment would cost now: the code's amount, or the payer's; `undefined`: it can only be declined. */
  amountAsked(payment: ConsideredPayment): Won | undefined
  /** What such a payment would take from which lots now. Nothing is recorded, and nothing is promised. */
  preview(payment: ConsideredPayment): Promise<PaymentPreview>
  payConsumerCode(payment: ConsumerCodePayment): Promise<PaymentAnswer>
  cancel(cancellation: PaymentCancellation): Promise<Outcome>
  /** What became of a key whose answer was lost; `undefined`: it never happened, repeat it. */
  enquire(issuerId: IssuerId, operationId: OperationId): Promise<RecordedOperation | undefined>
}

/** All methods throw the ledger's Faults; every decline is a value. */
export function createAuthorization(deps: AuthorizationDeps): Authorization {
  return {
    payMerchantCode: (payment) => payMerchantCode(deps, payment),
    amountAsked: (payment) => readCode(deps, payment, deps.clock()).amountWon ?? payment.amountWon,
    preview: (payment) => preview(deps, payment),
    payConsumerCode: (payment) => payConsumerCode(deps, payment),
    cancel: (cancellation) => cancel(deps, cancellation),
    enquire: async (issuerId, id) => (await deps.ledger.find(issuerId, [id]))[0],
  }
}

interface ReadCode {
  readonly channel: Channel
  readonly amountWon: Won | undefined
  readonly outlet: Outlet | undefined
  readonly problem: DeclineReason | undefined
}

/** A code of zero won stands in the record of a payment whose amount nobody could read. */
const AMOUNT_UNREAD = 0 as Won

async function payMerchantCode(
  deps: AuthorizationDeps,
  payment: MerchantCodePayment,
): Promise<PaymentAnswer> {
  const { issuerId, payer } = payment
  const now = deps.clock()
  const { code, merchant, amountWon, decision } = decide(deps, payment, now)
  const [outcome] = await deps.ledger.pay(
    issuerId,
    [
      {
        operationId: payment.operationId,
        requestHash: requestHash(deps.sha256, [
          'payment',
          formatId('wlt', payer.walletId),
          payment.code,
          payment.amountWon,
          ...(payment.preferredPrograms ?? []),
        ]),
        channel: code.channel,
        walletId: payer.walletId,
        ...(merchant === undefined ? {} : { merchantId: merchant.merchantId }),
        ...(code.outlet === undefined ? {} : { outletId: code.outlet.outletId }),
        amountWon,
        tenders: decision.tenders,
        ...(decision.refusal === undefined ? {} : { refusal: decision.refusal }),
      },
    ],
    now,
  )
  return {
    outcome: outcome!,
    channel: code.channel,
    amountWon,
    merchant,
    outlet: code.outlet,
    walletId: payer.walletId,
  }
}

async function preview(
  deps: AuthorizationDeps,
  payment: ConsideredPayment,
): Promise<PaymentPreview> {
  const { issuerId, payer } = payment
  const now = deps.clock()
  const decided = decide(deps, payment, now)
  const lots = await deps.ledger.lots(issuerId, payer.walletId)
  return previewOf({ ...decided, lots }, now)
}

interface DecidedPayment {
  readonly code: ReadCode
  readonly merchant: Merchant | undefined
  readonly amountWon: Won
  readonly decision: PaymentDecision
}

function decide(deps: AuthorizationDeps, payment: ConsideredPayment, now: number): DecidedPayment {
  const { issuerId, payer } = payment
  const code = readCode(deps, payment, now)
  const merchant =
    code.outlet === undefined
      ? undefined
      : deps.acquiring.merchant(issuerId, code.outlet.merchantId)
  const amountWon = code.amountWon ?? payment.amountWon ?? AMOUNT_UNREAD
  const decision = decidePayment(
    {
      merchant,
      outlet: code.outlet,
      programs: deps.issuing.programs(issuerId),
      payerPersonId: payer.personId,
      walletStopped: deps.walletStopped(issuerId, payer.walletId),
      amountWon,
      ...(code.problem === undefined ? {} : { codeProblem: code.problem }),
      ...(payment.preferredPrograms === undefined
        ? {}
        : { preferredPrograms: payment.preferredPrograms }),
    },
    now,
  )
  return { code, merchant, amountWon, decision }
}

function readCode(deps: AuthorizationDeps, payment: ConsideredPayment, now: number): ReadCode {
  const { issuerId } = payment
  const read = readMerchantCode(payment.code, { verify: deps.verify, now })
  if (!read.ok) {
    return { channel: 'mpm_static', amountWon: undefined, outlet: undefined, problem: read.problem }
  }
  const { code } = read
  const channel = code.kind === 'static' ? 'mpm_static' : 'mpm_dynamic'
  const amountWon = code.kind === 'dynamic' ? code.amountWon : undefined
  if (code.issuerCode !== deps.issuing.issuer(issuerId)?.code) {
    return { channel, amountWon, outlet: undefined, problem: 'code_of_other_issuer' }
  }
  const outlet = deps.acquiring.outlet(issuerId, code.outletId)
  const differs =
    amountWon !== undefined && payment.amountWon !== undefined && payment.amountWon !== amountWon
  const kit = code.kind === 'static' ? deps.acquiring.kit(issuerId, code.kitId) : undefined
  const kitWrong =
    code.kind === 'static' && (kit === undefined || !kit.active || kit.outletId !== code.outletId)
  const missing = amountWon === undefined && payment.amountWon === undefined
  const problem = firstDecline([
    ...(kitWrong ? (['code_invalid'] as const) : []),
    ...(differs ? (['amount_differs_from_code'] as const) : []),
    ...(missing ? (['amount_missing'] as const) : []),
  ])
  return { channel, amountWon, outlet, problem }
}

async function payConsumerCode(
  deps: AuthorizationDeps,
  payment: ConsumerCodePayment,
): Promise<PaymentAnswer> {
  const { issuerId, clerk, amountWon } = payment
  const now = deps.clock()
  const merchant = deps.acquiring.merchant(issuerId, clerk.merchantId)
  const found = deps.acquiring.outlet(issuerId, clerk.outletId)
  const outlet = found?.merchantId === clerk.merchantId ? found : undefined
  const shown = await readConsumerCode(deps, issuerId, payment.code, now)
  const base = { channel: 'cpm' as const, amountWon, merchant, outlet }
  if (shown.payer === undefined) {
    // A code that names no phone has no wallet to record the refusal under, and can never pay.
    const outcome = { status: 'declined' as const, reason: shown.problem, replayed: false }
    return { ...base, outcome, walletId: undefined }
  }
  const { payer, problem, step } = shown
  const decision = decidePayment(
    {
      merchant,
      outlet,
      programs: deps.issuing.programs(issuerId),
      payerPersonId: payer.personId,
      walletStopped: deps.walletStopped(issuerId, payer.walletId),
      amountWon,
      ...(problem === undefined ? {} : { codeProblem: problem }),
    },
    now,
  )
  const [outcome] = await deps.ledger.pay(
    issuerId,
    [
      {
        operationId: payment.operationId,
        requestHash: requestHash(deps.sha256, [
          'payment',
          formatId('clk', clerk.clerkId),
          formatId('out', clerk.outletId),
          payment.code,
          amountWon,
        ]),
        actor: formatId('clk', clerk.clerkId),
        channel: 'cpm',
        walletId: payer.walletId,
        merchantId: clerk.merchantId,
        outletId: clerk.outletId,
        amountWon,
        tenders: decision.tenders,
        ...(step === undefined ? {} : { codeStep: step }),
        ...(decision.refusal === undefined ? {} : { refusal: decision.refusal }),
      },
    ],
    now,
  )
  return { ...base, outcome: outcome!, walletId: payer.walletId }
}

type ShownCode =
  | { readonly payer: undefined; readonly problem: DeclineReason; readonly step?: undefined }
  | {
      readonly payer: EnrolledPayer
      readonly problem: DeclineReason | undefined
      readonly step: number | undefined
    }

async function readConsumerCode(
  deps: AuthorizationDeps,
  issuerId: IssuerId,
  text: string,
  now: number,
): Promise<ShownCode> {
  const parsed = parseConsumerCode(text)
  if (!parsed.ok) return { payer: undefined, problem: parsed.problem }
  const payer = await deps.payerByHandle(issuerId, parsed.code.handle)
  if (payer === undefined) return { payer: undefined, problem: 'code_invalid' }
  if (!payer.active) return { payer, problem: 'code_invalid', step: undefined }
  const verified = verifyConsumerCode({
    parsed: parsed.code,
    seed: payer.seed,
    now,
    hmac: deps.hmac,
  })
  return verified.ok
    ? { payer, problem: undefined, step: verified.step }
    : { payer, problem: verified.problem, step: undefined }
}

async function cancel(
  deps: AuthorizationDeps,
  cancellation: PaymentCancellation,
): Promise<Outcome> {
  const { issuerId, operationId, clerk, paymentId, amountWon } = cancellation
  const [outcome] = await deps.ledger.cancel(
    issuerId,
    [
      {
        operationId,
        requestHash: requestHash(deps.sha256, [
          'cancellation',
          formatId('mrc', clerk.merchantId),
          paymentId,
          amountWon,
        ]),
        actor: formatId('clk', clerk.clerkId),
        paymentId,
        merchantId: clerk.merchantId,
        ...(amountWon === undefined ? {} : { amountWon }),
      },
    ],
    deps.clock(),
  )
  return outcome!
}
