/**
 * Hypothesis: an acknowledged payment is on the disk, and a set of payments whose server dies is there whole or not at
 * all; the core need not know which, for it asks again with the same keys.
 * Fault: in the middle of 1,000 payments, ten times, kill -9 of the PostgreSQL server, or of one of its processes that
 * posts payments just then, on which the server drops all connections and recovers.
 * Promise: as for a killed core; and the core itself lives on and finds the server again without help.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listProcesses } from '../../src/main/process-table.ts'
import type { RunningProduct } from '../running-product.ts'
import { assertAuditClean, assertNothingUnclassified, openBooks } from './fixtures/books.ts'
import { killNow, killRound, ROUNDS } from './fixtures/kill-rounds.ts'
import { openTown } from './fixtures/town.ts'

const PAYERS = 24
const LOTS_WON = [140_000, 140_000, 140_000, 140_000, 140_000]
/** Every third round it is one process; each other kill costs the supervisor's growing patience. */
const isServerRound = (round: number): boolean => round % 3 !== 0

test('PostgreSQL killed ten times in the middle of 1,000 payments loses and doubles nothing', async (t) => {
  const town = await openTown({ payers: PAYERS, lotsWon: LOTS_WON })
  const { product } = town
  const books = openBooks(product.auditUrl)
  try {
    const corePid = await product.corePid()
    for (let round = 1; round <= ROUNDS; round += 1) {
      const victim = isServerRound(round) ? 'server' : 'backend'
      const strike = async () =>
        killNow(victim === 'server' ? await product.postgresPid() : await postingPid(product))
      const facts = await killRound(round, { town, books, strike })
      t.diagnostic(`round ${round}, ${victim}: ${JSON.stringify(facts)}`)
    }
    assert.equal(await product.corePid(), corePid, 'the core lived through it all')
    assertNothingUnclassified(product)
    t.diagnostic(JSON.stringify(await assertAuditClean(product)))
  } finally {
    await books.close()
    await town.close()
  }
})

/** A process of the server that works for the core, one in the middle of a statement if there is one. */
async function postingPid(product: RunningProduct): Promise<number> {
  const server = await product.postgresPid()
  const all = await listProcesses()
  const name = /cluster_name=(\S+)/.exec(all.find(({ pid }) => pid === server)?.command ?? '')?.[1]
  assert.ok(name !== undefined, 'the server is named in its command line')
  const own = all.filter(({ command }) => command.startsWith(`postgres: ${name}: dure_app `))
  const busy = own.find(({ command }) => command.endsWith(') SELECT'))
  const chosen = busy ?? own[0]
  assert.ok(chosen !== undefined, 'the core is connected')
  return chosen.pid
}
