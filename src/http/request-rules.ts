/**
 * Rules for every route, applied when it is registered: objects that come in are closed, numbers in a query are read,
 * answers have a schema. A route that breaks a rule stops the start, not a request.
 */
import type { FastifyRequest, RouteOptions } from 'fastify'
import { assert } from '../base/base.ts'
import type { App } from './door.ts'
import { problemResponses } from './problem.ts'

type Schema = Readonly<Record<string, unknown>>

/** All paths of the API begin so, and need a session unless they say `open`. */
export const API_PREFIX = '/v1/'

export function applyRequestRules(app: App): void {
  app.addHook('onRoute', (route) => {
    const { schema } = route
    if (!route.url.startsWith(API_PREFIX)) return
    assert(isSchema(schema?.response), `${route.url} has no schema of its answer`)
    const { body, params, querystring } = schema
    route.schema = {
      ...schema,
      ...(isSchema(body) ? { body: closeObjects(body) } : {}),
      ...(isSchema(params) ? { params: closeObjects(params) } : {}),
      querystring: closeObjects(isSchema(querystring) ? querystring : NO_QUERY),
      response: { ...problemResponses, ...schema.response },
    }
    readQueryNumbers(route, isSchema(querystring) ? querystring : NO_QUERY)
  })
}

const NO_QUERY: Schema = { type: 'object', properties: {} }

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null
}

/** The same schema with every object closed that does not say otherwise. */
export function closeObjects(schema: Schema): Schema {
  assert(schema['allOf'] === undefined, 'allOf cannot be closed; use Type.Object with all members')
  const closed: Record<string, unknown> = { ...schema }
  const { properties, items } = schema
  if (isSchema(properties)) {
    closed['properties'] = Object.fromEntries(
      Object.entries(properties).map(([name, member]) => [
        name,
        isSchema(member) ? closeObjects(member) : member,
      ]),
    )
    closed['additionalProperties'] ??= false
  }
  if (isSchema(items) && !Array.isArray(items)) closed['items'] = closeObjects(items)
  for (const union of ['anyOf', 'oneOf']) {
    const branches: unknown = schema[union]
    if (!Array.isArray(branches)) continue
    closed[union] = branches.map((branch: unknown) =>
      isSchema(branch) ? closeObjects(branch) : branch,
    )
  }
  return closed
}

const INTEGER = /^-?(?:0|[1-9][0-9]{0,14})$/

/** A query is text; members that the schema wants as integer or boolean are read, and nothing is guessed. */
function readQueryNumbers(route: RouteOptions, schema: Schema): void {
  const { properties } = schema
  if (!isSchema(properties)) return
  const typed = Object.entries(properties).flatMap(([name, member]): [string, unknown][] =>
    isSchema(member) ? [[name, member['type']]] : [],
  )
  const wanted = typed.filter(([, type]) => type === 'integer' || type === 'boolean')
  if (wanted.length === 0) return
  const read = async (request: FastifyRequest): Promise<void> => {
    const query = Object(request.query)
    for (const [name, type] of wanted) {
      const text: unknown = Reflect.get(query, name)
      if (typeof text !== 'string') continue
      if (type === 'integer' && INTEGER.test(text)) Reflect.set(query, name, Number(text))
      if (type === 'boolean' && (text === 'true' || text === 'false')) {
        Reflect.set(query, name, text === 'true')
      }
    }
  }
  route.preValidation = [route.preValidation ?? []].flat().concat(read)
}
