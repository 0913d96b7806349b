/**
 * Hypothesis: a core that dies between any two instructions leaves nothing half done, for what a payment is happens in
 * one statement of PostgreSQL, and keys made by the payers tell a repeat from a new wish.
 * Fault: kill -9 of the core in the middle of 1,000 payments, 64 of them in flight; ten times, at ten other moments.
 * Promise: every acknowledged payment is there once; no other is half there; who repeats the key gets the one outcome;
 * wallets fall and the merchant's payable rises by exactly what was paid; the supervisor brings the core back.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertAuditClean, assertNothingUnclassified, openBooks } from './fixtures/books.ts'
import { killNow, killRound, ROUNDS } from './fixtures/kill-rounds.ts'
import { openTown } from './fixtures/town.ts'

const PAYERS = 24
/** Five lots each, so that many payments take from two. */
const LOTS_WON = [140_000, 140_000, 140_000, 140_000, 140_000]

test('a core killed ten times in the middle of 1,000 payments loses and doubles nothing', async (t) => {
  const town = await openTown({ payers: PAYERS, lotsWon: LOTS_WON })
  const books = openBooks(town.product.auditUrl)
  try {
    let lostAnswers = 0
    for (let round = 1; round <= ROUNDS; round += 1) {
      const strike = async () => killNow(await town.product.corePid())
      const facts = await killRound(round, { town, books, strike })
      t.diagnostic(`round ${round}: ${JSON.stringify(facts)}`)
      assert.ok((facts.failures['no answer'] ?? 0) > 0, 'the kill was felt')
      lostAnswers += facts.lostAnswers
    }
    t.diagnostic(`answers lost after the money had moved: ${lostAnswers}`)
    assertNothingUnclassified(town.product)
    t.diagnostic(JSON.stringify(await assertAuditClean(town.product)))
  } finally {
    await books.close()
    await town.close()
  }
})
