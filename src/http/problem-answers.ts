/** Turns whatever a request met into one problem, in the reader's language. Nothing internal goes out. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../base/base.ts'
import type { App } from './door.ts'
import { localeOf } from './locale.ts'
import { faultProblem, HttpProblem, PROBLEM_MEDIA_TYPE, problemDetails } from './problem.ts'
import { notFound, refusal } from './refusals.ts'
import { validationProblem } from './validation-words.ts'

export interface ProblemAnswersOptions {
  /** Told of every failed assertion and unknown error, so that the process may be ended and started again. */
  readonly onBug?: (error: unknown) => void
}

export function answerProblems(app: App, options: ProblemAnswersOptions): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    const problem = problemOf(error)
    if (problem.code === 'internal_error') {
      request.log.error({ err: error }, 'request.met_bug')
      options.onBug?.(error)
    } else if (error instanceof Fault) {
      request.log.warn({ err: error }, 'request.met_fault')
    }
    return sendProblem(request, reply, problem)
  })
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, notFound()))
}

/** Answers with a problem from where nothing can be thrown. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: HttpProblem,
): FastifyReply {
  const locale = localeOf(request.headers['accept-language'])
  request.problemCode = problem.code
  return reply
    .code(problem.status)
    .headers({
      ...problem.headers,
      'content-language': locale,
      vary: 'accept-language',
      'cache-control': 'no-store',
    })
    .type(PROBLEM_MEDIA_TYPE)
    .send(problemDetails(problem, locale))
}

/** Fastify's own errors that are the caller's. */
const fastifyProblems: Readonly<Record<string, () => HttpProblem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => refusal('body_too_large'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => unsupported(),
  FST_ERR_CTP_EMPTY_TYPE: () => unsupported(),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => refusal('malformed_request'),
  FST_ERR_BAD_URL: () => refusal('malformed_request', { field: 'path' }),
  FST_ERR_ASYNC_CONSTRAINT: () => refusal('malformed_request'),
}

function unsupported(): HttpProblem {
  return refusal('media_type_unsupported', {
    field: 'header.content-type',
    detail: {
      ko: 'Content-Type은 application/json이어야 합니다.',
      en: 'The Content-Type has to be application/json.',
    },
  })
}

function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error
  if (error instanceof Fault) return faultProblem(error)
  if (!isFastifyError(error)) return refusal('internal_error')
  const known = fastifyProblems[error.code]?.()
  if (known !== undefined) return known
  if (error.validation !== undefined) {
    return validationProblem(error.validation, error.validationContext)
  }
  // Of other plugins, such as the one that serves the documentation's files.
  if (error.statusCode === 404) return notFound()
  const isCallers =
    error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
  return refusal(isCallers ? 'malformed_request' : 'internal_error')
}

function isFastifyError(error: unknown): error is FastifyError {
  return (
    error instanceof Error && ('code' in error || 'validation' in error || 'statusCode' in error)
  )
}
