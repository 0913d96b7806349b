/**
 * Makes web/api/schema.ts: the API's description as types, for calls that the compiler checks. Answers of problems are
 * one type for all, since every route has the same; headers are left out, since one place sets them.
 */
import { openapiPage } from './generate-openapi.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
type JsonObject = { readonly [name: string]: Json }

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const
const HEAD = `/** The API's description as types. Made by tools/generate-api-types.ts. */
export interface ProblemDetails {
  type: string
  title: string
  status: number
  detail: string
  code: string
  field?: string
}
type Problem = { content: { 'application/problem+json': ProblemDetails } }
`

export async function apiTypesPage(): Promise<string> {
  return apiTypes(JSON.parse(await openapiPage()) as JsonObject) // Written by openapiPage.
}

/** The TypeScript of a description. */
export function apiTypes(description: JsonObject): string {
  const paths = Object.entries(objectOf(description['paths'])).map(([path, operations]) => {
    const methods = METHODS.flatMap((method) => {
      const operation = objectOf(operations)[method]
      return operation === undefined ? [] : [`    ${method}: ${operationType(objectOf(operation))}`]
    })
    return `  ${JSON.stringify(path)}: {\n${methods.join('\n')}\n  }`
  })
  return `${HEAD}\nexport interface paths {\n${paths.join('\n')}\n}\n`
}

function operationType(operation: JsonObject): string {
  const parameters = listOf(operation['parameters']).map(objectOf)
  const members = (['path', 'query'] as const).flatMap((place) => {
    const there = parameters.filter((parameter) => parameter['in'] === place)
    if (there.length === 0) return []
    const isOptional = there.every(({ required }) => required !== true)
    const fields = there.map(
      ({ name, required, schema }) =>
        `${memberName(JSON.stringify(name).slice(1, -1), required === true)}: ${typeOf(objectOf(schema))}`,
    )
    return [`${place}${isOptional ? '?' : ''}: { ${fields.join('; ')} }`]
  })
  const body = operation['requestBody']
  const sent =
    body === undefined ? '' : ` requestBody: { content: ${contentType(objectOf(body))} };`
  const answers = Object.entries(objectOf(operation['responses'])).flatMap(([status, answer]) =>
    /^2\d\d$/.test(status) ? [`${status}: { content: ${contentType(objectOf(answer))} }`] : [],
  )
  const responses = `responses: { ${[...answers, 'default: Problem'].join('; ')} }`
  return `{ parameters: { ${members.join('; ')} };${sent} ${responses} }`
}

function contentType(holder: JsonObject): string {
  const content = Object.entries(objectOf(holder['content'] ?? {})).map(
    ([media, shape]) => `'${media}': ${typeOf(objectOf(objectOf(shape)['schema'] ?? {}))}`,
  )
  return content.length === 0 ? 'Record<string, never>' : `{ ${content.join('; ')} }`
}

/** The type of a JSON Schema, as far as this API uses it. */
function typeOf(schema: JsonObject): string {
  if (schema['const'] !== undefined) return JSON.stringify(schema['const'])
  if (schema['enum'] !== undefined) {
    return listOf(schema['enum'])
      .map((value) => JSON.stringify(value))
      .join(' | ')
  }
  const variants = schema['anyOf'] ?? schema['oneOf']
  if (variants !== undefined) {
    const each = listOf(variants).map((variant) => typeOf(objectOf(variant)))
    return `(${[...new Set(each)].join(' | ')})`
  }
  switch (schema['type']) {
    case 'string':
      return schema['format'] === 'binary' ? 'Blob' : 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return arrayType(objectOf(schema['items'] ?? {}))
    case 'object':
      return objectType(schema)
    default:
      return 'unknown'
  }
}

/** Several words bind weaker than the brackets. */
function arrayType(item: JsonObject): string {
  return item['enum'] === undefined ? `${typeOf(item)}[]` : `(${typeOf(item)})[]`
}

function objectType(schema: JsonObject): string {
  const required = new Set(listOf(schema['required'] ?? []))
  const members = Object.entries(objectOf(schema['properties'] ?? {})).map(
    ([name, member]) => `${memberName(name, required.has(name))}: ${typeOf(objectOf(member))}`,
  )
  const rest = objectOf(schema['patternProperties'] ?? {})
  const values = Object.values(rest).map((value) => typeOf(objectOf(value)))
  if (members.length === 0) return `Record<string, ${values[0] ?? 'unknown'}>`
  return `{ ${members.join('; ')} }`
}

function memberName(name: string, isRequired: boolean): string {
  const word = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
  return isRequired ? word : `${word}?`
}

function objectOf(value: Json | undefined): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`the description of the API holds no object where one belongs`)
  }
  return value as JsonObject
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}
