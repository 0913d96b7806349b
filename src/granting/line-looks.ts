/** Looks at a set of lines: finds the members, reads what they hold, judges. */
import { won, type Instant } from '../base/base.ts'
import type { ProgramTerms, StipendRules } from '../issuing/issuing.ts'
import type { StipendBatch } from './batches.ts'
import type { GrantingDeps, GrantMember } from './granting-ports.ts'
import { judgeLine, onlyMember, type LineVerdict } from './line-judgement.ts'
import type { StoredLine } from './line-store.ts'

export interface SeenLine {
  readonly line: StoredLine
  readonly verdict: LineVerdict
  /** Whose wallet it would be granted to. */
  readonly member: GrantMember | undefined
}

export async function lookAtLines(
  { members, lines: store }: Pick<GrantingDeps, 'members' | 'lines'>,
  given: {
    readonly batch: StipendBatch
    readonly terms: ProgramTerms & { readonly stipend: StipendRules }
    readonly lines: readonly StoredLine[]
    readonly at: Instant
  },
): Promise<readonly SeenLine[]> {
  const { batch, terms, lines, at } = given
  const { issuerId, batchId, programId } = batch
  // A line without either was erased; nobody can say any more whom it meant.
  const asked = lines.flatMap(({ identity, memberId }) => identity ?? memberId ?? [])
  const found = await members.find(issuerId, asked)
  let next = 0
  const candidates = lines.map(({ identity, memberId }) =>
    (identity ?? memberId) === null ? [] : found[next++]!,
  )
  const only = candidates.map(onlyMember)
  const wallets = only.flatMap((member) => (member === undefined ? [] : [member.walletId]))
  const sums = await members.holdings(issuerId, programId, wallets, at)
  const holdings = new Map(wallets.map((walletId, index) => [walletId, sums[index]!]))
  const memberIds = only.flatMap((member) => (member === undefined ? [] : [member.memberId]))
  const owners = await store.owners(issuerId, batch, memberIds)
  return lines.map((line, index) => {
    const member = only[index]
    const owner = member && owners.get(member.memberId)
    const isOwn = owner?.batchId === batchId && owner.lineNumber === line.lineNumber
    const isOwnedByOther = owner !== undefined && !isOwn
    const holdingWon = (member && holdings.get(member.walletId)) ?? won(0)
    const { amountWon } = line
    const question = { amountWon, candidates: candidates[index]!, holdingWon, isOwnedByOther }
    return { line, member, verdict: judgeLine({ ...question, terms, at }) }
  })
}
