/** City hall's trail: in pages that leave nothing out, of one officer or a time, and never of another city's. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { newRecord } from '../../registration/registration.ts'
import { GUNSAN, IKSAN, openCity, openMember } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const acts = '/v1/issuers/gunsan/acts'
const officer = await city.caller('officer-of-gunsan')

interface Page {
  readonly items: readonly {
    readonly at: string
    readonly officerId: string
    readonly kind: string
    readonly subjectId: string
    readonly version: number
    readonly state: string | null
  }[]
  readonly nextCursor: string | null
}
const asked = async (query = ''): Promise<Page> => {
  const answer = await officer.ask('GET', `${acts}${query}`)
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json<Page>()
}

const kit = (recordId: number) =>
  newRecord('kit', { recordId, version: 1, body: { outletId: 1 as never, active: true } })
const member = await openMember(city, 'stopped-member')
const stop = `/v1/issuers/gunsan/members/${member.memberId}/stop`
await officer.ask('POST', stop, { body: { reason: '분실 신고' } })
const [first] = (await asked()).items
const officers = (await officer.ask('GET', '/v1/issuers/gunsan/officers')).json<Page>().items
const second = officers.find(({ officerId }) => officerId !== 'off_1')!.officerId
// One commit of two records, a colleague's, somebody else's, and another city's.
city.advance(1_000)
await city.registry.append(GUNSAN, 'off_1', [kit(71), kit(72)], city.time.now)
city.advance(1_000)
await city.registry.append(GUNSAN, second, [kit(73)], city.time.now)
await city.registry.append(GUNSAN, 'mbr_1', [kit(74)], city.time.now)
await city.registry.append(IKSAN, 'off_1', [kit(75)], city.time.now)

test('a stop is in it, by whom and about which wallet', () => {
  assert.deepEqual([first?.officerId, first?.kind, first?.version], ['off_1', 'wallet_stop', 1])
  assert.match(first?.subjectId ?? '', /^wlt_/)
})

test('pages of one leave nothing out, what one commit wrote included', async () => {
  const all: string[] = []
  let cursor: string | null = ''
  for (let pages = 0; cursor !== null && pages < 9; pages += 1) {
    const page: Page = await asked(`?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`)
    all.push(...page.items.map(({ officerId, subjectId }) => `${officerId} ${subjectId}`))
    cursor = page.nextCursor
  }
  const whole = (await asked()).items
  assert.deepEqual(
    all,
    whole.map(({ officerId, subjectId }) => `${officerId} ${subjectId}`),
  )
  assert.deepEqual(all.slice(0, 3), [`${second} kit_29`, 'off_1 kit_28', 'off_1 kit_27'])
  assert.ok(!all.some((line) => line.includes('kit_2a') || line.includes('kit_2b')))
})

test('of one officer, and of a time', async () => {
  const own = (await asked(`?by=${second}`)).items
  assert.deepEqual(
    own.map(({ subjectId }) => subjectId),
    ['kit_29'],
  )
  assert.equal((await asked('?by=off_9')).items.length, 0)
  assert.equal((await asked('?through=2026-11-21')).items.length, 0)
  assert.equal((await asked('?from=2026-11-23')).items.length, 0)
  assert.ok((await asked('?from=2026-11-22&through=2026-11-22')).items.length >= 4)
})

const wrong: readonly (readonly [string, string])[] = [
  ['?from=2026-02-30', 'query.from'],
  ['?from=2026-11-22&through=2026-11-21', 'query.through'],
  ['?by=mbr_1', 'query.by'],
  ['?cursor=nonsense', 'query.cursor'],
]
for (const [query, field] of wrong) {
  test(`${query} is refused, and the answer names the field`, async () => {
    const answer = await officer.ask('GET', `${acts}${query}`)
    assert.equal(answer.statusCode, 400, answer.body)
    assert.equal(answer.json<{ field: string }>().field, field)
  })
}
