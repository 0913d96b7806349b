/** The description of the API, made from the same schemas that requests are checked with, and a page to read it. */
import { fastifySwagger, type SwaggerTransform } from '@fastify/swagger'
import { fastifySwaggerUi } from '@fastify/swagger-ui'
import type { App } from './door.ts'
import { FONT_FAMILY, FONT_SHEET } from './fonts.ts'
import { API_PREFIX } from './request-rules.ts'

const writes = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

const KEY_HEADER = {
  type: 'string',
  format: 'uuid',
  description:
    'A UUID that the client made and stored before its first attempt; a repeat is answered as the first was',
}
const PROOF_HEADER = {
  type: 'string',
  description:
    'RFC 9449: a JWT (typ dpop+jwt) of htm, htu, iat, jti and ath, signed by the device, new each time',
}

/** Our font before Swagger UI's own, and no bar with its name. */
const DOCS_STYLE = `@import url("${FONT_SHEET}");
.swagger-ui, .swagger-ui * { font-family: ${FONT_FAMILY}, system-ui, sans-serif !important; }
.swagger-ui code, .swagger-ui pre, .swagger-ui .opblock-summary-path {
  font-family: ui-monospace, monospace, ${FONT_FAMILY} !important; }
.swagger-ui .topbar { display: none }`

/** Registered before the routes, because it learns of each as it is added. */
export async function describeApi(app: App, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Dure (두레)',
        version,
        description:
          '지역사랑상품권 플랫폼. Regional vouchers: issuing, buying, paying and paying out. ' +
          'Errors are application/problem+json; every code is explained at /problems/{code}.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          session: {
            type: 'http',
            scheme: 'DPoP',
            description: 'The access token of POST /v1/sessions, and a proof of the device',
          },
        },
      },
    },
    transform: describeRoute,
  })
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    // The validator badge would send the document to another host.
    uiConfig: { validatorUrl: null, docExpansion: 'list', deepLinking: true },
    theme: {
      title: 'Dure API',
      // The bar on top is for loading other documents.
      css: [{ filename: 'dure.css', content: DOCS_STYLE }],
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(app.swagger()),
  )
}

/** Adds what the frame asks of every route: the session, the proof, the key of a write. */
const describeRoute: SwaggerTransform = ({ schema, url, route }) => {
  if (!url.startsWith(API_PREFIX)) return { schema: { ...schema, hide: true }, url }
  const isOpen = route.config?.open === true
  const isWrite = [route.method].flat().some((method) => writes.has(method))
  const needsKey = isWrite && url.startsWith('/v1/issuers/') && !isOpen
  const needsProof = !isOpen || url.startsWith('/v1/sessions')
  const properties = {
    ...(needsProof ? { DPoP: PROOF_HEADER } : {}),
    ...(needsKey ? { 'Idempotency-Key': KEY_HEADER } : {}),
  }
  const required = Object.keys(properties)
  return {
    url,
    schema: {
      ...schema,
      querystring: withoutDefaultsRequired(schema.querystring),
      ...(required.length === 0 ? {} : { headers: { type: 'object', properties, required } }),
      ...(isOpen ? {} : { security: [{ session: [] }] }),
      // Who looks at others' data is written down.
      ...(route.config?.logsAccess === true ? { 'x-access-log': true } : {}),
    },
  }
}

/** A member with a default may be left out by the caller, whatever the schema says after defaults are filled in. */
function withoutDefaultsRequired(schema: unknown): unknown {
  const properties: unknown = Reflect.get(Object(schema), 'properties')
  const required: unknown = Reflect.get(Object(schema), 'required')
  if (!Array.isArray(required)) return schema
  const isNeeded = (name: unknown): boolean => {
    const member: unknown = Reflect.get(Object(properties), String(name))
    return Reflect.get(Object(member), 'default') === undefined
  }
  return { ...Object(schema), required: required.filter(isNeeded) }
}
