/**
 * Hypothesis: no promise hangs on a clock that goes right: the database knows up to where the journal is sealed and
 * books after it, whatever time a core believes; ids and keys do not come from the time alone.
 * Fault: a core whose clock is set back by minutes, before, after and while the journal is being sealed; beside it one
 * whose clock goes right.
 * Promise: nothing is ever booked into a sealed segment, the audit stays clean, ids do not repeat.
 * The clock is an argument of the ledger and of ids, so it is set back there; the processes' own clocks are one.
 */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import postgres from 'postgres'
import {
  createIdSource,
  HOUR_MS,
  id,
  MINUTE_MS,
  operationId,
  won,
  type Instant,
} from '../../src/base/base.ts'
import type { Outcome, PaymentRequest } from '../../src/ledger/ledger.ts'
import { createPostgresLedger } from '../../src/postgres/postgres-ledger.ts'
import { runAudit, type AuditReport } from '../../src/postgres/audit.ts'
import { BOOKING_SLACK_MS } from '../../src/audit/lot-check.ts'
import { openSealedCity, type SealedCity } from '../sealed-city.ts'

/** Of the small city. */
const WALLETS = [11, 12, 13].map((number) => id('wlt', number))
const PROGRAM = id('prg', 21)
const SETS = 60
/** So many segments are sealed while payments go on, however slow the sealer is beside them. */
const SEGMENTS_MIN = 10
const SETS_MAX = 3_000
const SET_SIZE = 5
const BEHIND_MS = 7 * MINUTE_MS

test('payments of a clock behind the sealed boundary are booked after it', async () => {
  const city = await openSealedCity()
  try {
    const ledger = await richWallets(city)
    await city.sealAll(20)
    const sealedUntil = await boundary(city)
    const at = sealedUntil - BEHIND_MS
    const request = payment(0)
    const [outcome] = await ledger.pay(city.issuerId, [request], at)
    assert.ok(bookedAt(outcome) > sealedUntil, 'booked after what is sealed')

    const [again] = await ledger.pay(city.issuerId, [request], at - HOUR_MS)
    assert.equal(bookedAt(again), bookedAt(outcome), 'a repeat keeps the time that was booked')
    const later = city.now + MINUTE_MS
    assert.equal((await city.sealer().sealOnce(city.issuerId, later)).status, 'sealed')
    const { unsealed_operations: unsealed } = await assertClean(city, later)
    assert.equal(unsealed, 0, 'it is sealed in its turn')
  } finally {
    await city.close()
  }
})

test('two cores, one behind, pay while the journal is sealed; no segment gets a row too many', async (t) => {
  const city = await openSealedCity()
  try {
    const ledger = await richWallets(city)
    // The lots are older than the later clock is behind.
    let now = city.now + BEHIND_MS
    const paying = new AbortController()
    let segments = 0
    const seal = async (): Promise<void> => {
      const sealer = city.sealer({ rowsMax: 7 })
      while (!paying.signal.aborted) {
        if ((await sealer.sealOnce(city.issuerId, now)).status === 'sealed') segments += 1
      }
    }
    const goesOn = (set: number): boolean =>
      set < SETS || (segments <= SEGMENTS_MIN && set < SETS_MAX)
    const payAs = async (behindMs: number): Promise<Outcome[]> => {
      const outcomes: Outcome[] = []
      for (let set = 0; goesOn(set); set += 1) {
        now += 1_000
        const requests = Array.from({ length: SET_SIZE }, (_, index) => payment(set + index))
        outcomes.push(...(await ledger.pay(city.issuerId, requests, now - behindMs)))
      }
      return outcomes
    }
    const sealing = seal()
    const outcomes = (await Promise.all([payAs(0), payAs(BEHIND_MS), payAs(0)])).flat()
    paying.abort()
    await sealing
    assert.ok(outcomes.every(({ status }) => status === 'posted'))
    assert.ok(segments > SEGMENTS_MIN, 'the journal was sealed in between')
    t.diagnostic(`${outcomes.length} payments, ${segments} segments meanwhile`)
    // What the right clock booked is sealed as soon as that clock has come to it.
    while ((await city.sealer().sealOnce(city.issuerId, now)).status === 'sealed') segments += 1
    const report = await assertClean(city, now)
    assert.equal(report.unsealed_operations, 0)
    assert.equal(report.seals, segments)
  } finally {
    await city.close()
  }
})

test('a clock hours behind books before the lot it takes from at worst, never before a seal', async () => {
  const city = await openSealedCity()
  try {
    await city.sealAll(20)
    const sealedUntil = await boundary(city)
    // A purchase that is not sealed yet; the product seals every few seconds.
    const ledger = await richWallets(city)
    const [outcome] = await ledger.pay(city.issuerId, [payment(0)], city.now - 9 * HOUR_MS)
    const isBefore = bookedAt(outcome) < city.now
    assert.ok(isBefore && bookedAt(outcome) > sealedUntil)
    assert.ok(city.now - sealedUntil <= BOOKING_SLACK_MS, 'what the audit allows for')
    await assertClean(city)
  } finally {
    await city.close()
  }
})

test('a clock that jumps back and forth makes no id twice, nor one of another node', () => {
  let now = Date.UTC(2026, 10, 22)
  const clock = (): Instant => now
  const sources = [createIdSource({ node: 1, clock }), createIdSource({ node: 2, clock })]
  const made = new Set<number>()
  for (let round = 0; round < 40; round += 1) {
    // Forward by a second, back by an hour, standing still; a burst borrows from the future besides.
    now += [1_000, -HOUR_MS, 0, HOUR_MS + 3][round % 4]!
    for (const source of sources) {
      for (let count = 0; count < 500; count += 1) made.add(source.next('lot'))
    }
  }
  assert.equal(made.size, 40 * sources.length * 500)
})

/** Gives every wallet much of one kind, as the city's own clock has it. */
async function richWallets(city: SealedCity) {
  const { pool, issuerId, now } = city
  const ledger = createPostgresLedger({ paying: pool, buying: pool, reading: pool })
  const nothing = won(0)
  await ledger.issue(
    issuerId,
    WALLETS.map((walletId, index) => ({
      ...keyed(['issue', walletId]),
      walletId,
      lotId: id('lot', 1_000 + index),
      programId: PROGRAM,
      kind: 'gift' as const,
      expiresAt: now + 24 * HOUR_MS,
      sources: {
        payWon: won(10_000_000),
        nationalWon: nothing,
        provinceWon: nothing,
        cityWon: nothing,
      },
    })),
    now,
  )
  return ledger
}

function payment(number: number): PaymentRequest {
  const walletId = WALLETS[number % WALLETS.length]!
  return {
    ...keyed(['pay', walletId, number]),
    channel: 'mpm_static',
    walletId,
    merchantId: id('mrc', 31),
    outletId: id('out', 41),
    amountWon: won(100 + number),
    tenders: [{ programId: PROGRAM, kind: 'gift' }],
  }
}

function keyed(content: readonly unknown[]) {
  const requestHash = createHash('sha256').update(JSON.stringify(content)).digest()
  return { operationId: operationId(randomUUID()), requestHash: new Uint8Array(requestHash) }
}

function bookedAt(outcome: Outcome | undefined): Instant {
  assert.equal(outcome?.status, 'posted', JSON.stringify(outcome))
  return outcome.bookedAt
}

async function boundary({ database, issuerId }: SealedCity): Promise<Instant> {
  const sql = postgres(database.ownerUrl, { max: 1 })
  const [row] = await sql<{ sealed_until: Date }[]>`
    select sealed_until from ledger.issuer_head where issuer_id = ${issuerId}`
  await sql.end()
  return row!.sealed_until.getTime()
}

async function assertClean(city: SealedCity, now = city.now): Promise<AuditReport> {
  const report = await audit(city, now)
  assert.deepEqual(report.findings, [])
  return report
}

async function audit(city: SealedCity, now = city.now): Promise<AuditReport> {
  const { database, publicKeys, anchors } = city
  const sql = postgres(database.auditUrl, { max: 1 })
  try {
    return await runAudit({ sql, publicKeys, anchors, now })
  } finally {
    await sql.end()
  }
}
