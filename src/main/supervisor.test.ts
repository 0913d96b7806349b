import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { waitUntil } from './bounded-wait.ts'
import { driveDure } from './fixtures/driven-dure.ts'
import { atEnd } from './fixtures/cleanup.ts'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import { withSql } from './fixtures/started-postgres.ts'
import { clusterProcesses } from './postgres-cluster.ts'
import { isAlive, listProcesses, sendSignal } from './process-table.ts'
import { programService } from './program.ts'
import type { Running, Service, ServiceExit } from './service.ts'
import { createSupervisor } from './supervisor.ts'

const PROGRAM = join(import.meta.dirname, 'fixtures', 'small-program.ts')
/** One data directory for all, since making a cluster costs half a second of processor time. */
const shared = join(await scratchDirectory({ after }), '.dure')
const LIMITS = { delayMsMin: 1, delayMsMax: 4, stableAfterMs: 60_000, failuresMax: 3 }
const quiet = { log: () => undefined, onGivenUp: () => undefined, limits: LIMITS }
const until = (isTrue: () => boolean | Promise<boolean>) => waitUntil(isTrue, { timeoutMs: 10_000 })

test('services stop in the reverse of the order they started in', async () => {
  const story: string[] = []
  const supervisor = createSupervisor(quiet)
  for (const name of ['postgres', 'bank', 'core']) await supervisor.start(told(name, story))
  await Promise.all([supervisor.stop(), supervisor.stop()])
  const stops = ['core stopped', 'bank stopped', 'postgres stopped']
  assert.deepEqual(story, ['postgres started', 'bank started', 'core started', ...stops])
  await assert.rejects(supervisor.start(told('late', story)), /told to stop before late/)
})

test('one service that cannot be stopped does not keep the others running', async () => {
  const story: string[] = []
  const supervisor = createSupervisor(quiet)
  await supervisor.start(told('postgres', story))
  const stubborn = { exited: new Promise<ServiceExit>(() => undefined), stop: refuse }
  await supervisor.start({ name: 'stubborn', start: async () => stubborn })
  await assert.rejects(supervisor.stop(), /not everything was stopped/)
  assert.deepEqual(story, ['postgres started', 'postgres stopped'])
})

test('a service that ends is started again, and given up after its failures in a row', async () => {
  const given: string[] = []
  let starts = 0
  const supervisor = createSupervisor({ ...quiet, onGivenUp: (name) => given.push(name) })
  const service = {
    name: 'flash',
    start: async () => {
      starts += 1
      // Its second life cannot even begin; the others end at once.
      if (starts === 2) throw new Error('no luck')
      const exited = Promise.resolve({ code: 1, signal: null })
      return { exited, stop: async () => undefined }
    },
  }
  await supervisor.start(service)
  assert.ok(await until(() => given.length > 0))
  assert.deepEqual(given, ['flash'])
  assert.equal(starts, 1 + LIMITS.failuresMax)
  await supervisor.stop()
})

test('a long life forgets the failures before it', async () => {
  const given: string[] = []
  let starts = 0
  const supervisor = createSupervisor({
    ...quiet,
    limits: { ...LIMITS, stableAfterMs: 0 },
    onGivenUp: (name) => given.push(name),
  })
  await supervisor.start({
    name: 'phoenix',
    start: async () => {
      starts += 1
      const exited = Promise.resolve({ code: 1, signal: null })
      return { exited, stop: async () => undefined }
    },
  })
  assert.ok(await until(() => starts > LIMITS.failuresMax * 3))
  await supervisor.stop()
  assert.deepEqual(given, [])
})

test('a first start that fails is the caller\u2019s to know', async () => {
  const supervisor = createSupervisor(quiet)
  await assert.rejects(supervisor.start({ name: 'lame', start: refuse }), /refused/)
  await supervisor.stop()
})

test('what is halted stays down until it is resumed, and is kept running again', async (t) => {
  const journal = join(await scratchDirectory(t), 'journal')
  const supervisor = createSupervisor(quiet)
  atEnd(t, () => supervisor.stop())
  const { pid } = await supervisor.start(program('serve', journal))
  const state = () => supervisor.parts()[0]?.state
  const readies = async () => (await readFile(journal, 'utf8')).match(/^ready /gm)?.length
  await supervisor.halt('program')
  assert.equal(isAlive(pid), false)
  assert.equal(state(), 'stopped')
  assert.equal(await supervisor.kill('program'), false)
  await supervisor.halt('program')
  assert.equal(await readies(), 1)
  await Promise.all([supervisor.resume('program'), supervisor.resume('program')])
  assert.equal(state(), 'running')
  assert.equal(await readies(), 2)
  assert.equal(await supervisor.kill('program'), true)
  assert.ok(await until(async () => (await readies()) === 3 && state() === 'running'))
  assert.throws(() => supervisor.halt('nobody'), /nothing here is called nobody/)
})

test('a halt during the wait before a restart is a halt', async () => {
  let starts = 0
  const slow = { ...LIMITS, delayMsMin: 60_000, delayMsMax: 60_000 }
  const supervisor = createSupervisor({ ...quiet, limits: slow })
  await supervisor.start({
    name: 'flash',
    start: async () => {
      starts += 1
      const exited = starts === 1 ? { code: 1, signal: null } : new Promise<ServiceExit>(() => {})
      return { exited: Promise.resolve(exited), stop: async () => undefined }
    },
  })
  assert.ok(await until(() => supervisor.parts()[0]?.state === 'starting'))
  await supervisor.halt('flash')
  assert.equal(supervisor.parts()[0]?.state, 'stopped')
  await supervisor.resume('flash')
  assert.deepEqual([starts, supervisor.parts()[0]?.state], [2, 'running'])
  await supervisor.stop()
})

test('a resumption that fails leaves it halted, and another may succeed', async () => {
  let starts = 0
  const supervisor = createSupervisor(quiet)
  await supervisor.start({
    name: 'moody',
    start: async () => {
      starts += 1
      if (starts === 2) throw new Error('not today')
      return { exited: new Promise<ServiceExit>(() => {}), stop: async () => undefined }
    },
  })
  await supervisor.halt('moody')
  await assert.rejects(supervisor.resume('moody'), /not today/)
  assert.equal(supervisor.parts()[0]?.state, 'stopped')
  await supervisor.resume('moody')
  assert.equal(supervisor.parts()[0]?.state, 'running')
  await supervisor.stop()
})

test('stop during a start waits for it and leaves nothing', async () => {
  const story: string[] = []
  const supervisor = createSupervisor(quiet)
  const gate = Promise.withResolvers<undefined>()
  const slow = told('slow', story, gate.promise)
  const starting = supervisor.start(slow)
  const stopped = supervisor.stop()
  gate.resolve(undefined)
  await Promise.all([starting, stopped])
  assert.deepEqual(story, ['slow started', 'slow stopped'])
})

test('a program tells when it is ready, sees no foreign environment, and ends when asked', async (t) => {
  const journal = join(await scratchDirectory(t), 'journal')
  const lines: string[] = []
  const supervisor = createSupervisor(quiet)
  atEnd(t, () => supervisor.stop())
  const { pid, facts } = await supervisor.start(program('serve', journal, lines))
  assert.deepEqual(facts, { port: 4321 })
  assert.ok(await until(() => lines.includes('greetings, secret=unseen')))
  await supervisor.stop()
  assert.equal(isAlive(pid), false)
  assert.equal(await readFile(journal, 'utf8'), `ready ${pid}\nstopped:SIGTERM ${pid}\n`)
})

test('a killed program is started again', async (t) => {
  const journal = join(await scratchDirectory(t), 'journal')
  const supervisor = createSupervisor(quiet)
  atEnd(t, () => supervisor.stop())
  const { pid } = await supervisor.start(program('serve', journal))
  sendSignal(pid, 'SIGKILL')
  const readies = async () => (await readFile(journal, 'utf8')).match(/^ready /gm)?.length
  assert.ok(await until(async () => (await readies()) === 2))
  await supervisor.stop()
})

test('a program that ignores the request to stop is killed', async (t) => {
  const journal = join(await scratchDirectory(t), 'journal')
  const supervisor = createSupervisor(quiet)
  const { pid } = await supervisor.start(program('ignore-stop', journal))
  await supervisor.stop()
  assert.equal(isAlive(pid), false)
})

test('a program that fails at once is reported with its last words', async (t) => {
  const journal = join(await scratchDirectory(t), 'journal')
  const supervisor = createSupervisor(quiet)
  await assert.rejects(supervisor.start(program('fail', journal)), {
    name: 'StartupProblem',
    message: 'program did not start: it ended\nno such bank',
  })
})

test('Ctrl-C ends everything in order: the program, then PostgreSQL', async (t) => {
  const dure = driveDure(t, shared)
  const { programPid, clusterDirectory } = await dure.seen('dure.ready')
  sendSignal(-dure.pid, 'SIGINT') // To the whole group, as a terminal does.
  assert.deepEqual(await dure.ended(), { code: 0, signal: null })
  const stops = dure.events.filter(({ event }) => event === 'service.stopped')
  assert.deepEqual(
    stops.map(({ name }) => name),
    ['program', 'postgres'],
  )
  assert.ok(!dure.events.some(({ event }) => /ended|hurried|killed/.test(event)))
  assert.equal(isAlive(Number(programPid)), false)
  assert.deepEqual(await clusterProcesses(String(clusterDirectory)), [])
})

test('a killed PostgreSQL is back on its port with its data, and a second dure is refused', async (t) => {
  const dure = driveDure(t, shared)
  const { url, postgresPid } = await dure.seen('dure.ready')
  await withSql(String(url), (sql) => sql`create table if not exists paid as select 7 as won`)
  sendSignal(Number(postgresPid), 'SIGKILL')
  await dure.seen('service.restarted')
  const rows = await withSql(String(url), (sql) => sql`select won from paid`)
  assert.equal(rows[0]?.won, 7)

  const second = driveDure(t, shared)
  assert.deepEqual(await second.ended(), { code: 1, signal: null })
  assert.deepEqual(second.complaints, [`another dure (pid ${dure.pid}) runs on ${shared}`])
  sendSignal(dure.pid, 'SIGTERM')
  assert.deepEqual(await dure.ended(), { code: 0, signal: null })
})

test('a killed dure takes all it started with it, and the next one goes on', async (t) => {
  const dure = driveDure(t, shared)
  const { programPid, clusterDirectory } = await dure.seen('dure.ready')
  sendSignal(dure.pid, 'SIGKILL')
  await dure.ended()
  assert.ok(await until(() => !isAlive(Number(programPid))))
  assert.ok(
    await until(async () => (await clusterProcesses(String(clusterDirectory))).length === 0),
  )

  const next = driveDure(t, shared)
  await next.seen('dure.ready')
  sendSignal(next.pid, 'SIGINT')
  assert.deepEqual(await next.ended(), { code: 0, signal: null })
})

test('a PostgreSQL that outlived its dure is stopped before the next one starts', async (t) => {
  const dure = driveDure(t, shared)
  const { postgresPid, clusterDirectory, url } = await dure.seen('dure.ready')
  await withSql(String(url), (sql) => sql`create table if not exists paid as select 7 as won`)
  await killLifeline(Number(postgresPid))
  sendSignal(dure.pid, 'SIGKILL')
  await dure.ended()
  assert.ok((await clusterProcesses(String(clusterDirectory))).includes(Number(postgresPid)))

  const next = driveDure(t, shared)
  const ready = await next.seen('dure.ready')
  await next.seen('postgres.leftover_stopped')
  assert.notEqual(ready.postgresPid, postgresPid)
  const rows = await withSql(String(ready.url), (sql) => sql`select won from paid`)
  assert.equal(rows[0]?.won, 7)
  sendSignal(next.pid, 'SIGINT')
  await next.ended()
})

/** A service inside this process that writes its story. */
function told(name: string, story: string[], gate?: Promise<unknown>): Service {
  return {
    name,
    start: async (): Promise<Running> => {
      await gate
      story.push(`${name} started`)
      const exited = Promise.withResolvers<ServiceExit>()
      const stop = async () => {
        story.push(`${name} stopped`)
        exited.resolve({ code: null, signal: null })
      }
      return { exited: exited.promise, stop }
    },
  }
}

function program(behaviour: string, journal: string, lines: string[] = []) {
  return programService({
    name: 'program',
    file: PROGRAM,
    arguments: [behaviour, journal],
    onLine: (line) => lines.push(line),
    stopTimeoutMs: 1_000,
  })
}

async function killLifeline(postgresPid: number) {
  for (const { pid, command } of await listProcesses()) {
    if (command.includes(` dure-postgres-lifeline ${postgresPid} `)) sendSignal(pid, 'SIGKILL')
  }
}

async function refuse(): Promise<never> {
  throw new Error('refused')
}
