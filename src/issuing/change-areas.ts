/** What a change of terms may be about, and what a field of the terms is. */
import type { ProgramTerms } from './program-terms.ts'

/** What a change is about. An issuer says by area which need a second officer, and which are of its contract. */
export const changeAreas = [
  'wording',
  'sale',
  'benefit',
  'limits',
  'refund',
  'validity',
  'merchants',
  'settlement',
  'stand_in',
  'suspension',
] as const
export type ChangeArea = (typeof changeAreas)[number]

/** What a second officer may be asked for: areas of the terms, and the acts beside them. */
export const reviewedMatters = [
  ...changeAreas,
  'new_program',
  'abolition',
  'funding_pot',
  'rules',
] as const
export type ReviewedMatter = (typeof reviewedMatters)[number]

export const fieldUnits = [
  'text',
  'word',
  'won',
  'basis_points',
  'count',
  'instant',
  'day',
  'flag',
  'list',
] as const
export type FieldUnit = (typeof fieldUnits)[number]

export interface TermsField {
  /** Dotted path, such as `benefit.rateBasisPoints`. */
  readonly path: string
  readonly ko: string
  readonly en: string
  readonly area: ChangeArea
  readonly unit: FieldUnit
  /** Whether members are worse off; absent: never, whatever it changes to. Asked only of values that differ. */
  readonly isWorse?: (before: ProgramTerms, after: ProgramTerms) => boolean
}

export type Worse = NonNullable<TermsField['isWorse']>

/** `null` stands for no limit at all. */
export const lower =
  (read: (terms: ProgramTerms) => number | null): Worse =>
  (before, after) =>
    (read(after) ?? Number.POSITIVE_INFINITY) < (read(before) ?? Number.POSITIVE_INFINITY)
export const higher =
  (read: (terms: ProgramTerms) => number): Worse =>
  (before, after) =>
    read(after) > read(before)
