/**
 * The demonstration's desk: who tries the product stops and starts its parts here, pays at a terminal and sees the
 * gateways, while the core is dead too. It stands beside the supervisor on a port of its own. Only pages of the core
 * are answered: no other page in the same browser may stop anything.
 */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { fastify, type FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { GatewayReport } from '../http/http.ts'
import type { NamedTexts } from './named-texts.ts'
import type { Running, Service, ServiceExit } from './service.ts'
import type { Supervisor } from './supervisor.ts'

/** A sale waits for the card company, and that for gateways. */
const SALE_TIMEOUT_MS = 20_000
const BODY_BYTES_MAX = 4_096
/** What may be stopped here; the database and the simulated parties stay. */
export const deskParts = ['core', 'gateway-a', 'gateway-b'] as const

export interface DeskOptions {
  readonly port: number
  /** Of the core, as browsers write it. */
  readonly origins: readonly string[]
  readonly supervisor: Pick<Supervisor, 'parts' | 'halt' | 'resume' | 'kill'>
  /** By the partner's code. */
  readonly companyUrls: NamedTexts
  readonly gateways: () => Promise<readonly GatewayReport[]>
}

/** As a service, so that it stops before what it stops. */
export function deskService(options: DeskOptions): Service {
  return {
    name: 'desk',
    async start(): Promise<Running> {
      const server = buildDesk(options)
      await server.listen({ host: '127.0.0.1', port: options.port })
      const { promise: exited, resolve } = Promise.withResolvers<ServiceExit>()
      return {
        exited,
        async stop() {
          await server.close()
          resolve({ code: null, signal: null })
        },
      }
    },
  }
}

const strict = { additionalProperties: false }
const partParams = Type.Object({ name: Type.Enum([...deskParts]) })
const saleParams = Type.Object({
  company: Type.String({ pattern: '^[a-z][a-z0-9-]{0,29}$' }),
  terminalId: Type.String({ pattern: '^[A-Za-z0-9]{1,16}$' }),
})
const SaleBody = Type.Object(
  {
    card: Type.String({ maxLength: 64 }),
    merchantNumber: Type.String({ maxLength: 32 }),
    amountWon: Type.Integer({ minimum: 1 }),
    partialAllowed: Type.Optional(Type.Boolean()),
  },
  strict,
)

/** @returns the desk's server, which does not listen yet */
export function buildDesk(options: DeskOptions): FastifyInstance {
  const { supervisor } = options
  const server = fastify({
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  }).withTypeProvider<TypeBoxTypeProvider>()
  answerOnly(server, options.origins)
  const parts = () => ({
    parts: supervisor
      .parts()
      .filter(({ name }) => deskParts.some((known) => known === name))
      .map(({ since, ...part }) => ({ ...part, since: new Date(since).toISOString() })),
  })
  server.get('/parts', async () => parts())
  const schema = { params: partParams }
  server.post('/parts/:name/stop', { schema }, async ({ params }) => {
    await supervisor.halt(params.name)
    return parts()
  })
  server.post('/parts/:name/start', { schema }, async ({ params }) => {
    await supervisor.resume(params.name)
    return parts()
  })
  server.post('/parts/:name/kill', { schema }, async ({ params }, reply) => {
    if (await supervisor.kill(params.name)) return parts()
    return reply.code(409).send({ error: 'not_running', message: `${params.name} does not run` })
  })
  server.post(
    '/terminals/:company/:terminalId/sales',
    { schema: { params: saleParams, body: SaleBody } },
    async ({ params: { company, terminalId }, body }, reply) => {
      const url = options.companyUrls[company]
      if (url === undefined) {
        return reply.code(404).send({ error: 'company_unknown', message: `no company ${company}` })
      }
      const { status, text } = await sell(`${url}/terminals/${terminalId}/sales`, body)
      return reply.code(status).type('application/json; charset=utf-8').send(text)
    },
  )
  server.get('/gateways', async () => ({ items: await options.gateways() }))
  return server
}

/** Cross-origin requests (CORS) of these origins; all else is refused, also what says no origin. */
function answerOnly(server: FastifyInstance, origins: readonly string[]): void {
  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    reply.headers({ vary: 'origin', 'cache-control': 'no-store' })
    if (origin === undefined || !origins.includes(origin)) {
      return reply
        .code(403)
        .send({ error: 'origin_refused', message: 'only pages of the core may ask here' })
    }
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'content-type',
      'access-control-allow-methods': 'GET, POST',
      'access-control-max-age': '600',
    })
    if (request.method === 'OPTIONS') return reply.code(204).send()
    return undefined
  })
}

/** Without an answer nobody knows whether it was sold: 504, and the company's books know. */
async function sell(url: string, body: object): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(SALE_TIMEOUT_MS),
    })
    return { status: response.status, text: await response.text() }
  } catch {
    const text = JSON.stringify({ error: 'company_away', message: 'the company did not answer' })
    return { status: 504, text }
  }
}
