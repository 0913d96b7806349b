/** Fetches a file of the API, signed, and gives it to the browser to be saved. */
import { currentLanguage } from './language.ts'
import { problemOf } from './problem.ts'
import type { SessionHolder } from './session.ts'

/**
 * @param accept the form that is wanted, where the address has several
 * @throws ApiProblem
 */
export async function download(
  session: SessionHolder,
  path: string,
  fileName: string,
  accept?: string,
): Promise<void> {
  const headers: HeadersInit = accept === undefined ? {} : { accept }
  const response = await session.fetch(new Request(new URL(path, location.origin), { headers }))
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
