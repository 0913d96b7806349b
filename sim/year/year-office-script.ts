/** Draws what happens about stipends: lists with mistakes, lists that are right, appeals, decisions to take back. */
import type { Random } from '../../src/demonstration/random.ts'
import type { ListFlaw, ListLine, StipendName } from './year-events.ts'
import { OPENS_MINUTE, type Planned, type PlannedOn } from './year-plans.ts'
import { townRules } from './year-town-rules.ts'

interface Round {
  readonly day: number
  readonly program: StipendName
  readonly round: string
  readonly amountWon: number
  /** Of the file that comes first. */
  readonly flaw: ListFlaw
}

/** The second comes while most of the first is left: who would hold too much waits. */
const ROUNDS: readonly Round[] = [
  { day: 5, program: 'allowance', round: '2026-1', amountWon: 150_001, flaw: 'amount' },
  { day: 8, program: 'relief', round: '1차', amountWon: 99_999, flaw: 'total' },
  { day: 12, program: 'allowance', round: '2026-2', amountWon: 70_000, flaw: 'twice' },
  { day: 75, program: 'allowance', round: '2026-3', amountWon: 120_007, flaw: 'issuer' },
  { day: 120, program: 'relief', round: '2차', amountWon: 130_000, flaw: 'encoding' },
  { day: 131, program: 'relief', round: '3차', amountWon: 33_333, flaw: 'cut_off' },
  { day: 190, program: 'allowance', round: '2026-4', amountWon: 90_001, flaw: 'total' },
  { day: 255, program: 'allowance', round: '2026-5', amountWon: 199_999, flaw: 'amount' },
  { day: 290, program: 'relief', round: '4차', amountWon: 64_000, flaw: 'encoding' },
  { day: 330, program: 'allowance', round: '2026-6', amountWon: 50_000, flaw: 'cut_off' },
]

/** Of a hundred members, so many stand on a list. */
const LISTED_PERCENT = 60
/** The day on which each of those who come later joins. */
const JOINS: readonly number[] = [7, 17, 123, 262]
/** Whoever is on lists and never joins. */
const STRANGER = 90

export function officePlans(random: Random, day: number): Planned[] {
  const round = ROUNDS.find((each) => each.day === day)
  const joining = JOINS.indexOf(day)
  return [
    ...(joining === -1 ? [] : [joined(random, townRules.members.length + joining, day)]),
    ...(round === undefined ? [] : roundOf(random, round)),
  ]
}

/** Joins, and pays on some of the days after it, if there is anything to pay with. */
function joined(random: Random, member: number, day: number): Planned {
  const payments = [2, 3, 5, 9, 14].map((days): PlannedOn => {
    const shop = random.integer(0, townRules.shops.length - 1)
    const wish = { what: 'pay', member, shop, amountWon: random.integer(1, 40_000) } as const
    return { day: day + days, minute: OPENS_MINUTE + 60, wish }
  })
  return { minute: OPENS_MINUTE + 5, wish: { what: 'join', member }, leadsTo: () => payments }
}

/** One file that is refused, the right one, and two days later another that adds to it. */
function roundOf(random: Random, { day, program, round, amountWon, flaw }: Round): Planned[] {
  const lines = linesOf(random, amountWon)
  const list = { what: 'list', program, round, lines } as const
  return [
    {
      minute: OPENS_MINUTE + 30,
      wish: { ...list, flaw },
      leadsTo: (number) => [
        { day, minute: OPENS_MINUTE + 31, wish: { what: 'list_again', list: number } },
      ],
    },
    {
      minute: OPENS_MINUTE + 60,
      wish: list,
      leadsTo: (number) => [
        ...released(day, number),
        ...appeals(random, { day, number, lines, amountWon }),
        ...takenBack(day, number, lines),
        { day: day + 2, ...correction(random, day + 2, list) },
      ],
    },
  ]
}

/** Members, all who join later, one who never does, and one member under two numbers. */
function linesOf(random: Random, amountWon: number): ListLine[] {
  const { members, lateMembers } = townRules
  const listed = members.map((_, member) => member).filter(() => random.chance(LISTED_PERCENT))
  const late = Array.from({ length: lateMembers }, (_, index) => members.length + index)
  const lines = [...listed, ...late, STRANGER].map((person): ListLine => ({
    reference: `P-${person}`,
    person,
    by: person < members.length && random.chance(40) ? 'number' : 'person',
    amountWon: amountWon + (random.chance(20) ? random.integer(1, 999) : 0),
  }))
  const first = lines[0]!
  const twin: ListLine = {
    ...first,
    reference: `${first.reference}/2`,
    by: first.by === 'number' ? 'person' : 'number',
  }
  return [...lines, twin]
}

function released(day: number, list: number): readonly PlannedOn[] {
  const minute = OPENS_MINUTE + 62
  return [
    { day, minute, wish: { what: 'list_again', list } },
    { day, minute: minute + 3, wish: { what: 'release', list, approver: 1 } },
    { day, minute: minute + 6, wish: { what: 'release', list, approver: 2 } },
    // After everything has been granted it is known still.
    { day: day + 1, minute, wish: { what: 'list_again', list } },
  ]
}

/** Five of the list again under their own numbers, and up to five that it forgot. */
function correction(
  random: Random,
  day: number,
  list: Extract<Planned['wish'], { what: 'list' }>,
): Planned {
  const known = list.lines.slice(3, 8)
  const missing = townRules.members
    .map((_, member) => member)
    .filter((member) => !list.lines.some(({ person }) => person === member))
    .slice(0, 5)
  const added = missing.map((person): ListLine => ({
    reference: `P-${person}`,
    person,
    by: 'number',
    amountWon: known[0]!.amountWon + random.integer(0, 9),
  }))
  return {
    minute: OPENS_MINUTE + 90,
    wish: { ...list, lines: [...known, ...added] },
    leadsTo: (number) => [
      { day, minute: OPENS_MINUTE + 95, wish: { what: 'release', list: number, approver: 2 } },
    ],
  }
}

/** Members of the list and others, once or twice, in time or too late; an officer answers most of them. */
function appeals(
  random: Random,
  list: { day: number; number: number; lines: readonly ListLine[]; amountWon: number },
): readonly PlannedOn[] {
  const { day, number, lines, amountWon } = list
  const { appealDays } = townRules.programs.allowance.stipend!
  const leftOut = townRules.members.findIndex(
    (_, member) => !lines.some(({ person }) => person === member),
  )
  const appeal = (
    { days, member, claimedWon }: { days: number; member: number; claimedWon: number },
    answer?: number | null,
  ): PlannedOn => ({
    day: day + days,
    minute: OPENS_MINUTE + 120 + member,
    wish: { what: 'appeal', list: number, member, claimedWon },
    leadsTo: (opened) =>
      answer === undefined
        ? []
        : [
            {
              day: day + days + 2,
              minute: OPENS_MINUTE + 10 + member,
              wish: { what: 'answer_appeal', appeal: opened, amountWon: answer },
            },
          ],
  })
  const member = lines[1]!.person
  return [
    appeal({ days: 1, member: leftOut, claimedWon: amountWon }, amountWon + 7),
    appeal({ days: 1, member, claimedWon: amountWon * 2 }, random.chance(50) ? null : amountWon),
    // While the first is open.
    appeal({ days: 2, member, claimedWon: amountWon }),
    appeal({ days: 5, member, claimedWon: 10_000 }, 10_001),
    appeal({ days: 6, member: lines[2]!.person, claimedWon: 500 }, null),
    appeal({ days: appealDays + 1, member: lines[3]!.person, claimedWon: amountWon }),
  ]
}

function takenBack(day: number, list: number, lines: readonly ListLine[]): readonly PlannedOn[] {
  const minute = OPENS_MINUTE + 200
  const back = (days: number, at: number, line: number, approver: 1 | 2): PlannedOn => ({
    day: day + days,
    minute: at,
    wish: { what: 'claw_back', list, line, approver },
  })
  return [
    back(4, minute, 4, 1),
    back(4, minute + 1, 4, 2),
    back(5, minute, 4, 2),
    back(6, minute, 6, 2),
    // Whom nobody knows was granted nothing.
    back(6, minute + 1, lines.length - 2, 2),
  ]
}
