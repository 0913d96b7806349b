/**
 * Retro-conversion (사후전환): each open conversion is decided by the table of SPEC.md and carried on until the voucher has
 * paid, or until the member was told why it does not. What was paid waits, still open, for the refund file.
 */
import {
  assert,
  businessDate,
  DAY_MS,
  Fault,
  sumWon,
  unreachable,
  won,
  type IssuerId,
  type MemberId,
  type OperationId,
  type PartnerId,
  type Won,
  OPERATOR,
} from '../base/base.ts'
import {
  cardActors,
  cardKeyText,
  cardOperationId,
  conversionOperation,
  findBooks,
  ruleOnSale,
  saleHash,
  undoingOf,
  type CardKey,
  type CardSale,
  type SaleRuling,
} from '../cards/cards.ts'
import type { ConversionBody, NoticeBody } from '../registration/registration.ts'
import { closeOpen } from './clearing-cases.ts'
import type { ClearingDeps } from './clearing-deps.ts'
import {
  conversionTable,
  nothingInLedger,
  reasonOf,
  rulingOfDay,
  saleInLedger,
  type SaleInLedger,
} from './conversion-decision.ts'
import { openConversions, openFiles } from './file-records.ts'

export interface ConversionTurn {
  /** Paid by voucher and waiting for the refund file, since this turn. */
  readonly converted: number
  readonly explained: number
  /** Open after the turn. */
  readonly open: number
  /** Of those: whose last day is near. */
  readonly dueSoon: number
  readonly overdue: number
}

/** One issuer's open conversions. One that cannot be decided now keeps no other from its turn. */
export async function runConversions(
  deps: ClearingDeps,
  issuerId: IssuerId,
): Promise<ConversionTurn> {
  const turn = { converted: 0, explained: 0, open: 0, dueSoon: 0, overdue: 0 }
  // A line further down may say that the account has its money back.
  const halfRead = await halfReadIncidents(deps)
  for (const conversion of await openConversions(deps, issuerId)) {
    const { operationId, partnerId } = conversion
    const isDecided = operationId !== null || halfRead.has(partnerId)
    const after = isDecided ? conversion : await decide(deps, issuerId, conversion)
    if (after.state === 'explained') turn.explained += 1
    if (after.state !== 'open') continue
    turn.open += 1
    if (operationId === null && after.operationId !== null) turn.converted += 1
    await watch(deps, issuerId, after, turn)
  }
  return turn
}

/** With a wallet that is busy, or a ledger that is away for a moment, it stays as it is until a later turn. */
async function decide(
  deps: ClearingDeps,
  issuerId: IssuerId,
  conversion: ConversionBody,
): Promise<ConversionBody> {
  try {
    return await carryOn(deps, issuerId, conversion)
  } catch (error) {
    if (error instanceof Fault) return conversion
    throw error
  }
}

async function halfReadIncidents(deps: ClearingDeps): Promise<ReadonlySet<PartnerId>> {
  const partners = new Set<PartnerId>()
  for (const { partnerId } of deps.partners()) {
    const files = await openFiles(deps, OPERATOR, partnerId)
    if (files.some(({ body }) => body.fileKind === 'incident')) partners.add(partnerId)
  }
  return partners
}

async function watch(
  deps: ClearingDeps,
  issuerId: IssuerId,
  conversion: ConversionBody,
  turn: { dueSoon: number; overdue: number },
): Promise<void> {
  const { saleId, partnerId, accountWon, dueAt, debitedAt } = conversion
  const now = deps.clock()
  if (now >= dueAt) {
    turn.overdue += 1
    await deps.casebook.openCase({
      issuerId,
      caseKind: 'conversion_overdue',
      subject: saleId,
      owner: 'operator',
      facts: { partnerId, accountWon, debitedAt },
    })
  } else if (now >= dueAt - deps.rules.warnDaysBefore * DAY_MS) {
    turn.dueSoon += 1
  }
}

export function keyOfSale({ partnerId, key }: Pick<ConversionBody, 'partnerId' | 'key'>): CardKey {
  return { partnerId, ...key }
}

/** The sale as the terminal would have asked it of us: the account allows itself to pay the rest, for it has. */
function saleOf(conversion: ConversionBody): CardSale {
  const { cardToken, merchantNumber, accountWon, debitedAt } = conversion
  const sale = { cardToken, merchantNumber, amountWon: accountWon, at: debitedAt }
  return { key: keyOfSale(conversion), ...sale, partialAllowed: true }
}

/** What is known of one conversion when it is decided. */
interface Hearing {
  readonly deps: ClearingDeps
  /** Whose book the conversion stands in. */
  readonly issuerId: IssuerId
  readonly conversion: ConversionBody
  readonly ruling: SaleRuling
  readonly ledger: SaleInLedger & { readonly issuerId: IssuerId }
}

async function carryOn(
  deps: ClearingDeps,
  issuerId: IssuerId,
  conversion: ConversionBody,
): Promise<ConversionBody> {
  const { debitedAt } = conversion
  const facts = await deps.history.factsAt(conversion, debitedAt)
  const ruling = ruleOnSale(saleOf(conversion), facts, debitedAt)
  const ruled = ruling.ruling === 'eligible' ? ruling : ruling.found
  const issuers = [
    ...(ruled === undefined ? [] : [ruled.issuerId]),
    ...[...facts.places, ...deps.placesOf(conversion.merchantNumber)].map(
      ({ merchant }) => merchant.issuerId,
    ),
  ]
  const ledger = await findSale(deps, conversion, [...new Set(issuers)])
  return act({
    deps,
    issuerId,
    conversion,
    ruling,
    ledger: ledger ?? { ...nothingInLedger, issuerId },
  })
}

/** Where something of the sale is booked; else the first issuer, where it would be. */
async function findSale(
  deps: ClearingDeps,
  conversion: ConversionBody,
  issuers: readonly IssuerId[],
): Promise<Hearing['ledger'] | undefined> {
  let first: Hearing['ledger'] | undefined
  for (const issuerId of issuers) {
    const books = await findBooks(deps, issuerId, { key: keyOfSale(conversion) })
    const found = { ...saleInLedger(conversion, books), issuerId }
    if (found.state !== 'nothing') return found
    first ??= found
  }
  return first
}

async function act(hearing: Hearing): Promise<ConversionBody> {
  const { ruling, ledger } = hearing
  const action = conversionTable[ledger.state][rulingOfDay(ruling)]
  switch (action) {
    case 'explain':
      if (isContradicted(hearing)) await openContradiction(hearing)
      return explain(hearing, reasonOf(ledger.state, ruling))
    case 'free_and_explain':
      await freeHold(hearing)
      return explain(hearing, reasonOf(ledger.state, ruling))
    case 'pay_all':
      return pay(hearing, 'all')
    case 'pay_part':
      return pay(hearing, 'partial')
    case 'free_and_pay_all':
      await freeHold(hearing)
      return pay(hearing, 'all')
    case 'free_and_pay_part':
      await freeHold(hearing)
      return pay(hearing, 'partial')
    case 'refund':
      return noteTaken(hearing, ledger.operationId, ledger.excessWon)
    case 'go_on':
      return noteTaken(hearing, ledger.operationId, await bookedWon(hearing))
    default:
      return unreachable(action)
  }
}

/** The card company took the sale back, and says afterwards that the account is debited all the same. */
function isContradicted({ conversion, ledger }: Hearing): boolean {
  const { heardFrom, openedAt } = conversion
  const wasReversed = ledger.reversedAt !== undefined && ledger.reversedAt <= openedAt
  return heardFrom === 'incident_file' && wasReversed
}

async function openContradiction({ deps, issuerId, conversion }: Hearing): Promise<void> {
  const { saleId, partnerId, accountWon, debitedAt } = conversion
  await deps.casebook.openCase({
    issuerId,
    caseKind: 'advice_mismatch',
    subject: saleId,
    owner: 'operator',
    facts: { partnerId, cardKey: cardKeyText(keyOfSale(conversion)), accountWon, debitedAt },
  })
}

/** Lets money go that was set aside for a sale which the account paid. */
async function freeHold({ deps, conversion, ledger }: Hearing): Promise<void> {
  const { hold, issuerId } = ledger
  assert(hold !== undefined, 'what is held has a hold')
  const sale = { ...saleOf(conversion), amountWon: conversion.saleWon }
  await deps.ledger.closeHolds(
    issuerId,
    [
      {
        operationId: cardOperationId(sale.key, undoingOf[hold.part], deps.sha256),
        requestHash: saleHash(sale, deps.sha256),
        holdId: hold.operationId,
        amountWon: won(0),
        actor: cardActors.reversal,
        card: { partnerId: conversion.partnerId, businessDate: sale.key.localDate },
      },
    ],
    deps.clock(),
  )
}

/** The voucher pays now what the account paid then: by the rules of that day, with the money of today. */
async function pay(hearing: Hearing, coverage: 'all' | 'partial'): Promise<ConversionBody> {
  const { deps, conversion, ruling } = hearing
  assert(ruling.ruling === 'eligible', 'only what the rules allow is paid')
  const { issuerId, merchant, outlet, link, tenders } = ruling
  const now = deps.clock()
  const [outcome] = await deps.ledger.pay(
    issuerId,
    [
      {
        ...conversionOperation(conversion.saleId, deps.sha256),
        channel: 'card',
        walletId: link.walletId,
        merchantId: merchant.merchantId,
        outletId: outlet.outletId,
        amountWon: conversion.accountWon,
        tenders,
        coverage,
        actor: cardActors.conversion,
        card: { partnerId: conversion.partnerId, businessDate: businessDate(now) },
      },
    ],
    now,
  )
  assert(outcome !== undefined && outcome.status !== 'key_reused', 'a sale has one conversion')
  if (outcome.status === 'declined') {
    const isReversed = outcome.reason === 'reversed_first'
    return explain(hearing, isReversed ? 'reversed' : outcome.reason)
  }
  const { operationId } = conversionOperation(conversion.saleId, deps.sha256)
  const voucherWon = sumWon(outcome.legs.map((leg) => leg.amountWon))
  return noteTaken(hearing, operationId, voucherWon)
}

async function bookedWon({ deps, ledger }: Hearing): Promise<Won> {
  const { issuerId, operationId } = ledger
  assert(operationId !== undefined, 'what is converted has an operation')
  const [booked] = await deps.ledger.find(issuerId, [operationId])
  assert(booked !== undefined, 'what was found is there')
  return won(booked.amountWon - booked.cancelledWon)
}

/** From here on the conversion waits for the next refund file. */
async function noteTaken(
  { deps, issuerId, conversion, ruling }: Hearing,
  operationId: OperationId | undefined,
  voucherWon: Won,
): Promise<ConversionBody> {
  assert(operationId !== undefined, 'what the voucher paid has an operation')
  const ruled = ruling.ruling === 'eligible' ? ruling : ruling.found
  const { memberId, walletId } = ruled?.link ?? conversion
  const merchantId = ruled?.merchant.merchantId ?? conversion.merchantId
  return changed(deps, issuerId, conversion.saleId, (body) =>
    body.state !== 'open' || body.operationId !== null
      ? undefined
      : { ...body, operationId, voucherWon, memberId, walletId, merchantId },
  )
}

async function explain(hearing: Hearing, reason: string): Promise<ConversionBody> {
  const { deps, issuerId, conversion, ruling } = hearing
  const link = ruling.ruling === 'eligible' ? ruling.link : ruling.found?.link
  const member =
    link === undefined
      ? { issuerId, memberId: conversion.memberId }
      : { issuerId: link.issuerId, memberId: link.memberId }
  return explainConversion(deps, { issuerId, conversion, reason, member })
}

/** Whose app is told. */
interface ToldMember {
  readonly issuerId: IssuerId
  readonly memberId: MemberId | null
}

/** Tells the member, then closes: the notice is written once however often this is repeated. */
export async function explainConversion(
  deps: ClearingDeps,
  given: {
    readonly issuerId: IssuerId
    readonly conversion: ConversionBody
    readonly reason: string
    readonly member: ToldMember
  },
): Promise<ConversionBody> {
  const { issuerId, conversion, reason, member } = given
  await tell(deps, member, conversion, {
    noticeKind: 'retro_conversion_refused',
    facts: { reason, voucherWon: 0, refundedWon: 0 },
  })
  const closedAt = deps.clock()
  const after = await changed(deps, issuerId, conversion.saleId, (body) =>
    body.state === 'explained'
      ? undefined
      : { ...body, state: 'explained', reason, closedAt, voucherWon: won(0) },
  )
  await closeOpen(deps, issuerId, 'conversion_overdue', conversion.saleId, `explained: ${reason}`)
  return after
}

/** Both amounts are told: what the voucher pays and what the account gets back. */
export async function tell(
  { casebook }: ClearingDeps,
  { issuerId, memberId }: ToldMember,
  { saleId, accountWon, debitedAt, merchantNumber }: ConversionBody,
  notice: Pick<NoticeBody, 'noticeKind' | 'facts'>,
): Promise<void> {
  if (memberId === null) return
  const { noticeKind, facts } = notice
  await casebook.notify(issuerId, {
    memberId,
    noticeKind,
    subject: saleId,
    facts: { saleId, accountWon, debitedAt, merchantNumber, ...facts },
  })
}

export async function changed(
  { casebook }: ClearingDeps,
  issuerId: IssuerId,
  saleId: OperationId,
  change: (body: ConversionBody) => ConversionBody | undefined,
): Promise<ConversionBody> {
  const after = await casebook.changeConversion(issuerId, saleId, change)
  assert(after !== undefined, 'a conversion that is open is there')
  return after
}
