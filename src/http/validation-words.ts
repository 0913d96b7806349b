/** Says in two languages what a schema did not like: which member, and what would be right. */
import type { FastifySchemaValidationError } from 'fastify'
import type { HttpProblem, Words } from './problem.ts'
import { refusal } from './refusals.ts'

const NAME_LENGTH_MAX = 64
const LIST_LENGTH_MAX = 20

/** Parts of a request as they stand in `field`. */
const contextNames: Readonly<Record<string, string>> = {
  body: 'body',
  params: 'path',
  querystring: 'query',
  headers: 'header',
}

/** The problem for Ajv's complaints about one part of a request. */
export function validationProblem(
  errors: readonly FastifySchemaValidationError[],
  context: string | undefined,
): HttpProblem {
  // Branches of a union complain first; the union itself is what the reader can understand.
  const error = errors.find(({ keyword }) => keyword === 'anyOf') ?? errors[0]
  const part = contextNames[context ?? ''] ?? 'body'
  if (error === undefined) return refusal('validation_failed', { field: part })
  return refusal('validation_failed', { field: fieldOf(part, error), detail: wordsOf(error) })
}

/** `/items/3/amountWon` in the body → `body.items.3.amountWon`. */
function fieldOf(part: string, error: FastifySchemaValidationError): string {
  const { missingProperty, additionalProperty } = error.params
  const last = [missingProperty, additionalProperty].filter((name) => typeof name === 'string')
  return [part, ...error.instancePath.split('/').slice(1), ...last]
    .map((name) => shown(name).replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.')
}

/** The caller's own word, cut to what may be repeated. */
function shown(name: string): string {
  return name.slice(0, NAME_LENGTH_MAX).replaceAll(/[^\p{L}\p{N}_~\- ]/gu, '?')
}

const typeNames: Readonly<Record<string, Words>> = {
  object: { ko: '객체', en: 'an object' },
  array: { ko: '배열', en: 'an array' },
  string: { ko: '문자열', en: 'a string' },
  integer: { ko: '정수', en: 'an integer' },
  number: { ko: '숫자', en: 'a number' },
  boolean: { ko: 'true 또는 false', en: 'true or false' },
  null: { ko: 'null', en: 'null' },
}

type Say = (error: FastifySchemaValidationError) => Words

const limitOf = (error: FastifySchemaValidationError): string => String(error.params['limit'])

const words: Readonly<Record<string, Say>> = {
  required: () => ({ ko: '빠진 항목입니다. 꼭 보내 주세요.', en: 'It is missing and is needed.' }),
  additionalProperties: () => ({
    ko: '모르는 항목입니다. 빼고 보내 주세요.',
    en: 'It is not known here; leave it out.',
  }),
  type: (error) => {
    const name = typeNames[String(error.params['type'])]
    return {
      ko: `${name?.ko ?? '다른 형식'}이어야 합니다.`,
      en: `It has to be ${name?.en ?? 'of another type'}.`,
    }
  },
  minimum: (error) => ({
    ko: `${limitOf(error)} 이상이어야 합니다.`,
    en: `It has to be at least ${limitOf(error)}.`,
  }),
  maximum: (error) => ({
    ko: `${limitOf(error)} 이하여야 합니다.`,
    en: `It has to be at most ${limitOf(error)}.`,
  }),
  exclusiveMinimum: (error) => ({
    ko: `${limitOf(error)}보다 커야 합니다.`,
    en: `It has to be more than ${limitOf(error)}.`,
  }),
  exclusiveMaximum: (error) => ({
    ko: `${limitOf(error)}보다 작아야 합니다.`,
    en: `It has to be less than ${limitOf(error)}.`,
  }),
  multipleOf: (error) => ({
    ko: `${String(error.params['multipleOf'])}의 배수여야 합니다.`,
    en: `It has to be a multiple of ${String(error.params['multipleOf'])}.`,
  }),
  minLength: (error) => ({
    ko: `${limitOf(error)}자 이상이어야 합니다.`,
    en: `It needs at least ${limitOf(error)} characters.`,
  }),
  maxLength: (error) => ({
    ko: `${limitOf(error)}자를 넘을 수 없습니다.`,
    en: `It may have at most ${limitOf(error)} characters.`,
  }),
  minItems: (error) => ({
    ko: `${limitOf(error)}개 이상이어야 합니다.`,
    en: `It needs at least ${limitOf(error)} items.`,
  }),
  maxItems: (error) => ({
    ko: `${limitOf(error)}개를 넘을 수 없습니다.`,
    en: `It may have at most ${limitOf(error)} items.`,
  }),
  uniqueItems: () => ({
    ko: '같은 값이 두 번 있습니다.',
    en: 'The same value stands there twice.',
  }),
  pattern: (error) => {
    const example = exampleOf(error)
    return {
      ko: `형식이 올바르지 않습니다.${example === undefined ? '' : ` 예: ${example}`}`,
      en: `It is not of the right form${example === undefined ? '.' : `, such as ${example}.`}`,
    }
  },
  const: (error) => oneOf([error.params['allowedValue']]),
  enum: (error) => oneOf(error.params['allowedValues']),
  anyOf: (error) => oneOf(constantsOf(error)),
}

function wordsOf(error: FastifySchemaValidationError): Words {
  const say = words[error.keyword]
  return say?.(error) ?? { ko: '올바른 값이 아닙니다.', en: 'It is not a right value.' }
}

function oneOf(values: unknown): Words {
  const list = Array.isArray(values) ? values.slice(0, LIST_LENGTH_MAX).map(String).join(', ') : ''
  if (list === '') {
    return {
      ko: '허용된 형식 가운데 하나여야 합니다.',
      en: 'It has to be of one of the forms allowed.',
    }
  }
  return { ko: `다음 가운데 하나여야 합니다: ${list}`, en: `It has to be one of: ${list}` }
}

/** Our own schema, which Ajv hands over beside the complaint. */
function parentOf(error: FastifySchemaValidationError): object {
  return Object(Reflect.get(error, 'parentSchema'))
}

function exampleOf(error: FastifySchemaValidationError): string | undefined {
  const examples: unknown = Reflect.get(parentOf(error), 'examples')
  return Array.isArray(examples) ? String(examples[0]) : undefined
}

function constantsOf(error: FastifySchemaValidationError): unknown[] {
  const branches: unknown = Reflect.get(parentOf(error), 'anyOf')
  if (!Array.isArray(branches)) return []
  const constants = branches.map((branch: unknown): unknown => Reflect.get(Object(branch), 'const'))
  return constants.includes(undefined) ? [] : constants
}
