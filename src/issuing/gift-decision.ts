/** May this member give this, and out of which lots? What only the ledger can see, it is asked for afterwards. */
import {
  businessDate,
  sumWon,
  won,
  type BusinessDate,
  type Instant,
  type LotId,
  type LotKind,
  type ProgramId,
  type Won,
} from '../base/base.ts'
import type { Program } from './directory.ts'
import type { IssuerRuleValues } from './issuer-rules.ts'
import { memberMoneyRefusals, type MemberMoneyRefusal } from './member-money-refusal.ts'
import { termsAt } from './program-terms.ts'

/** A lot that could give. */
export interface GivingLot {
  readonly lotId: LotId
  readonly programId: ProgramId
  readonly kind: LotKind
  readonly remainingWon: Won
  readonly expiresAt: Instant
}

export interface GiftPart {
  readonly lotId: LotId
  readonly amountWon: Won
  readonly expiresAt: Instant
}

/** What one member gave on one Korean day. */
export interface GiftDay {
  readonly day: BusinessDate
  readonly gifts: number
  readonly givenWon: Won
}

export type GiftDecision =
  | {
      readonly outcome: 'given'
      /** In the order of taking. */
      readonly parts: readonly GiftPart[]
      /** The earliest of the sources: giving there and back prolongs nothing. */
      readonly expiresAt: Instant
      /** What the giver has given today, this present included. */
      readonly day: GiftDay
    }
  | { readonly outcome: 'refused'; readonly reason: MemberMoneyRefusal }

/** The rules that a giver keeps to. */
export type GiftRules = Pick<
  IssuerRuleValues,
  'giftsOffered' | 'giftsStopOnSaleDays' | 'giftsPerDayMax' | 'giftWonPerDayMax' | 'giftKinds'
>

export function decideGift(request: {
  readonly program: Program | undefined
  /** All of the issuer's, for days on which a sale opens. */
  readonly programs: readonly Program[]
  readonly rules: GiftRules
  readonly lots: readonly GivingLot[]
  readonly amountWon: Won
  readonly givenBefore: GiftDay | undefined
  readonly isToOneself: boolean
  readonly now: Instant
}): GiftDecision {
  const { program, programs, rules, amountWon, isToOneself, now } = request
  const reasons: MemberMoneyRefusal[] = []
  if (!rules.giftsOffered || program === undefined) reasons.push('gifts_not_offered')
  if (rules.giftsStopOnSaleDays && isSaleDay(programs, now)) reasons.push('gifts_suspended')
  if (isToOneself) reasons.push('gift_to_oneself')
  const day = dayAfter(request.givenBefore, amountWon, now)
  if (day.gifts > rules.giftsPerDayMax || day.givenWon > rules.giftWonPerDayMax) {
    reasons.push('gift_limit_exceeded')
  }
  const parts = takeParts(request)
  if (sumWon(parts.map((part) => part.amountWon)) < amountWon) {
    reasons.push('gift_funds_insufficient')
  }
  const reason = memberMoneyRefusals.find((candidate) => reasons.includes(candidate))
  if (reason !== undefined) return { outcome: 'refused', reason }
  const expiresAt = Math.min(...parts.map((part) => part.expiresAt))
  return { outcome: 'given', parts, expiresAt, day }
}

/** Earliest expiry first, then the lowest id, as a payment takes; fewer won than asked for where there are no more. */
function takeParts(request: {
  readonly program: Program | undefined
  readonly rules: GiftRules
  readonly lots: readonly GivingLot[]
  readonly amountWon: Won
  readonly now: Instant
}): readonly GiftPart[] {
  const { program, rules, lots, amountWon, now } = request
  const mayGive = lots.filter(
    (lot) =>
      lot.programId === program?.programId &&
      rules.giftKinds.includes(lot.kind) &&
      lot.expiresAt > now &&
      lot.remainingWon > 0,
  )
  const parts: GiftPart[] = []
  let left: number = amountWon
  for (const lot of mayGive.toSorted((a, b) => a.expiresAt - b.expiresAt || a.lotId - b.lotId)) {
    if (left === 0) break
    const takenWon = won(Math.min(left, lot.remainingWon))
    parts.push({ lotId: lot.lotId, amountWon: takenWon, expiresAt: lot.expiresAt })
    left -= takenWon
  }
  return parts
}

function dayAfter(before: GiftDay | undefined, amountWon: Won, now: Instant): GiftDay {
  const day = businessDate(now)
  const isToday = before?.day === day
  return {
    day,
    gifts: (isToday ? before.gifts : 0) + 1,
    givenWon: sumWon([isToday ? before.givenWon : won(0), amountWon]),
  }
}

/** True on a Korean day on which the sale of some program opens: everybody comes then. */
export function isSaleDay(programs: readonly Program[], now: Instant): boolean {
  const today = businessDate(now)
  return programs.some(({ terms }) => {
    const inForce = termsAt(terms, now)
    return inForce !== undefined && businessDate(inForce.saleWindow.opensAt) === today
  })
}

const MOBILE = /^01[016789]\d{7,8}$/

/** `010-1234-5678`, `+82 10 1234 5678` → `01012345678`; `undefined` for what is no mobile number in Korea. */
export function mobileDigits(text: string): string | undefined {
  const digits = text.replaceAll(/[\s().-]/g, '').replace(/^\+82(?:0)?/, '0')
  return MOBILE.test(digits) ? digits : undefined
}
