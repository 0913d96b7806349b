/** Cases that close by themselves: what they were about is no longer so. */
import type { CaseKind } from '../registration/registration.ts'
import type { TreasuryDeps, TreasuryRoom } from './treasury-deps.ts'

const PAGE = 200

/** Looks at every open case of those kinds. @returns how many were closed */
export async function closeSettled(
  { casebook }: Pick<TreasuryDeps, 'casebook'>,
  { issuerId }: Pick<TreasuryRoom, 'issuerId'>,
  given: {
    readonly kinds: readonly CaseKind[]
    isSettled(subject: string, kind: CaseKind): boolean | Promise<boolean>
    readonly resolution: string
  },
): Promise<number> {
  const { kinds, isSettled, resolution } = given
  let closed = 0
  let before: number | undefined
  for (;;) {
    const page = await casebook.cases(issuerId, {
      state: 'open',
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    })
    for (const { caseId, caseKind, subject } of page) {
      if (!kinds.includes(caseKind) || !(await isSettled(subject, caseKind))) continue
      await casebook.closeCase({ issuerId, caseId, by: 'system', resolution })
      closed += 1
    }
    if (page.length < PAGE) return closed
    before = page.at(-1)!.caseId
  }
}
