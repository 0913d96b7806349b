/** The shop finder tells anybody where vouchers can be spent, and nobody else's business. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { created, openCity, openShop } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const first = await openShop(city, { number: 0 })
const second = await openShop(city, { number: 1 })
const elsewhere = await openShop(city, { number: 2, issuerCode: 'iksan' })

interface Shop {
  outletId: string
  outletName: string
  merchantName: string
  sector: string
  position: { latitude: number; longitude: number } | null
  distanceM: number | null
  accepts: { programName: string; kind: string }[]
}
interface Page {
  items: Shop[]
  nextCursor: string | null
}
const find = (query: string) => city.app.inject({ method: 'GET', url: `${base}/shops?${query}` })
const shops = async (query = '') => (await find(query)).json<Page>()
const open = (place: object, key: string = randomUUID()) =>
  first.owner.ask('POST', `${first.merchant}/outlets`, { key, body: place })
const harbour = {
  name: '항구점',
  district: '소룡동',
  address: '소룡동 1',
  position: { latitude: 35.98, longitude: 126.65 },
}

test('anybody finds the places of one issuer, with what they take', async () => {
  const { items, nextCursor } = await shops()
  assert.equal(nextCursor, null)
  assert.deepEqual(
    items.map(({ merchantName, outletName }) => [merchantName, outletName]),
    [
      ['0호 분식', '본점'],
      ['1호 분식', '본점'],
    ],
  )
  const [shop] = items
  assert.deepEqual(
    new Set(shop?.accepts.map(({ kind }) => kind)),
    new Set(['cashback', 'gift', 'purchase']),
  )
  assert.match(shop!.accepts[0]!.programName, /군산시/)
  assert.equal(JSON.stringify(items).includes('124-81'), false, 'no business number leaves')
  const iksan = await city.app.inject({ method: 'GET', url: '/v1/issuers/iksan/shops' })
  assert.equal(iksan.json<Page>().items.length, 1)
})

test('a place is opened with its position, once, and is found by it', async () => {
  const key = randomUUID()
  const opened = created(await open(harbour, key)).json<Shop>()
  assert.deepEqual(opened.position, harbour.position)
  assert.deepEqual(created(await open(harbour, key)).json<Shop>(), opened)
  const moved = { ...harbour, position: { ...harbour.position, latitude: 35.99 } }
  assert.equal((await open(moved, key)).statusCode, 409)
  const { items } = await shops('near=35.98,126.65')
  assert.deepEqual([items[0]?.outletId, items[0]?.distanceM], [opened.outletId, 0])
  assert.equal(items.at(-1)?.distanceM, null)
  const page = await shops('near=35.9,126.6&limit=1')
  assert.equal(page.items[0]?.outletId, opened.outletId)
  const rest = await shops(`near=35.9,126.6&limit=5&cursor=${page.nextCursor}`)
  assert.equal(rest.items.length, 2)
  assert.equal(
    rest.items.some(({ outletId }) => outletId === opened.outletId),
    false,
  )
  assert.deepEqual(
    (await shops('text=%ED%95%AD%EA%B5%AC')).items.map((shop) => shop.outletName),
    ['항구점'],
  )
  assert.equal((await shops('sector=cafe')).items.length, 0)
})

test('positions outside Korea and what is no position are refused by name', async () => {
  for (const position of [
    { latitude: 32.9, longitude: 126.65 },
    { latitude: 35.98, longitude: 139.7 },
    { latitude: 38.71, longitude: 127 },
    { latitude: 35.98 },
    { latitude: '35.98', longitude: 126.65 },
  ]) {
    const answer = await open({ ...harbour, position })
    assert.equal(answer.statusCode, 400, JSON.stringify(position))
    assert.match(answer.json<{ field: string }>().field, /^body\.position/)
  }
  for (const query of [
    'near=35.98',
    'near=51.5,0.1',
    'near=a,b',
    'sector=nothing',
    'cursor=out_zzzz',
  ]) {
    const answer = await find(query)
    assert.equal(answer.statusCode, 400, query)
    assert.equal(answer.json<{ field: string }>().field, `query.${query.split('=')[0]}`)
  }
})

test('another issuer’s outlet is no place to read on from, and a suspended shop is gone', async () => {
  const other = elsewhere.outlet.split('/').at(-1)
  assert.equal((await find(`cursor=${other}`)).json<{ field: string }>().field, 'query.cursor')
  const officer = await city.caller('officer-of-gunsan')
  const body = { status: 'suspended', reason: '점검' }
  const decided = await officer.ask('POST', `${second.merchant}/decision`, { body })
  assert.equal(decided.statusCode, 200, decided.body)
  const { items } = await shops()
  assert.equal(
    items.some(({ merchantName }) => merchantName === '1호 분식'),
    false,
  )
})
