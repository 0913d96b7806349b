/** Versions of an issuer's rules: added once for a request, never in the past, never out of bounds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '../base/base.ts'
import { rulesAt } from '../issuing/issuing.ts'
import { done, issuerId, key, officerId, openBench } from './fixtures/registration-bench.ts'

async function openRules() {
  const bench = await openBench()
  const effectiveFrom = bench.time.now + DAY_MS
  const addition = { issuerId, officerId, requestId: key(1), effectiveFrom, changes: {} }
  return { ...bench, addition, add: bench.registration.addIssuerRules }
}

test('what is not named stays, and the directory knows which are in force', async () => {
  const { add, addition, directory, time } = await openRules()
  done(await add({ ...addition, changes: { objectionDays: 30 } }))
  const later = { ...addition, requestId: key(2), effectiveFrom: addition.effectiveFrom + 1 }
  const { rules } = done(await add({ ...later, changes: { registrationYears: 3 } }))
  assert.deepEqual([rules.version, rules.rules.objectionDays], [2, 30])
  const versions = directory.issuerRules(issuerId)
  assert.equal(rulesAt(versions, time.now).objectionDays, 20)
  assert.equal(rulesAt(versions, addition.effectiveFrom).registrationYears, null)
  assert.equal(rulesAt(versions, later.effectiveFrom).registrationYears, 3)
})

test('a repeat gets its version, and after a newer one is told so', async () => {
  const { add, addition, wrote } = await openRules()
  const { rules } = done(await add(addition))
  assert.deepEqual(done(await add(addition)).rules, rules)
  assert.equal(wrote(), 1)
  done(await add({ ...addition, requestId: key(2) }))
  assert.deepEqual(await add(addition), { status: 'refused', reason: 'terms_superseded' })
})

test('the past and the unbounded are refused by name', async () => {
  const { add, addition, time, wrote } = await openRules()
  assert.deepEqual(await add({ ...addition, effectiveFrom: time.now - 1 }), {
    status: 'refused',
    reason: 'field_invalid',
    field: 'effectiveFrom',
  })
  const answer = await add({ ...addition, changes: { merchantDecisionDays: 8 } })
  assert.ok(answer.status === 'refused' && answer.reason === 'terms_invalid')
  assert.deepEqual(
    answer.problems?.map(({ field }) => field),
    ['merchantDecisionDays'],
  )
  assert.equal(wrote(), 0)
  done(await add({ ...addition, effectiveFrom: time.now }))
})

test('papers and sectors that nobody knows are refused: no application could bring or be them', async () => {
  const { add, addition } = await openRules()
  const changes = { documentsRequired: ['passport'], sectorsRestricted: ['spaceport'] }
  const answer = await add({ ...addition, changes })
  assert.ok(answer.status === 'refused' && answer.reason === 'terms_invalid')
  assert.deepEqual(
    answer.problems?.map(({ field }) => field),
    ['documentsRequired', 'sectorsRestricted'],
  )
  const known = { documentsRequired: ['lease'], sectorsRestricted: ['gambling'] }
  done(await add({ ...addition, changes: known }))
})
