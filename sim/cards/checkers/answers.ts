/**
 * What gateways say, looked at the moment they say it: an answer adds up, a repeat is answered alike, what stand-in
 * approved is on the disk before anybody hears of it, and a notice that the disk can take is never refused.
 */
import {
  cardKeyText,
  saleOfNotice,
  verdictOfDecline,
  type CardAnswer,
  type CardNotice,
  type CardRequest,
} from '../../../src/cards/cards.ts'
import { declineReasons, Fault } from '../../../src/base/base.ts'
import { keyOf } from '../../../src/standin/sale-facts.ts'
import type { Report } from '../../checkers/sales.ts'
import type { Journal } from '../../journal.ts'
import type { CardGateway } from '../card-gateway.ts'
import type { LinkEnd } from '../partner-link.ts'
import type { LimitWatch } from './standin-limits.ts'

export interface AnswerWatch {
  /** The end of a link at a gateway, with everything that passes looked at. */
  endAt(gateway: CardGateway): LinkEnd
  readonly acknowledged: readonly Acknowledged[]
  readonly standIn: ReadonlyMap<string, GivenAnswer>
  /** Keys that a gateway was asked about. */
  keysAt(gateway: string): ReadonlySet<string>
  /** What the core said through a gateway that could not write it down. */
  passedBy(gateway: string, key: string): CardAnswer | undefined
  /** What the cardholder chose, as the last answer about a sale said it. */
  toldChoice(saleKey: string): CardAnswer['onUnknown']
  /** How answers went, for the test that the city is not asleep. */
  readonly counts: Record<string, number>
}

export interface Acknowledged {
  readonly gateway: string
  readonly notice: CardNotice
}

export interface GivenAnswer {
  readonly request: CardRequest
  readonly answer: CardAnswer
  readonly gateway: string
  readonly life: number
  readonly isKept: boolean
}

interface Watch {
  readonly report: Report
  readonly journal: Journal
  readonly limits: LimitWatch
  readonly given: Map<string, GivenAnswer>
  readonly standIn: Map<string, GivenAnswer>
  readonly noticed: Set<string>
  readonly acknowledged: Acknowledged[]
  readonly keys: Map<string, Set<string>>
  readonly choices: Map<string, CardAnswer['onUnknown']>
  readonly counts: Record<string, number>
}

export function watchAnswers(given: {
  readonly report: Report
  readonly journal: Journal
  readonly limits: LimitWatch
}): AnswerWatch {
  const watch: Watch = {
    ...given,
    given: new Map(),
    standIn: new Map(),
    noticed: new Set(),
    acknowledged: [],
    keys: new Map(),
    choices: new Map(),
    counts: {},
  }
  return {
    endAt: (gateway) => ({
      isUp: () => gateway.isUp(),
      request: (request) => answered(watch, gateway, request),
      notice: (notice) => taken(watch, gateway, notice),
    }),
    acknowledged: watch.acknowledged,
    standIn: watch.standIn,
    keysAt: (gateway) => watch.keys.get(gateway) ?? new Set(),
    passedBy(gateway, key) {
      const given = watch.given.get(`${gateway} ${key}`)
      return given?.isKept === false && given.answer.decidedBy === 'core' ? given.answer : undefined
    },
    toldChoice: (saleKey) => watch.choices.get(saleKey),
    counts: watch.counts,
  }
}

async function answered(
  watch: Watch,
  gateway: CardGateway,
  request: CardRequest,
): Promise<CardAnswer | undefined> {
  if (request.kind === 'compare_totals') return gateway.answer(request)
  const { report, journal } = watch
  const key = cardKeyText(keyOf(request))
  const keys = watch.keys.get(gateway.name) ?? new Set()
  watch.keys.set(gateway.name, keys.add(key))
  const life = gateway.life()
  const wasWell = isWell(gateway)
  journal.note(key, `gateway ${gateway.name} is asked to ${request.kind}`)
  let answer: CardAnswer
  try {
    answer = await gateway.answer(request)
  } catch (error) {
    report(key, `the gateway met a bug: ${error instanceof Error ? error.stack : String(error)}`)
    return undefined
  }
  if (gateway.life() !== life) return undefined
  const { verdict, reason = '', voucherWon, decidedBy } = answer
  journal.note(
    key,
    `gateway ${gateway.name} answers ${verdict} ${reason} ₩${voucherWon} by ${decidedBy}`,
  )
  count(watch, `${request.kind} ${decidedBy} ${verdict}`)
  const stored = gateway.store().answered(key)
  const is = { request, answer, gateway: gateway.name, life, isKept: stored !== undefined }
  const problem = answerFault(request, answer)
  if (problem !== undefined) report(key, `an answer is wrong: ${problem}`)
  const isApproval = voucherWon > 0
  const isRepeat = watch.given.has(`${gateway.name} ${key}`)
  const mustBeKept =
    decidedBy === 'standin' || (decidedBy === 'core' && wasWell && isWell(gateway) && !isRepeat)
  if (isApproval && mustBeKept && stored?.answer.voucherWon !== voucherWon) {
    report(key, `${voucherWon} were approved by ${decidedBy} before the disk knew of it`)
  }
  checkRepeat(watch, key, is)
  watch.choices.set(key, answer.onUnknown)
  if (isApproval && decidedBy === 'standin' && !watch.standIn.has(key)) {
    watch.standIn.set(key, is)
    if (request.kind === 'pay' || request.kind === 'authorize')
      watch.limits.approved(gateway, key, voucherWon)
  }
  if (isApproval && request.kind === 'cancel') {
    watch.limits.gaveBack(gateway, cardKeyText(request.original.key), voucherWon)
  }
  return answer
}

async function taken(watch: Watch, gateway: CardGateway, notice: CardNotice): Promise<boolean> {
  const { report, journal, limits } = watch
  const saleKey = cardKeyText(saleOfNotice(notice).key)
  const life = gateway.life()
  const wasWell = isWell(gateway)
  journal.note(saleKey, `gateway ${gateway.name} hears ${noticeText(notice)}`)
  watch.noticed.add(`${gateway.name} ${saleKey}`)
  limits.noticed(gateway, saleKey, notice)
  try {
    await gateway.take(notice)
  } catch (error) {
    if (!(error instanceof Fault)) {
      report(
        saleKey,
        `the gateway met a bug: ${error instanceof Error ? error.stack : String(error)}`,
      )
    } else if (gateway.life() === life && wasWell && isWell(gateway)) {
      report(saleKey, `a notice was refused although there was room for it: ${error.code}`)
    }
    return false
  }
  if (gateway.life() !== life) return false
  journal.note(saleKey, `gateway ${gateway.name} acknowledges ${notice.kind}`)
  count(watch, `notice ${notice.kind}`)
  watch.acknowledged.push({ gateway: gateway.name, notice })
  return true
}

function isWell(gateway: CardGateway): boolean {
  return (
    gateway.isUp() && gateway.isStoreWell() && gateway.desk().status().store.state === 'writable'
  )
}

/** Of what was not decided a repeat may hear something else, and of what a notice has changed since. */
function checkRepeat({ given, noticed, report }: Watch, key: string, now: GivenAnswer): void {
  const place = `${now.gateway} ${key}`
  const before = given.get(place)
  if (before === undefined || !before.isKept) given.set(place, now)
  if (before === undefined) return
  const isSale = now.request.kind === 'pay' || now.request.kind === 'authorize'
  const stands = before.isKept || (isSale && before.life === now.life && !noticed.has(place))
  if (stands && textOf(before.answer) !== textOf(now.answer)) {
    report(key, `was answered ${textOf(before.answer)}, and its repeat ${textOf(now.answer)}`)
  }
}

function textOf({ verdict, reason, voucherWon, accountWon, approvalCode }: CardAnswer): string {
  return [verdict, reason, voucherWon, accountWon, approvalCode].join(' ')
}

/** In plain words of its own: what an answer to this request may never be. */
function answerFault(
  request: Exclude<CardRequest, { kind: 'compare_totals' }>,
  answer: CardAnswer,
): string | undefined {
  const { verdict, voucherWon, accountWon, source } = answer
  const movesNothing = voucherWon === 0 && accountWon === 0 && source === 'none'
  if (verdict === 'unknown' || verdict === 'declined') {
    return movesNothing ? undefined : `${verdict} moves money`
  }
  if (request.kind === 'enquire_balance') return movesNothing ? undefined : 'an enquiry moves money'
  if (request.kind === 'cancel') {
    const mostWon = request.amountWon ?? request.original.amountWon
    return voucherWon > 0 && voucherWon <= mostWon ? undefined : `cancelled ₩${voucherWon}`
  }
  const { amountWon, partialAllowed } = request.sale
  if (voucherWon + accountWon !== amountWon)
    return `${voucherWon} and ${accountWon} are not ${amountWon}`
  if (verdict === 'approved') return accountWon === 0 ? undefined : 'the account pays silently'
  if (verdict === 'partially_approved') {
    return partialAllowed && voucherWon > 0 && accountWon > 0 ? undefined : 'nobody allowed a part'
  }
  if (voucherWon !== 0) return 'not applicable takes voucher money'
  return isPositive(answer.reason) ? undefined : `not applicable because of ${answer.reason}`
}

/** A statement about the voucher, and not the want of one. */
function isPositive(reason: CardAnswer['reason']): boolean {
  if (reason === 'merchant_not_registered' || reason === 'card_not_linked') return true
  const known = declineReasons.find((one) => one === reason)
  return known !== undefined && verdictOfDecline(known) === 'not_applicable'
}

function noticeText(notice: CardNotice): string {
  switch (notice.kind) {
    case 'advise':
      return `advice of ₩${notice.approvedWon} by ${notice.by}`
    case 'reverse':
      return `a reversal that keeps ₩${notice.keepWon}`
    default:
      return `${notice.kind} of ₩${notice.amountWon}`
  }
}

function count({ counts }: Watch, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1
}
