/**
 * Every answer of the API is looked through for members that are named as personal data are. One without a rule here
 * fails, and so does one in an answer to somebody for whom the table of `access` hides it.
 */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { sightOf, type PersonalField } from '../../access/access.ts'

/** How personal data are named on the wire. */
const fieldOf: Readonly<Record<string, PersonalField>> = {
  name: 'name',
  fromMasked: 'name',
  phone: 'phone',
  phoneMasked: 'phone',
  birthDate: 'birthDate',
  accountNumber: 'accountNumber',
  holderName: 'accountHolder',
  personId: 'person',
  businessNumber: 'businessNumber',
  address: 'address',
  words: 'words',
  cashReceiptNumberMasked: 'cashReceiptNumber',
}

/** What looks personal by its name. */
const partsOfNames = [
  'phone',
  'mobile',
  'telephone',
  'birth',
  'masked',
  'email',
  'holder',
  'person',
  'address',
  'accountNumber',
  'accountToken',
  'businessNumber',
  'residentNumber',
  '(member|owner|giver|receiver|payer|officer|clerk|applicant)name',
]
const LOOKS_PERSONAL = new RegExp(`^name$|^words$|${partsOfNames.join('|')}`, 'i')
/** Named so, and about nobody. */
const ofNobody = new Set(['unmasked', 'unmaskedFields'])
/** A name with one of these beside it is of a thing. */
const thingsBeside = [
  'issuerCode',
  'programId',
  'potId',
  'corporationId',
  'merchantId',
  'partnerCode',
  'documentId',
  'mediaType',
  'nameEn',
  'value',
  'status',
  'inUse',
]

/** As whom the readers of a route look at somebody else; the person alone reads the others. */
const readersOf = (tag: string, path: string): readonly (keyof typeof sightOf)[] => {
  if (path.startsWith('/v1/issuers/{issuerCode}/members/me/gifts')) return ['member']
  if (tag === 'officers') return ['officer']
  if (tag === 'operators') return ['operator']
  if (tag === 'gifts') return ['member']
  if (tag === 'merchants' || tag === 'settlements') return ['owner']
  return []
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}
interface Description {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly tags?: readonly string[]
            readonly 'x-access-log'?: true
            readonly responses: Readonly<
              Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>
            >
          }
        >
      >
    >
  >
}

/** Every member of a schema, with those beside it. */
function* members(schema: Schema): Generator<{ name: string; beside: readonly string[] }> {
  const beside = Object.keys(schema.properties ?? {})
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    yield { name, beside }
    yield* members(member)
  }
  if (schema.items !== undefined) yield* members(schema.items)
  for (const branch of schema.anyOf ?? []) yield* members(branch)
}

/** What is wrong with an answer's schema for its readers. */
function wrongIn(
  schema: Schema,
  { tag, path }: { readonly tag: string; readonly path: string },
): string[] {
  return [...members(schema)].flatMap(({ name, beside }) => {
    if (!LOOKS_PERSONAL.test(name) || ofNobody.has(name)) return []
    if (name === 'name' && beside.some((other) => thingsBeside.includes(other))) return []
    const field = fieldOf[name]
    if (field === undefined) return [`${path}: ${name} has no rule`]
    return readersOf(tag, path)
      .filter((role) => sightOf[role][field] === 'hidden')
      .map((role) => `${path}: ${name} is hidden from ${role}`)
  })
}

const page = new URL('../../../docs/reference/openapi.json', import.meta.url)

test('every personal field of every answer has a rule, and leaves to those alone who may see it', async () => {
  const { paths } = JSON.parse(await readFile(page, 'utf8')) as Description // Made from our own schemas.
  let answers = 0
  const wrong = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(({ tags, responses }) =>
      Object.entries(responses).flatMap(([status, { content }]) => {
        const schema = content?.['application/json']?.schema
        if (Number(status) >= 300 || schema === undefined) return []
        answers += 1
        return wrongIn(schema, { tag: tags?.[0] ?? '', path })
      }),
    ),
  )
  assert.ok(answers > 100, `${answers} answers were read`)
  assert.deepEqual(wrong, [])
})

test('a new field without a rule is found, and one for the wrong reader', () => {
  const text: Schema = {}
  const at = (tag: string, properties: Record<string, Schema>) =>
    wrongIn({ properties: { items: { items: { properties } } } }, { tag, path: '/there' })
  for (const name of ['guardianPhone', 'birthDay', 'memberName', 'emailAddress', 'ownerName']) {
    assert.deepEqual(at('officers', { [name]: text }), [`/there: ${name} has no rule`])
  }
  assert.deepEqual(at('operators', { name: text, memberId: text }), [
    '/there: name is hidden from operator',
  ])
  assert.deepEqual(at('officers', { personId: text }), ['/there: personId is hidden from officer'])
  assert.deepEqual(at('officers', { name: text, programId: text }), [])
})

/** By these an answer to an officer or operator tells of a person, or of an account that may be a person's. */
const tellsOfPeople = [
  'phone',
  'birthDate',
  'accountNumber',
  'holderName',
  'memberId',
  'walletId',
  'reporterId',
  'beneficiary',
]
/** Answers what the officer has just done, to a member whom the officer named; nothing else of the person. */
const tellsWhatWasDone = [
  'post /v1/issuers/{issuerCode}/members/{memberId}/stop',
  'post /v1/issuers/{issuerCode}/members/{memberId}/release',
]

test('officers and operators see nobody by a route that does not write it down', async () => {
  const { paths } = JSON.parse(await readFile(page, 'utf8')) as Description // Made from our own schemas.
  const logged: string[] = []
  const unlogged = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { tags, responses, ...rest }]) => {
      const route = `${method} ${path}`
      const shows = Object.entries(responses).some(
        ([status, { content }]) =>
          Number(status) < 300 &&
          [...members(content?.['application/json']?.schema ?? {})].some(({ name }) =>
            tellsOfPeople.includes(name),
          ),
      )
      const isTheirs = tags?.[0] === 'officers' || tags?.[0] === 'operators'
      if (!isTheirs || !shows || tellsWhatWasDone.includes(route)) return []
      if (rest['x-access-log'] === true) logged.push(route)
      return rest['x-access-log'] === true ? [] : [route]
    }),
  )
  assert.ok(logged.length > 10, `${logged.length} routes are logged`)
  assert.deepEqual(unlogged, [])
})
