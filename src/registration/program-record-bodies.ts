/** The shapes of records about programs: their terms, what officers propose, pots of money, and announcements. */
import {
  funders,
  lotKinds,
  type BusinessDate,
  type Instant,
  type OfficerId,
  type OperationId,
  type PotId,
  type ProgramId,
  type WalletId,
} from '../base/base.ts'
import {
  benefitModes,
  cashbackSpendings,
  fallbackPreferences,
  fullRefundBases,
  prepaidClasses,
  refundDeductions,
  taxCategories,
  templateNames,
  usualRefund,
  type Abolition,
  type Benefit,
  type CorporateRules,
  type CashbackRules,
  type CashbackTier,
  type FeeTier,
  type FundingPot,
  type FundingShare,
  type MerchantRules,
  type OfflineAllowance,
  type ProgramStop,
  type ProgramTerms,
  type RefundRule,
  type SaleTime,
  type SaleWindow,
  type StandInLimits,
  type StipendRules,
  type TemplateName,
  type TermsDraft,
} from '../issuing/issuing.ts'
import { ruleSetting, type RuleSetting } from './issuer-rule-body.ts'
import {
  date,
  flag,
  idNumber,
  integer,
  list,
  nullable,
  oneOf,
  absentAs,
  operation,
  shape,
  text,
  wonAmount,
  type Reader,
} from './record-shape.ts'

export interface ProgramBody {
  readonly name: string
  readonly nameEn: string
  /** What was stopped and when, oldest first; at most `STOPS_REMEMBERED_MAX`. Absent: nothing. */
  readonly stops?: readonly ProgramStop[]
  /** Absent or `null`: it goes on. */
  readonly abolition?: Abolition | null
}

/** The oldest are forgotten: what happened under them is settled by then. */
export const STOPS_REMEMBERED_MAX = 100

/** The record id is the program's and the record's version is that of the terms. */
export interface TermsBody extends TermsDraft {
  /** The request that brought this version: a repeat of it is known by it. */
  readonly requestId: OperationId | null
}

export type PotBody = Omit<FundingPot, 'potId' | 'issuerId'>

/**
 * What an officer proposes.
 * - `create_program`: with its first terms.
 * - `change_terms`: the version after `basedOn`.
 * - `stop`: from the decision on; both false: goes on again.
 * - `abolish`: the program ends (폐지).
 * - `set_pot`: a pot, or another name, period or amount of one; `basedOn` 0 for a new one.
 * - `set_rules`: how the issuer changes its programs.
 */
export type ProposedChange =
  | {
      readonly kind: 'create_program'
      readonly programId: ProgramId
      readonly name: string
      readonly nameEn: string
      readonly template: TemplateName
      readonly terms: TermsDraft
    }
  | {
      readonly kind: 'change_terms'
      readonly programId: ProgramId
      readonly basedOn: number
      readonly terms: TermsDraft
    }
  | {
      readonly kind: 'stop'
      readonly programId: ProgramId
      readonly saleStopped: boolean
      readonly paymentStopped: boolean
      readonly reason: string
    }
  | {
      readonly kind: 'abolish'
      readonly programId: ProgramId
      /** `null`: when it is decided. */
      readonly saleEndsAt: Instant | null
      readonly lastDay: BusinessDate
      readonly reason: string
    }
  | {
      readonly kind: 'set_pot'
      readonly potId: PotId
      readonly basedOn: number
      readonly pot: PotBody
    }
  | {
      readonly kind: 'set_rules'
      readonly effectiveFrom: Instant
      /** Only those that change. */
      readonly rules: readonly RuleSetting[]
    }

export const changeKinds = [
  'create_program',
  'change_terms',
  'stop',
  'abolish',
  'set_pot',
  'set_rules',
] as const satisfies readonly ProposedChange['kind'][]
export type ChangeKind = (typeof changeKinds)[number]

export const proposalStates = ['proposed', 'approved', 'rejected', 'withdrawn', 'lapsed'] as const
export type ProposalState = (typeof proposalStates)[number]

export interface ProposalBody {
  readonly change: ProposedChange
  readonly requestId: OperationId
  /** Hex, over what was asked: tells a repeat from another request. */
  readonly requestHash: string
  readonly proposedBy: OfficerId
  readonly proposedAt: Instant
  /** Undecided by then it lapses; of what one officer did at once, when a second should have confirmed it. */
  readonly decideBy: Instant
  /** True: one officer did it at once, and a second looks at it afterwards. */
  readonly isDone: boolean
  readonly state: ProposalState
  /** Who approved, rejected or withdrew it; `null` while nobody has, and where it lapsed. */
  readonly decidedBy: OfficerId | null
  readonly decidedAt: Instant | null
  /** Why it was rejected or withdrawn. */
  readonly reason: string | null
}

/** What members of a program are told; the record id is that of the proposal that brought it. */
export interface AnnouncementBody {
  readonly programId: ProgramId
  readonly about: 'adverse_change' | 'contract_change' | 'abolition'
  readonly announcedAt: Instant
  readonly effectiveFrom: Instant
  readonly postedUntil: Instant
  /** Until when a lot may be paid back in full; `null`: for good. */
  readonly refundUntil: Instant | null
  /** Holders up to this wallet have been told. */
  readonly toldUntil: WalletId | null
  readonly told: number
  readonly state: 'telling' | 'told'
}

export interface ProgramBodies {
  readonly program: ProgramBody
  readonly terms: TermsBody
  readonly proposal: ProposalBody
  readonly announcement: AnnouncementBody
  readonly funding_pot: PotBody
}

const merchantRules = shape<MerchantRules>({
  revenueWonMax: shape<MerchantRules['revenueWonMax']>({
    purchase: nullable(wonAmount),
    stipend: nullable(wonAmount),
    cashback: nullable(wonAmount),
    gift: nullable(wonAmount),
  }),
  sectorsRefused: list(text),
  districtsAllowed: nullable(list(text)),
})

const draftFields: { readonly [Name in keyof TermsDraft]-?: Reader<TermsDraft[Name]> } = {
  effectiveFrom: integer,
  region: text,
  kind: oneOf(lotKinds),
  prepaidClass: oneOf(prepaidClasses),
  validityYears: integer,
  usableUntil: nullable(date),
  expiryNoticeDays: absentAs([], list(integer)),
  benefit: shape<Benefit>({
    mode: oneOf(benefitModes),
    rateBasisPoints: integer,
    fundingShares: list(shape<FundingShare>({ funder: oneOf(funders), weight: integer })),
  }),
  saleWindow: shape<SaleWindow>({ opensAt: integer, closesAt: nullable(integer) }),
  // Terms that were written before there were such hours sell at any.
  saleTimes: absentAs(
    [],
    list(
      shape<SaleTime>({
        daysOfMonth: nullable(list(integer)),
        weekdays: nullable(list(integer)),
        opensAtMinute: integer,
        closesAtMinute: integer,
      }),
    ),
  ),
  monthlyQuotaWon: wonAmount,
  monthlyPurchaseCapWon: wonAmount,
  holdingCapWon: wonAmount,
  purchaseWonMin: wonAmount,
  purchaseUnitWon: wonAmount,
  purchaseAgeMin: integer,
  refund: nullable(
    shape<RefundRule>({
      usedBasisPointsMin: integer,
      smallLotWonMax: wonAmount,
      smallLotUsedBasisPointsMin: integer,
      deduction: absentAs(usualRefund.deduction, oneOf(refundDeductions)),
      fullRefund: absentAs(usualRefund.fullRefund, oneOf(fullRefundBases)),
      smallRemainderBasisPointsMax: absentAs(usualRefund.smallRemainderBasisPointsMax, integer),
      payoutLagDays: absentAs(usualRefund.payoutLagDays, integer),
    }),
  ),
  purchaseCancelDays: integer,
  tenderRank: integer,
  splitTender: flag,
  merchantRules,
  paymentWonMax: wonAmount,
  settlementLagDays: shape<ProgramTerms['settlementLagDays']>({ qr: integer, card: integer }),
  feeTiers: list(shape<FeeTier>({ revenueWonMax: nullable(wonAmount), feeBasisPoints: integer })),
  taxCategory: oneOf(taxCategories),
  offlineAllowance: shape<OfflineAllowance>({
    allowanceWonMax: wonAmount,
    perSpendWonMax: wonAmount,
    spendsMax: integer,
    validHours: integer,
  }),
  standInLimits: shape<StandInLimits>({
    perPaymentWonMax: wonAmount,
    paymentsMax: integer,
    cumulativeWonMax: wonAmount,
    snapshotAgeHoursMax: integer,
  }),
  fallbackPreference: oneOf(fallbackPreferences),
  stipend: absentAs(
    null,
    nullable(
      shape<StipendRules>({
        ageMin: integer,
        validityDays: nullable(integer),
        joinDays: integer,
        appealDays: integer,
        appealAnswerDays: integer,
        clawbackAtExpiry: flag,
        retentionDays: integer,
      }),
    ),
  ),
  corporate: absentAs(
    null,
    nullable(
      shape<CorporateRules>({
        soldToMembers: flag,
        discounted: flag,
        monthlyPurchaseCapWon: nullable(wonAmount),
        holdingCapWon: nullable(wonAmount),
        payableByCard: flag,
      }),
    ),
  ),
  // Terms that were written before cashback was paid earn nothing.
  cashback: absentAs(
    null,
    nullable(
      shape<CashbackRules>({
        tiers: list(
          shape<CashbackTier>({ revenueWonMax: nullable(wonAmount), rateBasisPoints: integer }),
        ),
        monthlyCapWon: wonAmount,
        validityMonths: integer,
        spending: oneOf(cashbackSpendings),
      }),
    ),
  ),
  saleSuspended: flag,
  paymentSuspended: flag,
  // Older versions announced nothing.
  adverseAnnouncedAt: absentAs(null, nullable(integer)),
}

const draft = shape<TermsDraft>(draftFields)
const programId = idNumber<ProgramId>()

const pot = shape<PotBody>({
  name: text,
  funder: oneOf(funders),
  programIds: list(programId),
  startsOn: date,
  endsOn: date,
  amountWon: wonAmount,
})

const ofProgram = { programId, reason: text }
const changes: {
  readonly [Kind in ChangeKind]: Reader<Omit<Extract<ProposedChange, { kind: Kind }>, 'kind'>>
} = {
  create_program: shape({
    programId,
    name: text,
    nameEn: text,
    template: oneOf(templateNames),
    terms: draft,
  }),
  change_terms: shape({ programId, basedOn: integer, terms: draft }),
  stop: shape({ ...ofProgram, saleStopped: flag, paymentStopped: flag }),
  abolish: shape({ ...ofProgram, saleEndsAt: nullable(integer), lastDay: date }),
  set_pot: shape({ potId: idNumber<PotId>(), basedOn: integer, pot }),
  set_rules: shape({ effectiveFrom: integer, rules: list(ruleSetting) }),
}

const proposedChange: Reader<ProposedChange> = (value, path) => {
  const { kind } = shape<{ kind: ChangeKind }>({ kind: oneOf(changeKinds) })(value, path)
  // The reader of the kind has read all the rest.
  return { kind, ...changes[kind](value, path) } as ProposedChange
}

export const programReaders: {
  readonly [Kind in keyof ProgramBodies]: Reader<ProgramBodies[Kind]>
} = {
  program: shape<ProgramBody>({
    name: text,
    nameEn: text,
    // Programs that were written before had neither.
    stops: absentAs(
      [],
      list(
        shape<ProgramStop>({
          from: integer,
          saleStopped: flag,
          paymentStopped: flag,
          reason: text,
        }),
      ),
    ),
    abolition: absentAs(
      null,
      nullable(
        shape<Abolition>({
          announcedAt: integer,
          saleEndsAt: integer,
          lastDay: date,
          reason: text,
        }),
      ),
    ),
  }),
  terms: shape<TermsBody>({ requestId: nullable(operation), ...draftFields }),
  proposal: shape<ProposalBody>({
    change: proposedChange,
    requestId: operation,
    requestHash: text,
    proposedBy: idNumber<OfficerId>(),
    proposedAt: integer,
    decideBy: integer,
    isDone: flag,
    state: oneOf(proposalStates),
    decidedBy: nullable(idNumber<OfficerId>()),
    decidedAt: nullable(integer),
    reason: nullable(text),
  }),
  announcement: shape<AnnouncementBody>({
    programId,
    about: oneOf(['adverse_change', 'contract_change', 'abolition']),
    announcedAt: integer,
    effectiveFrom: integer,
    postedUntil: integer,
    refundUntil: nullable(integer),
    toldUntil: nullable(idNumber<WalletId>()),
    told: integer,
    state: oneOf(['telling', 'told']),
  }),
  funding_pot: pot,
}
