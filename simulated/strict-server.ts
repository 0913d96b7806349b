/** The Fastify server that simulated neighbours share: strict bodies, small ones, and clear errors. */
import { fastify, type FastifyError } from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'

const BODY_BYTES_MAX = 16 * 1024

/** A refusal of a request that is not an answer of the business: `{ error, message }` with a status. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly statusCode: number
  readonly error: string
  constructor(statusCode: number, error: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.statusCode = statusCode
    this.error = error
  }
}

/** Nothing is coerced and nothing unknown is dropped: what a schema does not name is refused. */
export function createStrictServer() {
  const server = fastify({
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  }).withTypeProvider<TypeBoxTypeProvider>()
  server.setErrorHandler((error: FastifyError | RequestError, _request, reply) => {
    const { status, body } = describeError(error)
    if (status >= 500 && !(error instanceof RequestError)) console.error(error)
    return reply.code(status).send(body)
  })
  server.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send({ error: 'not_found', message: `no ${request.method} ${request.url} here` }),
  )
  return server
}

export type StrictServer = ReturnType<typeof createStrictServer>

function describeError(error: FastifyError | RequestError) {
  if (error instanceof RequestError) {
    return { status: error.statusCode, body: { error: error.error, message: error.message } }
  }
  const status = error.statusCode ?? 500
  if (status >= 500) {
    return { status, body: { error: 'internal_error', message: 'the simulation failed' } }
  }
  return { status, body: { error: 'request_invalid', message: error.message } }
}
