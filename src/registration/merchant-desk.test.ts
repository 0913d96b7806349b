/** Registrations through the desk: checks, papers, hearings, bars, accounts, agents, and who is told what. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DOCUMENT_BYTES_MAX } from '../acquiring/acquiring.ts'
import { addMonths, DAY_MS, Fault, id, parseBusinessDate, won } from '../base/base.ts'
import { openDeskBench, pdf } from './fixtures/merchant-bench.ts'
import { application, done, issuerId, key, officerId } from './fixtures/registration-bench.ts'

const cancelNotice = {
  event: 'notice_cancellation',
  reason: 'false_redemption',
  words: '판매 없는 환전',
} as const
const account = {
  kind: 'own',
  bankCode: '011',
  accountNumber: '302-0000-1234-51',
  holderName: '박가네 분식',
} as const

describe('an application', () => {
  test('is approved when its checks pass, and both sides are told', async () => {
    const { rule, apply, change, upload, desk } = await openDeskBench()
    await rule({ documentsRequired: ['business_registration'], districtsRegistered: ['월명동'] })
    const merchantId = await apply()
    assert.deepEqual(await change(merchantId, { event: 'approve' }), {
      status: 'refused',
      reason: 'merchant_check_failed',
      field: 'documents',
    })
    done(await upload(merchantId))
    const { merchant, life } = done(await change(merchantId, { event: 'approve' }))
    assert.deepEqual([merchant.status, life.state], ['active', 'registered'])
    const kinds = async (party?: typeof merchantId) =>
      (await desk.notices(issuerId, party)).map((notice) => notice.partyNoticeKind)
    assert.deepEqual(await kinds(merchantId), ['merchant_registered'])
    assert.deepEqual(await kinds(), ['application_made'])
    const file = await desk.file(issuerId, merchantId)
    assert.equal(file?.documents.length, 1)
    assert.equal(file?.checked.results.district, 'passed')
    assert.equal(await desk.file(issuerId, id('mrc', 999)), undefined)
  })

  test('whose district or sector is not the issuer’s is not approved', async () => {
    const { rule, apply, change } = await openDeskBench()
    await rule({ districtsRegistered: ['나운동'] })
    const merchantId = await apply()
    const refusal = await change(merchantId, { event: 'approve' })
    assert.ok(refusal.status === 'refused' && refusal.field === 'district')
    await rule({ sectorsRestricted: ['snack_bar'] })
    const worse = await change(merchantId, { event: 'approve' })
    assert.ok(worse.status === 'refused' && worse.field === 'sector')
    done(await change(merchantId, { event: 'refuse', words: '제한 업종' }))
  })

  test('the last paper that was asked for lets the days run again', async () => {
    const { apply, change, upload, desk, time } = await openDeskBench()
    const merchantId = await apply()
    const before = (await desk.file(issuerId, merchantId))!.life.decideBy!
    done(await upload(merchantId, { documentKind: 'lease' }))
    time.now += DAY_MS
    const ask = { event: 'ask_documents', documents: ['lease', 'bankbook'], words: '보완' } as const
    done(await change(merchantId, ask))
    time.now += 2 * DAY_MS
    // One that was brought before it was asked for does not count.
    done(await upload(merchantId, { documentKind: 'bankbook' }))
    assert.equal((await desk.file(issuerId, merchantId))!.life.state, 'documents_asked')
    done(await upload(merchantId, { documentKind: 'lease' }))
    const { life } = (await desk.file(issuerId, merchantId))!
    assert.deepEqual([life.state, life.decideBy], ['applied', before + 2 * DAY_MS])
  })

  test('by consent takes over what another issuer has registered, of its owner only', async () => {
    const { registered, registration, registry, desk, change } = await openDeskBench()
    const other = id('iss', 2)
    await registry.openIssuer(other)
    const merchantId = await registered()
    const consent = { issuerId: other, personId: application.personId }
    const from = { issuerId, merchantId }
    const stranger = await registration.applyByConsent({
      ...consent,
      personId: 'person-0009',
      from,
    })
    assert.deepEqual(stranger, { status: 'refused', reason: 'merchant_unknown' })
    const taken = done(await registration.applyByConsent({ ...consent, from }))
    assert.deepEqual([taken.merchant.status, taken.merchant.name], ['applied', application.name])
    const file = await desk.file(other, taken.merchant.merchantId)
    assert.deepEqual(file?.life.takenOver?.merchantId, merchantId)
    done(await change(merchantId, { event: 'suspend', words: '조사', until: null }))
    const suspended = await registration.applyByConsent({ ...consent, from })
    assert.ok(suspended.status === 'refused')
    assert.equal(suspended.reason, 'merchant_transition_refused')
  })
})

describe('papers', () => {
  test('are what their bytes say, kept once, and shown to their merchant only', async () => {
    const { apply, upload, desk, wrote } = await openDeskBench()
    const merchantId = await apply()
    const refused = await upload(merchantId, { bytes: new TextEncoder().encode('<html>') })
    assert.deepEqual(refused, { status: 'refused', reason: 'document_type_refused' })
    const big = new Uint8Array(DOCUMENT_BYTES_MAX + 1)
    big.set(pdf(''))
    assert.equal((await upload(merchantId, { bytes: big })).status, 'refused')
    const most = big.slice(0, DOCUMENT_BYTES_MAX)
    done(await upload(merchantId, { bytes: most }))
    const first = { requestId: key(7), bytes: pdf('one') }
    const { document } = done(await upload(merchantId, first))
    const written = wrote()
    assert.deepEqual(done(await upload(merchantId, first)).document, document)
    assert.equal(wrote(), written)
    const reused = await upload(merchantId, { ...first, bytes: pdf('two') })
    assert.deepEqual(reused, { status: 'refused', reason: 'request_reused' })
    const documentId = id('doc', document.documentId)
    const found = await desk.document(issuerId, merchantId, documentId)
    assert.deepEqual(found?.bytes, pdf('one'))
    assert.equal(await desk.document(issuerId, id('mrc', 9), documentId), undefined)
    assert.equal(await desk.document(id('iss', 2), merchantId, documentId), undefined)
  })
})

describe('a cancellation', () => {
  test('hears the merchant first, bars it and its owner, and lets it back when the bar is over', async () => {
    const bench = await openDeskBench()
    const { registered, change, registration, time, desk } = bench
    const merchantId = await registered()
    const { life } = done(await change(merchantId, cancelNotice))
    const { objectUntil } = life.cancellation!
    const cancel = { event: 'cancel', words: '취소', halved: true } as const
    const early = await change(merchantId, cancel)
    assert.deepEqual(early, { status: 'refused', reason: 'merchant_too_early', at: objectUntil })
    const closing = await change(merchantId, { event: 'close', words: '폐업' }, 'clk_1')
    assert.equal(closing.status, 'refused')
    done(await change(merchantId, { event: 'object', words: '판매가 있었음' }, 'clk_1'))
    const cancelled = done(await change(merchantId, cancel))
    assert.equal(cancelled.merchant.status, 'closed')
    const until = addMonths(time.now, 6)
    assert.equal(cancelled.life.cancellation?.barredUntil, until)
    const barred = {
      status: 'refused',
      reason: 'merchant_barred',
      field: 'businessNumber',
      at: until,
    }
    assert.deepEqual(await registration.applyMerchant(application), barred)
    // The owner with another business is barred too; another owner with another business is not.
    const another = { ...application, businessNumber: '220-81-62517' }
    assert.deepEqual(await registration.applyMerchant(another), barred)
    done(await registration.applyMerchant({ ...another, personId: 'person-0077' }))
    time.now = until - 1
    assert.equal((await registration.applyMerchant(application)).status, 'refused')
    time.now = until
    const back = done(await registration.applyMerchant(application))
    assert.deepEqual([back.merchant.merchantId, back.merchant.status], [merchantId, 'applied'])
    const file = await desk.file(issuerId, merchantId)
    assert.deepEqual([file?.life.round, file?.life.cancellation], [2, null])
    // A second cancellation is another version of the bar.
    done(await change(merchantId, { event: 'approve' }))
    done(await change(merchantId, cancelNotice))
    done(await change(merchantId, { event: 'object', words: '이의' }, 'clk_1'))
    done(await change(merchantId, { ...cancel, halved: false }))
    assert.equal((await desk.file(issuerId, merchantId))?.barredUntil, addMonths(time.now, 12))
  })

  test('words are needed, and a repeat of a request changes nothing', async () => {
    const { registered, desk, change, wrote, nextKey } = await openDeskBench()
    const merchantId = await registered()
    assert.deepEqual(await change(merchantId, { ...cancelNotice, words: ' ' }), {
      status: 'refused',
      reason: 'field_invalid',
      field: 'words',
    })
    const suspend = { event: 'suspend', words: '조사', until: null } as const
    const command = { issuerId, merchantId, by: 'off_1', change: suspend, requestId: nextKey() }
    done(await desk.change(command))
    done(await change(merchantId, { event: 'lift_suspension' }))
    const written = wrote()
    assert.equal(done(await desk.change(command)).merchant.status, 'active')
    assert.equal(wrote(), written)
  })
})

describe('revenue', () => {
  test('counts from its day, in the payment path and in the history', async () => {
    const { registered, desk, time, directory, nextKey } = await openDeskBench()
    const merchantId = await registered()
    const telling = { issuerId, merchantId, by: 'clk_1', requestId: nextKey() }
    const told = { ...telling, revenueWon: won(100_000_000), days: 73 }
    const { life, merchant } = done(await desk.tellRevenue(told))
    assert.equal(merchant.annualRevenueWon, application.annualRevenueWon)
    const from = parseBusinessDate('2026-12-22')!
    assert.deepEqual(life.revenues.at(-1), {
      from,
      annualRevenueWon: 500_000_000,
      at: time.now,
    })
    assert.equal(done(await desk.tellRevenue(told)).life.revenues.length, 2)
    time.now = Date.parse('2026-12-21T23:59:59+09:00')
    assert.equal(await desk.ring({ issuerId, merchantId, timer: 'revenue_change' }), false)
    time.now = Date.parse('2026-12-22T00:00:00+09:00')
    assert.equal(await desk.ring({ issuerId, merchantId, timer: 'revenue_change' }), true)
    assert.equal(directory.merchant(issuerId, merchantId)?.annualRevenueWon, 500_000_000)
    for (const days of [-1, 367, 0.5]) {
      const wrong = { ...told, days, requestId: nextKey() }
      assert.deepEqual(await desk.tellRevenue(wrong), {
        status: 'refused',
        reason: 'field_invalid',
        field: 'days',
      })
    }
  })
})

describe('the settlement account', () => {
  const today = parseBusinessDate('2026-11-22')!
  const tomorrow = parseBusinessDate('2026-11-23')!

  test('is believed when the bank confirms the holder, and a change counts from the next day', async () => {
    const { registered, desk, bank, nextKey, wrote } = await openDeskBench()
    const merchantId = await registered()
    const choose = (more: object = {}, requestId = nextKey()) =>
      desk.chooseAccount({
        issuerId,
        merchantId,
        by: 'clk_1',
        requestId,
        payee: { ...account, ...more },
      })
    const at = (day: typeof today) => desk.settlementAccountAt(issuerId, merchantId, day)
    assert.deepEqual(await at(today), { status: 'unpayable', because: 'account_missing' })
    bank.answer = 'differs'
    assert.ok(
      ((answer) => answer.status === 'refused' && answer.field === 'holderName')(await choose()),
    )
    bank.answer = 'account_unknown'
    assert.equal((await choose()).status, 'refused')
    bank.answer = 'matches'
    bank.isAway = true
    await assert.rejects(choose(), Fault)
    bank.isAway = false
    for (const [field, value] of [
      ['bankCode', '11'],
      ['accountNumber', '12'],
      ['holderName', '\u200b'],
    ] as const) {
      const answer = await choose({ [field]: value })
      assert.deepEqual(answer, { status: 'refused', reason: 'field_invalid', field })
    }
    const first = nextKey()
    assert.equal(done(await choose({}, first)).entry.from, today)
    const written = wrote()
    done(await choose({}, first))
    assert.equal(wrote(), written)
    assert.equal(done(await choose({ accountNumber: '999999' })).entry.from, tomorrow)
    const numberAt = async (day: typeof today) => {
      const payee = await at(day)
      return payee.status === 'payable' ? payee.account.accountNumber : payee.because
    }
    assert.deepEqual([await numberAt(today), await numberAt(tomorrow)], ['3020000123451', '999999'])
    const told = (await desk.notices(issuerId, merchantId)).map((one) => one.partyNoticeKind)
    assert.deepEqual(told.slice(0, 2), ['account_changed', 'account_changed'])
  })

  test('of an agent pays only while the agent may redeem for the merchant', async () => {
    const { registered, registration, desk, change, nextKey, time, wrote } = await openDeskBench()
    const merchantId = await registered()
    const other = { ...application, businessNumber: '220-81-62517', personId: 'person-0005' }
    const agentId = done(await registration.applyMerchant(other)).merchant.merchantId
    done(await change(agentId, { event: 'approve' }))
    const choose = (
      whose: typeof agentId,
      payee: typeof account | { kind: 'agent'; agentId: typeof agentId },
    ) =>
      desk.chooseAccount({ issuerId, merchantId: whose, by: 'clk_1', requestId: nextKey(), payee })
    done(await choose(agentId, account))
    const viaAgent = { kind: 'agent', agentId } as const
    const unnamed = await choose(merchantId, viaAgent)
    assert.deepEqual(unnamed, { status: 'refused', reason: 'agent_unknown', field: 'agentId' })
    const naming = { issuerId, agentId, officerId, merchantId, mayRedeem: true }
    done(await desk.nameForAgent(naming))
    const written = wrote()
    done(await desk.nameForAgent(naming))
    assert.equal(wrote(), written)
    done(await choose(merchantId, viaAgent))
    const payees = await desk.settlementAccountsAt(issuerId, [merchantId, agentId], today)
    const agents = payees.get(merchantId)
    assert.ok(agents?.status === 'payable' && agents.agentId === agentId)
    assert.ok(((own) => own?.status === 'payable' && own.agentId === null)(payees.get(agentId)))
    time.now += DAY_MS
    done(await desk.nameForAgent({ ...naming, mayRedeem: false }))
    const ended = wrote()
    done(await desk.nameForAgent({ ...naming, mayRedeem: false }))
    assert.equal(wrote(), ended)
    const dayAfter = parseBusinessDate('2026-11-24')!
    const later = await desk.settlementAccountAt(issuerId, merchantId, dayAfter)
    assert.deepEqual(later, { status: 'unpayable', because: 'agent_not_named' })
    const last = await desk.settlementAccountAt(issuerId, merchantId, tomorrow)
    assert.equal(last.status, 'payable')
    const self = await desk.nameForAgent({ ...naming, merchantId: agentId })
    assert.deepEqual(self, { status: 'refused', reason: 'merchant_unknown' })
  })
})
