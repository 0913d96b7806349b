/** Stipends through the door: a list, two officers, a member, an appeal; and a list that is wrong. */
import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { after, before, test } from 'node:test'
import { parseId } from '../../base/base.ts'
import { FILE_BYTES_MAX } from '../../granting/granting.ts'
import type { Answer } from '../fixtures/test-door.ts'
import { SECRET_NAME } from '../fixtures/test-door.ts'
import {
  created,
  GUNSAN,
  openCity,
  openMember,
  openShop,
  type Caller,
  type Citizen,
} from './fixtures/small-city.ts'
import { openStipendProgram, uploadList } from './fixtures/stipend-city.ts'

const base = '/v1/issuers/gunsan'
const HEADER = '대상자번호,성명,생년월일,휴대전화,지급액'
/** Lines with nothing on them. */
const BLANK = `${' '.repeat(999)}\n`
const city = await openCity()
after(() => city.app.close())
let officer: Caller
let second: Caller
let member: Citizen
let phone: string

before(async () => {
  ;({ second } = await openStipendProgram(city))
  officer = await city.caller('officer-of-gunsan')
  // Everybody in this city bears one name.
  member = await openMember(city, 'stipend-member', { boughtWon: 100_000 })
  const known = await city.registration.member(GUNSAN, parseId('mbr', member.memberId)!)
  phone = known!.member.phone
})

const work = async (): Promise<void> => {
  while (!(await city.granting.batchStep(GUNSAN)).done);
}
const ok = (answer: Answer): Answer => {
  assert.equal(answer.statusCode, 200, answer.body)
  return answer
}
const decide = (who: Caller, batchId: string, event: string, reason?: string): Promise<Answer> =>
  who.ask('POST', `${base}/stipend-batches/${batchId}/decision`, {
    body: { event, ...(reason === undefined ? {} : { reason }) },
  })
const line = (reference: string, amount = 100_000): string =>
  `${reference},${SECRET_NAME},1990-01-02,${phone},${amount}`

test('a list becomes money in a wallet, by two officers', async () => {
  const list = [HEADER, line('R-1'), 'R-2,없는이,1980-03-04,010-2222-3333,"1,000"', ''].join('\n')
  const uploaded = created(await uploadList(officer, list, 'round=2026-1&lines=2&totalWon=101000'))
  const { batchId, state } = uploaded.json<{ batchId: string; state: string }>()
  assert.equal(state, 'uploaded')
  const again = ok(await uploadList(officer, list, 'round=2026-1'))
  assert.equal(again.json<{ batchId: string }>().batchId, batchId)
  await work()
  const path = `${base}/stipend-batches/${batchId}`
  const checked = ok(await officer.ask('GET', path)).json<{
    check: { lines: object; fundedWon: object }
    programName: string
  }>()
  assert.deepEqual(checked.check.lines, { ready: 1, 'waiting:not_member': 1 })
  assert.deepEqual(checked.check.fundedWon, { national: 50_000, province: 20_000, city: 30_000 })
  assert.equal(checked.programName, '농민수당')

  const early = await decide(officer, batchId, 'approve')
  assert.deepEqual(
    [early.statusCode, early.json<{ code: string }>().code],
    [409, 'batch_state_differs'],
  )
  ok(await decide(officer, batchId, 'propose'))
  const alone = await decide(officer, batchId, 'approve')
  assert.deepEqual(
    [alone.statusCode, alone.json<{ code: string }>().code],
    [403, 'other_officer_needed'],
  )
  const wordless = await decide(second, batchId, 'refuse')
  assert.deepEqual(
    [wordless.statusCode, wordless.json<{ field: string }>().field],
    [422, 'body.reason'],
  )
  ok(await decide(second, batchId, 'approve'))
  await work()
  const done = ok(await officer.ask('GET', path)).json<{ state: string; now: { lines: object } }>()
  assert.equal(done.state, 'done')
  assert.deepEqual(done.now.lines, { granted: 1, 'waiting:not_member': 1 })

  const wallet = ok(await member.ask('GET', member.wallet))
  assert.match(wallet.body, /정책수당/)
  const notices = ok(await member.ask('GET', `${base}/members/me/notices`))
  assert.match(notices.body, /정책수당 ₩100,000이 지급되었습니다. 2027-02-20까지/)
  const own = ok(await member.ask('GET', `${base}/members/me/stipends`)).json<{
    items: { amountWon: number; round: string }[]
    appealable: { batchId: string }[]
  }>()
  assert.deepEqual(
    own.items.map(({ amountWon, round }) => [amountWon, round]),
    [[100_000, '2026-1']],
  )
  assert.deepEqual(
    own.appealable.map((each) => each.batchId),
    [batchId],
  )
  const list1 = ok(await officer.ask('GET', `${base}/stipend-batches?state=done&limit=1`))
  assert.equal(list1.json<{ items: { batchId: string }[] }>().items[0]?.batchId, batchId)
})

test('what became of each line, page by page and as CSV, without a name', async () => {
  const { items } = ok(await officer.ask('GET', `${base}/stipend-batches`)).json<{
    items: { batchId: string }[]
  }>()
  const path = `${base}/stipend-batches/${items[0]!.batchId}/lines`
  const first = ok(await officer.ask('GET', `${path}?limit=1`)).json<{
    items: { reference: string; text: string }[]
    next: number
  }>()
  assert.deepEqual(
    [first.items[0]?.reference, first.items[0]?.text, first.next],
    ['R-1', '지급됨', 2],
  )
  const rest = ok(await officer.ask('GET', `${path}?after=${first.next}&state=waiting`))
  assert.equal(rest.json<{ next: null }>().next, null)
  const csv = ok(await officer.ask('GET', `${path}?format=csv`))
  assert.match(String(csv.headers['content-type']), /^text\/csv/)
  assert.deepEqual(csv.body.replace(/mbr_\w+/, 'mbr').split('\n'), [
    '\u{FEFF}line,reference,amountWon,state,reason,memberId,text',
    '2,R-1,100000,granted,,mbr,지급됨',
    '3,R-2,1000,waiting,not_member,,보류: 가입한 회원이 없음',
    '',
  ])
  for (const answer of [rest, csv]) assert.doesNotMatch(answer.body, /없는이|2222|1980|비밀/)
})

test('a list that is wrong is told line by line in the reader’s language, and not kept', async () => {
  const list = [HEADER, 'R-1,김하늘,1990-02-30,010-1234-5678,0', line('R-2'), line('R-2')].join(
    '\n',
  )
  const answer = await uploadList(officer, list, 'round=2026-9&totalWon=5')
  assert.equal(answer.statusCode, 422)
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  const { code, problemCount, problems } = answer.json<{
    code: string
    problemCount: number
    problems: { code: string; line: number | null; detail: string }[]
  }>()
  assert.equal(code, 'eligibility_file_faulty')
  assert.equal(problemCount, 5)
  assert.deepEqual(
    problems.map((each) => [each.line, each.code]),
    [
      [2, 'birth_date_malformed'],
      [2, 'amount_malformed'],
      [4, 'reference_twice'],
      [4, 'person_twice'],
      [null, 'total_differs'],
    ],
  )
  assert.equal(problems[2]?.detail, '대상자번호 ‘R-2’가 3번째 줄에 이미 있습니다.')
  assert.doesNotMatch(answer.body, /하늘|1234|5678|비밀/)
  const headers = { 'content-type': 'text/csv', 'accept-language': 'en' }
  const url = `${base}/programs/prg_p/stipend-batches?round=2026-9`
  const english = await officer.ask('POST', url, { body: Buffer.from(list), headers })
  assert.match(english.body, /The reference \\"R-2\\" stands in line 3 already\./)
  const { items } = ok(await officer.ask('GET', `${base}/stipend-batches`)).json<{ items: [] }>()
  assert.equal(items.length, 1)
  assert.doesNotMatch(city.door.log.text(), /하늘|1234-5678|홍비밀|9876-\d{4}/)
})

test('a program that grants nothing, a round that is none, and a body that is no CSV', async () => {
  const to = (programId: string, query: string, headers: Record<string, string>) =>
    officer.ask('POST', `${base}/programs/${programId}/stipend-batches?${query}`, {
      body: Buffer.from(`${HEADER}\n`),
      headers,
    })
  const csv = { 'content-type': 'text/csv' }
  const answers = [
    await to('prg_1', 'round=1', csv),
    await to('prg_z', 'round=1', csv),
    await to('prg_p', 'round=a%20b', csv),
    await to('prg_p', '', csv),
    await to('prg_p', 'round=1', { 'content-type': 'text/plain' }),
    await to('prg_p', 'round=1', { 'content-type': 'application/json' }),
  ].map((answer) => `${answer.statusCode} ${answer.json<{ code: string }>().code}`)
  assert.deepEqual(answers, [
    '409 program_grants_nothing',
    '404 program_unknown',
    '422 round_malformed',
    '400 validation_failed',
    '415 media_type_unsupported',
    '400 malformed_body',
  ])
  const elsewhere = await officer.ask('POST', `${base}/stipend-batches/stb_1/decision`, {
    body: Buffer.from('x'),
    headers: csv,
  })
  assert.equal(elsewhere.statusCode, 415, 'only uploads take CSV')
})

test('the largest body at its edge', async () => {
  const whole = Buffer.alloc(FILE_BYTES_MAX, BLANK)
  whole.write(`${HEADER}\n${line('E-1', 5)}\n`)
  created(await uploadList(officer, whole, 'round=edge'))
  const over = await uploadList(officer, Buffer.alloc(FILE_BYTES_MAX + 1, BLANK), 'round=edge')
  assert.deepEqual([over.statusCode, over.json<{ code: string }>().code], [413, 'body_too_large'])
})

test('over a real connection: a list in pieces, one that goes on too long, one that breaks off', async () => {
  const address = await city.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = new URL(address)
  const url = `${base}/programs/prg_p/stipend-batches?round=wire`
  const open = async () => {
    const headers = {
      ...(await officer.headersFor('POST', url, `127.0.0.1:${port}`)),
      'content-type': 'text/csv',
      'idempotency-key': '00000000-0000-4000-8000-000000000001',
    }
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      path: url,
      method: 'POST',
      headers,
      agent: false,
    })
    const answer = new Promise<{ status: number; body: string }>((resolve, reject) => {
      request.on('error', reject)
      request.on('response', (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        const body = () => Buffer.concat(parts).toString()
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: body() }))
      })
    })
    answer.catch(() => {})
    return { request, answer }
  }
  const pieces = await open()
  pieces.request.write(`${HEADER}\nW-1,`)
  pieces.request.end(`${line('W-1').slice(4)}\n`)
  assert.equal((await pieces.answer).status, 201)

  const long = await open()
  for (let sent = 0; sent <= FILE_BYTES_MAX; sent += 1_000_000) {
    long.request.write(Buffer.alloc(1_000_000, BLANK))
  }
  long.request.end()
  assert.equal((await long.answer).status, 413)

  const broken = await open()
  broken.request.write(`${HEADER}\n`)
  broken.request.once('socket', () => broken.request.destroy())
  await assert.rejects(broken.answer)
  const after = await uploadList(officer, `${HEADER}\n${line('X-1')}\n`, 'round=full')
  assert.equal(after.statusCode, 201, after.body)
})

test('an appeal, from the member’s words to the grant', async () => {
  const { appealable } = ok(await member.ask('GET', `${base}/members/me/stipends`)).json<{
    appealable: { batchId: string }[]
  }>()
  const body = { batchId: appealable[0]!.batchId, ground: 'amount_wrong', words: '자녀가 둘입니다' }
  const opened = created(await member.ask('POST', `${base}/members/me/appeals`, { body }))
  const { appealId } = opened.json<{ appealId: string }>()
  const path = `${base}/appeals/${appealId}/decision`
  const rule = (who: Caller, verdict: object) => who.ask('POST', path, { body: verdict })
  const answers = [
    await rule(officer, { verdict: 'confirm' }),
    await rule(officer, { verdict: 'accept', answer: '맞습니다' }),
    await rule(officer, { verdict: 'accept', amountWon: 50_000 }),
  ].map((answer) => `${answer.statusCode} ${answer.json<{ code: string }>().code}`)
  assert.deepEqual(answers, [
    '409 appeal_state_differs',
    '422 appeal_amount_wrong',
    '422 words_missing',
  ])
  ok(await rule(officer, { verdict: 'accept', amountWon: 50_000, answer: '맞습니다' }))
  const own = ok(await member.ask('GET', `${base}/members/me/appeals`)).json<{
    items: { state: string; amountWon: number | null }[]
  }>()
  assert.deepEqual(
    own.items.map(({ state, amountWon }) => [state, amountWon]),
    [['open', null]],
    'a word that is not the last one is not told',
  )
  assert.equal((await rule(officer, { verdict: 'confirm' })).statusCode, 403)
  const ended = ok(await rule(second, { verdict: 'confirm' })).json<{ state: string }>()
  assert.equal(ended.state, 'granted')
  const listed = ok(await officer.ask('GET', `${base}/appeals?state=granted`))
  assert.match(listed.body, new RegExp(appealId))
  const notices = ok(await member.ask('GET', `${base}/members/me/notices`))
  assert.match(notices.body, /이의신청이 받아들여져 정책수당 ₩50,000이/)
})

test('a grant is taken back by two officers', async () => {
  const { items } = ok(await officer.ask('GET', `${base}/appeals?state=granted`)).json<{
    items: { appealId: string }[]
  }>()
  const { appealId } = items[0]!
  const propose = (body: object) => officer.ask('POST', `${base}/stipend-clawbacks`, { body })
  const reason = '착오 지급'
  for (const body of [{ reason }, { reason, lineNumber: 2 }, { reason, appealId, lineNumber: 2 }]) {
    assert.equal((await propose(body)).statusCode, 400)
  }
  const { clawbackId } = created(await propose({ appealId, reason })).json<{ clawbackId: string }>()
  const decide = (who: Caller) =>
    who.ask('POST', `${base}/stipend-clawbacks/${clawbackId}/decision`, {
      body: { verdict: 'approve' },
    })
  assert.equal((await decide(officer)).statusCode, 403)
  const done = ok(await decide(second)).json<{ state: string; takenWon: number }>()
  assert.deepEqual([done.state, done.takenWon], ['done', 50_000])
  const again = await propose({ appealId, reason })
  assert.equal(again.json<{ code: string }>().code, 'nothing_left_to_claw_back')
  const listed = ok(await officer.ask('GET', `${base}/stipend-clawbacks?state=done`))
  assert.match(listed.body, new RegExp(clawbackId))
  const notices = ok(await member.ask('GET', `${base}/members/me/notices`))
  assert.match(notices.body, /남아 있던 ₩50,000이 환수되었습니다/)
})

test('a shop that is too large for bought lots takes the stipend, and only that', async () => {
  const { owner, merchantId, kitId } = await openShop(city, { number: 0 })
  const [stored] = await city.registry.read(GUNSAN, 'merchant', [merchantId])
  const { text } = ok(await owner.ask('GET', `${base}/kits/${kitId}/code`)).json<{ text: string }>()
  const pay = (amountWon: number) =>
    member.ask('POST', `${base}/payments`, { body: { code: text, amountWon } })
  const grow = async (version: number, annualRevenueWon: number): Promise<void> => {
    const body = { ...Object(stored!.body), annualRevenueWon }
    const record = { kind: 'merchant', recordId: merchantId, version, body } as const
    const appended = await city.registry.append(GUNSAN, 'system', [record], city.time.now)
    assert.equal(appended.status, 'appended')
  }
  await grow(stored!.version + 1, 3_000_000_001)
  const paid = created(await pay(90_000)).json<{ legs: { kind: string; amountWon: number }[] }>()
  assert.deepEqual(
    paid.legs.map(({ kind, amountWon }) => [kind, amountWon]),
    [['stipend', 90_000]],
  )
  // 10,000 of the stipend and 100,000 that were bought are left.
  const short = await pay(10_001)
  assert.deepEqual(
    [short.statusCode, short.json<{ code: string }>().code],
    [422, 'insufficient_funds'],
  )
  await grow(stored!.version + 2, 3_000_000_000)
  const both = created(await pay(10_001)).json<{ legs: { kind: string; amountWon: number }[] }>()
  assert.deepEqual(
    both.legs.map(({ kind, amountWon }) => [kind, amountWon]),
    [
      ['stipend', 10_000],
      ['purchase', 1],
    ],
  )
})
