/** A program's terms on the wire. Amounts in won, rates in basis points, instants as RFC 3339 text. */
import { Type, type Static, type TSchema } from 'typebox'
import {
  AMOUNT_WON_MAX,
  funders,
  lotKinds,
  parseBusinessDate,
  type Instant,
} from '../../base/base.ts'
import {
  benefitModes,
  cashbackSpendings,
  fallbackPreferences,
  fullRefundBases,
  prepaidClasses,
  refundDeductions,
  taxCategories,
  termsBounds,
  type ProgramTerms,
  type TermsDraft,
  type TermsOverrides,
} from '../../issuing/issuing.ts'
import { instantOrNull, instantText, refusal, type HttpProblem } from '../door.ts'
import { nullable, wordOut } from './views.ts'

const wonIn = Type.Integer({ minimum: 0, maximum: AMOUNT_WON_MAX, description: 'Whole won' })
const count = Type.Integer({ minimum: 0, maximum: 1_000_000 })
const basisPoints = Type.Integer({ minimum: 0, maximum: 10_000, description: '1000 = 10 %' })
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Korean calendar day' })
const instant = Type.String({ maxLength: 40, description: 'RFC 3339 instant with its zone' })
const words = (lengthMax: number, itemsMax: number) =>
  Type.Array(Type.String({ minLength: 1, maxLength: lengthMax }), { maxItems: itemsMax })

const publicFields = {
  effectiveFrom: instant,
  region: Type.String({ maxLength: 400 }),
  kind: wordOut(lotKinds),
  prepaidClass: wordOut(prepaidClasses),
  validityYears: count,
  usableUntil: nullable(day),
  expiryNoticeDays: Type.Array(count, { maxItems: termsBounds.expiryNoticesMax }),
  benefit: Type.Object({
    mode: wordOut(benefitModes),
    rateBasisPoints: basisPoints,
    fundingShares: Type.Array(Type.Object({ funder: wordOut(funders), weight: count }), {
      maxItems: funders.length,
    }),
  }),
  saleWindow: Type.Object({ opensAt: instant, closesAt: nullable(instant) }),
  saleTimes: Type.Array(
    Type.Object({
      daysOfMonth: nullable(Type.Array(count, { maxItems: 31 })),
      weekdays: nullable(Type.Array(count, { maxItems: 7, description: '0 is Sunday' })),
      opensAtMinute: Type.Integer({ minimum: 0, maximum: 1_440, description: 'Of the Korean day' }),
      closesAtMinute: Type.Integer({ minimum: 0, maximum: 1_440 }),
    }),
    { maxItems: termsBounds.saleTimesMax, description: 'Empty: at any hour of the window' },
  ),
  monthlyQuotaWon: wonIn,
  monthlyPurchaseCapWon: wonIn,
  holdingCapWon: wonIn,
  purchaseWonMin: wonIn,
  purchaseUnitWon: wonIn,
  purchaseAgeMin: count,
  refund: nullable(
    Type.Object({
      usedBasisPointsMin: basisPoints,
      smallLotWonMax: wonIn,
      smallLotUsedBasisPointsMin: basisPoints,
      deduction: wordOut(refundDeductions),
      fullRefund: wordOut(fullRefundBases),
      smallRemainderBasisPointsMax: basisPoints,
      payoutLagDays: count,
    }),
  ),
  purchaseCancelDays: count,
  tenderRank: count,
  splitTender: Type.Boolean(),
  merchantRules: Type.Object({
    revenueWonMax: Type.Object({
      purchase: nullable(wonIn),
      stipend: nullable(wonIn),
      cashback: nullable(wonIn),
      gift: nullable(wonIn),
    }),
    sectorsRefused: words(40, termsBounds.sectorsRefusedMax),
    districtsAllowed: nullable(words(40, termsBounds.districtsAllowedMax)),
  }),
  paymentWonMax: wonIn,
  settlementLagDays: Type.Object({ qr: count, card: count }),
  feeTiers: Type.Array(
    Type.Object({ revenueWonMax: nullable(wonIn), feeBasisPoints: basisPoints }),
    { maxItems: termsBounds.feeTiersMax },
  ),
  taxCategory: wordOut(taxCategories),
  offlineAllowance: Type.Object({
    allowanceWonMax: wonIn,
    perSpendWonMax: wonIn,
    spendsMax: count,
    validHours: count,
  }),
  fallbackPreference: wordOut(fallbackPreferences),
  stipend: Type.Optional(
    nullable(
      Type.Object({
        ageMin: count,
        validityDays: nullable(count),
        joinDays: count,
        appealDays: count,
        appealAnswerDays: count,
        clawbackAtExpiry: Type.Boolean(),
        retentionDays: count,
      }),
    ),
  ),
  corporate: Type.Optional(
    nullable(
      Type.Object({
        soldToMembers: Type.Boolean(),
        discounted: Type.Boolean(),
        monthlyPurchaseCapWon: nullable(wonIn),
        holdingCapWon: nullable(wonIn),
        payableByCard: Type.Boolean(),
      }),
    ),
  ),
  cashback: Type.Optional(
    nullable(
      Type.Object({
        tiers: Type.Array(
          Type.Object({ revenueWonMax: nullable(wonIn), rateBasisPoints: basisPoints }),
          { maxItems: termsBounds.cashbackTiersMax },
        ),
        monthlyCapWon: wonIn,
        validityMonths: count,
        spending: wordOut(cashbackSpendings),
      }),
    ),
  ),
  saleSuspended: Type.Boolean(),
  paymentSuspended: Type.Boolean(),
}

/** What an officer sends: a whole version; its number is ours to give. */
export const termsInSchema = Type.Object({
  ...publicFields,
  standInLimits: Type.Object({
    perPaymentWonMax: wonIn,
    paymentsMax: count,
    cumulativeWonMax: wonIn,
    snapshotAgeHoursMax: count,
  }),
})
type TermsIn = Static<typeof termsInSchema>

/** Any part of the terms but the instant of taking effect, which is asked for by itself; lists are given whole. */
export type TermsChangesIn = Omit<PartOf<TermsIn>, 'effectiveFrom'>
type PartOf<Whole> = {
  readonly [Name in keyof Whole]?: Whole[Name] extends readonly unknown[] | null
    ? Whole[Name]
    : Whole[Name] extends object
      ? PartOf<Whole[Name]>
      : Whole[Name]
}
const { effectiveFrom: _asked, ...changeable } = termsInSchema.properties
export const termsChangesSchema = Type.Unsafe<TermsChangesIn>(partOf(Type.Object(changeable)))

/** The same object with every member of it, and of the objects in it, left out at will. */
function partOf(schema: TSchema): TSchema {
  const properties: unknown = Reflect.get(schema, 'properties')
  if (typeof properties !== 'object' || properties === null) return schema
  const members: [string, TSchema][] = Object.entries(properties)
  return Type.Object(
    Object.fromEntries(members.map(([name, member]) => [name, Type.Optional(partOf(member))])),
    { minProperties: 1 },
  )
}

/** What anybody may read: all but how far the card gateway would trust, which only helps a thief. */
const written = {
  version: Type.Integer(),
  adverseAnnouncedAt: nullable(
    Type.String({
      description: 'Until these terms take effect, lots held before may be handed back',
    }),
  ),
}
export const publicTermsSchema = Type.Object({ ...publicFields, ...written })
/** What the issuer's officers read. */
export const termsSchema = Type.Object({ ...termsInSchema.properties, ...written })

export function publicTermsView(terms: ProgramTerms): Static<typeof publicTermsSchema> {
  const { standInLimits: _kept, ...shown } = termsView(terms)
  return shown
}

export function termsView(terms: ProgramTerms): Static<typeof termsSchema> {
  const { programId: _programId, issuerId: _issuerId, version, ...draft } = terms
  return { ...draftView(draft), version }
}

/** Terms that are not written yet. */
export const draftSchema = Type.Object({
  ...termsInSchema.properties,
  adverseAnnouncedAt: written.adverseAnnouncedAt,
})

export function draftView(terms: TermsDraft): Static<typeof draftSchema> {
  const { saleWindow, benefit, merchantRules, adverseAnnouncedAt } = terms
  const { sectorsRefused, districtsAllowed } = merchantRules
  return {
    ...terms,
    effectiveFrom: instantText(terms.effectiveFrom),
    saleWindow: {
      opensAt: instantText(saleWindow.opensAt),
      closesAt: instantOrNull(saleWindow.closesAt),
    },
    saleTimes: terms.saleTimes.map((time) => ({
      ...time,
      daysOfMonth: time.daysOfMonth && [...time.daysOfMonth],
      weekdays: time.weekdays && [...time.weekdays],
    })),
    adverseAnnouncedAt: instantOrNull(adverseAnnouncedAt),
    expiryNoticeDays: [...terms.expiryNoticeDays],
    benefit: { ...benefit, fundingShares: [...benefit.fundingShares] },
    merchantRules: {
      ...merchantRules,
      sectorsRefused: [...sectorsRefused],
      districtsAllowed: districtsAllowed === null ? null : [...districtsAllowed],
    },
    feeTiers: [...terms.feeTiers],
    cashback: terms.cashback && { ...terms.cashback, tiers: [...terms.cashback.tiers] },
  }
}

/** Reads what the schema let through. @throws HttpProblem 400 for a text that is no day or instant */
export function readChanges(changes: TermsChangesIn, place: string): TermsOverrides {
  const { usableUntil, saleWindow } = changes
  const closesAt = saleWindow?.closesAt
  const read = {
    ...changes,
    ...(typeof usableUntil === 'string'
      ? { usableUntil: readDay(usableUntil, `${place}.usableUntil`) }
      : {}),
    ...(saleWindow === undefined
      ? {}
      : {
          saleWindow: {
            ...(saleWindow.opensAt === undefined
              ? {}
              : { opensAt: readInstant(saleWindow.opensAt, `${place}.saleWindow.opensAt`) }),
            ...(closesAt === undefined ? {} : { closesAt: closeOf(closesAt, place) }),
          },
        }),
  }
  // Amounts are whole won by the schema, and all the rest has just been read.
  return read as unknown as TermsOverrides
}

function closeOf(closesAt: string | null, place: string): Instant | null {
  return closesAt === null ? null : readInstant(closesAt, `${place}.saleWindow.closesAt`)
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:\d{2})$/

/** @throws HttpProblem 400 for text that is no instant with its zone */
export function readInstant(text: string, field: string): Instant {
  const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw unreadable(field)
  return at
}

export function readDay(text: string, field: string) {
  const date = parseBusinessDate(text)
  if (date === undefined) throw unreadable(field)
  return date
}

function unreadable(field: string): HttpProblem {
  return refusal('validation_failed', {
    detail: {
      ko: '날짜는 2026-11-22, 시각은 2026-11-22T00:00:00+09:00 형식으로 보내 주세요.',
      en: 'Send days as 2026-11-22 and instants as 2026-11-22T00:00:00+09:00.',
    },
    field: `body.${field}`,
  })
}
