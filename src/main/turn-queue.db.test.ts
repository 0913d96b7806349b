/** The queue of turns on pg-boss: what the clockwork relies on, and what its role may not do. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import postgres from 'postgres'
import { id } from '../base/base.ts'
import type { HeldTurn } from '../jobs/jobs.ts'
import { waitUntil } from './bounded-wait.ts'
import { openTurnDatabase, TURN_PASSWORD, type TurnDatabase } from './fixtures/turn-queues.ts'
import { HEARTBEAT_SECONDS, installTurnQueue, SUPERVISE_EVERY_SECONDS } from './turn-queue.ts'

const ONE = id('iss', 1)
const turn = (issuer: number, name: string) => ({ issuerId: id('iss', issuer), name })
const nameOf = (held: HeldTurn | undefined) => held && `${held.issuerId} ${held.name}`

async function withDatabase(work: (database: TurnDatabase) => Promise<void>): Promise<void> {
  const database = await openTurnDatabase()
  try {
    await work(database)
  } finally {
    await database.close()
  }
}

test('turns come in the order in which they were sent, each once', async () => {
  await withDatabase(async (database) => {
    const queue = await database.open()
    await queue.send([turn(1, 'a')])
    await queue.send([turn(2, 'a')])
    await queue.send([turn(1, 'a'), turn(1, 'b')])
    const held = [await queue.take(), await queue.take(), await queue.take()]
    assert.deepEqual(held.map(nameOf), ['1 a', '2 a', '1 b'])
    assert.equal(await queue.take(), undefined)
    await queue.send([turn(1, 'a'), turn(1, 'b')])
    assert.equal(await queue.take(), undefined, 'what is held is not there twice')
    for (const each of held) await queue.end(each!)
    await queue.send([turn(1, 'a')])
    assert.equal(nameOf(await queue.take()), '1 a')
  })
})

test('one issuer holds two turns at most while others wait', async () => {
  await withDatabase(async (database) => {
    const queue = await database.open()
    for (const name of ['a', 'b', 'c']) await queue.send([turn(1, name)])
    await queue.send([turn(2, 'a')])
    const held = [await queue.take(), await queue.take(), await queue.take()]
    assert.deepEqual(held.map(nameOf), ['1 a', '1 b', '2 a'])
    assert.equal(await queue.take(), undefined)
    await queue.end(held[0]!)
    assert.equal(nameOf(await queue.take()), '1 c')
  })
})

test('a turn that was put back comes again after a while, and is not to be had twice until then', async () => {
  await withDatabase(async (database) => {
    const queue = await database.open()
    await queue.send([turn(1, 'a')])
    await queue.putBack((await queue.take())!)
    await queue.send([turn(1, 'a')])
    assert.equal(await queue.take(), undefined)
    await database.owner`update pgboss.job set start_after = now() where state = 'retry'`
    assert.equal(nameOf(await queue.take()), '1 a')
  })
})

test('the turn of a dead worker is given to another, and the dead one’s word counts no more', async () => {
  assert.ok(HEARTBEAT_SECONDS + 2 * SUPERVISE_EVERY_SECONDS < 60, 'within a minute')
  await withDatabase(async (database) => {
    const dying = await database.open()
    const other = await database.open()
    await dying.send([turn(1, 'a'), turn(2, 'b')])
    const dead = (await dying.take())!
    const alive = (await dying.take())!
    await database.letDeadWorkersAge(HEARTBEAT_SECONDS + 1)
    await dying.keep(alive)
    // Found dead, it waits a little like whatever failed.
    const waitsNoMore = async () =>
      (
        await database.owner`
        update pgboss.job set start_after = now() where state = 'retry' returning 1`
      ).length > 0
    assert.ok(await waitUntil(waitsNoMore, { timeoutMs: 10_000 }))
    const taken = await database.waitUntilTaken(other)
    assert.equal(nameOf(taken), '1 a')
    await dying.end(dead)
    await other.send([turn(1, 'a')])
    assert.equal(await other.take(), undefined, 'it is held still')
    await other.end(taken!)
    await dying.end(alive)
  })
})

test('the role of the queue has its own schema and no other, and makes nothing there', async () => {
  await withDatabase(async (database) => {
    const sql = postgres(database.turnsUrl, { max: 1, onnotice: () => undefined })
    try {
      for (const statement of [
        'select 1 from ledger.lot',
        'select * from ledger.wallet_lots(1, 1)',
        'select 1 from registry.record',
        'select 1 from clockwork.job',
        'select clockwork.make_due(array[1], $$a$$, now())',
        'select 1 from dure.migration',
        'create table pgboss.x (a integer)',
        'create table public.x (a integer)',
        'create schema x',
        'drop table pgboss.job',
        'alter table pgboss.job add column x integer',
        'set role dure_app',
      ]) {
        await assert.rejects(sql.unsafe(statement), { code: '42501' }, statement)
      }
    } finally {
      await sql.end()
    }
    const app = postgres(database.appUrl, { max: 1, onnotice: () => undefined })
    await assert.rejects(app.unsafe('select 1 from pgboss.job'), { code: '42501' })
    await app.end()
    const [role] = await database.owner<{ free: boolean }[]>`
      select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as free
      from pg_roles where rolname = 'dure_jobs'`
    assert.equal(role?.free, false)
  })
})

test('to install it again changes nothing, and what is lost with its schema is only turns', async () => {
  await withDatabase(async (database) => {
    const queue = await database.open()
    await queue.send([turn(1, 'a')])
    assert.equal(await installTurnQueue(database.owner, TURN_PASSWORD), false)
    assert.equal(nameOf(await queue.take()), `${ONE} a`)
    await queue.close()
    await database.owner`drop schema pgboss cascade`
    assert.equal(await installTurnQueue(database.owner, TURN_PASSWORD), true)
    const anew = await database.open()
    assert.equal(await anew.take(), undefined)
    await anew.send([turn(1, 'a')])
    assert.equal(nameOf(await anew.take()), `${ONE} a`)
  })
})
