/** A program's life: started from a template, made worse in time, stopped, ended; and the pots that pay for it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  DAY_MS,
  HOUR_MS,
  id,
  parseBusinessDate,
  won,
  type MemberId,
  type WalletId,
} from '../base/base.ts'
import {
  afterDays,
  afterMonths,
  announcedRefundGround,
  stopAt,
  termsAt,
} from '../issuing/issuing.ts'
import { done } from '../registration/fixtures/registration-bench.ts'
import { announcementTurn, type Wish } from './administration.ts'
import {
  day,
  first,
  issuerId,
  keyOf,
  lowerRate,
  nationalPot,
  openDesk,
  programId,
  second,
  third,
  type Desk,
} from './fixtures/administration-bench.ts'

const refusedFor = (reason: string) => ({ status: 'refused', reason })

async function carried({ propose, approve }: Desk, wish: Wish) {
  const { proposalId } = done(await propose(wish)).proposal
  return done(await approve(proposalId)).proposal
}

const start: Wish = {
  kind: 'create_program',
  template: 'pre_discount',
  name: '군산 명절 상품권',
  nameEn: 'Gunsan Holiday Voucher',
  region: '군산시 전역',
  effectiveFrom: day('2026-12-01'),
  overrides: { benefit: { rateBasisPoints: 1_500 }, monthlyPurchaseCapWon: won(300_000) },
}

describe('a new program', () => {
  test('is there from its approval on, and sells from its day', async () => {
    const desk = await openDesk()
    const { change } = await carried(desk, start)
    assert.ok(change.kind === 'create_program')
    const program = desk.directory.program(issuerId, change.programId)
    assert.equal(program?.name, start.name)
    assert.equal(termsAt(program.terms, day('2026-12-01') - 1), undefined)
    const terms = termsAt(program.terms, day('2026-12-01'))
    assert.deepEqual([terms?.version, terms?.benefit.rateBasisPoints], [1, 1_500])
  })

  test('is one, however often it is asked for', async () => {
    const { propose } = await openDesk()
    const { proposal } = done(await propose(start, { key: 5 }))
    assert.deepEqual(done(await propose(start, { key: 5 })).proposal, proposal)
  })

  test('names every problem by its field', async () => {
    const { propose } = await openDesk()
    const answer = await propose({ ...start, overrides: { benefit: { rateBasisPoints: 2_001 } } })
    assert.ok(answer.status === 'refused')
    assert.equal(answer.problems?.[0]?.field, 'benefit.rateBasisPoints')
    assert.deepEqual(await propose({ ...start, nameEn: ' ' }), {
      ...refusedFor('field_invalid'),
      field: 'nameEn',
    })
  })
})

describe('an adverse change', () => {
  test('is refused before its day, with the first day that it may have', async () => {
    const desk = await openDesk()
    const earliestAt = afterDays(desk.time.now, 7)
    assert.deepEqual(await desk.propose(lowerRate(earliestAt - 1)), {
      ...refusedFor('notice_too_short'),
      field: 'effectiveFrom',
      earliestAt,
    })
    const { proposal } = done(await desk.propose(lowerRate(earliestAt)))
    assert.deepEqual(proposal.judgement?.preview.demand, {
      adverseDays: 7,
      contractMonths: null,
      earliestAt,
    })
    assert.deepEqual(proposal.judgement?.preview.example?.after, {
      payWon: 95_000,
      cashbackWon: 0,
    })
    // Told from the approval on: a day later the same date is too early.
    desk.time.now += DAY_MS
    const late = await desk.approve(proposal.proposalId)
    assert.ok(late.status === 'refused' && late.reason === 'notice_too_short')
    assert.equal(late.earliestAt, earliestAt + DAY_MS)
  })

  test('opens full refunds for lots from before until it takes effect', async () => {
    const desk = await openDesk()
    const effectiveFrom = afterDays(desk.time.now, 7)
    await carried(desk, lowerRate(effectiveFrom))
    const program = desk.directory.program(issuerId, programId)!
    const bought = desk.time.now - DAY_MS
    assert.equal(announcedRefundGround(program, bought, desk.time.now), 'adverse_change')
    assert.equal(announcedRefundGround(program, desk.time.now + 1, desk.time.now + 2), undefined)
    assert.equal(announcedRefundGround(program, bought, effectiveFrom), undefined)
  })

  test('is not hidden behind a better version that ends when an old one begins', async () => {
    const desk = await openDesk()
    const lower = afterDays(desk.time.now, 7)
    await carried(desk, lowerRate(lower))
    desk.time.now += 6 * DAY_MS
    // For a day 15 %, and then the 5 % that were announced against 10 %.
    const changes = { benefit: { rateBasisPoints: 1_500 } }
    const effectiveFrom = lower - DAY_MS
    const answer = await desk.propose({ kind: 'change_terms', programId, effectiveFrom, changes })
    assert.ok(answer.status === 'refused' && answer.reason === 'notice_too_short')
  })

  test('of the contract asks for a month, worse or not', async () => {
    const desk = await openDesk()
    const month = afterMonths(desk.time.now, 1)
    const wish = (effectiveFrom: number): Wish => ({
      kind: 'change_terms',
      programId,
      effectiveFrom,
      changes: { purchaseCancelDays: 14 },
    })
    const early = await desk.propose(wish(month - 1))
    assert.ok(early.status === 'refused' && early.earliestAt === month)
    const { proposalId } = await carried(desk, wish(month))
    const [stored] = await desk.registry.read(issuerId, 'announcement', [proposalId])
    assert.equal(Reflect.get(Object(stored?.body), 'about'), 'contract_change')
    assert.equal(Reflect.get(Object(stored?.body), 'refundUntil'), null)
  })

  test('is told to everybody who holds a lot, once each, whoever tells twice', async () => {
    const desk = await openDesk()
    await carried(desk, lowerRate(afterDays(desk.time.now, 7)))
    const people = Array.from({ length: 120 }, (_, index) => ({
      walletId: id('wlt', index + 1),
      memberId: id('mbr', index + 1),
    }))
    const holders = {
      programHolders: async (
        _issuer: typeof issuerId,
        _program: typeof programId,
        { after = 0, limit }: { after?: WalletId | 0; limit: number },
      ): Promise<{ walletId: WalletId; memberId: MemberId }[]> =>
        people.filter(({ walletId }) => walletId > after).slice(0, limit),
    }
    const turn = () => announcementTurn({ ...desk, holders }, issuerId)
    const turns = await Promise.all([turn(), turn()])
    assert.deepEqual(
      turns.map((each) => each?.told),
      [50, 50],
    )
    for (let rest = 0; rest < 3; rest += 1) await turn()
    assert.equal(await turn(), undefined)
    const notices = await desk.registry.list(issuerId, 'notice', { limit: 1_000 })
    assert.equal(notices.length, 120)
    const [notice] = await desk.casebook.noticesOf(issuerId, id('mbr', 120))
    assert.deepEqual(
      [notice?.noticeKind, notice?.facts['programName']],
      ['terms_change', '군산사랑상품권'],
    )
    const [told] = await desk.registry.list(issuerId, 'announcement', { limit: 1 })
    assert.equal(Reflect.get(Object(told?.body), 'told'), 120)
  })
})

describe('a stop', () => {
  const command = (
    desk: Desk,
    number: number,
    stop: { saleStopped: boolean; paymentStopped: boolean },
  ) =>
    desk.administration.stopAtOnce({
      issuerId,
      officerId: first,
      requestId: keyOf(500 + number),
      stop: { kind: 'stop', programId, reason: '부정유통 의심', ...stop },
    })
  const inForce = ({ directory, time }: Desk) =>
    termsAt(directory.program(issuerId, programId)!.terms, time.now)!

  test('takes effect at once by one officer, and outlasts terms that come later', async () => {
    const desk = await openDesk()
    const { proposal } = done(await command(desk, 1, { saleStopped: true, paymentStopped: true }))
    assert.deepEqual([proposal.isDone, proposal.state], [true, 'proposed'])
    assert.deepEqual([inForce(desk).saleSuspended, inForce(desk).paymentSuspended], [true, true])
    await carried(desk, lowerRate(afterDays(desk.time.now, 7)))
    desk.time.now += 30 * DAY_MS
    assert.deepEqual([inForce(desk).version, inForce(desk).paymentSuspended], [2, true])
    // And new terms are made from what was written, not from what is stopped.
    assert.equal(desk.directory.writtenTerms(issuerId, programId).at(-1)?.paymentSuspended, false)
  })

  test('is confirmed by a second officer; unconfirmed it is a case, once', async () => {
    const desk = await openDesk()
    const { proposal } = done(await command(desk, 1, { saleStopped: true, paymentStopped: false }))
    const { proposalId } = proposal
    assert.deepEqual(await desk.approve(proposalId, first), refusedFor('own_proposal'))
    desk.time.now += 24 * HOUR_MS - 1
    assert.deepEqual(await desk.administration.lapseOverdue(issuerId), {
      lapsed: 0,
      unconfirmed: 0,
    })
    desk.time.now += 1
    for (let n = 0; n < 2; n += 1) await desk.administration.lapseOverdue(issuerId)
    const cases = await desk.casebook.cases(issuerId, { limit: 10 })
    assert.deepEqual(
      cases.map(({ caseKind, owner }) => [caseKind, owner]),
      [['stop_unconfirmed', 'issuer']],
    )
    assert.equal(inForce(desk).saleSuspended, true)
    assert.equal(done(await desk.approve(proposalId)).proposal.state, 'approved')
    assert.deepEqual(await desk.administration.lapseOverdue(issuerId), {
      lapsed: 0,
      unconfirmed: 0,
    })
  })

  test('that a second officer rejects is as it was before', async () => {
    const desk = await openDesk()
    await carried(desk, {
      kind: 'stop',
      programId,
      saleStopped: true,
      paymentStopped: false,
      reason: '정비',
    })
    desk.time.now += 1
    const { proposal } = done(await command(desk, 1, { saleStopped: true, paymentStopped: true }))
    desk.time.now += 1
    const turning = { issuerId, proposalId: proposal.proposalId, reason: '오인' } as const
    assert.deepEqual(
      await desk.administration.turnDown({ ...turning, officerId: first, to: 'withdrawn' }),
      refusedFor('own_proposal'),
    )
    done(await desk.administration.turnDown({ ...turning, officerId: second, to: 'rejected' }))
    assert.deepEqual([inForce(desk).saleSuspended, inForce(desk).paymentSuspended], [true, false])
  })

  test('that was decided anew since is left alone by a late rejection', async () => {
    const desk = await openDesk()
    const { proposal } = done(await command(desk, 1, { saleStopped: true, paymentStopped: false }))
    desk.time.now += 1
    await carried(desk, {
      kind: 'stop',
      programId,
      saleStopped: false,
      paymentStopped: true,
      reason: '정비',
    })
    desk.time.now += 1
    const turning = { issuerId, proposalId: proposal.proposalId, reason: '오인' } as const
    done(await desk.administration.turnDown({ ...turning, officerId: third, to: 'rejected' }))
    assert.deepEqual([inForce(desk).saleSuspended, inForce(desk).paymentSuspended], [false, true])
  })

  test('never starts anything again', async () => {
    const desk = await openDesk()
    done(await command(desk, 1, { saleStopped: true, paymentStopped: false }))
    assert.deepEqual(
      await command(desk, 2, { saleStopped: false, paymentStopped: true }),
      refusedFor('second_officer_needed'),
    )
    assert.deepEqual(
      await command(desk, 3, { saleStopped: true, paymentStopped: false }),
      refusedFor('nothing_changes'),
    )
    const again = await command(desk, 1, { saleStopped: true, paymentStopped: false })
    assert.equal(done(again).proposal.isDone, true)
    const released: Wish = {
      kind: 'stop',
      programId,
      saleStopped: false,
      paymentStopped: false,
      reason: '해소',
    }
    const { proposalId } = done(await desk.propose(released)).proposal
    assert.equal(inForce(desk).saleSuspended, true)
    desk.time.now += 1
    done(await desk.approve(proposalId))
    assert.equal(inForce(desk).saleSuspended, false)
    assert.equal(stopAt(desk.directory.conditions(issuerId, programId)!, desk.time.now), undefined)
  })
})

describe('the end of a program', () => {
  const end = (lastDay: string, saleEndsAt: number | null = null): Wish => ({
    kind: 'abolish',
    programId,
    saleEndsAt,
    lastDay: parseBusinessDate(lastDay)!,
    reason: '조례 폐지',
  })

  test('is told two months before, and stops sale now and paying then', async () => {
    const desk = await openDesk()
    const earliestAt = day('2027-01-23')
    assert.deepEqual(await desk.propose(end('2027-01-21')), {
      ...refusedFor('notice_too_short'),
      field: 'effectiveFrom',
      earliestAt,
    })
    const { proposalId } = await carried(desk, end('2027-01-22'))
    const program = desk.directory.program(issuerId, programId)!
    const at = (now: number) => {
      const { saleSuspended, paymentSuspended } = termsAt(program.terms, now)!
      return [saleSuspended, paymentSuspended]
    }
    assert.deepEqual(at(desk.time.now - 1), [false, false])
    assert.deepEqual(at(desk.time.now), [true, false])
    assert.deepEqual(at(earliestAt - 1), [true, false])
    assert.deepEqual(at(earliestAt), [true, true])
    assert.equal(announcedRefundGround(program, desk.time.now - 1, desk.time.now), 'abolition')
    const [told] = await desk.registry.read(issuerId, 'announcement', [proposalId])
    assert.equal(Reflect.get(Object(told?.body), 'about'), 'abolition')
  })

  test('lets sale go on until a day, but not beyond the end', async () => {
    const desk = await openDesk()
    assert.deepEqual(await desk.propose(end('2027-03-31', day('2027-04-02'))), {
      ...refusedFor('field_invalid'),
      field: 'saleEndsAt',
    })
    await carried(desk, end('2027-03-31', day('2026-12-31')))
    const { terms } = desk.directory.program(issuerId, programId)!
    assert.equal(termsAt(terms, day('2026-12-31') - 1)!.saleSuspended, false)
    assert.equal(termsAt(terms, day('2026-12-31'))!.saleSuspended, true)
  })

  test('is decided once, and nothing else is changed after it', async () => {
    const desk = await openDesk()
    await carried(desk, end('2027-03-31'))
    assert.deepEqual(await desk.propose(end('2027-04-30')), refusedFor('program_abolished'))
    const later = lowerRate(afterDays(desk.time.now, 7))
    assert.deepEqual(await desk.propose(later), refusedFor('program_abolished'))
  })
})

describe('pots', () => {
  test('are made and raised by two officers', async () => {
    const desk = await openDesk()
    const { change } = await carried(desk, nationalPot())
    assert.ok(change.kind === 'set_pot')
    const { potId } = change
    const wish = nationalPot({ amountWon: won(3_000_000) })
    assert.ok(wish.kind === 'set_pot')
    await carried(desk, { ...wish, potId })
    const pots = desk.directory.pots(issuerId)
    assert.deepEqual(
      pots.map((pot) => [pot.potId, pot.amountWon]),
      [[potId, 3_000_000]],
    )
    const ofCity = { ...wish, potId, pot: { ...wish.pot, funder: 'city' } } as const
    assert.deepEqual(await desk.propose(ofCity), {
      ...refusedFor('field_invalid'),
      field: 'funder',
    })
  })

  test('of one funder for one program do not overlap', async () => {
    const desk = await openDesk()
    const both = [await desk.propose(nationalPot()), await desk.propose(nationalPot())].map(done)
    done(await desk.approve(both[0]!.proposal.proposalId))
    assert.deepEqual(await desk.approve(both[1]!.proposal.proposalId), refusedFor('pot_overlaps'))
    assert.deepEqual(await desk.propose(nationalPot()), refusedFor('pot_overlaps'))
  })
})
