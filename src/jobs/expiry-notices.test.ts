/** Notices of expiry: on which day, of how much, once, and whatever becomes of the worker. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import {
  createIdSource,
  DAY_MS,
  Fault,
  HOUR_MS,
  id,
  operationId,
  parseBusinessDate,
  startOfBusinessDate,
  won,
  type Instant,
} from '../base/base.ts'
import { sampleTerms } from '../issuing/terms-sample.ts'
import { createMemoryLedger } from '../ledger/ledger.ts'
import { memoryExpiringLots } from '../ledger/expiring-lots.ts'
import { createMemoryRegistry } from '../registration/memory-registry.ts'
import { createCasebook, type Casebook } from '../registration/registration.ts'
import { createDueRound } from './due-jobs.ts'
import { CATCH_UP_DAYS, expiryNoticesJob } from './expiry-notices.ts'
import { createMemoryJobBook } from './memory-job-book.ts'

const ISSUER = id('iss', 1)
const PROGRAM = id('prg', 1)
const MARKET = id('prg', 2)
const SILENT = id('prg', 3)
const dayOf = (text: string): Instant => startOfBusinessDate(parseBusinessDate(text)!)
/** Nine in the morning, when it is told. */
const nineOn = (text: string): Instant => dayOf(text) + 9 * HOUR_MS
/** Lots end when the Korean day after their last begins. */
const endOf = (text: string): Instant => dayOf(text) + DAY_MS
const OPENED_AT = dayOf('2026-01-01')

/** Two members with wallets, and a clockwork that is wound by hand. */
async function town() {
  const memory = createMemoryLedger()
  const registry = createMemoryRegistry()
  const world = { now: OPENED_AT }
  const clock = () => world.now
  await registry.openIssuer(ISSUER)
  const casebook = createCasebook({ registry, ids: createIdSource({ node: 1, clock }), clock })
  const openings = [1, 2].map((n) => ({ walletId: id('wlt', n), memberId: id('mbr', 10 + n) }))
  await memory.openWallets(ISSUER, openings, OPENED_AT)
  let lots = 0
  const lot = async (wallet: number, amountWon: number, lastDay: string, programId = PROGRAM) => {
    lots += 1
    const key = operationId(`00000000-0000-7000-8000-${String(lots).padStart(12, '0')}`)
    const sources = {
      payWon: won(amountWon),
      nationalWon: won(0),
      provinceWon: won(0),
      cityWon: won(0),
    }
    const issue = {
      operationId: key,
      requestHash: createHash('sha256').update(key).digest(),
      walletId: id('wlt', wallet),
      lotId: id('lot', lots),
      programId,
      kind: 'purchase' as const,
      expiresAt: endOf(lastDay),
      sources,
    }
    const [outcome] = await memory.issue(ISSUER, [issue], world.now)
    assert.equal(outcome?.status, 'posted')
  }
  const programs = [PROGRAM, MARKET, SILENT].map((programId) => {
    const expiryNoticeDays = programId === SILENT ? [] : sampleTerms.expiryNoticeDays
    const terms = [{ ...sampleTerms, programId, expiryNoticeDays }]
    return {
      programId,
      issuerId: ISSUER,
      name: `사업 ${programId}`,
      nameEn: `P${programId}`,
      terms,
    }
  })
  const book = createMemoryJobBook()
  const round = (notify: Casebook['notify'] = casebook.notify) =>
    createDueRound({
      definitions: [
        expiryNoticesJob({
          lots: memoryExpiringLots(memory),
          issuing: { programs: () => programs },
          casebook: { notify },
          setSize: 2,
        }),
      ],
      book,
      issuers: () => [{ issuerId: ISSUER }],
      clock,
      sleep: async () => {},
      describe: String,
      listener: { onStarted() {}, onEnded() {}, onFailed() {} },
    })
  /** What a member was told since the last look, oldest first. */
  const seen = new Map<number, number>()
  const toldTo = async (member: number) => {
    const all = (await casebook.noticesOf(ISSUER, id('mbr', 10 + member))).toReversed()
    const before = seen.get(member) ?? 0
    seen.set(member, all.length)
    return all
      .slice(before)
      .map(({ facts }) => `${facts['lastDay']} ${facts['noticeDays']} ${facts['leftWon']}`)
  }
  return { memory, world, casebook, lot, book, round, toldTo }
}

test('a member is told thirty and seven days before the last day, each once', async () => {
  const { world, lot, round, toldTo } = await town()
  await lot(1, 500, '2026-12-31')
  const tell = round()
  world.now = nineOn('2026-11-30')
  await tell()
  assert.deepEqual(await toldTo(1), [], 'thirty-one days are left')
  world.now = nineOn('2026-12-01')
  await tell()
  assert.deepEqual(await toldTo(1), ['2026-12-31 30 500'])
  for (let day = 2; day <= 23; day += 1) {
    world.now = nineOn(`2026-12-${String(day).padStart(2, '0')}`)
    await tell()
  }
  assert.deepEqual(await toldTo(1), [])
  for (let day = 24; day <= 31; day += 1) {
    world.now = nineOn(`2026-12-${day}`)
    await tell()
  }
  world.now = nineOn('2027-01-01')
  await tell()
  assert.deepEqual(await toldTo(1), ['2026-12-31 7 500'])
})

test('lots of one program and day come to one notice; other programs and days to their own', async () => {
  const { world, lot, round, toldTo } = await town()
  await lot(1, 500, '2026-12-31')
  await lot(1, 300, '2026-12-31')
  await lot(1, 70, '2026-12-30')
  await lot(1, 9, '2026-12-31', MARKET)
  await lot(1, 9, '2026-12-31', SILENT)
  await lot(2, 11, '2026-12-31')
  const tell = round()
  world.now = nineOn('2026-12-01')
  await tell()
  assert.deepEqual(await toldTo(1), ['2026-12-30 30 70', '2026-12-31 30 800', '2026-12-31 30 9'])
  assert.deepEqual(await toldTo(2), ['2026-12-31 30 11'])
})

test('of what was spent nothing is told, and of the rest what is left', async () => {
  const { memory, world, lot, round, toldTo } = await town()
  await lot(1, 500, '2026-12-31')
  await lot(1, 300, '2026-12-31')
  await lot(2, 500, '2026-12-31')
  for (const [wallet, amountWon] of [
    [1, 600],
    [2, 500],
  ] as const) {
    const payment = {
      operationId: operationId(`00000000-0000-7000-9000-00000000000${wallet}`),
      requestHash: new Uint8Array(32),
      channel: 'mpm_static' as const,
      walletId: id('wlt', wallet),
      merchantId: id('mrc', 1),
      outletId: id('out', 1),
      amountWon: won(amountWon),
      tenders: [{ programId: PROGRAM, kind: 'purchase' as const }],
    }
    await memory.pay(ISSUER, [payment], world.now + 1)
  }
  world.now = nineOn('2026-12-01')
  await round()()
  assert.deepEqual(await toldTo(1), ['2026-12-31 30 200'])
  assert.deepEqual(await toldTo(2), [])
})

test('what is good for fewer days than a notice asks is told at once, if it was not told already', async () => {
  const { world, lot, round, toldTo } = await town()
  const tell = round()
  world.now = nineOn('2026-12-10') - 1
  await lot(1, 500, '2026-12-20')
  await lot(2, 90, '2026-12-12')
  world.now += 1
  await tell()
  assert.deepEqual(await toldTo(1), ['2026-12-20 30 500'], 'ten days are left')
  assert.deepEqual(await toldTo(2), ['2026-12-12 7 90'], 'two days are left: one notice')
  // More of the same, for the same day: it was told.
  await lot(1, 100, '2026-12-20')
  for (const day of [11, 12, 13]) {
    world.now = nineOn(`2026-12-${day}`)
    await tell()
  }
  assert.deepEqual(await toldTo(1), ['2026-12-20 7 600'])
  assert.deepEqual(await toldTo(2), [])
})

test('on its last day a lot is told of until it ends, and what has expired is not told', async () => {
  const { world, lot, round, toldTo } = await town()
  world.now = nineOn('2026-12-20') - HOUR_MS
  await lot(1, 500, '2026-12-20')
  await lot(2, 500, '2026-12-19')
  world.now += HOUR_MS
  await round()()
  assert.deepEqual(await toldTo(1), ['2026-12-20 7 500'])
  assert.deepEqual(await toldTo(2), [])
})

test('days on which nobody could tell are made up for, some of them', async () => {
  const { world, lot, round, toldTo } = await town()
  await lot(1, 500, '2026-12-31')
  const late = (days: number) => nineOn('2026-12-01') + days * DAY_MS
  const told = async (days: number) => {
    world.now = late(days)
    await round()()
    return toldTo(1)
  }
  assert.deepEqual(await told(CATCH_UP_DAYS), [])
  assert.deepEqual(await told(CATCH_UP_DAYS - 1), [], 'a run of the past is not due')
  const other = await town()
  await other.lot(1, 500, '2026-12-31')
  other.world.now = late(CATCH_UP_DAYS - 1)
  await other.round()()
  assert.deepEqual(await other.toldTo(1), ['2026-12-31 30 500'])
})

test('killed at any call and begun anew, it tells each member once', async () => {
  for (let calls = 0; calls < 8; calls += 1) {
    const { world, casebook, lot, round, toldTo } = await town()
    for (const wallet of [1, 2]) {
      for (const day of ['2026-12-29', '2026-12-30', '2026-12-31']) await lot(wallet, 100, day)
    }
    world.now = nineOn('2026-12-01')
    let left = calls
    const dying = round(async (...args) => {
      // Every other death comes after the notice was written.
      left -= 1
      if (left < 0 && calls % 2 === 0) throw new Fault('postgres_unavailable', 'dead')
      await casebook.notify(...args)
      if (left < 0) throw new Fault('postgres_answer_lost', 'dead')
    })
    await dying()
    await round()()
    const all = ['2026-12-29 30 100', '2026-12-30 30 100', '2026-12-31 30 100']
    assert.deepEqual((await toldTo(1)).toSorted(), all, `after ${calls} calls`)
    assert.deepEqual((await toldTo(2)).toSorted(), all)
  }
})
