/** Changes of programs, calculated: what two officers may decide, what is in force on a day, and who is told of it. */
import type { ModelBooks } from './recalculated-books.ts'
import type { ModelProposal, ModelStop, ModelTerms } from './recalculated-offices.ts'
import { startOfDay } from './year-calendar.ts'
import {
  declined,
  done,
  type ProgramName,
  type Told,
  type WishOf,
  type YearChange,
  type YearEvent,
  type YearStop,
} from './year-events.ts'
import { townRules, type ProgramRules } from './year-town-rules.ts'

const DAY_MS = 86_400_000

/** A program's rules as officers have left them for a day. */
export function rulesOn(books: ModelBooks, program: ProgramName, day: number): ProgramRules {
  const { rateBasisPoints, monthlyCapWon } = termsOn(books.terms[program], day)
  return { ...townRules.programs[program], rateBasisPoints, monthlyCapWon }
}

/** Of those that have begun the one that began last; of one day the one that was written last. */
function termsOn(versions: readonly ModelTerms[], day: number): ModelTerms {
  const begun = versions.filter(({ fromDay }) => fromDay <= day)
  return begun.reduce((best, each) => (each.fromDay >= best.fromDay ? each : best))
}

const nothingStopped: ModelStop = { at: 0, saleStopped: false, paymentStopped: false }

export function stopOf(books: ModelBooks, program: ProgramName): ModelStop {
  return books.stops[program].at(-1) ?? nothingStopped
}

/** Whoever bought before it was told that terms get worse may leave until they do. */
export function mayLeave(
  books: ModelBooks,
  program: ProgramName,
  { boughtAt, at, day }: { boughtAt: number; at: number; day: number },
): boolean {
  return books.terms[program].some(
    ({ toldAt, fromDay }) =>
      toldAt !== undefined && boughtAt < toldAt && at >= toldAt && day < fromDay,
  )
}

export function propose(
  books: ModelBooks,
  { number, day, at }: YearEvent,
  { change, officer }: WishOf<'propose'>,
): Told {
  const basedOn = change.kind === 'terms' ? books.terms[change.program].length : 0
  const reason = objectionTo(books, change, { day, at, basedOn })
  if (reason !== undefined) return declined(reason)
  const decideBy =
    change.kind === 'terms' ? startOfDay(change.fromDay) : at + townRules.proposalDays * DAY_MS
  books.proposals.set(number, {
    change,
    officer,
    basedOn,
    decideBy,
    at,
    isDone: false,
    state: 'open',
    decidedBy: undefined,
  })
  return done()
}

/** Why it cannot be decided now. */
function objectionTo(
  books: ModelBooks,
  change: YearChange,
  { day, at, basedOn }: { day: number; at: number; basedOn: number },
): string | undefined {
  if (change.kind === 'stop') {
    return isSameStop(stopOf(books, change.program), change) ? 'nothing_changes' : undefined
  }
  const versions = books.terms[change.program]
  if (versions.length !== basedOn) return 'terms_superseded'
  if (startOfDay(change.fromDay) <= at) return 'field_invalid'
  const next = termsAfter(books, change)
  const { rateBasisPoints } = next
  if (rateBasisPoints < 1 || rateBasisPoints > townRules.rateBasisPointsMax) return 'terms_invalid'
  const before = termsOn(versions, change.fromDay)
  if (isSameTerms(before, next)) return 'nothing_changes'
  // Seven whole days lie between: told on the 1st, in force from the 9th.
  const earliest = day + townRules.adverseNoticeDays + 1
  if (isWorse(before, next) && change.fromDay < earliest) return 'notice_too_short'
  const [after] = versions
    .filter(({ fromDay }) => fromDay > change.fromDay)
    .toSorted((a, b) => a.fromDay - b.fromDay)
  if (after !== undefined && isWorse(next, after) && after.fromDay < earliest) {
    return 'notice_too_short'
  }
  return undefined
}

function termsAfter(books: ModelBooks, change: Extract<YearChange, { kind: 'terms' }>): ModelTerms {
  const { kind: _kind, program, ...changes } = change
  return { ...termsOn(books.terms[program], change.fromDay), toldAt: undefined, ...changes }
}

function isSameTerms(before: ModelTerms, after: ModelTerms): boolean {
  return (
    before.rateBasisPoints === after.rateBasisPoints && before.monthlyCapWon === after.monthlyCapWon
  )
}

function isWorse(before: ModelTerms, after: ModelTerms): boolean {
  return (
    after.rateBasisPoints < before.rateBasisPoints || after.monthlyCapWon < before.monthlyCapWon
  )
}

function isSameStop(
  before: Pick<YearStop, 'saleStopped' | 'paymentStopped'>,
  after: Pick<YearStop, 'saleStopped' | 'paymentStopped'>,
): boolean {
  return before.saleStopped === after.saleStopped && before.paymentStopped === after.paymentStopped
}

export function approve(
  books: ModelBooks,
  { day, at }: YearEvent,
  { proposal: number, officer }: WishOf<'approve'>,
): Told {
  const proposal = books.proposals.get(number)
  if (proposal === undefined) return declined('proposal_unknown')
  const { change, basedOn, decideBy, isDone } = proposal
  if (proposal.state === 'approved' && proposal.decidedBy === officer) return done()
  const ended = endOf(proposal)
  if (ended !== undefined) return ended
  if (proposal.officer === officer) return declined('own_proposal')
  if (!isDone && at >= decideBy) {
    proposal.state = 'lapsed'
    return declined('proposal_lapsed')
  }
  const reason = isDone ? undefined : objectionTo(books, change, { day, at, basedOn })
  if (reason !== undefined) return declined(reason)
  proposal.state = 'approved'
  proposal.decidedBy = officer
  if (!isDone) carryOut(books, change, at)
  return done()
}

function endOf({ state }: ModelProposal): Told | undefined {
  if (state === 'open') return undefined
  return declined(state === 'lapsed' ? 'proposal_lapsed' : 'proposal_decided')
}

function carryOut(books: ModelBooks, change: YearChange, at: number): void {
  const { program } = change
  if (change.kind === 'stop') {
    const { saleStopped, paymentStopped } = change
    books.stops[program].push({ at, saleStopped, paymentStopped })
    return
  }
  const next = termsAfter(books, change)
  const isAdverse = isWorse(termsOn(books.terms[program], change.fromDay), next)
  books.terms[program].push(isAdverse ? { ...next, toldAt: at } : next)
  if (isAdverse) books.announced.push(program)
}

export function turnDown(
  books: ModelBooks,
  { at }: YearEvent,
  { proposal: number, officer }: WishOf<'turn_down'>,
): Told {
  const proposal = books.proposals.get(number)
  if (proposal === undefined) return declined('proposal_unknown')
  const ended = endOf(proposal)
  if (ended !== undefined) return ended
  const isOwn = proposal.officer === officer
  if (isOwn && proposal.isDone) return declined('own_proposal')
  proposal.state = 'turned_down'
  proposal.decidedBy = officer
  const { program } = proposal.change
  // A stop that was wrong is undone, unless somebody has decided about it since.
  if (proposal.isDone && stopOf(books, program).at === proposal.at) {
    const { saleStopped, paymentStopped } = books.stops[program].at(-2) ?? nothingStopped
    books.stops[program].push({ at, saleStopped, paymentStopped })
  }
  return done()
}

export function stopAtOnce(
  books: ModelBooks,
  { number, at }: YearEvent,
  { program, saleStopped, paymentStopped, officer }: WishOf<'stop_at_once'>,
): Told {
  const before = stopOf(books, program)
  const releases =
    (before.saleStopped && !saleStopped) || (before.paymentStopped && !paymentStopped)
  if (releases) return declined('second_officer_needed')
  if (isSameStop(before, { saleStopped, paymentStopped })) return declined('nothing_changes')
  books.stops[program].push({ at, saleStopped, paymentStopped })
  books.proposals.set(number, {
    change: { kind: 'stop', program, saleStopped, paymentStopped },
    officer,
    basedOn: 0,
    decideBy: Infinity,
    at,
    isDone: true,
    state: 'open',
    decidedBy: undefined,
  })
  return done()
}

/** In the night: what nobody decided by its day. */
export function lapseProposals(books: ModelBooks, now: number): void {
  for (const proposal of books.proposals.values()) {
    if (proposal.state === 'open' && proposal.decideBy <= now) proposal.state = 'lapsed'
  }
}

/** In the night: whoever holds anything of the program is told once for each change. */
export function announceChanges(books: ModelBooks): void {
  for (const program of books.announced) {
    const full = books.lots.filter((lot) => lot.program === program && lot.leftWon > 0)
    books.told += new Set(full.map(({ member }) => member)).size
  }
  books.announced = []
}
