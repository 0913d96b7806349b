/** Handing a lot back: who gets what to the won, and every limit at its edge. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { addYears, MINUTE_MS, parseBusinessDate, sumWon, won, type Instant } from '../base/base.ts'
import {
  cancellableUntil,
  decideCancellation,
  decideFullRefund,
  decideRefund,
  fullRefundBases,
  quoteFullRefund,
  quoteRefund,
  refundDeductions,
  refundRequestEvents,
  refundRequestStates,
  refundRequestTable,
  remainderIsSmall,
  shareOfSources,
  type LotReturn,
  type RefundRule,
  type ReturnDecision,
  type ReturnedLot,
} from './issuing.ts'
import { sampleTerms } from './terms-sample.ts'

const at = (text: string): Instant => Date.parse(`${text}+09:00`)
const BOUGHT = at('2026-11-20T23:59:59.999')
const rule: RefundRule = sampleTerms.refund!

/** 100,000 for 90,000, the rest by nation, province and city 5 : 2 : 3. */
const bought: ReturnedLot = {
  kind: 'purchase',
  faceWon: won(100_000),
  remainingWon: won(100_000),
  heldWon: won(0),
  expiresAt: addYears(BOUGHT, 5),
  issuedAt: BOUGHT,
  sources: {
    payWon: won(90_000),
    nationalWon: won(5_000),
    provinceWon: won(2_000),
    cityWon: won(3_000),
  },
  givenAwayWon: won(0),
}

const cancel = (lot: Partial<ReturnedLot>, now: Instant): ReturnDecision =>
  decideCancellation({ ...bought, ...lot }, sampleTerms, { now, holidays: [] })
const refund = (lot: Partial<ReturnedLot>, now = BOUGHT): ReturnDecision =>
  decideRefund({ ...bought, ...lot }, rule, now)
const reasonOf = (decision: ReturnDecision) =>
  decision.outcome === 'refused' ? decision.reason : decision.outcome

test('the day of the purchase is not counted, and the last day counts to its end', () => {
  const days = (boughtAt: string, holidays: string[] = []) => {
    const known = holidays.map((day) => parseBusinessDate(day)!)
    return cancellableUntil(at(boughtAt), 7, known)
  }
  // Friday 20 November: one minute before and after midnight are a day apart.
  assert.equal(days('2026-11-19T23:59:00'), at('2026-11-27T00:00:00'))
  assert.equal(days('2026-11-20T00:00:00'), at('2026-11-28T00:00:00'))
  // The 7th day is a Saturday, or a holiday: the next business day is the last.
  assert.equal(days('2026-11-21T12:00:00'), at('2026-12-01T00:00:00'))
  assert.equal(days('2026-11-20T12:00:00', ['2026-11-27']), at('2026-12-01T00:00:00'))
})

test('a purchase is cancelled until the last instant of the last day, and at the next no more', () => {
  const until = at('2026-11-28T00:00:00')
  assert.deepEqual(cancel({}, until - 1), {
    outcome: 'granted',
    amountWon: 100_000,
    memberWon: 90_000,
    fundedWon: [
      { funder: 'national', amountWon: 5_000 },
      { funder: 'province', amountWon: 2_000 },
      { funder: 'city', amountWon: 3_000 },
    ],
  })
  assert.equal(reasonOf(cancel({}, until)), 'cancel_window_over')
})

test('what stands against handing back is told in order', () => {
  const soon = BOUGHT + MINUTE_MS
  assert.equal(reasonOf(cancel({ remainingWon: won(99_999) }, soon)), 'lot_used')
  const held = { remainingWon: won(99_999), heldWon: won(1) }
  assert.equal(reasonOf(cancel(held, soon)), 'lot_in_use')
  assert.equal(reasonOf(cancel({ ...held, expiresAt: soon }, soon)), 'lot_expired')
  const unpaid = { ...bought.sources, payWon: won(0), cityWon: won(93_000) }
  assert.equal(reasonOf(cancel({ sources: unpaid }, soon)), 'lot_not_refundable')
  for (const kind of ['stipend', 'cashback', 'gift'] as const) {
    assert.equal(reasonOf(cancel({ kind }, soon)), 'lot_not_refundable')
    assert.equal(reasonOf(refund({ kind, remainingWon: won(1_000) })), 'lot_not_refundable')
  }
})

test('60 % used is enough, a won less is not; small lots ask for 80 %', () => {
  assert.equal(reasonOf(refund({ remainingWon: won(40_000) })), 'granted')
  assert.equal(reasonOf(refund({ remainingWon: won(40_001) })), 'refund_ratio_not_met')
  const small = {
    faceWon: won(10_000),
    sources: {
      payWon: won(9_000),
      nationalWon: won(500),
      provinceWon: won(200),
      cityWon: won(300),
    },
  }
  assert.equal(reasonOf(refund({ ...small, remainingWon: won(2_000) })), 'granted')
  assert.equal(reasonOf(refund({ ...small, remainingWon: won(2_001) })), 'refund_ratio_not_met')
})

test('what was given away is no use', () => {
  const lot = { remainingWon: won(40_000), givenAwayWon: won(1) }
  assert.equal(reasonOf(refund(lot)), 'refund_ratio_not_met')
  assert.equal(reasonOf(refund({ remainingWon: won(39_999), givenAwayWon: won(1) })), 'granted')
})

test('the two ways to take the support off, as the page says', () => {
  const lot = { ...bought, remainingWon: won(40_000) }
  assert.deepEqual(quoteRefund(lot, { deduction: 'proportional' }), {
    amountWon: 40_000,
    memberWon: 36_000,
    fundedWon: [
      { funder: 'national', amountWon: 2_000 },
      { funder: 'province', amountWon: 800 },
      { funder: 'city', amountWon: 1_200 },
    ],
  })
  assert.deepEqual(quoteRefund(lot, { deduction: 'whole_support' }).memberWon, 30_000)
  const little = { ...bought, remainingWon: won(10_000) }
  assert.equal(quoteRefund(little, { deduction: 'whole_support' }).memberWon, 0)
  const whole = { ...rule, deduction: 'whole_support' as const }
  assert.equal(reasonOf(decideRefund(little, whole, BOUGHT)), 'nothing_to_refund')
})

test('a full refund asks for no ratio, and gives presents back too', () => {
  const lot = { ...bought, kind: 'gift' as const, remainingWon: won(99_999) }
  const decision = decideFullRefund(lot, rule, BOUGHT)
  assert.deepEqual(decision.outcome === 'granted' && decision.memberWon, 90_000)
  const letter = quoteFullRefund(lot, { fullRefund: 'whole_balance' })
  assert.deepEqual(letter, { amountWon: 99_999, memberWon: 99_999, fundedWon: [] })
})

test('a small remainder is 20 % of the face, and not a won more', () => {
  assert.equal(remainderIsSmall({ ...bought, remainingWon: won(20_000) }, rule), true)
  assert.equal(remainderIsSmall({ ...bought, remainingWon: won(20_001) }, rule), false)
})

const anyLot = fc
  .record({
    payWon: fc.integer({ min: 1, max: 700_000 }),
    nationalWon: fc.integer({ min: 0, max: 100_000 }),
    provinceWon: fc.integer({ min: 0, max: 50_000 }),
    cityWon: fc.integer({ min: 0, max: 50_000 }),
    leftBasisPoints: fc.integer({ min: 0, max: 10_000 }),
  })
  .map(({ leftBasisPoints, ...parts }) => {
    const faceWon = parts.payWon + parts.nationalWon + parts.provinceWon + parts.cityWon
    const sources = {
      payWon: won(parts.payWon),
      nationalWon: won(parts.nationalWon),
      provinceWon: won(parts.provinceWon),
      cityWon: won(parts.cityWon),
    }
    const remainingWon = won(Math.floor((faceWon * leftBasisPoints) / 10_000))
    return { faceWon: won(faceWon), remainingWon, sources }
  })

const addsUp = ({ amountWon, memberWon, fundedWon }: LotReturn): boolean =>
  memberWon + sumWon(fundedWon.map((part) => part.amountWon)) === amountWon

test('the parts add up to what leaves the lot, and nobody gets more than they gave', () => {
  fc.assert(
    fc.property(anyLot, (lot) => {
      const gave = { national: 'nationalWon', province: 'provinceWon', city: 'cityWon' } as const
      for (const deduction of refundDeductions) {
        const quote = quoteRefund(lot, { deduction })
        assert.ok(addsUp(quote) && quote.amountWon === lot.remainingWon)
        assert.ok(quote.memberWon <= lot.sources.payWon)
        for (const { funder, amountWon } of quote.fundedWon) {
          assert.ok(amountWon <= lot.sources[gave[funder]])
        }
      }
      for (const fullRefund of fullRefundBases) {
        assert.ok(addsUp(quoteFullRefund(lot, { fullRefund })))
      }
      const full = quoteFullRefund(lot, { fullRefund: 'paid_part' })
      const less = quoteRefund(lot, { deduction: 'proportional' })
      assert.ok(full.memberWon - less.memberWon <= 1 && full.memberWon >= less.memberWon)
      const shares = shareOfSources(lot.remainingWon, lot.sources)
      assert.equal(sumWon(Object.values(shares)), lot.remainingWon)
    }),
  )
})

test('the page on refunds holds the table of requests, cell for cell', () => {
  const spec = readFileSync(new URL('../refunding/SPEC.md', import.meta.url), 'utf8')
  const rows = refundRequestStates.map((state) => {
    const cells = refundRequestEvents.map((event) => {
      const step = refundRequestTable[state][event]
      return `${step.state} / ${step.action}`
    })
    return `| ${[state, ...cells].join(' | ')} |`
  })
  const head = `| ${['state \\ event', ...refundRequestEvents].join(' | ')} |`
  const dashes = `| ${Array.from({ length: refundRequestEvents.length + 1 }, () => '---').join(' | ')} |`
  assert.ok(spec.includes([head, dashes, ...rows].join('\n')), [head, dashes, ...rows].join('\n'))
})
