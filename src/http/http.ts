/**
 * The HTTP door: builds the server that phones, shops and municipalities talk to. It knows no rule of money; its
 * routes hold schemas, one call into a room and a mapping.
 */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { fastify, LogController, type FastifyBaseLogger } from 'fastify'
import type { Socket } from 'node:net'
import type { Log, Metrics } from '../observe/observe.ts'
import { BODY_BYTES_MAX, readJsonBodies } from './body-parser.ts'
import { serveApps, type AppsDeps } from './apps.ts'
import { readCsvBodies } from './csv-upload.ts'
import { createClerkCodes } from './clerk-code.ts'
import { createConfirmationTokens } from './confirmation-token.ts'
import type { App, Door } from './door.ts'
import { serveFonts } from './fonts.ts'
import {
  openDemonstrationDoors,
  registerDeploymentRoute,
  type DemonstrationDoors,
} from './demonstration-doors.ts'
import { createEventStreams } from './event-streams.ts'
import { createLateSchemas, type LateSchemas } from './late-schemas.ts'
import { describeApi } from './openapi.ts'
import { answerProblems, sendProblem } from './problem-answers.ts'
import { createPasskeys } from './passkeys.ts'
import { registerProblemPages } from './problem-catalogue.ts'
import { PROBLEM_MEDIA_TYPE, problemDetails } from './problem.ts'
import { registerProbes, type Readiness } from './probes.ts'
import { refusal } from './refusals.ts'
import { guardRequests } from './request-gate.ts'
import {
  countRequests,
  createGuessLimit,
  requestLimits,
  type RequestLimits,
} from './request-limits.ts'
import { applyRequestRules } from './request-rules.ts'
import { addSecurityHeaders } from './security-headers.ts'
import { registerSessionRoutes } from './session-routes.ts'
import { createSessions, type SessionDeps } from './session.ts'
import { registerWelcomePage } from './welcome-page.ts'

export type { App, Door } from './door.ts'
export { buildEdgeDoor, edgeBounds, type EdgeDoor, type EdgeDoorOptions } from './edge/edge-door.ts'
export { problemCatalogue, type ProblemEntry } from './problem-catalogue.ts'
export type { DemonstrationDoors } from './demonstration-doors.ts'
export type { Readiness } from './probes.ts'
export {
  readGatewayStatus,
  registerRoutes,
  type RouteDeps,
  type GatewayOrder,
  type GatewayOrders,
  type GatewayReport,
  type GatewayStatus,
  type IssuerStatus,
  type StatusDesk,
  type SystemStatus,
} from './routes/routes.ts'
export { createStatementPrinter, type StatementPrinter } from './statements/statement-printer.ts'
export { limitsLifted, requestLimits, type RequestLimits } from './request-limits.ts'
export { ACCESS_LIFE_MS, REFRESH_LIFE_MS, type VerificationKeys } from './session.ts'

/** A request has to be here whole within this; bodies are small. */
export const REQUEST_TIMEOUT_MS = 15_000
export const HEADERS_TIMEOUT_MS = 10_000
/** Longer than load balancers keep an idle connection, so that they are the ones to close it. */
export const KEEP_ALIVE_TIMEOUT_MS = 72_000
/** Silence on a connection in either direction; event streams beat every 15 s. */
export const CONNECTION_TIMEOUT_MS = 120_000
export const HEADER_BYTES_MAX = 16_384
const PATH_PARAMETER_LENGTH_MAX = 128

export interface HttpDeps extends SessionDeps {
  readonly log: Log
  readonly metrics: Metrics
  /** Asks the database for a real answer; see `Readiness`. */
  readonly ready: () => Promise<Readiness>
  /** Adds the routes of the rooms: `(door) => registerRoutes(door, rooms)`. */
  readonly routes: (door: Door) => void | Promise<void>
  /** The usual limits where absent. */
  readonly limits?: Partial<RequestLimits>
  /** Addresses of proxies whose X-Forwarded-For is believed; none where absent. */
  readonly trustedProxies?: readonly string[]
  /** Told of every bug; the process should be ended in order and started again. */
  readonly onBug?: (error: unknown) => void
  /** The apps for people; none where absent, and then a page of links is at `/`. */
  readonly apps?: AppsDeps
  /** Where the parties around it are simulated, and may be asked by its pages; otherwise none. */
  readonly demonstration?: DemonstrationDoors
  /** Its own where absent. */
  readonly schemas?: LateSchemas
  /** What the API document says it is. */
  readonly version?: string
}

/**
 * Builds everything apart from listening. `close()` stops accepting, ends the event streams, finishes what is in
 * flight and answers 503 `shutting_down` to what still comes over open connections.
 */
export async function buildHttp(deps: HttpDeps): Promise<App> {
  const { clock, issuing, metrics, log, publicOrigin } = deps
  const app = createServer(deps)
  const limits = { ...requestLimits, ...deps.limits }
  const sessions = createSessions(deps)
  const streams = createEventStreams(clock)
  metrics.gauge('dure_event_streams', 'Event streams that are open', () => streams.size)

  answerProblems(app, deps)
  readJsonBodies(app)
  readCsvBodies(app)
  addSecurityHeaders(app, publicOrigin)
  const counts = await countRequests(app, limits)
  guardRequests(app, { sessions, counts, issuing, streams, log, metrics })
  applyRequestRules(app)
  const { demonstration, version = '0' } = deps
  await describeApi(app, version)

  await serveFonts(app)
  if (deps.apps !== undefined) {
    // Any port: a page that a service worker kept outlives the port of the desk.
    const connectTo = demonstration === undefined ? [] : ['http://127.0.0.1:*']
    await serveApps(app, { connectTo, ...deps.apps })
  }
  if (demonstration !== undefined) await openDemonstrationDoors(app, demonstration)
  registerDeploymentRoute(app, { version, demonstration })
  registerWelcomePage(app, deps.apps === undefined ? '/' : '/about')
  registerProbes(app, deps)
  registerProblemPages(app)
  const clerkCodes = createClerkCodes(deps)
  registerSessionRoutes(app, { sessions, clerkCodes, issuing })
  await deps.routes({
    app,
    issuing,
    clock,
    streams,
    metrics,
    guesses: createGuessLimit({ wrongMax: limits.wrongCodes, clock }),
    readAssertion: sessions.readAssertion,
    readClerkCode: (text) => clerkCodes.read(text),
    confirmationTokens: createConfirmationTokens(deps),
    passkeys: createPasskeys(deps),
  })
  return app
}

function createServer(deps: HttpDeps): App {
  const { schemas = createLateSchemas() } = deps
  const logger: FastifyBaseLogger = deps.log.pino
  return fastify({
    loggerInstance: logger,
    // We write one line for each answer ourselves.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: deps.newId,
    requestIdHeader: false,
    trustProxy: deps.trustedProxies === undefined ? false : [...deps.trustedProxies],
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: HEADER_BYTES_MAX },
    // Answered by the gate, as a problem.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: PATH_PARAMETER_LENGTH_MAX },
    schemaController: schemas.schemaController,
    ajv: {
      customOptions: {
        removeAdditional: false,
        coerceTypes: false,
        useDefaults: true,
        allErrors: false,
        // The complaint carries our own schema, for its examples.
        verbose: true,
      },
    },
    frameworkErrors: (_error, request, reply) => {
      void sendProblem(request, reply, refusal('malformed_request', { field: 'path' }))
    },
    clientErrorHandler: (_error, socket) => refuseUnreadable(socket),
  }).withTypeProvider<TypeBoxTypeProvider>()
}

/** For bytes that are no HTTP, or headers too large or too late: there is no request to answer by. */
function refuseUnreadable(socket: Socket): void {
  if (!socket.writable) return
  const body = JSON.stringify(problemDetails(refusal('malformed_request'), 'ko'))
  socket.end(
    [
      'HTTP/1.1 400 Bad Request',
      'Connection: close',
      `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
}
