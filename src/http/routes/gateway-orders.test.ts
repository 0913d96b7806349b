/** Orders to gateways at the door: whom they name, what is refused before it is sent, and what is kept of them. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openCity } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const operator = await city.caller('operator')

test('both gateways are told in one call, and the order is kept with what came of it', async () => {
  const body = { mode: 'forced', issuerCode: 'gunsan', reason: '정기 점검' }
  const answer = await operator.ask('POST', '/v1/gateways/all/standin', { body })
  assert.equal(answer.statusCode, 200, answer.body)
  const results = ['gateway-a', 'gateway-b'].map((gateway) => ({
    gateway,
    outcome: 'done',
    said: null,
  }))
  assert.deepEqual(answer.json(), { results })
  const off = '/v1/gateways/gateway-b/links/hanbit/sign-off'
  assert.equal((await operator.ask('POST', off, { body: { reason: '요청' } })).statusCode, 200)
  const list = await operator.ask('GET', '/v1/gateways/orders')
  const items = list.json<{ items: { orderId: string; at: string }[] }>().items
  assert.deepEqual(
    items.map(({ orderId: _orderId, at, ...rest }) => {
      assert.equal(Date.parse(at), city.time.now)
      return rest
    }),
    [
      {
        gateways: ['gateway-b'],
        action: 'sign_off',
        mode: null,
        partner: 'hanbit',
        issuerCode: null,
        by: 'operator operator',
        reason: '요청',
        results: [results[1]],
      },
      {
        gateways: ['gateway-a', 'gateway-b'],
        action: 'standin',
        mode: 'forced',
        partner: null,
        issuerCode: 'gunsan',
        by: 'operator operator',
        reason: '정기 점검',
        results,
      },
    ],
  )
})

const refused: readonly (readonly [string, object, number, string])[] = [
  ['gateway-c/standin', { mode: 'forced', reason: 'r' }, 404, 'path.gateway'],
  ['all/standin', { mode: 'forced', partner: 'nobody', reason: 'r' }, 404, 'body.partner'],
  ['all/standin', { mode: 'forced', issuerCode: 'nowhere', reason: 'r' }, 404, 'body.issuerCode'],
  ['all/standin', { mode: 'sometimes', reason: 'r' }, 400, 'body.mode'],
  ['all/standin', { mode: 'forced' }, 400, 'body.reason'],
  ['all/standin', { mode: 'forced', reason: '' }, 400, 'body.reason'],
  ['all/links/nobody/sign-off', { reason: 'r' }, 404, 'path.partner'],
  ['all/links/hanbit/sign-on', {}, 400, 'body.reason'],
]

for (const [path, body, status, field] of refused) {
  test(`${path} with ${JSON.stringify(body)} is refused and not kept`, async () => {
    const orders = async () => (await operator.ask('GET', '/v1/gateways/orders')).body
    const before = await orders()
    const answer = await operator.ask('POST', `/v1/gateways/${path}`, { body })
    assert.equal(answer.statusCode, status, answer.body)
    assert.equal(answer.json<{ field: string }>().field, field)
    assert.equal(await orders(), before)
  })
}
