/** The part of the contract of movements about keys, sets, limits, mistakes of ours, races, and what follows them. */
import assert from 'node:assert/strict'
import { Bug, won } from '../base/base.ts'
import {
  fundedPurse,
  FAR_FUTURE,
  issueOf,
  keyed,
  ledgerTest,
  newKey,
  newPurse,
  openPurses,
  paymentOf,
  persistently,
  purchaseOf,
  remainingWon,
  sha256,
  START_AT,
  verdictOf,
  type OpenLedger,
} from './ledger-bench.contract.ts'
import {
  acceptanceOf,
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
import { expiryRequest, movementAccounts, movementKinds, type MovementRequest } from './ledger.ts'

export function movementSetsContract(open: OpenLedger): void {
  keysAndSets(open)
  holdingCaps(open)
  bugs(open)
  races(open)
  clawbacks(open)
}

function keysAndSets(open: OpenLedger): void {
  ledgerTest(
    'declines are recorded, changes are not, and keys are for ever',
    open,
    async (bench) => {
      const { ledger, issuerId, otherIssuerId } = bench
      const purse = await fundedPurse(bench, 100)
      const lot = await lotOf(bench, purse)
      const nobody = { ...lot, walletId: newPurse().walletId }
      const unknown = refundOf(nobody)
      assert.deepEqual(await move(bench, [unknown, unknown]), [
        'wallet_unknown',
        'again wallet_unknown',
      ])
      const refused = {
        ...movement({ kind: 'gift', walletId: purse.walletId, lines: [] }),
        refusal: 'wallet_stopped' as const,
      }
      assert.deepEqual(await move(bench, [refused]), ['wallet_stopped'])
      const [found] = await ledger.find(issuerId, [refused.operationId])
      assert.deepEqual([found?.decline, found?.amountWon], ['wallet_stopped', 0])
      const payment = paymentOf(purse, 10)
      await ledger.pay(issuerId, [payment], START_AT)
      const stolen = { ...refundOf(await lotOf(bench, purse)), operationId: payment.operationId }
      assert.deepEqual(await move(bench, [stolen]), ['key_reused'])
      // A repeat of what was recorded does not look at lots.
      const { refusal: _refusal, ...unrefused } = refused
      const fuller = { ...unrefused, lines: giftOf(lot, 100).lines, seen: [seenOf(lot)] }
      assert.deepEqual(await move(bench, [fuller]), ['again wallet_stopped'])
      const late = paymentOf(purse, 1, refused.operationId)
      assert.deepEqual(await ledger.pay(issuerId, [late], START_AT), [{ status: 'key_reused' }])
      assert.deepEqual(await ledger.move(otherIssuerId, [refundOf(lot)], START_AT), [
        { status: 'declined', reason: 'wallet_unknown', replayed: false },
      ])
      assert.deepEqual(await ledger.lotOrigins(otherIssuerId, [lot.lotId]), [undefined])
      assert.deepEqual(await ledger.move(issuerId, [], START_AT), [])
    },
  )

  ledgerTest(
    'a set is decided in order, each request seeing those before it',
    open,
    async (bench) => {
      const purses = await Promise.all([1, 2, 3].map(() => fundedPurse(bench, 100)))
      const lots = await Promise.all(purses.map((purse) => lotOf(bench, purse)))
      const [first, second, third] = lots
      const gift = giftOf(first!, 30)
      const after = { ...first!, remainingWon: won(70) }
      const outcomes = await move(bench, [
        gift,
        refundOf(second!),
        giftOf(first!, 30),
        giftOf(after, 20),
        gift,
        acceptanceOf(gift, purses[2]!.walletId, purses[2]!.programId),
        returnOf(gift),
        refundOf(third!),
      ])
      const expected =
        'posted 30; posted 100; changed; posted 20; again posted 30; posted 30; changed; posted 100'
      assert.equal(outcomes.join('; '), expected)
    },
  )
}

function holdingCaps(open: OpenLedger): void {
  ledgerTest(
    'new lots keep to what a wallet may hold of several programs together',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const giver = await fundedPurse(bench, 100)
      const taker = await fundedPurse(bench, 20)
      const { walletId, programId } = taker
      const other = { ...newPurse(), walletId }
      const expired = { ...newPurse(), walletId }
      await ledger.issue(issuerId, [issueOf(other, 30), issueOf(expired, 7, START_AT)], START_AT)
      const hold = paymentOf({ ...other }, 10)
      await ledger.hold(issuerId, [hold], START_AT)
      const buying = purchaseOf({ ...taker }, { faceWon: 5, quotaWon: 5, capWon: 100 })
      await ledger.reservePurchases(issuerId, [buying], START_AT)
      // 20 and 30 with what is held, 5 that is being bought; the expired 7 do not count.
      const programIds = [programId, other.programId, expired.programId]
      const gift = giftOf(await lotOf(bench, giver), 40)
      await move(bench, [gift])
      const accept = (capWon: number, more = programIds) =>
        acceptanceOf(gift, walletId, programId, {
          holdingCaps: [
            { programIds: [giver.programId], capWon: won(0) }, // Nothing of it comes or is there.
            { programIds: more, capWon: won(capWon) },
          ],
        })
      assert.deepEqual(await move(bench, [accept(94)]), ['holding_cap_exceeded'])
      assert.deepEqual(await move(bench, [accept(64, [programId])]), ['holding_cap_exceeded'])
      assert.deepEqual(await move(bench, [accept(95)]), ['posted 40'])
    },
  )

  ledgerTest('a purchase keeps to it too', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 20)
    const other = { ...newPurse(), walletId: purse.walletId }
    await ledger.issue(issuerId, [issueOf(other, 30)], START_AT)
    const programIds = [purse.programId, other.programId]
    const buy = async (faceWon: number, capWon: number, ofPrograms = programIds) => {
      const content = purchaseOf(purse, { faceWon, quotaWon: 1_000, capWon: 1_000 })
      const caps = [{ programIds: ofPrograms, capWon: won(capWon) }]
      const wish = keyed('reservePurchases', { ...content, holdingCaps: caps })
      return verdictOf((await ledger.reservePurchases(issuerId, [wish], START_AT))[0])
    }
    assert.equal(await buy(10, 59), 'holding_cap_exceeded')
    assert.equal(await buy(10, 60), 'posted')
    assert.equal(await buy(1, 60), 'holding_cap_exceeded', 'what is being bought counts')
    assert.equal(await buy(1, 29, [other.programId]), 'holding_cap_exceeded')
    assert.equal(await buy(1, 30, [other.programId]), 'posted')
  })
}

function bugs(open: OpenLedger): void {
  ledgerTest(
    'a movement that no policy should ask for stops the process and changes nothing',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const purse = await fundedPurse(bench, 100)
      const lot = await lotOf(bench, purse)
      const refund = refundOf(lot)
      const gift = giftOf(lot, 10)
      const change = (content: Partial<MovementRequest>, from = refund): MovementRequest => ({
        ...from,
        ...content,
      })
      const { payout: _payout, ...unpaid } = refund
      const { walletId: _wallet, ...homeless } = refund
      const newLot = { ...purse, kind: 'gift', expiresAt: FAR_FUTURE } as const
      const acceptance = acceptanceOf(gift, purse.walletId, purse.programId)
      const { targetId: _target, ...aimless } = acceptance
      const wrong: [string, MovementRequest][] = [
        ['no lines', change({ lines: [] })],
        ['nothing', change({ lines: [line('lot', lot.lotId, 'subsidy_receivable', 1, 0)] })],
        [
          'less than nothing',
          change({ lines: [line('lot', lot.lotId, 'subsidy_receivable', 1, -1)] }),
        ],
        [
          'more than was seen',
          change({ lines: [line('lot', lot.lotId, 'subsidy_receivable', 1, 101)] }),
        ],
        ['what was not seen', change({ seen: [] })],
        ['seen twice', change({ seen: [seenOf(lot), seenOf(lot)] })],
        ['of another wallet', change({ walletId: newPurse().walletId })],
        ['of no wallet', homeless],
        ['without a payout', unpaid],
        ['a payout of nothing', change({ payout: newPayout() }, gift)],
        [
          'a fourth funder',
          change({ lines: [line('lot', lot.lotId, 'subsidy_receivable', 4, 1)] }, unpaid),
        ],
        ['two gifts', change({ lines: [...gift.lines, ...giftOf(lot, 1).lines] }, gift)],
        ['a lot that nothing fills', change({ newLots: [newLot] })],
        ['a new lot unmade', change({ newLots: [] }, acceptance)],
        ['an end of nothing', aimless],
        ['a sale that a refund returns', change({ returnsSaleOf: newKey() })],
      ]
      const before = await bench.dump?.()
      for (const [sentence, request] of wrong) {
        await assert.rejects(() => ledger.move(issuerId, [gift, request], START_AT), Bug, sentence)
      }
      assert.deepEqual(await bench.dump?.(), before)
    },
  )

  ledgerTest('a kind moves money between its own accounts only', open, async (bench) => {
    const { ledger, issuerId } = bench
    const pairs = Object.values(movementAccounts).flat()
    for (const kind of movementKinds) {
      const own: readonly (readonly [string, string])[] = movementAccounts[kind]
      for (const [debit, credit] of pairs) {
        if (own.some(([one, other]) => one === debit && other === credit)) continue
        const request = movement({ kind, lines: [line(debit, 0, credit, 0, 1)] })
        const call = () => ledger.move(issuerId, [request], START_AT)
        await assert.rejects(call, /moves nothing from/, `${kind} ${debit} ${credit}`)
      }
    }
  })
}

const ROUNDS = 10

function races(open: OpenLedger): void {
  ledgerTest('two who end one gift at once end it once', open, async (bench) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const giver = await fundedPurse(bench, 100)
      const taker = newPurse()
      await openPurses(bench, [taker])
      const gift = giftOf(await lotOf(bench, giver), 40)
      await move(bench, [gift])
      const ends = [
        acceptanceOf(gift, taker.walletId, taker.programId),
        returnOf(gift),
        acceptanceOf(gift, taker.walletId, taker.programId),
      ]
      const outcomes = await Promise.all(ends.map((one) => persistently(() => move(bench, [one]))))
      assert.deepEqual(outcomes.flat().toSorted(), ['changed', 'changed', 'posted 40'])
      const total = (await remainingWon(bench, giver)) + (await remainingWon(bench, taker))
      assert.equal(total, 100)
    }
  })

  ledgerTest(
    'a payment and a refund of one lot at once: no won is lost or made',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      for (let round = 1; round <= ROUNDS; round += 1) {
        const purse = await fundedPurse(bench, 100)
        const refund = refundOf(await lotOf(bench, purse))
        const pay = () => {
          const payment = paymentOf(purse, 30)
          return persistently(() => ledger.pay(issuerId, [payment], START_AT))
        }
        const [first, refunded, second] = await Promise.all([
          pay(),
          persistently(() => move(bench, [refund])),
          pay(),
        ])
        const paid = [...first, ...second].filter(({ status }) => status === 'posted').length * 30
        const back = refunded[0] === 'posted 100' ? 100 : 0
        assert.equal((await remainingWon(bench, purse)) + paid + back, 100)
        assert.equal(back === 100, paid === 0)
      }
    },
  )

  ledgerTest('one movement asked for by many at once is posted once', open, async (bench) => {
    const purse = await fundedPurse(bench, 100)
    const refund = refundOf(await lotOf(bench, purse))
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => persistently(() => move(bench, [refund]))),
    )
    const texts = answers.flat()
    assert.equal(texts.filter((text) => text === 'posted 100').length, 1)
    assert.ok(texts.every((text) => text === 'posted 100' || text === 'again posted 100'))
  })
}

function clawbacks(open: OpenLedger): void {
  ledgerTest(
    'a clawback is counted like an expiry: what follows has another key',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const purse = newPurse()
      await openPurses(bench, [purse])
      const expiresAt = START_AT + 100
      const issue = issueOf(purse, 100, expiresAt)
      await ledger.issue(issuerId, [issue], START_AT)
      const payment = paymentOf(purse, 30)
      await ledger.pay(issuerId, [payment], START_AT)
      const lot = await lotOf(bench, purse)
      const clawback = movement({
        kind: 'clawback',
        walletId: purse.walletId,
        targetId: issue.operationId,
        lines: [line('lot', lot.lotId, 'subsidy_receivable', 3, 70)],
        seen: [seenOf(lot)],
      })
      assert.deepEqual(await move(bench, [clawback]), ['posted 70'])
      const due = async () =>
        (await ledger.dueLots(issuerId, { until: expiresAt, limit: 1_000 })).filter(
          ({ lotId }) => lotId === purse.lotId,
        )
      const [spent] = await due()
      assert.deepEqual([spent?.remainingWon, spent?.times], [0, 1])
      const cancellation = keyed('cancel', {
        paymentId: payment.operationId,
        merchantId: payment.merchantId!,
      })
      await ledger.cancel(issuerId, [cancellation], START_AT)
      const [back] = await due()
      assert.deepEqual([back?.remainingWon, back?.times], [30, 1])
      await ledger.expire(issuerId, [expiryRequest(sha256, issuerId, back!)], expiresAt)
      assert.deepEqual(await due(), [])
    },
  )
}
