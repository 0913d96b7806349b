/** Fetches a file of the API, signed, and gives it to the browser to be saved. */
import { currentLanguage } from '../api/language.ts'
import { problemOf } from '../api/problem.ts'
import type { SessionHolder } from '../api/session.ts'

/** @throws ApiProblem */
export async function download(
  session: SessionHolder,
  path: string,
  fileName: string,
): Promise<void> {
  const response = await session.fetch(new Request(new URL(path, location.origin)))
  if (!response.ok) {
    const problem: unknown = await response.json().catch(() => undefined)
    throw problemOf(response.status, problem, currentLanguage())
  }
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  URL.revokeObjectURL(url)
}
