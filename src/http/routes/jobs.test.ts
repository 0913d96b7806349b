/** Background work at the doors: operators see all, officers their issuer's, in pages, with what went wrong. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { OPERATOR_JOBS, type Job } from '../../jobs/job-book.ts'
import { GUNSAN, IKSAN, openCity } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const { jobs } = city
const DUE_AT = city.time.now

interface Page {
  readonly items: readonly {
    readonly issuerCode: string | null
    readonly name: string
    readonly key: string
    readonly state: string
    readonly progress: object | null
  }[]
  readonly nextCursor: string | null
}

async function begun(issuerId: Job['issuerId']): Promise<Job> {
  const times = { at: DUE_AT + 1, failedBefore: 0 }
  const job = await jobs.begin({ issuerId, name: 'sweeping' }, times)
  assert.ok(job !== undefined)
  return job
}

await jobs.makeDue('sweeping', [OPERATOR_JOBS, GUNSAN, IKSAN], DUE_AT)
for (const key of ['회차-1', '회차-2']) {
  await jobs.order({ issuerId: GUNSAN, name: 'granting', key, data: { round: key } }, DUE_AT)
}
const halfway = await begun(GUNSAN)
await jobs.step(halfway, { done: false, progress: { done: 3, whole: 9 } }, DUE_AT + 2)
const broken = await begun(IKSAN)
await jobs.fail(broken, { error: 'wallet_busy: try again', isFinal: true, at: DUE_AT + 3 })

const places = ({ items }: Page) => items.map((job) => [job.issuerCode, job.name, job.key])

test('an operator reads every issuer’s jobs, in pages', async () => {
  const operator = await city.caller('operator')
  const all: (string | null)[][] = []
  let cursor = ''
  for (let pages = 0; pages < 3; pages += 1) {
    const answer = await operator.ask('GET', `/v1/operator/jobs?limit=2${cursor}`)
    assert.equal(answer.statusCode, 200, answer.body)
    const page = answer.json<Page>()
    all.push(...places(page))
    if (page.nextCursor === null) break
    cursor = `&cursor=${page.nextCursor}`
  }
  assert.deepEqual(all, [
    [null, 'sweeping', ''],
    ['gunsan', 'granting', '회차-1'],
    ['gunsan', 'granting', '회차-2'],
    ['gunsan', 'sweeping', ''],
    ['iksan', 'sweeping', ''],
  ])
})

test('an operator reads the jobs of one issuer', async () => {
  const operator = await city.caller('operator')
  const answer = await operator.ask('GET', '/v1/operator/jobs?issuerCode=iksan')
  assert.deepEqual(places(answer.json<Page>()), [['iksan', 'sweeping', '']])
  const nowhere = await operator.ask('GET', '/v1/operator/jobs?issuerCode=nowhere')
  assert.equal(nowhere.statusCode, 404)
  assert.equal(nowhere.json<{ field: string }>().field, 'query.issuerCode')
})

test('what failed is to be found, with what went wrong and when', async () => {
  const operator = await city.caller('operator')
  const answer = await operator.ask('GET', '/v1/operator/jobs?state=failed')
  const { items } = answer.json<{ items: Record<string, unknown>[] }>()
  assert.deepEqual(items, [
    {
      issuerCode: 'iksan',
      name: 'sweeping',
      key: '',
      state: 'failed',
      attempts: 1,
      error: 'wallet_busy: try again',
      dueAt: new Date(DUE_AT).toISOString(),
      progress: null,
      startedAt: new Date(DUE_AT + 1).toISOString(),
      steppedAt: null,
      endedAt: new Date(DUE_AT + 3).toISOString(),
      failedAt: new Date(DUE_AT + 3).toISOString(),
    },
  ])
})

test('an officer reads the issuer’s own jobs and how far they have come, and nothing of another issuer', async () => {
  const officer = await city.caller('officer-of-gunsan')
  const answer = await officer.ask('GET', '/v1/issuers/gunsan/jobs')
  const page = answer.json<Page>()
  assert.deepEqual(places(page), [
    ['gunsan', 'granting', '회차-1'],
    ['gunsan', 'granting', '회차-2'],
    ['gunsan', 'sweeping', ''],
  ])
  assert.deepEqual(page.items.at(-1)?.progress, { done: 3, whole: 9 })
  assert.ok(!answer.body.includes('round'), 'what came with the job stays inside')
  assert.equal((await officer.ask('GET', '/v1/issuers/iksan/jobs')).statusCode, 403)
  assert.equal((await officer.ask('GET', '/v1/operator/jobs')).statusCode, 403)
  // A place in another issuer's list leads to nothing but the officer's own.
  const place = Buffer.from(JSON.stringify([2, 'a', ''])).toString('base64url')
  const beyond = await officer.ask('GET', `/v1/issuers/gunsan/jobs?cursor=${place}`)
  assert.deepEqual(beyond.json<Page>(), { items: [], nextCursor: null })
})

test('of what went wrong an officer reads the code, and not the words', async () => {
  const officer = await city.caller('officer-of-iksan')
  const path = '/v1/issuers/iksan/jobs'
  const errors = async () =>
    (await officer.ask('GET', path)).json<{ items: { error: string | null }[] }>().items[0]?.error
  assert.equal(await errors(), 'wallet_busy')
  await jobs.makeDue('sweeping', [IKSAN], DUE_AT + 10)
  const again = await begun(IKSAN)
  await jobs.fail(again, { error: 'Cannot read x of y', isFinal: false, at: DUE_AT + 11 })
  assert.equal(await errors(), 'unexpected')
})

test('a cursor that nobody gave is refused', async () => {
  const operator = await city.caller('operator')
  const texts = ['x', '{}', '[1,"a"]', '[-1,"a",""]', '[1, "a", ""]']
  for (const text of ['!', ...texts.map((each) => Buffer.from(each).toString('base64url'))]) {
    const answer = await operator.ask('GET', `/v1/operator/jobs?cursor=${text}`)
    assert.equal(answer.statusCode, 400, text)
    assert.equal(answer.json<{ code: string }>().code, 'cursor_invalid')
  }
  assert.equal((await operator.ask('GET', '/v1/operator/jobs?state=lost')).statusCode, 400)
})
