/** Tells everybody who holds value of a program what is about to change, a page of wallets at a time, each once. */
import {
  formatId,
  type Clock,
  type Instant,
  type IssuerId,
  type MemberId,
  type ProgramId,
  type ProposalId,
  type WalletId,
} from '../base/base.ts'
import {
  changeRecords,
  newRecord,
  readRecord,
  recordOf,
  type AnnouncementBody,
  type Casebook,
  type ProgramDesk,
  type RecordOf,
  type Registry,
} from '../registration/registration.ts'

/** Small enough for one turn to be well below a second. */
export const TOLD_PAGE = 50

export interface AnnouncementDeps {
  readonly registry: Registry
  readonly directory: Pick<ProgramDesk, 'program'>
  readonly casebook: Pick<Casebook, 'notify'>
  readonly holders: {
    /** Who has anything left of the program, by wallet, after one of them. */
    programHolders(
      issuerId: IssuerId,
      programId: ProgramId,
      page: { readonly after?: WalletId; readonly limit: number },
    ): Promise<readonly { readonly walletId: WalletId; readonly memberId: MemberId }[]>
  }
  readonly clock: Clock
}

/** What one turn came to; `undefined`: nobody is left to be told. */
export interface Telling {
  readonly proposalId: ProposalId
  readonly told: number
  readonly done: boolean
}

export async function announcementTurn(
  deps: AnnouncementDeps,
  issuerId: IssuerId,
): Promise<Telling | undefined> {
  const { registry, holders } = deps
  const [stored] = await registry.list(issuerId, 'announcement', { state: 'telling', limit: 1 })
  if (stored === undefined) return undefined
  const known = recordOf('announcement', stored)
  const { programId, toldUntil } = known.body
  const after = toldUntil === null ? {} : { after: toldUntil }
  const page = await holders.programHolders(issuerId, programId, { ...after, limit: TOLD_PAGE })
  for (const { memberId } of page) await tell(deps, issuerId, known, memberId)
  const done = page.length < TOLD_PAGE
  const last = page.at(-1)?.walletId ?? toldUntil
  await moveOn(deps, issuerId, known, { last, done, count: page.length })
  // The record id of an announcement is its proposal's.
  return { proposalId: known.recordId as ProposalId, told: page.length, done }
}

async function tell(
  { directory, casebook }: AnnouncementDeps,
  issuerId: IssuerId,
  { recordId, body }: RecordOf<'announcement'>,
  memberId: MemberId,
): Promise<void> {
  const { programId, about, effectiveFrom, refundUntil } = body
  const program = directory.program(issuerId, programId)
  const proposal = formatId('prp', recordId as ProposalId) // As above.
  await casebook.notify(issuerId, {
    memberId,
    noticeKind: about === 'abolition' ? 'program_ends' : 'terms_change',
    subject: `${proposal}/${memberId}`,
    facts: {
      announcementId: proposal,
      programName: program?.name ?? '',
      programNameEn: program?.nameEn ?? '',
      effectiveFrom,
      ...(refundUntil === null ? {} : { refundUntil }),
    },
  })
}

/** Somebody else may have told the same page: then it counts as theirs. */
async function moveOn(
  { registry, clock }: AnnouncementDeps,
  issuerId: IssuerId,
  { recordId, version }: RecordOf<'announcement'>,
  step: { last: WalletId | null; done: boolean; count: number },
): Promise<void> {
  const now: Instant = clock()
  await changeRecords(registry, issuerId, now, async () => {
    const newest = await readRecord(registry, issuerId, 'announcement', recordId)
    if (newest?.version !== version) return { answer: undefined }
    const body: AnnouncementBody = {
      ...newest.body,
      toldUntil: step.last,
      told: newest.body.told + step.count,
      state: step.done ? 'told' : 'telling',
    }
    const record = newRecord('announcement', { recordId, version: version + 1, body })
    return { answer: undefined, by: 'system', records: [record] }
  })
}
