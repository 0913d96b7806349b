/** Reads docs/reference/clearing-files.md: its tables are those of the code, and its samples are files. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { cardFileKinds, type CardFileKind } from '../../registration/registration.ts'
import {
  formatFileName,
  readCardFile,
  readFileName,
  RECORD_BYTES,
  writeCardFile,
} from '../clearing.ts'
import { decodeEucKr, PROBLEMS_MAX, type PlacedField } from '../../iso8583/iso8583.ts'
import { cardFiles } from './card-files.ts'
import { FILE_BYTES_MAX } from './file-codec.ts'

const page = readFileSync(
  new URL('../../../docs/reference/clearing-files.md', import.meta.url),
  'utf8',
)

/** The bytes of a sample, which stand in hexadecimal digits under their file's name. */
function sampleOf(kind: CardFileKind): { name: string; bytes: Uint8Array } {
  const pattern = new RegExp(
    `^\`(${cardFiles[kind].letters}-[^\`]+)\`:\\n\\n\`\`\`hex\\n([0-9a-f\\n]+)\`\`\`$`,
    'm',
  )
  const [, name, hex] = pattern.exec(page) ?? []
  assert.ok(name !== undefined && hex !== undefined, `the page has a sample of ${kind}`)
  return { name, bytes: Buffer.from(hex.replaceAll('\n', ''), 'hex') }
}

/** A row of the page's tables. @param record the sample's record */
function rowOf(field: PlacedField, record: Uint8Array): string {
  const { name, label, from, bytes, format, remark } = field
  const decoded = decodeEucKr(record, from - 1, from - 1 + bytes)
  assert.ok(decoded.ok)
  const value = decoded.text.trimEnd() === '' ? '' : `\`${decoded.text.trimEnd()}\``
  const cells = [`\`${name}\``, label, `${from}–${from + bytes - 1}`, format, remark, value]
  return `| ${cells.join(' | ')} |`
}

for (const kind of cardFileKinds) {
  const { letters, header, detail, trailerFields } = cardFiles[kind]

  test(`the sample of ${kind} is a file, and what we write is the same to the byte`, () => {
    const { name, bytes } = sampleOf(kind)
    const read = readCardFile(kind, bytes)
    assert.ok(read.ok, JSON.stringify(read))
    assert.deepEqual(Buffer.from(writeCardFile(kind, read.content)), bytes)
    const { partnerCode, date, sequence } = read.content.header
    assert.equal(formatFileName({ kind, partnerCode, date, sequence }), name)
    assert.equal(readFileName(name)?.kind, kind)
  })

  test(`the tables of ${kind} are those of the code, with the sample's values`, () => {
    const section = page.split(/^## /m).find((part) => part.includes(`(\`${letters}\`)\n`)) ?? ''
    const { bytes } = sampleOf(kind)
    const record = (index: number): Uint8Array =>
      bytes.subarray(index * (RECORD_BYTES + 1), (index + 1) * (RECORD_BYTES + 1) - 1)
    const last = bytes.length / (RECORD_BYTES + 1) - 1
    const shown = section.split('\n').filter((line) => line.startsWith('| `'))
    assert.deepEqual(shown, [
      ...detail.fields.map((field) => rowOf(field, record(1))),
      ...trailerFields.map((field) => rowOf(field, record(last))),
    ])
    for (const field of header.fields) {
      if (field.name === 'fileCode') continue
      const start = rowOf(field, record(0)).split(' | ').slice(0, 5).join(' | ')
      assert.ok(page.includes(start), start)
    }
  })
}

test('the named numbers are those of the code', () => {
  assert.ok(page.includes(`**${RECORD_BYTES} bytes**`))
  assert.ok(page.includes(`${PROBLEMS_MAX.toLocaleString('en')} problems`))
  assert.ok(page.includes(`${FILE_BYTES_MAX / 1024 / 1024} MiB`))
})
