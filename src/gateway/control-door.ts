/**
 * What an operator asks of a gateway and tells it, and what its peer tells it: HTTP on this machine, every call with
 * the token of the secret `gateway-control-token`. It works while the core is gone; that is when it is needed.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Type, type Static } from 'typebox'
import { Check } from 'typebox/value'
import type { Clock, IssuerId, PartnerId } from '../base/base.ts'
import type { Metrics } from '../observe/observe.ts'
import { standInModes, type EdgeDesk, type StandInNote } from '../standin/standin.ts'
import type { LinkLog } from './link-state.ts'
import type { Gateway } from './open-gateway.ts'
import { readStandInNotes } from './peer-link.ts'

export interface ControlDoorOptions {
  readonly name: string
  /** 0: any free one. */
  readonly port: number
  readonly token: string
  readonly gateway: Gateway
  readonly desk: Pick<EdgeDesk, 'status' | 'order'>
  /** By code. */
  readonly partnerOf: (code: string) => PartnerId | undefined
  /** By `iss_…` or, where the feed told it, by code. */
  readonly issuerOf: (text: string) => IssuerId | undefined
  /** What the other gateway tells of itself. */
  readonly heard: (notes: readonly StandInNote[]) => Promise<void>
  readonly metrics: Pick<Metrics, 'mediaType' | 'text'>
  readonly clock: Clock
  readonly log: LinkLog
}

export interface ControlDoor {
  readonly url: string
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly mediaType?: string
}

const LOOPBACK = '127.0.0.1'
/** Notes of a peer are the longest that comes. */
const BODY_BYTES_MAX = 1_048_576
const REQUEST_MS = 5_000
const CONNECTIONS_MAX = 64

const By = Type.String({ minLength: 1, maxLength: 60 })
const Reason = Type.String({ minLength: 1, maxLength: 300 })
const OrderBody = Type.Object(
  {
    partner: Type.Optional(Type.String({ maxLength: 30 })),
    issuer: Type.Optional(Type.String({ maxLength: 60 })),
    mode: Type.Enum([...standInModes]),
    by: By,
    reason: Reason,
  },
  { additionalProperties: false },
)
const LinkBody = Type.Object({ by: By, reason: Reason }, { additionalProperties: false })

export async function openControlDoor(options: ControlDoorOptions): Promise<ControlDoor> {
  const startedAt = options.clock()
  const isKnown = tokenCheck(options.token)
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS })
  server.maxConnections = CONNECTIONS_MAX
  server.on('request', (request, response) => {
    void answered(options, request, { isKnown, startedAt }).then((answer) =>
      write(response, answer),
    )
  })
  const port = await listen(server, options.port)
  return {
    url: `http://${LOOPBACK}:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function answered(
  options: ControlDoorOptions,
  request: IncomingMessage,
  given: { isKnown: (header: string | undefined) => boolean; startedAt: number },
): Promise<Answer> {
  try {
    if (!given.isKnown(request.headers.authorization)) {
      return problem(401, 'show the token: authorization: Bearer …')
    }
    const path = (request.url ?? '').split('?')[0] ?? ''
    if (request.method === 'GET') return await read(options, path, given.startedAt)
    if (request.method !== 'POST') return problem(405, 'GET or POST')
    const body = await readBody(request)
    return body.ok ? await change(options, path, body.value) : problem(body.status, body.why)
  } catch (error) {
    options.log.error('control.failed', { url: request.url, error })
    return problem(500, 'it failed: see the log of the gateway')
  }
}

async function read(
  { name, gateway, desk, metrics }: ControlDoorOptions,
  path: string,
  startedAt: number,
): Promise<Answer> {
  if (path === '/status') {
    return ok({ name, startedAt, ...desk.status(), partners: gateway.report() })
  }
  if (path === '/metrics') {
    return { status: 200, body: await metrics.text(), mediaType: metrics.mediaType }
  }
  return problem(404, 'GET /status, GET /metrics')
}

async function change(options: ControlDoorOptions, path: string, body: unknown): Promise<Answer> {
  if (path === '/standin') return order(options, body)
  if (path === '/peer') {
    const notes = readStandInNotes(body)
    if (notes === undefined) return problem(400, 'no notes of a gateway')
    await options.heard(notes)
    return ok({})
  }
  const [, links, code = '', action = '', more] = path.split('/')
  if (links !== 'links' || more !== undefined) return problem(404, KNOWN_CHANGES)
  if (!Check(LinkBody, body)) return problem(400, 'want {"by": …, "reason": …}')
  return changeLinks(options, { code, action, ...body })
}

const KNOWN_CHANGES =
  'POST /standin, POST /links/{partner}/{sign-off|sign-on|key-change}, POST /peer'

async function order(options: ControlDoorOptions, body: unknown): Promise<Answer> {
  const { desk, clock, log, partnerOf, issuerOf } = options
  if (!Check(OrderBody, body)) {
    const modes = standInModes.join('|')
    return problem(400, `want {"partner"?, "issuer"?, "mode": ${modes}, "by", "reason"}`)
  }
  const { partner, issuer, ...rest }: Static<typeof OrderBody> = body
  const partnerId = partner === undefined ? undefined : partnerOf(partner)
  const issuerId = issuer === undefined ? undefined : issuerOf(issuer)
  if (partner !== undefined && partnerId === undefined) return problem(404, 'no such partner')
  if (issuer !== undefined && issuerId === undefined) return problem(404, 'no such issuer')
  await desk.order({
    ...rest,
    ...(partnerId === undefined ? {} : { partnerId }),
    ...(issuerId === undefined ? {} : { issuerId }),
    at: clock(),
  })
  log.warn('control.ordered', { action: 'standin', ...body })
  return ok({ orders: desk.status().orders })
}

async function changeLinks(
  { gateway, log }: ControlDoorOptions,
  wanted: { code: string; action: string; by: string; reason: string },
): Promise<Answer> {
  const { code, action, by, reason } = wanted
  const act = {
    'sign-off': () => gateway.signOff(code),
    'sign-on': () => Promise.resolve(gateway.allowSignOn(code)),
    'key-change': () => gateway.changeKeys(code).then((changed) => changed !== undefined),
  }[action]
  if (act === undefined) return problem(404, KNOWN_CHANGES)
  log.warn('control.ordered', { action, partner: code, by, reason })
  if (!(await act())) return problem(404, 'no such partner')
  return ok(gateway.report().find(({ partner }) => partner === code))
}

/** In the same time for every wrong token. */
function tokenCheck(token: string): (header: string | undefined) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  const wanted = digest(`Bearer ${token}`)
  return (header) => timingSafeEqual(digest(header ?? ''), wanted)
}

type Body =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: number; readonly why: string }

async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes > BODY_BYTES_MAX) return { ok: false, status: 413, why: 'too long' }
    chunks.push(part)
  }
  try {
    return { ok: true, value: JSON.parse(Buffer.concat(chunks).toString('utf8')) }
  } catch {
    return { ok: false, status: 400, why: 'the body is not JSON' }
  }
}

function write(response: ServerResponse, { status, body, mediaType }: Answer): void {
  response.writeHead(status, { 'content-type': mediaType ?? 'application/json; charset=utf-8' })
  response.end(mediaType === undefined ? `${JSON.stringify(body)}\n` : body)
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}

function problem(status: number, problem: string): Answer {
  return { status, body: { problem } }
}

async function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  server.once('error', reject)
  server.listen({ port, host: LOOPBACK, exclusive: true }, () => resolve(undefined))
  await promise
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}
