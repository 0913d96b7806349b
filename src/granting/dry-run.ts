/** The dry run (사전 점검): what a batch would grant now, to whom not, and what it would cost each funder. */
import type { FundedAmount, Instant, IssuerId } from '../base/base.ts'
import { fundedBy, type ProgramTerms, type StipendRules } from '../issuing/issuing.ts'
import type { BatchCheckBody } from '../registration/registration.ts'
import { batchesIn, moveBatch, stipendTermsOf, type StipendBatch } from './batches.ts'
import type { GrantingDeps } from './granting-ports.ts'
import { lookAtLines } from './line-looks.ts'
import type { LineGroup } from './line-store.ts'

/** Lines of one step. */
export const CHECK_SET_SIZE = 500

export interface GrantingStep {
  /** False: there is more to do at once. */
  readonly done: boolean
  /** Lines that it dealt with. */
  readonly lines: number
}

export const NOTHING_TO_DO: GrantingStep = { done: true, lines: 0 }

/** One set of the batch whose dry run is due for longest. Writes nothing to money. */
export async function checkStep(deps: GrantingDeps, issuerId: IssuerId): Promise<GrantingStep> {
  const [batch] = await batchesIn(deps, issuerId, 'uploaded')
  if (batch === undefined) return NOTHING_TO_DO
  const { batchId, programId, checkFrom } = batch
  const at = deps.clock()
  const terms = stipendTermsOf(deps, issuerId, programId, at)
  // A program's terms do not go away: what was right at the upload is right here.
  if ('status' in terms) return NOTHING_TO_DO
  const lines = await deps.lines.unseen(issuerId, batchId, {
    states: ['new', 'ready', 'waiting'],
    before: checkFrom,
    limit: CHECK_SET_SIZE,
  })
  if (lines.length === 0) {
    await moveBatch(deps, batch, 'checked', { check: await checkOf(deps, batch, terms, at) })
    return { done: false, lines: 0 }
  }
  const seen = await lookAtLines(deps, { batch, terms, lines, at })
  const results = seen.map(({ line, verdict }) => ({ lineNumber: line.lineNumber, ...verdict }))
  // Never earlier than what it is counted from: a clock may have been set back since.
  await deps.lines.settle(issuerId, batchId, results, Math.max(at, checkFrom))
  return { done: false, lines: lines.length }
}

async function checkOf(
  deps: GrantingDeps,
  { issuerId, batchId, programId }: StipendBatch,
  terms: ProgramTerms & { readonly stipend: StipendRules },
  at: Instant,
): Promise<BatchCheckBody> {
  const groups = await deps.lines.groups(issuerId, batchId)
  const fundedWon = fundedSums(terms, groups)
  const pots = await deps.pots?.(issuerId, programId, at)
  return { at, ...lineSums(groups), fundedWon, lackingWon: lackingSums(fundedWon, pots) }
}

/** Counts and won by state and reason, such as `waiting:not_member`. */
export function lineSums(groups: readonly LineGroup[]): Pick<BatchCheckBody, 'lines' | 'sumsWon'> {
  const lines: Record<string, number> = {}
  const sumsWon: Record<string, number> = {}
  for (const group of groups) {
    const name = group.reason === null ? group.state : `${group.state}:${group.reason}`
    lines[name] = (lines[name] ?? 0) + group.lines
    sumsWon[name] = (sumsWon[name] ?? 0) + group.lines * group.amountWon
  }
  return { lines, sumsWon }
}

/** To the won: every line is split by itself, as its grant will be. */
function fundedSums(
  { benefit }: Pick<ProgramTerms, 'benefit'>,
  groups: readonly LineGroup[],
): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { state, amountWon, lines } of groups) {
    if (state !== 'ready') continue
    for (const part of fundedBy(benefit, amountWon)) {
      sums[part.funder] = (sums[part.funder] ?? 0) + part.amountWon * lines
    }
  }
  return sums
}

function lackingSums(
  fundedWon: Readonly<Record<string, number>>,
  pots: readonly FundedAmount[] | undefined,
): Record<string, number> {
  const lacking: Record<string, number> = {}
  if (pots === undefined) return lacking
  for (const [funder, neededWon] of Object.entries(fundedWon)) {
    const pot = pots.find((each) => each.funder === funder)
    if (pot === undefined || neededWon <= pot.amountWon) continue
    lacking[funder] = neededWon - pot.amountWon
  }
  return lacking
}
