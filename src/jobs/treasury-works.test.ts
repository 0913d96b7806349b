/** The treasury's work over a real folder: what is too large, what waits, and what somebody else put there. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { at, ISSUER, openTreasuryCity, statementOf } from '../treasury/fixtures/treasury-city.ts'
import { FILE_BYTES_MAX } from '../treasury/treasury.ts'
import { createClearingExchange } from './clearing-exchange.ts'
import { treasuryJobDefinitions, treasuryWorks } from './treasury-works.ts'

async function openFolder(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'dure-arrivals-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const city = openTreasuryCity()
  const told: string[] = []
  const deps = {
    treasury: city.treasury,
    arrivals: createClearingExchange(directory),
    codeOf: (issuerId: number) => (issuerId === ISSUER ? 'gunsan' : undefined),
    told: {
      file: (_issuer: number, taken: { name: string; status: string }) =>
        told.push(`${taken.name} ${taken.status}`),
      given: () => undefined,
      followedUp: () => undefined,
      day: () => undefined,
    },
  }
  const folder = (name: string): string => join(directory, 'gunsan', name)
  await mkdir(folder('from-partner'), { recursive: true })
  return {
    city,
    told,
    deps,
    arrive: (name: string, bytes: Uint8Array) =>
      writeFile(join(folder('from-partner'), name), bytes),
    cutTo: (name: string, size: number) => truncate(join(folder('from-partner'), name), size),
    take: () => treasuryWorks(deps).treasury_arrivals(ISSUER, {}, city.now()),
    listed: (name: string) => readdir(folder(name)),
    read: (name: string) => readFile(join(folder('to-partner'), name), 'utf8'),
  }
}

test('a statement that waits for the day before keeps nobody behind it waiting', async (t) => {
  const folder = await openFolder(t)
  const { city } = folder
  city.set(at('2026-11-26', '01:00'))
  const days = ['2026-11-23', '2026-11-25', '2026-11-24'].map((day, index) =>
    statementOf(day, [0, 300, 100][index]!, [['10:00', [100, 1, 200][index]!, '']]),
  )
  const [monday, wednesday, tuesday] = days
  for (const one of [monday!, wednesday!]) await folder.arrive(one.name, one.bytes)
  assert.deepEqual(await folder.take(), { done: true })
  assert.deepEqual(folder.told, [`${monday!.name} taken`])
  assert.deepEqual(await folder.listed('from-partner'), [wednesday!.name])
  await folder.arrive(tuesday!.name, tuesday!.bytes)
  await folder.take()
  assert.deepEqual(folder.told.slice(1), [`${tuesday!.name} taken`, `${wednesday!.name} taken`])
  assert.deepEqual((await folder.listed('taken')).length, 3)
})

test('what cannot be taken is laid aside with its reason, and a file that is being written is left', async (t) => {
  const folder = await openFolder(t)
  folder.city.set(at('2026-11-24', '01:00'))
  const { name, bytes } = statementOf('2026-11-23', 0, [])
  await folder.arrive('notes.txt', bytes)
  await folder.arrive(`.${name}.part`, bytes)
  await folder.arrive(name, new Uint8Array())
  await folder.take()
  assert.deepEqual(folder.told.toSorted(), [`${name} refused`, 'notes.txt refused'])
  assert.deepEqual(await folder.listed('from-partner'), [`.${name}.part`])
  assert.match(await folder.read(`${name}.refused.txt`), /expected a header and a trailer/)
  // The mended file bears the same name.
  await folder.arrive(name, bytes)
  await folder.take()
  assert.equal(folder.told.at(-1), `${name} taken`)
})

test('a file above the limit is refused', async (t) => {
  const folder = await openFolder(t)
  folder.city.set(at('2026-11-24', '01:00'))
  const { name } = statementOf('2026-11-23', 0, [])
  for (const size of [FILE_BYTES_MAX + 1, 64 * 1024 * 1024 + 1]) {
    await folder.arrive(name, new Uint8Array())
    await folder.cutTo(name, size)
    await folder.take()
    assert.equal(folder.told.at(-1), `${name} refused`)
    assert.match(await folder.read(`${name}.refused.txt`), /expected at most 33554432 bytes/)
  }
})

test('an issuer that nobody knows has nothing to do, and every job has a turn for each issuer', async (t) => {
  const { deps, city } = await openFolder(t)
  for (const work of Object.values(treasuryWorks(deps))) {
    assert.deepEqual(await work(99 as typeof ISSUER, {}, city.now()), { done: true })
  }
  const definitions = treasuryJobDefinitions(deps)
  assert.deepEqual(
    definitions.map(({ name, of }) => `${name} ${of}`),
    ['payout_files', 'treasury_arrivals', 'payout_follow_up', 'reconciliation'].map(
      (name) => `${name} each_issuer`,
    ),
  )
})
