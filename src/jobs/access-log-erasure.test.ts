import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryAccessLog, type Look } from '../access/access.ts'
import { createIdSource, DAY_MS, id } from '../base/base.ts'
import { initialIssuerRules, type IssuerRules } from '../issuing/issuing.ts'
import { accessLogErasureJob, ERASURE_SET_SIZE } from './access-log-erasure.ts'

const NOW = Date.parse('2028-11-22T04:10:00+09:00')
const issuerId = id('iss', 1)

function openJob(versions: readonly IssuerRules[]) {
  const accessLog = createMemoryAccessLog(createIdSource({ node: 1, clock: () => NOW }))
  const { work } = accessLogErasureJob({ accessLog, issuerRules: { issuerRules: () => versions } })
  const write = (at: number, count = 1) => {
    const subjects = Array.from({ length: count }, () => 'mbr_1')
    const look: Look = {
      issuerId,
      at,
      actor: 'off_1',
      subjects,
      route: 'GET /there',
      purpose: 'duty',
      words: null,
      sight: 'masked',
    }
    return accessLog.write(look)
  }
  const left = async () => (await accessLog.ofSubject(issuerId, 'mbr_1', { limit: 5_000 })).length
  return { work: () => work(issuerId, {}, NOW), write, left }
}

test('two years are kept to the instant, and a set is erased in each step', async () => {
  const { work, write, left } = openJob([])
  const edge = NOW - 730 * DAY_MS
  await write(edge)
  await write(edge - 1, ERASURE_SET_SIZE + 1)
  assert.deepEqual(await work(), { done: false })
  assert.equal(await left(), 2)
  assert.deepEqual(await work(), { done: true })
  assert.deepEqual(await work(), { done: true })
  assert.equal(await left(), 1)
})

test('an issuer may keep it for longer or for a year', async () => {
  for (const [accessLogDays, kept] of [
    [365, 0],
    [1_825, 1],
  ] as const) {
    const rules = { ...initialIssuerRules, accessLogDays }
    const { work, write, left } = openJob([{ issuerId, version: 1, effectiveFrom: 0, rules }])
    await write(NOW - 800 * DAY_MS)
    await work()
    assert.equal(await left(), kept)
  }
})
