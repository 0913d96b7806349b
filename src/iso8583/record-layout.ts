/** A record of fixed length as a table of fields, read and written by that table alone. */
import { assert } from '../base/base.ts'
import type { ConstantField, Field } from './record-field.ts'

/** A field whatever its value. */
type SomeField = Omit<Field<unknown>, 'write'> & { write(value: never): Uint8Array }
/** What a record of such fields says. */
export type RecordOf<Table> = {
  readonly [
    Name in keyof Table as Table[Name] extends ConstantField ? never : Name
  ]: Table[Name] extends Field<infer Value> ? Value : never
}

/** Where a field stands, for pages and messages. Positions count from 1, in bytes. */
export interface PlacedField {
  readonly name: string
  readonly from: number
  readonly bytes: number
  readonly format: string
  readonly label: string
  readonly remark: string
}

export interface RecordLayout<Content> {
  readonly fields: readonly PlacedField[]
  write(content: Content): Uint8Array
  /** @param bytes exactly as many as the layout has */
  read(bytes: Uint8Array): RecordReading<Content>
}

export type RecordReading<Content> =
  | { readonly ok: true; readonly content: Content }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] }

export interface FieldProblem {
  readonly field: string
  readonly expected: string
}

const SPACE = 0x20

/** @param recordBytes what the fields leave is filler: spaces, kept for later */
export function recordLayout<const Table extends Readonly<Record<string, SomeField>>>(
  recordBytes: number,
  table: Table,
): RecordLayout<RecordOf<Table>> {
  // Each field meets only the value under its own name, which `RecordOf` gives its type.
  const columns = Object.entries(table) as [string, Field<unknown>][]
  const used = columns.reduce((sum, [, field]) => sum + field.bytes, 0)
  assert(used < recordBytes, `fields of ${used} bytes leave filler in ${recordBytes}`)
  return {
    fields: placed(columns, recordBytes, used),
    write(content) {
      const bytes = new Uint8Array(recordBytes).fill(SPACE)
      const values = new Map<string, unknown>(Object.entries(content))
      let at = 0
      for (const [name, field] of columns) {
        bytes.set(field.write('isConstant' in field ? null : values.get(name)), at)
        at += field.bytes
      }
      return bytes
    },
    read(bytes) {
      const problems: FieldProblem[] = []
      const content: [string, unknown][] = []
      let at = 0
      for (const [name, field] of columns) {
        const value = field.read(bytes.subarray(at, at + field.bytes))
        if (value === undefined) problems.push({ field: name, expected: field.right })
        if (!('isConstant' in field)) content.push([name, value])
        at += field.bytes
      }
      if (bytes.subarray(at).some((byte) => byte !== SPACE)) {
        problems.push({ field: 'filler', expected: 'spaces' })
      }
      if (problems.length > 0) return { ok: false, problems }
      // Every field of the table has just been read.
      return { ok: true, content: Object.fromEntries(content) as RecordOf<Table> }
    },
  }
}

function placed(
  columns: readonly [string, Field<unknown>][],
  recordBytes: number,
  used: number,
): PlacedField[] {
  let from = 1
  const fields = columns.map(([name, { bytes, format, label, remark }]) => {
    const place = { name, from, bytes, format, label, remark }
    from += bytes
    return place
  })
  const bytes = recordBytes - used
  const filler = { name: 'filler', from, bytes, format: `X(${bytes})` }
  return [...fields, { ...filler, label: '예비', remark: 'spaces' }]
}
