/** What machines ask: is the process alive, may traffic come, what are the numbers. */
import { Type } from 'typebox'
import type { Metrics } from '../observe/observe.ts'
import type { App } from './door.ts'

/** @param reason for the operator, in English, without secrets */
export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly reason: string }

export const READY_TIMEOUT_MS = 2000

export function registerProbes(
  app: App,
  deps: { readonly ready: () => Promise<Readiness>; readonly metrics: Metrics },
): void {
  app.get(
    '/healthz',
    { schema: { hide: true, response: { 200: Type.Object({ status: Type.String() }) } } },
    async () => ({ status: 'alive' }),
  )
  const Ready = Type.Object({ status: Type.String(), reason: Type.Optional(Type.String()) })
  app.get(
    '/readyz',
    { schema: { hide: true, response: { 200: Ready, 503: Ready } } },
    async (_request, reply) => {
      const readiness = await within(deps.ready(), READY_TIMEOUT_MS)
      if (readiness.ready) return { status: 'ready' }
      return reply.code(503).send({ status: 'not_ready', reason: readiness.reason })
    },
  )
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(deps.metrics.mediaType).send(await deps.metrics.text()),
  )
}

/** A question to the database that hangs is an answer too. */
async function within(asked: Promise<Readiness>, timeoutMs: number): Promise<Readiness> {
  const answered = asked.catch((error: unknown): Readiness => ({
    ready: false,
    reason: error instanceof Error ? error.name : 'unknown error',
  }))
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<Readiness>((resolve) => {
    timer = setTimeout(
      () => resolve({ ready: false, reason: `no answer within ${timeoutMs} ms` }),
      timeoutMs,
    )
  })
  return Promise.race([answered, late]).finally(() => clearTimeout(timer))
}
