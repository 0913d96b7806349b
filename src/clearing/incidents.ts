/**
 * The incident file: what accounts paid at our merchants while nobody could know, as the card company has it. Each line
 * becomes a conversion, or is known as one already; the file can be worked through again from its beginning.
 */
import { OPERATOR, type IssuerId, type OperationId, type PartnerId } from '../base/base.ts'
import { cardKeyText, cardOperationId, ruleOnSale, type CardKey } from '../cards/cards.ts'
import { findRecord, naturalKey, type ConversionBody } from '../registration/registration.ts'
import type { ClearingDeps } from './clearing-deps.ts'
import { explainConversion } from './conversions.ts'
import { changeFile, done } from './file-records.ts'
import { lineKey } from './files/card-files.ts'
import type { IncidentLine } from './files/line-layouts.ts'
import { takeIn, type IncomingFile, type TakenFile } from './incoming-file.ts'

export async function takeIncidentFile(deps: ClearingDeps, file: IncomingFile): Promise<TakenFile> {
  const intake = await takeIn(deps, 'incident', file)
  if (intake.status !== 'recorded') return intake
  const { record, content, known } = intake
  let differences = 0
  if (record.body.state === 'taken') {
    for (const line of content.lines) {
      const isAsKnown = await openFromLine(deps, file.partner.partnerId, line)
      if (!isAsKnown) differences += 1
    }
    await changeFile(deps, OPERATOR, record.body, (body) => done({ ...body, differences }))
  }
  const counts = { lines: content.lines.length, differences, waiting: 0 }
  return { status: 'taken', kind: 'incident', name: file.name, known, ...counts }
}

/** @returns false where the line and what is known of its sale differ: a case is open */
async function openFromLine(
  deps: ClearingDeps,
  partnerId: PartnerId,
  line: IncidentLine,
): Promise<boolean> {
  const key = lineKey(partnerId, line)
  const saleId = cardOperationId(key, 'sale', deps.sha256)
  const { cardToken, merchantNumber, accountWon, debitedAt } = line
  const facts = await deps.history.factsAt({ partnerId, cardToken, merchantNumber }, debitedAt)
  const sale = { key, cardToken, merchantNumber, amountWon: accountWon, at: debitedAt }
  const ruling = ruleOnSale({ ...sale, partialAllowed: true }, facts, debitedAt)
  const found = ruling.ruling === 'eligible' ? ruling : ruling.found
  const places = [...facts.places, ...deps.placesOf(merchantNumber)]
  const issuers = [...new Set(places.map(({ merchant }) => merchant.issuerId)), OPERATOR]
  const known = await findConversion(deps, issuers, saleId)
  const issuerId = known?.issuerId ?? found?.issuerId ?? issuers[0] ?? OPERATOR
  const conversion =
    known?.body ??
    (await openNew(deps, issuerId, {
      partnerId,
      saleId,
      line,
      memberId: found?.link.memberId ?? null,
      walletId: found?.link.walletId ?? null,
      merchantId: found?.merchant.merchantId ?? places[0]?.merchant.merchantId ?? null,
    }))
  if (conversion.accountWon !== accountWon) {
    return differs(deps, issuerId, { conversion, line, key })
  }
  if (!line.givenBack) return true
  if (conversion.state === 'explained') return true
  // The voucher has paid for an account that has its money again: somebody must look.
  if (conversion.operationId !== null) return differs(deps, issuerId, { conversion, line, key })
  const member = found?.link ?? { issuerId, memberId: conversion.memberId }
  await explainConversion(deps, { issuerId, conversion, reason: 'given_back', member })
  return true
}

async function openNew(
  { casebook }: ClearingDeps,
  issuerId: IssuerId,
  sale: Pick<ConversionBody, 'partnerId' | 'saleId' | 'memberId' | 'walletId' | 'merchantId'> & {
    readonly line: IncidentLine
  },
): Promise<ConversionBody> {
  const { line, ...about } = sale
  const { acquirer, terminal, stan, localDate, cardClass } = line
  const { cardToken, merchantNumber, saleWon, accountWon, debitedAt } = line
  const opened = await casebook.openConversion(issuerId, {
    ...about,
    key: { acquirer, terminal, stan, localDate, cardClass },
    cardToken,
    merchantNumber,
    saleWon,
    accountWon,
    debitedAt,
    heardFrom: 'incident_file',
  })
  return opened.conversion
}

async function findConversion(
  { registry }: ClearingDeps,
  issuers: readonly IssuerId[],
  saleId: OperationId,
): Promise<{ readonly issuerId: IssuerId; readonly body: ConversionBody } | undefined> {
  for (const issuerId of issuers) {
    const key = naturalKey.conversion(saleId)
    const record = await findRecord(registry, issuerId, 'conversion', key)
    if (record !== undefined) return { issuerId, body: record.body }
  }
  return undefined
}

async function differs(
  { casebook }: ClearingDeps,
  issuerId: IssuerId,
  of: {
    readonly conversion: ConversionBody
    readonly line: IncidentLine
    readonly key: CardKey
  },
): Promise<false> {
  const { conversion, line, key } = of
  await casebook.openCase({
    issuerId,
    caseKind: 'advice_mismatch',
    subject: conversion.saleId,
    owner: 'operator',
    facts: {
      cardKey: cardKeyText(key),
      accountWon: conversion.accountWon,
      fileWon: line.accountWon,
      givenBack: line.givenBack ? 'yes' : 'no',
    },
  })
  return false
}
