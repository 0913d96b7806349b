/**
 * Hypothesis: PostgreSQL on a full volume refuses what it cannot write, or stops rather than lie; and the core can tell
 * "nothing was done" from "not known yet".
 * Fault: the volume of the whole product is filled to the last byte while payments go on: first its tables cannot grow,
 * then there is no room for another segment of its log, at which it stops.
 * Promise: every refusal is a 503 or 504 that says what is known; nothing is half done; balances can be read while the
 * server lives; after room is made all goes on without repair, and repeated keys get their one outcome.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import postgres from 'postgres'
import { waitUntil } from '../../src/main/bounded-wait.ts'
import { openSecretFiles } from '../../src/main/secret-file.ts'
import { newKey, type ApiAnswer } from '../api-client.ts'
import {
  assertAuditClean,
  assertNothingUnclassified,
  balances,
  openBooks,
  type Books,
} from './fixtures/books.ts'
import { heard } from './fixtures/burst.ts'
import { mountSmallVolume, type SmallVolume } from './fixtures/small-volume.ts'
import { openTown, pathOf, type Payer, type Town } from './fixtures/town.ts'

const VOLUME_MIB = 240
const PAYERS = 12
const LOTS_WON = [300_000, 400_000]
const AMOUNT_WON = 100
const AT_ONCE = 24
/** Rows of so many payments fill what room the tables have left. */
const PAYMENTS_MAX = 6_000
const REFUSALS_WANTED = 30
const SEGMENTS_MAX = 60
const BACK_TIMEOUT_MS = 30_000
/** The gateways' stores, and the books of the bank and of the card companies, lie on the same volume. */
const FULL_TOO = ['store.unwritable', 'books.unwritable', 'treasury_bank.failed']

interface Tried {
  readonly key: string
  readonly payer: Payer
  readonly answer: ApiAnswer | undefined
}

const volume = await mountSmallVolume(VOLUME_MIB)
const skip = 'impossible' in volume ? volume.impossible : false
let town: Town
let books: Books
before(async () => {
  if ('impossible' in volume) return
  town = await openTown({ payers: PAYERS, lotsWon: LOTS_WON, dataDirectory: `${volume.path}/data` })
  books = openBooks(town.product.auditUrl)
})
after(async () => {
  if ('impossible' in volume) return
  await volume.free()
  await books?.close()
  await town?.close()
  await volume.close()
})

test(
  'payments on a full volume are refused clearly, and go on when there is room',
  { skip },
  async (t) => {
    const { fill, free } = mounted()
    const earlier = await balances(town)
    t.diagnostic(`filled with ${Math.round(await fill())} MiB`)
    const tried = await payUntilRefused()
    t.diagnostic(JSON.stringify(countAnswers(tried)))
    assert.ok(refusals(tried, 'postgres_disk_full').length > 0, 'the full volume is named')
    assertClear(tried)
    await books.assertWhole()
    // Who cannot pay can still see what they have.
    await balances(town)

    await free()
    await assertAllEnd(tried)
    await assertPaid(tried, earlier)
  },
)

test('a server that stopped for want of log comes back when there is room', { skip }, async (t) => {
  const { fill, free } = mounted()
  const earlier = await balances(town)
  await fill()
  await writeLogUntilItStops()
  const tried = await payMany(AT_ONCE)
  t.diagnostic(JSON.stringify(countAnswers(tried)))
  assert.ok(tried.every(({ answer }) => answer?.status !== 201))
  assertClear(tried)

  const startedAt = performance.now()
  await free()
  const isBack = async () => (await payMany(1))[0]?.answer?.status === 201
  assert.ok(await waitUntil(isBack, { timeoutMs: BACK_TIMEOUT_MS, pollMs: 100 }), 'it is back')
  t.diagnostic(`back ${Math.round(performance.now() - startedAt)} ms after room was made`)
  await assertAllEnd(tried)
  await books.assertWhole()
  const later = await balances(town)
  assert.equal(later.payableWon - earlier.payableWon, earlier.walletsWon - later.walletsWon)
  assertNothingUnclassified(town.product, FULL_TOO)
  await assertAuditClean(town.product)
})

function mounted(): SmallVolume {
  assert.ok(!('impossible' in volume))
  return volume
}

async function payUntilRefused(): Promise<Tried[]> {
  const tried: Tried[] = []
  while (tried.length < PAYMENTS_MAX) {
    tried.push(...(await payMany(AT_ONCE)))
    if (tried.filter(({ answer }) => answer?.status !== 201).length >= REFUSALS_WANTED) break
  }
  return tried
}

async function payMany(count: number): Promise<Tried[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const payer = town.payers[index % town.payers.length]!
      const key = newKey()
      return { key, payer, answer: await heard(pay(payer, key)) }
    }),
  )
}

function pay({ client }: Payer, key: string): Promise<ApiAnswer> {
  const body = { code: town.code, amountWon: AMOUNT_WON }
  return client.send('POST', pathOf('payments'), { key, body })
}

const refusals = (tried: readonly Tried[], code: string): Tried[] =>
  tried.filter(({ answer }) => answer?.body['code'] === code)

function countAnswers(tried: readonly Tried[]): Record<string, number> {
  const word = ({ answer }: Tried) => `${answer?.status} ${String(answer?.body['code'])}`
  return Object.fromEntries(
    [...Map.groupBy(tried, word)].map(([name, group]) => [name, group.length]),
  )
}

/** Each answer is a receipt, a certain no, or an honest "not known yet". */
function assertClear(tried: readonly Tried[]): void {
  const allowed = ['postgres_disk_full', 'postgres_unavailable', 'postgres_answer_lost']
  for (const { answer } of tried) {
    if (answer?.status === 201) continue
    assert.ok(allowed.includes(String(answer?.body['code'])), JSON.stringify(answer))
    const isCertain = answer?.body['code'] !== 'postgres_answer_lost'
    assert.equal(answer?.status, isCertain ? 503 : 504)
  }
}

/** Who repeats the key gets one outcome, soon. */
async function assertAllEnd(tried: readonly Tried[]): Promise<void> {
  for (const { key, payer, answer } of tried) {
    let last: ApiAnswer | undefined
    const isPaid = async () => {
      last = await heard(pay(payer, key))
      return last?.status === 201
    }
    if (answer?.status === 201) continue
    const ended = await waitUntil(isPaid, { timeoutMs: BACK_TIMEOUT_MS, pollMs: 100 })
    assert.ok(ended, JSON.stringify(last))
  }
}

async function assertPaid(
  tried: readonly Tried[],
  earlier: { walletsWon: number; payableWon: number },
): Promise<void> {
  const posted = await books.posted(tried.map(({ key }) => key))
  assert.equal(posted.size, tried.length)
  const later = await balances(town)
  assert.equal(later.payableWon - earlier.payableWon, tried.length * AMOUNT_WON)
  assert.equal(earlier.walletsWon - later.walletsWon, tried.length * AMOUNT_WON)
}

/** Begins segment after segment of the server's log, until there is no room for one and the server stops. */
async function writeLogUntilItStops(): Promise<void> {
  const { auditUrl, dataDirectory } = town.product
  const secrets = await openSecretFiles(dataDirectory)
  const url = new URL(auditUrl)
  url.username = 'postgres'
  url.password = await secrets.text('postgres-superuser-password')
  const sql = postgres(url.href, { max: 1, onnotice: () => undefined })
  try {
    for (let segment = 0; segment < SEGMENTS_MAX; segment += 1) {
      await sql`select pg_logical_emit_message(true, 'fault', 'x')`
      await sql`select pg_switch_wal()`
    }
    assert.fail('the server goes on for ever')
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error
    // It went away in the middle: that is what was wanted.
  } finally {
    await sql.end({ timeout: 1 })
  }
}
