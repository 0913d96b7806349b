/** What every book of jobs does, in memory and in PostgreSQL. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id, type Instant } from '../base/base.ts'
import { OPERATOR_JOBS, type Job, type JobBook } from './job-book.ts'

const ONE = id('iss', 1)
const TWO = id('iss', 2)
const DUE_AT: Instant = Date.UTC(2031, 0, 1)
const NAME = 'sweeping'
const times = { at: DUE_AT + 5, failedBefore: DUE_AT }
const dataOf = (n: number) => ({ n, word: '한글', flag: true, none: null })

async function begun(book: JobBook, issuerId = ONE, name = NAME): Promise<Job> {
  const job = await book.begin({ issuerId, name }, times)
  assert.ok(job !== undefined)
  return job
}

async function only(book: JobBook, issuerId = ONE): Promise<Job> {
  const [job, ...others] = await book.jobs(issuerId, { limit: 10 })
  assert.ok(job !== undefined && others.length === 0)
  return job
}

export function testJobBook(name: string, openBook: () => Promise<JobBook>): void {
  test(`${name}: a scheduled job goes from due to done, and is due again`, async () => {
    const book = await openBook()
    assert.equal(await book.makeDue(NAME, [ONE, TWO], DUE_AT), 0)
    assert.deepEqual(await book.unended(0), [
      { issuerId: ONE, name: NAME },
      { issuerId: TWO, name: NAME },
    ])
    const job = await begun(book)
    const fresh = { issuerId: ONE, name: NAME, key: '', state: 'running', data: {}, dueAt: DUE_AT }
    const untouched = { carried: {}, progress: null, steppedAt: null, endedAt: null }
    const unhurt = { error: null, failedAt: null }
    assert.deepEqual(job, { ...fresh, ...untouched, ...unhurt, attempts: 1, startedAt: times.at })
    const step = { done: false, progress: { done: 3, whole: 9 }, carry: { after: 'x' } }
    await book.step(job, step, times.at + 1)
    assert.equal(await book.makeDue(NAME, [ONE, TWO], DUE_AT + 10), 2, 'neither has ended')
    const half = await only(book)
    assert.deepEqual(
      [half.state, half.attempts, half.progress, half.carried, half.steppedAt],
      ['running', 0, { done: 3, whole: 9 }, { after: 'x' }, times.at + 1],
    )
    await book.step(job, { done: true }, times.at + 2)
    const done = await only(book)
    assert.deepEqual(
      [done.state, done.progress, done.carried, done.endedAt],
      ['done', { done: 3, whole: 9 }, { after: 'x' }, times.at + 2],
    )
    assert.equal(await book.begin(job, times), undefined)
    assert.equal(
      await book.makeDue(NAME, [ONE, TWO], DUE_AT + 10),
      1,
      'the other waits since before',
    )
    const again = await only(book)
    const anew = { startedAt: null, attempts: 0, state: 'waiting', dueAt: DUE_AT + 10 }
    assert.deepEqual(again, { ...fresh, ...untouched, ...unhurt, ...anew })
    assert.equal(await book.makeDue(NAME, [ONE], DUE_AT), 0, 'never due for an instant before')
    assert.equal((await only(book)).dueAt, DUE_AT + 10)
  })

  test(`${name}: a report about an earlier run, or one that ended, changes nothing`, async () => {
    const book = await openBook()
    await book.makeDue(NAME, [ONE], DUE_AT)
    const job = await begun(book)
    await book.step(job, { done: true }, times.at)
    const done = await only(book)
    await book.step(job, { done: false, carry: { late: true } }, times.at + 1)
    await book.fail(job, { error: 'late', isFinal: true, at: times.at + 1 })
    assert.deepEqual(await only(book), done)
    await book.makeDue(NAME, [ONE], DUE_AT + 10)
    const next = await begun(book)
    await book.step(job, { done: true }, times.at + 2)
    await book.fail(job, { error: 'late', isFinal: false, at: times.at + 2 })
    assert.deepEqual(await only(book), next)
  })

  test(`${name}: attempts count until a step is completed, and what failed says why`, async () => {
    const book = await openBook()
    await book.makeDue(NAME, [ONE], DUE_AT)
    await begun(book)
    const job = await begun(book)
    assert.equal(job.attempts, 2)
    await book.fail(job, { error: 'the sea is high', isFinal: false, at: times.at + 1 })
    const hurt = await only(book)
    const error = ['the sea is high', times.at + 1]
    assert.deepEqual(
      [hurt.state, hurt.attempts, hurt.error, hurt.failedAt],
      ['running', 2, ...error],
    )
    await book.fail(job, { error: 'the sea is high', isFinal: true, at: times.at + 1 })
    assert.equal((await only(book)).state, 'failed')
    assert.deepEqual(
      await book.unended(Number.MAX_SAFE_INTEGER / 1e3),
      [],
      'waits for its schedule',
    )
    assert.equal(await book.makeDue(NAME, [ONE], DUE_AT + 10), 0)
    const again = await begun(book)
    assert.deepEqual([again.attempts, again.error, again.failedAt], [1, ...error])
  })

  test(`${name}: a key is ordered once, and again only with the same data`, async () => {
    const book = await openBook()
    const order = { issuerId: ONE, name: 'granting', key: 'round-1', data: dataOf(1) }
    assert.equal(await book.order(order, DUE_AT), 'new')
    assert.equal(await book.order({ ...order, data: dataOf(1) }, DUE_AT + 1), 'known')
    assert.equal(await book.order({ ...order, data: dataOf(2) }, DUE_AT), 'other')
    assert.equal(await book.order({ ...order, issuerId: TWO }, DUE_AT), 'new')
    assert.equal(await book.order({ ...order, key: 'round-0' }, DUE_AT + 1), 'new')
    const job = await begun(book, ONE, 'granting')
    assert.deepEqual([job.key, job.data], ['round-1', dataOf(1)], 'due longest')
    await book.step(job, { done: true }, times.at)
    assert.equal((await begun(book, ONE, 'granting')).key, 'round-0')
    assert.equal(await book.order(order, DUE_AT + 2), 'known')
    assert.equal(await book.makeDue('granting', [ONE], DUE_AT + 10), 0)
    assert.equal((await book.jobs(ONE, { limit: 10 })).length, 3, 'a schedule has a row of its own')
  })

  test(`${name}: what failed on demand is tried again after a while`, async () => {
    const book = await openBook()
    const order = { issuerId: ONE, name: 'granting', key: 'round-1', data: {} }
    await book.order(order, DUE_AT)
    const job = await begun(book, ONE, 'granting')
    await book.fail(job, { error: 'no', isFinal: true, at: DUE_AT + 100 })
    assert.deepEqual(await book.unended(DUE_AT + 99), [])
    const early = { at: DUE_AT + 200, failedBefore: DUE_AT + 99 }
    assert.equal(await book.begin(order, early), undefined)
    assert.deepEqual(await book.unended(DUE_AT + 100), [{ issuerId: ONE, name: 'granting' }])
    const again = await book.begin(order, { at: DUE_AT + 200, failedBefore: DUE_AT + 100 })
    assert.deepEqual([again?.attempts, again?.state, again?.endedAt], [1, 'running', null])
  })

  test(`${name}: lists go by issuer, name and key, in pages, of one issuer or of all`, async () => {
    const book = await openBook()
    await book.makeDue('b', [TWO, ONE], DUE_AT)
    await book.makeDue('a', [OPERATOR_JOBS], DUE_AT)
    for (const key of ['Z', 'a', 'B'])
      await book.order({ issuerId: ONE, name: 'b', key, data: {} }, 1)
    const places = (jobs: readonly Job[]) => jobs.map((job) => [job.issuerId, job.name, job.key])
    const all = await book.jobs(undefined, { limit: 10 })
    const ones = ['', 'B', 'Z', 'a'].map((key) => [1, 'b', key])
    assert.deepEqual(places(all), [[0, 'a', ''], ...ones, [2, 'b', '']])
    assert.deepEqual(places(await book.jobs(undefined, { limit: 2, after: all[2] })), [
      [1, 'b', 'Z'],
      [1, 'b', 'a'],
    ])
    assert.deepEqual(places(await book.jobs(ONE, { limit: 10 })), ones)
    assert.deepEqual(places(await book.jobs(ONE, { limit: 10, after: all[3] })), [[1, 'b', 'a']])
    const job = await begun(book, TWO, 'b')
    await book.fail(job, { error: 'no', isFinal: true, at: times.at })
    assert.deepEqual(places(await book.jobs(undefined, { limit: 10, state: 'failed' })), [
      [2, 'b', ''],
    ])
    assert.deepEqual(await book.jobs(ONE, { limit: 10, state: 'failed' }), [])
  })
}
