/** What a member may still buy is what buying then does. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { won, type Won } from '../../base/base.ts'
import { sampleTerms } from '../../issuing/terms-sample.ts'
import { newRecord } from '../../registration/registration.ts'
import { created, GUNSAN, openCity, openMember, PROGRAM } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const programId = 'prg_1'

interface Allowance {
  month: string
  saleState: string
  monthly: Allotment
  holding: Allotment
  holdingTogether: Allotment | null
  quota: Allotment
  smallestWon: Won
  buyableWon: Won
  refusal: string | null
  refusalText: string | null
}
interface Allotment {
  capWon: Won
  usedWon: Won
  leftWon: Won
}
type Asking = Awaited<ReturnType<typeof openMember>>

const ask = (member: Asking, id: string = programId) =>
  member.ask('GET', `${base}/purchases/allowance?programId=${id}`)
const told = async (member: Asking) => (await ask(member)).json<Allowance>()
const buy = (member: Asking, faceWon: number) =>
  member.ask('POST', `${base}/purchases`, { body: { programId, faceWon } })

let terms = 1
async function change(changed: Partial<typeof sampleTerms>): Promise<void> {
  const { programId: _program, issuerId: _issuer, version: _version, ...rest } = sampleTerms
  const body = { ...rest, ...changed, effectiveFrom: city.time.now, requestId: null }
  const record = { recordId: PROGRAM, version: (terms += 1), body }
  await city.registry.append(GUNSAN, 'system', [newRecord('terms', record)], city.time.now)
}

test('caps, what is used of them and what is left are told, and the rest can be bought', async () => {
  const member = await openMember(city, 'planner', { boughtWon: 300_000 })
  const allowance = await told(member)
  assert.deepEqual(
    [allowance.month, allowance.saleState, allowance.refusal],
    ['2026-11', 'open', null],
  )
  assert.deepEqual(allowance.monthly, { capWon: 700_000, usedWon: 300_000, leftWon: 400_000 })
  assert.deepEqual(allowance.holding, { capWon: 1_500_000, usedWon: 300_000, leftWon: 1_200_000 })
  assert.equal(allowance.holdingTogether?.usedWon, 300_000)
  assert.equal(allowance.quota.capWon - allowance.quota.usedWon, allowance.quota.leftWon)
  assert.equal(allowance.buyableWon, 400_000)
  const above = await buy(member, allowance.buyableWon + 10_000)
  assert.equal(above.json<{ code: string }>().code, 'purchase_cap_exceeded')
  created(await buy(member, allowance.buyableWon))
  const after = await told(member)
  assert.deepEqual(
    [after.buyableWon, after.refusal, after.monthly.leftWon],
    [0, 'purchase_cap_exceeded', 0],
  )
  assert.ok(after.refusalText !== null && after.refusalText.length > 5)
})

test('what is being bought counts, though the bank has not spoken', async () => {
  const member = await openMember(city, 'waiting')
  city.bank.answer = { status: 'pending' }
  assert.equal((await buy(member, 200_000)).statusCode, 202)
  city.bank.answer = { status: 'debited' }
  const { monthly, holding } = await told(member)
  assert.deepEqual([monthly.usedWon, holding.usedWon], [200_000, 200_000])
})

test('nothing is counted for others, nor of a program that is not there', async () => {
  const other = await openMember(city, 'newcomer')
  assert.equal((await told(other)).monthly.usedWon, 0)
  const unknown = await ask(other, 'prg_2')
  assert.equal(unknown.json<{ code: string }>().code, 'program_unknown')
  const wrong = await ask(other, 'prg')
  assert.equal(wrong.json<{ field: string }>().field, 'query.programId')
})

test('a holding cap, a quota and a closed sale are told as they refuse', async () => {
  const member = await openMember(city, 'holder', { boughtWon: 100_000 })
  await change({ holdingCapWon: won(145_000) })
  assert.deepEqual([(await told(member)).buyableWon, (await told(member)).refusal], [40_000, null])
  await change({ holdingCapWon: won(105_000) })
  assert.equal((await told(member)).refusal, 'holding_cap_exceeded')
  const { quota } = await told(member)
  await change({ monthlyQuotaWon: won(quota.usedWon + 5_000) })
  const soldOut = await told(member)
  assert.deepEqual([soldOut.refusal, soldOut.quota.leftWon], ['sold_out', 5_000])
  assert.equal((await buy(member, 10_000)).json<{ code: string }>().code, 'sold_out')
  await change({ saleSuspended: true })
  const closed = await told(member)
  assert.deepEqual(
    [closed.saleState, closed.refusal, closed.buyableWon],
    ['suspended', 'sale_not_open', 0],
  )
})
