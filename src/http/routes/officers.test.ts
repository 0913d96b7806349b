/** The list of officers: what each of them did last, written or looked at. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { formatId, id } from '../../base/base.ts'
import { newRecord } from '../../registration/registration.ts'
import { GUNSAN, openCity, openMember } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const officer = await city.caller('officer-of-gunsan')
const second = await city.caller('second-officer-of-gunsan')

interface Item {
  readonly officerId: string
  readonly title: string
  readonly active: boolean
  readonly lastAct: { readonly at: string; readonly kind: string; readonly version: number } | null
  readonly lastLook: { readonly at: string; readonly route: string } | null
  readonly lastSeenAt: string | null
}
interface Page {
  readonly items: readonly Item[]
  readonly nextCursor: string | null
}
const listed = async (query = '') =>
  (await second.ask('GET', `${base}/officers${query}`)).json<Page>()
const itemOf = async (officerId: string) =>
  (await listed()).items.find((item) => item.officerId === officerId)!
const now = () => new Date(city.time.now).toISOString()

test('who did nothing yet is in the list, with nothing', async () => {
  const { lastAct, lastLook, lastSeenAt, active } = await itemOf('off_1')
  assert.deepEqual([lastAct, lastLook, lastSeenAt, active], [null, null, null, true])
})

test('the last act and the last look are told, each with its time and what it was', async () => {
  const member = await openMember(city, 'looked-at')
  const path = `${base}/members/${member.memberId}`
  await officer.ask('POST', `${path}/stop`, { body: { reason: '분실 신고' } })
  const stoppedAt = now()
  city.advance(60_000)
  await officer.ask('GET', path)
  const item = await itemOf('off_1')
  assert.deepEqual([item.lastAct?.kind, item.lastAct?.at], ['wallet_stop', stoppedAt])
  const look = { at: now(), route: 'GET /v1/issuers/:issuerCode/members/:memberId' }
  assert.deepEqual(item.lastLook, look)
  assert.equal(item.lastSeenAt, now())
  city.advance(60_000)
  await officer.ask('POST', `${path}/release`, { body: { reason: '찾음' } })
  const again = await itemOf('off_1')
  assert.deepEqual([again.lastAct?.version, again.lastSeenAt], [2, now()])
})

test('an officer who left stays in the list, and pages hold all of them once', async () => {
  const body = { personId: 'gone', name: '전임자', title: '주무관', active: false }
  const record = newRecord('officer', { recordId: 77, version: 1, body })
  await city.registry.append(GUNSAN, 'system', [record], city.time.now)
  const gone = await itemOf(formatId('off', id('off', 77)))
  assert.deepEqual([gone.active, gone.lastAct], [false, null])
  const all = (await listed()).items.map(({ officerId }) => officerId)
  const paged: string[] = []
  let query = '?limit=1'
  for (let pages = 0; pages < 10; pages += 1) {
    const { items, nextCursor } = await listed(query)
    paged.push(...items.map(({ officerId }) => officerId))
    if (nextCursor === null) break
    query = `?limit=1&cursor=${nextCursor}`
  }
  assert.deepEqual(paged, all)
})

test('reading the list is a look, and is in the log of each officer', async () => {
  const reader = (await listed()).items.find((item) => item.active && item.officerId !== 'off_1')!
  const query = `officerId=${reader.officerId}&reason=audit`
  const log = await officer.ask('GET', `${base}/access-log?${query}`)
  const routes = log.json<{ items: { route: string }[] }>().items.map(({ route }) => route)
  assert.ok(routes.includes('GET /v1/issuers/:issuerCode/officers'))
})
