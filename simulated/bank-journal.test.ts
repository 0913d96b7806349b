import assert from 'node:assert/strict'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Entry } from './bank-books.ts'
import { openBankJournal, writeJournal } from './bank-journal.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dure-journal-'))
})
after(() => rm(folder, { recursive: true }))

const uuid = '00000000-0000-4000-8000-00000000000'
const entry = (sequence: number): Entry => ({
  sequence,
  kind: 'closure',
  debitId: `${uuid}${sequence}`,
  at: sequence,
})

function unexpected(value: unknown): void {
  assert.fail(`unexpected: ${String(value)}`)
}

async function readBack(path: string): Promise<Entry[]> {
  const entries: Entry[] = []
  const journal = await openBankJournal(path, (one) => entries.push(one), unexpected)
  await journal.close()
  return entries
}

test('what was durable is read back, in order, whatever batch it was in', async () => {
  const path = join(folder, 'whole.jsonl')
  const journal = await openBankJournal(path, unexpected, unexpected)
  journal.append(entry(1))
  journal.append(entry(2))
  await journal.durable()
  assert.equal((await readFile(path, 'utf8')).split('\n').length, 3)
  journal.append(entry(3))
  await journal.close()
  assert.deepEqual(await readBack(path), [entry(1), entry(2), entry(3)])
})

test('a line that was cut short is dropped, and the next entry does not stick to it', async () => {
  const path = join(folder, 'torn.jsonl')
  await writeFile(path, `${JSON.stringify(entry(1))}\n{"sequence":2,"ki`)
  const journal = await openBankJournal(path, () => {}, unexpected)
  journal.append(entry(2))
  await journal.close()
  assert.deepEqual(await readBack(path), [entry(1), entry(2)])
})

test('a whole line that is no entry keeps the books shut', async () => {
  for (const line of ['{"sequence":2}', 'nonsense', '']) {
    const path = join(folder, 'wrong.jsonl')
    await writeFile(path, `${JSON.stringify(entry(1))}\n${line}\n`)
    await assert.rejects(readBack(path), /line 2 of .* is unreadable/)
  }
})

test('after a failed write nothing is durable any more', async () => {
  const failures: unknown[] = []
  // Linux gives a device that takes no byte.
  const journal = writeJournal(await open('/dev/full', 'w'), (error) => failures.push(error))
  journal.append(entry(1))
  await assert.rejects(journal.durable(), /ENOSPC/)
  journal.append(entry(2))
  await assert.rejects(journal.durable(), /ENOSPC/)
  assert.equal(failures.length, 1)
  await assert.rejects(journal.close(), /ENOSPC/)
})

test('a device is not taken for books', async () => {
  await assert.rejects(readBack('/dev/full'), /is no file/)
})

test('entries that are added while others are written are durable with their own sync', async () => {
  const path = join(folder, 'crowd.jsonl')
  const journal = await openBankJournal(path, unexpected, unexpected)
  const waits = []
  for (let sequence = 1; sequence <= 9; sequence += 1) {
    journal.append(entry(sequence))
    const durable = async (): Promise<void> => {
      await journal.durable()
      const text = await readFile(path, 'utf8')
      assert.ok(text.includes(`${uuid}${sequence}`))
    }
    waits.push(durable())
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(waits)
  await journal.close()
  assert.equal((await readBack(path)).length, 9)
})

test('what comes up after the end is neither written nor an error', async () => {
  const path = join(folder, 'ended.jsonl')
  const journal = await openBankJournal(path, unexpected, unexpected)
  journal.append(entry(1))
  const closed = journal.close()
  journal.append(entry(2))
  await closed
  journal.append(entry(3))
  await journal.durable()
  assert.deepEqual(await readBack(path), [entry(1)])
})
