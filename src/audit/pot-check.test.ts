/** Draws from pots on the in-memory ledger: clean as they were posted, and each kind of wrong is found. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id, operationId, won } from '../base/base.ts'
import { createMemoryLedger, type LedgerSnapshot } from '../ledger/ledger.ts'
import { booksOfSnapshot, checkBooks } from './audit.ts'

const ISSUER = id('iss', 1)
const walletId = id('wlt', 1)
const pot = id('pot', 1)
const AT = Date.UTC(2026, 10, 22)
const key = (number: number) =>
  operationId(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`)

/** Three purchases with support of 100 won each, all of it drawn: kept, abandoned, and reserved. */
async function drawnCity(): Promise<LedgerSnapshot> {
  const ledger = createMemoryLedger()
  await ledger.openWallets(ISSUER, [{ walletId, memberId: id('mbr', 1) }], AT)
  const purchases = [1, 2, 3].map((number) => ({
    operationId: key(number),
    requestHash: new Uint8Array(32).fill(number),
    walletId,
    programId: id('prg', 1),
    lotId: id('lot', number),
    faceWon: won(1_000),
    sources: { payWon: won(900), nationalWon: won(0), provinceWon: won(0), cityWon: won(100) },
    expiresAt: AT + 1_000_000,
    month: '2026-11',
    quotaWon: won(10_000),
    purchaseCapWon: won(10_000),
    holdingCapWon: won(10_000),
    draws: [{ potId: pot, amountWon: won(100), limitWon: won(300) }],
    accountToken: 'token',
  }))
  await ledger.reservePurchases(ISSUER, purchases, AT)
  const closures = [1, 2].map((number) => ({
    purchaseId: key(number),
    closureId: key(10 + number),
    debited: number === 1,
  }))
  await ledger.closePurchases(ISSUER, closures, AT)
  return ledger.snapshot(ISSUER)
}

async function findingsOf(snapshot: LedgerSnapshot): Promise<string[]> {
  const found: string[] = []
  await checkBooks(booksOfSnapshot(ISSUER, snapshot), {
    onFinding: ({ checker, where }) => found.push(`${checker}: ${where}`),
  })
  return found
}

test('what was drawn and given back adds up', async () => {
  const snapshot = await drawnCity()
  assert.deepEqual(snapshot.potUses, [{ potId: pot, usedWon: 200 }])
  assert.deepEqual(await findingsOf(snapshot), [])
})

test('a counter that is off by one won is found', async () => {
  const snapshot = await drawnCity()
  snapshot.potUses[0]!.usedWon = won(199)
  assert.deepEqual(await findingsOf(snapshot), ['pot_use: pot 1'])
})

test('a draw that is gone is found, and one that was not given back too', async () => {
  const snapshot = await drawnCity()
  const draws = snapshot.potDraws
  const without = (index: number) => ({
    ...snapshot,
    potDraws: draws.filter((_, at) => at !== index),
  })
  assert.deepEqual(await findingsOf(without(0)), ['pot_use: pot 1'])
  const back = draws.findIndex(({ amountWon }) => amountWon < 0)
  assert.deepEqual(await findingsOf(without(back)), [
    `draw: purchase_abandonment ${key(12)}`,
    'pot_use: pot 1',
  ])
})
