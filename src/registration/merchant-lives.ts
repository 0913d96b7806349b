/**
 * Changes in the life of a merchant: what an event of the machine means for the records. One commit holds the life,
 * what the payment path is told, the notice to whom it concerns, the bar, and the end of the cases that it answers.
 */
import {
  barEndsAt,
  changeLife,
  lifeOfMerchant,
  statusOf,
  withRevenue,
  type LifeRefusal,
  type MerchantChange,
  type MerchantLife,
} from '../acquiring/acquiring.ts'
import {
  businessDate,
  cleanText,
  formatId,
  unreachable,
  type Clock,
  type IdSource,
  type Instant,
  type IssuerId,
  type MerchantId,
  type OperationId,
  type Won,
} from '../base/base.ts'
import { rulesAt, type IssuerRuleDirectory, type IssuerRuleValues } from '../issuing/issuing.ts'
import { failedApplicationCheck } from './application-facts.ts'
import { merchantOf, type RegisteredMerchant } from './merchants.ts'
import { factsOf, toIssuer, toMerchant } from './party-notices.ts'
import { naturalKey, type MerchantBody } from './record-bodies.ts'
import {
  changeRecords,
  findRecord,
  newRecord,
  readRecord,
  type Change,
  type RecordOf,
} from './record-store.ts'
import { refused, type Refused, type Registered } from './refusal.ts'
import type { NewRecord, Registry } from './registry.ts'

export interface LifeDeps {
  readonly registry: Registry
  readonly ids: IdSource
  readonly clock: Clock
  readonly issuerRules: IssuerRuleDirectory
}

export interface LifeCommand {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  /** Who changes it, as id text or `system`. */
  readonly by: string
  readonly change: MerchantChange
  /** The request, where the change itself does not tell a repeat. */
  readonly requestId?: OperationId
  /** The yearly revenue as the officer established it; counts from today. */
  readonly annualRevenueWon?: Won
}

export interface MerchantOfLife extends RegisteredMerchant {
  readonly life: MerchantLife
}

/** What is on record of a merchant, as one. */
export interface KnownMerchant {
  readonly merchant: RecordOf<'merchant'>
  /** 0: only the present is on record. */
  readonly lifeVersion: number
  readonly life: MerchantLife
}

export const WORDS_LENGTH_MAX = 400

/** Takes one change. What is so already, or was done by the same request, is answered as it stands. */
export async function changeMerchant(
  deps: LifeDeps,
  command: LifeCommand,
): Promise<Registered<MerchantOfLife>> {
  const { registry } = deps
  const { issuerId, merchantId, by, requestId } = command
  const change = cleanChange(command.change)
  if (change === undefined) return refused('field_invalid', 'words')
  const key = requestId === undefined ? undefined : naturalKey.request(requestId)
  const now = deps.clock()
  const decide = async (): Promise<Change<Registered<MerchantOfLife>>> => {
    const rules = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
    const known = await readKnown(deps, issuerId, merchantId, rules)
    if (known === undefined) return { answer: refused('merchant_unknown') }
    const doneBefore =
      key === undefined ? undefined : await findRecord(registry, issuerId, 'merchant_life', key)
    if (doneBefore !== undefined) {
      const isOurs = doneBefore.recordId === merchantId
      return { answer: isOurs ? answerOf(issuerId, known) : refused('request_reused') }
    }
    if (change.event === 'approve') {
      const failed = await failedApplicationCheck(registry, issuerId, known, { rules, now })
      if (failed !== undefined) return { answer: refused('merchant_check_failed', failed) }
    }
    const step = changeLife(known.life, change, rules, now)
    if (step.status === 'refused') return { answer: lifeRefused(step) }
    const { annualRevenueWon } = command
    const changed = step.status === 'changed' ? step.life : known.life
    const life = established(changed, annualRevenueWon, known.merchant.body.annualRevenueWon, now)
    if (life === known.life) return { answer: answerOf(issuerId, known) }
    const next = { ...known, life, annualRevenueWon }
    const records = lifeRecords(next, key)
    if (step.status === 'changed') {
      records.push(...noticesOf(deps, { merchantId, change, life, now }))
      records.push(...(await barOf(registry, issuerId, known, { change, life, rules, now })))
      records.push(...(await casesEnded(deps, issuerId, { merchantId, known, life, now })))
    }
    return { answer: answerOf(issuerId, { ...known, ...bodiesOf(next) }), by, records }
  }
  return changeRecords(registry, issuerId, now, decide)
}

/** The record of a merchant with its life; `undefined` where there is no such merchant. */
export async function readKnown(
  { registry }: Pick<LifeDeps, 'registry'>,
  issuerId: IssuerId,
  merchantId: MerchantId,
  rules: IssuerRuleValues,
): Promise<KnownMerchant | undefined> {
  const merchant = await readRecord(registry, issuerId, 'merchant', merchantId)
  if (merchant === undefined) return undefined
  const life = await readRecord(registry, issuerId, 'merchant_life', merchantId)
  return {
    merchant,
    lifeVersion: life?.version ?? 0,
    life: life?.body ?? lifeOfMerchant(rules, merchantOf(issuerId, merchant)),
  }
}

/** What follows a life: its record, and the merchant's where the payment path is to be told something new. */
export function lifeRecords(
  known: KnownMerchant & { readonly annualRevenueWon?: Won | undefined },
  key?: string,
): NewRecord[] {
  const { merchant, lifeVersion, life } = known
  const { recordId } = merchant
  const keys = key === undefined ? [] : [key]
  const records = [
    newRecord('merchant_life', { recordId, version: lifeVersion + 1, body: life, keys }),
  ]
  const { body } = bodiesOf(known).merchant
  const { status, annualRevenueWon } = merchant.body
  if (body.status !== status || body.annualRevenueWon !== annualRevenueWon) {
    records.push(newRecord('merchant', { recordId, version: merchant.version + 1, body }))
  }
  return records
}

function bodiesOf(
  known: KnownMerchant & { readonly annualRevenueWon?: Won | undefined },
): Pick<KnownMerchant, 'merchant' | 'life'> {
  const { merchant, life } = known
  const annualRevenueWon = known.annualRevenueWon ?? merchant.body.annualRevenueWon
  const body: MerchantBody = { ...merchant.body, status: statusOf(life), annualRevenueWon }
  return { merchant: { ...merchant, body }, life }
}

export function answerOf(
  issuerId: IssuerId,
  { merchant, life }: Pick<KnownMerchant, 'merchant' | 'life'>,
): Registered<MerchantOfLife> {
  return { status: 'registered', merchant: merchantOf(issuerId, merchant), life }
}

function cleanChange(change: MerchantChange): MerchantChange | undefined {
  if (!('words' in change)) return change
  const words = cleanText(change.words, WORDS_LENGTH_MAX)
  return words === undefined ? undefined : { ...change, words }
}

function established(
  life: MerchantLife,
  wanted: Won | undefined,
  present: Won,
  now: Instant,
): MerchantLife {
  if (wanted === undefined || wanted === present) return life
  const entry = { from: businessDate(now), annualRevenueWon: wanted, at: now }
  return { ...life, revenues: withRevenue(life.revenues, entry) }
}

const refusalOf = {
  not_allowed: 'merchant_transition_refused',
  too_early: 'merchant_too_early',
  too_late: 'merchant_too_late',
  no_validity: 'merchant_without_validity',
  bar_not_halved: 'bar_not_halved',
  end_passed: 'field_invalid',
} as const satisfies Record<LifeRefusal, Refused['reason']>

function lifeRefused(step: { readonly reason: LifeRefusal; readonly at?: Instant }): Refused {
  const { reason, at } = step
  const fields: Partial<Record<LifeRefusal, string>> = {
    not_allowed: 'status',
    end_passed: 'until',
  }
  return { ...refused(refusalOf[reason], fields[reason]), ...(at === undefined ? {} : { at }) }
}

interface Told {
  readonly merchantId: MerchantId
  readonly change: MerchantChange
  readonly life: MerchantLife
  readonly now: Instant
}

function noticesOf({ ids }: Pick<LifeDeps, 'ids'>, told: Told): NewRecord[] {
  const { merchantId, change, life, now: at } = told
  const words = 'words' in change ? change.words : undefined
  const merchant = (
    partyNoticeKind: Parameters<typeof toMerchant>[2]['partyNoticeKind'],
    more = {},
  ) => [toMerchant(ids, merchantId, { partyNoticeKind, at, facts: factsOf({ words, ...more }) })]
  const issuer = (partyNoticeKind: Parameters<typeof toIssuer>[2]['partyNoticeKind']) => [
    toIssuer(ids, merchantId, { partyNoticeKind, at, facts: factsOf({ words }) }),
  ]
  const { validUntil, cancellation } = life
  switch (change.event) {
    case 'apply':
      return issuer('application_made')
    case 'ask_documents':
      return merchant('documents_asked', {
        documents: change.documents.join(', '),
        until: life.answerBy,
      })
    case 'complete_documents':
      return issuer('documents_complete')
    case 'approve':
      return merchant('merchant_registered', { validUntil })
    case 'refuse':
      return merchant('merchant_refused')
    case 'suspend':
      return merchant('merchant_suspended', { until: change.until })
    case 'lift_suspension':
      return merchant('suspension_lifted')
    case 'notice_cancellation':
      return merchant('cancellation_noticed', {
        reason: change.reason,
        until: cancellation?.objectUntil,
      })
    case 'object':
      return issuer('objection_made')
    case 'withdraw_cancellation':
      return merchant('cancellation_withdrawn')
    case 'cancel':
      return merchant('registration_cancelled', { until: cancellation?.barredUntil })
    case 'close':
      return issuer('registration_closed')
    case 'strike_off':
      return merchant('registration_closed')
    case 'renew':
      return merchant('registration_renewed', { validUntil })
    case 'lapse':
      return merchant('registration_lapsed')
    default:
      return unreachable(change)
  }
}

/** A cancellation bars the business and its owner; the newest bar of a merchant is the one that counts. */
async function barOf(
  registry: Registry,
  issuerId: IssuerId,
  { merchant }: KnownMerchant,
  given: { change: MerchantChange; life: MerchantLife; rules: IssuerRuleValues; now: Instant },
): Promise<NewRecord[]> {
  const { change, life, rules, now: from } = given
  const { cancellation } = life
  if (change.event !== 'cancel' || cancellation === null) return []
  const { businessNumber, ownerPersonId } = merchant.body
  const { reason } = cancellation
  const { halved } = change
  const body = {
    businessNumber,
    ownerPersonId,
    reason,
    from,
    until: barEndsAt(rules, { reason, from, halved }),
    halved,
  }
  const merchantId = merchant.recordId as MerchantId // The record id of a merchant is the merchant's.
  const keys = [
    naturalKey.businessNumber(businessNumber),
    naturalKey.ofOwner(ownerPersonId, merchantId),
  ]
  const before = await readRecord(registry, issuerId, 'merchant_bar', merchantId)
  const version = (before?.version ?? 0) + 1
  return [newRecord('merchant_bar', { recordId: merchantId, version, body, keys })]
}

/** What a case about a decision is about: one for each application and each objection. */
export function decisionSubject(merchantId: MerchantId, life: MerchantLife): string {
  const about = life.cancellation === null ? 'application' : life.cancellation.noticedAt
  return `${formatId('mrc', merchantId)}/${life.round}/${about}`
}

/** The cases that waited for a decision end with it. */
async function casesEnded(
  { registry }: Pick<LifeDeps, 'registry'>,
  issuerId: IssuerId,
  given: { merchantId: MerchantId; known: KnownMerchant; life: MerchantLife; now: Instant },
): Promise<NewRecord[]> {
  const { merchantId, known, life, now } = given
  const isDecided = known.life.decideBy !== null && life.decideBy === null
  if (!isDecided) return []
  const subject = decisionSubject(merchantId, known.life)
  return [
    ...(await caseEnded(
      registry,
      issuerId,
      naturalKey.case('merchant_decision_due', subject),
      now,
    )),
    ...(await caseEnded(
      registry,
      issuerId,
      naturalKey.case('merchant_decision_overdue', subject),
      now,
    )),
  ]
}

/** The end of an open case whose cause is gone; nothing where there is none. */
export async function caseEnded(
  registry: Registry,
  issuerId: IssuerId,
  key: string,
  now: Instant,
): Promise<NewRecord[]> {
  const known = await findRecord(registry, issuerId, 'case', key)
  if (known === undefined || known.body.state === 'closed') return []
  const body = { ...known.body, state: 'closed', resolution: '처리됨', closedAt: now } as const
  return [newRecord('case', { recordId: known.recordId, version: known.version + 1, body })]
}
