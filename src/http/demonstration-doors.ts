/**
 * The demonstration's doors: what its pages may ask of simulated parties, handed on from this origin, and whether this
 * is a demonstration at all. Only what is listed passes, without session or proof: behind it nothing is real. The
 * surprise: no header of the caller goes on but what says what the body is.
 */
import { fastifyHttpProxy } from '@fastify/http-proxy'
import { Type } from 'typebox'
import type { App } from './door.ts'
import { problemResponses } from './problem.ts'
import { notFound, refusal } from './refusals.ts'

export interface DemonstrationDoors {
  readonly identityUrl: string
  readonly bankUrl: string
  /** Simulated card companies, by the partner's code. */
  readonly companyUrls: Readonly<Record<string, string>>
  /** Where its pages stop and start parts; it answers when this server cannot. */
  readonly deskUrl: string
}

/** A sale waits for the company, which waits for a gateway, which may wait for this core. */
const TIMEOUT_MS = 20_000
const PART = /^[A-Za-z0-9_-]{1,64}$/
const PASSED_ON = ['accept', 'content-type', 'content-length'] as const
const PASSED_BACK = ['content-type', 'content-length'] as const

/** What passes, and nothing else of these parties: not their switches, files and books. */
const openPaths = {
  identity: {
    GET: ['/people'],
    POST: ['/verifications', '/verifications/:verificationId/confirm'],
  },
  bank: { GET: ['/accounts/:accountToken'], POST: ['/pay-ins', '/account-holders/checks'] },
  company: {
    GET: ['/cards', '/cards/:cardToken', '/sales/:saleId'],
    POST: [
      '/cards/:cardToken/link-codes',
      '/terminals/:terminal/sales',
      '/sales/:saleId/cancellations',
    ],
  },
} as const satisfies Record<string, Record<'GET' | 'POST', readonly string[]>>

export async function openDemonstrationDoors(app: App, doors: DemonstrationDoors): Promise<void> {
  await passOn(app, '/simulated/identity', doors.identityUrl, openPaths.identity)
  await passOn(app, '/simulated/bank', doors.bankUrl, openPaths.bank)
  for (const [code, url] of Object.entries(doors.companyUrls)) {
    await passOn(app, `/simulated/companies/${code}`, url, openPaths.company)
  }
}

/** What a page asks before it knows anybody. */
export function registerDeploymentRoute(
  app: App,
  given: { readonly version: string; readonly demonstration: DemonstrationDoors | undefined },
): void {
  const { version, demonstration } = given
  app.get(
    '/v1/deployment',
    {
      config: { open: true },
      schema: {
        tags: ['deployment'],
        summary: '운영 환경 · What runs here: a demonstration or not, and which version',
        response: {
          200: Type.Object({
            demonstration: Type.Boolean({ description: 'True: parties around it are simulated' }),
            deskUrl: Type.Union([Type.String(), Type.Null()], {
              description: 'Where parts of the demonstration are stopped and started',
            }),
            version: Type.String({ examples: ['0.2.0'] }),
          }),
          ...problemResponses,
        },
      },
    },
    async () => ({
      demonstration: demonstration !== undefined,
      deskUrl: demonstration?.deskUrl ?? null,
      version,
    }),
  )
}

async function passOn(
  app: App,
  prefix: string,
  upstream: string,
  paths: Readonly<Record<'GET' | 'POST', readonly string[]>>,
): Promise<void> {
  for (const method of ['GET', 'POST'] as const) {
    await app.register(fastifyHttpProxy, {
      prefix,
      upstream,
      httpMethods: [method],
      routes: [...paths[method]],
      // Read by this server's own reader, which is strict, and written anew.
      proxyPayloads: false,
      disableRequestLogging: true,
      preHandler(request, _reply, done) {
        const params: unknown[] = Object.values(Object(request.params))
        const isPlain = params.every((param) => typeof param === 'string' && PART.test(param))
        done(isPlain ? undefined : notFound())
      },
      replyOptions: {
        timeout: TIMEOUT_MS,
        rewriteRequestHeaders: (_request, headers) => ({
          ...named(headers, PASSED_ON),
          host: headers['host'],
        }),
        rewriteHeaders: (headers) => named(headers, PASSED_BACK),
        onError: (reply) => void reply.send(refusal('simulated_party_away')),
      },
    })
  }
}

function named<Value>(
  headers: Readonly<Record<string, Value>>,
  names: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)))
}
