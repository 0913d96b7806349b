/** Policy alone: every reason, which of several is told, and the order in which money may be consumed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { declineReasons, won, type DeclineReason } from '../base/base.ts'
import { decidePayment, type PaymentFacts } from './authorization.ts'
import {
  NOON,
  outlet,
  programOf,
  shop,
  stipendProgram,
  stipendTerms,
  voucherProgram,
  voucherTerms,
} from './fixtures/small-shop.ts'

const ordinary: PaymentFacts = {
  merchant: shop,
  outlet,
  programs: [programOf(voucherTerms), programOf(stipendTerms)],
  payerPersonId: 'person-0001',
  walletStopped: false,
  amountWon: won(10_000),
}

function decide(change: Partial<PaymentFacts>) {
  return decidePayment({ ...ordinary, ...change }, NOON)
}
/** `2/stipend 1/cashback …` */
function tendersOf(change: Partial<PaymentFacts>): string {
  return decide(change)
    .tenders.map(({ programId, kind }) => `${programId}/${kind}`)
    .join(' ')
}

test('money is consumed by tender rank: the stipend, then of the voucher what was given before what was bought', () => {
  assert.deepEqual(decide({}).refusal, undefined)
  assert.equal(tendersOf({}), '2/stipend 1/cashback 1/gift 1/purchase')
})

/** One fact that alone brings about the reason. Reasons that exclude one another stand in one group. */
const facts: readonly (readonly (readonly [DeclineReason, Partial<PaymentFacts>])[])[] = [
  [
    ['code_invalid', { codeProblem: 'code_invalid' }],
    ['code_expired', { codeProblem: 'code_expired' }],
    ['code_of_other_issuer', { codeProblem: 'code_of_other_issuer' }],
    ['amount_differs_from_code', { codeProblem: 'amount_differs_from_code' }],
  ],
  [
    ['merchant_unknown', { merchant: undefined }],
    ['merchant_not_active', { merchant: { ...shop, status: 'suspended' } }],
    ['own_shop', { merchant: { ...shop, ownerPersonId: ordinary.payerPersonId } }],
  ],
  [['outlet_closed', { outlet: { ...outlet, open: false } }]],
  [['wallet_stopped', { walletStopped: true }]],
  [
    ['amount_above_limit', { amountWon: won(1_500_001) }],
    [
      'merchant_not_eligible',
      { programs: [programOf({ ...voucherTerms, ...refusing('snack_bar') })] },
    ],
    ['program_suspended', { programs: [programOf({ ...voucherTerms, paymentSuspended: true })] }],
  ],
]

function refusing(sector: string) {
  return { merchantRules: { ...voucherTerms.merchantRules, sectorsRefused: [sector] } }
}

for (const [reason, change] of facts.flat()) {
  test(`${reason} is told where it is the only reason, and no tender with it`, () => {
    assert.deepEqual(decide(change), { tenders: [], refusal: reason })
  })
}

test('of several reasons the first of the list is told, whatever they are', () => {
  const oneOfEach = fc.tuple(
    ...facts.map((group) => fc.option(fc.constantFrom(...group), { nil: undefined })),
  )
  fc.assert(
    fc.property(oneOfEach, (chosen) => {
      const there = chosen.filter((each) => each !== undefined)
      const decision = decide(Object.assign({}, ...there.map(([, change]) => change)))
      // Where the merchant is not known, what it may take is not asked.
      const unknown = there.some(([reason]) => reason === 'merchant_unknown')
      const told = there
        .map(([reason]) => reason)
        .filter((reason) => !unknown || !facts[4]!.some(([other]) => other === reason))
      assert.equal(
        decision.refusal,
        declineReasons.find((reason) => told.includes(reason)),
      )
      assert.equal(decision.tenders.length === 0, decision.refusal !== undefined)
    }),
  )
})

test('a merchant that the issuer does not have, or an outlet, is unknown', () => {
  assert.equal(decide({ outlet: undefined }).refusal, 'merchant_unknown')
  assert.equal(decide({ merchant: undefined, outlet: undefined }).refusal, 'merchant_unknown')
  for (const status of ['applied', 'closed'] as const) {
    assert.equal(decide({ merchant: { ...shop, status } }).refusal, 'merchant_not_active')
  }
})

test('the limit of one payment is inclusive, and a program whose limit is lower is left out', () => {
  assert.equal(decide({ amountWon: won(1_500_000) }).refusal, undefined)
  const stipend = programOf({ ...stipendTerms, paymentWonMax: won(9_999) })
  assert.equal(
    tendersOf({ programs: [programOf(voucherTerms), stipend] }),
    '1/cashback 1/gift 1/purchase',
  )
})

test('bought money is refused above three thousand million won of revenue, a stipend is not', () => {
  const big = { ...shop, annualRevenueWon: won(3_000_000_001) }
  assert.equal(tendersOf({ merchant: big }), '2/stipend')
  assert.equal(
    tendersOf({ merchant: { ...big, annualRevenueWon: won(3_000_000_000) } }).split(' ').length,
    4,
  )
})

test('a suspended program is left out; suspension is the reason where the shop could take its money otherwise', () => {
  const suspended = programOf({ ...voucherTerms, paymentSuspended: true })
  assert.equal(tendersOf({ programs: [suspended, programOf(stipendTerms)] }), '2/stipend')
  const refused = programOf({ ...stipendTerms, ...refusing('snack_bar') })
  assert.equal(decide({ programs: [suspended, refused] }).refusal, 'program_suspended')
  const both = programOf({ ...voucherTerms, ...refusing('snack_bar'), paymentSuspended: true })
  assert.equal(decide({ programs: [both, refused] }).refusal, 'merchant_not_eligible')
})

test('terms count from the millisecond they are in force, and without any nothing may be spent', () => {
  const later = { ...voucherTerms, version: 2, effectiveFrom: NOON, paymentSuspended: true }
  const programs = [programOf(voucherTerms, later)]
  assert.equal(decidePayment({ ...ordinary, programs }, NOON - 1).refusal, undefined)
  assert.equal(decidePayment({ ...ordinary, programs }, NOON).refusal, 'program_suspended')
  const future = [programOf({ ...voucherTerms, effectiveFrom: NOON + 1 })]
  assert.equal(decide({ programs: future }).refusal, 'merchant_not_eligible')
  assert.equal(decide({ programs: [] }).refusal, 'merchant_not_eligible')
})

test('programs that the member prefers come first, in that order; the others keep theirs', () => {
  const prefer = (...preferredPrograms: PaymentFacts['programs'][number]['programId'][]) =>
    tendersOf({ preferredPrograms })
  assert.equal(prefer(voucherProgram), '1/cashback 1/gift 1/purchase 2/stipend')
  assert.equal(prefer(voucherProgram, stipendProgram), '1/cashback 1/gift 1/purchase 2/stipend')
  assert.equal(prefer(stipendProgram), tendersOf({}))
  assert.equal(prefer(), tendersOf({}))
})
