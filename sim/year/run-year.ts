/**
 * A municipality through 366 days on a real database with a clock of the scenario's own: people's wishes by day, the
 * clockwork by night. After each day the audit is clean, the bank's books and the ledger agree, and every balance is
 * what a second calculation makes of the list of events.
 */
import { isDeepStrictEqual } from 'node:util'
import { generateKeyPairSync } from 'node:crypto'
import { runAudit } from '../../src/postgres/audit.ts'
import { openPool } from '../../src/postgres/postgres-pool.ts'
import { createSealSigner } from '../../src/postgres/seal-keys.ts'
import { createSealer, type Sealer } from '../../src/postgres/sealer.ts'
import type { Ledger, SealAnchor } from '../../src/ledger/ledger.ts'
import type { DaySpan } from '../../src/reporting/reporting.ts'
import { ISSUER } from './year-terms.ts'
import { createRecalculation } from './recalculation.ts'
import { act } from './year-acts.ts'
import { DAYS, dayOf } from './year-calendar.ts'
import {
  auditProblems,
  dayProblems,
  differences,
  ledgerFigures,
  reportProblems,
} from './year-check.ts'
import { openYearDatabase, type YearDatabase } from './year-database.ts'
import type { Told, YearEvent, YearViolation } from './year-events.ts'
import { createNight } from './year-night.ts'
import { writeScript } from './year-script.ts'
import { openTown } from './year-town.ts'

/** The first violation explains those that follow. */
const VIOLATIONS_MAX = 10

export interface YearResult {
  readonly days: number
  readonly events: number
  readonly violations: readonly YearViolation[]
  /** What came into lots and went out of them, of all days: `program/kind/flow`. */
  readonly flows: ReadonlyMap<string, number>
}

export interface YearOptions {
  readonly seed: number
  readonly days?: number
  /** A mistake in the ledger, to see that it would be found. */
  readonly plant?: (ledger: Ledger) => Ledger
  readonly onDay?: (day: number) => void
  /** Told of each event and what came of it. */
  readonly onEvent?: (event: YearEvent, told: Told) => void
}

export async function runYear(options: YearOptions): Promise<YearResult> {
  const database = await openYearDatabase()
  try {
    return await playYear(database, options)
  } finally {
    await database.close()
  }
}

async function playYear(database: YearDatabase, options: YearOptions): Promise<YearResult> {
  const { seed, days = DAYS, onDay, onEvent } = options
  const script = writeScript(seed, days)
  const expected = createRecalculation()
  const town = await openTown(database, options.plant)
  const seals = openSealer(database)
  const night = createNight(town, seals.sealer)
  const violations: YearViolation[] = []
  let played = 0
  /** After a night more, in which the last day is counted: what the reports say of all days together. */
  const checkReports = async (afterDays: number): Promise<void> => {
    const flows = new Map(expected.flows())
    await night.run(afterDays)
    const span = { from: dayOf(0), through: dayOf(afterDays - 1) } as DaySpan // Days that exist.
    for (const sentence of reportProblems(await town.reports.totals(ISSUER, span), flows)) {
      violations.push({ day: afterDays, sentence })
    }
  }
  try {
    for (let day = 0; day < days && violations.length < VIOLATIONS_MAX; day += 1) {
      const found = (sentence: string): unknown => violations.push({ day, sentence })
      await night.run(day)
      expected.beginDay(day)
      for (const event of script.filter((each) => each.day === day)) {
        const told = await act(town, event, (number) => script[number]!)
        const calculated = expected.apply(event)
        played += 1
        onEvent?.(event, told)
        if (isDeepStrictEqual(told, calculated)) continue
        const [was, is] = [JSON.stringify(told), JSON.stringify(calculated)]
        const what = `event ${event.number} (${JSON.stringify(event.wish)})`
        found(`${what} was told ${was}, calculated is ${is}`)
      }
      const ledger = await ledgerFigures(database, town.bank.fundWon())
      for (const sentence of differences(ledger, expected.figures())) found(sentence)
      const [reconciled] = await town.treasury.days(ISSUER, { limit: 1 })
      for (const sentence of dayProblems(reconciled)) found(sentence)
      const { publicKeys, anchors } = seals
      const report = await runAudit({ sql: database.audit, publicKeys, anchors, now: town.now() })
      for (const sentence of auditProblems(report)) found(sentence)
      for (const sentence of town.cases.splice(0)) found(`a case was opened: ${sentence}`)
      onDay?.(day)
    }
    if (violations.length === 0) await checkReports(days)
    const found = violations.slice(0, VIOLATIONS_MAX)
    return { days, events: played, violations: found, flows: expected.flows() }
  } finally {
    await seals.close()
    await town.close()
  }
}

function openSealer({ appUrl }: YearDatabase): {
  readonly sealer: Sealer
  readonly publicKeys: readonly string[]
  readonly anchors: readonly SealAnchor[]
  close(): Promise<void>
} {
  const keys = generateKeyPairSync('ed25519')
  const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const anchors: SealAnchor[] = []
  const pool = openPool({ url: appUrl, name: 'sealing', connectionsMax: 1 })
  return {
    sealer: createSealer({
      pool,
      signer: createSealSigner(privateKey),
      anchors: {
        last: (issuerId) => anchors.findLast((anchor) => anchor.issuerId === issuerId),
        append: async (anchor) => void anchors.push(anchor),
      },
    }),
    publicKeys: [keys.publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    anchors,
    close: () => pool.close(),
  }
}

/** For a person: which day, and what. */
export function violationText({ day, sentence }: YearViolation): string {
  return `${dayOf(day)}: ${sentence}`
}
