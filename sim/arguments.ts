/** Reads the command line of the simulation; says plainly what it does not understand. */

/** `payments`: members, tills and banks. `cards`: card companies and their gateways. */
export const cities = ['payments', 'cards'] as const
export type CityName = (typeof cities)[number]

/** `year`: a municipality through 366 days, on a real database. */
export const scenarios = ['year'] as const
export type ScenarioName = (typeof scenarios)[number]

export interface SimArguments {
  /** In place of cities: then `from` is its seed, and `days` says how far it goes (undefined: to its end). */
  readonly scenario: ScenarioName | undefined
  readonly days: number | undefined
  /** One city, or both with each seed. */
  readonly cities: readonly CityName[]
  readonly from: number
  readonly seeds: number
  /** `undefined`: as many as each city needs to show what it can. */
  readonly events: number | undefined
  readonly json: boolean
  /** Prints the whole journal of each seed. */
  readonly trace: boolean
  readonly help: boolean
}

export type ReadArguments =
  | { readonly ok: true; readonly arguments: SimArguments }
  | { readonly ok: false; readonly problem: string }

export const EVENTS_DEFAULT = { payments: 1_000, cards: 5_000 } as const satisfies Record<
  CityName,
  number
>
const SEEDS_DEFAULT = 100
const SEEDS_MAX = 1_000_000
const SEED_MAX = 2 ** 31 - 1
const EVENTS_MAX = 1_000_000
const DAYS_MAX = 366

const limits: Readonly<Record<string, { readonly max: number; readonly what: string }>> = {
  '--seeds': { max: SEEDS_MAX, what: 'how many seeds to run' },
  '--from': { max: SEED_MAX, what: 'the first seed' },
  '--seed': { max: SEED_MAX, what: 'the one seed to run' },
  '--days': { max: DAYS_MAX, what: 'how many days of a scenario to play' },
  '--events': { max: EVENTS_MAX, what: 'how many events each seed plays before it heals' },
}

const switches: readonly string[] = ['--json', '--trace', '--help']

export const USAGE = `Plays small cities with faults and checks that no won is lost.

  npm run sim -- [--city NAME] [--seeds N] [--from N] [--events N] [--json]
  npm run sim -- --city NAME --seed N [--events N] [--trace]
  npm run sim -- --scenario year [--seed N] [--days N] [--json] [--trace]

  --city NAME payments or cards (both, one after the other with each seed)
  --seeds N   how many seeds to run (${SEEDS_DEFAULT})
  --from N    the first seed (1)
  --seed N    one seed only: how a violation is repeated
  --events N  events with faults for each seed, before it heals
              (${EVENTS_DEFAULT.payments} of payments, ${EVENTS_DEFAULT.cards} of cards)
  --scenario year
              a municipality through 366 days on a real database, calculated a second time
              from the list of events; every day is audited and reconciled
  --days N    the first days of it only
  --trace     print everything that happens
  --json      the last line is {"seeds","events","violations"}, of a scenario
              {"days","events","violations"}

Ends with 0 where all is well, 1 after a violation, 2 for arguments that it does not understand.
`

/** @param words what stands after the program's name */
export function readArguments(words: readonly string[]): ReadArguments {
  const numbers = new Map<string, number>()
  const flags = new Set<string>()
  let chosen: CityName | undefined
  let scenario: ScenarioName | undefined
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!
    if (switches.includes(word)) {
      flags.add(word)
      continue
    }
    const [name, inline] = splitAssignment(word)
    if (name === '--city') {
      if (chosen !== undefined) return problem('"--city" is given twice.')
      const text = inline ?? words[(index += 1)]
      chosen = cities.find((city) => city === text)
      if (chosen === undefined) {
        return problem(`"--city" is ${cities.join(' or ')}, not ${given(text)}.`)
      }
      continue
    }
    if (name === '--scenario') {
      const text = inline ?? words[(index += 1)]
      scenario = scenarios.find((each) => each === text)
      if (scenario === undefined) return problem(`"--scenario" is year, not ${given(text)}.`)
      continue
    }
    const limit = limits[name]
    if (limit === undefined) return problem(`There is no argument "${word}". See --help.`)
    if (numbers.has(name)) return problem(`"${name}" is given twice.`)
    const text = inline ?? words[(index += 1)]
    const value = text === undefined ? undefined : wholeNumber(text)
    if (value === undefined || value > limit.max) {
      return problem(
        `"${name}" is ${limit.what}: a whole number from 1 to ${limit.max}, not ${given(text)}.`,
      )
    }
    numbers.set(name, value)
  }
  const seed = numbers.get('--seed')
  if (seed !== undefined && (numbers.has('--seeds') || numbers.has('--from'))) {
    return problem('"--seed" runs one seed; "--seeds" and "--from" do not go with it.')
  }
  if (scenario !== undefined && (chosen ?? numbers.get('--seeds') ?? numbers.get('--events'))) {
    return problem('"--city", "--seeds" and "--events" do not go with "--scenario".')
  }
  if (scenario === undefined && numbers.has('--days')) {
    return problem('"--days" goes with "--scenario" only.')
  }
  return {
    ok: true,
    arguments: {
      scenario,
      days: numbers.get('--days'),
      cities: chosen === undefined ? cities : [chosen],
      from: seed ?? numbers.get('--from') ?? 1,
      seeds: seed === undefined ? (numbers.get('--seeds') ?? SEEDS_DEFAULT) : 1,
      events: numbers.get('--events'),
      json: flags.has('--json'),
      trace: flags.has('--trace'),
      help: flags.has('--help'),
    },
  }
}

function given(text: string | undefined): string {
  return text === undefined ? 'nothing' : `"${text}"`
}

function splitAssignment(word: string): [string, string | undefined] {
  const at = word.indexOf('=')
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

function wholeNumber(text: string): number | undefined {
  return /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : undefined
}

function problem(sentence: string): ReadArguments {
  return { ok: false, problem: sentence }
}
