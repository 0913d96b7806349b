/** What officers read of a proposal: what is to change, in words, and what it means for members. */
import { Type, type Static } from 'typebox'
import type { ChangePreview, Judgement, Proposal } from '../../administration/administration.ts'
import { formatId, funders } from '../../base/base.ts'
import { fieldText, reviewedMatters, type TermsDifference } from '../../issuing/issuing.ts'
import type { ProgramHoldings } from '../../ledger/ledger.ts'
import {
  changeKinds,
  proposalStates,
  type PotBody,
  type ProposedChange,
} from '../../registration/registration.ts'
import { instantOrNull, instantSchema, instantText } from '../door.ts'
import { draftSchema, draftView } from './terms-schema.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

const dayOut = Type.String({ description: 'Korean calendar day' })

export const potOut = {
  name: Type.String(),
  funder: wordOut(funders),
  programIds: Type.Array(idOut),
  startsOn: dayOut,
  endsOn: dayOut,
  amountWon: wonOut,
}

const changeSchema = Type.Object({
  kind: wordOut(changeKinds),
  programId: nullable(idOut),
  /** Of a new program. */
  name: nullable(Type.String()),
  nameEn: nullable(Type.String()),
  terms: nullable(draftSchema),
  stop: nullable(Type.Object({ saleStopped: Type.Boolean(), paymentStopped: Type.Boolean() })),
  abolition: nullable(Type.Object({ saleEndsAt: nullable(instantSchema), lastDay: dayOut })),
  why: nullable(Type.String()),
  pot: nullable(Type.Object({ potId: idOut, ...potOut })),
  rules: nullable(Type.Array(Type.Object({ name: Type.String(), value: Type.String() }))),
})

/** One difference of terms as people read it. */
export const differenceOut = {
  name: Type.String(),
  nameEn: Type.String(),
  before: Type.String(),
  beforeEn: Type.String(),
  after: Type.String(),
  afterEn: Type.String(),
}
const differenceSchema = Type.Object({
  field: Type.String({ description: 'Path in the terms, such as benefit.rateBasisPoints' }),
  ...differenceOut,
  isAdverse: Type.Boolean({ description: 'Members are worse off' }),
})

const costSchema = nullable(Type.Object({ payWon: wonOut, cashbackWon: wonOut }))

export const previewSchema = Type.Object({
  matters: Type.Array(wordOut(reviewedMatters)),
  needsSecondOfficer: Type.Boolean(),
  effectiveFrom: nullable(instantSchema),
  differences: Type.Array(differenceSchema),
  notice: Type.Object({
    adverseDays: nullable(Type.Integer({ description: 'Told so many days before; full refunds' })),
    contractMonths: nullable(Type.Integer({ description: 'Told so many months before' })),
    earliestAt: nullable(instantSchema),
  }),
  example: nullable(Type.Object({ faceWon: wonOut, before: costSchema, after: costSchema })),
  holdings: nullable(
    Type.Object({
      wallets: Type.Integer({ description: 'Members with anything left of the program' }),
      remainingWon: wonOut,
    }),
  ),
  /** Why it could not be decided now. */
  problem: nullable(Type.Object({ code: Type.String(), field: nullable(Type.String()) })),
})

export const proposalSchema = Type.Object({
  proposalId: idOut,
  state: wordOut(proposalStates),
  isDone: Type.Boolean({ description: 'Done at once by one officer, to be confirmed by another' }),
  change: changeSchema,
  proposedBy: idOut,
  proposedAt: instantSchema,
  decideBy: instantSchema,
  decidedBy: nullable(idOut),
  decidedAt: nullable(instantSchema),
  reason: nullable(Type.String()),
  /** What it means if it is decided now; null once it has been. */
  preview: nullable(previewSchema),
})

export function proposalView(
  proposal: Proposal,
  holdings: ProgramHoldings | null,
): Static<typeof proposalSchema> {
  const { proposalId, state, isDone, change, decidedBy, decidedAt, reason, judgement } = proposal
  return {
    proposalId: formatId('prp', proposalId),
    state,
    isDone,
    change: changeView(change),
    proposedBy: formatId('off', proposal.proposedBy),
    proposedAt: instantText(proposal.proposedAt),
    decideBy: instantText(proposal.decideBy),
    decidedBy: decidedBy === null ? null : formatId('off', decidedBy),
    decidedAt: instantOrNull(decidedAt),
    reason,
    preview: judgement === undefined ? null : previewView(judgement, holdings),
  }
}

export function previewView(
  { preview, refusal }: Judgement,
  holdings: ProgramHoldings | null,
): Static<typeof previewSchema> {
  const { effectiveFrom, demand, example } = preview
  const { earliestAt } = demand
  return {
    matters: [...preview.matters],
    needsSecondOfficer: preview.needsSecondOfficer,
    effectiveFrom: instantOrNull(effectiveFrom),
    differences: preview.differences.map((each) => ({
      field: each.field.path,
      ...differenceWords(each),
      isAdverse: each.isAdverse,
    })),
    notice: { ...demand, earliestAt: instantOrNull(earliestAt) },
    example: exampleView(example),
    holdings,
    problem:
      refusal === undefined
        ? null
        : {
            code: refusal.reason,
            field: refusal.problems?.[0]?.field ?? refusal.field ?? null,
          },
  }
}

function exampleView(example: ChangePreview['example']): Static<typeof previewSchema>['example'] {
  return example === null ? null : { ...example }
}

export function differenceWords({ field, before, after }: TermsDifference) {
  const old = fieldText(field.unit, before)
  const next = fieldText(field.unit, after)
  return {
    name: field.ko,
    nameEn: field.en,
    before: old.ko,
    beforeEn: old.en,
    after: next.ko,
    afterEn: next.en,
  }
}

function changeView(change: ProposedChange): Static<typeof changeSchema> {
  const { kind } = change
  const none = {
    kind,
    programId: 'programId' in change ? formatId('prg', change.programId) : null,
    name: null,
    nameEn: null,
    terms: 'terms' in change ? draftView(change.terms) : null,
    stop: null,
    abolition: null,
    why: 'reason' in change ? change.reason : null,
    pot: null,
    rules: null,
  }
  switch (kind) {
    case 'create_program':
      return { ...none, name: change.name, nameEn: change.nameEn }
    case 'change_terms':
      return none
    case 'stop': {
      const { saleStopped, paymentStopped } = change
      return { ...none, stop: { saleStopped, paymentStopped } }
    }
    case 'abolish': {
      const { saleEndsAt, lastDay } = change
      const ends = instantOrNull(saleEndsAt)
      return { ...none, abolition: { saleEndsAt: ends, lastDay } }
    }
    case 'set_pot': {
      const potId = formatId('pot', change.potId)
      return { ...none, pot: { potId, ...potView(change.pot) } }
    }
    case 'set_rules': {
      const rules = change.rules.map(({ name, value }) => ({ name, value: JSON.stringify(value) }))
      return { ...none, rules }
    }
    default:
      return kind satisfies never
  }
}

export function potView({ programIds, name, funder, startsOn, endsOn, amountWon }: PotBody) {
  const ids = programIds.map((programId) => formatId('prg', programId))
  return { name, funder, programIds: ids, startsOn, endsOn, amountWon }
}
