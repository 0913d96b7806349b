/** A payment looked at closely: its lots in the order of taking, who had paid for each, to the won. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { DAY_MS, operationId, parseId, won } from '../../base/base.ts'
import type { IssueRequest } from '../../ledger/ledger.ts'
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
const kit = await shop.owner.ask('GET', `${base}/kits/${shop.kitId}/code`)
const { text: code } = kit.json<{ text: string }>()

interface One {
  readonly amountWon: number
  readonly legs: readonly { readonly kind: string; readonly amountWon: number }[]
  readonly lots: readonly {
    readonly kind: string
    readonly amountWon: number
    readonly receivedAt: string
    readonly expiresAt: string
    readonly purchaseId: string | null
    readonly funding: {
      readonly memberWon: number
      readonly fundedWon: readonly { readonly funder: string; readonly amountWon: number }[]
    } | null
  }[]
}

const see = (member: Citizen, id: string) => member.ask('GET', `${member.wallet}/operations/${id}`)

async function pay(member: Citizen, amountWon: number): Promise<string> {
  const paymentId = randomUUID()
  const body = { code, amountWon }
  created(await member.ask('POST', `${base}/payments`, { body, key: paymentId }))
  return paymentId
}

async function give(
  member: Citizen,
  { kind, sources }: Pick<IssueRequest, 'kind' | 'sources'>,
): Promise<void> {
  const [given] = await city.ledger.issue(
    GUNSAN,
    [
      {
        operationId: operationId(randomUUID()),
        requestHash: new Uint8Array(32),
        walletId: parseId('wlt', member.walletId)!,
        lotId: city.ids.next('lot'),
        programId: PROGRAM,
        kind,
        expiresAt: city.time.now + 30 * DAY_MS,
        sources,
      },
    ],
    city.time.now,
  )
  assert.equal(given?.status, 'posted')
}

test('a payment says of each lot when it came, until when it was good and who had paid for it', async () => {
  const member = await openMember(city, 'curious')
  const purchaseId = randomUUID()
  const order = { programId: 'prg_1', faceWon: 10_000 }
  created(await member.ask('POST', `${base}/purchases`, { body: order, key: purchaseId }))
  const boughtAt = new Date(city.time.now).toISOString()
  city.advance(1_000)
  const sources = { payWon: won(0), nationalWon: won(1), provinceWon: won(1), cityWon: won(1_001) }
  await give(member, { kind: 'cashback', sources })
  const paymentId = await pay(member, 10_501)
  const answer = await see(member, paymentId)
  assert.equal(answer.statusCode, 200, answer.body)
  const { amountWon, legs, lots } = answer.json<One>()
  assert.equal(amountWon, 10_501)
  assert.deepEqual(
    lots.map((lot) => [lot.kind, lot.amountWon, lot.purchaseId]),
    legs.map((leg) => [leg.kind, leg.amountWon, leg.kind === 'purchase' ? purchaseId : null]),
  )
  for (const { amountWon: ofLotWon, funding } of lots) {
    const parts = [funding!.memberWon, ...funding!.fundedWon.map((part) => part.amountWon)]
    assert.equal(
      parts.reduce((sum, part) => sum + part, 0),
      ofLotWon,
    )
  }
  const bought = lots.find(({ kind }) => kind === 'purchase')
  assert.equal(bought?.receivedAt, boughtAt)
  assert.ok(Date.parse(bought?.expiresAt ?? '') > city.time.now)
  assert.ok(bought.funding!.memberWon > 0)
  assert.ok(bought.funding!.fundedWon.length > 0, 'it was bought at a discount')
  const granted = lots.find(({ kind }) => kind === 'cashback')
  assert.equal(granted?.funding?.memberWon, 0)
  assert.equal(granted.expiresAt, new Date(city.time.now + 30 * DAY_MS).toISOString())
})

test('of a purchase that was handed back nobody is told a share: that has a rule of its own', async () => {
  const member = await openMember(city, 'regretful')
  const [purchaseId, cancellationId] = [randomUUID(), randomUUID()]
  const order = { programId: 'prg_1', faceWon: 10_000 }
  created(await member.ask('POST', `${base}/purchases`, { body: order, key: purchaseId }))
  const cancelling = `${base}/purchases/${purchaseId}/cancellation`
  created(await member.ask('POST', cancelling, { key: cancellationId }))
  const { lots } = (await see(member, cancellationId)).json<One>()
  assert.deepEqual(
    lots.map((lot) => [lot.amountWon, lot.purchaseId, lot.funding]),
    [[10_000, purchaseId, null]],
  )
})

test('of a present nobody is told what the giver had paid', async () => {
  city.door.phones.set('giver', '010-5555-7001')
  city.door.phones.set('taker', '010-5555-7002')
  const giver = await openMember(city, 'giver', { boughtWon: 10_000 })
  const taker = await openMember(city, 'taker')
  const present = { programId: 'prg_1', phone: '010-5555-7002', amountWon: 4_000 }
  const sent = created(await giver.ask('POST', `${base}/gifts`, { body: present }))
  const { giftId } = sent.json<{ giftId: string }>()
  created(await taker.ask('POST', `${base}/gifts/${giftId}/acceptance`, { key: randomUUID() }))
  const { lots } = (await see(taker, await pay(taker, 1_000))).json<One>()
  assert.deepEqual(
    lots.map((lot) => [lot.kind, lot.amountWon, lot.purchaseId, lot.funding]),
    [['gift', 1_000, null, null]],
  )
})

test('nobody sees a payment of another wallet, and one that never was is told the same', async () => {
  const payer = await openMember(city, 'payer', { boughtWon: 10_000 })
  const other = await openMember(city, 'neighbour')
  const paymentId = await pay(payer, 1_000)
  const foreign = await other.ask('GET', `${payer.wallet}/operations/${paymentId}`)
  const borrowed = await see(other, paymentId)
  const unknown = await see(payer, randomUUID())
  for (const answer of [foreign, borrowed, unknown]) {
    assert.equal(answer.statusCode, 404, answer.body)
    assert.doesNotMatch(answer.body, /1000/)
  }
  assert.equal(borrowed.json<{ field: string }>().field, 'path.operationId')
})
