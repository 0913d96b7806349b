/** What random scripts of sets are drawn from; each method reads a draw in its own way. */
import fc from 'fast-check'
import { moveDraw } from './ledger-random-movements.contract.ts'

export const methods = [
  ...(['issue', 'pay', 'hold', 'closeHolds', 'cancel', 'reservePurchases'] as const),
  ...(['closePurchases', 'settleCards'] as const),
] as const
export type Method = (typeof methods)[number]

/** Twice as often as the others: half of what follows from them is rare. */
const advices = ['advice', 'advice'] as const

/** One request as drawn: small numbers that each method reads in its own way. */
const draw = fc.record({
  /** Whether the request is new, an earlier one again, or a new one under a key already used. */
  mode: fc.oneof(
    { weight: 8, arbitrary: fc.constant('new' as const) },
    { weight: 1, arbitrary: fc.constant('again' as const) },
    { weight: 1, arbitrary: fc.constant('stolen_key' as const) },
  ),
  pick: fc.nat({ max: 100 }),
  wallet: fc.constantFrom(0, 0, 0, 0, 1, 1, 1, 2),
  program: fc.nat({ max: 1 }),
  kind: fc.nat({ max: 1 }),
  merchant: fc.nat({ max: 1 }),
  amountWon: fc.integer({ min: 1, max: 12 }).map((tens) => tens * 10),
  tenders: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 2 }),
  expiresAfterMs: fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 30 }) },
    { weight: 2, arbitrary: fc.constant(1_000) },
  ),
  codeStep: fc.constantFrom(undefined, undefined, undefined, undefined, 1, 2, 3, 4),
  refusal: fc.oneof(
    { weight: 20, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant('own_shop' as const) },
  ),
  whole: fc.boolean(),
  /** Of every other payment; the number says whose. */
  card: fc.constantFrom(undefined, undefined, 0, 1),
  date: fc.nat({ max: 1 }),
  coverage: fc.constantFrom('all' as const, 'partial' as const, ...advices),
})
export type Draw = typeof draw extends fc.Arbitrary<infer Value> ? Value : never

const step = fc.record({
  method: fc.constantFrom(...methods, 'issue', 'issue', 'pay', 'pay', 'pay', 'cancel', 'cancel'),
  advanceMs: fc.integer({ min: 0, max: 5 }),
  /** Whether what is due expires before the set. */
  expires: fc.constantFrom(false, false, true),
  /** What is moved before the set. */
  moves: fc.array(moveDraw, { maxLength: 4 }),
  draws: fc.array(draw, { minLength: 1, maxLength: 6 }),
})
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

export const script = fc.array(step, { minLength: 5, maxLength: 25, size: 'max' })
