/** Every cell of the two tables in SPEC.md, driven on the ledger in memory, with the invariants checked after each. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { answerProblem } from './cards.ts'
import {
  assertBooks,
  convert,
  events,
  expireHold,
  give,
  happen,
  noticeOf,
  openWorld,
  requestOf,
  standingWon,
  stateOf,
  type Event,
  type World,
} from './fixtures/sale-world.ts'

type Step = Event | 'money_comes' | 'convert' | 'expire'

/** How a world comes into each state; `given` is what the wallet has at first. */
interface Way {
  readonly given: number
  readonly steps: readonly Step[]
  readonly partialAllowed?: true
}

const PLENTY = 20_000
const way = (...steps: readonly Step[]): Way => ({ given: PLENTY, steps })

const ways = {
  financial: {
    none: way(),
    voided: way('reverse'),
    taken_back: way('take_back'),
    asked_back: way('ask', 'take_back'),
    refused: { given: 0, steps: ['ask', 'money_comes'] },
    approved: way('ask'),
    partly_approved: { given: 4_000, steps: ['ask', 'money_comes'], partialAllowed: true },
    partly_cancelled: way('ask', 'cancel_part'),
    cancelled: way('ask', 'cancel_all'),
    reversed: way('ask', 'reverse'),
    kept: way('ask', 'reverse_part'),
    advised: way('advise_standin'),
    advised_at_loss: { given: 4_000, steps: ['advise_standin', 'money_comes'] },
    advised_late: { given: 0, steps: ['ask', 'money_comes', 'advise_standin'] },
    debited: way('debit'),
    converted: way('debit', 'convert'),
  },
  authorization: {
    none: way(),
    voided: way('reverse'),
    taken_back: way('take_back'),
    asked_back: way('ask', 'take_back'),
    refused: { given: 0, steps: ['ask', 'money_comes'] },
    held: way('ask'),
    partly_held: { given: 4_000, steps: ['ask', 'money_comes'], partialAllowed: true },
    advised: way('advise_standin'),
    held_nothing: { given: 0, steps: ['advise_standin', 'money_comes'] },
    kept: way('ask', 'reverse_part'),
    completed: way('ask', 'complete'),
    completed_with_rest: way('ask', 'complete_more'),
    completed_at_loss: { given: 10_000, steps: ['ask', 'complete_more', 'money_comes'] },
    completed_alone: way('complete'),
    released: way('ask', 'complete_nothing'),
    let_go: way('ask', 'cancel_all'),
    expired: way('ask', 'expire'),
    partly_cancelled: way('ask', 'complete', 'cancel_part'),
    cancelled: way('ask', 'complete', 'cancel_all'),
    reversed: way('ask', 'reverse'),
    debited: way('debit'),
    converted: way('debit', 'convert'),
  },
} as const satisfies Record<World['cardClass'], Readonly<Record<string, Way>>>

async function worldIn(cardClass: World['cardClass'], { given, steps, partialAllowed }: Way) {
  const world = await openWorld(cardClass, given)
  world.partialAllowed = partialAllowed === true
  for (const step of steps) {
    if (step === 'money_comes') await give(world, PLENTY)
    else if (step === 'convert') await convert(world)
    else if (step === 'expire') await expireHold(world)
    else await happen(world, step)
  }
  return world
}

function readTable(cardClass: World['cardClass']): Map<string, Map<string, string>> {
  const page = readFileSync(new URL('SPEC.md', import.meta.url), 'utf8')
  const start = page.indexOf(`| ${cardClass} \\ event`)
  assert.ok(start > 0, `SPEC.md has a table of ${cardClass}`)
  const [head, , ...rows] = page
    .slice(start)
    .split('\n\n')[0]!
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  return new Map(
    rows.map(([state, ...cells]) => [
      state!,
      new Map(cells.map((cell, index) => [head![index + 1]!, cell])),
    ]),
  )
}

/** What one telling of the event brings, and that a second one brings nothing more. */
async function cellOf(world: World, event: Event): Promise<string> {
  const word = await happen(world, event)
  const state = await stateOf(world)
  await assertBooks(world)
  return `${word} / ${state}`
}

async function assertAnswerKeepsMoneyRight(world: World, event: Event): Promise<void> {
  const request = requestOf(world, event)
  if (request === undefined) return
  const { remainingWon: _now, ...first } = await world.city.desk.decide(request)
  const { remainingWon: _later, ...again } = await world.city.desk.decide(request)
  assert.deepEqual(again, first, 'C5: a repeat is answered as before')
  assert.notEqual(first.verdict, 'unknown', 'C4: the desk knows')
  assert.equal(answerProblem(request, first), undefined)
  if (event === 'ask' && first.accountWon > 0) {
    const { held } = await world.city.holds()
    const standing = (await standingWon(world)) + held
    assert.equal(standing, first.voucherWon, 'C1: what the account pays the voucher does not')
  }
}

for (const cardClass of ['financial', 'authorization'] as const) {
  const table = readTable(cardClass)
  const states: readonly [string, Way][] = Object.entries(ways[cardClass])

  test(`SPEC.md has a row for every state of ${cardClass} and a cell for every event`, () => {
    assert.deepEqual(
      [...table.keys()],
      states.map(([state]) => state),
    )
    for (const [state, row] of table) {
      assert.deepEqual([...row.keys()], [...events], state)
      for (const [event, cell] of row) assert.match(cell, /^.+ \/ .+$/, `${state} × ${event}`)
    }
  })

  for (const [state, each] of states) {
    for (const event of events) {
      const cell = table.get(state)?.get(event) ?? '(no cell)'
      test(`${cardClass}: ${state} × ${event}: ${cell}`, async () => {
        const world = await worldIn(cardClass, each)
        assert.equal(await cellOf(world, event), cell)
        const before = world.city.ledger.snapshot(world.city.links[0]!.issuerId).lots
        const casesBefore = world.city.cases.length
        await happen(world, event)
        assert.deepEqual(
          world.city.ledger.snapshot(world.city.links[0]!.issuerId).lots,
          before,
          'C3: a repeat moves nothing',
        )
        assert.equal(world.city.cases.length, casesBefore, 'a repeat opens no case')
        if (noticeOf(world, event) !== undefined) {
          assert.doesNotMatch(cell, /^(?:later|declined|not_applicable)/, 'C2: none is refused')
        }
        await assertAnswerKeepsMoneyRight(world, event)
      })
    }
  }
}
