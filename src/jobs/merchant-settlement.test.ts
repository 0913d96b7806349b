/** The job goes on until nothing is due, and says what became of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id, type BusinessDate } from '../base/base.ts'
import type { SettlingStep } from '../settlement/settlement.ts'
import { merchantSettlementJob, type SettlementTold } from './merchant-settlement.ts'

const TOWN = id('iss', 1)
const settlementDay = '2026-12-02' as BusinessDate // A day.

async function run(steps: readonly SettlingStep[]) {
  const left = [...steps]
  const told: SettlementTold[] = []
  const { work } = merchantSettlementJob({ step: async () => left.shift()! }, (each) =>
    told.push(each),
  )
  const answers = []
  while (left.length > 0) answers.push(await work(TOWN, {}, 1))
  return { answers, told }
}

test('it is called again while there is work, and rests when there is none', async () => {
  const progress = { done: 200, whole: 300 }
  const { answers, told } = await run([
    { status: 'working', settlementDay, progress },
    { status: 'closed', settlementDay },
    { status: 'idle' },
  ])
  assert.deepEqual(answers, [{ done: false, progress }, { done: false }, { done: true }])
  assert.deepEqual(told, [{ issuerId: TOWN, settlementDay, status: 'closed' }])
})

test('where the journal is not sealed it rests, and says so', async () => {
  const { answers, told } = await run([{ status: 'waiting', settlementDay }])
  assert.deepEqual(answers, [{ done: true }])
  assert.deepEqual(told, [{ issuerId: TOWN, settlementDay, status: 'waiting' }])
})
