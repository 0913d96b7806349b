/**
 * The end of a city: the card companies' books, the gateways' records and the ledger say the same of every sale; what
 * was acknowledged was taken; every loss has its case; what stand-in approved stands in the ledger once.
 */
import type { IssuerId } from '../../../src/base/base.ts'
import {
  saleOfNotice,
  cardKeyText,
  cardOperationId,
  findBooks,
  isReversed,
  takingParts,
  type CardNotice,
} from '../../../src/cards/cards.ts'
import { approvedWon } from '../../../src/cards/sale-amount.ts'
import { isTakenBack } from '../../../src/cards/sale-books.ts'
import type { LedgerSnapshot } from '../../../src/ledger/ledger.ts'
import { salesOf, type CompanySale } from '../../../src/main/reconcile-company.ts'
import type { GatewayAnswer, GatewayBooks } from '../../../src/main/reconcile-gateway.ts'
import { reconcile, type ThreeBooks } from '../../../src/main/reconcile-matching.ts'
import { readBody } from '../../../src/registration/registration.ts'
import type { Report } from '../../checkers/sales.ts'
import { sha256 } from '../../crypto-ports.ts'
import type { CardDatabase } from '../card-database.ts'
import type { CardGateway } from '../card-gateway.ts'
import type { CardPartner } from '../card-partner.ts'
import { ISSUERS, OPERATOR } from '../card-world.ts'
import type { AnswerWatch } from './answers.ts'

const PAGE = 1_000

interface Books {
  readonly database: CardDatabase
  readonly gateways: readonly CardGateway[]
  readonly partners: readonly CardPartner[]
  readonly watch: AnswerWatch
  /** Names of notices that the core has given a receipt for, by gateway. */
  readonly receipts: ReadonlySet<string>
  readonly snapshots: ReadonlyMap<IssuerId, LedgerSnapshot>
}

/** All of it, once the city is at rest. */
export async function checkThreeBooks(books: Books, report: Report): Promise<void> {
  const sales = books.partners.flatMap(({ entries }) => salesOf(entries))
  checkSales(books, sales, report)
  checkAcknowledged(books, report)
  checkLosses(books, sales, report)
  await checkStandIn(books, report)
}

export function noticePlace(gateway: string, notice: CardNotice): string {
  const { decidedAt: _at, ...said } = notice
  return `${gateway} ${JSON.stringify(said)}`
}

function checkSales(books: Books, sales: readonly CompanySale[], report: Report): void {
  const three: ThreeBooks = {
    sales,
    gateways: books.gateways.map((gateway) => gatewayBooks(gateway, books.watch)),
    ledger: {
      operations: [...books.snapshots].flatMap(([issuerId, { operations }]) =>
        operations
          .filter(({ card, kind }) => card !== undefined && kind !== 'card_settlement')
          .map(({ operationId, kind, decline, amountWon, targetId }) => ({
            operationId,
            issuerId,
            kind,
            decline: decline ?? null,
            amountWon,
            targetId: targetId ?? null,
          })),
      ),
      conversions: newestOf(books.database, 'conversion').map(({ body }) => {
        const { saleId, state, voucherWon } = readBody('conversion', body)
        return { saleId, state, voucherWon }
      }),
    },
    gatewaysKnowSince: 0,
  }
  for (const found of reconcile(three, sha256).breaks) {
    const { kinds, key, company, gateways, ledger } = found
    report(key, `${kinds.join(', ')}: company ${company}; gateways ${gateways}; ledger ${ledger}`)
  }
}

function gatewayBooks(gateway: CardGateway, watch: AnswerWatch): GatewayBooks {
  const store = gateway.store()
  const answers = new Map<string, GatewayAnswer>()
  for (const key of watch.keysAt(gateway.name)) {
    // What the core said while a disk was full passed the gateway, and stands in nobody's record but the partner's.
    const answer = store.answered(key)?.answer ?? watch.passedBy(gateway.name, key)
    if (answer !== undefined) answers.set(key, answer)
  }
  const stored = [
    ...store.takenSince(0, { after: 0, limit: PAGE * PAGE }),
    ...store.waiting(0, PAGE),
  ]
  const notices = new Map<string, CardNotice[]>()
  const waiting = new Map<string, number>()
  for (const { saleKey, notice, takenAt } of stored) {
    notices.set(saleKey, [...(notices.get(saleKey) ?? []), notice])
    if (takenAt === undefined) waiting.set(saleKey, (waiting.get(saleKey) ?? 0) + 1)
  }
  return { gateway: gateway.name, answers, notices, waiting }
}

function newestOf(database: CardDatabase, wanted: 'conversion' | 'case') {
  return [OPERATOR, ...ISSUERS].flatMap((issuerId) => {
    const versions = database.registry().versions(issuerId)
    return [
      ...new Map(
        versions.filter(({ kind }) => kind === wanted).map((one) => [one.recordId, one]),
      ).values(),
    ]
  })
}

function checkAcknowledged({ watch, receipts }: Books, report: Report): void {
  for (const { gateway, notice } of watch.acknowledged) {
    if (receipts.has(noticePlace(gateway, notice))) continue
    const key = cardKeyText(saleOfNotice(notice).key)
    report(
      key,
      `its ${notice.kind} was acknowledged by gateway ${gateway}, and the core never took it`,
    )
  }
}

function checkLosses(books: Books, sales: readonly CompanySale[], report: Report): void {
  const saleOf = new Map(
    sales.flatMap(({ key }) => {
      const saleId = cardOperationId(key, 'sale', sha256)
      return takingParts.map((part) => [cardOperationId(key, part, sha256), saleId] as const)
    }),
  )
  const withCase = new Set(
    newestOf(books.database, 'case').flatMap(({ body }) => {
      const { caseKind, subject } = readBody('case', body)
      return caseKind === 'standin_shortage' ? [subject] : []
    }),
  )
  for (const { operations } of books.snapshots.values()) {
    for (const { operationId, transfers } of operations) {
      if (!transfers.some(({ debitKind }) => debitKind === 'standin_loss')) continue
      const saleId = saleOf.get(operationId)
      if (saleId === undefined) report(operationId, 'took from the loss account for nobody’s sale')
      else if (!withCase.has(saleId))
        report(operationId, 'took from the loss account, and there is no case')
    }
  }
}

/**
 * Once, with whichever issuer the core found the sale. A hold may have found less; what lacks is taken when it is
 * completed.
 */
async function checkStandIn({ database, watch }: Books, report: Report): Promise<void> {
  const ledger = database.ledger()
  for (const [saleKey, { request, answer }] of watch.standIn) {
    if (request.kind !== 'pay') continue
    const { key } = request.sale
    const found = await Promise.all(
      ISSUERS.map((issuerId) => findBooks({ ledger, sha256 }, issuerId, { key })),
    )
    if (found.some((books) => isTakenBack(books) || isReversed(books))) continue
    const inLedgerWon = found.reduce((sum, books) => sum + approvedWon(books), 0)
    if (inLedgerWon !== answer.voucherWon) {
      report(saleKey, `stand-in approved ₩${answer.voucherWon}, and the ledger has ₩${inLedgerWon}`)
    }
  }
}
