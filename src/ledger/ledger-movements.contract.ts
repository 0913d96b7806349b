/** The part of the ledger's contract that is about movements: posted only while all is as it was seen, and once. */
import assert from 'node:assert/strict'
import { won, type OperationId } from '../base/base.ts'
import {
  fundedPurse,
  FAR_FUTURE,
  ids,
  issueOf,
  keyed,
  ledgerTest,
  newKey,
  newPurse,
  openPurses,
  paymentOf,
  purchaseOf,
  remainingWon,
  sha256,
  START_AT,
  verdictOf,
  type OpenLedger,
  type Purse,
} from './ledger-bench.contract.ts'
import {
  acceptanceOf,
  giftIdOf,
  giftOf,
  line,
  lotOf,
  move,
  movement,
  newPayout,
  refundOf,
  returnOf,
  seenOf,
} from './ledger-movements-bench.contract.ts'
import { expiryRequest } from './ledger.ts'

export function movementsContract(open: OpenLedger): void {
  seenLots(open)
  gifts(open)
  purchases(open)
  cashbacks(open)
  funds(open)
}

function seenLots(open: OpenLedger): void {
  ledgerTest(
    'a refund takes what was seen, and nothing where it has changed',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const purse = await fundedPurse(bench, 100)
      const before = await lotOf(bench, purse)
      await ledger.pay(issuerId, [paymentOf(purse, 40)], START_AT)
      const rows = await bench.dump?.()
      const early = refundOf(before)
      assert.deepEqual(await move(bench, [early]), ['changed'])
      assert.deepEqual(await bench.dump?.(), rows)
      assert.deepEqual(await ledger.find(issuerId, [early.operationId]), [undefined])
      const refund = refundOf(await lotOf(bench, purse), { cityWon: 6 })
      assert.deepEqual(await move(bench, [refund]), ['posted 60'])
      assert.deepEqual(await move(bench, [refund]), ['again posted 60'])
      assert.equal(await remainingWon(bench, purse), 0)
      const [found] = await ledger.find(issuerId, [refund.operationId])
      assert.deepEqual(
        [found?.kind, found?.channel, found?.walletId, found?.amountWon, found?.legs.length],
        ['refund', 'system', purse.walletId, 60, 1],
      )
      const payout = await ledger.payout(issuerId, refund.payout!.payoutId)
      assert.deepEqual([payout?.amountWon, payout?.causedBy], [54, refund.operationId])
    },
  )

  ledgerTest('what is held is seen too, and a lot may only be looked at', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const other = { ...purse, lotId: ids.next('lot') }
    await ledger.issue(issuerId, [issueOf(other, 50)], START_AT)
    const [first, second] = [await lotOf(bench, purse), await lotOf(bench, other)]
    const clawback = movement({
      kind: 'clawback',
      walletId: purse.walletId,
      targetId: newKey(),
      lines: [line('lot', first.lotId, 'subsidy_receivable', 1, 30)],
      seen: [seenOf(second), seenOf(first)],
    })
    const hold = paymentOf(purse, 120)
    await ledger.hold(issuerId, [hold], START_AT)
    assert.deepEqual(await move(bench, [clawback]), ['changed'])
    const release = keyed('closeHolds', { holdId: hold.operationId, amountWon: won(0) })
    await ledger.closeHolds(issuerId, [release], START_AT)
    assert.deepEqual(await move(bench, [clawback]), ['posted 30'], 'the same key, later')
    assert.equal(await remainingWon(bench, purse), 120)
    const elsewhere = { ...seenOf(await lotOf(bench, purse)), walletId: newPurse().walletId }
    const { walletId } = elsewhere
    await openPurses(bench, [{ ...purse, walletId }])
    const foreign = movement({ ...clawback, walletId, seen: [elsewhere] }, newKey())
    assert.deepEqual(await move(bench, [foreign]), ['changed'], 'it has no such lot')
  })
}

function gifts(open: OpenLedger): void {
  ledgerTest('a gift is accepted or returned, once', open, async (bench) => {
    const { ledger, issuerId } = bench
    const giver = await fundedPurse(bench, 100)
    const taker = await fundedPurse(bench, 5)
    const { walletId, programId } = taker
    const gift = giftOf(await lotOf(bench, giver), 40)
    assert.deepEqual(await move(bench, [gift]), ['posted 40'])
    const acceptance = acceptanceOf(gift, walletId, giver.programId)
    assert.deepEqual(await move(bench, [acceptance]), ['posted 40'])
    assert.deepEqual(await move(bench, [acceptance]), ['again posted 40'])
    const rivals = [returnOf(gift), acceptanceOf(gift, walletId, programId)]
    assert.deepEqual(await move(bench, rivals), ['changed', 'changed'])
    assert.equal(await remainingWon(bench, giver), 60)
    const [, made] = await ledger.lots(issuerId, walletId)
    assert.deepEqual(
      [made?.kind, made?.programId, made?.faceWon, made?.remainingWon],
      ['gift', giver.programId, 40, 40],
    )
    const [origin] = await ledger.lotOrigins(issuerId, [made!.lotId])
    const none = { payWon: 0, nationalWon: 0, provinceWon: 0, cityWon: 0 }
    assert.deepEqual(origin?.sources, none, 'its value came from another lot')
    assert.deepEqual(
      [origin?.issuedBy, origin?.purchaseId, origin?.issuedAt, origin?.expiresAt],
      [acceptance.operationId, undefined, START_AT, made?.expiresAt],
    )

    const second = giftOf(await lotOf(bench, giver), 60)
    await move(bench, [second])
    assert.deepEqual(await move(bench, [returnOf(second)]), ['posted 60'])
    const late = [acceptanceOf(second, walletId, programId), returnOf(second)]
    assert.deepEqual(await move(bench, late), ['changed', 'changed'])
    assert.equal(await remainingWon(bench, giver), 60)
  })

  ledgerTest('what comes back to a closed lot opens it, and expires again', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = newPurse()
    await openPurses(bench, [purse])
    const expiresAt = START_AT + 100
    await ledger.issue(issuerId, [issueOf(purse, 100, expiresAt)], START_AT)
    const gift = giftOf(await lotOf(bench, purse), 100)
    await move(bench, [gift])
    const due = async () =>
      (await ledger.dueLots(issuerId, { until: expiresAt, limit: 1_000 })).filter(
        ({ lotId }) => lotId === purse.lotId,
      )
    const expire = async () => {
      const requests = (await due()).map((one) => expiryRequest(sha256, issuerId, one))
      return (await ledger.expire(issuerId, requests, expiresAt)).map(({ status }) => status)
    }
    assert.deepEqual(await expire(), ['nothing_left'])
    assert.deepEqual(await expire(), [])
    assert.deepEqual(await move(bench, [returnOf(gift)], expiresAt + 1), ['posted 100'])
    assert.deepEqual(await expire(), ['posted'])
    assert.deepEqual(await expire(), [])
  })

  ledgerTest('each lot of one gift expires by itself', open, async (bench) => {
    const { ledger, issuerId } = bench
    const giver = await fundedPurse(bench, 100)
    const taker = newPurse()
    await openPurses(bench, [taker])
    const gift = giftOf(await lotOf(bench, giver), 70)
    await move(bench, [gift])
    const lots = [50, 20].map((amountWon) => ({ lotId: ids.next('lot'), amountWon }))
    const { walletId, programId } = taker
    const expiresAt = START_AT + 10
    const acceptance = movement({
      kind: 'gift_acceptance',
      walletId,
      targetId: gift.operationId,
      lines: lots.map(({ lotId, amountWon }) =>
        line('gift_transit', giftIdOf(gift), 'lot', lotId, amountWon),
      ),
      newLots: lots.map(({ lotId }) => ({ lotId, programId, kind: 'gift' as const, expiresAt })),
    })
    assert.deepEqual(await move(bench, [acceptance]), ['posted 50, 20'])
    const due = async () =>
      (await ledger.dueLots(issuerId, { until: expiresAt, limit: 1_000 }))
        .filter((one) => one.walletId === walletId)
        .map(({ lotId, times }) => [lots.findIndex((lot) => lot.lotId === lotId), times])
    assert.deepEqual(await due(), [
      [0, 0],
      [1, 0],
    ])
    const first = { walletId, lotId: lots[0]!.lotId, times: 0 }
    await ledger.expire(issuerId, [expiryRequest(sha256, issuerId, first)], expiresAt)
    assert.deepEqual(await due(), [[1, 0]])
  })
}

function purchases(open: OpenLedger): void {
  ledgerTest('a purchase is cancelled once, and gives its sale back', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = newPurse()
    await openPurses(bench, [purse])
    const caps = { faceWon: 100, quotaWon: 100, capWon: 100 }
    const wish = purchaseOf(purse, caps)
    await ledger.reservePurchases(issuerId, [wish], START_AT)
    const closure = { purchaseId: wish.operationId, closureId: newKey(), debited: true }
    await ledger.closePurchases(issuerId, [closure], START_AT)
    const [origin] = await ledger.lotOrigins(issuerId, [wish.lotId])
    assert.deepEqual([origin?.purchaseId, origin?.sources.payWon], [wish.operationId, 100])
    const lot = await lotOf(bench, wish)
    const cancellation = (returns: boolean) =>
      movement({
        ...refundOf(lot),
        kind: 'purchase_cancellation',
        targetId: wish.operationId,
        ...(returns && { returnsSaleOf: wish.operationId }),
      })
    const reserve = async () => {
      const again = purchaseOf(purse, caps)
      return verdictOf((await ledger.reservePurchases(issuerId, [again], START_AT))[0])
    }
    assert.equal(await reserve(), 'purchase_cap_exceeded')
    assert.deepEqual(await move(bench, [cancellation(true), cancellation(true)]), [
      'posted 100',
      'changed',
    ])
    assert.equal((await ledger.purchase(issuerId, wish.operationId))?.state, 'completed')
    assert.equal(await reserve(), 'posted')
  })

  ledgerTest(
    'a purchase that keeps its sale leaves quota and cap as they are',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const purse = newPurse()
      await openPurses(bench, [purse])
      const caps = { faceWon: 100, quotaWon: 150, capWon: 150 }
      const wish = purchaseOf(purse, caps)
      await ledger.reservePurchases(issuerId, [wish], START_AT)
      const closure = { purchaseId: wish.operationId, closureId: newKey(), debited: true }
      await ledger.closePurchases(issuerId, [closure], START_AT)
      const kept = movement({
        ...refundOf(await lotOf(bench, wish)),
        kind: 'purchase_cancellation',
        targetId: wish.operationId,
      })
      assert.deepEqual(await move(bench, [kept]), ['posted 100'])
      const again = purchaseOf(purse, caps)
      const [outcome] = await ledger.reservePurchases(issuerId, [again], START_AT)
      assert.equal(verdictOf(outcome), 'purchase_cap_exceeded')
    },
  )
}

function cashbacks(open: OpenLedger): void {
  ledgerTest('a payment earns cashback once, which may come back in parts', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const { walletId, programId } = purse
    const payment = paymentOf(purse, 100)
    await ledger.pay(issuerId, [payment], START_AT)
    const earn = () => cashbackOf(purse, payment.operationId)
    const earned = earn()
    assert.deepEqual(await move(bench, [earned, earn()]), ['posted 10', 'changed'])
    const lotId = earned.newLots![0]!.lotId
    const [origin, nothing] = await ledger.lotOrigins(issuerId, [lotId, ids.next('lot')])
    assert.equal(nothing, undefined)
    const sources = { payWon: 0, nationalWon: 4, provinceWon: 0, cityWon: 6 }
    assert.deepEqual(origin, {
      lotId,
      walletId,
      programId,
      kind: 'cashback',
      issuedBy: earned.operationId,
      issuedAt: START_AT,
      expiresAt: earned.newLots![0]!.expiresAt,
      purchaseId: undefined,
      sources,
    })
    for (const amountWon of [3, 7]) {
      const lot = await lotOf(bench, { walletId, lotId })
      const back = movement({
        kind: 'cashback_return',
        walletId,
        targetId: payment.operationId,
        lines: [line('lot', lotId, 'subsidy_receivable', 1, amountWon)],
        seen: [seenOf(lot)],
      })
      assert.deepEqual(await move(bench, [back]), [`posted ${amountWon}`])
    }
    assert.equal(await remainingWon(bench, purse), 0)
  })

  ledgerTest('a cashback that names a hold leaves it open', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const hold = paymentOf(purse, 100)
    await ledger.hold(issuerId, [hold], START_AT)
    assert.deepEqual(await move(bench, [cashbackOf(purse, hold.operationId)]), ['posted 10'])
    const capture = keyed('closeHolds', { holdId: hold.operationId, amountWon: won(100) })
    const [captured] = await ledger.closeHolds(issuerId, [capture], START_AT)
    assert.equal(captured?.status, 'posted')
  })
}

/** Ten won for an operation, from two funders. */
function cashbackOf({ walletId, programId }: Purse, targetId: OperationId) {
  const lotId = ids.next('lot')
  return movement({
    kind: 'cashback',
    walletId,
    targetId,
    lines: [
      line('subsidy_receivable', 1, 'lot', lotId, 4),
      line('subsidy_receivable', 3, 'lot', lotId, 6),
    ],
    newLots: [{ lotId, programId, kind: 'cashback', expiresAt: FAR_FUTURE }],
  })
}

function funds(open: OpenLedger): void {
  ledgerTest('a merchant is owed less by what it is paid, fee and all', open, async (bench) => {
    const { ledger, issuerId, reading } = bench
    const purse = await fundedPurse(bench, 100)
    const { merchantId } = purse
    await ledger.pay(issuerId, [paymentOf(purse, 80)], START_AT)
    const payout = newPayout({ beneficiary: { kind: 'merchant', id: merchantId } })
    const paid = movement({
      kind: 'payout',
      merchantId,
      lines: [
        line('merchant_payable', merchantId, 'settlement_in_transit', 0, 60),
        line('merchant_payable', merchantId, 'merchant_fee', 0, 1),
      ],
      payout,
    })
    assert.deepEqual(await move(bench, [paid]), ['posted'])
    assert.equal(await reading.merchantPayable(issuerId, merchantId), 19)
    assert.equal((await ledger.payout(issuerId, payout.payoutId))?.amountWon, 60)
    const [found] = await ledger.find(issuerId, [paid.operationId])
    assert.deepEqual([found?.merchantId, found?.amountWon, found?.legs], [merchantId, 61, []])
  })

  ledgerTest(
    'deposits are ended once; funders, interest and income move the fund',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const deposit = movement({
        kind: 'unidentified_deposit',
        lines: [line('operating_fund', 0, 'unidentified_deposit', 0, 500)],
      })
      const assigned = movement({
        kind: 'deposit_assignment',
        targetId: deposit.operationId,
        lines: [line('unidentified_deposit', 0, 'subsidy_receivable', 2, 500)],
      })
      const back = movement({
        kind: 'deposit_return',
        targetId: deposit.operationId,
        lines: [line('unidentified_deposit', 0, 'settlement_in_transit', 0, 500)],
        payout: newPayout(),
      })
      const all = [deposit, assigned, back]
      assert.deepEqual(await move(bench, all), ['posted', 'posted', 'changed'])
      assert.deepEqual(await move(bench, all), ['again posted', 'again posted', 'changed'])
      const income = newPayout({ beneficiary: { kind: 'issuer', id: 0 } })
      const others = [
        movement({
          kind: 'funder_payment',
          lines: [line('operating_fund', 0, 'subsidy_receivable', 1, 7)],
          actor: 'off_1',
        }),
        movement({
          kind: 'fund_interest',
          lines: [line('operating_fund', 0, 'fund_interest', 0, 3)],
        }),
        movement({
          kind: 'income_payout',
          lines: [
            line('fund_interest', 0, 'settlement_in_transit', 0, 2),
            line('breakage', 0, 'settlement_in_transit', 0, 1),
            line('merchant_fee', 0, 'settlement_in_transit', 0, 1),
          ],
          payout: income,
        }),
      ]
      assert.deepEqual(await move(bench, others), ['posted', 'posted', 'posted'])
      const [funder] = await ledger.find(issuerId, [others[0]!.operationId])
      assert.deepEqual([funder?.actor, funder?.walletId], ['off_1', undefined])
      assert.equal((await ledger.payout(issuerId, income.payoutId))?.amountWon, 4)
    },
  )
}
