/** Purchases end to end on the ledger in memory, against a bank that does whatever a bank can do. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import {
  createIdSource,
  Fault,
  id,
  operationId,
  won,
  type FaultCode,
  type OperationId,
} from '../base/base.ts'
import {
  bankRefusals,
  type BankDebit,
  type DebitAnswer,
  type DebitOrder,
  type ProgramTerms,
} from '../issuing/issuing.ts'
import { sampleMember, sampleTerms } from '../issuing/terms-sample.ts'
import { createMemoryLedger } from '../ledger/ledger.ts'
import { createSelling, type PurchaseAnswer, type PurchaseCase } from './selling.ts'

const NOON = Date.parse('2026-11-22T12:00:00+09:00')
const MONTH_LATER = NOON + 31 * 86_400_000
const GUNSAN = id('iss', 1)
const WALLET = id('wlt', 1)
const VOUCHER = sampleTerms.programId
const FACE = won(100_000)

/** What the bank does when it is asked: an answer, a fault, or something that a test lets happen first. */
type BankTurn = DebitAnswer | FaultCode | (() => Promise<DebitAnswer>)

const debited: DebitAnswer = { status: 'debited' }
const refused: DebitAnswer = { status: 'refused', reason: 'insufficient_balance' }
const pending: DebitAnswer = { status: 'pending' }
const neverSeen: DebitAnswer = { status: 'unknown_debit' }

async function openShop(terms: Partial<ProgramTerms> = {}) {
  const ledger = createMemoryLedger()
  await ledger.openWallets(GUNSAN, [{ walletId: WALLET, memberId: sampleMember.memberId }], NOON)
  const cases: PurchaseCase[] = []
  const orders: DebitOrder[] = []
  const enquiries: OperationId[] = []
  const world = {
    now: NOON,
    terms: { ...sampleTerms, ...terms },
    onDebit: debited as BankTurn, // Widened: tests put any turn here.
    onEnquiry: debited as BankTurn,
  }
  const play = async (turn: BankTurn): Promise<DebitAnswer> => {
    if (typeof turn === 'string') throw new Fault(turn, 'as the test wants it')
    return typeof turn === 'function' ? turn() : turn
  }
  const bank: BankDebit = {
    debit: (order) => {
      orders.push(order)
      return play(world.onDebit)
    },
    enquire: (debitId) => {
      enquiries.push(debitId)
      return play(world.onEnquiry)
    },
  }
  const program = () => ({
    programId: VOUCHER,
    issuerId: GUNSAN,
    name: '군산사랑상품권',
    nameEn: 'Gunsan Love Voucher',
    terms: [world.terms],
  })
  /** The ledger's methods that are away from now on. */
  const away = new Set<'purchase' | 'closePurchases'>()
  const unlessAway = <Result>(name: 'purchase' | 'closePurchases', call: () => Promise<Result>) =>
    away.has(name)
      ? Promise.reject(new Fault('postgres_unavailable', 'as the test wants it'))
      : call()
  const selling = createSelling({
    ledger: {
      ...ledger,
      purchase: (...asked) => unlessAway('purchase', () => ledger.purchase(...asked)),
      closePurchases: (...asked) =>
        unlessAway('closePurchases', () => ledger.closePurchases(...asked)),
    },
    bank,
    issuing: {
      issuers: () => [],
      issuer: () => undefined,
      issuerByCode: () => undefined,
      programs: () => [program()],
      program: (_, programId) => (programId === VOUCHER ? program() : undefined),
    },
    funding: { pots: () => [] },
    ids: createIdSource({ node: 1, clock: () => world.now }),
    sha256: (message) => createHash('sha256').update(message).digest(),
    clock: () => world.now,
    openCase: (problem) => cases.push(problem),
  })
  let keys = 0
  return Object.assign(world, {
    selling,
    ledger,
    away,
    cases,
    orders,
    enquiries,
    newKey: () => operationId(`00000000-0000-4000-8000-${String((keys += 1)).padStart(12, '0')}`),
    buy: (operationId: OperationId, faceWon = FACE, programId = VOUCHER): Promise<PurchaseAnswer> =>
      selling.buy({
        issuerId: GUNSAN,
        operationId,
        member: sampleMember,
        walletId: WALLET,
        programId,
        faceWon,
        accountToken: 'account-1',
      }),
    resolve: () => {
      world.now += 10_000
      return selling.resolve(GUNSAN, { olderThanMs: 5_000, limit: 100 })
    },
    boughtWon: async () =>
      (await ledger.lots(GUNSAN, WALLET)).reduce((sum, lot) => sum + lot.remainingWon, 0),
    /** What the month's cap and quota have taken. */
    countedWon: () =>
      ledger.snapshot(GUNSAN).memberSales.reduce((sum, row) => sum + row.boughtWon, 0),
  })
}

/** `completed`, `pending`, a reason, `key_reused`. */
function told(answer: PurchaseAnswer | undefined): string {
  if (answer === undefined) return 'nothing'
  return answer.status === 'declined' ? answer.reason : answer.status
}

test('a quote tells what will be debited and asks neither the bank nor the ledger', async () => {
  const shop = await openShop()
  const wish = { issuerId: GUNSAN, member: sampleMember, programId: VOUCHER, faceWon: FACE }
  const quoted = shop.selling.quote(wish)
  assert.ok(quoted.outcome === 'offered')
  assert.equal(quoted.quote.payWon, 90_000)
  assert.deepEqual(shop.selling.quote({ ...wish, faceWon: won(10_001) }), {
    outcome: 'declined',
    reason: 'amount_not_offered',
  })
  assert.deepEqual(shop.selling.quote({ ...wish, programId: id('prg', 9) }), {
    outcome: 'declined',
    reason: 'program_unknown',
  })
  assert.deepEqual([shop.orders, shop.ledger.snapshot(GUNSAN).operations], [[], []])
})

test('₩100,000 costs ₩90,000: the bank debits it under the key of the purchase, and the lot is there', async () => {
  const shop = await openShop()
  const key = shop.newKey()
  const answer = await shop.buy(key)
  assert.ok(answer.status === 'completed')
  assert.deepEqual([answer.payWon, answer.leg.amountWon], [90_000, 100_000])
  assert.deepEqual(shop.orders, [
    { debitId: key, issuerId: GUNSAN, accountToken: 'account-1', amountWon: 90_000 },
  ])
  assert.equal(await shop.boughtWon(), 100_000)
})

/** Every way an order of debit can end, what the buyer is told, and what stays counted against cap and quota. */
const debitTurns: readonly (readonly [string, BankTurn, string, number])[] = [
  ['debited', debited, 'completed', 100_000],
  ...bankRefusals.map(
    (reason) => [`refused: ${reason}`, { status: 'refused', reason }, 'bank_refused', 0] as const,
  ),
  ['pending', pending, 'pending', 100_000],
  ['unknown_debit', neverSeen, 'bank_refused', 0],
  ['bank_unavailable', 'bank_unavailable', 'bank_refused', 0],
  ['bank_answer_lost', 'bank_answer_lost', 'pending', 100_000],
]

for (const [name, turn, answer, countedWon] of debitTurns) {
  test(`the bank's word on a debit, ${name}: ${answer}, and an enquiry says the same`, async () => {
    const shop = await openShop()
    const key = shop.newKey()
    shop.onDebit = turn
    assert.equal(told(await shop.buy(key)), answer)
    assert.equal(told(await shop.selling.enquire(GUNSAN, key)), answer)
    assert.equal(await shop.boughtWon(), answer === 'completed' ? 100_000 : 0)
    assert.equal(shop.countedWon(), countedWon)
    assert.deepEqual(shop.cases, [])
  })
}

/** Every way an enquiry about a waiting purchase can end. */
const enquiryTurns: readonly (readonly [string, BankTurn, string, number])[] = [
  ['debited', debited, 'completed', 100_000],
  ['refused', refused, 'bank_refused', 0],
  ['pending', pending, 'pending', 100_000],
  ['unknown_debit', neverSeen, 'bank_refused', 0],
  ['bank_unavailable', 'bank_unavailable', 'pending', 100_000],
  ['bank_answer_lost', 'bank_answer_lost', 'pending', 100_000],
]

for (const [name, turn, answer, countedWon] of enquiryTurns) {
  test(`the bank's word on an enquiry, ${name}: ${answer}`, async () => {
    const shop = await openShop()
    const key = shop.newKey()
    shop.onDebit = 'bank_answer_lost'
    await shop.buy(key)
    shop.onEnquiry = turn
    const isOver = answer !== 'pending'
    assert.deepEqual(await shop.resolve(), { ended: isOver ? 1 : 0, waiting: isOver ? 0 : 1 })
    assert.equal(told(await shop.selling.enquire(GUNSAN, key)), answer)
    assert.equal(shop.countedWon(), countedWon)
    assert.deepEqual([shop.enquiries, shop.cases], [[key], []])
  })
}

test('the debit is ordered once, however often the purchase is repeated; the resolver ends it', async () => {
  const shop = await openShop()
  const key = shop.newKey()
  shop.onDebit = 'bank_answer_lost'
  assert.equal(told(await shop.buy(key)), 'pending')
  assert.equal(told(await shop.buy(key)), 'pending')
  shop.now = MONTH_LATER
  assert.equal(told(await shop.buy(key)), 'pending')
  assert.equal(shop.orders.length, 1)
  await shop.resolve()
  assert.equal(told(await shop.buy(key)), 'completed')
  assert.equal(shop.orders.length, 1)
  assert.equal(await shop.boughtWon(), 100_000)
})

test('a repeat that overtakes the bank waits and orders nothing', async () => {
  const shop = await openShop()
  const key = shop.newKey()
  const bankSpeaks = Promise.withResolvers<DebitAnswer>()
  // A second order would be answered at once, so that the test ends if there is one.
  shop.onDebit = () => (shop.orders.length === 1 ? bankSpeaks.promise : Promise.resolve(refused))
  const first = shop.buy(key)
  assert.equal(told(await shop.buy(key)), 'pending')
  bankSpeaks.resolve(debited)
  assert.equal(told(await first), 'completed')
  assert.equal(shop.orders.length, 1)
})

for (const method of ['purchase', 'closePurchases'] as const) {
  test(`a ledger that goes away after the reservation (${method}) leaves the purchase pending`, async () => {
    const shop = await openShop()
    const key = shop.newKey()
    shop.away.add(method)
    assert.equal(told(await shop.buy(key)), 'pending')
    shop.away.clear()
    shop.onEnquiry = shop.orders.length === 0 ? neverSeen : debited
    assert.deepEqual(await shop.resolve(), { ended: 1, waiting: 0 })
    const wasOrdered = shop.orders.length === 1
    assert.equal(told(await shop.buy(key)), wasOrdered ? 'completed' : 'bank_refused')
    assert.equal(shop.countedWon(), wasOrdered ? 100_000 : 0)
  })
}

test('a repeat whose terms have ended, and a ledger that is away: it may have happened', async () => {
  const shop = await openShop()
  const key = shop.newKey()
  assert.equal(told(await shop.buy(key)), 'completed')
  shop.terms = { ...shop.terms, saleSuspended: true }
  shop.away.add('purchase')
  // No price is offered any more that a pending answer could name.
  await assert.rejects(shop.buy(key), { name: 'Fault', certainty: 'may_have_happened' })
  shop.away.clear()
  assert.equal(told(await shop.buy(key)), 'completed')
  assert.equal(shop.orders.length, 1)
})

test('one purchase that the ledger cannot end does not keep the others waiting for the next turn', async () => {
  const shop = await openShop()
  shop.onDebit = pending
  await shop.buy(shop.newKey())
  await shop.buy(shop.newKey())
  let asked = 0
  shop.onEnquiry = async () => {
    asked += 1
    if (asked === 1) shop.away.add('closePurchases')
    else shop.away.clear()
    return debited
  }
  assert.deepEqual(await shop.resolve(), { ended: 1, waiting: 1 })
  assert.deepEqual(await shop.resolve(), { ended: 1, waiting: 0 })
})

test('a purchase whose core died before the debit is given up once the bank says it never saw it', async () => {
  const shop = await openShop()
  const key = shop.newKey()
  shop.onDebit = () => Promise.reject(new Error('the process ends here'))
  await assert.rejects(shop.buy(key), /the process ends here/)
  assert.equal(told(await shop.selling.enquire(GUNSAN, key)), 'pending')
  shop.onEnquiry = neverSeen
  await shop.resolve()
  assert.equal(told(await shop.buy(key)), 'bank_refused')
  assert.equal(shop.countedWon(), 0)
})

test('a bank that debits what it said it had never seen opens a case and issues nothing', async () => {
  const shop = await openShop()
  const key = shop.newKey()
  shop.onEnquiry = neverSeen
  shop.onDebit = async () => {
    await shop.resolve()
    return debited
  }
  assert.equal(told(await shop.buy(key)), 'bank_refused')
  assert.deepEqual(shop.cases, [
    { issuerId: GUNSAN, purchaseId: key, state: 'abandoned', event: 'bank_debited' },
  ])
  assert.equal(await shop.boughtWon(), 0)
})

test('a bank that refuses what it said it had debited opens a case, and the lot stays', async () => {
  const shop = await openShop()
  const key = shop.newKey()
  shop.onDebit = async () => {
    await shop.resolve()
    return refused
  }
  assert.equal(told(await shop.buy(key)), 'completed')
  assert.deepEqual(shop.cases, [
    { issuerId: GUNSAN, purchaseId: key, state: 'completed', event: 'bank_refused' },
  ])
  assert.equal(await shop.boughtWon(), 100_000)
})

test('the resolver leaves young purchases alone and takes no more than it was told', async () => {
  const shop = await openShop()
  shop.onDebit = pending
  for (let count = 0; count < 3; count += 1) await shop.buy(shop.newKey())
  const young = await shop.selling.resolve(GUNSAN, { olderThanMs: 5_000, limit: 100 })
  assert.deepEqual(young, { ended: 0, waiting: 0 })
  shop.now += 5_001
  const some = await shop.selling.resolve(GUNSAN, { olderThanMs: 5_000, limit: 2 })
  assert.deepEqual([some, shop.enquiries.length], [{ ended: 2, waiting: 0 }, 2])
})

test('what policy or the ledger declines is never ordered, and stays declined', async () => {
  const shop = await openShop({
    monthlyQuotaWon: won(150_000),
    monthlyPurchaseCapWon: won(200_000),
  })
  const tooMuch = shop.newKey()
  assert.equal(told(await shop.buy(tooMuch, won(210_000))), 'purchase_cap_exceeded')
  const soldOut = shop.newKey()
  assert.equal(told(await shop.buy(soldOut, won(160_000))), 'sold_out')
  const closed = shop.newKey()
  shop.terms = { ...shop.terms, saleSuspended: true }
  assert.equal(told(await shop.buy(closed)), 'sale_not_open')
  assert.equal(told(await shop.buy(shop.newKey(), FACE, id('prg', 9))), 'program_unknown')
  shop.terms = { ...sampleTerms }
  assert.equal(told(await shop.buy(tooMuch, won(210_000))), 'purchase_cap_exceeded')
  assert.equal(told(await shop.buy(soldOut, won(160_000))), 'sold_out')
  assert.equal(told(await shop.buy(closed)), 'sale_not_open')
  assert.deepEqual([shop.orders, shop.countedWon()], [[], 0])
})

test('what a refusing bank gave back can be bought by the next', async () => {
  const shop = await openShop({ monthlyQuotaWon: FACE })
  shop.onDebit = refused
  await shop.buy(shop.newKey())
  shop.onDebit = debited
  assert.equal(told(await shop.buy(shop.newKey())), 'completed')
  assert.equal(told(await shop.buy(shop.newKey())), 'sold_out')
})

test('terms that change while the bank is silent change nothing of the purchase', async () => {
  const shop = await openShop()
  const key = shop.newKey()
  shop.onDebit = 'bank_answer_lost'
  await shop.buy(key)
  shop.terms = { ...shop.terms, saleSuspended: true, monthlyQuotaWon: won(0) }
  assert.equal(told(await shop.buy(key)), 'pending')
  await shop.resolve()
  const answer = await shop.buy(key)
  assert.ok(answer.status === 'completed')
  assert.equal(answer.payWon, 90_000)
})

test('a key that asks for another face is the mistake of the client', async () => {
  const shop = await openShop()
  const key = shop.newKey()
  await shop.buy(key)
  assert.equal(told(await shop.buy(key, won(50_000))), 'key_reused')
  assert.equal(shop.orders.length, 1)
})

test('where the funders pay it all the bank is not asked', async () => {
  const shop = await openShop({ benefit: { ...sampleTerms.benefit, rateBasisPoints: 10_000 } })
  assert.equal(told(await shop.buy(shop.newKey())), 'completed')
  assert.deepEqual(shop.orders, [])
})

test('a key that nobody used is answered with nothing', async () => {
  const shop = await openShop()
  assert.equal(await shop.selling.enquire(GUNSAN, shop.newKey()), undefined)
})
