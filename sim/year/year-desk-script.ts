/**
 * What officers do about programs in the year: rates and caps by proposal and a second officer, in time and not; sale
 * and payment stopped and begun again. And what the bank does wrong.
 */
import {
  bankSlips,
  type BankSlip,
  type Officer,
  type Wish,
  type YearChange,
} from './year-events.ts'
import { OPENS_MINUTE, type Planned } from './year-plans.ts'

/** What becomes of a proposal or of a stop, and when. */
interface Answer {
  readonly day: number
  readonly what: 'approve' | 'turn_down'
  readonly officer: Officer
}

interface Plan {
  readonly day: number
  readonly wish: Extract<Wish, { what: 'propose' | 'stop_at_once' }>
  readonly answers: readonly Answer[]
}

const propose = (
  day: number,
  officer: Officer,
  change: YearChange,
  answers: readonly Answer[] = [],
): Plan => ({ day, wish: { what: 'propose', change, officer }, answers })

const voucher = { kind: 'terms', program: 'voucher' } as const
const cashback = { kind: 'terms', program: 'cashback' } as const
const festival = { kind: 'terms', program: 'festival' } as const
const onSale = { saleStopped: false, paymentStopped: false } as const

const PLANS: readonly Plan[] = [
  // Worse for members, and told too late.
  propose(4, 1, { ...voucher, fromDay: 11, rateBasisPoints: 700 }),
  propose(10, 1, { ...voucher, fromDay: 20, rateBasisPoints: 700 }, [
    { day: 10, what: 'approve', officer: 1 },
    { day: 11, what: 'approve', officer: 2 },
    { day: 12, what: 'approve', officer: 2 },
  ]),
  propose(13, 2, { ...cashback, fromDay: 30, monthlyCapWon: 200_000 }, [
    { day: 13, what: 'approve', officer: 1 },
  ]),
  // More than the law allows, and what is so already.
  propose(14, 1, { ...voucher, fromDay: 40, rateBasisPoints: 2_500 }),
  propose(14, 2, { ...voucher, fromDay: 40, rateBasisPoints: 700 }),
  propose(14, 2, { ...voucher, fromDay: 14, rateBasisPoints: 800 }),
  // In time when it is proposed, too late when it is decided; nobody decides any more, and it lapses.
  propose(15, 1, { ...festival, fromDay: 26, rateBasisPoints: 1_200 }, [
    { day: 19, what: 'approve', officer: 2 },
    { day: 27, what: 'approve', officer: 2 },
  ]),
  // Two at once: the second was written over terms that are no more the last.
  propose(16, 1, { ...voucher, fromDay: 36, rateBasisPoints: 900 }, [
    { day: 17, what: 'approve', officer: 2 },
  ]),
  propose(16, 2, { ...voucher, fromDay: 37, monthlyCapWon: 250_000 }, [
    { day: 18, what: 'approve', officer: 1 },
    { day: 19, what: 'turn_down', officer: 2 },
  ]),
  propose(21, 2, { ...voucher, fromDay: 50, monthlyCapWon: 280_000 }, [
    { day: 22, what: 'turn_down', officer: 1 },
    { day: 23, what: 'approve', officer: 1 },
  ]),
  {
    day: 22,
    wish: {
      what: 'stop_at_once',
      program: 'voucher',
      saleStopped: true,
      paymentStopped: false,
      officer: 1,
    },
    answers: [
      { day: 22, what: 'approve', officer: 1 },
      { day: 22, what: 'approve', officer: 2 },
    ],
  },
  propose(24, 1, { kind: 'stop', program: 'voucher', ...onSale }, [
    { day: 25, what: 'approve', officer: 2 },
  ]),
  // A second officer finds that there was no need.
  {
    day: 28,
    wish: {
      what: 'stop_at_once',
      program: 'cashback',
      saleStopped: true,
      paymentStopped: true,
      officer: 2,
    },
    answers: [{ day: 29, what: 'turn_down', officer: 1 }],
  },
  // One alone may stop, and not begin again.
  {
    day: 31,
    wish: { what: 'stop_at_once', program: 'festival', ...onSale, officer: 1 },
    answers: [],
  },
  propose(60, 1, { ...festival, fromDay: 70, rateBasisPoints: 1_050 }, [
    { day: 61, what: 'approve', officer: 2 },
  ]),
  propose(170, 2, { ...voucher, fromDay: 181, rateBasisPoints: 700 }, [
    { day: 172, what: 'approve', officer: 1 },
  ]),
  propose(201, 1, { kind: 'stop', program: 'voucher', saleStopped: true, paymentStopped: true }, [
    { day: 202, what: 'approve', officer: 2 },
  ]),
  propose(203, 1, { kind: 'stop', program: 'voucher', ...onSale }, [
    { day: 205, what: 'approve', officer: 2 },
  ]),
  propose(230, 2, { ...voucher, fromDay: 243, rateBasisPoints: 1_333 }, [
    { day: 240, what: 'approve', officer: 1 },
  ]),
  // What is decided now is better, and what was decided before then takes something away: told in time.
  propose(270, 1, { ...voucher, fromDay: 310, rateBasisPoints: 1_000 }, [
    { day: 271, what: 'approve', officer: 2 },
  ]),
  propose(303, 1, { ...voucher, fromDay: 304, rateBasisPoints: 1_500 }, [
    { day: 303, what: 'approve', officer: 2 },
  ]),
  propose(290, 1, { ...voucher, fromDay: 295, rateBasisPoints: 1_500 }, [
    { day: 290, what: 'approve', officer: 2 },
  ]),
]

/** The bank begins with slips, and goes on with one in this many days. */
const SLIP_EVERY_DAYS = 3
const SLIPS_THEN_EVERY_DAYS = 17

export function deskPlans(day: number): Planned[] {
  const plans = PLANS.filter((plan) => plan.day === day)
  return [
    ...plans.map(({ wish, answers }, index): Planned => ({
      minute: OPENS_MINUTE + 15 + 10 * index,
      wish,
      leadsTo: (number) =>
        answers.map(({ day: on, what, officer }, count) => ({
          day: on,
          minute: OPENS_MINUTE + 45 + 5 * count,
          wish: { what, proposal: number, officer },
        })),
    })),
    ...slipOf(day),
  ]
}

function slipOf(day: number): Planned[] {
  const all = bankSlips.flatMap((slip): { file: 'statement' | 'result'; slip: BankSlip }[] => [
    { file: 'statement', slip },
    { file: 'result', slip },
  ])
  const atFirst = all.length * SLIP_EVERY_DAYS
  const every = day < atFirst ? SLIP_EVERY_DAYS : SLIPS_THEN_EVERY_DAYS
  if (day % every !== 0) return []
  const { file, slip } = all[(day / every) % all.length]!
  return [{ minute: OPENS_MINUTE + 20, wish: { what: 'bank_slip', file, slip } }]
}
