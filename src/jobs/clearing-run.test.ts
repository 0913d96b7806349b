/** The clearing run over a real exchange directory: what arrives is taken once, and what is refused says why. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { DAY_MS, Fault } from '../base/base.ts'
import {
  createClearing,
  readCardFile,
  type Clearing,
  type IncomingFile,
} from '../clearing/clearing.ts'
import { hanbit, openClearingCity } from '../clearing/fixtures/clearing-city.ts'
import { waitUntil } from '../main/bounded-wait.ts'
import { createClearingExchange } from './clearing-exchange.ts'
import { createClearingTurn, startClearingRun, type ClearingRunOptions } from './clearing-run.ts'

async function openRun(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'dure-clearing-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const at = await openClearingCity()
  const exchange = createClearingExchange(directory)
  const clearing = createClearing({ ...at.deps, files: exchange })
  const told: string[] = []
  const errors: unknown[] = []
  const options: ClearingRunOptions = {
    clearing,
    arrivals: exchange,
    partners: () => [hanbit],
    clock: () => at.city.now,
    told: {
      file: (_, taken) => told.push(`${taken.name} ${taken.status}`),
      matched: (_, { date, differences }) => told.push(`${date} differs ${differences}`),
      conversions: ({ converted, explained }) =>
        told.push(`converted ${converted} explained ${explained}`),
      given: (_, kind, { sumWon }) => told.push(`${kind} ${sumWon}`),
      holdsReleased: (count) => told.push(`released ${count}`),
    },
    onError: (error) => errors.push(error),
    conversionsEveryMs: 0,
    settlementEveryMs: 0,
  }
  const folder = (name: string): string => join(directory, 'hanbit', name)
  return {
    at,
    exchange,
    told,
    errors,
    options,
    folder,
    turn: createClearingTurn(options),
    async arrive({ name, bytes }: Pick<IncomingFile, 'name' | 'bytes'>) {
      await mkdir(folder('from-partner'), { recursive: true })
      await writeFile(join(folder('from-partner'), name), bytes)
    },
    listed: async (name: string): Promise<string[]> => {
      await mkdir(folder(name), { recursive: true })
      return (await readdir(folder(name))).toSorted()
    },
  }
}

test('files are taken, conversions refunded and the date settled, all through folders', async (t) => {
  const run = await openRun(t)
  const { at } = run
  await at.city.give(10_000)
  const [paid, debited] = [at.sale(1), at.sale(2)]
  await at.pay(paid)
  await run.arrive(at.file('clearing', [at.line(paid)]))
  await run.arrive(at.file('incident', [at.debit(debited)]))
  await run.turn()
  assert.deepEqual(await run.listed('from-partner'), [])
  assert.deepEqual(await run.listed('taken'), [
    'CL-hanbit-20261122-0001.dat',
    'IN-hanbit-20261122-0001.dat',
  ])
  at.city.now += 2 * DAY_MS
  await run.turn()
  assert.deepEqual(run.told, [
    'CL-hanbit-20261122-0001.dat taken',
    'IN-hanbit-20261122-0001.dat taken',
    'converted 1 explained 0',
    'refund 1000',
    'settlement 2000',
  ])
  const given = ['RF-hanbit-20261122-0001.dat', 'SE-hanbit-20261124-0001.dat']
  assert.deepEqual(await run.listed('to-partner'), given)
  const bytes = await readFile(join(run.folder('to-partner'), given[1]!))
  assert.ok(readCardFile('settlement', bytes).ok)
  assert.deepEqual(run.errors, [])
})

test('a refused file is moved away, and the partner finds every bad line named beside its other files', async (t) => {
  const run = await openRun(t)
  const file = run.at.file('clearing', [run.at.line(run.at.sale(1))])
  const bytes = file.bytes.slice()
  bytes[241 + 8] = 0x3f
  await run.arrive({ name: file.name, bytes })
  await run.arrive({ name: 'notes.txt', bytes: new Uint8Array(3) })
  await run.turn()
  assert.deepEqual(await run.listed('refused'), [file.name, 'notes.txt'])
  const text = await readFile(join(run.folder('to-partner'), `${file.name}.refused.txt`), 'utf8')
  assert.equal(text, `${file.name}:2: entry: expected one of S sale, C cancellation\n`)
  assert.equal((await run.listed('to-partner')).length, 2)
})

test('what is being written, a folder, and a file whose turn has not come are left alone', async (t) => {
  const run = await openRun(t)
  const second = run.at.file('clearing', [], { sequence: 2 })
  await run.arrive({ name: `${second.name}.part`, bytes: new Uint8Array(1) })
  await run.arrive({ name: '.CL-hanbit-20261122-0003.dat', bytes: new Uint8Array(1) })
  await mkdir(join(run.folder('from-partner'), 'CL-hanbit-20261122-0004.dat'))
  await run.arrive(second)
  await run.turn()
  assert.equal((await run.listed('from-partner')).length, 4)
  await run.arrive(run.at.file('clearing', []))
  await run.turn()
  assert.equal((await run.listed('from-partner')).length, 3)
  assert.deepEqual(await run.listed('taken'), [
    'CL-hanbit-20261122-0001.dat',
    'CL-hanbit-20261122-0002.dat',
  ])
})

test('a file that was taken and not moved before the process died is taken as known', async (t) => {
  const run = await openRun(t)
  const file = run.at.file('clearing', [])
  await run.options.clearing.takeFile(file)
  await run.arrive(file)
  await run.turn()
  assert.deepEqual(await run.listed('taken'), [file.name])
})

test('after a start with an older database, files that were taken since are taken again', async (t) => {
  const run = await openRun(t)
  const file = run.at.file('clearing', [])
  await run.arrive(file)
  await run.turn()
  const restored = await openClearingCity()
  // Files bear the machine's time.
  restored.city.now = Date.now()
  const clearing = createClearing({ ...restored.deps, files: run.exchange })
  const options = { ...run.options, clearing, clock: () => restored.city.now }
  run.told.length = 0
  await createClearingTurn(options)()
  assert.deepEqual(run.told, [`${file.name} taken`])
  await createClearingTurn(options)()
  assert.deepEqual(run.told, [`${file.name} taken`])
  assert.deepEqual(await run.listed('taken'), [file.name])
})

test('one fault keeps nothing else from its turn', async (t) => {
  const run = await openRun(t)
  const { clearing } = run.options
  const away = (): Promise<never> => Promise.reject(new Fault('postgres_unavailable', 'away'))
  const failing: Clearing = {
    ...clearing,
    takeFile: (file) => (file.name.startsWith('CL') ? away() : clearing.takeFile(file)),
    runConversions: away,
    writeSettlementFile: away,
  }
  await run.arrive(run.at.file('clearing', []))
  await run.arrive(run.at.file('incident', []))
  await createClearingTurn({ ...run.options, clearing: failing })()
  assert.deepEqual(run.told, ['IN-hanbit-20261122-0001.dat taken'])
  assert.deepEqual(await run.listed('from-partner'), ['CL-hanbit-20261122-0001.dat'])
  // One for the file, one for each book, one for the settlement.
  assert.equal(run.errors.length, 2 + clearing.books().length)
  await run.turn()
  assert.deepEqual(await run.listed('from-partner'), [])
})

test('the run goes by itself and stops when told', async (t) => {
  const run = await openRun(t)
  const loop = startClearingRun({ ...run.options, filesEveryMs: 5 })
  await run.arrive(run.at.file('clearing', []))
  assert.ok(await waitUntil(() => run.told.length > 0, { timeoutMs: 10_000 }))
  await loop.stop()
  await run.arrive(run.at.file('incident', []))
  assert.deepEqual(await run.listed('from-partner'), ['IN-hanbit-20261122-0001.dat'])
})
