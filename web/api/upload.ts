/** Lists as files: sent as their bytes, and answered as taken or with all that is wrong with them. */
import { currentLanguage } from './language.ts'
import { problemOf } from './problem.ts'
import type { SessionHolder } from './session.ts'

export interface FileProblem {
  readonly code: string
  /** Counted from one; null where it is about the whole file. */
  readonly line: number | null
  readonly column: string | null
  /** What is wrong and what would be right, in the reader's language. */
  readonly detail: string
}

export type Taken<Answer> =
  | { readonly state: 'taken'; readonly answer: Answer }
  | {
      readonly state: 'faulty'
      /** All; at most a thousand are told. */
      readonly problemCount: number
      readonly problems: readonly FileProblem[]
    }

/** @param key names this upload, so that a second press is the same one @throws ApiProblem with the server's words */
export async function uploadCsv<Answer>(
  session: SessionHolder,
  options: { path: string; file: Blob; key: string },
): Promise<Taken<Answer>> {
  const { path, file, key } = options
  const request = new Request(new URL(path, location.origin), {
    method: 'POST',
    headers: { 'content-type': 'text/csv', 'Idempotency-Key': key },
    body: await file.arrayBuffer(),
  })
  const response = await session.fetch(request)
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return { state: 'taken', answer: body as Answer } // As the API describes it.
  if (isFaulty(body)) {
    return { state: 'faulty', problemCount: body.problemCount, problems: body.problems }
  }
  throw problemOf(response.status, body, currentLanguage())
}

function isFaulty(body: unknown): body is { problemCount: number; problems: FileProblem[] } {
  return typeof body === 'object' && body !== null && 'problems' in body && 'problemCount' in body
}
