/**
 * Hypothesis: only the bank's word ends a purchase, and the bank is asked under the purchase's own key; so whatever the
 * bank does with our questions, money and voucher end on the same side.
 * Faults: the bank answers too late (booked before or after), fails, says it is closed, loses its answer, never answers
 * (booked or not), answers twice, decides later; the core is killed while the bank is silent; enquiries fail too.
 * Promise: after healing every purchase comes to its end. The bank's debits are the completed purchases, won for won;
 * what was abandoned is given back to quota and caps; a repeated key is answered the same; paying never waits.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BehaviourRequest } from '../../simulated/bank-behaviour.ts'
import { waitUntil } from '../../src/main/bounded-wait.ts'
import { type ApiAnswer, done, newKey } from '../api-client.ts'
import { misbehaviourMet, readBank, tellBank } from './fixtures/bank-books.ts'
import {
  assertAuditClean,
  assertNothingUnclassified,
  openBooks,
  type Books,
} from './fixtures/books.ts'
import { heard } from './fixtures/burst.ts'
import { killNow } from './fixtures/kill-rounds.ts'
import { buy, openTown, pathOf, PROGRAM_ID, type Payer, type Town } from './fixtures/town.ts'

/** Each misbehaviour meets so many buyers. */
const BUYERS = 3
/** What all buy: the whole month's cap, so that what is not given back would show. */
const FACE_WON = 700_000
const PAY_WON = 630_000
/** The core's patience with the bank is 5 s; a phone hears of it soon after. */
const ANSWER_MS_MAX = 8_000
/** A payment waits for PostgreSQL only, on a machine that does other work too. */
const PAYMENT_MS_MAX = 2_000
/** Reservations older than 15 s are asked about every 5 s; enquiries that fail cost some turns. */
const RESOLVED_TIMEOUT_MS = 60_000
/** Books so late that the bank has been asked before: then it may not book any more. */
const TOO_LATE_MS = 30_000

interface Phase {
  readonly name: string
  readonly behaviour: BehaviourRequest
  /** How the purchases end; `as_booked`: as the bank's books say. */
  readonly end: 'completed' | 'abandoned' | 'as_booked'
  /** What buyers may be told at first: 201 completed, 202 ask later, 422 declined. */
  readonly firstStatuses: readonly number[]
}

const phases: readonly Phase[] = [
  phase('slow, booked at once', { mode: 'slow', delayMs: 9_000 }, 'completed', 202),
  phase(
    'slow, booked too late',
    { mode: 'slow', delayMs: TOO_LATE_MS, booked: false },
    'as_booked',
    202,
  ),
  phase('failing', { mode: 'fail' }, 'abandoned', 202),
  phase('closed', { mode: 'unavailable' }, 'abandoned', 422),
  phase('losing answers', { mode: 'lose_answer' }, 'completed', 202),
  phase('silent, booked', { mode: 'never_answer' }, 'completed', 202),
  phase('silent, not booked', { mode: 'never_answer', booked: false }, 'abandoned', 202),
  // A second answer may come where that to the next question is awaited: then it counts for nothing.
  phase('answering twice', { mode: 'answer_twice', delayMs: 20 }, 'completed', 201, 202),
  phase('deciding later', { mode: 'pending', delayMs: 2_000 }, 'completed', 202),
]

function phase(
  name: string,
  behaviour: BehaviourRequest,
  end: Phase['end'],
  ...firstStatuses: readonly number[]
): Phase {
  return { name, behaviour, end, firstStatuses }
}

interface Wish {
  readonly phase: Phase
  readonly payer: Payer
  readonly key: string
}

let town: Town
let books: Books
before(async () => {
  town = await openTown({ payers: (phases.length + 1) * BUYERS + 1, lotsWon: [] })
  books = openBooks(town.product.auditUrl)
})
after(async () => {
  await books?.close()
  await town?.close()
})

test('whatever the bank does, money and vouchers end on the same side', async (t) => {
  const { product, payers } = town
  const { bankUrl } = product
  const rest = [...payers]
  const payingMember = rest.pop()!
  await done(buy(payingMember, newKey(), FACE_WON))
  const firstWishes = await killWhileSilent(rest.splice(0, BUYERS))
  const wishes: Wish[] = []
  const answers: Promise<void>[] = []
  for (const phase of phases) {
    await tellBank(bankUrl, { ...phase.behaviour, count: BUYERS })
    const wanted = rest.splice(0, BUYERS).map((payer) => ({ phase, payer, key: newKey() }))
    wishes.push(...wanted)
    for (const wish of wanted) {
      const answer = hearFirstAnswer(wish)
      answer.catch(() => undefined) // Told when all are awaited.
      answers.push(answer)
    }
    await misbehaviourMet(bankUrl)
    await payQuickly(payingMember)
  }
  await Promise.all(answers)
  await payQuickly(payingMember)
  await troubleEnquiries(bankUrl)
  wishes.push(...firstWishes)

  const startedAt = performance.now()
  assert.ok(await waitUntil(nothingReserved, { timeoutMs: RESOLVED_TIMEOUT_MS, pollMs: 250 }))
  t.diagnostic(`resolved after ${Math.round(performance.now() - startedAt)} ms of enquiries`)
  // The late debits arrive at the bank after all: they must be refused there.
  assert.ok(await waitUntil(lateDebitsArrived, { timeoutMs: TOO_LATE_MS + 10_000, pollMs: 250 }))
  await assertEnds(wishes)
  await assertQuotaGivenBack()
  assertNothingUnclassified(product)
  await assertAuditClean(product)
})

const lateUntil = { at: 0 }

/** The core dies while the bank holds its questions; the buyers only see a broken connection. */
async function killWhileSilent(payers: readonly Payer[]): Promise<Wish[]> {
  const { product } = town
  const silent = phase('silent while the core dies', { mode: 'never_answer' }, 'completed', 202)
  await tellBank(product.bankUrl, { ...silent.behaviour, count: BUYERS })
  const wishes = payers.map((payer) => ({ phase: silent, payer, key: newKey() }))
  const answers = wishes.map(({ payer, key }) => heard(buy(payer, key, FACE_WON)))
  await misbehaviourMet(product.bankUrl)
  await killNow(await product.corePid())
  assert.deepEqual(await Promise.all(answers), [undefined, undefined, undefined])
  const isBack = async (): Promise<boolean> => {
    const ready = await fetch(`${product.coreUrl}/readyz`).catch(() => undefined)
    return ready?.status === 200
  }
  assert.ok(await waitUntil(isBack, { timeoutMs: 20_000 }), 'the core is back')
  for (const { payer, key } of wishes) {
    const again = await buy(payer, key, FACE_WON)
    assert.equal(again.status, 202, JSON.stringify(again.body))
  }
  return wishes
}

/** A buyer taps twice: one of the two waits for the bank, the other is told to ask later. */
async function hearFirstAnswer({ phase, payer, key }: Wish): Promise<void> {
  if (phase.behaviour.booked === false && phase.behaviour.mode === 'slow') {
    lateUntil.at = performance.now() + TOO_LATE_MS
  }
  const startedAt = performance.now()
  const taps = await Promise.all([buy(payer, key, FACE_WON), buy(payer, key, FACE_WON)])
  const tookMs = performance.now() - startedAt
  assert.ok(tookMs < ANSWER_MS_MAX, `${phase.name}: the answer took ${tookMs} ms`)
  const told = taps.map(({ status }) => status)
  const { firstStatuses } = phase
  const fits = told.every((status) => status === 202 || firstStatuses.includes(status))
  const isHeard = told.some((status) => firstStatuses.includes(status))
  assert.ok(fits && isHeard, `${phase.name}: ${JSON.stringify(taps)}`)
}

async function payQuickly({ client }: Payer): Promise<void> {
  const startedAt = performance.now()
  const body = { code: town.code, amountWon: 1_000 }
  await done(client.send('POST', pathOf('payments'), { key: newKey(), body }))
  const tookMs = performance.now() - startedAt
  assert.ok(tookMs < PAYMENT_MS_MAX, `a payment took ${tookMs} ms`)
}

/** The first enquiries of the resolver fail, then some are lost. */
async function troubleEnquiries(bankUrl: string): Promise<void> {
  for (const mode of ['fail', 'lose_answer'] as const) {
    await tellBank(bankUrl, { mode, on: ['enquiry'], count: 3 })
    await misbehaviourMet(bankUrl, RESOLVED_TIMEOUT_MS)
  }
}

async function nothingReserved(): Promise<boolean> {
  const [row] = await books.read<{ left: number }>(
    `select count(*)::integer as left from ledger.purchase where state = 'reserved'`,
  )
  return row?.left === 0
}

async function lateDebitsArrived(): Promise<boolean> {
  return performance.now() > lateUntil.at + 500
}

async function assertEnds(wishes: readonly Wish[]): Promise<void> {
  const { totals, entries } = await readBank(town.product.bankUrl)
  const debited = entries.filter(({ kind, refusal }) => kind === 'debit' && refusal === null)
  for (const { phase, payer, key } of wishes) {
    const { client, walletId } = payer
    const debits = debited.filter(({ debitId }) => debitId === key)
    assert.ok(debits.length <= 1, `${phase.name}: debited once`)
    const isCompleted = debits.length === 1
    if (phase.end !== 'as_booked') assert.equal(isCompleted, phase.end === 'completed', phase.name)
    const enquired = await client.send('GET', pathOf(`purchases/${key}`))
    const repeated = await buy(payer, key, FACE_WON)
    assertAnswer(phase, enquired, isCompleted ? 200 : 422)
    assertAnswer(phase, repeated, isCompleted ? 201 : 422)
    if (isCompleted) {
      assert.equal(debits[0]?.amountWon, PAY_WON)
      assert.deepEqual(repeated.body, enquired.body)
    } else assert.equal(repeated.body['code'], enquired.body['code'])
    const wallet = await done(client.send('GET', pathOf(`wallets/${walletId}`)))
    assert.equal(wallet['totalWon'], isCompleted ? FACE_WON : 0, phase.name)
    // What an abandoned purchase took of the month's cap was given back.
    const next = await buy(payer, newKey(), FACE_WON)
    assertAnswer(phase, next, isCompleted ? 422 : 201)
  }
  const later = await readBank(town.product.bankUrl)
  const abandoned = wishes.filter(({ key }) => !debited.some(({ debitId }) => debitId === key))
  assert.ok(abandoned.length > 0)
  assert.equal(later.totals.debitedWon - totals.debitedWon, abandoned.length * PAY_WON)
}

function assertAnswer({ name }: Phase, { status, body }: ApiAnswer, expected: number): void {
  assert.equal(status, expected, `${name}: ${JSON.stringify(body)}`)
}

/** Over all issuers and the whole demonstration: bank, purchases, quota and caps say the same. */
async function assertQuotaGivenBack(): Promise<void> {
  const { totals } = await readBank(town.product.bankUrl)
  const [row] = await books.read<Record<'paid' | 'faces' | 'quota' | 'caps', string>>(`
    select (select sum(pay_won) from ledger.purchase where state = 'completed')::text as paid,
      (select sum(face_won) from ledger.purchase where state = 'completed')::text as faces,
      (select sum(sold_won) from ledger.program_sale)::text as quota,
      (select sum(bought_won) from ledger.member_sale)::text as caps`)
  assert.equal(Number(row?.paid), totals.debitedWon - totals.refundedWon, 'the bank was debited')
  assert.equal(row?.quota, row?.faces, `the quota of ${PROGRAM_ID} and all others`)
  assert.equal(row?.caps, row?.faces, 'the members’ caps')
}
