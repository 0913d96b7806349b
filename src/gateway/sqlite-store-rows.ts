/** Statements prepared once, and columns read without trusting that nobody else ever wrote them. */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import { assert } from '../base/base.ts'

export type Row = Record<string, SQLOutputValue>

export interface Statements {
  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined
  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[]
  each(sql: string, ...values: readonly SQLInputValue[]): Iterable<Row>
  /** Gives how many rows changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number
}

export function createStatements(database: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>()
  const of = (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  return {
    get: (sql, ...values) => of(sql).get(...values),
    all: (sql, ...values) => of(sql).all(...values),
    // A statement of its own: the same one may be asked again while this is being read.
    each: (sql, ...values) => database.prepare(sql).iterate(...values),
    run: (sql, ...values) => Number(of(sql).run(...values).changes),
  }
}

export function numberOf(row: Row, column: string): number {
  const value = row[column]
  assert(typeof value === 'number', `${column} is a number`)
  return value
}

export function maybeNumber(row: Row, column: string): number | undefined {
  const value = row[column]
  return typeof value === 'number' ? value : undefined
}

export function textOf(row: Row, column: string): string {
  const value = row[column]
  assert(typeof value === 'string', `${column} is text`)
  return value
}

export function maybeText(row: Row, column: string): string | undefined {
  const value = row[column]
  return typeof value === 'string' ? value : undefined
}

export function bytesOf(row: Row, column: string): Uint8Array {
  const value = row[column]
  assert(value instanceof Uint8Array, `${column} is bytes`)
  return value
}

/** What we wrote as JSON ourselves. */
export function jsonOf(row: Row, column: string): unknown {
  return JSON.parse(textOf(row, column))
}
