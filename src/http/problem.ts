/**
 * What goes wrong at this door, as RFC 9457 problem details. A problem holds its words in both languages;
 * the reader's language is chosen when it is written down, not where it is thrown.
 */
import { Type, type Static } from 'typebox'
import type { DeclineReason, Fault } from '../base/base.ts'
import { declineAnswers } from './decline-answers.ts'
import { faultAnswers, type FaultAnswer } from './fault-answers.ts'

export const locales = ['ko', 'en'] as const
export type Locale = (typeof locales)[number]

/** A sentence in each language. */
export type Words = Readonly<Record<Locale, string>>

/** Thrown by routes and hooks; the error handler answers with it. Never logged as a failure of ours. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly status: number
  readonly code: string
  readonly title: Words
  readonly detail: Words
  /** Dotted path of the offending member of the request, such as `body.amountWon`. */
  readonly field: string | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(options: {
    readonly status: number
    readonly code: string
    readonly title: Words
    /** Absent: the title says all. */
    readonly detail?: Words
    readonly field?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly cause?: unknown
  }) {
    super(options.code, options.cause === undefined ? {} : { cause: options.cause })
    this.status = options.status
    this.code = options.code
    this.title = options.title
    this.detail = options.detail ?? options.title
    this.field = options.field
    this.headers = options.headers ?? {}
  }
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

export const problemSchema = Type.Object(
  {
    type: Type.String({ description: 'Path of a page about the problem: /problems/{code}' }),
    title: Type.String({ description: 'What kind of problem, in the language of Accept-Language' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong here and what would be right' }),
    code: Type.String({ description: 'For programs; see docs/reference/errors.md' }),
    field: Type.Optional(Type.String({ description: 'What part of the request is meant' })),
  },
  { additionalProperties: false },
)
export type ProblemDetails = Static<typeof problemSchema>

const answer = (description: string) => ({
  description,
  content: { [PROBLEM_MEDIA_TYPE]: { schema: problemSchema } },
})

/** Spread into `response` of every route: what it answers when it cannot do what was asked. */
export const problemResponses = {
  '4xx': answer('The request cannot be fulfilled as it is; nothing was changed'),
  '5xx': answer('The system failed; `code` says whether anything may have been changed'),
} as const

/** A problem in one language, as it is sent. */
export function problemDetails(problem: HttpProblem, locale: Locale): ProblemDetails {
  const { status, code, title, detail, field } = problem
  return {
    type: `/problems/${code}`,
    title: title[locale],
    status,
    detail: detail[locale],
    code,
    ...(field === undefined ? {} : { field }),
  }
}

/** The answer to a decline; routes throw it. */
export function declineProblem(reason: DeclineReason): HttpProblem {
  const { status, ko, en } = declineAnswers[reason]
  return new HttpProblem({ status, code: reason, title: { ko, en } })
}

/** The answer to a fault of the world; the error handler makes it of every thrown `Fault`. */
export function faultProblem(fault: Fault): HttpProblem {
  const { status, ko, en, retryAfterSeconds }: FaultAnswer = faultAnswers[fault.code]
  return new HttpProblem({
    status,
    code: fault.code,
    title: { ko, en },
    cause: fault,
    ...(retryAfterSeconds === undefined
      ? {}
      : { headers: { 'retry-after': String(retryAfterSeconds) } }),
  })
}
