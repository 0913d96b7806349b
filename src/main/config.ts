/** Reads the environment, once, for `start`; every problem is told at once, in the words of who set it. */
import type { BusinessDate } from '../base/base.ts'
import { readHolidays } from './korean-holidays.ts'
import { readNamedTexts, writeNamedTexts, type NamedTexts } from './named-texts.ts'
import { StartupProblem } from './startup-problem.ts'

export interface StartConfig {
  readonly port: number
  readonly dataDirectory: string
  /** Somebody else's PostgreSQL, as the owner of the schema; absent: the embedded one. */
  readonly databaseUrl: string | undefined
  readonly logLevel: string
  /** Further invented people who may sign in and are nobody's member yet. */
  readonly crowd: number
  /** Further people who are members with a linked card and value to spend: for many cards. */
  readonly cardCrowd: number
  /** `lifted` for measuring on one's own machine; never where others can reach the port. */
  readonly limits: 'usual' | 'lifted'
  /** Days without banks that the published calendar does not have. */
  readonly holidays: readonly BusinessDate[]
  readonly sudo: Readonly<Record<string, string | undefined>>
}

const CROWD_MAX = 50_000
const CARD_CROWD_MAX = 100_000

export const PORT_DEFAULT = 8080
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'silent']

/** @throws StartupProblem that names each variable and what would be right */
export function readStartConfig(
  environment: Readonly<Record<string, string | undefined>>,
): StartConfig {
  const problems: string[] = []
  const port = environment['PORT'] === undefined ? PORT_DEFAULT : Number(environment['PORT'])
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    problems.push(`PORT must be a number from 1 to 65535, not "${environment['PORT']}"`)
  }
  const databaseUrl = environment['DURE_DATABASE_URL'] || undefined
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\/[^/]+\/[^/?]+/.test(databaseUrl)) {
    problems.push(
      'DURE_DATABASE_URL must look like postgres://user:password@host:5432,host2:5432/database',
    )
  }
  const logLevel = environment['DURE_LOG_LEVEL'] ?? 'info'
  if (!LOG_LEVELS.includes(logLevel)) {
    problems.push(`DURE_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`)
  }
  const countOf = (variable: string, max: number): number => {
    const count = Number(environment[variable] ?? 0)
    if (Number.isInteger(count) && count >= 0 && count <= max) return count
    problems.push(`${variable} must be a number from 0 to ${max}`)
    return 0
  }
  const crowd = countOf('DURE_CROWD', CROWD_MAX)
  const cardCrowd = countOf('DURE_CARD_CROWD', CARD_CROWD_MAX)
  const limits = environment['DURE_LIMITS'] ?? 'usual'
  if (limits !== 'usual' && limits !== 'lifted') {
    problems.push('DURE_LIMITS must be "usual" or "lifted"')
  }
  const holidays = readHolidays(environment['DURE_HOLIDAYS'] ?? '')
  if ('noDay' in holidays) {
    const { noDay } = holidays
    problems.push(`DURE_HOLIDAYS must be days such as 2027-05-06,2027-08-17; "${noDay}" is none`)
  }
  if (problems.length > 0) throw new StartupProblem(problems.join('\n'))
  return {
    holidays: 'days' in holidays ? holidays.days : [],
    crowd,
    cardCrowd,
    limits: limits === 'lifted' ? 'lifted' : 'usual',
    port,
    dataDirectory: environment['DURE_DATA'] || '.dure',
    databaseUrl,
    logLevel,
    sudo: environment,
  }
}

/** The same database as another role: hosts, options and name stay. Works for URLs of several hosts too. */
export function asRole(url: string, role: string, password: string): string {
  return url.replace(
    /^(postgres(?:ql)?:\/\/)(?:[^@/]*@)?/,
    `$1${encodeURIComponent(role)}:${encodeURIComponent(password)}@`,
  )
}

/** What `start` hands to the core through its environment. */
export interface CoreConfig {
  readonly port: number
  readonly dataDirectory: string
  readonly databaseUrl: string
  readonly bankUrl: string
  readonly logLevel: string
  readonly limits: 'usual' | 'lifted'
  /** Where gateways ask; no other port of the core knows their routes. */
  readonly edgePort: number
  /** Linking services of card companies, by the partner's code. */
  readonly companyUrls: NamedTexts
  /** `identity` and `desk` of a demonstration, whose pages may ask simulated parties; otherwise empty. */
  readonly demonstration: NamedTexts
  /** See `StartConfig`. */
  readonly holidays: readonly BusinessDate[]
}

const CORE_VARIABLES = {
  port: 'PORT',
  dataDirectory: 'DURE_DATA',
  databaseUrl: 'DURE_DATABASE_URL',
  bankUrl: 'DURE_BANK_URL',
  logLevel: 'DURE_LOG_LEVEL',
  limits: 'DURE_LIMITS',
  edgePort: 'DURE_EDGE_PORT',
  companyUrls: 'DURE_COMPANY_URLS',
  demonstration: 'DURE_DEMONSTRATION',
  holidays: 'DURE_HOLIDAYS',
} as const satisfies Record<keyof CoreConfig, string>

export function coreEnvironment(config: CoreConfig): Record<string, string> {
  const texts = {
    ...config,
    companyUrls: writeNamedTexts(config.companyUrls),
    demonstration: writeNamedTexts(config.demonstration),
    holidays: config.holidays.join(','),
  }
  return Object.fromEntries(
    Object.entries(CORE_VARIABLES).map(([key, variable]) => [
      variable,
      String(texts[key as keyof CoreConfig]), // The table's own keys.
    ]),
  )
}

/** @throws StartupProblem that names each variable that is missing */
export function readCoreConfig(
  environment: Readonly<Record<string, string | undefined>>,
): CoreConfig {
  // A core without card companies is a core, and a year may have no holiday but those that are known.
  const { companyUrls, demonstration, holidays } = CORE_VARIABLES
  const mayBeEmpty: readonly string[] = [companyUrls, demonstration, holidays]
  const missing = Object.values(CORE_VARIABLES).filter((variable) => {
    return mayBeEmpty.includes(variable)
      ? environment[variable] === undefined
      : !environment[variable]
  })
  if (missing.length > 0) throw new StartupProblem(`missing: ${missing.join(', ')}`)
  return {
    port: Number(environment[CORE_VARIABLES.port]),
    dataDirectory: environment[CORE_VARIABLES.dataDirectory]!,
    databaseUrl: environment[CORE_VARIABLES.databaseUrl]!,
    bankUrl: environment[CORE_VARIABLES.bankUrl]!,
    logLevel: environment[CORE_VARIABLES.logLevel]!,
    limits: environment[CORE_VARIABLES.limits] === 'lifted' ? 'lifted' : 'usual',
    edgePort: Number(environment[CORE_VARIABLES.edgePort]),
    companyUrls: readNamedTexts(environment[CORE_VARIABLES.companyUrls]!),
    demonstration: readNamedTexts(environment[CORE_VARIABLES.demonstration]!),
    holidays: holidaysOf(environment[CORE_VARIABLES.holidays]!),
  }
}

/** What `coreEnvironment` wrote. */
function holidaysOf(text: string): readonly BusinessDate[] {
  const read = readHolidays(text)
  if ('noDay' in read) throw new StartupProblem(`${CORE_VARIABLES.holidays}: "${read.noDay}"`)
  return read.days
}
