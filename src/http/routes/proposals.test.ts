/** Two officers at the door: a program is started, sold, changed with notice, and stopped, by real requests. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { formatId } from '../../base/base.ts'
import { created, openCity, openMember, PROGRAM } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const officer = await city.caller('officer-of-gunsan')
const second = await city.caller('second-officer-of-gunsan')
const programId = formatId('prg', PROGRAM)

interface Shown {
  proposalId: string
  state: string
  change: { programId: string }
  preview: {
    matters: string[]
    differences: { name: string; before: string; after: string; isAdverse: boolean }[]
    notice: { adverseDays: number | null; earliestAt: string | null }
    example: { before: { payWon: number } | null; after: { payWon: number } | null } | null
    holdings: { wallets: number; remainingWon: number } | null
    problem: { code: string } | null
  } | null
}
interface Problem {
  code: string
  field?: string
  detail: string
}

async function approved(path: string, body: object): Promise<Shown> {
  const asked = await officer.ask('POST', `${base}/proposals/${path}`, { body })
  const { proposalId } = created(asked).json<Shown>()
  const answer = await second.ask('POST', `${base}/proposals/${proposalId}/approval`)
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json<Shown>()
}

test('a municipality starts a program without anybody else, and a member buys', async () => {
  const { items } = (await officer.ask('GET', `${base}/program-templates`)).json<{
    items: { template: string; terms: { monthlyQuotaWon: number } }[]
  }>()
  assert.deepEqual(
    items.map(({ template }) => template),
    ['pre_discount', 'cashback', 'stipend', 'corporate'],
  )
  assert.equal(items[0]!.terms.monthlyQuotaWon, 1_000_000_000)
  const started = await approved('programs', {
    template: 'pre_discount',
    name: '군산 명절 상품권',
    nameEn: 'Gunsan Holiday Voucher',
    region: '군산시 전역',
    effectiveFrom: '2026-11-22T10:00:05+09:00',
    overrides: { benefit: { rateBasisPoints: 1_500 } },
  })
  city.advance(10_000)
  const member = await openMember(city, 'holiday')
  const order = { programId: started.change.programId, faceWon: 100_000 }
  const bought = await member.ask('POST', `${base}/purchases`, { body: order })
  assert.equal(created(bought).json<{ payWon: number }>().payWon, 85_000)
  const desk = await officer.ask('GET', `${base}/administration/programs`)
  assert.equal(desk.statusCode, 200, desk.body)
  const shown = desk
    .json<{ items: { programId: string; soldThisMonthWon: number }[] }>()
    .items.find((program) => program.programId === started.change.programId)
  assert.equal(shown?.soldThisMonthWon, 100_000)
})

test('problems of a template are named where they stand in the request', async () => {
  const body = {
    template: 'cashback',
    name: '캐시백',
    nameEn: 'Cashback',
    region: '군산시 전역',
    effectiveFrom: '2026-12-01T00:00:00+09:00',
    overrides: { refund: null },
  }
  const refused = await officer.ask('POST', `${base}/proposals/programs`, { body })
  const { code, field } = refused.json<Problem>()
  assert.deepEqual(
    [refused.statusCode, code, field],
    [422, 'terms_invalid', 'body.overrides.refund'],
  )
  const unread = { ...body, effectiveFrom: 'tomorrow' }
  const answer = await officer.ask('POST', `${base}/proposals/programs`, { body: unread })
  assert.equal(answer.json<Problem>().field, 'body.effectiveFrom')
  const stray = { ...body, overrides: { generosity: 1 } }
  assert.equal(
    (await officer.ask('POST', `${base}/proposals/programs`, { body: stray })).statusCode,
    400,
  )
})

test('an adverse change says what it means, whom it concerns, and from when it may be', async () => {
  await openMember(city, 'holder', { boughtWon: 100_000 })
  const body = {
    programId,
    effectiveFrom: '2026-11-25T00:00:00+09:00',
    changes: { benefit: { rateBasisPoints: 500 }, monthlyQuotaWon: 1_000_000 },
  }
  const looked = await officer.ask('POST', `${base}/proposals/terms/preview`, { body })
  assert.equal(looked.statusCode, 200, looked.body)
  const preview = looked.json<NonNullable<Shown['preview']>>()
  assert.deepEqual(
    preview.differences.map(({ name, before, after: next, isAdverse }) => [
      name,
      before,
      next,
      isAdverse,
    ]),
    [
      ['할인율·적립률', '10 %', '5 %', true],
      ['월 발행한도', '₩10,000,000,000', '₩1,000,000', false],
    ],
  )
  assert.deepEqual(
    [preview.example?.before?.payWon, preview.example?.after?.payWon],
    [90_000, 95_000],
  )
  assert.deepEqual(preview.holdings, { wallets: 1, remainingWon: 100_000 })
  assert.equal(preview.problem?.code, 'notice_too_short')
  const early = await officer.ask('POST', `${base}/proposals/terms`, { body })
  const problem = early.json<Problem>()
  assert.deepEqual([early.statusCode, problem.code], [422, 'notice_too_short'])
  assert.match(problem.detail, /2026-11-30/)
  await approved('terms', { ...body, effectiveFrom: '2026-11-30T00:00:00+09:00' })
  const posted = await city.app.inject(`${base}/announcements`)
  const { items } = posted.json<{
    items: {
      about: string
      changes: { name: string }[]
      refundUntil: string
      postedUntil: string
    }[]
  }>()
  assert.deepEqual(
    items.map(({ about, refundUntil, changes }) => [about, refundUntil, changes.length]),
    [['adverse_change', '2026-11-29T15:00:00.000Z', 2]],
  )
  assert.ok(Date.parse(items[0]!.postedUntil) >= city.time.now + 30 * 86_400_000)
  const terms = await officer.ask('GET', `${base}/programs/${programId}/terms`)
  assert.equal(terms.json<{ items: { adverseAnnouncedAt: string | null }[] }>().items.length, 2)
})

test('what was announced is no longer posted after its days', async () => {
  const before = await city.app.inject(`${base}/announcements`)
  assert.equal(before.json<{ items: object[] }>().items.length, 1)
  const now = city.time.now
  city.advance(31 * 86_400_000)
  const later = await city.app.inject(`${base}/announcements`)
  assert.deepEqual(later.json(), { items: [] })
  city.advance(now - city.time.now)
})

test('one officer stops paying at once; the list shows who has to confirm it', async () => {
  const stop = { saleStopped: false, paymentStopped: true, reason: '부정유통 의심' }
  const key = randomUUID()
  const path = `${base}/programs/${programId}/stop`
  const stopped = await officer.ask('POST', path, { body: stop, key })
  const { proposalId } = created(stopped).json<Shown>()
  assert.deepEqual((await officer.ask('POST', path, { body: stop, key })).json(), stopped.json())
  const open = await second.ask('GET', `${base}/proposals?state=proposed`)
  const { items } = open.json<{ items: { proposalId: string; isDone: boolean }[] }>()
  assert.deepEqual(
    items.map((item) => [item.proposalId, item.isDone]),
    [[proposalId, true]],
  )
  const own = await officer.ask('POST', `${base}/proposals/${proposalId}/approval`)
  assert.deepEqual([own.statusCode, own.json<Problem>().code], [403, 'own_proposal'])
  const confirmed = await second.ask('POST', `${base}/proposals/${proposalId}/approval`)
  assert.equal(confirmed.json<Shown>().state, 'approved')
  await approved('stops', { ...stop, programId, paymentStopped: false, reason: '해소' })
})

test('rules about officers are not one officer’s to change', async () => {
  const body = { effectiveFrom: '2027-01-01T00:00:00+09:00', changes: { adverseNoticeDays: 14 } }
  const alone = await officer.ask('POST', `${base}/rules`, { body })
  assert.deepEqual(
    [alone.statusCode, alone.json<Problem>().code, alone.json<Problem>().field],
    [409, 'second_officer_needed', 'body.changes.adverseNoticeDays'],
  )
  await approved('rules', body)
  const rules = await city.app.inject(`${base}/rules`)
  const { versions } = rules.json<{ versions: { rules: { adverseNoticeDays: number } }[] }>()
  assert.equal(versions.at(-1)?.rules.adverseNoticeDays, 14)
})

test('a pot is made, drawn from, shown live, ends the sale, and is raised', async () => {
  const asked = {
    potId: null,
    name: '시비 2026',
    funder: 'city',
    programIds: [programId],
    startsOn: '2026-01-01',
    endsOn: '2026-12-31',
    amountWon: 6_000,
  }
  await approved('funding-pots', asked)
  const pots = async () =>
    (await officer.ask('GET', `${base}/funding-pots`)).json<{
      items: { potId: string; usedWon: number; leftWon: number; inForce: boolean }[]
    }>().items
  const member = await openMember(city, 'of-the-pot')
  const order = { programId, faceWon: 100_000 }
  const buy = () => member.ask('POST', `${base}/purchases`, { body: order })
  // The city gives three tenths of 10 %: 3,000 of each purchase.
  created(await buy())
  created(await buy())
  const [pot] = await pots()
  assert.deepEqual([pot?.usedWon, pot?.leftWon, pot?.inForce], [6_000, 0, true])
  const exhausted = await buy()
  assert.deepEqual(
    [exhausted.statusCode, exhausted.json<Problem>().code],
    [409, 'budget_exhausted'],
  )
  await approved('funding-pots', { ...asked, potId: pot!.potId, amountWon: 9_000 })
  created(await buy())
  const desk = await officer.ask('GET', `${base}/administration/programs`)
  const shown = desk
    .json<{ items: { programId: string; pots: { leftWon: number }[] }[] }>()
    .items.find((program) => program.programId === programId)
  assert.deepEqual(
    shown?.pots.map(({ leftWon }) => leftWon),
    [0],
  )
})

test('proposals come in pages, newest first', async () => {
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query: string = cursor === '' ? '?limit=2' : `?limit=2&cursor=${cursor}`
    const page = (await officer.ask('GET', `${base}/proposals${query}`)).json<{
      items: { proposalId: string }[]
      nextCursor: string | null
    }>()
    seen.push(...page.items.map((item) => item.proposalId))
    cursor = page.nextCursor
  }
  assert.equal(seen.length, 7)
  assert.equal(new Set(seen).size, 7)
})
