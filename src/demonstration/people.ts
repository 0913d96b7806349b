/**
 * Invented people: Korean names as they are spread over ages, and telephone numbers that ring
 * nowhere.
 */
import { assert, parseBusinessDate, type BusinessDate } from '../base/base.ts'
import type { Random } from './random.ts'

/** One human being, as the identity provider of the demonstration knows them. */
export interface Person {
  readonly personId: string
  readonly name: string
  readonly birthDate: BusinessDate
  readonly phone: string
}

/**
 * The commonest family names and how many of a thousand people bear them, roughly as in the census
 * of 2015.
 */
const FAMILY_NAMES = [
  ['김', 215],
  ['이', 147],
  ['박', 84],
  ['최', 47],
  ['정', 43],
  ['강', 24],
  ['조', 21],
  ['윤', 21],
  ['장', 20],
  ['임', 17],
  ['한', 15],
  ['오', 15],
  ['서', 15],
  ['신', 15],
  ['권', 14],
  ['황', 14],
  ['안', 14],
  ['송', 14],
  ['전', 11],
  ['홍', 11],
  ['유', 10],
  ['고', 9],
  ['문', 9],
  ['양', 9],
  ['손', 9],
  ['배', 8],
  ['백', 8],
  ['허', 7],
  ['노', 6],
  ['남', 5],
] as const

interface Generation {
  readonly bornFrom: number
  readonly bornTo: number
  readonly givenNames: readonly string[]
}

/** Given names go by fashion: a 순자 is not thirty and a 하준 is not seventy. */
const GENERATIONS: readonly (readonly [Generation, number])[] = [
  [
    {
      bornFrom: 1938,
      bornTo: 1957,
      givenNames: (
        '영수 영자 순자 정자 영호 정숙 영숙 명자 춘자 광수 정웅 순옥 옥자 종수 경자 ' +
        '복순 병철 덕수 말순 금순 상철 기섭 만식 재복 분남'
      ).split(' '),
    },
    24,
  ],
  [
    {
      bornFrom: 1958,
      bornTo: 1979,
      givenNames: (
        '미경 은숙 미숙 경희 정희 현숙 영미 은주 미영 은경 성호 정호 영진 상훈 성수 ' +
        '재호 병훈 동현 경숙 혜경 진호 영철 기영 창수 선희'
      ).split(' '),
    },
    36,
  ],
  [
    {
      bornFrom: 1980,
      bornTo: 1999,
      givenNames: (
        '지훈 민수 지혜 은지 수진 지영 현우 준호 성민 유진 아름 보람 지은 상현 민정 ' +
        '혜진 다은 동욱 승현 예진 소연 태현 재민 수빈 슬기'
      ).split(' '),
    },
    28,
  ],
  [
    {
      bornFrom: 2000,
      bornTo: 2013,
      givenNames: (
        '민준 서연 하준 지우 도윤 서윤 예준 하은 시우 민서 주원 채원 지호 수아 건우 ' +
        '윤서 우진 다인 현준 가은 은우 지안 선우 나윤 유찬'
      ).split(' '),
    },
    12,
  ],
]

/** The last year of birth of somebody who is of age all through the demonstration. */
const ADULT_BORN_MAX = 2005

export interface People {
  /** Makes one more person. Traits that are given are kept, the others are drawn. */
  add(traits?: { name?: string; birthDate?: string; adult?: boolean }): Person
  readonly all: readonly Person[]
}

/** An empty population; person ids count up from `person-0001`. */
export function createPeople(random: Random): People {
  const all: Person[] = []
  return {
    all,
    add({ name, birthDate, adult = false } = {}) {
      const generation = random.pickWeighted(adult ? GENERATIONS.slice(0, 3) : GENERATIONS)
      const birthYear = random.integer(generation.bornFrom, generation.bornTo)
      const month = random.integer(1, 12)
      const day = random.integer(1, 28)
      const drawnName = random.pickWeighted(FAMILY_NAMES) + random.pick(generation.givenNames)
      const number = all.length + 1
      const person: Person = {
        personId: `person-${String(number).padStart(4, '0')}`,
        name: name ?? drawnName,
        birthDate: dateOf(birthDate ?? `${birthYear}-${twoDigits(month)}-${twoDigits(day)}`),
        phone: phoneOf(number),
      }
      assert(!adult || Number(person.birthDate.slice(0, 4)) <= ADULT_BORN_MAX, 'adults are of age')
      all.push(person)
      return person
    },
  }
}

/**
 * Somebody of the crowd that may be made besides the demonstration's own people, counted from one. 010-09xx numbers
 * belong to nobody, and the demonstration's own people have others.
 */
export function crowdPerson(number: number): Person {
  const digits = String(9_000_000 + number - 1).padStart(8, '0')
  return {
    personId: `crowd-${number}`,
    name: '홍길동',
    birthDate: dateOf('1990-01-01'),
    phone: `010-${digits.slice(0, 4)}-${digits.slice(4)}`,
  }
}

/**
 * `010-0000-0001`: Korean mobile numbers have no zero after 010, so nobody is called by accident.
 */
function phoneOf(personNumber: number): string {
  const digits = String(personNumber).padStart(8, '0')
  return `010-${digits.slice(0, 4)}-${digits.slice(4)}`
}

function dateOf(text: string): BusinessDate {
  const date = parseBusinessDate(text)
  assert(date !== undefined, `no such day: ${text}`)
  return date
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
