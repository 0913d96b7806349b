/** Reports from opening to answer and beyond: every side, every day at its edge, every notice. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cleanLines, DAY_MS, id } from '../base/base.ts'
import { done, issuerId, key, openBench } from './fixtures/registration-bench.ts'
import {
  createCasebook,
  createReportDesk,
  OPEN_REPORTS_MAX,
  REPORT_WORDS_MAX,
  type ReportChange,
  type ReportParty,
} from './registration.ts'
import { partyNoticesOf } from './party-notices.ts'

const memberId = id('mbr', 3)
const reporter = { kind: 'member', memberId } as const
const shop = { kind: 'merchant', merchantId: id('mrc', 5) } as const
const attachment = {
  name: '영수증.png',
  mediaType: 'image/png',
  sizeBytes: 9,
  sha256: 'ab'.repeat(32),
}
const opening = {
  issuerId,
  by: 'mbr_3',
  reporter,
  kind: 'error_report',
  category: 'purchase',
  operationId: null,
  description: '한 번 샀는데\n두 번 출금됐어요',
  language: 'ko',
  attachments: [attachment],
} as const

async function openDesk() {
  const bench = await openBench()
  const { registry, ids, directory, time } = bench
  const deps = { registry, ids, clock: () => time.now, issuerRules: directory }
  const desk = createReportDesk(deps)
  const casebook = createCasebook(deps)
  let keys = 100
  const nextKey = () => key((keys += 1))
  const opened = async (more: object = {}) =>
    done(await desk.open({ ...opening, requestId: nextKey(), ...more })).report
  const { caseId } = (await opened()).case
  const change = (party: ReportParty, what: ReportChange, of = caseId) =>
    desk.change({ issuerId, caseId: of, requestId: nextKey(), by: 'x', party, change: what })
  const member = (what: ReportChange, of = caseId) =>
    change({ kind: 'reporter', reporter }, what, of)
  const issuer = (what: ReportChange, of = caseId) => change({ kind: 'issuer' }, what, of)
  const told = async () =>
    (await casebook.noticesOf(issuerId, memberId)).map((notice) => notice.noticeKind)
  return { ...bench, desk, casebook, nextKey, opened, caseId, change, member, issuer, told }
}

const reasonOf = (answer: { status: string; reason?: string }) => answer.reason ?? answer.status
const resolve = { event: 'resolve', outcome: 'corrected', words: '한 건을 취소했습니다' } as const

describe('opening', () => {
  test('a report has its days, its desk, and is listed with its reporter’s', async () => {
    const { desk, caseId, opened } = await openDesk()
    const report = await desk.report(issuerId, caseId)
    assert.equal(report?.description, '한 번 샀는데\n두 번 출금됐어요')
    assert.equal(report?.case.owner, 'issuer')
    assert.equal(report?.case.dueAt, Date.parse('2026-12-07T00:00:00+09:00'))
    const dispute = await opened({ kind: 'dispute', category: 'payment' })
    assert.equal(dispute.case.owner, 'operator')
    assert.equal(dispute.case.dueAt, Date.parse('2026-12-08T00:00:00+09:00'))
    const own = await desk.reportsOf(issuerId, reporter)
    assert.deepEqual(
      own.map((each) => each.case.caseId),
      [dispute.case.caseId, caseId],
    )
    assert.deepEqual(await desk.reportsOf(issuerId, { kind: 'member', memberId: id('mbr', 4) }), [])
    // A merchant of the member's number is somebody else.
    assert.deepEqual(
      await desk.reportsOf(issuerId, { kind: 'merchant', merchantId: id('mrc', 3) }),
      [],
    )
  })

  test('a request opens one report, and nobody else gets it by its key', async () => {
    const { desk, wrote } = await openDesk()
    const { report } = done(await desk.open({ ...opening, requestId: key(1) }))
    const written = wrote()
    assert.deepEqual(done(await desk.open({ ...opening, requestId: key(1) })).report, report)
    assert.equal(wrote(), written)
    const stranger = await desk.open({ ...opening, reporter: shop, requestId: key(1) })
    assert.deepEqual(stranger, { status: 'refused', reason: 'request_reused' })
  })

  test('what cannot be read or is too much is refused by name', async () => {
    const { desk, nextKey } = await openDesk()
    const wrong = [
      [{ description: ' \n ' }, 'description'],
      [{ description: 'a\u202eb' }, 'description'],
      [{ description: '가'.repeat(REPORT_WORDS_MAX + 1) }, 'description'],
      [{ attachments: Array.from({ length: 11 }, () => attachment) }, 'attachments'],
      [{ attachments: [{ ...attachment, sha256: 'AB' }] }, 'attachments'],
      [{ attachments: [{ ...attachment, sizeBytes: -1 }] }, 'attachments'],
      [{ attachments: [{ ...attachment, mediaType: 'text/html; x' }] }, 'attachments'],
    ] as const
    for (const [more, field] of wrong) {
      const answer = await desk.open({ ...opening, requestId: nextKey(), ...more })
      assert.deepEqual(answer, { status: 'refused', reason: 'field_invalid', field })
    }
    const longest = { description: '가'.repeat(REPORT_WORDS_MAX) }
    done(await desk.open({ ...opening, requestId: nextKey(), ...longest }))
  })

  test('of one reporter only so many are open', async () => {
    const { desk, opened, nextKey, issuer } = await openDesk()
    for (let count = 1; count < OPEN_REPORTS_MAX; count += 1) await opened()
    const refusal = await desk.open({ ...opening, requestId: nextKey() })
    assert.equal(reasonOf(refusal), 'too_many_reports')
    done(await desk.open({ ...opening, reporter: shop, requestId: nextKey() }))
    done(await issuer(resolve))
    done(await desk.open({ ...opening, requestId: nextKey() }))
  })
})

describe('a report', () => {
  test('is taken, asked about and answered; the reporter is told each time', async () => {
    const { issuer, member, told, desk, caseId, casebook } = await openDesk()
    done(await issuer({ event: 'assign', officerId: id('off', 1) }))
    done(await issuer({ event: 'ask', words: '언제인가요?' }))
    assert.deepEqual(await told(), ['case_question'])
    done(await member({ event: 'answer', words: '어제 저녁입니다' }))
    const { report } = done(await issuer(resolve))
    assert.deepEqual(
      [report.stage, report.outcome, report.case.state],
      ['resolved', 'corrected', 'closed'],
    )
    assert.deepEqual(
      report.messages.map(({ from, words }) => `${from}: ${words}`),
      ['desk: 언제인가요?', 'reporter: 어제 저녁입니다', 'desk: 한 건을 취소했습니다'],
    )
    assert.deepEqual(await told(), ['case_answer', 'case_question'])
    assert.equal((await desk.report(issuerId, caseId))?.officerId, 1)
    // Other cases' closure does not end it.
    const closing = await casebook.closeCase({ issuerId, caseId, by: 'off_1', resolution: '종결' })
    assert.equal(reasonOf(closing), 'case_transition_refused')
  })

  test('of a merchant is answered to the merchant', async () => {
    const { opened, issuer, registry } = await openDesk()
    const { caseId } = (await opened({ reporter: shop, category: 'settlement' })).case
    done(await issuer(resolve, caseId))
    const notices = await partyNoticesOf(registry, issuerId, shop.merchantId)
    assert.deepEqual(
      notices.map((notice) => notice.partyNoticeKind),
      ['case_answer'],
    )
  })

  test('a repeat of a request changes nothing and tells nobody twice', async () => {
    const { desk, caseId, told, wrote } = await openDesk()
    const command = { issuerId, caseId, requestId: key(9), by: 'off_1', change: resolve }
    done(await desk.change({ ...command, party: { kind: 'issuer' } }))
    const written = wrote()
    done(await desk.change({ ...command, party: { kind: 'issuer' } }))
    assert.equal(wrote(), written)
    assert.deepEqual(await told(), ['case_answer'])
  })

  test('is the reporter’s and its desk’s: nobody else finds it, and neither does the other’s part', async () => {
    const { change, member, issuer } = await openDesk()
    const stranger = { kind: 'reporter', reporter: shop } as const
    assert.equal(reasonOf(await change(stranger, { event: 'answer', words: 'x' })), 'case_unknown')
    assert.equal(reasonOf(await change({ kind: 'operator' }, resolve)), 'case_unknown')
    assert.equal(reasonOf(await member(resolve)), 'case_transition_refused')
    done(await issuer({ event: 'ask', words: '?' }))
    const asDesk = await issuer({ event: 'answer', words: 'x' })
    assert.equal(reasonOf(asDesk), 'case_transition_refused')
    assert.deepEqual(await issuer({ event: 'ask', words: ' ' }), {
      status: 'refused',
      reason: 'field_invalid',
      field: 'words',
    })
  })

  test('goes to the other desk, which then owns it alone', async () => {
    const { change, issuer, opened, registry } = await openDesk()
    assert.equal(
      reasonOf(await issuer({ event: 'give_on', owner: 'issuer' })),
      'case_transition_refused',
    )
    done(await issuer({ event: 'give_on', owner: 'operator' }))
    assert.equal(reasonOf(await issuer(resolve)), 'case_unknown')
    done(await change({ kind: 'operator' }, { event: 'ask', words: '기기가 무엇인가요?' }))
    const { caseId } = (await opened({ category: 'payment' })).case
    done(await change({ kind: 'operator' }, { event: 'give_on', owner: 'issuer' }, caseId))
    const desk = await partyNoticesOf(registry, issuerId)
    assert.deepEqual(
      desk.map((notice) => notice.partyNoticeKind),
      ['case_given_on'],
    )
  })
})

describe('an answer', () => {
  const reopen = { event: 'reopen', words: '아직 안 돌아왔어요' } as const
  const escalate = { event: 'escalate', words: '분쟁으로 처리해 주세요' } as const

  test('is contested within its days, and then has days of its own', async () => {
    const { member, issuer, time } = await openDesk()
    assert.equal(reasonOf(await member(reopen)), 'case_transition_refused')
    done(await issuer(resolve))
    time.now += 30 * DAY_MS - 1
    const { report } = done(await member(reopen))
    assert.deepEqual([report.stage, report.case.state, report.outcome], ['opened', 'open', null])
    assert.ok(report.case.dueAt > time.now + 14 * DAY_MS)
    done(await issuer(resolve))
    time.now += 30 * DAY_MS
    assert.equal(reasonOf(await member(reopen)), 'case_too_late')
    assert.equal(reasonOf(await member(escalate)), 'case_too_late')
  })

  test('that is contested as a dispute becomes one, once; a dispute is none again', async () => {
    const { member, issuer, desk, caseId } = await openDesk()
    done(await issuer(resolve))
    const { report } = done(await member(escalate))
    assert.deepEqual([report.stage, report.case.state], ['escalated', 'closed'])
    const dispute = await desk.report(issuerId, report.dispute!)
    assert.deepEqual(
      [dispute?.case.caseKind, dispute?.contests, dispute?.description],
      ['dispute', caseId, escalate.words],
    )
    assert.equal(reasonOf(await member(escalate)), 'case_transition_refused')
    const again = await member(escalate, report.dispute!)
    assert.equal(reasonOf(again), 'case_transition_refused')
    done(await issuer(resolve, report.dispute!))
    done(await member(reopen, report.dispute!))
  })

  test('that does not come in time may be taken further without it', async () => {
    const { member, time, desk, caseId } = await openDesk()
    const { dueAt } = (await desk.report(issuerId, caseId))!.case
    time.now = dueAt - 1
    assert.deepEqual(await member(escalate), {
      status: 'refused',
      reason: 'case_too_early',
      at: dueAt,
    })
    time.now = dueAt
    assert.equal(done(await member(escalate)).report.case.resolution, '분쟁으로 이관')
  })
})

test('what is due is listed by its day, system cases too', async () => {
  const { desk, casebook, time, caseId, issuer } = await openDesk()
  const shortage = {
    issuerId,
    caseKind: 'standin_shortage',
    subject: 'a',
    owner: 'operator',
    facts: {},
    dueAt: time.now + 5 * DAY_MS,
  } as const
  const system = await casebook.openCase(shortage)
  const listed = async () =>
    (await desk.dueCases(issuerId, time.now)).map(({ case: each, due }) => [each.caseId, due])
  assert.deepEqual(await listed(), [])
  time.now += 2 * DAY_MS
  assert.deepEqual(await listed(), [[system.caseId, 'soon']])
  time.now = Date.parse('2026-12-04T00:00:00+09:00')
  assert.deepEqual(await listed(), [
    [system.caseId, 'overdue'],
    [caseId, 'soon'],
  ])
  done(await issuer(resolve))
  assert.deepEqual(await listed(), [[system.caseId, 'overdue']])
})

test('lines are kept, empty ones at the ends are not, and controls are refused', () => {
  assert.equal(cleanLines('\n  가  나 \r\n\n\n\n다\n', 10), '가 나\n\n다')
  for (const wrong of ['', '\n', 'a\u0000b', 'a\u200bb', 'a'.repeat(11)]) {
    assert.equal(cleanLines(wrong, 10), undefined)
  }
  assert.equal(cleanLines('a'.repeat(10), 10), 'a'.repeat(10))
})
