/** Which files are taken, exactly once, and which are refused with what would be right. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, won, type BusinessDate } from '../base/base.ts'
import type { IncomingFile, TakenFile } from './clearing.ts'
import {
  GUNSAN,
  hanbit,
  openClearingCity,
  OPERATOR,
  TODAY,
  type ClearingCity,
} from './fixtures/clearing-city.ts'

/** What is expected, line by line. */
function refusal(taken: TakenFile): string[] {
  assert.equal(taken.status, 'refused')
  if (taken.status !== 'refused') return []
  return taken.problems.map(({ line, field, expected }) => `${line} ${field}: ${expected}`)
}

async function filesTaken({ records }: ClearingCity): Promise<number> {
  return (await records('clearing_file', OPERATOR)).length
}

test('the same file again is known, however often, and changes nothing', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sale = at.sale(1)
  await at.pay(sale)
  const file = at.file('clearing', [at.line(sale)])
  const first = await at.clearing.takeFile(file)
  assert.equal(first.status === 'taken' && first.known, false)
  const versions = at.registry.versions(GUNSAN).length + at.registry.versions(OPERATOR).length
  at.city.now += DAY_MS
  const again = await at.clearing.takeFile(file)
  assert.equal(again.status === 'taken' && again.known, true)
  const after = at.registry.versions(GUNSAN).length + at.registry.versions(OPERATOR).length
  assert.equal(after, versions)
})

test('another file under a number that was used is refused, whatever it says', async () => {
  const at = await openClearingCity()
  await at.clearing.takeFile(at.file('clearing', []))
  const other = at.file('clearing', [at.line(at.sale(1))])
  assert.deepEqual(refusal(await at.clearing.takeFile(other)), [
    '1 sequence: a number that no other file of the date has had',
  ])
  assert.deepEqual(await at.records('case'), [])
})

test('a file waits for the one before it', async () => {
  const at = await openClearingCity()
  const [first, second] = [1, 2].map((sequence) => at.file('clearing', [], { sequence }))
  assert.equal((await at.clearing.takeFile(second!)).status, 'later')
  assert.equal(await filesTaken(at), 0)
  await at.clearing.takeFile(first!)
  assert.equal((await at.clearing.takeFile(second!)).status, 'taken')
})

test("another partner's file is refused, by its name and by its header", async () => {
  const at = await openClearingCity()
  const theirs = at.file('clearing', [], { partnerCode: 'narae' })
  assert.deepEqual(refusal(await at.clearing.takeFile(theirs)), [
    '0 null: a file of hanbit',
    '1 partnerCode: hanbit, as the name says',
  ])
  const renamed = { ...theirs, name: theirs.name.replace('narae', 'hanbit') }
  assert.deepEqual(refusal(await at.clearing.takeFile(renamed)), [
    '1 partnerCode: hanbit, as the name says',
  ])
  assert.equal(await filesTaken(at), 0)
})

test('name and header tell the same date and number, of a day that has come', async () => {
  const at = await openClearingCity()
  const tomorrow = '2026-11-23' as BusinessDate
  const file = at.file('clearing', [])
  const renamed = (name: string): IncomingFile => ({ ...file, name })
  const cases: [IncomingFile, string[]][] = [
    [renamed('CL-hanbit-20261121-0001.dat'), ['1 date: 2026-11-21, as the name says']],
    [renamed('CL-hanbit-20261122-0002.dat'), ['1 sequence: 2, as the name says']],
    [renamed('IN-hanbit-20261122-0001.dat'), ['1 fileCode: "IN"']],
    [at.file('clearing', [], { date: tomorrow }), ['1 date: a day that has come']],
    [
      renamed('SE-hanbit-20261122-0001.dat'),
      ['0 null: a name such as CL-hanbit-20261122-0001.dat'],
    ],
    [renamed('books.xlsx'), ['0 null: a name such as CL-hanbit-20261122-0001.dat']],
  ]
  for (const [given, expected] of cases) {
    assert.deepEqual(refusal(await at.clearing.takeFile(given)), expected, given.name)
  }
  assert.equal(await filesTaken(at), 0)
})

test('one bad line refuses the whole file, and nothing of it is done', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sales = [at.sale(1), at.sale(2)]
  const file = at.file(
    'incident',
    sales.map((sale) => at.debit(sale)),
  )
  const bytes = file.bytes.slice()
  bytes[bytes.length - 2 * 241 + 10] = 0x07
  assert.deepEqual(refusal(await at.clearing.takeFile({ ...file, bytes })), [
    '3 acquirer: ASCII without spaces, left-aligned, filled with spaces, not empty',
  ])
  assert.deepEqual(await at.records('conversion'), [])
  assert.equal(await filesTaken(at), 0)
  // The mended file bears the same number.
  assert.equal((await at.clearing.takeFile(file)).status, 'taken')
  assert.equal((await at.records('conversion')).length, 2)
})

test('files of one date and different kinds have numbers of their own', async () => {
  const at = await openClearingCity()
  for (const kind of ['clearing', 'incident', 'refund_result'] as const) {
    assert.equal((await at.clearing.takeFile(at.file(kind, []))).status, 'taken', kind)
  }
  assert.equal(await filesTaken(at), 3)
})

test('a kept file that is gone is a fault of a certain kind, and clearing goes on when it is back', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sale = at.sale(1)
  await at.pay(sale)
  const file = at.file('clearing', [at.line(sale, { voucherWon: won(900) })])
  await at.clearing.takeFile(file)
  const kept = at.forgetFiles()
  await assert.rejects(at.clearing.matchOpenDates(hanbit), { code: 'clearing_file_missing' })
  for (const bytes of kept) await at.deps.files.keep(at.hashOf(bytes), bytes)
  const [matched] = await at.clearing.matchOpenDates(hanbit)
  assert.deepEqual(matched, { date: TODAY, differences: 1, waiting: 0 })
})

test('a long file lets others have their turn', async () => {
  const at = await openClearingCity()
  const lines = Array.from({ length: 1_000 }, (_, index) => at.line(at.sale(index)))
  const file = at.file('clearing', lines)
  await at.clearing.takeFile(file)
  assert.ok(at.pauses() >= 10, `${at.pauses()} pauses`)
})
