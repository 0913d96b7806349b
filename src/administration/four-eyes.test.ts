/** Two officers: who may decide what, once, in time, and together with what it brings about. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { id, won } from '../base/base.ts'
import { reviewedMatters, rulesAt, termsAt } from '../issuing/issuing.ts'
import { done } from '../registration/fixtures/registration-bench.ts'
import type { Wish } from './administration.ts'
import {
  day,
  first,
  gone,
  issuerId,
  keyOf,
  lowerRate,
  moreQuota,
  nationalPot,
  openDesk,
  programId,
  second,
  third,
} from './fixtures/administration-bench.ts'

const refusedFor = (reason: string) => ({ status: 'refused', reason })
const december = day('2026-12-01')

describe('a proposal', () => {
  test('changes nothing until a second officer approves, then all at once', async () => {
    const { propose, approve, directory, registry } = await openDesk()
    const { proposal } = done(await propose(moreQuota(december)))
    assert.deepEqual(
      [proposal.state, proposal.judgement?.preview.matters],
      ['proposed', ['limits']],
    )
    assert.equal(directory.writtenTerms(issuerId, programId).length, 1)
    const before = registry.versions(issuerId).length
    const approved = done(await approve(proposal.proposalId)).proposal
    assert.deepEqual([approved.state, approved.decidedBy], ['approved', second])
    const written = registry.versions(issuerId).slice(before)
    assert.deepEqual(
      written.map(({ kind, recordedBy }) => [kind, recordedBy]),
      [
        ['proposal', 'off_2'],
        ['terms', 'off_2'],
      ],
    )
    const terms = termsAt(directory.program(issuerId, programId)!.terms, december)
    assert.deepEqual([terms?.version, terms?.monthlyQuotaWon], [2, 20_000_000_000])
    assert.equal(terms?.adverseAnnouncedAt, null)
  })

  test('is never decided by its proposer, nor by one who left, nor by a stranger', async () => {
    const { propose, approve, administration, wrote } = await openDesk()
    const { proposalId } = done(await propose(moreQuota(december))).proposal
    const before = wrote()
    assert.deepEqual(await approve(proposalId, first), refusedFor('own_proposal'))
    assert.deepEqual(await approve(proposalId, gone), refusedFor('officer_unknown'))
    assert.deepEqual(await approve(proposalId, id('off', 99)), refusedFor('officer_unknown'))
    const turning = { issuerId, proposalId, to: 'rejected', reason: '다시 검토' } as const
    assert.deepEqual(
      await administration.turnDown({ ...turning, officerId: first }),
      refusedFor('own_proposal'),
    )
    assert.deepEqual(
      await administration.turnDown({ ...turning, officerId: second, to: 'withdrawn' }),
      refusedFor('proposal_of_another'),
    )
    const elsewhere = { issuerId: id('iss', 2), proposalId, officerId: second }
    assert.deepEqual(await administration.approve(elsewhere), refusedFor('proposal_unknown'))
    assert.equal(wrote(), before)
    assert.deepEqual(
      await propose(moreQuota(december), { officerId: gone }),
      refusedFor('officer_unknown'),
    )
  })

  test('is decided once; the same officer again hears the same', async () => {
    const { propose, approve, administration, wrote } = await openDesk()
    const { proposalId } = done(await propose(moreQuota(december))).proposal
    const approved = done(await approve(proposalId)).proposal
    const before = wrote()
    assert.deepEqual(done(await approve(proposalId)).proposal, approved)
    assert.deepEqual(await approve(proposalId, third), refusedFor('proposal_decided'))
    const turning = {
      issuerId,
      proposalId,
      officerId: second,
      to: 'rejected',
      reason: '늦음',
    } as const
    assert.deepEqual(await administration.turnDown(turning), refusedFor('proposal_decided'))
    assert.equal(wrote(), before)
  })

  test('asked again with its key is the same; with another content it is refused', async () => {
    const { propose, wrote } = await openDesk()
    const { proposal } = done(await propose(moreQuota(december), { key: 7 }))
    const before = wrote()
    assert.deepEqual(done(await propose(moreQuota(december), { key: 7 })).proposal, proposal)
    assert.deepEqual(await propose(lowerRate(december), { key: 7 }), refusedFor('request_reused'))
    assert.deepEqual(
      await propose(moreQuota(december), { key: 7, officerId: second }),
      refusedFor('request_reused'),
    )
    assert.equal(wrote(), before)
  })

  test('is rejected by another, or withdrawn by its proposer, with a reason', async () => {
    const { propose, approve, administration, directory } = await openDesk()
    const one = done(await propose(moreQuota(december))).proposal.proposalId
    const other = done(await propose(moreQuota(december))).proposal.proposalId
    const turn = (proposalId: typeof one, officerId: typeof first, to: 'rejected' | 'withdrawn') =>
      administration.turnDown({ issuerId, proposalId, officerId, to, reason: '예산 미확정' })
    const rejected = done(await turn(one, second, 'rejected')).proposal
    assert.deepEqual([rejected.state, rejected.reason], ['rejected', '예산 미확정'])
    assert.equal(done(await turn(other, first, 'withdrawn')).proposal.state, 'withdrawn')
    assert.deepEqual(await approve(one), refusedFor('proposal_decided'))
    assert.equal(directory.writtenTerms(issuerId, programId).length, 1)
  })

  test('lapses where nobody decided it by the day that it was for', async () => {
    const { propose, approve, administration, time, directory } = await openDesk()
    const one = done(await propose(moreQuota(december))).proposal.proposalId
    const other = done(await propose(moreQuota(december + 1))).proposal.proposalId
    time.now = december - 1
    assert.deepEqual(await administration.lapseOverdue(issuerId), { lapsed: 0, unconfirmed: 0 })
    time.now = december
    assert.deepEqual(await approve(one), refusedFor('proposal_lapsed'))
    assert.equal((await administration.proposal(issuerId, one))?.state, 'lapsed')
    assert.deepEqual(await approve(one), refusedFor('proposal_lapsed'))
    time.now = december + 1
    assert.deepEqual(await administration.lapseOverdue(issuerId), { lapsed: 1, unconfirmed: 0 })
    assert.equal((await administration.proposal(issuerId, other))?.state, 'lapsed')
    assert.deepEqual(await administration.lapseOverdue(issuerId), { lapsed: 0, unconfirmed: 0 })
    assert.equal(directory.writtenTerms(issuerId, programId).length, 1)
  })

  test('of two for one version only the first is carried out', async () => {
    const { propose, approve } = await openDesk()
    const one = done(await propose(moreQuota(december))).proposal.proposalId
    const other = done(await propose(moreQuota(december + 1))).proposal.proposalId
    done(await approve(one))
    assert.deepEqual(await approve(other), refusedFor('terms_superseded'))
  })

  test('two approvals at one time are one', async () => {
    const { propose, approve, directory } = await openDesk()
    const { proposalId } = done(await propose(moreQuota(december))).proposal
    const answers = await Promise.all([approve(proposalId), approve(proposalId, third)])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), ['refused', 'registered'])
    assert.equal(directory.writtenTerms(issuerId, programId).length, 2)
  })
})

describe('what is refused before anybody has to decide', () => {
  const cases: readonly (readonly [string, Wish, object])[] = [
    [
      'a program nobody has',
      { ...moreQuota(december), programId: id('prg', 9) } as Wish,
      { reason: 'program_unknown' },
    ],
    ['the past', moreQuota(day('2026-11-01')), { reason: 'field_invalid', field: 'effectiveFrom' }],
    [
      'nothing',
      { kind: 'change_terms', programId, effectiveFrom: december, changes: {} },
      { reason: 'nothing_changes' },
    ],
    [
      'a stop of nothing',
      { kind: 'stop', programId, saleStopped: false, paymentStopped: false, reason: '점검' },
      { reason: 'nothing_changes' },
    ],
    [
      'a reason of nothing',
      { kind: 'stop', programId, saleStopped: true, paymentStopped: false, reason: ' ' },
      { reason: 'field_invalid', field: 'reason' },
    ],
    [
      'a pot for nothing',
      nationalPot({ programIds: [id('prg', 9)] }),
      { reason: 'field_invalid', field: 'programIds' },
    ],
    [
      'a pot that is none',
      { ...nationalPot(), potId: id('pot', 9) } as Wish,
      { reason: 'pot_unknown' },
    ],
  ]
  for (const [name, wish, expected] of cases) {
    test(name, async () => {
      const { propose, wrote } = await openDesk()
      const before = wrote()
      assert.deepEqual(await propose(wish), { status: 'refused', ...expected })
      assert.equal(wrote(), before)
    })
  }

  test('terms out of bounds, with every problem by its field', async () => {
    const { propose } = await openDesk()
    const changes = { validityYears: 99, benefit: { rateBasisPoints: 9_999 } }
    const answer = await propose({
      kind: 'change_terms',
      programId,
      effectiveFrom: december,
      changes,
    })
    assert.ok(answer.status === 'refused')
    assert.deepEqual(
      answer.problems?.map(({ field }) => field),
      ['validityYears', 'benefit.rateBasisPoints'],
    )
  })

  test('more proposals than anybody looks at', async () => {
    const { propose } = await openDesk()
    for (let n = 0; n < 200; n += 1) done(await propose(moreQuota(december)))
    assert.deepEqual(await propose(moreQuota(december)), refusedFor('too_many_proposals'))
  })
})

describe('who has to look', () => {
  test('words and hours of sale take effect by one officer, where money asks for two', async () => {
    const { propose, directory } = await openDesk()
    const changes = {
      region: '군산시 전역(도서 포함)',
      saleTimes: [{ daysOfMonth: [1], weekdays: null, opensAtMinute: 540, closesAtMinute: 1_080 }],
    }
    const wish: Wish = { kind: 'change_terms', programId, effectiveFrom: december, changes }
    const { proposal } = done(await propose(wish))
    assert.deepEqual([proposal.state, proposal.decidedBy], ['approved', first])
    assert.equal(directory.writtenTerms(issuerId, programId).length, 2)
    const both: Wish = {
      kind: 'change_terms',
      programId,
      effectiveFrom: december + 1,
      changes: { region: '군산시', paymentWonMax: won(1_600_000) },
    }
    assert.equal(done(await propose(both)).proposal.state, 'proposed')
  })

  test('the rule about it is itself changed by two only, and never says nobody', async () => {
    const { propose, approve, registration, directory } = await openDesk()
    const changes = { secondOfficerFor: [...reviewedMatters] }
    const alone = await registration.addIssuerRules({
      issuerId,
      officerId: first,
      requestId: keyOf(900),
      effectiveFrom: december,
      changes,
    })
    assert.deepEqual(alone, { ...refusedFor('second_officer_needed'), field: 'secondOfficerFor' })
    const set = (value: readonly string[]) =>
      propose({ kind: 'set_rules', effectiveFrom: december, changes: { secondOfficerFor: value } })
    const nobody = await set(['benefit'])
    assert.ok(nobody.status === 'refused' && nobody.reason === 'terms_invalid')
    const { proposalId } = done(await set(reviewedMatters)).proposal
    done(await approve(proposalId))
    const versions = directory.issuerRules(issuerId)
    assert.deepEqual(rulesAt(versions, december).secondOfficerFor, reviewedMatters)
    assert.notDeepEqual(rulesAt(versions, december - 1).secondOfficerFor, reviewedMatters)
  })
})
