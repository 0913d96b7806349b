/** Granting as the doors and jobs see it. */
import type { AppealId, IssuerId, MemberId, StipendBatchId } from '../base/base.ts'
import type { RecordPage } from '../registration/registration.ts'
import {
  appealsOf,
  appealStep,
  decideAppeal,
  listAppeals,
  openAppeal,
  readAppeal,
  type Appeal,
  type AppealDecision,
  type AppealOpening,
} from './appeals.ts'
import {
  batchesIn,
  decideBatch,
  listBatches,
  readBatch,
  takeFile,
  type BatchDecision,
  type FileTaken,
  type FileTaking,
  type StipendBatch,
} from './batches.ts'
import {
  clawbackStep,
  decideClawback,
  listClawbacks,
  proposeClawback,
  type Clawback,
} from './clawback-decisions.ts'
import { clawBackExpired, type ClawedBackSet } from './clawbacks.ts'
import { checkStep, type GrantingStep } from './dry-run.ts'
import { grantStep } from './grants.ts'
import type { GrantingDeps } from './granting-ports.ts'
import type { Granted } from './granting-refusal.ts'
import type { LineGroup, LineStore, Recipient, StoredLine } from './line-store.ts'
import { upkeepStep } from './upkeep.ts'

/** All methods throw the ports' Faults; a no is a value. */
export interface Granting {
  /** Reads the whole file, also where the answer is a no. */
  takeFile(taking: FileTaking): Promise<FileTaken>
  decideBatch(decision: BatchDecision): Promise<Granted<{ readonly batch: StipendBatch }>>
  batch(issuerId: IssuerId, batchId: StipendBatchId): Promise<StipendBatch | undefined>
  /** Newest first. */
  batches(issuerId: IssuerId, page: RecordPage): Promise<readonly StipendBatch[]>
  lines(issuerId: IssuerId, batchId: StipendBatchId, page: LinePage): Promise<StoredLine[]>
  /** How far a batch has come. */
  groups(issuerId: IssuerId, batchId: StipendBatchId): Promise<LineGroup[]>
  /** What a member was granted and is being granted, and which rounds may be appealed against now. */
  stipendsOf(issuerId: IssuerId, memberId: MemberId): Promise<MemberStipends>
  openAppeal(opening: AppealOpening): Promise<Granted<{ readonly appeal: Appeal }>>
  decideAppeal(decision: AppealDecision): Promise<Granted<{ readonly appeal: Appeal }>>
  appeal(issuerId: IssuerId, appealId: AppealId): Promise<Appeal | undefined>
  appeals(issuerId: IssuerId, page: RecordPage): Promise<readonly Appeal[]>
  appealsOf(issuerId: IssuerId, memberId: MemberId): Promise<readonly Appeal[]>
  proposeClawback(
    proposal: Parameters<typeof proposeClawback>[1],
  ): Promise<Granted<{ readonly clawback: Clawback }>>
  decideClawback(
    decision: Parameters<typeof decideClawback>[1],
  ): Promise<Granted<{ readonly clawback: Clawback }>>
  clawbacks(issuerId: IssuerId, page: RecordPage): Promise<readonly Clawback[]>
  /** One set of what has expired and goes back to its funders. */
  clawBackExpired(
    issuerId: IssuerId,
    page?: Parameters<typeof clawBackExpired>[2],
  ): Promise<ClawedBackSet>
  /** One bounded piece of a dry run or of a grant. */
  batchStep(issuerId: IssuerId, setSize?: number): Promise<GrantingStep>
  /** One bounded piece of what time brings: late joiners, ends, erasure, appeals, decisions. */
  upkeepStep(issuerId: IssuerId): Promise<GrantingStep>
}

export type LinePage = Parameters<LineStore['lines']>[2]

export interface MemberStipends {
  readonly stipends: readonly Recipient[]
  readonly appealable: readonly StipendBatch[]
}

/** Of one member, the latest first. */
const OF_MEMBER_MAX = 100

export function createGranting(deps: GrantingDeps): Granting {
  return {
    takeFile: (taking) => takeFile(deps, taking),
    decideBatch: (decision) => decideBatch(deps, decision),
    batch: (issuerId, batchId) => readBatch(deps, issuerId, batchId),
    batches: (issuerId, page) => listBatches(deps, issuerId, page),
    lines: (issuerId, batchId, page) => deps.lines.lines(issuerId, batchId, page),
    groups: (issuerId, batchId) => deps.lines.groups(issuerId, batchId),
    stipendsOf: (issuerId, memberId) => stipendsOf(deps, issuerId, memberId),
    openAppeal: (opening) => openAppeal(deps, opening),
    decideAppeal: (decision) => decideAppeal(deps, decision),
    appeal: (issuerId, appealId) => readAppeal(deps, issuerId, appealId),
    appeals: (issuerId, page) => listAppeals(deps, issuerId, page),
    appealsOf: (issuerId, memberId) => appealsOf(deps, issuerId, memberId),
    proposeClawback: (proposal) => proposeClawback(deps, proposal),
    decideClawback: (decision) => decideClawback(deps, decision),
    clawbacks: (issuerId, page) => listClawbacks(deps, issuerId, page),
    clawBackExpired: (issuerId, page) => clawBackExpired(deps, issuerId, page),
    async batchStep(issuerId, setSize) {
      const granted = await grantStep(deps, issuerId, setSize)
      return granted.done ? checkStep(deps, issuerId) : granted
    },
    async upkeepStep(issuerId) {
      const step = await upkeepStep(deps, issuerId)
      if (!step.done) return step
      await appealStep(deps, issuerId)
      await clawbackStep(deps, issuerId)
      return step
    },
  }
}

async function stipendsOf(
  deps: GrantingDeps,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<MemberStipends> {
  const claimed = await deps.lines.ofMember(issuerId, memberId, OF_MEMBER_MAX)
  const now = deps.clock()
  const released = await Promise.all(
    (['granting', 'paused', 'done', 'closed'] as const).map((state) =>
      batchesIn(deps, issuerId, state),
    ),
  )
  return {
    stipends: claimed.filter(({ state }) => state === 'granted'),
    appealable: released.flat().filter(({ appealUntil }) => now < (appealUntil ?? 0)),
  }
}
