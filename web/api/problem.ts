/** What the API or the way to it answered instead of what was asked: always with words for the reader. */
import type { ProblemDetails } from './schema.ts'

/** `unreachable`: no answer came, so nobody knows what happened. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  /** HTTP status; 0 where no answer came. */
  readonly status: number
  /** As in docs/reference/errors.md, or `unreachable`. */
  readonly code: string
  readonly title: string
  readonly detail: string
  /** Dotted path of what in the request was wrong. */
  readonly field: string | undefined

  constructor(given: Omit<ProblemDetails, 'type'>) {
    super(`${given.code}: ${given.detail}`)
    this.status = given.status
    this.code = given.code
    this.title = given.title
    this.detail = given.detail
    this.field = given.field
  }

  /** Whether something may have happened although no good answer came. */
  get mayHaveHappened(): boolean {
    return this.status === 0 || this.status >= 500
  }
}

const unreachableWords = {
  ko: {
    title: '연결되지 않았습니다',
    detail: '서버에서 답이 오지 않았습니다. 잠시 뒤에 다시 시도해 주세요.',
  },
  en: {
    title: 'No connection',
    detail: 'The server did not answer. Please try again in a moment.',
  },
}

export function unreachable(language: 'ko' | 'en'): ApiProblem {
  return new ApiProblem({ status: 0, code: 'unreachable', ...unreachableWords[language] })
}

const notKeptWords = {
  ko: {
    title: '이 기기에 저장할 수 없습니다',
    detail: '저장 공간이 없어 보내지 않았습니다. 공간을 비우고 다시 시도해 주세요.',
  },
  en: {
    title: 'This device cannot keep it',
    detail: 'There is no space left, so nothing was sent. Make some space and try again.',
  },
}

/** The device itself refused: what has to be kept before it is sent was not, and nothing was sent. */
export function notKept(language: 'ko' | 'en'): ApiProblem {
  return new ApiProblem({ status: 412, code: 'not_kept', ...notKeptWords[language] })
}

const neverArrivedWords = {
  ko: {
    title: '처리되지 않았습니다',
    detail: '보낸 것이 서버에 닿지 않았습니다. 다시 해 주세요.',
  },
  en: {
    title: 'It was not done',
    detail: 'What was sent did not reach the server. Please do it again.',
  },
}

/** Asked for by its key, it is unknown to the server, and can arrive no more. */
export function neverArrived(language: 'ko' | 'en'): ApiProblem {
  return new ApiProblem({ status: 404, code: 'never_arrived', ...neverArrivedWords[language] })
}

/** The problem in an answer that is none of the good ones. */
export function problemOf(status: number, body: unknown, language: 'ko' | 'en' = 'ko'): ApiProblem {
  if (isDetails(body)) return new ApiProblem(body)
  return new ApiProblem({ status, code: `status_${status}`, ...unreachableWords[language] })
}

function isDetails(body: unknown): body is ProblemDetails {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body
}
