/** The lines of batches in memory: the executable specification of the store in PostgreSQL, and the store of tests. */
import type { Instant, IssuerId, MemberId, StipendBatchId } from '../base/base.ts'
import type { EligibleLine } from './eligibility-cells.ts'
import type {
  LineGroup,
  LineResult,
  LineState,
  LineStore,
  Round,
  StoredLine,
} from './line-store.ts'

interface MemoryLine extends StoredLine {
  readonly seenAt: Instant
}

interface MemoryBatch {
  readonly begunAt: Instant
  confirmed: boolean
  /** By line number, in its order where the file was added in order. */
  readonly lines: Map<number, MemoryLine>
}

interface Claim extends Round {
  readonly memberId: MemberId
  readonly batchId: StipendBatchId
  readonly lineNumber: number
}

interface MemoryIssuer {
  readonly batches: Map<StipendBatchId, MemoryBatch>
  readonly claims: Map<string, Claim>
}

const ended: readonly LineState[] = ['granted', 'refused', 'lapsed']

/** Each method does all its work before it returns its promise, so that calls cannot interleave. */
export function createMemoryLineStore(): LineStore {
  const books = createLineBooks()
  return { ...uploads(books), ...writing(books), ...reading(books), ...sweeping(books) }
}

function createLineBooks() {
  const issuers = new Map<IssuerId, MemoryIssuer>()
  const of = (issuerId: IssuerId): MemoryIssuer => {
    const known = issuers.get(issuerId) ?? { batches: new Map(), claims: new Map() }
    issuers.set(issuerId, known)
    return known
  }
  const batchOf = (issuerId: IssuerId, batchId: StipendBatchId): MemoryBatch | undefined =>
    of(issuerId).batches.get(batchId)
  const linesOf = (issuerId: IssuerId, batchId: StipendBatchId): MemoryLine[] =>
    [...(batchOf(issuerId, batchId)?.lines.values() ?? [])].toSorted(
      (one, other) => one.lineNumber - other.lineNumber,
    )
  const change = (issuerId: IssuerId, batchId: StipendBatchId, line: MemoryLine): void => {
    batchOf(issuerId, batchId)?.lines.set(line.lineNumber, line)
  }
  return { of, batchOf, linesOf, change }
}
type LineBooks = ReturnType<typeof createLineBooks>

function writing({ of, batchOf, change }: LineBooks): Pick<LineStore, 'add' | 'settle' | 'claim'> {
  return {
    async add(issuerId, batchId, lines, at) {
      const { batches } = of(issuerId)
      const batch = batches.get(batchId) ?? { begunAt: at, confirmed: false, lines: new Map() }
      batches.set(batchId, batch)
      for (const line of lines) {
        if (!batch.lines.has(line.lineNumber)) batch.lines.set(line.lineNumber, newLine(line))
      }
    },
    async settle(issuerId, batchId, results, at) {
      for (const result of results) {
        const line = batchOf(issuerId, batchId)?.lines.get(result.lineNumber)
        if (line === undefined || ended.includes(line.state)) continue
        if (result.state === 'refused') free(of(issuerId), batchId, line.lineNumber)
        change(issuerId, batchId, settledLine(line, result, at))
      }
    },
    async claim(issuerId, batchId, round, lines) {
      const { claims } = of(issuerId)
      const owned = new Set<number>()
      for (const { lineNumber, memberId } of lines) {
        const line = batchOf(issuerId, batchId)?.lines.get(lineNumber)
        if (line === undefined) continue
        const place = `${round.programId}/${round.round}/${memberId}`
        const { programId, round: name } = round
        const claim = claims.get(place) ?? { programId, round: name, memberId, batchId, lineNumber }
        if (claim.batchId !== batchId || claim.lineNumber !== lineNumber) continue
        claims.set(place, claim)
        owned.add(lineNumber)
        change(issuerId, batchId, { ...line, isClaimed: true, memberId })
      }
      return owned
    },
  }
}

function uploads({
  of,
  batchOf,
}: LineBooks): Pick<LineStore, 'confirm' | 'unconfirmed' | 'discard'> {
  return {
    async confirm(issuerId, batchId) {
      const batch = batchOf(issuerId, batchId)
      if (batch !== undefined) batch.confirmed = true
    },
    async unconfirmed(issuerId, before, limit) {
      return [...of(issuerId).batches]
        .filter(([, { confirmed, begunAt }]) => !confirmed && begunAt < before)
        .map(([batchId]) => batchId)
        .toSorted((one, other) => one - other)
        .slice(0, limit)
    },
    async discard(issuerId, batchId, limit) {
      const batch = batchOf(issuerId, batchId)
      if (batch === undefined || batch.confirmed) return 0
      const numbers = [...batch.lines.keys()].slice(0, limit)
      for (const number of numbers) batch.lines.delete(number)
      if (batch.lines.size === 0) of(issuerId).batches.delete(batchId)
      return numbers.length
    },
  }
}

function reading({
  of,
  batchOf,
  linesOf,
}: LineBooks): Pick<LineStore, 'lines' | 'unseen' | 'owners' | 'groups' | 'ofMember'> {
  return {
    async lines(issuerId, batchId, { states, after, limit }) {
      return linesOf(issuerId, batchId)
        .filter(({ state, lineNumber }) => states.includes(state) && lineNumber > after)
        .slice(0, limit)
        .map(storedLine)
    },
    async unseen(issuerId, batchId, { states, before, limit }) {
      return linesOf(issuerId, batchId)
        .filter(
          ({ state, seenAt }) =>
            states.includes(state) && !ended.includes(state) && seenAt < before,
        )
        .toSorted((one, other) => one.seenAt - other.seenAt || one.lineNumber - other.lineNumber)
        .slice(0, limit)
        .map(storedLine)
    },
    async owners(issuerId, { programId, round }, memberIds) {
      const { claims } = of(issuerId)
      return new Map(
        memberIds.flatMap((memberId) => {
          const claim = claims.get(`${programId}/${round}/${memberId}`)
          if (claim === undefined) return []
          const { batchId, lineNumber } = claim
          return [[memberId, { batchId, lineNumber }] as const]
        }),
      )
    },
    groups: async (issuerId, batchId) => grouped(linesOf(issuerId, batchId)),
    async ofMember(issuerId, memberId, limit) {
      return [...of(issuerId).claims.values()]
        .filter((claim) => claim.memberId === memberId)
        .toSorted((one, other) => other.batchId - one.batchId || other.lineNumber - one.lineNumber)
        .slice(0, limit)
        .map(({ memberId: _member, ...claim }) => {
          const line = batchOf(issuerId, claim.batchId)!.lines.get(claim.lineNumber)!
          return { ...claim, amountWon: line.amountWon, state: line.state }
        })
    },
  }
}

function sweeping({ linesOf, change }: LineBooks): Pick<LineStore, 'lapse' | 'erase'> {
  return {
    async lapse(issuerId, batchId, limit) {
      const open = linesOf(issuerId, batchId)
        .filter(({ state }) => !ended.includes(state))
        .slice(0, limit)
      for (const line of open) change(issuerId, batchId, { ...line, state: 'lapsed' })
      return open.length
    },
    async erase(issuerId, batchId, limit) {
      const personal = linesOf(issuerId, batchId)
        .filter(({ identity }) => identity !== null)
        .slice(0, limit)
      for (const line of personal) change(issuerId, batchId, { ...line, identity: null })
      return personal.length
    },
  }
}

function newLine({ lineNumber, reference, amountWon, person }: EligibleLine): MemoryLine {
  const isMember = typeof person === 'number'
  return {
    lineNumber,
    reference,
    amountWon,
    state: 'new',
    reason: null,
    memberId: isMember ? person : null,
    identity: isMember ? null : person,
    isClaimed: false,
    attempt: 1,
    seenAt: 0,
  }
}

function settledLine(line: MemoryLine, result: LineResult, at: Instant): MemoryLine {
  const isOver = ended.includes(result.state)
  return {
    ...line,
    ...result,
    // A number that the file itself gave is not forgotten because nobody bears it yet.
    memberId: result.memberId ?? (line.identity === null ? line.memberId : null),
    identity: isOver ? null : line.identity,
    isClaimed: result.state === 'refused' ? false : line.isClaimed,
    attempt: Math.max(line.attempt, result.attempt ?? 1),
    seenAt: at,
  }
}

function free({ claims }: MemoryIssuer, batchId: StipendBatchId, lineNumber: number): void {
  for (const [place, claim] of claims) {
    if (claim.batchId === batchId && claim.lineNumber === lineNumber) claims.delete(place)
  }
}

function storedLine({ seenAt: _seen, ...line }: MemoryLine): StoredLine {
  return line
}

function grouped(lines: readonly MemoryLine[]): LineGroup[] {
  const groups = Map.groupBy(lines, ({ state, reason, amountWon }) =>
    [state, reason, amountWon].join('/'),
  )
  return [...groups.values()].map((group) => {
    const { state, reason, amountWon } = group[0]!
    return { state, reason, amountWon, lines: group.length }
  })
}
