/**
 * What policy must have refused, judged again by plain words of its own: at each arrival of a payment's
 * request it is noted whether the payment was allowed at that instant, and from which programs. A payment
 * that is booked must have been allowed at one of its arrivals.
 */
import type { OperationId, ProgramId, WalletId } from '../../src/base/base.ts'
import type { Program, ProgramTerms } from '../../src/issuing/issuing.ts'
import type { LedgerSnapshot } from '../../src/ledger/ledger.ts'
import type { CoreRequest } from '../requests.ts'
import type { World } from '../world.ts'
import type { Report } from './sales.ts'

const CODE_VALID_MS = 180_000
const CODE_AHEAD_MS = 60_000

/** What the maker of a merchant's code put into it; other texts are no codes. */
export interface GenuineCode {
  readonly issuerId: number
  readonly outletId: number
  readonly kitActive: boolean
  /** Dynamic codes only. */
  readonly dynamic: { readonly amountWon: number; readonly issuedAt: number } | undefined
}

export interface PolicyWatch {
  /** To be told of every genuine code that is made. */
  codeMade(text: string, code: GenuineCode): void
  arrived(request: CoreRequest, now: number): void
  check(snapshot: LedgerSnapshot, report: Report): void
}

export function watchPolicy(world: World): PolicyWatch {
  const codes = new Map<string, GenuineCode>()
  const allowed = new Map<OperationId, Set<ProgramId>>()
  return {
    codeMade: (text, code) => void codes.set(text, code),
    arrived(request, now) {
      const programs = allowedPrograms(world, codes, request, now)
      if (programs.length === 0) return
      const { operationId } = request.body
      const known = allowed.get(operationId) ?? new Set()
      for (const programId of programs) known.add(programId)
      allowed.set(operationId, known)
    },
    check(snapshot, report) {
      const programOf = new Map<number, ProgramId>(
        snapshot.lots.map((lot) => [lot.lotId, lot.programId]),
      )
      for (const { operationId, kind, decline, transfers } of snapshot.operations) {
        if (kind !== 'payment' || decline !== undefined) continue
        const programs = allowed.get(operationId)
        if (programs === undefined) {
          report(operationId, 'was paid, and policy allowed it at no arrival')
          continue
        }
        for (const { debitId } of transfers) {
          if (!programs.has(programOf.get(debitId)!)) {
            report(
              operationId,
              `consumed lot ${debitId} of a program that could not be spent there`,
            )
          }
        }
      }
    },
  }
}

/** Programs whose money this request may consume now; none where it must be refused. */
function allowedPrograms(
  world: World,
  codes: ReadonlyMap<string, GenuineCode>,
  request: CoreRequest,
  now: number,
): ProgramId[] {
  if (request.kind === 'merchant_code_payment') {
    const { issuerId, payer, code, amountWon } = request.body
    const genuine = codes.get(code)
    if (genuine === undefined || genuine.issuerId !== issuerId || !genuine.kitActive) return []
    const { dynamic, outletId } = genuine
    if (dynamic !== undefined) {
      const age = now - dynamic.issuedAt
      if (age >= CODE_VALID_MS || age < 0 - CODE_AHEAD_MS) return []
      if (amountWon !== undefined && amountWon !== dynamic.amountWon) return []
    }
    const asked = dynamic?.amountWon ?? amountWon ?? 0
    return spendable(world, { issuerId, outletId, walletId: payer.walletId, amountWon: asked }, now)
  }
  if (request.kind !== 'consumer_code_payment') return []
  const { issuerId, clerk, code, amountWon } = request.body
  const payer = world.payerByHandle(issuerId, Number(code.slice(2, 12)))
  if (payer?.active !== true) return []
  const { outletId } = clerk
  return spendable(world, { issuerId, outletId, walletId: payer.walletId, amountWon }, now)
}

function spendable(
  world: World,
  payment: { issuerId: number; outletId: number; walletId: WalletId; amountWon: number },
  now: number,
): ProgramId[] {
  const { walletId, amountWon } = payment
  const payer = world.payers.find((one) => one.walletId === walletId)
  const till = world.tills.find((one) => one.outlet.outletId === payment.outletId)
  if (payer === undefined || till === undefined || payer.issuerId !== payment.issuerId) return []
  const { outlet } = till
  const merchant = world.acquiring.merchant(payer.issuerId, outlet.merchantId)
  if (merchant?.status !== 'active' || !outlet.open) return []
  if (merchant.ownerPersonId === payer.member.personId) return []
  if (world.stoppedWallets.has(walletId)) return []
  if (merchant.sector === 'gambling') return []
  return world
    .programsOf(payer.issuerId)
    .filter((program) => {
      const terms = latestTerms(program, now)
      if (terms === undefined || terms.paymentSuspended) return false
      const revenueWonMax = terms.merchantRules.revenueWonMax[terms.kind]
      const small = revenueWonMax === null || merchant.annualRevenueWon <= revenueWonMax
      return small && amountWon > 0 && amountWon <= terms.paymentWonMax
    })
    .map((program) => program.programId)
}

function latestTerms(program: Program, now: number): ProgramTerms | undefined {
  return program.terms
    .filter((terms) => terms.effectiveFrom <= now)
    .toSorted((a, b) => b.effectiveFrom - a.effectiveFrom || b.version - a.version)[0]
}
