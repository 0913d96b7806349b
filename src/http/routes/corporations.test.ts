/** A corporation through the door, from the application to what people accepted, and what officers see of it. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { DAY_MS, parseId } from '../../base/base.ts'
import { handOutJobs } from '../../jobs/jobs.ts'
import {
  applyFor,
  corporateProgram,
  openCityCorporation,
  openCorporateProgram,
  uploadRecipients,
} from './fixtures/corporate-city.ts'
import { created, GUNSAN, openCity, openMember, openShop } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
await openCorporateProgram(city)
const base = '/v1/issuers/gunsan'
const officer = await city.caller('officer-of-gunsan')
const jobs = handOutJobs(city.corporations, () => true)

/** Every job of corporations, until it says that it is done. */
async function work(): Promise<void> {
  for (const job of jobs) {
    let data = {}
    for (let step = 0; ; step += 1) {
      assert.ok(step < 100, `${job.name} comes to no end`)
      const { done, carry } = await job.work(GUNSAN, data, city.time.now)
      if (done) break
      data = { ...data, ...carry }
    }
  }
}

let numbers = 7_000
async function newMember(personId: string) {
  numbers += 1
  const phone = `010-6666-${numbers}`
  city.door.phones.set(personId, phone)
  return { member: await openMember(city, personId), phone }
}

test('from the list to the shop: sums against the balance, confirmed, sent, accepted, spent', async () => {
  const { member } = await newMember('agent-1')
  const { member: receiver, phone } = await newMember('employee-1')
  const { corporation } = await openCityCorporation(city, member, { boughtWon: 50_000 })
  const list = `휴대전화,금액,문구\n${phone},"30,000",창립 기념\n010-4321-0000,10000,\n`
  const uploaded = created(await uploadRecipients(member, corporation, list)).json<Standing>()
  assert.deepEqual(
    [uploaded.state, uploaded.lines, uploaded.totalWon, uploaded.availableWon, uploaded.shortWon],
    ['checked', 2, 40_000, 50_000, 0],
  )
  const again = await uploadRecipients(member, corporation, list)
  assert.equal(again.statusCode, 200, again.body)
  assert.equal(again.json<Standing>().handOutId, uploaded.handOutId)
  const handOut = `${corporation}/hand-outs/${uploaded.handOutId}`
  const gifts = async () =>
    (await receiver.ask('GET', `${base}/members/me/gifts`)).json<Received>().received
  assert.deepEqual(await gifts(), [])
  await member.ask('POST', `${handOut}/decision`, { body: { event: 'confirm' } })
  await work()
  const [gift] = await gifts()
  assert.deepEqual(
    [gift?.fromMasked, gift?.message, gift?.amountWon],
    ['군산기계', '창립 기념', 30_000],
  )
  created(await receiver.ask('POST', `${base}/gifts/${gift!.giftId}/acceptance`))
  await work()
  const standing = (await member.ask('GET', handOut)).json<Standing>()
  assert.deepEqual(standing.now.lines, { accepted: 1, sent: 1 })
  assert.equal(standing.availableWon, 10_000)
  const shop = await openShop(city, { number: 0 })
  const kit = await shop.owner.ask('GET', `${base}/kits/${shop.kitId}/code`)
  const { text: code } = kit.json<{ text: string }>()
  created(await receiver.ask('POST', `${base}/payments`, { body: { code, amountWon: 12_000 } }))
  const answer = await member.ask('GET', `${handOut}/recipients`)
  const { items } = answer.json<{ items: { phoneMasked: string; state: string }[] }>()
  assert.deepEqual(
    items.map(({ phoneMasked, state }) => [phoneMasked, state]),
    [
      [`010-****-${phone.slice(-4)}`, 'accepted'],
      ['010-****-0000', 'sent'],
    ],
  )
  // The giver has no wallet that could pay: its own money stays where it is.
  const paid = await member.ask('POST', `${base}/payments`, { body: { code, amountWon: 1_000 } })
  assert.match(paid.body, /insufficient_funds/)
})

test('a faulty list is told line by line, in the reader’s language, and nothing is kept', async () => {
  const { member } = await newMember('agent-2')
  const { corporation } = await openCityCorporation(city, member)
  const list = '휴대전화,금액\n02-123-4567,10000\n010-1234-5678,9000000\n'
  const korean = await uploadRecipients(member, corporation, list)
  assert.equal(korean.statusCode, 422)
  const { code, problems } = korean.json<Faulty>()
  assert.equal(code, 'recipient_list_faulty')
  assert.deepEqual(
    problems.map(({ code: each, line, column }) => [each, line, column]),
    [
      ['phone_malformed', 2, 'phone'],
      ['amount_above_cap', 3, 'amountWon'],
    ],
  )
  assert.match(problems[0]!.detail, /휴대전화/)
  assert.match(problems[1]!.detail, /1500000원보다 많습니다/)
  assert.ok(!korean.body.includes('02-123-4567'))
  const file = (await member.ask('GET', corporation)).json<{ handOuts: object[] }>()
  assert.deepEqual(file.handOuts, [])
})

test('an officer sees sums in the list, the representative masked, and each look is written down', async () => {
  const { member } = await newMember('agent-4')
  const { corporation, corporationId } = await openCityCorporation(city, member, {
    boughtWon: 70_000,
  })
  const listed = await officer.ask('GET', `${base}/corporations?state=active`)
  const mine = listed
    .json<{ items: Listed[] }>()
    .items.find((each) => each.corporationId === corporationId)
  assert.deepEqual(
    [mine?.boughtThisMonthWon, mine?.boughtWon, mine?.holdsWon, mine?.handOuts],
    [70_000, 70_000, 70_000, 0],
  )
  assert.equal(mine?.representative, '홍*밀')
  const file = (await officer.ask('GET', `${corporation}/file`)).json<OfficerFile>()
  assert.equal(file.purchases[0]?.orderedBy, member.memberId)
  assert.match(file.authorised[0]!.name, /\*/)
  const why = { reason: 'duty_by_law', words: '세무서 조회' }
  const full = await officer.ask('POST', `${corporation}/unmasking`, { body: why })
  assert.equal(full.json<Listed>().representative, '홍비밀')
  const looks = await member.ask('GET', `${base}/members/me/access-log`)
  assert.match(looks.body, /corporations/)
})

test('an application is decided once, and a refused one may come again', async () => {
  const { member } = await newMember('agent-5')
  const corporationId = await applyFor(member)
  const path = `${base}/corporations/${corporationId}`
  const refused = { event: 'refuse', reason: '사업자등록증과 다릅니다' }
  const decided = await officer.ask('POST', `${path}/decision`, { body: refused })
  assert.equal(decided.statusCode, 200, decided.body)
  assert.equal((await officer.ask('POST', `${path}/decision`, { body: refused })).statusCode, 200)
  const approval = { event: 'approve', reason: '확인' }
  const late = await officer.ask('POST', `${path}/decision`, { body: approval })
  assert.match(late.body, /corporation_state_differs/)
  const own = await member.ask('GET', `${base}/members/me/corporations`)
  const [seen] = own.json<{ items: Listed[] }>().items
  assert.deepEqual([seen?.state, seen?.reason], ['refused', refused.reason])
  const { name, businessNumber, representative } = seen!
  const body = { name, businessNumber, representative }
  const again = created(await member.ask('POST', `${base}/corporations`, { body })).json<Listed>()
  assert.deepEqual(
    [again.corporationId, again.state, again.reason],
    [corporationId, 'applied', null],
  )
})

test('the bank’s silence is answered with where to ask, and a decline by its own word', async () => {
  const { member } = await newMember('agent-6')
  const { corporation } = await openCityCorporation(city, member)
  const order = (faceWon: number) => ({ programId: corporateProgram, faceWon })
  city.bank.answer = { status: 'pending' }
  const pending = await member.ask('POST', `${corporation}/purchases`, { body: order(10_000) })
  assert.equal(pending.statusCode, 202, pending.body)
  const { enquireAt } = pending.json<{ enquireAt: string }>()
  assert.equal((await member.ask('GET', enquireAt)).statusCode, 202)
  city.bank.answer = { status: 'debited' }
  await city.selling.resolve(GUNSAN, { olderThanMs: -1, limit: 10 })
  assert.equal((await member.ask('GET', enquireAt)).statusCode, 200)
  const key = '00000000-0000-4000-8000-00000000abcd'
  const body = order(5_000_000)
  const declined = await member.ask('POST', `${corporation}/purchases`, { body, key })
  assert.match(declined.body, /holding_cap_exceeded/)
  const asked = await member.ask('GET', `${corporation}/purchases/${key}`)
  assert.match(asked.body, /holding_cap_exceeded/)
  const asMember = await member.ask('POST', `${base}/purchases`, { body: order(10_000) })
  assert.match(asMember.body, /sale_not_open/)
})

test('the figures of a day contain what corporations bought', async () => {
  const { member } = await newMember('agent-7')
  const today = new Date(city.time.now + 9 * 3_600_000).toISOString().slice(0, 10)
  const soldOf = async () => {
    const url = `${base}/reports/daily?from=${today}&through=${today}&format=csv`
    return (await officer.ask('GET', url)).body
  }
  await openCityCorporation(city, member, { boughtWon: 1_230_000 })
  city.advance(DAY_MS)
  await officer.renew()
  await city.countDays(GUNSAN)
  // This purchase and those of the tests before: 50,000, 70,000 and 10,000.
  assert.match(await soldOf(), /법인상품권,구매,1360000,0,/)
})

test('one who was named and not confirmed sees it and does nothing', async () => {
  const { member } = await newMember('agent-8')
  const { member: second } = await newMember('agent-9')
  const { corporation } = await openCityCorporation(city, member, { boughtWon: 10_000 })
  const account = await city.registration.member(GUNSAN, parseId('mbr', second.memberId)!)
  const naming = { memberId: second.memberId, name: account!.member.name }
  const named = await member.ask('POST', `${corporation}/authorised`, { body: naming })
  assert.equal(named.statusCode, 200, named.body)
  assert.equal((await second.ask('GET', corporation)).statusCode, 200)
  const order = { programId: corporateProgram, faceWon: 10_000 }
  const tried = await second.ask('POST', `${corporation}/purchases`, { body: order })
  assert.equal(tried.statusCode, 404, tried.body)
  const confirmed = await officer.ask(
    'POST',
    `${corporation}/authorised/${second.memberId}/decision`,
    { body: { event: 'confirm' } },
  )
  assert.equal(confirmed.statusCode, 200, confirmed.body)
  created(await second.ask('POST', `${corporation}/purchases`, { body: order }))
  const gone = await member.ask('DELETE', `${corporation}/authorised/${second.memberId}`)
  assert.equal(gone.statusCode, 200, gone.body)
  assert.equal((await second.ask('GET', corporation)).statusCode, 404)
})

test('what was not accepted in time is the corporation’s again', async () => {
  const { member } = await newMember('agent-3')
  const { corporation } = await openCityCorporation(city, member, { boughtWon: 20_000 })
  const uploaded = await uploadRecipients(
    member,
    corporation,
    'phone,amount\n010-4321-0001,20000\n',
  )
  const { handOutId } = created(uploaded).json<Standing>()
  const handOut = `${corporation}/hand-outs/${handOutId}`
  await member.ask('POST', `${handOut}/decision`, { body: { event: 'confirm' } })
  await work()
  assert.equal((await member.ask('GET', handOut)).json<Standing>().availableWon, 0)
  city.advance(30 * DAY_MS)
  const later = await city.caller('agent-3')
  await city.memberMoney.rooms.gifting.endOverdue(GUNSAN, city.time.now, 50)
  await work()
  const standing = (await later.ask('GET', handOut)).json<Standing>()
  assert.deepEqual(
    [standing.state, standing.now.lines, standing.availableWon],
    ['done', { returned: 1 }, 20_000],
  )
})

interface Standing {
  readonly handOutId: string
  readonly state: string
  readonly lines: number
  readonly totalWon: number
  readonly availableWon: number
  readonly shortWon: number
  readonly now: { readonly lines: Readonly<Record<string, number>> }
}
interface Received {
  readonly received: readonly {
    readonly giftId: string
    readonly fromMasked: string
    readonly message: string
    readonly amountWon: number
  }[]
}
interface Faulty {
  readonly code: string
  readonly problems: readonly {
    readonly code: string
    readonly line: number
    readonly column: string
    readonly detail: string
  }[]
}
interface Listed {
  readonly name: string
  readonly businessNumber: string
  readonly state: string
  readonly reason: string | null
  readonly corporationId: string
  readonly representative: string
  readonly boughtThisMonthWon: number
  readonly boughtWon: number
  readonly holdsWon: number
  readonly handOuts: number
}
interface OfficerFile {
  readonly authorised: readonly { readonly name: string }[]
  readonly purchases: readonly { readonly orderedBy: string }[]
}

test('whoever acts for a corporation finds that in their copy, and is taken off before leaving', async () => {
  const { member } = await newMember('agent-leaving')
  const { corporation } = await openCityCorporation(city, member, { boughtWon: 0 })
  const copy = await member.ask('GET', `${base}/members/me/data`)
  const { acts_for: own } = copy.json<{ acts_for: Record<string, string>[] }>()
  assert.deepEqual(
    own.map(({ corporationId, state }) => [corporationId, state]),
    [[corporation.split('/').at(-1), 'active']],
  )
  const left = await member.ask('POST', `${base}/members/me/withdrawal`, {
    body: { renounce: true },
  })
  assert.equal(left.json<{ code: string }>().code, 'acts_for_corporation')
})
