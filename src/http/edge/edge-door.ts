/**
 * The door of card gateways: asks the card desk, takes notices, tells the feed. On a port of its own, for this machine
 * only, and with plain `node:http`: a card message is answered in milliseconds and its readers are those of the card
 * room. Whoever has the bearer token is a gateway; there are no persons here.
 *
 * Every answer is JSON with a `code` where it is a no: 400 `malformed`, 401 `unauthorized`, 404 `not_found`, 409
 * `resync`, 413 `too_large`, 500 `internal_error`, and 503 with the code of a fault. What is above a bound is answered
 * 503 `queue_full` at once: a gateway stands in rather than wait.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Fault } from '../../base/base.ts'
import type { CardDesk, CardFeed } from '../../cards/cards.ts'
import type { Log, Metrics } from '../../observe/observe.ts'
import { createBearerCheck, EdgeProblem } from './edge-request.ts'
import { edgeRoutes, type EdgeRoute } from './edge-routes.ts'

/** Requests of one route that are under way at one time. */
export const edgeBounds = {
  decide: 1_024,
  notices: 16,
  tail: 32,
  synchronise: 4,
} as const satisfies Record<EdgeRoute['name'], number>

const CONNECTIONS_MAX = 2_048
const SERVER_SETTINGS = {
  requestTimeout: 10_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 72_000,
  maxHeaderSize: 4_096,
  noDelay: true,
}

export interface EdgeDoorOptions {
  readonly desk: CardDesk
  readonly feed: CardFeed
  /** What every gateway has to show; at least 32 characters. */
  readonly token: string
  readonly log: Log
  readonly metrics: Metrics
  readonly bounds?: Partial<Record<EdgeRoute['name'], number>>
  /** Told of every bug; the process should be ended in order and started again. */
  readonly onBug?: (error: unknown) => void
}

export interface EdgeDoor {
  /** Listens on this machine only. @param port 0: any @returns the port */
  listen(port: number): Promise<number>
  /** Refuses what is new with `shutting_down` and resolves when what is under way has ended. */
  close(): Promise<void>
}

export function buildEdgeDoor(options: EdgeDoorOptions): EdgeDoor {
  const { metrics } = options
  const routes = edgeRoutes(options)
  const isGateway = createBearerCheck(options.token)
  const bounds = { ...edgeBounds, ...options.bounds }
  const underWay: Record<EdgeRoute['name'], number> = {
    decide: 0,
    notices: 0,
    tail: 0,
    synchronise: 0,
  }
  const closing = new AbortController()
  const open = new Set<ServerResponse>()
  metrics.gauge('dure_edge_requests', 'Requests of card gateways that are under way', () =>
    Object.values(underWay).reduce((sum, count) => sum + count, 0),
  )

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<string> => {
    if (!isGateway(request.headers.authorization)) throw new EdgeProblem(401, 'unauthorized')
    if (closing.signal.aborted) throw new Fault('shutting_down', 'the edge door is closing')
    const path = request.url?.split('?', 1)[0]
    const route = routes.find((each) => each.method === request.method && each.path === path)
    if (route === undefined) throw new EdgeProblem(404, 'not_found')
    if (underWay[route.name] >= bounds[route.name]) {
      throw new Fault('queue_full', `${underWay[route.name]} requests are under way`)
    }
    underWay[route.name] += 1
    try {
      await route.answer(request, response, closing.signal)
    } finally {
      underWay[route.name] -= 1
    }
    return route.path
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedMs = performance.now()
    let route = 'refused'
    open.add(response)
    response.shouldKeepAlive &&= !closing.signal.aborted
    try {
      route = await serve(request, response)
    } catch (error) {
      refuse(request, response, problemOf(error, options))
    } finally {
      open.delete(response)
    }
    const { method = '' } = request
    const durationMs = performance.now() - startedMs
    metrics.requestAnswered({ method, route, status: response.statusCode, durationMs })
  }

  const server = createServer(SERVER_SETTINGS, (request, response) => {
    void answer(request, response)
  })
  server.maxConnections = CONNECTIONS_MAX
  return {
    listen: (port) => listen(server, port),
    close() {
      closing.abort()
      // Their answers are the last of their connections, which would otherwise be kept for the next request.
      for (const response of open) response.shouldKeepAlive = false
      return close(server)
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.once('error', reject)
  server.listen({ host: '127.0.0.1', port }, () => {
    server.off('error', reject)
    const address = server.address()
    resolve(typeof address === 'object' && address !== null ? address.port : port)
  })
  return promise
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}

/** What is not ours to explain is a bug: told, and answered without a word of the inside. */
function problemOf(error: unknown, { log, onBug }: EdgeDoorOptions): EdgeProblem {
  if (error instanceof EdgeProblem) {
    if (error.detail !== undefined)
      log.warn('edge.refused', { problem: error.code, why: error.detail })
    return error
  }
  if (error instanceof Fault) {
    log.warn('edge.met_fault', { fault: error.code, error: error.message })
    return new EdgeProblem(503, error.code)
  }
  log.error('edge.met_bug', { error: error instanceof Error ? error.stack : String(error) })
  onBug?.(error)
  return new EdgeProblem(500, 'internal_error')
}

/** An answer that has begun cannot become another: it is cut off, so that nobody takes a part for the whole. */
function refuse(request: IncomingMessage, response: ServerResponse, problem: EdgeProblem): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const body = JSON.stringify({
    code: problem.code,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
  })
  // A body that nobody read would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close')
  response.writeHead(problem.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}
