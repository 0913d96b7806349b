/** Members found by reading all of them, one page after another: for tests and simulation. */
import { sumWon, type MemberId, type WalletId } from '../base/base.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { readBody, type Registry } from '../registration/registration.ts'
import { plainPhone } from './eligibility-cells.ts'
import type { GrantMember, GrantMembers } from './granting-ports.ts'

const PAGE = 1_000

export function createMemoryGrantMembers(deps: {
  readonly registry: Registry
  readonly ledger: Pick<Ledger, 'lots'>
}): GrantMembers {
  const { registry, ledger } = deps
  return {
    async find(issuerId, asked) {
      const all = await readAll(registry, issuerId)
      return asked.map((each) =>
        all
          .filter(({ member, body }) =>
            typeof each === 'number'
              ? member.memberId === each
              : body.name === each.name &&
                body.birthDate === each.birthDate &&
                plainPhone(body.phone) === each.phone,
          )
          .map(({ member }) => member),
      )
    },
    holdings: (issuerId, programId, walletIds, at) =>
      Promise.all(
        walletIds.map(async (walletId) => {
          const lots = await ledger.lots(issuerId, walletId)
          const own = lots.filter((lot) => lot.programId === programId && lot.expiresAt > at)
          return sumWon(own.flatMap(({ remainingWon, heldWon }) => [remainingWon, heldWon]))
        }),
      ),
  }
}

async function readAll(registry: Registry, issuerId: Parameters<Registry['list']>[0]) {
  const all: { member: GrantMember; body: { name: string; birthDate: string; phone: string } }[] =
    []
  let before: number | undefined
  for (;;) {
    const after = before === undefined ? {} : { before }
    const page = await registry.list(issuerId, 'member', { limit: PAGE, ...after })
    for (const { recordId, body: stored } of page) {
      const body = readBody('member', stored)
      const stopped = await isStopped(registry, issuerId, body.walletId)
      all.push({
        body,
        member: {
          memberId: recordId as MemberId, // The record id of a member is the member's.
          walletId: body.walletId,
          birthDate: body.birthDate,
          status: body.status === 'active' && stopped ? 'stopped' : body.status,
        },
      })
    }
    if (page.length < PAGE) return all.toReversed()
    before = page.at(-1)!.recordId
  }
}

async function isStopped(
  registry: Registry,
  issuerId: Parameters<Registry['list']>[0],
  walletId: WalletId,
): Promise<boolean> {
  const [stop] = await registry.read(issuerId, 'wallet_stop', [walletId])
  return stop !== undefined && readBody('wallet_stop', stop.body).stopped
}
