/** Every code this door can answer with, in one list: for the page of each problem and for the reference. */
import { declineReasons, faultTable, type FaultCertainty, type FaultCode } from '../base/base.ts'
import { Type } from 'typebox'
import { declineAnswers } from './decline-answers.ts'
import type { App } from './door.ts'
import { faultAnswers } from './fault-answers.ts'
import { problemResponses, type Words } from './problem.ts'
import { notFound, refusals } from './refusals.ts'
import { confirmationAnswers } from './routes/confirmation-answers.ts'
import { corporateAnswers, faultyList } from './routes/corporate-answers.ts'
import { faultyFile, grantingAnswers } from './routes/granting-answers.ts'
import { memberMoneyAnswers } from './routes/member-money-answers.ts'
import { registrationAnswers } from './routes/registration-answers.ts'

export const problemKinds = [
  'refusal',
  'registration',
  'member_money',
  'granting',
  'corporate',
  'confirmation',
  'decline',
  'fault',
] as const
export type ProblemKind = (typeof problemKinds)[number]

export interface ProblemEntry {
  readonly code: string
  readonly kind: ProblemKind
  readonly status: number
  readonly words: Words
  /** What the caller may believe about the operation. */
  readonly certainty: FaultCertainty
}

/** A bug may have struck after the money moved, and who stopped answering may have done what was asked. */
const leavesDoubt: ReadonlySet<string> = new Set(['internal_error', 'simulated_party_away'])

/** Refusals in the order of meeting them, registration's, of members' money, declines by precedence, faults. */
export const problemCatalogue: readonly ProblemEntry[] = [
  ...Object.entries(refusals).map(([code, { status, title }]): ProblemEntry => ({
    code,
    kind: 'refusal',
    status,
    words: title,
    certainty: leavesDoubt.has(code) ? 'may_have_happened' : 'did_not_happen',
  })),
  ...Object.entries(registrationAnswers).flatMap(([code, answer]): ProblemEntry[] => {
    // Those that are declines too stand there.
    if (typeof answer === 'string') return []
    const { status, title } = answer
    return [{ code, kind: 'registration', status, words: title, certainty: 'did_not_happen' }]
  }),
  ...Object.entries(memberMoneyAnswers).flatMap(([code, answer]): ProblemEntry[] => {
    // Those that are declines or registration's too stand there.
    if (typeof answer === 'string') return []
    const { status, title } = answer
    return [{ code, kind: 'member_money', status, words: title, certainty: 'did_not_happen' }]
  }),
  ...Object.entries(grantingAnswers).flatMap(([code, answer]): ProblemEntry[] => {
    if (typeof answer === 'string') return []
    const { status, title } = answer
    return [{ code, kind: 'granting', status, words: title, certainty: 'did_not_happen' }]
  }),
  {
    code: faultyFile.code,
    kind: 'granting',
    status: faultyFile.status,
    words: faultyFile.title,
    certainty: 'did_not_happen',
  },
  ...Object.entries(corporateAnswers).flatMap(([code, answer]): ProblemEntry[] => {
    // Those that others say too stand there.
    if (typeof answer === 'string') return []
    const { status, title } = answer
    return [{ code, kind: 'corporate', status, words: title, certainty: 'did_not_happen' }]
  }),
  {
    code: faultyList.code,
    kind: 'corporate',
    status: faultyList.status,
    words: faultyList.title,
    certainty: 'did_not_happen',
  },
  ...Object.entries(confirmationAnswers).flatMap(([code, answer]): ProblemEntry[] => {
    if (typeof answer === 'string') return []
    const { status, title } = answer
    return [{ code, kind: 'confirmation', status, words: title, certainty: 'did_not_happen' }]
  }),
  ...declineReasons.map((code): ProblemEntry => {
    const { status, ko, en } = declineAnswers[code]
    return { code, kind: 'decline', status, words: { ko, en }, certainty: 'did_not_happen' }
  }),
  ...faultCodes().map((code): ProblemEntry => {
    const { status, ko, en } = faultAnswers[code]
    return { code, kind: 'fault', status, words: { ko, en }, certainty: faultTable[code].certainty }
  }),
]

function faultCodes(): FaultCode[] {
  return Object.keys(faultTable).filter((code): code is FaultCode => code in faultTable)
}

const ProblemPage = Type.Object({
  code: Type.String(),
  kind: Type.String(),
  status: Type.Integer(),
  ko: Type.String(),
  en: Type.String(),
  certainty: Type.String(),
})

/** The pages that the `type` of a problem names. */
export function registerProblemPages(app: App): void {
  const byCode = new Map(problemCatalogue.map((entry) => [entry.code, entry]))
  app.get(
    '/problems/:code',
    {
      schema: {
        hide: true,
        params: Type.Object({ code: Type.String({ maxLength: 64 }) }),
        response: { 200: ProblemPage, ...problemResponses },
      },
    },
    async (request) => {
      const entry = byCode.get(request.params.code)
      if (entry === undefined) throw notFound('path.code')
      const { code, kind, status, words, certainty } = entry
      return { code, kind, status, ...words, certainty }
    },
  )
}
