/** Receipts of notices that were taken, and the cases that some of them open. */
import { OPERATOR, sumWon, won, type IssuerId, type Won } from '../base/base.ts'
import type { Outcome, RecordedOperation } from '../ledger/ledger.ts'
import type { CaseKind } from '../registration/registration.ts'
import type { NoticeEffect, NoticeReceipt } from './card-desk.ts'
import type { CardSale } from './card-message.ts'
import { cardKeyText, cardOperationId } from './card-operation.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import { lossWon, walletWon } from './sale-posting.ts'

export type TakenReceipt = Extract<NoticeReceipt, { readonly status: 'taken' }>

export function taken(
  { clock }: CardDeskDeps,
  effect: NoticeEffect,
  amounts?: { readonly voucherWon: Won; readonly lossWon: Won },
): TakenReceipt {
  const { voucherWon = won(0), lossWon: loss = won(0) } = amounts ?? {}
  return { status: 'taken', effect, voucherWon, lossWon: loss, takenAt: clock() }
}

export interface CaseFinding {
  readonly issuerId: IssuerId | undefined
  readonly caseKind: CaseKind
  readonly sale: CardSale
  readonly facts?: Readonly<Record<string, string | number>>
}

/** Opens a case of two weeks, or finds it there. What is about a card is the operator's to explain. */
export async function openCase(
  { casebook, sha256 }: CardDeskDeps,
  { issuerId, caseKind, sale, facts }: CaseFinding,
): Promise<void> {
  await casebook.openCase({
    issuerId: ownerOf(issuerId),
    caseKind,
    subject: cardOperationId(sale.key, 'sale', sha256),
    owner: 'operator',
    facts: {
      partnerId: sale.key.partnerId,
      cardKey: cardKeyText(sale.key),
      merchantNumber: sale.merchantNumber,
      saleWon: sale.amountWon,
      ...facts,
    },
  })
}

export function ownerOf(issuerId: IssuerId | undefined): IssuerId {
  return issuerId ?? OPERATOR
}

/** Nothing could be moved: somebody looks at it. */
export async function takenAsCase(deps: CardDeskDeps, finding: CaseFinding): Promise<TakenReceipt> {
  await openCase(deps, finding)
  return taken(deps, 'case')
}

/** Of money that was taken, now or when the notice was first told; a shortage has its case either way. */
export async function takenOf(
  deps: CardDeskDeps,
  told: {
    readonly issuerId: IssuerId
    readonly sale: CardSale
    readonly effect: NoticeEffect
    readonly moved: readonly (Outcome | RecordedOperation)[]
  },
): Promise<TakenReceipt> {
  const { issuerId, sale, effect, moved } = told
  const amounts = {
    voucherWon: sumWon(moved.map(fromWallet)),
    lossWon: sumWon(moved.map(fromLoss)),
  }
  if (amounts.lossWon > 0) {
    const facts = { lossWon: amounts.lossWon, voucherWon: amounts.voucherWon }
    await openCase(deps, { issuerId, caseKind: 'standin_shortage', sale, facts })
  }
  return taken(deps, effect, amounts)
}

const fromWallet = (moved: Outcome | RecordedOperation): Won =>
  'status' in moved ? walletWon(moved) : sumWon(moved.legs.map((leg) => leg.amountWon))

const fromLoss = (moved: Outcome | RecordedOperation): Won =>
  'status' in moved ? lossWon(moved) : (moved.lossWon ?? won(0))
