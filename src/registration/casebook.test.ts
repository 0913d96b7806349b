/** Cases, conversions and notices: one for each subject, closed once, listed newest first. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { id, parseBusinessDate, won } from '../base/base.ts'
import { done, issuerId, key, openBench } from './fixtures/registration-bench.ts'
import { CASE_TERM_MS, createCasebook, type ConversionOpening } from './registration.ts'

async function openCasebook() {
  const bench = await openBench()
  const { registry, ids, time } = bench
  const casebook = createCasebook({ registry, ids, clock: () => time.now })
  return { ...bench, casebook }
}

const shortage = (subject: string) => ({
  issuerId,
  caseKind: 'standin_shortage' as const,
  subject,
  owner: 'issuer' as const,
  facts: { lossWon: 500 },
})

const sale = (number: number): ConversionOpening => ({
  partnerId: id('prt', 1),
  saleId: key(number),
  key: {
    acquirer: '000001',
    terminal: 'T0000001',
    stan: '000001',
    localDate: parseBusinessDate('2026-11-22')!,
    cardClass: 'financial',
  },
  cardToken: 'HAN0000000000001',
  memberId: id('mbr', 3),
  walletId: id('wlt', 3),
  merchantId: id('mrc', 5),
  merchantNumber: '124810099800000',
  saleWon: won(10_000),
  accountWon: won(10_000),
  debitedAt: 1,
  heardFrom: 'advice',
})

describe('cases', () => {
  test('a subject has one case, due in two weeks', async () => {
    const { casebook, time, wrote } = await openCasebook()
    const opened = await casebook.openCase(shortage('a'))
    assert.equal(opened.dueAt, time.now + CASE_TERM_MS)
    const written = wrote()
    time.now += 60_000
    assert.deepEqual(await casebook.openCase({ ...shortage('a'), facts: { lossWon: 9 } }), opened)
    assert.equal(wrote(), written)
    const other = await casebook.openCase({ ...shortage('a'), caseKind: 'advice_mismatch' })
    assert.notEqual(other.caseId, opened.caseId)
    assert.deepEqual(await casebook.case(issuerId, opened.caseId), opened)
    assert.equal(await casebook.case(issuerId, id('cas', 9)), undefined)
  })

  test('two who open one case at one time get one', async () => {
    const { casebook } = await openCasebook()
    const [one, two] = await Promise.all([
      casebook.openCase(shortage('a')),
      casebook.openCase(shortage('a')),
    ])
    assert.deepEqual(one, two)
  })

  test('a case is closed once, by whom it belongs to', async () => {
    const { casebook, time } = await openCasebook()
    const { caseId } = await casebook.openCase(shortage('a'))
    const closure = {
      issuerId,
      caseId,
      by: 'off_1',
      owner: 'issuer' as const,
      resolution: '보전함',
    }
    const strange = await casebook.closeCase({ ...closure, owner: 'operator' })
    assert.deepEqual(strange, { status: 'refused', reason: 'case_unknown' })
    const empty = await casebook.closeCase({ ...closure, resolution: ' ' })
    assert.deepEqual(empty, { status: 'refused', reason: 'field_invalid', field: 'resolution' })
    const closed = done(await casebook.closeCase(closure)).case
    assert.equal(closed.state, 'closed')
    assert.equal(closed.closedAt, time.now)
    time.now += 1
    assert.deepEqual(done(await casebook.closeCase(closure)).case, closed)
    const again = await casebook.closeCase({ ...closure, resolution: '다른 결과' })
    assert.deepEqual(again, { status: 'refused', reason: 'case_closed' })
    assert.deepEqual(await casebook.openCase(shortage('a')), closed)
  })

  test('lists by state, newest first, in pages', async () => {
    const { casebook } = await openCasebook()
    const cases = []
    for (const subject of ['a', 'b', 'c']) cases.push(await casebook.openCase(shortage(subject)))
    const [a, b, c] = cases
    const { caseId } = b!
    done(await casebook.closeCase({ issuerId, caseId, by: 'system', resolution: '확인' }))
    const open = await casebook.cases(issuerId, { state: 'open', limit: 10 })
    assert.deepEqual(open, [c, a])
    const closed = await casebook.cases(issuerId, { state: 'closed', limit: 10 })
    assert.deepEqual(
      closed.map((each) => each.subject),
      ['b'],
    )
    const page = await casebook.cases(issuerId, { limit: 1, before: c!.caseId })
    assert.deepEqual(
      page.map((each) => each.subject),
      ['b'],
    )
    assert.deepEqual(await casebook.cases(id('iss', 2), { limit: 10 }), [])
  })
})

describe('conversions', () => {
  test('a sale has one conversion, which is changed in place', async () => {
    const { casebook, time } = await openCasebook()
    const { status, conversion } = await casebook.openConversion(issuerId, sale(1))
    assert.equal(status, 'opened')
    assert.equal(conversion.state, 'open')
    assert.equal(conversion.dueAt, time.now + CASE_TERM_MS)
    const again = await casebook.openConversion(issuerId, sale(1))
    assert.deepEqual(again, { status: 'known', conversion })
    const converted = await casebook.changeConversion(issuerId, key(1), (body) => ({
      ...body,
      state: 'converted',
      voucherWon: won(4_000),
      closedAt: time.now,
    }))
    assert.equal(converted?.state, 'converted')
    const same = await casebook.changeConversion(issuerId, key(1), () => undefined)
    assert.deepEqual(same, converted)
    assert.equal(await casebook.changeConversion(issuerId, key(9), (body) => body), undefined)
  })

  test('a member sees their own, also one whose member was learned later', async () => {
    const { casebook } = await openCasebook()
    const nobody = { ...sale(1), memberId: null, walletId: null }
    await casebook.openConversion(issuerId, nobody)
    await casebook.openConversion(issuerId, sale(2))
    const sales = async (memberId: number) =>
      (await casebook.conversionsOf(issuerId, id('mbr', memberId))).map((each) => each.saleId)
    assert.deepEqual(await sales(3), [key(2)])
    await casebook.changeConversion(issuerId, key(1), (body) => ({
      ...body,
      memberId: id('mbr', 3),
    }))
    assert.deepEqual(await sales(3), [key(2), key(1)])
    assert.deepEqual(await sales(30), [])
    const open = await casebook.conversions(issuerId, { state: 'open', limit: 10 })
    assert.deepEqual(
      open.map((each) => each.saleId),
      [key(2), key(1)],
    )
  })
})

test('a notice is written once for its subject and read by its member, newest first', async () => {
  const { casebook } = await openCasebook()
  const notice = {
    memberId: id('mbr', 3),
    noticeKind: 'retro_conversion' as const,
    facts: { voucherWon: 4_000, accountWon: 10_000 },
  }
  for (const subject of ['a', 'b', 'a']) await casebook.notify(issuerId, { ...notice, subject })
  await casebook.notify(issuerId, { ...notice, subject: 'c', memberId: id('mbr', 30) })
  const read = await casebook.noticesOf(issuerId, id('mbr', 3))
  assert.equal(read.length, 2)
  assert.ok(read[0]!.recordId > read[1]!.recordId)
  assert.deepEqual(read[0]!.facts, notice.facts)
})
