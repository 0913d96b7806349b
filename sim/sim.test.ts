/** The city is clean, wide awake and the same for the same seed; the command says what it does not understand. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readArguments } from './arguments.ts'
import { runCardCity } from './cards/card-city.ts'
import { runCity } from './city.ts'
import { violationReport } from './violation-report.ts'

const EVENTS = 800
const CLEAN_SEEDS = 25
const CARD_EVENTS = 3_000
const CLEAN_CARD_SEEDS = 12
const run = promisify(execFile)

function runSim(...words: string[]) {
  const program = fileURLToPath(new URL('sim.ts', import.meta.url))
  return run(process.execPath, [program, ...words])
}

test('the first seeds break no promise, and everything that can happen in them does', async () => {
  const ends = new Set<string>()
  for (let seed = 1; seed <= CLEAN_SEEDS; seed += 1) {
    const result = await runCity({ seed, events: EVENTS })
    assert.equal(violationReport(result, { city: 'payments', events: EVENTS }), '')
    for (const end of Object.keys(result.outcomes)) ends.add(end)
  }
  const expected = [
    'cancellation cancel_exceeds_payment',
    'cancellation posted',
    'consumer_code_payment code_already_used',
    'consumer_code_payment code_expired',
    'consumer_code_payment posted',
    'expiry once more',
    'expiry posted',
    'grant posted',
    'merchant_code_payment amount_missing',
    'merchant_code_payment code_invalid',
    'merchant_code_payment insufficient_funds',
    'merchant_code_payment merchant_not_active',
    'merchant_code_payment posted',
    'purchase bank_refused',
    'purchase posted',
    'purchase purchase_cap_exceeded',
    'purchase sold_out',
  ]
  assert.deepEqual(
    expected.filter((end) => !ends.has(end)),
    [],
    'the city sleeps where these never happen',
  )
})

test('the first seeds of the city of cards break no promise, and everything happens in them', async () => {
  const ends = new Set<string>()
  for (let seed = 1; seed <= CLEAN_CARD_SEEDS; seed += 1) {
    const result = await runCardCity({ seed, events: CARD_EVENTS })
    assert.equal(violationReport(result, { city: 'cards', events: CARD_EVENTS }), '')
    for (const end of Object.keys(result.outcomes)) ends.add(end)
  }
  const expected = [
    'authorize core approved',
    'authorize standin approved',
    'authorize standin unknown',
    'cancel core approved',
    'cancel gateway unknown',
    'cancel standin approved',
    'enquire_balance core approved',
    'enquire_balance standin approved',
    'notice advise',
    'notice complete',
    'notice reverse',
    'pay core approved',
    'pay core not_applicable',
    'pay core partially_approved',
    'pay standin approved',
    'pay standin not_applicable',
    'pay standin unknown',
  ]
  assert.deepEqual(
    expected.filter((end) => !ends.has(end)),
    [],
    'the city sleeps where these never happen',
  )
})

test('one seed of the city of cards is one story', async () => {
  const first = await runCardCity({ seed: 11, events: CARD_EVENTS })
  const again = await runCardCity({ seed: 11, events: CARD_EVENTS })
  assert.equal(first.hash, again.hash)
})

test('one seed is one story, another seed another', async () => {
  const first = await runCity({ seed: 11, events: EVENTS })
  const again = await runCity({ seed: 11, events: EVENTS })
  const other = await runCity({ seed: 12, events: EVENTS })
  assert.equal(first.hash, again.hash)
  assert.equal(first.events, again.events)
  assert.notEqual(first.hash, other.hash)
})

test('the command counts what it did and ends well', async () => {
  const { stdout } = await runSim('--seeds', '2', '--events', '200', '--json')
  const last: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  assert.ok(typeof last === 'object' && last !== null && 'events' in last)
  assert.deepEqual({ ...last, events: 0 }, { seeds: 2, events: 0, violations: 0 })
})

test('the command refuses arguments that it does not understand', async () => {
  await assert.rejects(runSim('--sneeds', '2'), { code: 2, stderr: /There is no argument/ })
})

test('arguments are read, or the problem is said in a sentence', () => {
  const problemOf = (...words: string[]): string => {
    const read = readArguments(words)
    return read.ok ? '' : read.problem
  }
  assert.equal(problemOf('--seed', '4711', '--events=300', '--json'), '')
  assert.match(problemOf('--seed', 'x'), /a whole number from 1 to 2147483647, not "x"/)
  assert.match(problemOf('--city', 'trains'), /payments or cards, not "trains"/)
  assert.match(problemOf('--city'), /not nothing/)
  assert.match(problemOf('--seeds'), /not nothing/)
  assert.match(problemOf('--seeds', '0'), /not "0"/)
  assert.match(problemOf('--seeds', '1000001'), /from 1 to 1000000/)
  assert.match(problemOf('--seed', '1', '--seeds', '2'), /do not go with it/)
  assert.match(problemOf('--seed', '1', '--seed', '2'), /given twice/)
  const read = readArguments(['--seed', '9'])
  assert.ok(read.ok)
  assert.deepEqual([read.arguments.from, read.arguments.seeds], [9, 1])
  assert.deepEqual(read.arguments.cities, ['payments', 'cards'])
  const cards = readArguments(['--city=cards'])
  assert.ok(cards.ok)
  assert.deepEqual(cards.arguments.cities, ['cards'])
})
