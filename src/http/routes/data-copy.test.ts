/** The copy of one's own data: everything, nobody else's, page by page, and written down. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { formatId, parseId, type MemberId } from '../../base/base.ts'
import { requiredAgreements } from '../../registration/fixtures/agreements.ts'
import { newRecord, type RecordedVersion } from '../../registration/registration.ts'
import { COPIES_AT_ONCE_MAX } from './data-copy.ts'
import {
  created,
  GUNSAN,
  openCity,
  openMember,
  openShop,
  PROGRAM,
  type Citizen,
} from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const shop = await openShop(city, { number: 0 })
const programId = formatId('prg', PROGRAM)

type Copy = Record<string, Record<string, unknown>[]> & { readonly complete: boolean }

async function copyOf(member: Citizen): Promise<Copy> {
  const answer = await member.ask('GET', `${base}/members/me/data`)
  assert.equal(answer.statusCode, 200, answer.body)
  assert.match(String(answer.headers['content-disposition']), /my-data\.json/)
  return answer.json<Copy>()
}

/** Somebody about whom there is something of nearly every kind. */
async function openBusyMember(personId: string): Promise<Citizen> {
  const member = await openMember(city, personId, { boughtWon: 100_000 })
  const me = `${base}/members/me`
  created(await member.ask('POST', `${me}/devices`))
  const linkCode = personId === 'busy' ? 'code-1' : 'code-2'
  created(await member.ask('POST', `${me}/cards`, { body: { partnerCode: 'hanbit', linkCode } }))
  const gift = { programId, phone: '010-5555-0001', amountWon: 3_000, message: '고마워요' }
  created(await member.ask('POST', `${base}/gifts`, { body: gift }))
  const code = (await shop.owner.ask('GET', `${base}/kits/${shop.kitId}/code`)).json<{
    text: string
  }>().text
  created(await member.ask('POST', `${base}/payments`, { body: { code, amountWon: 4_000 } }))
  const report = { kind: 'error_report', category: 'other', description: `${personId}의 신고` }
  created(await member.ask('POST', `${me}/reports`, { body: report }))
  const account = { programId, faceWon: 10_000 }
  created(await member.ask('POST', `${base}/virtual-accounts`, { body: account }))
  const consent = { textVersion: '1', textHash: 'cd'.repeat(32) }
  const order = { programId, trigger: 'date', amountWon: 10_000, daysOfMonth: [25] }
  const topUp = { ...order, monthlyMaxWon: 10_000, consent }
  created(await member.ask('POST', `${me}/top-ups`, { body: topUp }))
  const stop = await member.ask('POST', `${member.wallet}/stop`, { body: { reason: '분실' } })
  assert.equal(stop.statusCode, 200, stop.body)
  return member
}

const busy = await openBusyMember('busy')
const other = await openBusyMember('neighbour')

function mentions({ body, recordedBy }: RecordedVersion, member: Citizen): boolean {
  const memberId: MemberId = parseId('mbr', member.memberId)!
  const { memberId: of, giverId, reporter } = body as Record<string, unknown>
  const ofReporter = (reporter as { memberId?: number } | undefined)?.memberId
  return recordedBy === member.memberId || [of, giverId, ofReporter].includes(memberId)
}

test('every record that was written by a member or names them is in the copy', async () => {
  const copy = await copyOf(busy)
  assert.equal(copy.complete, true)
  const told = Object.entries(copy).flatMap(([kind, items]) =>
    Array.isArray(items) ? items.map((item) => `${kind} ${String(item['version'])}`) : [],
  )
  const newest = new Map<string, RecordedVersion>()
  for (const version of city.registry.versions(GUNSAN)) {
    if (mentions(version, busy)) newest.set(`${version.kind}/${version.recordId}`, version)
  }
  const counted = (words: readonly string[]) => words.toSorted().join('\n')
  const known = [...newest.values()].map(({ kind, version }) => `${kind} ${version}`)
  const records = told.filter((word) => !/undefined/.test(word))
  assert.equal(counted(records), counted(known))
  assert.deepEqual([copy['virtual_account']?.length, copy['top_up_order']?.length], [1, 1])
  for (const name of ['operation', 'lot', 'access']) assert.notEqual(copy[name]?.length, 0, name)
})

test('nothing of another is in it, no token in full, no bare number for an id', async () => {
  const text = JSON.stringify(await copyOf(busy))
  assert.doesNotMatch(text, new RegExp(`neighbour|${other.memberId}"|${other.walletId}"`))
  assert.doesNotMatch(text, /acc_busy|"cardToken":"[^*]/)
  assert.doesNotMatch(text, /"\w+Id":\d/)
  assert.doesNotMatch(text, /"\w+At":\d/)
})

test('a copy is longer than a page, and is read in pages', async () => {
  const member = await openMember(city, 'long')
  for (let version = 0; version < 250; version += 1) {
    const consents = [{ purpose: 'location', textVersion: `${version}`, textHash: 'ab'.repeat(32) }]
    await member.ask('POST', `${base}/members/me/consents`, { body: { consents } })
  }
  const { consent } = await copyOf(member)
  assert.equal(consent?.length, 250 + requiredAgreements.length + 1)
  assert.equal(new Set(consent?.map((one) => one['id'])).size, consent?.length)
})

test('the history comes as CSV, and a shop’s name is no formula', async () => {
  const answer = await busy.ask('GET', `${base}/members/me/data/history.csv`)
  assert.match(String(answer.headers['content-type']), /^text\/csv/)
  assert.deepEqual([...answer.rawPayload.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'Excel reads UTF-8')
  const [head, ...lines] = answer.body.trim().split('\n')
  assert.match(head!, /^bookedAt,operationId,kind/)
  const { operation } = await copyOf(busy)
  assert.equal(lines.length, operation?.length)
  assert.ok(lines.some((line) => line.includes(',payment,') && line.includes('0호 분식')))
})

test('each copy is written down, where the member can read it', async () => {
  const member = await openMember(city, 'watching')
  await copyOf(member)
  const log = await member.ask('GET', `${base}/members/me/access-log`)
  const [entry] = log.json<{ items: Record<string, string>[] }>().items
  assert.deepEqual(
    [entry?.['by'], entry?.['purpose'], entry?.['sight']],
    ['member', 'own_copy', 'full'],
  )
})

test('what an officer thinks of an appeal is not in it before it is said', async () => {
  const member = await openMember(city, 'appealing')
  const memberId = parseId('mbr', member.memberId)!
  const body = {
    batchId: 1,
    memberId,
    ground: 'left_out',
    claimedWon: null,
    words: '빠졌습니다',
    state: 'accepted',
    openedAt: 1,
    dueAt: 2,
    amountWon: 10_000,
    acceptedBy: 'off_1',
    decidedBy: null,
    answer: '인정',
    closedAt: null,
    operationId: null,
  } as never
  const keys = [`member:${memberId}/0000000000000009`]
  const record = newRecord('appeal', { recordId: 9, version: 1, body, keys })
  await city.registry.append(GUNSAN, 'off_1', [record], city.time.now)
  const [appeal] = (await copyOf(member))['appeal']!
  assert.deepEqual(
    [appeal!['state'], appeal!['answer'], appeal!['amountWon']],
    ['open', null, null],
  )
  assert.equal('acceptedBy' in appeal!, false)
})

test('so many copies are written at one time, and no more', async () => {
  const gate = Promise.withResolvers<void>()
  const { accessLog } = city
  const ofSubject = accessLog.ofSubject.bind(accessLog)
  let waiting = 0
  const reached = Promise.withResolvers<void>()
  accessLog.ofSubject = async (...asked) => {
    waiting += 1
    if (waiting === COPIES_AT_ONCE_MAX) reached.resolve()
    await gate.promise
    return ofSubject(...asked)
  }
  const ask = () => busy.ask('GET', `${base}/members/me/data`)
  const copies = Array.from({ length: COPIES_AT_ONCE_MAX }, ask)
  await reached.promise
  const refused = await ask()
  assert.deepEqual([refused.statusCode, refused.headers['retry-after']], [503, '10'])
  gate.resolve()
  for (const copy of await Promise.all(copies)) assert.equal(copy.statusCode, 200)
  accessLog.ofSubject = ofSubject
  assert.equal((await ask()).statusCode, 200, 'a place is free again')
})
