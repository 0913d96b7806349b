/**
 * Refund files: what the card company is to give back to accounts, because the voucher has paid. Each conversion
 * stands in exactly one; with it the conversion ends and the member is told. What the card company could not refund
 * is undone.
 */
import {
  assert,
  businessDate,
  parseOperationId,
  type IssuerId,
  type OperationId,
  OPERATOR,
} from '../base/base.ts'
import {
  cardActors,
  cardOperationId,
  conversionOperation,
  saleHash,
  undoingOf,
} from '../cards/cards.ts'
import {
  findRecord,
  naturalKey,
  type ConversionBody,
  type Partner,
} from '../registration/registration.ts'
import { closeOpen } from './clearing-cases.ts'
import type { ClearingDeps } from './clearing-deps.ts'
import { changed, explainConversion, keyOfSale, tell } from './conversions.ts'
import {
  allBooks,
  changeFile,
  done,
  fileOfName,
  findFile,
  nextFileName,
  openConversions,
} from './file-records.ts'
import type { RefundLine, RefundResultLine } from './files/line-layouts.ts'
import { takeIn, type IncomingFile, type TakenFile } from './incoming-file.ts'
import { begunFile, giveOut, recordOutgoing, type GivenFile } from './outgoing-file.ts'

interface Refund {
  readonly issuerId: IssuerId
  readonly conversion: ConversionBody
}

/** Gives out what waits; `undefined` where nothing does. */
export async function writeRefundFile(
  deps: ClearingDeps,
  partner: Partner,
): Promise<GivenFile | undefined> {
  const begun = await begunFile(deps, partner, 'refund')
  if (begun !== undefined) await giveOut(deps, partner, begun)
  await endRefunds(deps, partner)
  const waiting = await refundsOf(deps, partner)
  const meant = waiting.map(({ conversion }) => conversion.refundFile)
  const name = await nextFileName(deps, partner, 'refund', meant)
  const refunds: Refund[] = []
  for (const { issuerId, conversion } of waiting) {
    const marked = await mark(deps, issuerId, conversion, name)
    if (marked !== undefined) refunds.push({ issuerId, conversion: marked })
  }
  if (refunds.length === 0) return undefined
  const lines = refunds.map(({ conversion }) => lineOf(conversion))
  const record = await recordOutgoing(deps, partner, { kind: 'refund', name, lines })
  const given = await giveOut(deps, partner, record)
  await endRefunds(deps, partner)
  return given
}

/** Conversions that the voucher has paid and no file that was given out tells of. */
async function refundsOf(deps: ClearingDeps, { partnerId }: Partner): Promise<readonly Refund[]> {
  const refunds: Refund[] = []
  for (const issuerId of allBooks(deps)) {
    for (const conversion of await openConversions(deps, issuerId)) {
      const isTheirs = conversion.partnerId === partnerId && conversion.operationId !== null
      if (isTheirs) refunds.push({ issuerId, conversion })
    }
  }
  return refunds
}

/** `undefined` where the card company took the sale back in the meantime: then there is nothing to refund. */
async function mark(
  deps: ClearingDeps,
  issuerId: IssuerId,
  conversion: ConversionBody,
  name: string,
): Promise<ConversionBody | undefined> {
  const { saleId, operationId, voucherWon } = conversion
  assert(operationId !== null, 'what waits for a refund was paid')
  const ledger = await paidBy(deps, conversion)
  if (ledger !== undefined && ledger.leftWon < voucherWon && ledger.isConversion) {
    const member = { issuerId: ledger.issuerId, memberId: conversion.memberId }
    await explainConversion(deps, { issuerId, conversion, reason: 'reversed', member })
    return undefined
  }
  return changed(deps, issuerId, saleId, (body) =>
    body.refundFile === name ? undefined : { ...body, refundFile: name },
  )
}

interface Payment {
  /** Whose ledger has it. */
  readonly issuerId: IssuerId
  readonly operationId: OperationId
  readonly merchantId: ConversionBody['merchantId']
  readonly leftWon: number
  /** False where the sale's own payment stands, which the account had paid twice. */
  readonly isConversion: boolean
}

async function paidBy(
  deps: ClearingDeps,
  conversion: ConversionBody,
): Promise<Payment | undefined> {
  const { operationId, saleId, merchantNumber } = conversion
  if (operationId === null) return undefined
  for (const { merchant } of deps.placesOf(merchantNumber)) {
    const { issuerId } = merchant
    const [paid] = await deps.ledger.find(issuerId, [operationId])
    if (paid === undefined) continue
    const isConversion = operationId === conversionOperation(saleId, deps.sha256).operationId
    const leftWon = paid.amountWon - paid.cancelledWon
    return { issuerId, operationId, merchantId: paid.merchantId ?? null, leftWon, isConversion }
  }
  return undefined
}

function lineOf(conversion: ConversionBody): RefundLine {
  const { key, cardToken, saleId, voucherWon } = conversion
  return { ...key, cardToken, conversionId: saleId, refundWon: voucherWon, voucherWon }
}

/** Ends conversions whose file was given out, and tells their members both amounts. */
async function endRefunds(deps: ClearingDeps, partner: Partner): Promise<void> {
  for (const { issuerId, conversion } of await refundsOf(deps, partner)) {
    const { refundFile, voucherWon, memberId, saleId } = conversion
    if (refundFile === null) continue
    const file = await findFile(deps, OPERATOR, fileOfName(partner, refundFile))
    if (file?.body.state !== 'done') continue
    const paid = await paidBy(deps, conversion)
    const member = { issuerId: paid?.issuerId ?? issuerId, memberId }
    const facts = {
      voucherWon,
      refundedWon: voucherWon,
      paidTwice: paid?.isConversion === false ? 'yes' : 'no',
    }
    await tell(deps, member, conversion, { noticeKind: 'retro_conversion', facts })
    const closedAt = deps.clock()
    await changed(deps, issuerId, saleId, (body) =>
      body.state === 'converted' ? undefined : { ...body, state: 'converted', closedAt },
    )
    await closeOpen(deps, issuerId, 'conversion_overdue', saleId, 'converted')
  }
}

export async function takeRefundResults(
  deps: ClearingDeps,
  file: IncomingFile,
): Promise<TakenFile> {
  const intake = await takeIn(deps, 'refund_result', file)
  if (intake.status !== 'recorded') return intake
  const { record, content, known } = intake
  let differences = 0
  if (record.body.state === 'taken') {
    for (const line of content.lines) {
      if (!(await takeResult(deps, file.partner, line))) differences += 1
    }
    await changeFile(deps, OPERATOR, record.body, (body) => done({ ...body, differences }))
  }
  const counts = { lines: content.lines.length, differences, waiting: 0 }
  return { status: 'taken', kind: 'refund_result', name: file.name, known, ...counts }
}

/** @returns false where somebody has to look */
async function takeResult(
  deps: ClearingDeps,
  partner: Partner,
  line: RefundResultLine,
): Promise<boolean> {
  const { result, refundWon } = line
  const refund = await findRefund(deps, line.conversionId)
  const isOurs =
    refund !== undefined &&
    refund.conversion.partnerId === partner.partnerId &&
    refund.conversion.refundFile !== null
  if (!isOurs) return lookInto(deps, OPERATOR, line)
  const { issuerId, conversion } = refund
  if (conversion.state === 'explained') return true
  if (conversion.voucherWon !== refundWon) return lookInto(deps, issuerId, line)
  if (result === 'refunded') return true
  const paid = await paidBy(deps, conversion)
  const member = { issuerId: paid?.issuerId ?? issuerId, memberId: conversion.memberId }
  if (paid?.isConversion === true) await giveBack(deps, conversion, paid)
  // Both have paid, and the account cannot be given back what is too much: the member is owed it.
  else if (result !== 'given_back_before') return lookInto(deps, issuerId, line)
  const reason = `refund_${result}`
  await explainConversion(deps, { issuerId, conversion, reason, member })
  return true
}

async function findRefund(deps: ClearingDeps, conversionId: string): Promise<Refund | undefined> {
  const saleId = parseOperationId(conversionId)
  if (saleId === undefined) return undefined
  for (const issuerId of allBooks(deps)) {
    const key = naturalKey.conversion(saleId)
    const record = await findRecord(deps.registry, issuerId, 'conversion', key)
    if (record !== undefined) return { issuerId, conversion: record.body }
  }
  return undefined
}

async function lookInto(
  { casebook }: ClearingDeps,
  issuerId: IssuerId,
  line: RefundResultLine,
): Promise<false> {
  const { conversionId, result, refundWon } = line
  await casebook.openCase({
    issuerId,
    caseKind: 'advice_mismatch',
    subject: `refund ${conversionId}`,
    owner: 'operator',
    facts: { conversionId, result, refundWon },
  })
  return false
}

/** The account was not refunded, so the voucher must not have paid: under the key that a reversal would use. */
async function giveBack(
  deps: ClearingDeps,
  conversion: ConversionBody,
  { issuerId, operationId, merchantId, leftWon }: Payment,
): Promise<void> {
  if (leftWon === 0) return
  assert(merchantId !== null, 'a payment has a merchant')
  const { saleWon: amountWon, partnerId, cardToken, merchantNumber } = conversion
  const key = keyOfSale(conversion)
  const now = deps.clock()
  await deps.ledger.cancel(
    issuerId,
    [
      {
        operationId: cardOperationId(key, undoingOf.conversion, deps.sha256),
        requestHash: saleHash({ key, cardToken, merchantNumber, amountWon }, deps.sha256),
        paymentId: operationId,
        merchantId,
        actor: cardActors.conversionReversal,
        card: { partnerId, businessDate: businessDate(now) },
      },
    ],
    now,
  )
}
