/** Money back through the door: what members see, confirm and get, and what an officer decides. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { DAY_MS, formatId, parseId, type WalletId } from '../../base/base.ts'
import {
  created,
  grant,
  GUNSAN,
  openCity,
  openMember,
  openShop,
  type Citizen,
} from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const shop = await openShop(city, { number: 0 })
const kit = await shop.owner.ask('GET', `/v1/issuers/gunsan/kits/${shop.kitId}/code`)
const { text: code } = kit.json<{ text: string }>()
const base = '/v1/issuers/gunsan'

const walletOf = (member: Citizen): WalletId => parseId('wlt', member.walletId)!
const lotsOf = (member: Citizen) => city.ledger.lots(GUNSAN, walletOf(member))
const payoutsOf = async (member: Citizen) => {
  const beneficiary = { kind: 'member', id: parseId('mbr', member.memberId)! } as const
  return city.ledger.payouts(GUNSAN, { beneficiary, limit: 10 })
}

async function buy(member: Citizen, faceWon: number): Promise<{ purchaseId: string; lot: string }> {
  const purchaseId = randomUUID()
  const body = { programId: 'prg_1', faceWon }
  const bought = await member.ask('POST', `${base}/purchases`, { body, key: purchaseId })
  const { lotId } = created(bought).json<{ lotId: string }>()
  return { purchaseId, lot: `${member.wallet}/lots/${lotId}` }
}

async function spend(member: Citizen, amountWon: number): Promise<void> {
  created(await member.ask('POST', `${base}/payments`, { body: { code, amountWon } }))
}

test('an unused purchase is handed back once: money to its account, support to the funders', async () => {
  const member = await openMember(city, 'canceller')
  const { purchaseId } = await buy(member, 100_000)
  const url = `${base}/purchases/${purchaseId}/cancellation`
  const key = randomUUID()
  const consent = { textVersion: '2026-01', textHash: 'ab'.repeat(32) }
  const relinked = { body: { accountToken: 'acc_new', consent } }
  await member.ask('POST', `${base}/members/me/account`, relinked)
  const first = await member.ask('POST', url, { key })
  const answer = created(first).json<Returned>()
  assert.deepEqual([answer.amountWon, answer.memberWon], [100_000, 90_000])
  assert.deepEqual(
    answer.fundedWon.map(({ funder, amountWon }) => [funder, amountWon]),
    [
      ['national', 5_000],
      ['province', 2_000],
      ['city', 3_000],
    ],
  )
  assert.deepEqual((await member.ask('POST', url, { key })).json(), answer)
  const other = await member.ask('POST', url)
  assert.deepEqual([other.statusCode, other.json<Problem>().code], [409, 'lot_used'])
  const [payout, ...more] = await payoutsOf(member)
  assert.equal(more.length, 0)
  assert.deepEqual(
    [payout?.amountWon, payout?.account.accountNumber, payout?.state],
    [90_000, 'acc_canceller', 'due'],
  )
  // Sunday 22 November: the next business day is Monday.
  assert.equal(payout?.dueOn, '2026-11-23')
  // The month's cap of 700,000 is whole again.
  await buy(member, 700_000)
})

test('a purchase of which a won was used, or of somebody else, is not cancelled', async () => {
  const member = await openMember(city, 'user')
  const { purchaseId } = await buy(member, 10_000)
  const url = `${base}/purchases/${purchaseId}/cancellation`
  const stranger = await openMember(city, 'other-user')
  assert.equal((await stranger.ask('POST', url)).json<Problem>().code, 'purchase_unknown')
  await spend(member, 1)
  assert.equal((await member.ask('POST', url)).json<Problem>().code, 'lot_used')
  assert.deepEqual(await payoutsOf(member), [])
  const [lot] = await lotsOf(member)
  assert.equal(lot?.remainingWon, 9_999)
})

test('a key of a cancellation is not another purchase’s, and no payment’s', async () => {
  const member = await openMember(city, 'key-mixer')
  const one = await buy(member, 10_000)
  const two = await buy(member, 20_000)
  const key = randomUUID()
  created(await member.ask('POST', `${base}/purchases/${one.purchaseId}/cancellation`, { key }))
  const reused = await member.ask('POST', `${base}/purchases/${two.purchaseId}/cancellation`, {
    key,
  })
  assert.equal(reused.json<Problem>().code, 'key_reused')
  const asRefund = await member.ask('POST', `${two.lot}/refund`, { key, body: { memberWon: 1 } })
  assert.equal(asRefund.json<Problem>().code, 'key_reused')
})

test('what is left is previewed, confirmed and refunded; a changed amount is shown anew', async () => {
  const member = await openMember(city, 'refunder')
  const { lot } = await buy(member, 100_000)
  await spend(member, 59_999)
  const before = (await member.ask('GET', `${lot}/refund`)).json<Preview>()
  assert.deepEqual(
    [before.usedBasisPoints, before.usedBasisPointsMin, before.refusedFor, before.memberWon],
    [5_999, 6_000, 'refund_ratio_not_met', 0],
  )
  const early = await member.ask('POST', `${lot}/refund`, { body: { memberWon: 36_000 } })
  assert.equal(early.json<Problem>().code, 'refund_ratio_not_met')
  await spend(member, 1)
  const preview = (await member.ask('GET', `${lot}/refund`)).json<Preview>()
  assert.deepEqual(
    [preview.remainingWon, preview.refusedFor, preview.memberWon],
    [40_000, null, 36_000],
  )
  await spend(member, 10_000)
  city.advance(1_000)
  const key = randomUUID()
  const stale = await member.ask('POST', `${lot}/refund`, { key, body: { memberWon: 36_000 } })
  assert.deepEqual([stale.statusCode, stale.json<Problem>().code], [409, 'refund_changed'])
  // Nothing was recorded under the key, so it may be used for what was shown anew.
  const body = { memberWon: 27_000 }
  const refunded = created(await member.ask('POST', `${lot}/refund`, { key, body }))
  assert.deepEqual(refunded.json<Returned>().memberWon, 27_000)
  assert.deepEqual(
    (await member.ask('POST', `${lot}/refund`, { key, body })).json(),
    refunded.json(),
  )
  const again = await member.ask('POST', `${lot}/refund`, { body })
  assert.equal(again.json<Problem>().code, 'nothing_to_refund')
  assert.deepEqual(
    (await payoutsOf(member)).map(({ amountWon, account }) => [amountWon, account.accountNumber]),
    [[27_000, 'acc_refunder']],
  )
  const history = await member.ask('GET', `${member.wallet}/operations`)
  assert.equal(history.json<{ items: { kind: string }[] }>().items[0]?.kind, 'refund')
})

test('many refunds of one lot at once pay once', async () => {
  const member = await openMember(city, 'hurried')
  const { lot } = await buy(member, 10_000)
  await spend(member, 8_000)
  const body = { memberWon: 1_800 }
  const asked = Array.from({ length: 5 }, () => member.ask('POST', `${lot}/refund`, { body }))
  const statuses = (await Promise.all(asked)).map(({ statusCode }) => statusCode)
  assert.deepEqual(
    statuses.toSorted((a, b) => a - b),
    [201, 409, 409, 409, 409],
  )
  assert.equal((await payoutsOf(member)).length, 1)
})

test('what was granted is not refunded, and a stopped wallet pays nothing out', async () => {
  const member = await openMember(city, 'granted')
  await grant(city, member.walletId, 5_000)
  const [present] = await lotsOf(member)
  assert.ok(present !== undefined)
  const presented = `${member.wallet}/lots/${formatId('lot', present.lotId)}`
  const preview = (await member.ask('GET', `${presented}/refund`)).json<Preview>()
  assert.equal(preview.refusedFor, 'lot_not_refundable')
  const { lot } = await buy(member, 10_000)
  const reason = { body: { reason: '분실' } }
  await member.ask('POST', `${member.wallet}/stop`, reason)
  const stopped = await member.ask('POST', `${lot}/refund`, { body: { memberWon: 1 } })
  assert.equal(stopped.json<Problem>().code, 'wallet_stopped')
})

test('a small remainder is refunded in full at once', async () => {
  const member = await openMember(city, 'small-rest')
  const { lot } = await buy(member, 100_000)
  const url = `${lot}/refund-requests`
  const body = { ground: 'small_remainder', words: '' }
  await spend(member, 79_999)
  assert.equal(
    (await member.ask('POST', url, { body })).json<Problem>().code,
    'remainder_not_small',
  )
  await spend(member, 2)
  const asked = created(await member.ask('POST', url, { body })).json<OwnRequest>()
  // ceil(19,999 × 0.9) = 18,000: no won of what was paid is lost.
  assert.deepEqual([asked.state, asked.memberWon], ['paid', 18_000])
  const notices = await member.ask('GET', `${base}/members/me/notices`)
  assert.match(notices.json<{ items: { text: string }[] }>().items[0]!.text, /₩18,000/)
})

test('a ground that has to be shown waits for an officer, and is paid when approved', async () => {
  const member = await openMember(city, 'claimant')
  const { lot } = await buy(member, 100_000)
  const url = `${lot}/refund-requests`
  const silent = await member.ask('POST', url, { body: { ground: 'defect', words: ' ' } })
  assert.deepEqual(silent.json<Problem>(), {
    ...silent.json<Problem>(),
    code: 'field_invalid',
    field: 'body.words',
  })
  const body = { ground: 'merchant_cannot_supply', words: '가맹점이 문을 닫았습니다' }
  const key = randomUUID()
  const asked = created(await member.ask('POST', url, { body, key })).json<OwnRequest>()
  assert.deepEqual([asked.state, asked.memberWon], ['opened', null])
  assert.equal(Date.parse(asked.dueAt) - Date.parse(asked.openedAt), 15 * DAY_MS)
  assert.deepEqual(created(await member.ask('POST', url, { body, key })).json(), asked)
  assert.equal(
    (await member.ask('POST', url, { body })).json<Problem>().code,
    'refund_request_open',
  )

  const officer = await city.caller('officer-of-gunsan')
  const open = await officer.ask('GET', `${base}/refund-requests?state=opened`)
  assert.ok(
    open.json<{ items: OwnRequest[] }>().items.some((each) => each.requestId === asked.requestId),
  )
  const decision = `${base}/refund-requests/${asked.requestId}/decision`
  const approve = { body: { event: 'approve', words: '확인하였습니다' } }
  const decided = await officer.ask('POST', decision, approve)
  assert.deepEqual(
    [decided.statusCode, decided.json<OwnRequest>().state, decided.json<OwnRequest>().memberWon],
    [200, 'paid', 90_000],
  )
  const late = await officer.ask('POST', decision, { body: { event: 'refuse', words: '아닙니다' } })
  assert.equal(late.json<Problem>().code, 'refund_request_decided')
  assert.equal((await payoutsOf(member)).length, 1)
  const own = await member.ask('GET', `${base}/members/me/refund-requests`)
  assert.equal(own.json<{ items: OwnRequest[] }>().items[0]?.decisionWords, '확인하였습니다')
})

test('what was announced needs no officer', async () => {
  const member = await openMember(city, 'warned')
  const { lot } = await buy(member, 10_000)
  city.advance(1_000)
  city.memberMoney.announced.adverseAt = city.time.now
  const body = { ground: 'adverse_change', words: '조건 변경에 동의하지 않습니다' }
  const asked = created(await member.ask('POST', `${lot}/refund-requests`, { body }))
  assert.equal(asked.json<OwnRequest>().state, 'paid')
  // Whoever bought after the announcement knew.
  city.advance(1_000)
  const late = await buy(member, 10_000)
  const lateAsked = created(await member.ask('POST', `${late.lot}/refund-requests`, { body }))
  assert.equal(lateAsked.json<OwnRequest>().state, 'opened')
  city.memberMoney.announced.adverseAt = undefined
})

test('what was approved and not paid is paid later; a used-up lot makes it void', async () => {
  const { refunding } = city.memberMoney.rooms
  const member = await openMember(city, 'patient')
  const { lot } = await buy(member, 10_000)
  const body = { ground: 'defect', words: '결제가 되지 않습니다' }
  const asked = created(await member.ask('POST', `${lot}/refund-requests`, { body }))
  const { requestId } = asked.json<OwnRequest>()
  await member.ask('POST', `${member.wallet}/stop`, { body: { reason: '분실' } })
  const officer = await city.caller('officer-of-gunsan')
  const decision = `${base}/refund-requests/${requestId}/decision`
  const approve = { body: { event: 'approve', words: '확인' } }
  assert.equal((await officer.ask('POST', decision, approve)).json<OwnRequest>().state, 'approved')
  assert.equal(await refunding.payApproved(GUNSAN, 10), 1)
  const release = `${base}/members/${member.memberId}/release`
  await officer.ask('POST', release, { body: { reason: '찾음' } })
  assert.equal(await refunding.payApproved(GUNSAN, 10), 0)
  assert.equal(await refunding.payApproved(GUNSAN, 10), 0)
  const requests = await refunding.requests(GUNSAN, { state: 'paid', limit: 20 })
  assert.ok(requests.some(({ recordId }) => recordId === parseId('cas', requestId)))
  assert.equal((await payoutsOf(member)).length, 1)
})

test('a lot that is used up before the decision is paid leaves a void request', async () => {
  const member = await openMember(city, 'spender')
  const { lot } = await buy(member, 10_000)
  const body = { ground: 'force_majeure', words: '재해' }
  const asked = created(await member.ask('POST', `${lot}/refund-requests`, { body }))
  await spend(member, 10_000)
  const { requestId } = asked.json<OwnRequest>()
  const officer = await city.caller('officer-of-gunsan')
  const decision = `${base}/refund-requests/${requestId}/decision`
  const approve = { body: { event: 'approve', words: '확인' } }
  assert.equal((await officer.ask('POST', decision, approve)).json<OwnRequest>().state, 'void')
  assert.deepEqual(await payoutsOf(member), [])
})

interface Returned {
  readonly amountWon: number
  readonly memberWon: number
  readonly fundedWon: readonly { funder: string; amountWon: number }[]
}

interface Preview {
  readonly remainingWon: number
  readonly usedBasisPoints: number
  readonly usedBasisPointsMin: number | null
  readonly memberWon: number
  readonly refusedFor: string | null
}

interface OwnRequest {
  readonly requestId: string
  readonly state: string
  readonly memberWon: number | null
  readonly openedAt: string
  readonly dueAt: string
  readonly decisionWords: string | null
}

interface Problem {
  readonly code: string
  readonly field?: string
}
