/**
 * Rules of an issuer itself, beside the terms of its programs: deadlines of its desks, what applicants bring, how long
 * a bar lasts. Versions take effect at an instant, like terms.
 *
 * A rule is added by one line in the table below. Its bounds, its place in the record and in the HTTP schema, and what
 * it is in versions that were written before it, all follow from that line.
 */
import { isWon, won, type Instant, type IssuerId, type Won } from '../base/base.ts'
import { changeAreas, reviewedMatters } from './change-areas.ts'
import { termsAt } from './program-terms.ts'
import type { TermsProblem } from './terms-check.ts'
import { fileFormatNames, payoutEntryKinds } from './treasury-bank.ts'

interface RuleOf<Kind extends string, Value> {
  readonly kind: Kind
  /** What it is for an issuer that has chosen nothing. */
  readonly initial: Value
  /** The clause it comes from, or what it is for. */
  readonly because: string
}
interface Bounds {
  readonly min: number
  readonly max: number
}

/** A whole number of what the name ends with: days, months, hours. */
export type WholeRule = RuleOf<'whole', number> & Bounds
/** The same, or `null` for none. */
export type LimitRule = RuleOf<'limit', number | null> & Bounds
export type WonRule = RuleOf<'won', Won> & Bounds
export type FlagRule = RuleOf<'flag', boolean>
/** A list of words without repeats. */
export type WordsRule = RuleOf<'words', readonly string[]> & { readonly countMax: number }
/** One of a few words. */
export type ChoiceRule<Word extends string = string> = RuleOf<'choice', Word> & {
  readonly options: readonly Word[]
}
export type IssuerRule = WholeRule | LimitRule | WonRule | FlagRule | WordsRule | ChoiceRule

const whole = (initial: number, min: number, max: number, because: string): WholeRule => ({
  kind: 'whole',
  initial,
  min,
  max,
  because,
})
const limit = (initial: number | null, min: number, max: number, because: string): LimitRule => ({
  kind: 'limit',
  initial,
  min,
  max,
  because,
})
const amount = (initial: number, min: number, max: number, because: string): WonRule => ({
  kind: 'won',
  initial: won(initial),
  min,
  max,
  because,
})
const flag = (initial: boolean, because: string): FlagRule => ({ kind: 'flag', initial, because })
const words = (initial: readonly string[], countMax: number, because: string): WordsRule => ({
  kind: 'words',
  initial,
  countMax,
  because,
})

const choice = <const Word extends string>(
  initial: Word,
  options: readonly Word[],
  because: string,
): ChoiceRule<Word> => ({ kind: 'choice', initial, options, because })

export const issuerRuleTable = {
  // The life of a merchant.
  merchantDecisionDays: whole(7, 1, 7, '지역사랑상품권법 §7: decided within seven days'),
  merchantReminderDays: whole(3, 0, 6, 'days left when a decision counts as due soon'),
  merchantEscalationDays: whole(2, 0, 6, 'days left when an open decision becomes a case'),
  documentsStopClock: flag(true, 'asking for more documents stops the days of the decision'),
  documentsAnswerDays: whole(30, 1, 90, 'days in which an applicant brings what was asked for'),
  documentsRequired: words([], 10, 'kinds of documents that every application is to bring'),
  sectorsRestricted: words(
    ['gambling', 'adult_entertainment'],
    40,
    '지역사랑상품권법 §7 and ordinances: sectors that are not registered',
  ),
  districtsRegistered: words([], 500, '읍·면·동 of the issuer; empty: looked at by the officer'),
  objectionDays: whole(20, 7, 60, 'days between notice of a cancellation and the decision'),
  objectionDecisionDays: whole(15, 1, 60, 'days in which an objection is decided'),
  barMonthsFraudulentRegistration: whole(12, 0, 60, '지역사랑상품권법 §8②, 시행령 §2의2: 1 year'),
  barMonthsRestrictedSector: whole(6, 0, 60, '지역사랑상품권법 §8②, 시행령 §2의2: 6 months'),
  barMonthsFalseRedemption: whole(12, 0, 60, '지역사랑상품권법 §8②, §10①: by kind'),
  barMonthsRefusal: whole(6, 0, 60, '지역사랑상품권법 §8②, §10①: by kind'),
  barMonthsOther: whole(6, 0, 60, '지역사랑상품권법 §8②: by kind'),
  barMayBeHalved: flag(true, '지역사랑상품권법 시행령 §2의2: a bar may be halved'),
  registrationYears: limit(null, 1, 10, 'validity of a registration (Onnuri: 3 years)'),
  renewalOpensMonths: whole(3, 1, 12, 'months before its end from which it may be renewed'),
  renewalClosesDays: whole(10, 0, 60, 'days before its end until which it may be renewed'),
  revenueRenewalMonths: whole(12, 6, 24, 'age of a yearly revenue at which it is asked anew'),
  revenueCountsAfterDays: whole(30, 0, 90, 'days from a told revenue to the day it counts'),
  revenueAnswerDays: whole(30, 7, 90, 'days in which a merchant tells its revenue'),
  cancellationPublishedMonths: whole(12, 1, 60, 'how long a cancellation stays published'),
  // Settlement with merchants.
  settlementCutOffMinute: whole(
    1_440,
    1,
    1_440,
    'minutes after midnight in Korea at which a day ends',
  ),
  settlementMinimumPayoutWon: amount(0, 0, 100_000, 'what comes to less is carried on'),
  // Reports of errors, and disputes.
  errorReportDays: whole(14, 1, 14, '전자금융거래법 §8: answered within two weeks'),
  disputeDays: whole(15, 1, 15, '전자금융거래법 §27, 시행령 §14: answered within 15 days'),
  caseReminderDays: whole(3, 0, 13, 'days left when a case counts as due soon'),
  caseReopenDays: whole(30, 0, 180, 'days in which an answer may be contested'),
  debitConsentVersions: words(
    [],
    10,
    '전자금융거래법 §15: versions of the text of consent to debits that count; empty: any',
  ),
  consentsRequired: words(
    ['terms_of_service', 'personal_data', 'third_party_municipality'],
    7,
    '개인정보 보호법 §15, §17, §22: what every member agrees to at joining; all else may be left out',
  ),
  consentTextVersions: words(
    [],
    40,
    'versions of texts that count, each as purpose.version; a purpose that is not named: any',
  ),
  // Buying by virtual account, and by a standing order.
  virtualAccountMinutes: whole(240, 10, 10_080, 'how long a virtual account takes its deposit'),
  virtualAccountWonMin: amount(1_000, 1, 1_000_000, 'the smallest deposit that is asked for'),
  virtualAccountBelowWon: limit(
    50_000,
    0,
    2_000_000,
    'whoever has a linked account pays by virtual account only below this; null: any amount',
  ),
  virtualAccountsOpenMax: whole(3, 0, 20, 'virtual accounts of one member that wait; 0: none'),
  topUpConsentVersions: words(
    [],
    10,
    '전자금융거래법 §15: versions of the text of consent to automatic purchases that count; empty: any',
  ),
  topUpsPerDayMax: whole(2, 1, 10, 'purchases of one standing order in a Korean day'),
  topUpFromMinute: whole(540, 0, 1_439, 'minutes after midnight from which a date’s order buys'),
  topUpRetryMinutes: whole(360, 10, 10_080, 'pause after a refused automatic purchase'),
  topUpRefusalsMax: whole(3, 1, 10, 'refusals in a row after which a standing order rests'),
  // Presents between members.
  giftsOffered: flag(true, 'members may give value to other members'),
  giftKinds: words(['purchase'], 4, 'kinds of lots that may be given; with gift: given again'),
  giftAcceptDays: whole(7, 1, 30, 'days in which a present is accepted, else it goes back'),
  giftsPerDayMax: whole(10, 1, 100, 'presents that one member gives in a Korean day'),
  giftWonPerDayMax: amount(500_000, 1_000, 2_000_000, 'won that one member gives in a Korean day'),
  giftsStopOnSaleDays: flag(false, 'no presents on days on which a sale opens'),
  // Corporations that buy, and hand out.
  corporateHoldingWonMax: amount(
    2_000_000,
    0,
    10_000_000_000,
    '전자금융거래법 §23, 시행령 §13: what one corporation holds in all; the decree’s cap until the issuer says otherwise',
  ),
  handOutAcceptDays: whole(30, 1, 90, 'days in which what was handed out is accepted'),
  handOutRetentionDays: whole(30, 0, 1_825, 'days after its end until a list is erased'),
  // How programs are changed. Everything that touches money asks for two officers.
  secondOfficerFor: words(
    reviewedMatters.filter((matter) => matter !== 'wording' && matter !== 'sale'),
    reviewedMatters.length,
    'changes that a second officer decides; all others their own proposer',
  ),
  adverseNoticeDays: whole(7, 7, 90, '전자금융거래법 §36의2: told before a change that is worse'),
  contractAreas: words(
    ['refund', 'validity'],
    changeAreas.length,
    '전자금융거래법 §24: areas in which a change is one of the contract with members',
  ),
  contractNoticeMonths: whole(1, 1, 12, '전자금융거래법 §24: told before a change of the contract'),
  postedDays: whole(30, 30, 365, '전자금융거래법 §36의2: so long an announcement is posted'),
  abolitionNoticeMonths: whole(2, 2, 24, '지역사랑상품권법 §5, 시행령 §2: told before the end'),
  stopConfirmHours: whole(24, 1, 168, 'a second officer confirms by then what one stopped alone'),
  proposalDays: whole(30, 1, 180, 'a proposal without a date of its own lapses after so long'),
  accessLogDays: whole(
    730,
    365,
    1_825,
    '개인정보의 안전성 확보조치 기준: looks at personal data are kept for a year, for two from 50,000 people on',
  ),
  // How long what is personal in records is kept after a member has left.
  recordYears: whole(5, 5, 10, '전자금융거래법 §22, 시행령 §12: records of transactions'),
  smallRecordYears: whole(1, 1, 10, '전자금융거래법 시행령 §12: small ones, and of approvals'),
  smallRecordWon: amount(10_000, 0, 10_000, '전자금융거래법 시행령 §12: up to so much is small'),
  destroyWithinYears: whole(
    5,
    0,
    5,
    '전자금융거래법 §22②: destroyed within so long after it need not be kept',
  ),
  // The treasury bank's files, and what its account is held against.
  payoutFileFormat: choice('telegram', fileFormatNames, 'how the treasury bank takes payouts'),
  payoutEntries: choice('each', payoutEntryKinds, 'how payouts show in the fund’s account'),
  fundAccounts: words([], 5, '지역사랑상품권법 §4의2: the fund’s account; empty: not checked'),
  payoutAttemptsMax: whole(3, 1, 10, 'how often a payout is tried before somebody looks'),
  payoutSilentDays: whole(2, 1, 10, 'business days in which the bank tells what became of one'),
  fundItemOpenDays: whole(1, 0, 5, 'business days that an entry waits for its other side'),
  interestWords: words(['예금이자', '결산이자'], 10, 'by which an entry of interest is known'),
  fundCoverageBasisPointsMin: whole(
    10_000,
    5_000,
    20_000,
    '전자금융거래법 §25의2, 시행령 §13의2: 100 % of what is owed, 50 % by the law itself',
  ),
  receivablesCount: flag(
    false,
    '전자금융거래법 §25의2, 지역사랑상품권법 §4의2: subsidies that are not paid yet cover what is owed',
  ),
} as const satisfies Record<string, IssuerRule>

/** These are themselves changed by two officers only: one alone could set the others aside. */
export const reviewedRuleNames = [
  'secondOfficerFor',
  'adverseNoticeDays',
  'contractAreas',
  'contractNoticeMonths',
  'postedDays',
  'abolitionNoticeMonths',
  'stopConfirmHours',
  'proposalDays',
] as const satisfies readonly (keyof typeof issuerRuleTable)[]

type ValueOf<Rule extends IssuerRule> = Rule extends WholeRule
  ? number
  : Rule extends LimitRule
    ? number | null
    : Rule extends WonRule
      ? Won
      : Rule extends FlagRule
        ? boolean
        : Rule extends ChoiceRule<infer Word>
          ? Word
          : readonly string[]

export type IssuerRuleName = keyof typeof issuerRuleTable
/** Every rule with what it is. */
export type IssuerRuleValues = {
  readonly [Name in IssuerRuleName]: ValueOf<(typeof issuerRuleTable)[Name]>
}

/** One version of an issuer's rules, in force from `effectiveFrom` until a later one. */
export interface IssuerRules {
  readonly issuerId: IssuerId
  readonly version: number
  readonly effectiveFrom: Instant
  readonly rules: IssuerRuleValues
}

export const issuerRuleNames = Object.keys(issuerRuleTable) as IssuerRuleName[] // The table's own keys.

/** The rules of an issuer that has chosen none. */
export const initialIssuerRules = Object.fromEntries(
  issuerRuleNames.map((name) => [name, issuerRuleTable[name].initial]),
) as unknown as IssuerRuleValues // Every name of the table with a value of its kind.

/** The rules in force; those that nobody chose are as the table says. */
export function rulesAt(versions: readonly IssuerRules[], at: Instant): IssuerRuleValues {
  return termsAt(versions, at)?.rules ?? initialIssuerRules
}

/** What may stand as the value of a rule. */
export type RuleValue = number | boolean | string | null | readonly string[]

/** True for a value of the rule's kind, within its bounds. */
export function ruleHolds(rule: IssuerRule, value: unknown): boolean {
  switch (rule.kind) {
    case 'flag':
      return typeof value === 'boolean'
    case 'choice':
      return rule.options.some((option) => option === value)
    case 'words':
      return (
        Array.isArray(value) &&
        value.length <= rule.countMax &&
        new Set(value).size === value.length &&
        value.every((word) => typeof word === 'string' && WORD.test(word))
      )
    case 'won':
      return isWon(value) && value >= rule.min && value <= rule.max
    case 'limit':
      return value === null || isWithin(rule, value)
    default:
      return isWithin(rule, value)
  }
}

/** One word, in any script: `cafe`, `월명동`. */
const WORD = /^[\p{L}\p{N}_.·-]{1,40}$/u

function isWithin({ min, max }: Bounds, value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max
}

/** What of the rules is out of bounds, in the order of the table. */
export function validateIssuerRules(rules: IssuerRuleValues): readonly TermsProblem[] {
  const problems: TermsProblem[] = issuerRuleNames
    .filter((name) => !ruleHolds(issuerRuleTable[name], rules[name]))
    .map((name) => ({ field: name, sentence: sentenceOf(issuerRuleTable[name]) }))
  const check = (field: IssuerRuleName, holds: boolean, sentence: string): void => {
    if (!holds) problems.push({ field, sentence })
  }
  check(
    'merchantEscalationDays',
    rules.merchantEscalationDays <= rules.merchantReminderDays,
    'is not before the reminder',
  )
  check(
    'merchantReminderDays',
    rules.merchantReminderDays < rules.merchantDecisionDays,
    'leaves days before the reminder',
  )
  const matters: readonly string[] = reviewedMatters
  const areas: readonly string[] = changeAreas
  check(
    'secondOfficerFor',
    rules.secondOfficerFor.every((matter) => matters.includes(matter)),
    `names some of ${matters.join(', ')}`,
  )
  check('secondOfficerFor', rules.secondOfficerFor.includes('rules'), 'names rules')
  check(
    'contractAreas',
    rules.contractAreas.every((area) => areas.includes(area)),
    `names some of ${areas.join(', ')}`,
  )
  return problems
}

function sentenceOf(rule: IssuerRule): string {
  switch (rule.kind) {
    case 'flag':
      return `is true or false (${rule.because})`
    case 'choice':
      return `is one of ${rule.options.join(', ')} (${rule.because})`
    case 'words':
      return `is a list of at most ${rule.countMax} words, each once (${rule.because})`
    case 'limit':
      return `is ${rule.min}…${rule.max}, or null for none (${rule.because})`
    default:
      return `is ${rule.min}…${rule.max} (${rule.because})`
  }
}

/** The rules that a stored list of names and values is; names that nobody knows any more are left alone. */
export function rulesFrom(
  settings: readonly { readonly name: string; readonly value: RuleValue }[],
): IssuerRuleValues {
  const given = new Map(settings.map(({ name, value }) => [name, value]))
  return Object.fromEntries(
    issuerRuleNames.map((name) => {
      const value = given.get(name)
      return [name, value === undefined ? issuerRuleTable[name].initial : value]
    }),
  ) as unknown as IssuerRuleValues // Written from a checked version: each value is of its rule's kind.
}
