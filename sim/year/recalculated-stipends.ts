/** Stipends, calculated: which lines of a list are granted and when, appeals, and what two officers take back. */
import {
  addLot,
  flow,
  heldWon,
  lastDayOf,
  oweFunders,
  split,
  sum,
  takeBack,
  type ModelBooks,
  type ModelLot,
} from './recalculated-books.ts'
import type { ModelAppeal, ModelLine, ModelList } from './recalculated-offices.ts'
import { dayOf } from './year-calendar.ts'
import {
  declined,
  done,
  type ListFlaw,
  type ListLine,
  type StipendName,
  type Told,
  type WishOf,
  type YearEvent,
} from './year-events.ts'
import { townRules } from './year-town-rules.ts'

const DAY_MS = 86_400_000
/** Whose file it is and the header stand above the first person. */
const LINES_ABOVE = 2

export function takeList(
  books: ModelBooks,
  { number, day }: YearEvent,
  { program, round, lines, flaw }: WishOf<'list'>,
): Told {
  if (flaw !== undefined) {
    const told = declined(problemsOf(lines, flaw))
    books.lists.set(number, told)
    return told
  }
  const known = [...books.lists.values()].find(
    (list) => 'lines' in list && isSameFile(list, { program, round, lines }),
  )
  if (known !== undefined) {
    books.lists.set(number, known)
    return takeListAgain(books, { what: 'list_again', list: number })
  }
  const list: ModelList = {
    program,
    round,
    lines: lines.map((line): ModelLine => ({ ...line, state: 'waiting', lot: undefined })),
    told: done({ lines: lines.length, totalWon: totalOf(lines), isNew: 0 }),
    state: 'checked',
    releasedAt: undefined,
  }
  books.lists.set(number, list)
  judgeLines(books, list, { states: ['waiting'], day })
  const counts = (['ready', 'waiting', 'refused'] as const).map((state) => [
    state,
    list.lines.filter((line) => line.state === state).length,
  ])
  const sums = { lines: lines.length, totalWon: totalOf(lines), isNew: 1 }
  return done({ ...sums, ...Object.fromEntries(counts) })
}

export function takeListAgain(books: ModelBooks, { list }: WishOf<'list_again'>): Told {
  const known = books.lists.get(list)
  if (known === undefined) throw new Error(`event ${list} brought no list`)
  return 'told' in known ? known.told : known
}

function isSameFile(
  one: ModelList,
  other: Pick<WishOf<'list'>, 'program' | 'round' | 'lines'>,
): boolean {
  const textOf = ({ reference, person, by, amountWon }: ListLine): string =>
    [reference, person, by, amountWon].join(' ')
  const [a, b] = [one, other].map(({ program, round, lines }) =>
    [program, round, ...lines.map(textOf)].join('\n'),
  )
  return a === b
}

/** What is said of a file that is not right, each with its line. */
function problemsOf(lines: readonly ListLine[], flaw: ListFlaw): string {
  const last = LINES_ABOVE + lines.length
  const end = last + 1
  switch (flaw) {
    case 'amount':
      return `amount_malformed ${last}, total_differs ${end}`
    case 'twice':
      return `reference_twice ${end}, person_twice ${end}`
    case 'total':
      return `total_differs ${end}`
    case 'issuer':
      return 'issuer_differs 1'
    case 'encoding':
      return `undecodable ${last}, total_differs ${end}`
    default:
      return `line_cut_off ${last}`
  }
}

/** As they stand at one instant, all of them. */
function judgeLines(
  books: ModelBooks,
  list: ModelList,
  { states, day }: { states: readonly ModelLine['state'][]; day: number },
): readonly ModelLine[] {
  const judged = list.lines.filter(({ state }) => states.includes(state))
  for (const line of judged) line.state = stateOf(books, list, line, day)
  return judged
}

function stateOf(
  books: ModelBooks,
  { program, round }: ModelList,
  line: ModelLine,
  day: number,
): ModelLine['state'] {
  const { person, amountWon } = line
  const owner = books.claims.get(`${program}/${round}/${person}`)
  if (!isMember(books, person)) return 'waiting'
  if (owner !== undefined && owner !== line) return 'refused'
  const wouldHold = heldWon(books, person, program, dayOf(day)) + amountWon
  return wouldHold > townRules.programs[program].holdingCapWon ? 'waiting' : 'ready'
}

function isMember(books: ModelBooks, person: number): boolean {
  return person < townRules.members.length || books.joined.has(person)
}

export function release(
  books: ModelBooks,
  { day, at }: YearEvent,
  { list: number, approver }: WishOf<'release'>,
): Told {
  const list = books.lists.get(number)
  if (list === undefined || !('lines' in list)) return declined('batch_unknown')
  if (list.state === 'done' || list.state === 'closed') return declined('batch_state_differs')
  list.state = 'proposed'
  if (approver === 1) return declined('other_officer_needed')
  list.state = 'done'
  list.releasedAt = at
  grantLines(books, list, judgeLines(books, list, { states: ['ready'], day }), day)
  const granted = list.lines.filter(({ state }) => state === 'granted')
  return done({ granted: granted.length, grantedWon: totalOf(granted) })
}

/** Of several lines of one person the first has it. */
function grantLines(
  books: ModelBooks,
  { program, round }: ModelList,
  judged: readonly ModelLine[],
  day: number,
): void {
  for (const line of judged.filter(({ state }) => state === 'ready')) {
    const claim = `${program}/${round}/${line.person}`
    if (books.claims.has(claim)) {
      line.state = 'refused'
      continue
    }
    books.claims.set(claim, line)
    line.state = 'granted'
    line.lot = grant(books, { member: line.person, program, amountWon: line.amountWon, day })
  }
}

function grant(
  books: ModelBooks,
  given: { member: number; program: StipendName; amountWon: number; day: number },
): ModelLot {
  const { member, program, amountWon, day } = given
  const rules = townRules.programs[program]
  const shares = split(amountWon, rules.weights)
  oweFunders(books, shares, 1)
  const ends = [lastDayOf(rules, dayOf(day)), dayOf(day + rules.stipend!.validityDays)]
  const lastDay = ends.toSorted()[0]!
  const lot = addLot(books, { member, program, kind: 'stipend', faceWon: amountWon, lastDay })
  books.grants.set(lot, shares)
  flow(books, lot, 'granted', amountWon)
  return lot
}

/** In the night: who has joined, or spent enough, gets what waited. */
export function grantLate(books: ModelBooks, day: number): void {
  for (const list of listsOf(books)) {
    if (list.state !== 'done') continue
    grantLines(books, list, judgeLines(books, list, { states: ['waiting', 'ready'], day }), day)
  }
}

/** In the night: who has not joined in time gets nothing any more. */
export function endLists(books: ModelBooks, now: number): void {
  for (const list of listsOf(books)) {
    const { joinDays } = townRules.programs[list.program].stipend!
    if (list.state !== 'done' || now < list.releasedAt! + joinDays * DAY_MS) continue
    list.state = 'closed'
    for (const line of list.lines) if (line.state === 'waiting') line.state = 'lapsed'
  }
}

function listsOf(books: ModelBooks): ModelList[] {
  return [...new Set(books.lists.values())].filter((list) => 'lines' in list)
}

export function appeal(
  books: ModelBooks,
  { number, at }: YearEvent,
  { list: listNumber, member, claimedWon }: WishOf<'appeal'>,
): Told {
  const list = books.lists.get(listNumber)
  if (list === undefined || !('lines' in list) || list.releasedAt === undefined) {
    return declined('batch_unknown')
  }
  const { appealDays } = townRules.programs[list.program].stipend!
  if (at >= list.releasedAt + appealDays * DAY_MS) return declined('appeal_period_over')
  const own = [...books.appeals.values()].filter(
    (other) => other.list === list && other.member === member,
  )
  if (own.some(({ state }) => state !== 'ended')) return declined('appeal_open_already')
  if (own.length >= townRules.appealsMax) return declined('too_many_appeals')
  books.appeals.set(number, { list, member, state: 'open' })
  return done({ claimedWon })
}

export function answerAppeal(
  books: ModelBooks,
  { day }: YearEvent,
  { appeal: number, amountWon }: WishOf<'answer_appeal'>,
): Told {
  const opened: ModelAppeal | undefined = books.appeals.get(number)
  if (opened === undefined) return declined('appeal_unknown')
  const { list, member } = opened
  if (amountWon === null) {
    opened.state = 'ended'
    return done({ amountWon: 0 })
  }
  opened.state = 'accepted'
  const { program } = list
  const wouldHold = heldWon(books, member, program, dayOf(day)) + amountWon
  if (wouldHold > townRules.programs[program].holdingCapWon) return declined('appeal_over_cap')
  opened.state = 'ended'
  grant(books, { member, program, amountWon, day })
  return done({ amountWon })
}

export function clawBack(
  books: ModelBooks,
  { list: number, line, approver }: WishOf<'claw_back'>,
): Told {
  const list = books.lists.get(number)
  const lot = list !== undefined && 'lines' in list ? list.lines[line]?.lot : undefined
  if (lot === undefined) return declined('grant_unknown')
  const isProposed = books.proposedBack.has(lot)
  if (lot.leftWon === 0 && !isProposed) return declined('nothing_left_to_claw_back')
  books.proposedBack.add(lot)
  if (approver === 1) return declined('other_officer_needed')
  books.proposedBack.delete(lot)
  return done({ takenWon: lot.leftWon === 0 ? 0 : takeBack(books, lot) })
}

function totalOf(lines: readonly ListLine[]): number {
  return sum(lines.map(({ amountWon }) => amountWon))
}
