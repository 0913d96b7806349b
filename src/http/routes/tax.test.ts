/** What one used counts for the tax office while a cash-receipt number is registered, and not else. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { DAY_MS, parseId } from '../../base/base.ts'
import { TAX_SPANS_REMEMBERED_MAX } from '../../registration/tax-settings.ts'
import {
  created,
  GUNSAN,
  openCity,
  openMember,
  openShop,
  type Citizen,
} from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const path = `${base}/members/me/tax-settings`
const shop = await openShop(city, { number: 0 })
const kit = await shop.owner.ask('GET', `${base}/kits/${shop.kitId}/code`)
const { text: code } = kit.json<{ text: string }>()

interface Setting {
  cashReceiptNumberMasked: string | null
  registeredSince: string | null
}
interface Year {
  generalWon: number
  unregistered: { generalWon: number }
  registeredNow: boolean
}
const read = async (member: Citizen) => (await member.ask('GET', path)).json<Setting>()
const set = (member: Citizen, cashReceiptNumber: unknown) =>
  member.ask('POST', path, { body: { cashReceiptNumber } })
const pay = async (member: Citizen, amountWon: number) => {
  created(await member.ask('POST', `${base}/payments`, { body: { code, amountWon } }))
  city.advance(1_000)
}
const yearOf = async (member: Citizen) =>
  (await member.ask('GET', `${base}/members/me/tax/2026`)).json<Year>()
const versionsOf = (member: Citizen) =>
  city.registry
    .versions(GUNSAN)
    .filter(
      ({ kind, recordId }) =>
        kind === 'tax_setting' && recordId === parseId('mbr', member.memberId),
    )

test('a number is registered once, read masked, changed and taken back', async () => {
  const member = await openMember(city, 'payer')
  assert.deepEqual(await read(member), { cashReceiptNumberMasked: null, registeredSince: null })
  assert.equal((await set(member, '+82 10-1234-5678')).statusCode, 200)
  const first = await read(member)
  assert.equal(first.cashReceiptNumberMasked, '010-****-5678')
  city.advance(DAY_MS)
  await member.renew()
  await set(member, '01012345678')
  assert.equal(versionsOf(member).length, 1, 'the same number changes nothing')
  await set(member, '1234-5678-9012-345678')
  const card = await read(member)
  assert.match(card.cashReceiptNumberMasked!, /^\*+5678$/)
  assert.equal(card.registeredSince, first.registeredSince, 'it goes on with another number')
  await set(member, null)
  assert.deepEqual(await read(member), { cashReceiptNumberMasked: null, registeredSince: null })
})

test('what is no number of the kind is refused by name, a resident number above all', async () => {
  const member = await openMember(city, 'wrong')
  for (const wrong of ['9005171234567', '900517-1234567', '02-123-4567', '1', 'x'.repeat(18)]) {
    const answer = await set(member, wrong)
    assert.equal(answer.statusCode, 422, wrong)
    assert.equal(answer.json<{ field: string }>().field, 'body.cashReceiptNumber')
    assert.ok(!answer.body.includes(wrong) || wrong.length === 1)
  }
  assert.equal(versionsOf(member).length, 0)
})

test('what was used without a number is missing, and is said to be so', async () => {
  const member = await openMember(city, 'user', { boughtWon: 100_000 })
  await pay(member, 1_000)
  await set(member, '010-1234-5678')
  await pay(member, 20_000)
  await set(member, null)
  await pay(member, 300)
  const after = await yearOf(member)
  assert.deepEqual(
    [after.generalWon, after.unregistered.generalWon, after.registeredNow],
    [21_300, 1_300, false],
  )
  const never = await openMember(city, 'never', { boughtWon: 10_000 })
  await pay(never, 500)
  const { generalWon, unregistered } = await yearOf(never)
  assert.deepEqual([generalWon, unregistered.generalWon], [500, 500])
})

test('of the stretches of registration the newest are remembered', async () => {
  const member = await openMember(city, 'restless')
  const memberId = parseId('mbr', member.memberId)!
  const spans = Array.from({ length: TAX_SPANS_REMEMBERED_MAX }, (_, index) => ({
    from: index * 2,
    until: index * 2 + 1,
  }))
  const body = { cashReceiptNumber: '', spans }
  const record = { kind: 'tax_setting', recordId: memberId, version: 1, body } as const
  await city.registry.append(GUNSAN, member.memberId, [record], city.time.now)
  assert.equal((await set(member, '010-1234-5678')).statusCode, 200)
  const kept = (versionsOf(member).at(-1)!.body as typeof body).spans
  assert.deepEqual([kept.length, kept[0]?.from], [TAX_SPANS_REMEMBERED_MAX, 2])
})

test('the copy of one’s data has it, and leaving ends it', async () => {
  const member = await openMember(city, 'leaving')
  await set(member, '010-1234-5678')
  const copy = (await member.ask('GET', `${base}/members/me/data`)).json<{
    tax_setting: Record<string, unknown>[]
  }>()
  const [own] = copy.tax_setting
  assert.deepEqual([own?.['id'], own?.['cashReceiptNumber']], [member.memberId, '01012345678'])
  const left = await member.ask('POST', `${base}/members/me/withdrawal`, {
    body: { renounce: true },
  })
  assert.equal(left.statusCode, 200, left.body)
  const { cashReceiptNumber, spans } = versionsOf(member).at(-1)!.body as {
    cashReceiptNumber: string
    spans: { until: number | null }[]
  }
  assert.equal(cashReceiptNumber, '')
  assert.equal(spans.at(-1)?.until, city.time.now)
})
