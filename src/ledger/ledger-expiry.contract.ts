/** The part of the ledger's contract that is about expiry: when, how much, once, and beside payments. */
import assert from 'node:assert/strict'
import {
  fundedPurse,
  issueOf,
  keyed,
  ledgerTest,
  newKey,
  newPurse,
  openPurses,
  paymentOf,
  persistently,
  posted,
  sha256,
  START_AT,
  type LedgerUnderTest,
  type OpenLedger,
  type Purse,
} from './ledger-bench.contract.ts'
import { runTable } from './ledger-table.contract.ts'
import { expiryRequest, SET_SIZE_MAX, type DueLot, type ExpiryOutcome } from './ledger.ts'

const EXPIRES_AT = START_AT + 100

export function expiryContract(open: OpenLedger): void {
  for (const [sentence, text] of Object.entries(tables)) {
    ledgerTest(sentence, open, (bench) => runTable(bench, text))
  }
  early(open)
  pages(open)
  keys(open)
  races(open)
}

const tables: Readonly<Record<string, string>> = {
  'a lot expires at its instant and not before, and counts once': `
    open    wlt_1
    issue   k1  wlt_1  lot_1  P  900+40+30+30  until 100  -> posted lot_1 1000
    issue   k2  wlt_1  lot_2  P  500                      -> posted lot_2 500
    at      99
    due     wlt_1                                   ->
    pay     k3  wlt_1  shop  300  P                 -> posted lot_1 300
    at      100
    pay     k4  wlt_1  shop  501  P                 -> insufficient_funds
    due     wlt_1                                   -> lot_1 0
    expire  lot_1                                   -> posted lot_1 700
    lots    wlt_1                                   -> lot_1 0, lot_2 500
    due     wlt_1                                   ->
    expire  lot_1                                   -> again posted lot_1 700
    at      1000
    expire  lot_1                                   -> again posted lot_1 700
    lots    wlt_1                                   -> lot_1 0, lot_2 500
    pay     k5  wlt_1  shop  500  P                 -> posted lot_2 500
    `,
  'a lot that was spent is closed without an operation': `
    open    wlt_1
    issue   k1  wlt_1  lot_1  P  100  until 100     -> posted lot_1 100
    pay     k2  wlt_1  shop  100  P                 -> posted lot_1 100
    at      100
    due     wlt_1                                   -> lot_1 0
    expire  lot_1                                   -> nothing_left
    due     wlt_1                                   ->
    expire  lot_1                                   -> nothing_left
    cancel  k3  k2  shop  40                        -> posted lot_1 40
    due     wlt_1                                   -> lot_1 0
    expire  lot_1                                   -> posted lot_1 40
    `,
  'what is held does not expire: a capture takes it, and what is released expires later': `
    open    wlt_1
    issue   k1  wlt_1  lot_1  P  100  until 100     -> posted lot_1 100
    hold    k2  wlt_1  shop  30  P  card hanbit     -> posted lot_1 30
    hold    k3  wlt_1  shop  20  P  card hanbit     -> posted lot_1 20
    at      100
    due     wlt_1                                   -> lot_1 0
    expire  lot_1                                   -> posted lot_1 50
    lots    wlt_1                                   -> lot_1 0+50
    due     wlt_1                                   ->     // Held as a whole: nothing to do yet.
    capture k4  k2  25                              -> posted lot_1 25
    lots    wlt_1                                   -> lot_1 5+20
    due     wlt_1                                   -> lot_1 1
    expire  lot_1                                   -> posted lot_1 5
    release k5  k3                                  -> posted lot_1 20
    due     wlt_1                                   -> lot_1 2
    expire  lot_1                                   -> posted lot_1 20
    due     wlt_1                                   ->
    clearing hanbit                                 -> 25
    `,
  'a lot that is held as a whole waits, and is closed once all of it was captured': `
    open    wlt_1
    issue   k1  wlt_1  lot_1  P  100  until 100     -> posted lot_1 100
    hold    k2  wlt_1  shop  100  P                 -> posted lot_1 100
    at      100
    due     wlt_1                                   ->
    capture k3  k2  100                             -> posted lot_1 100
    due     wlt_1                                   -> lot_1 0
    expire  lot_1                                   -> nothing_left
    due     wlt_1                                   ->
    `,
  'what a cancellation gives back to an expired lot expires once more': `
    open    wlt_1
    issue   k1  wlt_1  lot_1  P  100  until 100     -> posted lot_1 100
    pay     k2  wlt_1  shop  60  P                  -> posted lot_1 60
    at      100
    expire  lot_1                                   -> posted lot_1 40
    cancel  k3  k2  shop  10                        -> posted lot_1 10
    lots    wlt_1                                   -> lot_1 10
    pay     k4  wlt_1  shop  10  P                  -> insufficient_funds   // It is back, and it has expired.
    cancel  k5  k2  shop  20                        -> posted lot_1 20
    due     wlt_1                                   -> lot_1 1
    expire  lot_1                                   -> posted lot_1 30
    expire  lot_1                                   -> again posted lot_1 30
    cancel  k6  k2  shop                            -> posted lot_1 30
    cancel  k6  k2  shop                            -> again posted lot_1 30
    due     wlt_1                                   -> lot_1 2
    expire  lot_1                                   -> posted lot_1 30
    due     wlt_1                                   ->
    lots    wlt_1                                   -> lot_1 0
    `,
  'an advice of a sale that was decided before the expiry is posted whole, from the loss account': `
    open    wlt_1
    issue   k1  wlt_1  lot_1  P  100  until 100     -> posted lot_1 100
    issue   k2  wlt_1  lot_2  P  30                 -> posted lot_2 30
    at      100
    pay     k3  wlt_1  shop  50  P  card hanbit cover advice  -> posted lot_2 30, loss 20
    expire  lot_1                                   -> posted lot_1 100
    pay     k4  wlt_1  shop  50  P  card hanbit cover advice  -> posted loss 50
    pay     k4  wlt_1  shop  50  P  card hanbit cover advice  -> again posted loss 50
    find    k4                                      -> payment 50 loss 50 hanbit 2031-01-01
    cancel  k5  k4  shop  card hanbit               -> posted loss 50
    due     wlt_1                                   ->
    `,
}

async function due(
  { ledger, issuerId }: LedgerUnderTest,
  purses: readonly Purse[],
): Promise<DueLot[]> {
  const lots = await ledger.dueLots(issuerId, { until: EXPIRES_AT, limit: 1_000 })
  return lots.filter(({ lotId }) => purses.some((purse) => purse.lotId === lotId))
}

/** Opens purses with a lot of 100 each. */
async function expiringPurses(bench: LedgerUnderTest, count: number): Promise<Purse[]> {
  const purses = Array.from({ length: count }, () => newPurse())
  await openPurses(bench, purses)
  const issues = purses.map((purse) => issueOf(purse, 100, EXPIRES_AT))
  await bench.ledger.issue(bench.issuerId, issues, START_AT)
  return purses
}

function early(open: OpenLedger): void {
  ledgerTest(
    'asked too early, nothing is recorded, and the same key counts later',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const [purse] = await expiringPurses(bench, 1)
      const { walletId, lotId } = purse!
      const request = expiryRequest(sha256, issuerId, {
        walletId,
        lotId,
        times: 0,
      })
      const before = await bench.dump?.()
      const ask = (at: number) => ledger.expire(issuerId, [request], at)
      assert.deepEqual(await ask(EXPIRES_AT - 1), [{ status: 'not_due' }])
      assert.deepEqual(await bench.dump?.(), before)
      assert.deepEqual(await ledger.find(issuerId, [request.operationId]), [undefined])
      const nobody = { ...request, walletId: newPurse().walletId }
      assert.deepEqual(await ledger.expire(issuerId, [nobody], EXPIRES_AT), [{ status: 'not_due' }])
      const [outcome] = await ask(EXPIRES_AT)
      assert.equal(outcome?.status, 'posted')
      const [found] = await ledger.find(issuerId, [request.operationId])
      assert.deepEqual(
        [found?.kind, found?.channel, found?.walletId, found?.amountWon, found?.bookedAt],
        ['expiry', 'system', walletId, 100, EXPIRES_AT],
      )
      assert.deepEqual(
        found?.legs.map((leg) => [leg.lotId, leg.amountWon]),
        [[lotId, 100]],
      )
    },
  )
}

function pages(open: OpenLedger): void {
  ledgerTest(
    'due lots come in pages, the first to expire first, each once',
    open,
    async (bench) => {
      const { ledger, issuerId, otherIssuerId } = bench
      const purses = Array.from({ length: 7 }, () => newPurse())
      await openPurses(bench, purses)
      const issues = purses.map((purse, index) => issueOf(purse, 100, EXPIRES_AT - (index % 3)))
      await ledger.issue(issuerId, issues, START_AT)
      const seen: DueLot[] = []
      for (let after: DueLot | undefined; ; after = seen.at(-1)) {
        const page = await ledger.dueLots(issuerId, { until: EXPIRES_AT, after, limit: 2 })
        seen.push(...page)
        if (page.length < 2) break
      }
      const expected = issues.toSorted((a, b) => a.expiresAt - b.expiresAt || a.lotId - b.lotId)
      assert.deepEqual(
        seen,
        expected.map(({ walletId, lotId, programId, kind, expiresAt }) => ({
          walletId,
          lotId,
          programId,
          kind,
          expiresAt,
          remainingWon: 100,
          heldWon: 0,
          times: 0,
        })),
      )
      const some = await ledger.dueLots(issuerId, { until: EXPIRES_AT - 2, limit: 10 })
      assert.equal(some.length, 2)
      assert.deepEqual(await ledger.dueLots(otherIssuerId, { until: EXPIRES_AT, limit: 10 }), [])
    },
  )

  ledgerTest('a set expires many lots, and answers in input order', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purses = await expiringPurses(bench, 9)
    const paid = paymentOf(purses[4]!, 100)
    await ledger.pay(issuerId, [paid, paymentOf(purses[7]!, 30)], START_AT)
    const requests = (await due(bench, purses)).map((lot) => expiryRequest(sha256, issuerId, lot))
    const shuffled = [...requests.slice(5), ...requests.slice(0, 5)]
    const outcomes = await ledger.expire(issuerId, shuffled, EXPIRES_AT)
    const wonOf = (outcome: ExpiryOutcome) =>
      outcome.status === 'posted' ? outcome.legs[0]!.amountWon : outcome.status
    assert.deepEqual(outcomes.map(wonOf), [100, 100, 70, 100, 100, 100, 100, 100, 'nothing_left'])
    assert.deepEqual(await ledger.expire(issuerId, [], EXPIRES_AT), [])
    assert.deepEqual(await due(bench, purses), [])
  })
}

function keys(open: OpenLedger): void {
  ledgerTest('a key that belongs to another request expires nothing', open, async (bench) => {
    const { ledger, issuerId } = bench
    const [purse, other] = await expiringPurses(bench, 2)
    const payment = paymentOf(purse!, 10)
    await ledger.pay(issuerId, [payment], START_AT)
    const [lot] = await due(bench, [purse!])
    const request = expiryRequest(sha256, issuerId, lot!)
    const stolen = { ...request, operationId: payment.operationId }
    const set = [stolen, expiryRequest(sha256, issuerId, (await due(bench, [other!]))[0]!)]
    const statuses = (await ledger.expire(issuerId, set, EXPIRES_AT)).map(({ status }) => status)
    assert.deepEqual(statuses, ['key_reused', 'posted'])
    assert.equal((await due(bench, [purse!, other!])).length, 1)
    // A payment under the key of an expiry is another request too.
    const late = paymentOf(purse!, 10, set[1]!.operationId)
    assert.deepEqual(await ledger.pay(issuerId, [late], EXPIRES_AT), [{ status: 'key_reused' }])
  })

  ledgerTest(
    'a set names each lot once, is of bounded size, and issuers are apart',
    open,
    async (bench) => {
      const { ledger, issuerId, otherIssuerId } = bench
      const [purse] = await expiringPurses(bench, 1)
      const [lot] = await due(bench, [purse!])
      const request = expiryRequest(sha256, issuerId, lot!)
      const again = { ...request, operationId: newKey() }
      await assert.rejects(
        () => ledger.expire(issuerId, [request, again], EXPIRES_AT),
        /each lot once/,
      )
      const many = Array.from({ length: SET_SIZE_MAX + 1 }, () => ({
        ...again,
        lotId: newPurse().lotId,
      }))
      await assert.rejects(() => ledger.expire(issuerId, many, EXPIRES_AT), /a set has at most/)
      const elsewhere = await ledger.expire(otherIssuerId, [request], EXPIRES_AT)
      assert.deepEqual(elsewhere, [{ status: 'not_due' }])
      const same = expiryRequest(sha256, otherIssuerId, lot!)
      assert.notEqual(same.operationId, request.operationId)
    },
  )
}

const RUNNERS = 6
const ROUNDS = 15
const ATTEMPTS_MAX = 1_000
const TURNS = 3

function races(open: OpenLedger): void {
  ledgerTest('many who expire one lot at once expire it once', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purses = await expiringPurses(bench, 20)
    const requests = (await due(bench, purses)).map((lot) => expiryRequest(sha256, issuerId, lot))
    const run = async (order: typeof requests) => {
      const outcomes: ExpiryOutcome[] = []
      // Whoever meets another asks again until nobody is in the way.
      let left = order
      for (let attempt = 1; left.length > 0 && attempt <= ATTEMPTS_MAX; attempt += 1) {
        const set = left
        const answers = await persistently(() => ledger.expire(issuerId, set, EXPIRES_AT))
        outcomes.push(...answers.filter(({ status }) => status !== 'busy'))
        left = set.filter((_, index) => answers[index]?.status === 'busy')
      }
      return outcomes
    }
    const answers = await Promise.all(
      Array.from({ length: RUNNERS }, (_, index) =>
        run(index % 2 === 0 ? requests : requests.toReversed()),
      ),
    )
    const fresh = answers.flat().filter((one) => one.status === 'posted' && !one.replayed)
    assert.equal(fresh.length, purses.length)
    assert.equal(answers.flat().length, purses.length * RUNNERS)
  })

  ledgerTest(
    'payments and cancellations race with expiry, and no won is lost or made',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      for (let round = 1; round <= ROUNDS; round += 1) {
        const purse = await fundedPurse(bench, 1)
        const lot = { ...purse, lotId: newPurse().lotId }
        await ledger.issue(issuerId, [issueOf(lot, 100, EXPIRES_AT)], START_AT)
        const first = paymentOf(purse, 40)
        await ledger.pay(issuerId, [first], START_AT)
        const pay = () => {
          const payment = paymentOf(purse, 21)
          return persistently(() => ledger.pay(issuerId, [payment], EXPIRES_AT - 1))
        }
        const back = { paymentId: first.operationId, merchantId: purse.merchantId }
        const cancellation = keyed('cancel', back)
        const cancel = () => persistently(() => ledger.cancel(issuerId, [cancellation], EXPIRES_AT))
        const expire = async () => {
          const all: ExpiryOutcome[] = []
          for (const one of await due(bench, [lot])) {
            const set = [expiryRequest(sha256, issuerId, one)]
            all.push(...(await persistently(() => ledger.expire(issuerId, set, EXPIRES_AT))))
          }
          return all
        }
        const [a, b, c, d, e] = await Promise.all([pay(), expire(), cancel(), pay(), expire()])
        assert.equal(posted(c).length, 1)
        const expiries = [...b, ...e]
        // What came back after it, and what was busy.
        for (let turn = 1; turn <= TURNS; turn += 1) expiries.push(...(await expire()))
        assert.deepEqual(await due(bench, [lot]), [])
        const expired = expiries.flatMap((outcome) =>
          outcome.status === 'posted' && !outcome.replayed ? outcome.legs : [],
        )
        const lots = await ledger.lots(issuerId, purse.walletId)
        const left = lots.reduce((sum, { remainingWon }) => sum + remainingWon, 0)
        const paid = posted([...a, ...d]).length * 21
        const gone = expired.reduce((sum, { amountWon }) => sum + amountWon, 0)
        assert.equal(
          left + paid + gone,
          101,
          `round ${round}: ${left} left, ${paid} paid, ${gone} expired`,
        )
      }
    },
  )
}
