/**
 * Granting in bounded sets. The key of a grant is made from issuer, program, round and reference, so it is issued once
 * however often a set is repeated, and also where a corrected file brings the same reference again; and a member is
 * claimed by one line of a round before anything is issued, so nobody gets it twice under two references.
 */
import {
  businessDate,
  derivedOperationId,
  formatId,
  requestHash,
  won,
  type FundedAmount,
  type Instant,
  type IssuerId,
  type OperationId,
  type ProgramId,
  type Sha256,
} from '../base/base.ts'
import {
  chooseDraws,
  fundedBy,
  stipendExpiresAt,
  type ProgramTerms,
  type StipendRules,
} from '../issuing/issuing.ts'
import type { IssueRequest, LotSources, Outcome } from '../ledger/ledger.ts'
import { batchesIn, moveBatch, stipendTermsOf, type StipendBatch } from './batches.ts'
import { NOTHING_TO_DO, type GrantingStep } from './dry-run.ts'
import type { GrantingDeps, GrantMember } from './granting-ports.ts'
import { tellMembers } from './grant-notices.ts'
import { lookAtLines, type SeenLine } from './line-looks.ts'
import type { LineVerdict } from './line-judgement.ts'
import type { LineResult, Round, StoredLine } from './line-store.ts'

/** Small enough for a payment of one of its wallets to wait for it without notice. */
export const GRANT_SET_SIZE = 200

type Terms = ProgramTerms & { readonly stipend: StipendRules }

/** The key under which a reference of a round is granted; after a decline, which is for ever, under the next. */
export function grantHash(
  sha256: Sha256,
  issuerId: IssuerId,
  { programId, round }: Round,
  { reference, attempt }: Pick<StoredLine, 'reference' | 'attempt'>,
): Uint8Array {
  const names = [formatId('iss', issuerId), formatId('prg', programId)]
  return requestHash(sha256, ['stipend', ...names, round, reference, attempt])
}

export function grantId(
  sha256: Sha256,
  issuerId: IssuerId,
  round: Round,
  line: Pick<StoredLine, 'reference' | 'attempt'>,
): OperationId {
  return derivedOperationId(grantHash(sha256, issuerId, round, line))
}

/** One set of the batch that was released first; the batch is done when nothing is ready any more. */
export async function grantStep(
  deps: GrantingDeps,
  issuerId: IssuerId,
  setSize = GRANT_SET_SIZE,
): Promise<GrantingStep> {
  const [batch] = await batchesIn(deps, issuerId, 'granting')
  if (batch === undefined) return NOTHING_TO_DO
  const page = { states: ['ready'], after: 0, limit: setSize } as const
  const lines = await deps.lines.lines(issuerId, batch.batchId, page)
  if (lines.length === 0) await moveBatch(deps, batch, 'all_granted')
  else await grantLines(deps, batch, lines)
  return { done: false, lines: lines.length }
}

/** Looks once more, grants what may be granted, and says of every line what became of it. */
export async function grantLines(
  deps: GrantingDeps,
  batch: StipendBatch,
  lines: readonly StoredLine[],
): Promise<void> {
  const { issuerId, batchId } = batch
  const at = deps.clock()
  const terms = stipendTermsOf(deps, issuerId, batch.programId, at)
  if ('status' in terms) return
  const seen = await lookAtLines(deps, { batch, terms, lines, at })
  // What was claimed may have been issued already by a set that died: its cap and age were judged then.
  const able = seen.filter(
    ({ line, verdict, member }) =>
      member !== undefined && (line.isClaimed || verdict.state === 'ready'),
  )
  const claims = able.map(({ line, member }) => ({
    lineNumber: line.lineNumber,
    memberId: member!.memberId,
  }))
  const owned = await deps.lines.claim(issuerId, batchId, batch, claims)
  const mine = able.filter(({ line }) => owned.has(line.lineNumber))
  const { paid, unpaid } = await splitByPots(deps, { batch, terms, at, seen: mine })
  const granted = await issueTo(deps, { batch, terms, at, seen: paid })
  const results = seen.map((each): LineResult => {
    const { lineNumber, memberId } = each.line
    if (unpaid.has(each)) return { lineNumber, state: 'waiting', reason: 'declined', memberId }
    const verdict = granted.get(lineNumber) ?? (able.includes(each) ? taken(each) : each.verdict)
    return { lineNumber, ...verdict }
  })
  await deps.lines.settle(issuerId, batchId, results, at)
}

/**
 * Those whom the pots can pay for now, in their order. The ledger decides that; but it keeps every decline for ever,
 * and need not be asked again each hour for thousands.
 */
async function splitByPots(
  deps: Pick<GrantingDeps, 'pots' | 'ledger' | 'sha256'>,
  given: {
    readonly batch: StipendBatch
    readonly terms: Terms
    readonly at: Instant
    readonly seen: readonly SeenLine[]
  },
): Promise<{ readonly paid: readonly SeenLine[]; readonly unpaid: ReadonlySet<SeenLine> }> {
  const { batch, terms, at, seen } = given
  const pots = await deps.pots?.(batch.issuerId, batch.programId, at)
  if (pots === undefined) return { paid: seen, unpaid: new Set() }
  const left = new Map<string, number>(pots.map(({ funder, amountWon }) => [funder, amountWon]))
  const issued = await issuedBefore(deps, batch, seen)
  const unpaid = new Set<SeenLine>()
  for (const each of seen) {
    // Its pots have paid it: what is left in them is for the others.
    if (issued.has(each)) continue
    const shares = fundedBy(terms.benefit, each.line.amountWon)
    const fits = shares.every(
      ({ funder, amountWon }) => amountWon <= (left.get(funder) ?? Infinity),
    )
    if (!fits) unpaid.add(each)
    for (const { funder, amountWon } of fits ? shares : []) {
      const before = left.get(funder)
      if (before !== undefined) left.set(funder, before - amountWon)
    }
  }
  return { paid: seen.filter((each) => !unpaid.has(each)), unpaid }
}

/** Those that a set issued which died before it settled its lines: granting them again finds what was issued. */
async function issuedBefore(
  { ledger, sha256 }: Pick<GrantingDeps, 'ledger' | 'sha256'>,
  batch: StipendBatch,
  seen: readonly SeenLine[],
): Promise<ReadonlySet<SeenLine>> {
  const claimed = seen.filter(({ line }) => line.isClaimed)
  if (claimed.length === 0) return new Set()
  const { issuerId } = batch
  const keys = claimed.map(({ line }) => grantId(sha256, issuerId, batch, line))
  const known = await ledger.find(issuerId, keys)
  return new Set(
    claimed.filter((_, index) => {
      const operation = known[index]
      return operation !== undefined && operation.decline === undefined
    }),
  )
}

function taken({ member }: SeenLine): LineVerdict {
  return { state: 'refused', reason: 'granted_before', memberId: member?.memberId ?? null }
}

async function issueTo(
  deps: GrantingDeps,
  given: {
    readonly batch: StipendBatch
    readonly terms: Terms
    readonly at: Instant
    readonly seen: readonly SeenLine[]
  },
): Promise<ReadonlyMap<number, Omit<LineResult, 'lineNumber'>>> {
  const { batch, terms, at, seen } = given
  const { issuerId } = batch
  const verdicts = new Map<number, Omit<LineResult, 'lineNumber'>>()
  if (seen.length === 0) return verdicts
  const members = seen.map(({ member }) => member!)
  // A member's record may be there and the wallet not yet: joining writes one after the other.
  const openings = members.map(({ walletId, memberId }) => ({ walletId, memberId }))
  await deps.ledger.openWallets(issuerId, openings, at)
  const requests = seen.map(({ line, member }) =>
    issueRequest(deps, { batch, terms, at, line, member: member! }),
  )
  const outcomes = await deps.ledger.issue(issuerId, requests, at)
  const posted = seen.filter((_, index) => outcomes[index]!.status === 'posted')
  await tellMembers(
    deps,
    issuerId,
    posted.map(({ line, member }) => ({
      memberId: member!.memberId,
      noticeKind: 'stipend_granted',
      subject: grantId(deps.sha256, issuerId, batch, line),
      facts: {
        amountWon: line.amountWon,
        programId: formatId('prg', batch.programId),
        usableUntil: businessDate(stipendExpiresAt(terms, at) - 1),
      },
    })),
  )
  for (const [index, { line, member }] of seen.entries()) {
    verdicts.set(line.lineNumber, resultOf(outcomes[index]!, line, member!))
  }
  return verdicts
}

/** What is declined, such as for a pot that is empty, waits for another attempt until the joining period ends. */
function resultOf(
  { status }: Outcome,
  { attempt }: StoredLine,
  { memberId }: GrantMember,
): Omit<LineResult, 'lineNumber'> {
  if (status === 'posted') return { state: 'granted', reason: null, memberId }
  if (status === 'key_reused') return { state: 'refused', reason: 'reference_used', memberId }
  return { state: 'waiting', reason: 'declined', memberId, attempt: attempt + 1 }
}

function issueRequest(
  deps: Pick<GrantingDeps, 'sha256' | 'ids' | 'funding'>,
  given: {
    readonly batch: StipendBatch
    readonly terms: Terms
    readonly at: Instant
    readonly line: StoredLine
    readonly member: GrantMember
  },
): IssueRequest {
  const { batch, terms, at, line, member } = given
  const { issuerId, programId } = batch
  const { amountWon } = line
  const key = grantHash(deps.sha256, issuerId, batch, line)
  const shares = fundedBy(terms.benefit, amountWon)
  return {
    operationId: derivedOperationId(key),
    // The same reference for somebody else, or with another amount, is another request.
    requestHash: requestHash(deps.sha256, [
      derivedOperationId(key),
      formatId('mbr', member.memberId),
      amountWon,
    ]),
    actor: batch.approvedBy ?? 'system',
    walletId: member.walletId,
    lotId: deps.ids.next('lot'),
    programId,
    kind: 'stipend',
    expiresAt: stipendExpiresAt(terms, at),
    sources: sourcesOf(shares),
    ...drawsOf(deps, { issuerId, programId, shares, now: at }),
  }
}

/** What a grant takes of funders' pots, where anybody keeps count. */
export function drawsOf(
  { funding }: Pick<GrantingDeps, 'funding'>,
  grant: {
    readonly issuerId: IssuerId
    readonly programId: ProgramId
    readonly shares: readonly FundedAmount[]
    readonly now: Instant
  },
): Pick<IssueRequest, 'draws' | 'refusal'> {
  const choice = chooseDraws(funding?.pots(grant.issuerId) ?? [], grant)
  return choice.status === 'drawn' ? { draws: choice.draws } : { refusal: choice.status }
}

/** The funders pay the whole of a stipend. */
export function sourcesOf(parts: readonly FundedAmount[]): LotSources {
  const of = (funder: FundedAmount['funder']) =>
    parts.find((part) => part.funder === funder)?.amountWon ?? won(0)
  return {
    payWon: won(0),
    nationalWon: of('national'),
    provinceWon: of('province'),
    cityWon: of('city'),
  }
}
