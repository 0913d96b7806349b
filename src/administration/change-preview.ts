/** What a proposed change means, and whether it may be made at an instant. Pure: it asks the directory only. */
import type { Instant, IssuerId } from '../base/base.ts'
import {
  afterMonths,
  compareTerms,
  initialIssuerRules,
  noticeDemand,
  overlappingPot,
  paymentsEndAt,
  purchaseExample,
  rulesAt,
  rulesFrom,
  stopAt,
  termsAt,
  validatePot,
  validateIssuerRules,
  validateTerms,
  type NoticeDemand,
  type ProgramConditions,
  type ProgramTerms,
  type PurchaseExample,
  type ReviewedMatter,
  type TermsDifference,
} from '../issuing/issuing.ts'
import {
  refused,
  type ProgramDesk,
  type ProposedChange,
  type Refused,
} from '../registration/registration.ts'

export interface ChangePreview {
  /** What it touches. */
  readonly matters: readonly ReviewedMatter[]
  readonly needsSecondOfficer: boolean
  readonly differences: readonly TermsDifference[]
  readonly demand: NoticeDemand
  /** When members meet it; `null`: as soon as it is decided. */
  readonly effectiveFrom: Instant | null
  /** Of terms: what one purchase would cost. */
  readonly example: PurchaseExample | null
}

export interface Judgement {
  readonly preview: ChangePreview
  /** Why it may not be made, were it decided now. */
  readonly refusal: Refused | undefined
}

const nothingAsked: NoticeDemand = { adverseDays: null, contractMonths: null, earliestAt: null }

/** @param at when it is decided: notice runs from then */
export function judgeChange(
  directory: ProgramDesk,
  issuerId: IssuerId,
  change: ProposedChange,
  at: Instant,
): Judgement {
  switch (change.kind) {
    case 'create_program':
      return judgeProgram(directory, issuerId, change, at)
    case 'change_terms':
      return judgeTerms(directory, issuerId, change, at)
    case 'stop':
      return judgeStop(directory, issuerId, change, at)
    case 'abolish':
      return judgeAbolition(directory, issuerId, change, at)
    case 'set_pot':
      return judgePot(directory, issuerId, change, at)
    case 'set_rules':
      return judgeRules(directory, issuerId, change, at)
    default:
      return change satisfies never
  }
}

type Of<Kind extends ProposedChange['kind']> = Extract<ProposedChange, { kind: Kind }>

function judgeProgram(
  directory: ProgramDesk,
  issuerId: IssuerId,
  { programId, terms }: Of<'create_program'>,
  at: Instant,
): Judgement {
  const next: ProgramTerms = { ...terms, issuerId, programId, version: 1 }
  const problems = validateTerms(next)
  const { effectiveFrom } = terms
  const preview = previewOf(directory, issuerId, {
    matters: ['new_program'],
    at,
    effectiveFrom,
    example: problems.length === 0 ? purchaseExample(undefined, next) : null,
  })
  if (effectiveFrom <= at) return { preview, refusal: refused('field_invalid', 'effectiveFrom') }
  return { preview, refusal: problems.length === 0 ? undefined : invalid(problems) }
}

function judgeTerms(
  directory: ProgramDesk,
  issuerId: IssuerId,
  change: Of<'change_terms'>,
  at: Instant,
): Judgement {
  const { programId, basedOn, terms } = change
  const written = directory.writtenTerms(issuerId, programId)
  const { effectiveFrom } = terms
  const next: ProgramTerms = { ...terms, issuerId, programId, version: basedOn + 1 }
  const before = termsAt(written, effectiveFrom)
  const problems = validateTerms(next)
  const isSound = problems.length === 0
  const differences = before === undefined || !isSound ? [] : compareTerms(before, next)
  const rules = rulesAt(directory.issuerRules(issuerId), at)
  const preview = previewOf(directory, issuerId, {
    matters: [...new Set(differences.map(({ field }) => field.area))],
    at,
    differences,
    demand: noticeDemand(differences, rules, at),
    effectiveFrom,
    example: isSound ? purchaseExample(before, next) : null,
  })
  const judged = (refusal: Refused | undefined): Judgement => ({ preview, refusal })
  if (written.length === 0) return judged(refused('program_unknown'))
  if (isAbolished(directory.conditions(issuerId, programId))) {
    return judged(refused('program_abolished'))
  }
  if (written.at(-1)!.version !== basedOn) return judged(refused('terms_superseded'))
  if (effectiveFrom <= at) return judged(refused('field_invalid', 'effectiveFrom'))
  if (!isSound) return judged(invalid(problems))
  if (differences.length === 0) return judged(refused('nothing_changes'))
  return judged(noticeRefusal(preview) ?? laterRefusal(directory, issuerId, { written, next, at }))
}

/** A version that was decided before takes over later: what it then takes away is told in time too. */
function laterRefusal(
  directory: ProgramDesk,
  issuerId: IssuerId,
  { written, next, at }: { written: readonly ProgramTerms[]; next: ProgramTerms; at: Instant },
): Refused | undefined {
  const later = written
    .filter(({ effectiveFrom }) => effectiveFrom > next.effectiveFrom)
    .toSorted((a, b) => a.effectiveFrom - b.effectiveFrom)[0]
  if (later === undefined) return undefined
  const { effectiveFrom } = later
  const rules = rulesAt(directory.issuerRules(issuerId), at)
  const { earliestAt } = noticeDemand(compareTerms(next, later), rules, at)
  return earliestAt !== null && effectiveFrom < earliestAt ? tooShort(earliestAt) : undefined
}

function judgeStop(
  directory: ProgramDesk,
  issuerId: IssuerId,
  { programId, saleStopped, paymentStopped }: Of<'stop'>,
  at: Instant,
): Judgement {
  const preview = previewOf(directory, issuerId, { matters: ['suspension'], at })
  const conditions = directory.conditions(issuerId, programId)
  if (conditions === undefined) return { preview, refusal: refused('program_unknown') }
  const now = stopAt(conditions, at)
  const isSame =
    (now?.saleStopped ?? false) === saleStopped && (now?.paymentStopped ?? false) === paymentStopped
  return { preview, refusal: isSame ? refused('nothing_changes') : undefined }
}

function judgeAbolition(
  directory: ProgramDesk,
  issuerId: IssuerId,
  { programId, saleEndsAt, lastDay }: Of<'abolish'>,
  at: Instant,
): Judgement {
  const { abolitionNoticeMonths } = rulesAt(directory.issuerRules(issuerId), at)
  const effectiveFrom = paymentsEndAt({ lastDay })
  const preview = previewOf(directory, issuerId, {
    matters: ['abolition'],
    at,
    demand: { ...nothingAsked, earliestAt: afterMonths(at, abolitionNoticeMonths) },
    effectiveFrom,
  })
  const judged = (refusal: Refused | undefined): Judgement => ({ preview, refusal })
  const conditions = directory.conditions(issuerId, programId)
  if (conditions === undefined) return judged(refused('program_unknown'))
  if (isAbolished(conditions)) return judged(refused('program_abolished'))
  if (saleEndsAt !== null && (saleEndsAt < at || saleEndsAt > effectiveFrom)) {
    return judged(refused('field_invalid', 'saleEndsAt'))
  }
  return judged(noticeRefusal(preview))
}

function judgeRules(
  directory: ProgramDesk,
  issuerId: IssuerId,
  { effectiveFrom, rules }: Of<'set_rules'>,
  at: Instant,
): Judgement {
  const preview = previewOf(directory, issuerId, { matters: ['rules'], effectiveFrom, at })
  const judged = (refusal: Refused | undefined): Judgement => ({ preview, refusal })
  if (effectiveFrom <= at) return judged(refused('field_invalid', 'effectiveFrom'))
  const newest = directory.issuerRules(issuerId).at(-1)?.rules ?? initialIssuerRules
  const settings = Object.entries(newest).map(([name, value]) => ({ name, value }))
  const problems = validateIssuerRules(rulesFrom([...settings, ...rules]))
  return judged(problems.length === 0 ? undefined : invalid(problems))
}

function judgePot(
  directory: ProgramDesk,
  issuerId: IssuerId,
  { potId, pot }: Of<'set_pot'>,
  at: Instant,
): Judgement {
  const preview = previewOf(directory, issuerId, { matters: ['funding_pot'], at })
  const wanted = { potId, issuerId, ...pot }
  const problems = validatePot(wanted)
  if (problems.length > 0) return { preview, refusal: invalid(problems) }
  const isKnown = pot.programIds.every((id) => directory.program(issuerId, id) !== undefined)
  if (!isKnown) return { preview, refusal: refused('field_invalid', 'programIds') }
  const isTaken = overlappingPot(directory.pots(issuerId), wanted) !== undefined
  return { preview, refusal: isTaken ? refused('pot_overlaps') : undefined }
}

function previewOf(
  directory: ProgramDesk,
  issuerId: IssuerId,
  { at, ...known }: Partial<ChangePreview> & Pick<ChangePreview, 'matters'> & { at: Instant },
): ChangePreview {
  const { secondOfficerFor } = rulesAt(directory.issuerRules(issuerId), at)
  return {
    needsSecondOfficer: known.matters.some((matter) => secondOfficerFor.includes(matter)),
    differences: [],
    demand: nothingAsked,
    effectiveFrom: null,
    example: null,
    ...known,
  }
}

function noticeRefusal({ demand, effectiveFrom }: ChangePreview): Refused | undefined {
  const { earliestAt } = demand
  const isInTime = earliestAt === null || effectiveFrom === null || effectiveFrom >= earliestAt
  return isInTime ? undefined : tooShort(earliestAt)
}

function tooShort(earliestAt: Instant): Refused {
  return { ...refused('notice_too_short', 'effectiveFrom'), earliestAt }
}

function isAbolished(conditions: ProgramConditions | undefined): boolean {
  return conditions !== undefined && conditions.abolition !== null
}

function invalid(problems: NonNullable<Refused['problems']>): Refused {
  return { status: 'refused', reason: 'terms_invalid', problems }
}
