/** The preview through the door: the payer's own vouchers, words for a refusal, and nothing that stays. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { created, GUNSAN, openCity, openMember, openShop } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const path = '/v1/issuers/gunsan/payments'
const shop = await openShop(city, { number: 0 })
const kit = await shop.owner.ask('GET', `/v1/issuers/gunsan/kits/${shop.kitId}/code`)
const { text: code } = kit.json<{ text: string }>()

interface Preview {
  readonly refusal: string | null
  readonly refusalText: string | null
  readonly legs: readonly object[]
  readonly spendableWon: number
  readonly leftWon: number
  readonly missingWon: number
}

test('a payer sees what would pay and what would be left, and then pays just that', async () => {
  const payer = await openMember(city, 'careful', { boughtWon: 30_000 })
  const body = { code, amountWon: 12_000 }
  const operations = () => city.ledger.snapshot(GUNSAN).operations.length
  const before = operations()
  const answer = await payer.ask('POST', `${path}/preview`, { body })
  assert.equal(answer.statusCode, 200, answer.body)
  const { legs, refusal, ...sums } = answer.json<Preview>()
  assert.equal(refusal, null)
  assert.deepEqual(
    [sums.spendableWon, sums.leftWon, sums.missingWon, operations()],
    [30_000, 18_000, 0, before],
  )
  const paid = created(await payer.ask('POST', path, { body, key: randomUUID() }))
  assert.deepEqual(paid.json<Preview>().legs, legs)
})

test('too little, or a refusal, is told in words before anybody pays', async () => {
  const payer = await openMember(city, 'poor', { boughtWon: 10_000 })
  const ask = async (body: object) =>
    (await payer.ask('POST', `${path}/preview`, { body })).json<Preview>()
  const short = await ask({ code, amountWon: 10_500 })
  assert.deepEqual(
    [short.refusal, short.refusalText, short.missingWon, short.legs],
    ['insufficient_funds', '잔액이 부족합니다.', 500, []],
  )
  const unreadable = await ask({ code: 'no code', amountWon: 1_000 })
  assert.equal(unreadable.refusal, 'code_invalid')
  const unsaid = await ask({ code })
  assert.equal(unsaid.refusal, 'amount_missing')
  const wrong = await payer.ask('POST', `${path}/preview`, { body: { code, amountWon: 0 } })
  assert.equal(wrong.statusCode, 400)
  assert.equal(wrong.json<{ field: string }>().field, 'body.amountWon')
})
