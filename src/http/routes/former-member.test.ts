/** Whoever has left: the session says so from its renewal on, and the copy of what is kept is all that it opens. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { parseId } from '../../base/base.ts'
import { depart } from '../../registration/fixtures/departed.ts'
import { GUNSAN, openCity, openMember } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const gone = await openMember(city, 'gone', { boughtWon: 10_000 })
await depart(city.registry, GUNSAN, parseId('mbr', gone.memberId)!)

type Roles = { readonly roles: readonly Record<string, string>[] }
type Copy = Record<string, Record<string, unknown>[]> & { readonly complete: boolean }

test('before the renewal the old session reads, and the rooms refuse what it would write', async () => {
  const me = await gone.ask('GET', `${base}/members/me`)
  assert.equal(me.json<{ status: string }>().status, 'left')
  for (const [path, body] of [
    ['devices', undefined],
    ['account', { accountToken: 'acc_new' }],
  ] as const) {
    const answer = await gone.ask('POST', `${base}/members/me/${path}`, body ? { body } : {})
    assert.equal(answer.json<{ code: string }>().code, 'member_unknown', path)
  }
})

test('after it the session is one of a former member, who still takes the copy', async () => {
  await gone.renew()
  const session = await gone.ask('GET', '/v1/sessions/current')
  assert.deepEqual(session.json<Roles>().roles, [
    { role: 'former_member', issuer: 'gunsan', member: gone.memberId },
  ])
  const answer = await gone.ask('GET', `${base}/members/me/data`)
  const copy = answer.json<Copy>()
  assert.equal(copy.complete, true)
  assert.deepEqual(
    copy['member']?.map(({ id, status }) => [id, status]),
    [[gone.memberId, 'left']],
  )
  assert.equal(copy['lot']?.length, 1, 'the wallet of before is in it')
  const [look] = copy['access']!
  assert.deepEqual([look?.['by'], look?.['purpose']], ['member', 'own_copy'])
  const history = await gone.ask('GET', `${base}/members/me/data/history.csv`)
  assert.match(history.body, /,purchase,/)
})

test('nothing else is theirs, and nothing of another issuer', async () => {
  const wanted = [
    ['GET', `${base}/members/me`],
    ['GET', `${base}/members/me/consents`],
    ['GET', gone.wallet],
    ['POST', `${base}/members/me/devices`],
    ['GET', '/v1/issuers/iksan/members/me/data'],
  ] as const
  for (const [method, path] of wanted) {
    assert.equal((await gone.ask(method, path)).statusCode, 403, path)
  }
})
