/** What every request passes before its route: is the door open, who asks, how often, and whose path it is. */
import type { FastifyRequest } from 'fastify'
import { assert, Fault } from '../base/base.ts'
import type { IssuingDirectory } from '../issuing/issuing.ts'
import type { Log, Metrics } from '../observe/observe.ts'
import { issuerOfPath, type App } from './door.ts'
import type { OpenStreams } from './event-streams.ts'
import { FONT_SHEET } from './fonts.ts'
import { HttpProblem } from './problem.ts'
import type { RequestCounts } from './request-limits.ts'
import { API_PREFIX } from './request-rules.ts'
import { seenRequest } from './session-routes.ts'
import type { Sessions } from './session.ts'

/** Asked by machines every few seconds; neither counted nor logged. */
export const PROBE_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

/**
 * Parts of pages, the same for everybody. Not counted: a new telephone fetches all of an app at once, and some
 * thousand stand behind one address.
 */
const PART_PATHS: ReadonlySet<string> = new Set(['/assets/*', '/icons/*', '/fonts/*', FONT_SHEET])

export interface GateDeps {
  readonly sessions: Sessions
  readonly counts: RequestCounts
  readonly issuing: Pick<IssuingDirectory, 'issuerByCode'>
  readonly streams: OpenStreams
  readonly log: Log
  readonly metrics: Metrics
}

export function guardRequests(app: App, deps: GateDeps): void {
  app.decorateRequest('session', undefined)
  app.decorateRequest('issuer', undefined)
  app.decorateRequest('problemCode', undefined)
  app.decorateRequest('accessWritten', false)
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
    deps.streams.closeAll()
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    // A connection kept alive may bring one more request while the others are being finished.
    if (isClosing) throw new Fault('shutting_down', 'the server is closing')
    await admit(request, deps)
    request.issuer = issuerOfPath(deps.issuing, request.params)
  })
  app.addHook('onSend', async ({ routeOptions, accessWritten }, { statusCode }) => {
    const isSafe = routeOptions.config.logsAccess !== true || accessWritten || statusCode >= 300
    assert(isSafe, `${routeOptions.url} shows personal data and has not written down to whom`)
  })
  app.addHook('onResponse', async (request, reply) => {
    const { url: route = 'unknown' } = request.routeOptions
    if (PROBE_PATHS.has(route)) return
    const { method, problemCode } = request
    const { statusCode: status, elapsedTime } = reply
    deps.metrics.requestAnswered({ method, route, status, durationMs: elapsedTime })
    const { session } = request
    const facts = {
      method,
      route,
      status,
      durationMs: Math.round(elapsedTime * 100) / 100,
      ...(session === undefined ? {} : { personId: session.personId }),
      ...(problemCode === undefined ? {} : { problem: problemCode }),
    }
    if (status >= 500) request.log.warn(facts, 'request.failed')
    else request.log.info(facts, 'request.answered')
  })
}

async function admit(request: FastifyRequest, deps: GateDeps): Promise<void> {
  const { url, config } = request.routeOptions
  if (url !== undefined && (PROBE_PATHS.has(url) || PART_PATHS.has(url))) return
  const needsSession = url?.startsWith(API_PREFIX) === true && config.open !== true
  if (!needsSession) return deps.counts.countOpen(request)
  const { authorization } = request.headers
  try {
    request.session = deps.sessions.authenticate({ ...seenRequest(request), authorization })
  } catch (error) {
    // Whoever knocks with a wrong key is counted as a stranger.
    if (error instanceof HttpProblem && error.status === 401) await deps.counts.countOpen(request)
    throw error
  }
  return deps.counts.countPerson(request)
}
