/** Funders' pots: never drawn from beyond their limit, in input order, and given back by what undoes a benefit. */
import assert from 'node:assert/strict'
import { won, type PotDraw, type PotId } from '../base/base.ts'
import {
  FAR_FUTURE,
  fundedPurse,
  ids,
  issueOf,
  keyed,
  ledgerTest,
  MONTH,
  newKey,
  newPurse,
  openPurses,
  paymentOf,
  purchaseOf,
  sources,
  START_AT,
  verdictOf,
  type LedgerUnderTest,
  type OpenLedger,
  type Purse,
} from './ledger-bench.contract.ts'
import type { IssueRequest, MovementRequest, PurchaseRequest } from './ledger.ts'

const draw = (potId: PotId, amountWon: number, limitWon: number): PotDraw => ({
  potId,
  amountWon: won(amountWon),
  limitWon: won(limitWon),
})

export function potsContract(open: OpenLedger): void {
  purchases(open)
  grants(open)
  movements(open)
  crowds(open)
}

async function openBuyer(bench: LedgerUnderTest): Promise<Purse> {
  const purse = newPurse()
  await openPurses(bench, [purse])
  return purse
}

/** A purchase of a thousand won, whatever it draws. */
function purchase(
  purse: Purse,
  draws: readonly PotDraw[],
  limits: { quotaWon?: number } = {},
): PurchaseRequest {
  const content = purchaseOf(purse, {
    faceWon: 1_000,
    quotaWon: limits.quotaWon ?? 1_000_000,
    capWon: 1_000_000,
  })
  return keyed('reservePurchases', { ...content, draws }, newKey())
}

async function buy(
  { ledger, issuerId }: LedgerUnderTest,
  requests: readonly PurchaseRequest[],
): Promise<string> {
  const outcomes = await ledger.reservePurchases(issuerId, requests, START_AT)
  return outcomes.map((outcome) => verdictOf(outcome)).join('; ')
}

async function used({ reading, issuerId }: LedgerUnderTest, ...potIds: PotId[]): Promise<number[]> {
  const uses = await reading.potUses(issuerId, potIds)
  return potIds.map((potId) => uses.get(potId) ?? 0)
}

function purchases(open: OpenLedger): void {
  ledgerTest(
    'a purchase draws to the last won, and opens again when more is granted',
    open,
    async (bench) => {
      const purse = await openBuyer(bench)
      const [pot, other] = [ids.next('pot'), ids.next('pot')]
      assert.equal(await buy(bench, [purchase(purse, [draw(pot, 60, 100)])]), 'posted')
      assert.equal(await buy(bench, [purchase(purse, [draw(pot, 41, 100)])]), 'budget_exhausted')
      assert.equal(await buy(bench, [purchase(purse, [draw(pot, 40, 100)])]), 'posted')
      assert.equal(await buy(bench, [purchase(purse, [draw(pot, 1, 100)])]), 'budget_exhausted')
      // Of two pots both must have it; what was refused took from neither.
      const both = [draw(other, 5, 50), draw(pot, 1, 100)]
      assert.equal(await buy(bench, [purchase(purse, both)]), 'budget_exhausted')
      assert.deepEqual(await used(bench, pot, other), [100, 0])
      assert.equal(await buy(bench, [purchase(purse, [draw(pot, 1, 101)])]), 'posted')
      assert.equal(await buy(bench, [purchase(purse, [])]), 'posted')
      assert.deepEqual(await used(bench, pot, other), [101, 0])
    },
  )

  ledgerTest(
    'in a set each wish sees what those before it drew, and took of the quota',
    open,
    async (bench) => {
      const pot = ids.next('pot')
      const first = await openBuyer(bench)
      const buyers = await Promise.all([1, 2, 3, 4, 5].map(() => openBuyer(bench)))
      const ofOne = buyers.map((purse) => ({ ...purse, programId: first.programId }))
      const wish = (index: number, amountWon: number) =>
        purchase(ofOne[index]!, [draw(pot, amountWon, 100)], { quotaWon: 3_000 })
      // The second is refused by the pot and leaves the quota; the fifth finds the quota gone, and leaves the pot.
      const set = [wish(0, 50), wish(1, 60), wish(2, 30), wish(3, 10), wish(4, 10)]
      assert.equal(await buy(bench, set), 'posted; budget_exhausted; posted; posted; sold_out')
      assert.deepEqual(await used(bench, pot), [90])
      assert.equal(
        await buy(bench, set),
        'again posted; again budget_exhausted; again posted; again posted; again sold_out',
      )
      assert.deepEqual(await used(bench, pot), [90])
      const sales = await bench.reading.programSales(bench.issuerId, MONTH)
      assert.equal(sales.get(first.programId), 3_000)
    },
  )

  ledgerTest(
    'what was not bought in the end is given back, once, and what was is not',
    open,
    async (bench) => {
      const { ledger, issuerId, reading } = bench
      const purse = await openBuyer(bench)
      const [pot, other] = [ids.next('pot'), ids.next('pot')]
      const lost = purchase(purse, [draw(pot, 30, 100), draw(other, 20, 100)])
      const kept = purchase({ ...purse, lotId: ids.next('lot') }, [draw(pot, 10, 100)])
      assert.equal(await buy(bench, [lost, kept]), 'posted; posted')
      const abandonment = { purchaseId: lost.operationId, closureId: newKey(), debited: false }
      const completion = { purchaseId: kept.operationId, closureId: newKey(), debited: true }
      for (let n = 0; n < 2; n += 1) {
        await ledger.closePurchases(issuerId, [abandonment, completion], START_AT)
        assert.deepEqual(await used(bench, pot, other), [10, 0])
      }
      const [drawn, back, none] = await reading.potDraws(issuerId, [
        lost.operationId,
        abandonment.closureId,
        completion.closureId,
      ])
      const sorted = (draws: typeof drawn) =>
        [...(draws ?? [])].toSorted((a, b) => a.potId - b.potId).map(({ amountWon }) => amountWon)
      assert.deepEqual([sorted(drawn), sorted(back), sorted(none)], [[30, 20], [-30, -20], []])
      assert.deepEqual(await reading.potUses(bench.otherIssuerId, [pot]), new Map())
    },
  )

  ledgerTest(
    'a request that draws from a pot twice, or nothing, is a mistake',
    open,
    async (bench) => {
      const purse = await openBuyer(bench)
      const pot = ids.next('pot')
      for (const draws of [
        [draw(pot, 1, 100), draw(pot, 1, 100)],
        [draw(pot, 0, 100)],
        [draw(pot, -1, 100)],
      ]) {
        await assert.rejects(buy(bench, [purchase(purse, draws)]), { name: 'Bug' })
      }
      assert.deepEqual(await used(bench, pot), [0])
    },
  )
}

function grants(open: OpenLedger): void {
  ledgerTest('a grant draws like a purchase, in input order', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await openBuyer(bench)
    const pot = ids.next('pot')
    const grant = (amountWon: number): IssueRequest => ({
      ...issueOf({ ...purse, lotId: ids.next('lot') }, amountWon),
      draws: [draw(pot, amountWon, 100)],
    })
    const set = [grant(70), grant(40), grant(30), grant(1)]
    const outcomes = await ledger.issue(issuerId, [...set, set[0]!], START_AT)
    assert.deepEqual(
      outcomes.map((outcome) => verdictOf(outcome)),
      ['posted', 'budget_exhausted', 'posted', 'budget_exhausted', 'again posted'],
    )
    assert.deepEqual(await used(bench, pot), [100])
    const stranger = { ...grant(1), walletId: ids.next('wlt') }
    const [unknown] = await ledger.issue(issuerId, [stranger], START_AT)
    assert.equal(verdictOf(unknown), 'wallet_unknown')
  })
}

function movements(open: OpenLedger): void {
  ledgerTest('cashback draws, and what takes it back gives back', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 1_000)
    const pot = ids.next('pot')
    const paid = Array.from({ length: 3 }, () => paymentOf(purse, 100))
    await ledger.pay(issuerId, paid, START_AT)
    const payments = paid.map((payment) => payment.operationId)
    const cashback = (amountWon: number, limitWon: number): MovementRequest => {
      const lotId = ids.next('lot')
      const line = {
        debitKind: 'subsidy_receivable',
        debitId: 3,
        creditKind: 'lot',
        creditId: lotId,
        amountWon: won(amountWon),
      } as const
      const { walletId, programId } = purse
      return keyed('move', {
        kind: 'cashback' as const,
        walletId,
        targetId: payments.shift()!,
        lines: [line],
        newLots: [{ lotId, programId, kind: 'cashback' as const, expiresAt: FAR_FUTURE }],
        draws: [draw(pot, amountWon, limitWon)],
      })
    }
    const set = [cashback(60, 100), cashback(50, 100), cashback(40, 100)]
    const move = async (requests: readonly MovementRequest[]) =>
      (await ledger.move(issuerId, requests, START_AT)).map((outcome) =>
        outcome.status === 'changed' ? 'changed' : verdictOf(outcome),
      )
    assert.deepEqual(await move(set), ['posted', 'budget_exhausted', 'posted'])
    assert.deepEqual(await move(set), ['again posted', 'again budget_exhausted', 'again posted'])
    assert.deepEqual(await used(bench, pot), [100])
    const lotId = set[0]!.newLots![0]!.lotId
    const seen = { walletId: purse.walletId, lotId, remainingWon: won(60), heldWon: won(0) }
    const back: MovementRequest = keyed('move', {
      kind: 'cashback_return' as const,
      walletId: purse.walletId,
      targetId: paid[0]!.operationId,
      lines: [
        {
          debitKind: 'lot' as const,
          debitId: lotId,
          creditKind: 'subsidy_receivable' as const,
          creditId: 3,
          amountWon: won(60),
        },
      ],
      seen: [seen],
      draws: [draw(pot, -60, 0)],
    })
    const stale = { ...back, operationId: newKey(), seen: [{ ...seen, remainingWon: won(61) }] }
    assert.deepEqual(await move([stale]), ['changed'])
    assert.deepEqual(await used(bench, pot), [100])
    assert.deepEqual(await move([back, back]), ['posted', 'again posted'])
    assert.deepEqual(await used(bench, pot), [40])
  })

  ledgerTest('a cancelled purchase gives back all that it drew', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await openBuyer(bench)
    const pot = ids.next('pot')
    const content = purchase(purse, [draw(pot, 100, 100)])
    const bought = {
      ...content,
      sources: { ...sources(900), cityWon: won(100) },
    }
    assert.equal(await buy(bench, [bought]), 'posted')
    const closure = { purchaseId: bought.operationId, closureId: newKey(), debited: true }
    await ledger.closePurchases(issuerId, [closure], START_AT)
    const { walletId } = purse
    const { lotId } = bought
    const from = { debitKind: 'lot', debitId: lotId } as const
    const cancellation: MovementRequest = keyed('move', {
      kind: 'purchase_cancellation' as const,
      walletId,
      targetId: bought.operationId,
      lines: [
        { ...from, creditKind: 'settlement_in_transit' as const, creditId: 0, amountWon: won(900) },
        { ...from, creditKind: 'subsidy_receivable' as const, creditId: 3, amountWon: won(100) },
      ],
      seen: [{ walletId, lotId, remainingWon: won(1_000), heldWon: won(0) }],
      returnsSaleOf: bought.operationId,
      payout: {
        payoutId: ids.next('pay'),
        beneficiary: { kind: 'member' as const, id: ids.next('mbr') },
        account: { bankCode: '011', accountNumber: '1234', holderName: '김하늘' },
        dueOn: '2031-01-02' as never,
      },
    })
    for (let n = 0; n < 2; n += 1) {
      await ledger.move(issuerId, [cancellation], START_AT)
      assert.deepEqual(await used(bench, pot), [0])
    }
    const [back] = await bench.reading.potDraws(issuerId, [cancellation.operationId])
    assert.deepEqual(back, [{ potId: pot, amountWon: -100 }])
  })
}

function crowds(open: OpenLedger): void {
  ledgerTest('a crowd of several programs never draws more than there is', open, async (bench) => {
    const [pot, other] = [ids.next('pot'), ids.next('pot')]
    const buyers = await Promise.all(Array.from({ length: 60 }, () => openBuyer(bench)))
    const wishes = buyers.map((purse, index) =>
      // In both orders of pots, so that sets which lock them carelessly would wait for each other.
      purchase(
        purse,
        index % 2 === 0
          ? [draw(pot, 7, 100), draw(other, 3, 1_000)]
          : [draw(other, 3, 1_000), draw(pot, 7, 100)],
      ),
    )
    const sets = [0, 1, 2, 3, 4, 5].map((set) => wishes.filter((_, index) => index % 6 === set))
    const verdicts = (await Promise.all(sets.map((set) => buy(bench, set)))).join('; ').split('; ')
    assert.equal(verdicts.filter((verdict) => verdict === 'posted').length, 14)
    assert.equal(verdicts.filter((verdict) => verdict === 'budget_exhausted').length, 46)
    assert.deepEqual(await used(bench, pot, other), [98, 42])
  })
}
