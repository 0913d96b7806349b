/** Files of the API: fetched as everything is, signed, and given to the browser to keep. */
import { currentLanguage } from './language.ts'
import { problemOf } from './problem.ts'
import type { SessionHolder } from './session.ts'

/** A moment for the browser to take the file over. */
const KEPT_MS = 10_000

/** @throws ApiProblem with the server's words */
export async function downloadFile(
  session: SessionHolder,
  path: string,
  name: string,
  accept?: string,
): Promise<void> {
  const headers = accept === undefined ? {} : { accept }
  const response = await session.fetch(new Request(new URL(path, location.origin), { headers }))
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => undefined)
    throw problemOf(response.status, body, currentLanguage())
  }
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS)
}
