/** What officers ask for, and the change that it comes to when it is asked. */
import {
  cleanText,
  type BusinessDate,
  type Instant,
  type IssuerId,
  type IdSource,
  type PotId,
  type ProgramId,
} from '../base/base.ts'
import {
  draftOf,
  overridden,
  templateNamed,
  termsAt,
  type IssuerRuleValues,
  type TemplateName,
  type TermsDraft,
  type TermsOverrides,
} from '../issuing/issuing.ts'
import {
  readRecord,
  refused,
  type PotBody,
  type ProgramDesk,
  type ProposedChange,
  type Refused,
  type Registry,
} from '../registration/registration.ts'

export const REASON_LENGTH_MAX = 200
const NAME_LENGTH_MAX = 60

export type Wish =
  | {
      readonly kind: 'create_program'
      readonly template: TemplateName
      readonly name: string
      readonly nameEn: string
      readonly region: string
      readonly effectiveFrom: Instant
      readonly overrides: TermsOverrides
    }
  | {
      readonly kind: 'change_terms'
      readonly programId: ProgramId
      readonly effectiveFrom: Instant
      /** Over the terms that would be in force then. */
      readonly changes: TermsOverrides
    }
  | StopWish
  | {
      readonly kind: 'abolish'
      readonly programId: ProgramId
      /** `null`: when it is decided. */
      readonly saleEndsAt: Instant | null
      readonly lastDay: BusinessDate
      readonly reason: string
    }
  /** @property potId `null`: a new one */
  | { readonly kind: 'set_pot'; readonly potId: PotId | null; readonly pot: PotBody }
  | {
      readonly kind: 'set_rules'
      readonly effectiveFrom: Instant
      readonly changes: Partial<IssuerRuleValues>
    }

export interface StopWish {
  readonly kind: 'stop'
  readonly programId: ProgramId
  readonly saleStopped: boolean
  readonly paymentStopped: boolean
  readonly reason: string
}

export interface WishDeps {
  readonly registry: Registry
  readonly directory: ProgramDesk
  readonly ids: IdSource
}

export type Resolved = { readonly status: 'resolved'; readonly change: ProposedChange } | Refused

/** The change as it would be written; whether it may be is asked afterwards. */
export async function resolveWish(
  deps: WishDeps,
  issuerId: IssuerId,
  wish: Wish,
): Promise<Resolved> {
  const { kind } = wish
  switch (kind) {
    case 'create_program':
      return newProgram(deps, wish)
    case 'change_terms':
      return newTerms(deps, issuerId, wish)
    case 'stop':
    case 'abolish': {
      const reason = cleanText(wish.reason, REASON_LENGTH_MAX)
      if (reason === undefined) return refused('field_invalid', 'reason')
      return { status: 'resolved', change: { ...wish, reason } }
    }
    case 'set_pot':
      return potChange(deps, issuerId, wish)
    case 'set_rules': {
      const { effectiveFrom, changes } = wish
      const rules = Object.entries(changes).map(([name, value]) => ({ name, value }))
      return { status: 'resolved', change: { kind, effectiveFrom, rules } }
    }
    default:
      return wish satisfies never
  }
}

function newProgram({ ids }: WishDeps, wish: Extract<Wish, { kind: 'create_program' }>): Resolved {
  const { kind, template, region, effectiveFrom, overrides } = wish
  const [name, nameEn] = [wish.name, wish.nameEn].map((text) => cleanText(text, NAME_LENGTH_MAX))
  if (name === undefined) return refused('field_invalid', 'name')
  if (nameEn === undefined) return refused('field_invalid', 'nameEn')
  const terms = draftOf(templateNamed(template), { region, effectiveFrom }, overrides)
  const programId = ids.next('prg')
  return { status: 'resolved', change: { kind, programId, name, nameEn, template, terms } }
}

function newTerms(
  { directory }: WishDeps,
  issuerId: IssuerId,
  wish: Extract<Wish, { kind: 'change_terms' }>,
): Resolved {
  const { kind, programId, effectiveFrom, changes } = wish
  const written = directory.writtenTerms(issuerId, programId)
  const [first] = written
  if (first === undefined) return refused('program_unknown')
  const base = termsAt(written, effectiveFrom) ?? first
  const { programId: _program, issuerId: _issuer, version: _version, ...draft } = base
  const next: TermsDraft = {
    ...overridden(draft, changes),
    effectiveFrom,
    adverseAnnouncedAt: null,
  }
  const basedOn = written.at(-1)!.version
  return { status: 'resolved', change: { kind, programId, basedOn, terms: next } }
}

async function potChange(
  { registry, ids }: WishDeps,
  issuerId: IssuerId,
  { kind, potId, pot }: Extract<Wish, { kind: 'set_pot' }>,
): Promise<Resolved> {
  if (potId === null) {
    return { status: 'resolved', change: { kind, potId: ids.next('pot'), basedOn: 0, pot } }
  }
  const known = await readRecord(registry, issuerId, 'funding_pot', potId)
  if (known === undefined) return refused('pot_unknown')
  // What was drawn was drawn from this funder's money.
  if (known.body.funder !== pot.funder) return refused('field_invalid', 'funder')
  return { status: 'resolved', change: { kind, potId, basedOn: known.version, pot } }
}
