/** The lines of stipend batches in PostgreSQL, and the members that they mean. */
import { assert, won, type IssuerId, type MemberId, type StipendBatchId } from '../base/base.ts'
import {
  LINE_SET_MAX,
  type GrantMember,
  type GrantMembers,
  type LineGroup,
  type LineStore,
  type Recipient,
  type StoredLine,
} from '../granting/granting.ts'
import { numberArray, textArray, wordArray } from './array-literal.ts'
import type { PostgresPool } from './postgres-pool.ts'

interface LineRow {
  line_number: number
  reference: string
  amount_won: number
  state: StoredLine['state']
  reason: StoredLine['reason']
  member_id: number | null
  name: string | null
  birth_date: string | null
  phone: string | null
  claimed: boolean
  attempt: number
}

/** Throws Faults as the fault table classifies them. */
export function createPostgresLineStore(pool: PostgresPool): LineStore {
  return {
    add: (issuerId, batchId, lines, at) => add(pool, issuerId, batchId, lines, at),
    async confirm(issuerId, batchId) {
      await pool.run((sql) => sql`select granting.confirm_batch(${issuerId}, ${batchId})`)
    },
    async unconfirmed(issuerId, before, limit) {
      const rows = await pool.run(
        (sql) => sql<{ batch_id: number }[]>`
          select * from granting.unconfirmed_batches(${issuerId}, ${before}, ${limit})`,
      )
      return rows.map((row) => row.batch_id as StipendBatchId) // Rows of this function are batches.
    },
    discard: (issuerId, batchId, limit) =>
      counted(pool, 'discard_lines', { issuerId, batchId, limit }),
    async lines(issuerId, batchId, { states, after, limit }) {
      const rows = await pool.run(
        (sql) => sql<LineRow[]>`select * from granting.lines_of_state(
          ${issuerId}, ${batchId}, ${wordArray(states)}::granting.line_state[], ${after}, ${limit})`,
      )
      return rows.map(storedLine)
    },
    async unseen(issuerId, batchId, { states, before, limit }) {
      const rows = await pool.run(
        (sql) => sql<LineRow[]>`select * from granting.lines_unseen(
          ${issuerId}, ${batchId}, ${wordArray(states)}::granting.line_state[], ${before}, ${limit})`,
      )
      return rows.map(storedLine)
    },
    settle: (...given) => settle(pool, ...given),
    claim: (...given) => claim(pool, ...given),
    owners: (...given) => owners(pool, ...given),
    async groups(issuerId, batchId) {
      const rows = await pool.run(
        (sql) => sql<(Omit<LineGroup, 'amountWon'> & { amount_won: number })[]>`
          select * from granting.line_groups(${issuerId}, ${batchId})`,
      )
      return rows.map(({ state, reason, amount_won: amount, lines }) => ({
        state,
        reason,
        amountWon: won(amount),
        lines,
      }))
    },
    lapse: (issuerId, batchId, limit) => counted(pool, 'lapse_lines', { issuerId, batchId, limit }),
    erase: (issuerId, batchId, limit) => counted(pool, 'erase_lines', { issuerId, batchId, limit }),
    ofMember: (issuerId, memberId, limit) => ofMember(pool, issuerId, memberId, limit),
  }
}

async function add(
  pool: PostgresPool,
  ...[issuerId, batchId, lines, at]: Parameters<LineStore['add']>
): Promise<void> {
  assert(lines.length <= LINE_SET_MAX, `at most ${LINE_SET_MAX} lines at once`)
  const identities = lines.map(({ person }) => (typeof person === 'number' ? undefined : person))
  await pool.run(
    (sql) => sql`select granting.add_lines(${issuerId}, ${batchId}, ${at},
      ${numberArray(lines.map(({ lineNumber }) => lineNumber))}::integer[],
      ${textArray(lines.map(({ reference }) => reference))}::text[],
      ${numberArray(lines.map(({ amountWon }) => amountWon))}::bigint[],
      ${numberArray(lines.map(({ person }) => (typeof person === 'number' ? person : null)))}::bigint[],
      ${textArray(identities.map((identity) => identity?.name))}::text[],
      ${textArray(identities.map((identity) => identity?.birthDate))}::text[],
      ${textArray(identities.map((identity) => identity?.phone))}::text[])`,
  )
}

async function settle(
  pool: PostgresPool,
  ...[issuerId, batchId, results, at]: Parameters<LineStore['settle']>
): Promise<void> {
  if (results.length === 0) return
  await pool.run(
    (sql) => sql`select granting.settle_lines(${issuerId}, ${batchId}, ${at},
      ${numberArray(results.map(({ lineNumber }) => lineNumber))}::integer[],
      ${wordArray(results.map(({ state }) => state))}::granting.line_state[],
      ${wordArray(results.map(({ reason }) => reason))}::text[],
      ${numberArray(results.map(({ memberId }) => memberId))}::bigint[],
      ${numberArray(results.map(({ attempt }) => attempt))}::integer[])`,
  )
}

async function claim(
  pool: PostgresPool,
  ...[issuerId, batchId, { programId, round }, lines]: Parameters<LineStore['claim']>
): ReturnType<LineStore['claim']> {
  if (lines.length === 0) return new Set()
  const rows = await pool.run(
    (sql) => sql<{ line_number: number }[]>`select * from granting.claim_members(
      ${issuerId}, ${batchId}, ${programId}, ${round},
      ${numberArray(lines.map(({ lineNumber }) => lineNumber))}::integer[],
      ${numberArray(lines.map(({ memberId }) => memberId))}::bigint[])`,
  )
  return new Set(rows.map((row) => row.line_number))
}

async function owners(
  pool: PostgresPool,
  ...[issuerId, { programId, round }, memberIds]: Parameters<LineStore['owners']>
): ReturnType<LineStore['owners']> {
  if (memberIds.length === 0) return new Map()
  const rows = await pool.run(
    (sql) => sql<{ member_id: number; batch_id: number; line_number: number }[]>`
      select * from granting.owners(
        ${issuerId}, ${programId}, ${round}, ${numberArray(memberIds)}::bigint[])`,
  )
  return new Map(
    rows.map((row) => [
      row.member_id as MemberId, // Ids of these rows are of these kinds.
      { batchId: row.batch_id as StipendBatchId, lineNumber: row.line_number },
    ]),
  )
}

async function counted(
  pool: PostgresPool,
  name: 'discard_lines' | 'lapse_lines' | 'erase_lines',
  given: {
    readonly issuerId: IssuerId
    readonly batchId: StipendBatchId
    readonly limit: number
  },
): Promise<number> {
  const { issuerId, batchId, limit } = given
  const rows = await pool.run(
    (sql) => sql<{ lines: number }[]>`
      select granting.${sql(name)}(${issuerId}, ${batchId}, ${limit}) as lines`,
  )
  return rows[0]!.lines
}

async function ofMember(
  pool: PostgresPool,
  issuerId: IssuerId,
  memberId: MemberId,
  limit: number,
): Promise<Recipient[]> {
  const rows = await pool.run(
    (sql) =>
      sql<
        {
          program_id: number
          round: string
          batch_id: number
          line_number: number
          amount_won: number
          state: StoredLine['state']
        }[]
      >`select * from granting.lines_of_member(${issuerId}, ${memberId}, ${limit})`,
  )
  return rows.map((row) => ({
    programId: row.program_id as Recipient['programId'], // Ids of these rows are of these kinds.
    round: row.round,
    batchId: row.batch_id as StipendBatchId,
    lineNumber: row.line_number,
    amountWon: won(row.amount_won),
    state: row.state,
  }))
}

function storedLine(row: LineRow): StoredLine {
  const { name, birth_date: birthDate, phone } = row
  const isNamed = name !== null && birthDate !== null && phone !== null
  type Named = NonNullable<StoredLine['identity']>
  return {
    lineNumber: row.line_number,
    reference: row.reference,
    amountWon: won(row.amount_won),
    state: row.state,
    reason: row.reason,
    memberId: row.member_id as MemberId | null, // Written as the id of a member.
    identity: isNamed ? { name, birthDate: birthDate as Named['birthDate'], phone } : null,
    isClaimed: row.claimed,
    attempt: row.attempt,
  }
}

interface MemberRow {
  place: number
  member_id: number
  wallet_id: number
  birth_date: string
  status: 'active' | 'left'
  stopped: boolean
}

export function createPostgresGrantMembers(pool: PostgresPool): GrantMembers {
  return {
    async find(issuerId, asked) {
      const found: GrantMember[][] = asked.map(() => [])
      if (asked.length === 0) return found
      const named = asked.map((each) => (typeof each === 'number' ? undefined : each))
      const rows = await pool.run(
        (sql) => sql<MemberRow[]>`select * from granting.find_members(${issuerId},
          ${numberArray(asked.map((each) => (typeof each === 'number' ? each : null)))}::bigint[],
          ${textArray(named.map((each) => each?.name))}::text[],
          ${textArray(named.map((each) => each?.birthDate))}::text[],
          ${textArray(named.map((each) => each?.phone))}::text[])`,
      )
      for (const row of rows) found[row.place - 1]!.push(grantMember(row))
      return found
    },
    async holdings(issuerId, programId, walletIds, at) {
      if (walletIds.length === 0) return []
      const rows = await pool.run(
        (sql) => sql<{ held_won: number }[]>`select * from granting.holdings(
          ${issuerId}, ${programId}, ${numberArray(walletIds)}::bigint[], ${at})`,
      )
      return rows.map((row) => won(row.held_won))
    },
  }
}

function grantMember(row: MemberRow): GrantMember {
  return {
    // Ids and days of these rows are of these kinds.
    memberId: row.member_id as GrantMember['memberId'],
    walletId: row.wallet_id as GrantMember['walletId'],
    birthDate: row.birth_date as GrantMember['birthDate'],
    status: row.status === 'active' && row.stopped ? 'stopped' : row.status,
  }
}
