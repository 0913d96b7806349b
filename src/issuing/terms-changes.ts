/** What a new version of terms changes, field by field, in words, and whom it makes worse off. */
import {
  businessDate,
  minuteOfDay,
  won,
  type BusinessDate,
  type Instant,
  type Won,
} from '../base/base.ts'
import type { ProgramTerms } from './program-terms.ts'
import { amountIsOffered } from './purchase-decision.ts'
import { quoteCashback } from './cashback-decision.ts'
import { quotePurchase } from './purchase-quote.ts'
import type { FieldUnit, TermsField } from './change-areas.ts'
import { termsFields } from './terms-fields.ts'

export interface TermsDifference {
  readonly field: TermsField
  readonly before: unknown
  readonly after: unknown
  /** Members are worse off: 전금법 §36의2. */
  readonly isAdverse: boolean
}

/** Every field that differs, in the order of the terms. */
export function compareTerms(
  before: ProgramTerms,
  after: ProgramTerms,
): readonly TermsDifference[] {
  return termsFields.flatMap((field) => {
    const [old, next] = [before, after].map((terms) => readField(terms, field))
    if (isSame(old, next) || isToldByItsParts(field, old, next)) return []
    return [{ field, before: old, after: next, isAdverse: field.isWorse?.(before, after) ?? false }]
  })
}

/** The value at a field's path; of a whole that is missing `null`. */
export function readField(terms: ProgramTerms, { path }: Pick<TermsField, 'path'>): unknown {
  let value: unknown = terms
  for (const name of path.split('.')) {
    if (value === null) return null
    value = Reflect.get(Object(value), name)
  }
  return value
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** A rule that is there before and after is told by its parts; one that comes or goes, as a whole. */
function isToldByItsParts({ path }: TermsField, before: unknown, after: unknown): boolean {
  const isWhole = termsFields.some((other) => other.path.startsWith(`${path}.`))
  if (isWhole) return before !== null && after !== null
  const parent = termsFields.find((other) => path.startsWith(`${other.path}.`))
  return parent !== undefined && (before === null || after === null)
}

/** What a member notices: one purchase, before and after. */
export interface PurchaseExample {
  readonly faceWon: Won
  /** `null`: such a purchase is not offered. */
  readonly before: ExampleCost | null
  readonly after: ExampleCost | null
}

export interface ExampleCost {
  readonly payWon: Won
  /** What spending all of it brings back, at best. */
  readonly cashbackWon: Won
}

export const EXAMPLE_FACE_WON = won(100_000)

export function purchaseExample(
  before: ProgramTerms | undefined,
  after: ProgramTerms,
): PurchaseExample {
  const faceWon = EXAMPLE_FACE_WON
  return {
    faceWon,
    before: before === undefined ? null : costOf(before, faceWon),
    after: costOf(after, faceWon),
  }
}

function costOf(terms: ProgramTerms, faceWon: Won): ExampleCost | null {
  const isOffered =
    terms.kind === 'purchase' &&
    amountIsOffered(terms, faceWon) &&
    faceWon <= terms.monthlyPurchaseCapWon
  if (!isOffered) return null
  const { payWon } = quotePurchase(terms, faceWon)
  return { payWon, cashbackWon: quoteCashback(terms, faceWon).cashbackWon }
}

/** A value as people read it, in both languages. */
export function fieldText(unit: FieldUnit, value: unknown): { ko: string; en: string } {
  if (value === null || value === undefined) return { ko: '없음', en: 'none' }
  const same = (text: string) => ({ ko: text, en: text })
  switch (unit) {
    case 'won':
      return same(`₩${Number(value).toLocaleString('en-US')}`)
    case 'basis_points':
      return same(`${Number(value) / 100} %`)
    case 'instant':
      return same(koreanTime(Number(value)))
    case 'flag':
      return value === true ? { ko: '예', en: 'yes' } : { ko: '아니오', en: 'no' }
    case 'list':
      return Array.isArray(value) && value.length === 0
        ? { ko: '없음', en: 'none' }
        : same(listText(value))
    default:
      return same(typeof value === 'string' ? value : JSON.stringify(value))
  }
}

/** `2026-12-01 09:00`, in Korea. */
function koreanTime(at: Instant): string {
  const date: BusinessDate = businessDate(at)
  const minute = minuteOfDay(at)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${date} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

function listText(value: unknown): string {
  if (Array.isArray(value)) return value.map(listText).join(', ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, part]) => `${name} ${Array.isArray(part) ? listText(part) : String(part)}`)
    .join(' ')
}
