/** Whether the card side works as a whole: companies linked to gateways, and gateways told the balances. */
import { waitUntil } from './bounded-wait.ts'
import type { Running } from './running.ts'

/** Asked of parts on this machine. */
const ANSWER_MS = 1_000
const POLL_MS = 50

/** False where `timeoutMs` went by first; the parts go on by themselves. */
export function waitForCards(
  running: Pick<Running, 'gateways' | 'companyUrls'>,
  given: { readonly controlToken: string; readonly timeoutMs: number },
): Promise<boolean> {
  const { gateways, companyUrls } = running
  const authorization = `Bearer ${given.controlToken}`
  const isLinked = async (url: string): Promise<boolean> => {
    const { gateways: lines } = await ask(`${url}/links`)
    return Array.isArray(lines) && lines.filter(isOpen).length === gateways.length
  }
  const isTold = async (url: string): Promise<boolean> => {
    const { feed } = await ask(`${url}/status`, { authorization })
    return Reflect.get(Object(feed), 'state') === 'following'
  }
  const isReady = async (): Promise<boolean> => {
    const asked = [
      ...gateways.map(({ controlUrl }) => isTold(controlUrl)),
      ...Object.values(companyUrls).map(isLinked),
    ]
    return (await Promise.all(asked)).every(Boolean)
  }
  return waitUntil(isReady, { timeoutMs: given.timeoutMs, pollMs: POLL_MS })
}

function isOpen(line: unknown): boolean {
  return Reflect.get(Object(line), 'isOpen') === true
}

/** Empty where there is no answer yet. */
async function ask(
  url: string,
  headers: Record<string, string> = {},
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_MS) })
    return Object(await answer.json())
  } catch {
    // Not up, or just starting again: asked again in a moment.
    return {}
  }
}
