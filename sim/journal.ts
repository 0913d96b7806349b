/**
 * What happened in one simulated city, line by line, with a hash over all of it: two runs of one seed
 * have one hash. Violations are kept here too; the first ends the run.
 */
import { createHash } from 'node:crypto'
import type { Clock, Instant } from '../src/base/base.ts'

export interface JournalLine {
  readonly at: Instant
  /** Whom or what it is about: mostly an operation's key. */
  readonly about: string
  readonly text: string
}

export interface Violation {
  readonly at: Instant
  readonly about: string
  /** The promise that was broken, as a sentence, with the numbers. */
  readonly what: string
}

export interface Journal {
  note(about: string, text: string): void
  violated(about: string, what: string): void
  readonly lines: readonly JournalLine[]
  readonly violations: readonly Violation[]
  /** Hexadecimal SHA-256 over all lines so far. */
  hash(): string
}

export function createJournal(clock: Clock): Journal {
  const lines: JournalLine[] = []
  const violations: Violation[] = []
  return {
    lines,
    violations,
    note(about, text) {
      lines.push({ at: clock(), about, text })
    },
    violated(about, what) {
      violations.push({ at: clock(), about, what })
      lines.push({ at: clock(), about, text: `VIOLATION ${what}` })
    },
    hash() {
      const hash = createHash('sha256')
      for (const { at, about, text } of lines) hash.update(`${at} ${about} ${text}\n`)
      return hash.digest('hex')
    },
  }
}
