/** Announcements and proposals by their jobs, killed at every writing: everybody is told once, whatever happens. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault, id, operationId } from '../base/base.ts'
import { afterDays } from '../issuing/issuing.ts'
import {
  issuerId,
  lowerRate,
  openDesk,
  programId,
} from '../administration/fixtures/administration-bench.ts'
import { done } from '../registration/fixtures/registration-bench.ts'
import { createCasebook, type Registry } from '../registration/registration.ts'
import { sources } from '../ledger/ledger-bench.contract.ts'
import {
  createProgramAnnouncements,
  createProposalUpkeep,
  programUpkeepJobs,
} from './program-upkeep.ts'

/** Members with a lot of the program, but every third, who has spent it all or never had one. */
async function openHolders(people: number) {
  const desk = await openDesk()
  const { ledger, time } = desk
  const wallets = Array.from({ length: people }, (_, index) => id('wlt', index + 1))
  const openings = wallets.map((walletId) => ({ walletId, memberId: id('mbr', walletId) }))
  await ledger.openWallets(issuerId, openings, time.now)
  const requests = wallets
    .filter((walletId) => walletId % 3 !== 0)
    .map((walletId) => ({
      operationId: operationId(`00000000-0000-4000-8000-${String(walletId).padStart(12, '0')}`),
      requestHash: new Uint8Array(32),
      walletId,
      lotId: id('lot', walletId),
      programId,
      kind: 'purchase' as const,
      expiresAt: time.now + 1_000_000_000,
      sources: sources(1_000),
    }))
  await ledger.issue(issuerId, requests, time.now)
  const { proposal } = done(await desk.propose(lowerRate(afterDays(time.now, 7))))
  done(await desk.approve(proposal.proposalId))
  return { ...desk, holders: requests.length }
}

/** A registry that is killed at its n-th append, before it stores or after it did. */
function killedAt(registry: Registry, at: number, side: 'before' | 'after'): Registry {
  let appends = 0
  return {
    ...registry,
    async append(...asked) {
      appends += 1
      if (appends === at && side === 'before') throw new Fault('postgres_answer_lost', 'killed')
      const result = await registry.append(...asked)
      if (appends === at && side === 'after') throw new Fault('postgres_answer_lost', 'killed')
      return result
    },
  }
}

for (const side of ['before', 'after'] as const) {
  test(`every holder is told once, though the job is killed ${side} any of its writings`, async () => {
    for (const at of [1, 2, 49, 50, 51, 52, 53, 80]) {
      const town = await openHolders(90)
      const { directory, ids, clock, ledger, registry } = town
      const doomed = killedAt(registry, at, side)
      const works = [doomed, registry].map((one) =>
        createProgramAnnouncements({
          registry: one,
          directory,
          casebook: createCasebook({ registry: one, ids, clock }),
          holders: ledger,
          clock,
        }),
      )
      const run = async (work: (typeof works)[0]) => {
        while (!(await work(issuerId, {}, clock())).done);
      }
      await run(works[0]!).catch((error: unknown) => {
        if (!(error instanceof Fault)) throw error
      })
      await run(works[1]!)
      const notices = await registry.list(issuerId, 'notice', { limit: 1_000 })
      const members = notices.map(({ body }) => Number(Reflect.get(Object(body), 'memberId')))
      assert.equal(members.length, town.holders)
      assert.equal(new Set(members).size, town.holders)
      assert.ok(members.every((memberId) => memberId % 3 !== 0))
    }
  })
}

test('what nobody decided lapses by its job', async () => {
  const { propose, administration, time } = await openDesk()
  const { proposal } = done(await propose(lowerRate(afterDays(time.now, 7))))
  const work = createProposalUpkeep({ administration })
  await work(issuerId, {}, time.now)
  assert.equal((await administration.proposal(issuerId, proposal.proposalId))?.state, 'proposed')
  time.now = proposal.decideBy
  assert.deepEqual(await work(issuerId, {}, time.now), { done: true })
  assert.equal((await administration.proposal(issuerId, proposal.proposalId))?.state, 'lapsed')
})

test('both are jobs of each issuer', async () => {
  const { administration, registry, directory, casebook, ledger, clock } = await openDesk()
  const deps = { administration, registry, directory, casebook, holders: ledger, clock }
  const jobs = programUpkeepJobs(deps)
  assert.deepEqual(
    jobs.map(({ name, of }) => [name, of]),
    [
      ['proposal_upkeep', 'each_issuer'],
      ['program_announcements', 'each_issuer'],
    ],
  )
})
