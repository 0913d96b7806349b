/** Presents through the door: what both sides see, where the money is, and that nobody learns who is a member. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { DAY_MS, id, parseId, type WalletId } from '../../base/base.ts'
import { giftEvents, giftStates, giftTable, initialIssuerRules } from '../../issuing/issuing.ts'
import { newRecord } from '../../registration/registration.ts'
import { createGiftReturn } from '../../jobs/jobs.ts'
import {
  created,
  GUNSAN,
  openCity,
  openMember as openCitizen,
  openShop,
  type Citizen,
} from './fixtures/small-city.ts'
import { givenAgreements } from '../../registration/fixtures/agreements.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const shop = await openShop(city, { number: 0 })
const kit = await shop.owner.ask('GET', `${base}/kits/${shop.kitId}/code`)
const { text: code } = kit.json<{ text: string }>()
const { gifting } = city.memberMoney.rooms
const work = createGiftReturn(gifting)

const lotsOf = (member: Citizen) =>
  city.ledger.lots(GUNSAN, parseId('wlt', member.walletId)! satisfies WalletId)
const leftOf = async (member: Citizen) =>
  (await lotsOf(member)).map(({ kind, remainingWon }) => [kind, remainingWon])
let numbers = 1_000
/** A member with a number of their own. */
const openMember: typeof openCitizen = (there, personId, options) => {
  numbers += 1
  there.door.phones.set(personId, `010-5555-${numbers}`)
  return openCitizen(there, personId, options)
}
/** The number that the identity provider vouches for. */
const phoneOf = async (member: Citizen) => {
  const account = await city.registration.member(GUNSAN, parseId('mbr', member.memberId)!)
  return account!.member.phone
}
const buy = async (member: Citizen, faceWon: number) =>
  created(await member.ask('POST', `${base}/purchases`, { body: { programId: 'prg_1', faceWon } }))
const give = (member: Citizen, phone: string, amountWon: number, key: string = randomUUID()) =>
  member.ask('POST', `${base}/gifts`, {
    key,
    body: { programId: 'prg_1', phone, amountWon, message: ' 생일  축하해! ' },
  })
const giftsOf = async (member: Citizen) =>
  (await member.ask('GET', `${base}/members/me/gifts`)).json<Gifts>()
const reply = (member: Citizen, giftId: string, path: string, key: string = randomUUID()) =>
  member.ask('POST', `${base}/gifts/${giftId}/${path}`, { key })
const inTransit = () => {
  const transfers = city.ledger.snapshot(GUNSAN).operations.flatMap((row) => row.transfers)
  const sum = (side: 'debitKind' | 'creditKind') =>
    transfers
      .filter((line) => line[side] === 'gift_transit')
      .reduce((all, line) => all + line.amountWon, 0)
  return sum('creditKind') - sum('debitKind')
}

/** Sets rules of the issuer from now on. */
let ruleVersion = 0
async function setRules(rules: object): Promise<void> {
  const settings = Object.entries({ ...initialIssuerRules, ...rules })
  const body = {
    effectiveFrom: city.time.now,
    requestId: null,
    rules: settings.map(([name, value]) => ({ name, value })),
  }
  ruleVersion += 1
  const record = newRecord('issuer_rules', {
    recordId: GUNSAN,
    version: ruleVersion,
    body,
  })
  const appended = await city.registry.append(GUNSAN, 'system', [record], city.time.now)
  assert.equal(appended.status, 'appended')
}

test('a present leaves the earliest lots, waits, and fills one lot of the receiver', async () => {
  const giver = await openMember(city, 'giver')
  await buy(giver, 30_000)
  city.advance(DAY_MS)
  await giver.renew()
  await buy(giver, 50_000)
  const receiver = await openMember(city, 'receiver')
  const key = randomUUID()
  const sent = created(await give(giver, await phoneOf(receiver), 40_000, key)).json<Gift>()
  assert.deepEqual([sent.state, sent.amountWon, sent.message], ['waiting', 40_000, '생일 축하해!'])
  assert.match(sent.phoneMasked, /^01\d-?\*{4}-?\d{4}$/)
  assert.deepEqual((await give(giver, await phoneOf(receiver), 40_000, key)).json(), sent)
  assert.deepEqual(await leftOf(giver), [
    ['purchase', 0],
    ['purchase', 40_000],
  ])
  assert.equal(inTransit(), 40_000)
  const [waiting] = (await giftsOf(receiver)).received
  assert.deepEqual([waiting?.giftId, waiting?.state], [sent.giftId, 'waiting'])
  assert.match(waiting!.fromMasked, /\*/)
  const notices = await receiver.ask('GET', `${base}/members/me/notices`)
  assert.match(notices.body, /40,000/)

  const accepted = created(await reply(receiver, sent.giftId, 'acceptance')).json<Gift>()
  assert.equal(accepted.state, 'accepted')
  assert.equal(inTransit(), 0)
  const [lot, ...more] = await lotsOf(receiver)
  assert.equal(more.length, 0)
  const [first] = await lotsOf(giver)
  assert.deepEqual([lot?.kind, lot?.faceWon, lot?.expiresAt], ['gift', 40_000, first?.expiresAt])
  created(await reply(receiver, sent.giftId, 'acceptance'))
  assert.equal((await reply(receiver, sent.giftId, 'decline')).json<Problem>().code, 'gift_closed')
  assert.equal((await reply(giver, sent.giftId, 'withdrawal')).json<Problem>().code, 'gift_closed')
  const told = await giver.ask('GET', `${base}/members/me/notices`)
  assert.match(told.body, /gift_accepted/)
  // A present is spent like any other money.
  created(await receiver.ask('POST', `${base}/payments`, { body: { code, amountWon: 40_000 } }))
})

test('a present that is declined, withdrawn or lapses is in the very lots again', async () => {
  const giver = await openMember(city, 'giver-2')
  const receiver = await openMember(city, 'receiver-2')
  await buy(giver, 10_000)
  const phone = await phoneOf(receiver)
  const send = async (amountWon: number) =>
    created(await give(giver, phone, amountWon)).json<Gift>().giftId
  const declined = await send(1_000)
  assert.equal(created(await reply(receiver, declined, 'decline')).json<Gift>().state, 'declined')
  const withdrawn = await send(2_000)
  const back = created(await reply(giver, withdrawn, 'withdrawal')).json<Gift>()
  assert.equal(back.state, 'withdrawn')
  assert.equal((await reply(receiver, withdrawn, 'acceptance')).json<Problem>().code, 'gift_closed')
  const lapsing = await send(3_000)
  city.advance(7 * DAY_MS - 1)
  assert.deepEqual(await work(GUNSAN, {}, city.time.now), { done: true })
  assert.deepEqual(await leftOf(giver), [['purchase', 7_000]])
  city.advance(1)
  await receiver.renew()
  await giver.renew()
  assert.equal((await reply(receiver, lapsing, 'acceptance')).json<Problem>().code, 'gift_closed')
  // Ids tell the second, so a present is met by the work within a second of its time.
  city.advance(1_000)
  await work(GUNSAN, {}, city.time.now)
  await work(GUNSAN, {}, city.time.now)
  assert.deepEqual(await leftOf(giver), [['purchase', 10_000]])
  const { sent } = await giftsOf(giver)
  assert.deepEqual(
    sent.map(({ state }) => state),
    ['lapsed', 'withdrawn', 'declined'],
  )
  assert.equal(inTransit(), 0)
})

test('a number that is nobody’s is answered like any other', async () => {
  const giver = await openMember(city, 'giver-3')
  await buy(giver, 10_000)
  const known = await openMember(city, 'known')
  const toMember = created(await give(giver, await phoneOf(known), 1_000)).json<Gift>()
  const toStranger = created(await give(giver, '010-7777-0000', 1_000)).json<Gift>()
  assert.deepEqual(Object.keys(toStranger), Object.keys(toMember))
  assert.equal(toStranger.state, toMember.state)
})

test('a present to a number is for whoever joins with it', async () => {
  const giver = await openMember(city, 'giver-4')
  await buy(giver, 10_000)
  const digits = '01077770001'
  const { giftId } = created(await give(giver, '+82 10-7777-0001', 2_000)).json<Gift>()
  const person = {
    personId: 'late-joiner',
    name: '이늦음',
    birthDate: '1990-01-01' as never, // A day, as the reader would brand it.
    phone: '010-7777-0001',
  }
  const joined = await city.registration.join({
    issuerId: GUNSAN,
    person,
    consents: givenAgreements,
  })
  assert.ok(joined.status === 'registered')
  const { memberId } = joined.member
  const waiting = await gifting.givenTo(GUNSAN, memberId)
  assert.deepEqual(
    waiting.map((gift) => [gift.phone, gift.amountWon]),
    [[digits, 2_000]],
  )
  // The number goes to somebody else, who is vouched for with it later: the present is theirs now.
  city.advance(1_000)
  const next = { ...person, personId: 'next-bearer' }
  const second = await city.registration.join({
    issuerId: GUNSAN,
    person: next,
    consents: givenAgreements,
  })
  assert.ok(second.status === 'registered')
  assert.deepEqual(await gifting.givenTo(GUNSAN, memberId), [])
  const command = { issuerId: GUNSAN, giftId: parseId('gft', giftId)! }
  const key = (number: number) => `00000000-0000-4000-8000-0000000000${10 + number}` as never
  const before = await gifting.accept({ ...command, memberId, operationId: key(1) })
  assert.deepEqual(before, { status: 'refused', reason: 'gift_unknown' })
  const bearer = second.member.memberId
  const taken = await gifting.accept({ ...command, memberId: bearer, operationId: key(2) })
  assert.equal(taken.status, 'registered')
})

test('limits of a day hold at their edge, for presents that are sent at once too', async () => {
  const giver = await openMember(city, 'giver-5')
  await buy(giver, 100_000)
  await setRules({ giftsPerDayMax: 2, giftWonPerDayMax: 50_000 })
  const phone = '010-7777-0002'
  const over = await give(giver, phone, 50_001)
  assert.equal(over.json<Problem>().code, 'gift_limit_exceeded')
  const sent = await Promise.all([1_000, 2_000, 3_000].map((amount) => give(giver, phone, amount)))
  assert.deepEqual(
    sent.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b),
    [201, 201, 422],
  )
  assert.equal((await give(giver, phone, 1)).json<Problem>().code, 'gift_limit_exceeded')
  city.advance(DAY_MS)
  await giver.renew()
  created(await give(giver, phone, 50_000))
  assert.equal((await give(giver, phone, 1)).json<Problem>().code, 'gift_limit_exceeded')
  await setRules({})
})

test('rules say what may be given and when; nobody gives to themselves or what is not there', async () => {
  const giver = await openMember(city, 'giver-6')
  await buy(giver, 10_000)
  const code = async (phone: string, amountWon: number) =>
    (await give(giver, phone, amountWon)).json<Problem>().code
  assert.equal(await code(await phoneOf(giver), 1_000), 'gift_to_oneself')
  assert.equal(await code('010-7777-0003', 10_001), 'gift_funds_insufficient')
  const bad = (await give(giver, '02-123-4567', 1_000)).json<Problem>()
  assert.deepEqual([bad.code, bad.field], ['field_invalid', 'body.phone'])
  await setRules({ giftsOffered: false })
  assert.equal(await code('010-7777-0003', 1_000), 'gifts_not_offered')
  await setRules({ giftKinds: ['gift'] })
  assert.equal(await code('010-7777-0003', 1_000), 'gift_funds_insufficient')
  await setRules({})
})

test('the holding cap is asked when a present is accepted, and the present waits on', async () => {
  const receiver = await openMember(city, 'rich', { boughtWon: 700_000 })
  const phone = await phoneOf(receiver)
  for (const giverNumber of [1, 2]) {
    const giver = await openMember(city, `generous-${giverNumber}`)
    await buy(giver, 500_000)
    const { giftId } = created(await give(giver, phone, 400_001)).json<Gift>()
    const answer = await reply(receiver, giftId, 'acceptance')
    // The program's own cap of 1,500,000 comes first: 700,000 + 400,001 fits, twice does not.
    assert.equal(answer.statusCode, giverNumber === 1 ? 201 : 422, answer.body)
    if (giverNumber === 1) continue
    assert.equal(answer.json<Problem>().code, 'holding_cap_exceeded')
    const waiting = (await giftsOf(receiver)).received.find((gift) => gift.giftId === giftId)
    assert.equal(waiting?.state, 'waiting')
  }
})

test('what was given away is no use, until it comes back', async () => {
  const giver = await openMember(city, 'giver-7')
  const { lotId } = (await buy(giver, 100_000)).json<{ lotId: string }>()
  created(await giver.ask('POST', `${base}/payments`, { body: { code, amountWon: 59_000 } }))
  const { giftId } = created(await give(giver, '010-7777-0004', 1_000)).json<Gift>()
  const preview = async () =>
    (await giver.ask('GET', `${giver.wallet}/lots/${lotId}/refund`)).json<{
      usedBasisPoints: number
    }>().usedBasisPoints
  assert.equal(await preview(), 5_900)
  created(await reply(giver, giftId, 'withdrawal'))
  assert.equal(await preview(), 5_900)
})

test('a present is refunded on a ground of the law, by what its giver had paid', async () => {
  const giver = await openMember(city, 'giver-8')
  await buy(giver, 100_000)
  const receiver = await openMember(city, 'receiver-8')
  const { giftId } = created(await give(giver, await phoneOf(receiver), 50_000)).json<Gift>()
  created(await reply(receiver, giftId, 'acceptance'))
  const [lot] = await lotsOf(receiver)
  const { refunding } = city.memberMoney.rooms
  city.memberMoney.announced.abolishedAt = city.time.now
  const asked = await refunding.requestFullRefund({
    issuerId: GUNSAN,
    requestId: randomUUID() as never, // A UUID, as the reader would brand it.
    memberId: parseId('mbr', receiver.memberId)!,
    lotId: lot!.lotId,
    ground: 'abolition',
    words: '상품권이 폐지됩니다',
  })
  city.memberMoney.announced.abolishedAt = undefined
  assert.ok(asked.status === 'registered')
  assert.deepEqual([asked.request.state, asked.request.memberWon], ['paid', 45_000])
})

test('one that was prepared and not posted is posted later, or closed for ever', async () => {
  const giver = await openMember(city, 'giver-9')
  await buy(giver, 10_000)
  const lot = (await lotsOf(giver))[0]!
  const prepared = {
    operationId: randomUUID() as never, // A UUID, as the reader would brand it.
    giverId: parseId('mbr', giver.memberId)!,
    giverWalletId: parseId('wlt', giver.walletId)!,
    phone: '01077770005',
    programId: id('prg', 1),
    message: null,
    sources: { payWon: 0, nationalWon: 0, provinceWon: 0, cityWon: 0 } as never, // Amounts of won.
    expiresAt: lot.expiresAt,
    state: 'prepared' as const,
    sentAt: city.time.now,
    lapsesAt: city.time.now + DAY_MS,
    receiverId: null,
    endedAt: null,
  }
  const write = async (amountWon: number) => {
    const giftId = city.ids.next('gft')
    const operationId = randomUUID() as never // A UUID, as the reader would brand it.
    const parts = [{ lotId: lot.lotId, amountWon, expiresAt: lot.expiresAt }]
    const body = { ...prepared, operationId, amountWon, parts, lotId: city.ids.next('lot') }
    const record = newRecord('gift', { recordId: giftId, version: 1, body: body as never })
    await city.registry.append(GUNSAN, 'system', [record], city.time.now)
    return giftId
  }
  const possible = await write(4_000)
  const impossible = await write(40_000)
  await work(GUNSAN, {}, city.time.now)
  assert.equal((await gifting.gift(GUNSAN, possible))?.state, 'prepared')
  city.advance(6 * 60_000)
  await work(GUNSAN, {}, city.time.now)
  assert.equal((await gifting.gift(GUNSAN, possible))?.state, 'waiting')
  assert.equal((await gifting.gift(GUNSAN, impossible))?.state, 'void')
  assert.deepEqual(await leftOf(giver), [['purchase', 6_000]])
})

test('acceptance and withdrawal at once end a present once', async () => {
  const giver = await openMember(city, 'giver-10')
  await buy(giver, 10_000)
  const receiver = await openMember(city, 'receiver-10')
  const before = inTransit()
  const { giftId } = created(await give(giver, await phoneOf(receiver), 1_000)).json<Gift>()
  const answers = await Promise.all([
    reply(receiver, giftId, 'acceptance'),
    reply(giver, giftId, 'withdrawal'),
    reply(receiver, giftId, 'decline'),
  ])
  const ended = answers.filter(({ statusCode }) => statusCode === 201)
  assert.equal(ended.length, 1)
  assert.equal(inTransit(), before)
  const { sent } = await giftsOf(giver)
  assert.equal(sent[0]?.state, ended[0]!.json<Gift>().state)
})

test('the page on presents holds the table, cell for cell', () => {
  const spec = readFileSync(new URL('../../gifting/SPEC.md', import.meta.url), 'utf8')
  for (const state of giftStates) {
    const cells = giftEvents.map((event) => {
      const step = giftTable[state][event]
      return `${step.state} / ${step.action}`
    })
    const row = `| ${[state, ...cells].join(' | ')} |`
    assert.ok(spec.includes(row), row)
  }
  assert.ok(spec.includes(`| ${['state \\ event', ...giftEvents].join(' | ')} |`))
})

interface Gift {
  readonly giftId: string
  readonly amountWon: number
  readonly message: string | null
  readonly state: string
  readonly phoneMasked: string
}

interface Gifts {
  readonly sent: readonly Gift[]
  readonly received: readonly (Gift & { readonly fromMasked: string })[]
}

interface Problem {
  readonly code: string
  readonly field?: string
}
