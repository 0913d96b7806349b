/** The invented people of the simulated identity provider, read from a file and found by phone or id. */
import { readFile } from 'node:fs/promises'
import { cleanText, maskPhone, parseBusinessDate } from '../src/base/base.ts'
import { Type, type Static } from 'typebox'
import { Check } from 'typebox/value'

const PEOPLE_MAX = 100_000
const NAME_LENGTH_MAX = 40

export const PersonId = Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$' })
/** Korean mobile numbers, with or without hyphens. */
export const Phone = Type.String({ pattern: '^01\\d-?\\d{3,4}-?\\d{4}$' })
const Person = Type.Object(
  {
    personId: PersonId,
    name: Type.String(),
    birthDate: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    phone: Phone,
    roles: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z_]{1,32}$' }), { maxItems: 16 })),
  },
  { additionalProperties: false },
)
export type Person = Static<typeof Person>
const PeopleFile = Type.Array(Person, { maxItems: PEOPLE_MAX })

export interface People {
  byId(personId: string): Person | undefined
  byPhone(phone: string): Person | undefined
  /** Who one may be: in the file's order, from position `after`; the text is sought in name and role. */
  list(query: { text: string; after: number; limit: number }): {
    people: { personId: string; name: string; birthDate: string; phone: string; roles: string[] }[]
    nextAfter: number | null
  }
}

/** @throws Error that names the first person who cannot be */
export async function readPeople(path: string): Promise<People> {
  const file: unknown = JSON.parse(await readFile(path, 'utf8'))
  if (!Check(PeopleFile, file)) {
    const wrong = Array.isArray(file) ? file.findIndex((person) => !Check(Person, person)) : -1
    throw new Error(
      wrong < 0
        ? `${path} is no list of at most ${PEOPLE_MAX} people`
        : `person ${wrong + 1} in ${path} is malformed`,
    )
  }
  return createPeople(file)
}

export function createPeople(persons: readonly Person[]): People {
  const byId = new Map<string, Person>()
  const byPhone = new Map<string, Person>()
  for (const person of persons) {
    const { personId, name, birthDate } = person
    if (parseBusinessDate(birthDate) === undefined)
      throw new Error(`${personId}: no such birth day`)
    if (cleanText(name, NAME_LENGTH_MAX) !== name) throw new Error(`${personId}: no such name`)
    const phone = person.phone.replaceAll('-', '')
    if (byId.has(personId)) throw new Error(`${personId} is there twice`)
    if (byPhone.has(phone)) throw new Error(`${personId}: the phone is another's`)
    byId.set(personId, person)
    byPhone.set(phone, person)
  }
  return {
    byId: (personId) => byId.get(personId),
    byPhone: (phone) => byPhone.get(phone.replaceAll('-', '')),
    list({ text, after, limit }) {
      const people = []
      let position = after
      for (; position < persons.length && people.length < limit; position += 1) {
        const person = persons[position]
        if (person === undefined) break
        const roles = person.roles ?? []
        if (!person.name.includes(text) && !roles.includes(text)) continue
        const { personId, name, birthDate } = person
        people.push({ personId, name, birthDate, phone: maskPhone(person.phone), roles })
      }
      return { people, nextAfter: position < persons.length ? position : null }
    },
  }
}
