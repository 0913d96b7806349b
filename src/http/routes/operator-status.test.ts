/** How everything stands, as an operator's page reads it: also while the database is away. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { OPERATOR } from '../../base/base.ts'
import { quiet } from './fixtures/memory-status.ts'
import { GUNSAN, openCity } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const operator = await city.caller('operator')

const asked = async () => {
  const answer = await operator.ask('GET', '/v1/operator/status')
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json<Record<string, unknown>>()
}

test('every issuer is in it, with the age of its seal and what waits', async () => {
  const { now } = city.time
  city.watched.audit = { at: now - 60_000, ok: false, findings: 2 }
  city.watched.figures.set(OPERATOR, { ...quiet, openCases: 3, lateCases: 1, failedJobs: 1 })
  city.watched.figures.set(GUNSAN, {
    seal: { segment: 7, sealedAt: now - 4_000 },
    unsealedSince: now - 1_500,
    openCases: 2,
    lateCases: 0,
    fundDay: { day: '2026-11-21' as never, breaks: 1, isCovered: true },
    settlementRun: { day: '2026-11-20' as never, state: 'closed', heldCount: 4 },
    failedJobs: 0,
  })
  const at = (ms: number) => new Date(ms).toISOString()
  const { issuers, ...rest } = await asked()
  assert.deepEqual(rest, {
    at: at(now),
    core: { version: '1.2.3', startedAt: at(1_795_000_000_000) },
    database: {
      state: 'reachable',
      version: '18.0',
      isPrimary: true,
      pools: [{ name: 'paying', inUse: 9, max: 9, waiting: 2 }],
    },
    audit: { at: at(now - 60_000), ok: false, findings: 2 },
    gateways: [{ name: 'gateway-a', status: null }],
    operator: { openCases: 3, lateCases: 1, failedJobs: 1 },
  })
  assert.deepEqual(issuers, [
    {
      issuerCode: 'gunsan',
      name: '군산시',
      seal: { segment: 7, sealedAt: at(now - 4_000), ageMs: 4_000 },
      unsealedMs: 1_500,
      openCases: 2,
      lateCases: 0,
      fundDay: { day: '2026-11-21', breaks: 1, isCovered: true },
      settlementRun: { day: '2026-11-20', state: 'closed', heldCount: 4 },
      failedJobs: 0,
    },
    {
      issuerCode: 'iksan',
      name: '익산시',
      seal: null,
      unsealedMs: 0,
      openCases: 0,
      lateCases: 0,
      fundDay: null,
      settlementRun: null,
      failedJobs: 0,
    },
  ])
})

test('while the database is away the page is told so, and nothing is told as zero', async () => {
  city.watched.server = null
  const { database, operator: own, issuers, core } = await asked()
  assert.deepEqual(
    { ...(database as object), pools: [] },
    { state: 'unreachable', version: null, isPrimary: null, pools: [] },
  )
  assert.deepEqual([own, issuers], [null, []])
  assert.ok(core)
})
