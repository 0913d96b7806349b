/**
 * Standing orders to buy by themselves (자동충전): started, changed and stopped by the member, with a consent of their own
 * (전자금융거래법 §15) that can be proved afterwards. Order and consent are written in one append.
 */
import {
  businessDate,
  businessMonth,
  formatId,
  won,
  type CaseId,
  type IssuerId,
  type MemberId,
  type ProgramId,
  type Won,
} from '../base/base.ts'
import {
  amountIsOffered,
  boughtThisMonthWon,
  DAYS_OF_MONTH_MAX,
  rulesAt,
  termsAt,
  type ProgramTerms,
  type TopUpTrigger,
} from '../issuing/issuing.ts'
import {
  changeRecords,
  findRecord,
  keyPrefix,
  naturalKey,
  newRecord,
  readRecord,
  recordOf,
  revoked,
  wrongText,
  type Change,
  type ConsentBody,
  type GivenConsent,
  type MemberAccount,
  type RecordOf,
  type TopUpOrderBody,
} from '../registration/registration.ts'
import { refused, type BuyingDeps, type BuyingRefused } from './buying-deps.ts'

export interface TopUp extends TopUpOrderBody {
  readonly issuerId: IssuerId
  readonly orderId: CaseId
}

export type TopUpAnswer = { readonly status: 'registered'; readonly order: TopUp } | BuyingRefused

export interface TopUpStart {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  readonly programId: ProgramId
  readonly trigger: TopUpTrigger
  readonly amountWon: Won
  /** Of `threshold`. */
  readonly belowWon: Won | undefined
  /** Of `date`. */
  readonly daysOfMonth: readonly number[] | undefined
  readonly monthlyMaxWon: Won
  readonly consent: GivenConsent
}

const LISTED_MAX = 100

export function topUpOf(
  issuerId: IssuerId,
  { recordId, body }: Pick<RecordOf<'top_up_order'>, 'recordId' | 'body'>,
): TopUp {
  return { issuerId, orderId: recordId as CaseId, ...body } // Drawn as a case's.
}

/** Starts an order, or changes the one that there is. The same again is as it was. */
export async function startTopUp(deps: BuyingDeps, command: TopUpStart): Promise<TopUpAnswer> {
  const { issuerId, memberId, programId, trigger } = command
  const account = await deps.member(issuerId, memberId)
  if (account === undefined || account.member.status === 'left') return refused('member_left')
  const wrong = wrongField(deps, command)
  if (wrong !== undefined) return wrong
  const { accountToken, debitConsentId } = account
  if (accountToken === undefined) return refused('account_not_linked')
  if (debitConsentId === undefined) return refused('debit_consent_missing')
  const now = deps.clock()
  const key = naturalKey.topUpOrder(memberId, programId, trigger)
  const decide = async (): Promise<Change<TopUpAnswer>> => {
    const known = await findRecord(deps.registry, issuerId, 'top_up_order', key)
    if (known !== undefined && (await isSame(deps, known.body, { command, accountToken }))) {
      return { answer: { status: 'registered', order: topUpOf(issuerId, known) } }
    }
    const consentId = deps.ids.next('cas')
    const recordId = known?.recordId ?? deps.ids.next('cas')
    const body = nextBody(deps, { command, account, accountToken, consentId, known: known?.body })
    const record = { recordId, version: (known?.version ?? 0) + 1, body }
    const keys = [key, naturalKey.ofMember(memberId, recordId)]
    const consentKeys = [naturalKey.ofMember(memberId, consentId)]
    const given = consentBody(command, accountToken, now)
    return {
      answer: { status: 'registered', order: topUpOf(issuerId, record) },
      by: formatId('mbr', memberId),
      records: [
        newRecord('top_up_order', { ...record, keys }),
        newRecord('consent', { recordId: consentId, version: 1, body: given, keys: consentKeys }),
      ],
    }
  }
  return changeRecords(deps.registry, issuerId, now, decide)
}

function nextBody(
  deps: BuyingDeps,
  given: {
    readonly command: TopUpStart
    readonly account: MemberAccount
    readonly accountToken: string
    readonly consentId: CaseId
    readonly known: TopUpOrderBody | undefined
  },
): TopUpOrderBody {
  const { command, account, accountToken, consentId, known } = given
  const { memberId, programId, trigger, amountWon, belowWon, daysOfMonth, monthlyMaxWon } = command
  const now = deps.clock()
  const today = businessDate(now)
  const isToday = known?.countedOn === today
  return {
    memberId,
    walletId: account.walletId,
    programId,
    trigger,
    amountWon,
    belowWon: belowWon ?? null,
    daysOfMonth: [...(daysOfMonth ?? [])].toSorted((a, b) => a - b),
    monthlyMaxWon,
    consentId,
    accountToken,
    state: 'active',
    reason: null,
    startedAt: now,
    // A day that has begun is not bought on: the order is for what comes.
    doneThrough: today,
    // What it has bought stays counted, whatever it is changed to.
    countedOn: known?.countedOn ?? today,
    dayCount: isToday ? known.dayCount : 0,
    monthWon: known === undefined ? won(0) : monthWonOf(known, now),
    bought: known?.bought ?? 0,
    refusals: 0,
    notBefore: now,
    // A purchase that has begun is ended as it was begun.
    running: known?.running ?? null,
  }
}

/** Kept with the day that it was counted on; of another month it counts as nothing. */
function monthWonOf(known: TopUpOrderBody, now: number): Won {
  const isThisMonth = known.countedOn.slice(0, 7) === businessMonth(now)
  return isThisMonth ? boughtThisMonthWon(known, now) : won(0)
}

function consentBody(
  { memberId, consent }: TopUpStart,
  accountToken: string,
  at: number,
): ConsentBody {
  const { textVersion, textHash, device, method } = consent
  return {
    memberId,
    purpose: 'automatic_top_up',
    textVersion,
    textHash,
    device,
    method,
    subject: accountToken,
    at,
    revokedAt: null,
    revokedBy: null,
  }
}

function wrongField(deps: BuyingDeps, command: TopUpStart): BuyingRefused | undefined {
  const { issuerId, programId, trigger, amountWon, belowWon, daysOfMonth, consent } = command
  const now = deps.clock()
  const program = deps.issuing.program(issuerId, programId)
  const terms = program && termsAt(program.terms, now)
  if (terms?.kind !== 'purchase') return { status: 'declined', reason: 'program_unknown' }
  if (!amountIsOffered(terms, amountWon))
    return { status: 'declined', reason: 'amount_not_offered' }
  const invalid = (field: string): BuyingRefused => ({ status: 'field_invalid', field })
  if (trigger === 'threshold' ? !thresholdHolds(terms, belowWon) : belowWon !== undefined) {
    return invalid('belowWon')
  }
  if (trigger === 'date' ? !daysHold(daysOfMonth ?? []) : daysOfMonth !== undefined) {
    return invalid('daysOfMonth')
  }
  if (command.monthlyMaxWon < amountWon) return invalid('monthlyMaxWon')
  const wrong = wrongText(consent)
  if (wrong !== undefined) return invalid(`consent.${wrong}`)
  const { topUpConsentVersions } = rulesAt(deps.issuing.issuerRules(issuerId), now)
  const isKnown =
    topUpConsentVersions.length === 0 || topUpConsentVersions.includes(consent.textVersion)
  return isKnown ? undefined : refused('consent_text_unknown')
}

/** Above what may be held at all it would buy for ever. */
function thresholdHolds({ holdingCapWon }: ProgramTerms, belowWon: Won | undefined): boolean {
  return belowWon !== undefined && belowWon > 0 && belowWon <= holdingCapWon
}

function daysHold(days: readonly number[]): boolean {
  const areDays = days.every((day) => Number.isInteger(day) && day >= 1 && day <= DAYS_OF_MONTH_MAX)
  return days.length > 0 && areDays && new Set(days).size === days.length
}

async function isSame(
  { registry }: BuyingDeps,
  body: TopUpOrderBody,
  { command, accountToken }: { readonly command: TopUpStart; readonly accountToken: string },
): Promise<boolean> {
  const { issuerId, amountWon, belowWon, daysOfMonth, monthlyMaxWon, consent } = command
  const known = await readRecord(registry, issuerId, 'consent', body.consentId)
  const days = new Set(daysOfMonth ?? [])
  return (
    body.state === 'active' &&
    body.accountToken === accountToken &&
    body.amountWon === amountWon &&
    body.belowWon === (belowWon ?? null) &&
    body.monthlyMaxWon === monthlyMaxWon &&
    body.daysOfMonth.length === days.size &&
    body.daysOfMonth.every((day) => days.has(day)) &&
    known?.body.revokedAt === null &&
    known.body.textVersion === consent.textVersion &&
    known.body.textHash === consent.textHash &&
    known.body.device === consent.device
  )
}

/** Buys nothing any more; one that has begun is ended as the bank says. Again: as it is. */
export async function stopTopUp(
  deps: BuyingDeps,
  command: { readonly issuerId: IssuerId; readonly memberId: MemberId; readonly orderId: CaseId },
): Promise<TopUpAnswer> {
  const { issuerId, memberId, orderId } = command
  const { registry } = deps
  const now = deps.clock()
  return changeRecords<TopUpAnswer>(registry, issuerId, now, async () => {
    const known = await readRecord(registry, issuerId, 'top_up_order', orderId)
    if (known?.body.memberId !== memberId) return { answer: refused('top_up_order_unknown') }
    if (known.body.state === 'stopped' || known.body.state === 'stopping') {
      return { answer: { status: 'registered', order: topUpOf(issuerId, known) } }
    }
    const state = known.body.running === null ? 'stopped' : 'stopping'
    const body: TopUpOrderBody = { ...known.body, state, reason: 'member' }
    const next = { recordId: orderId, version: known.version + 1, body }
    const consent = await readRecord(registry, issuerId, 'consent', known.body.consentId)
    const isGiven = consent !== undefined && consent.body.revokedAt === null
    return {
      answer: { status: 'registered', order: topUpOf(issuerId, next) },
      by: formatId('mbr', memberId),
      records: [
        newRecord('top_up_order', next),
        ...(isGiven ? [newRecord('consent', revoked(consent, now, 'app'))] : []),
      ],
    }
  })
}

export async function topUpsOf(
  { registry }: Pick<BuyingDeps, 'registry'>,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<readonly TopUp[]> {
  const prefix = keyPrefix.ofMember(memberId)
  const stored = await registry.listByKey(issuerId, 'top_up_order', prefix, LISTED_MAX)
  return stored.map((each) => topUpOf(issuerId, recordOf('top_up_order', each)))
}
