/** Every cell of the two tables of SPEC.md about a request's way, driven on a gateway with a core in each mood. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { won } from '../base/base.ts'
import type { CardAnswer, CardNotice } from '../cards/cards.ts'
import { coreMoods } from './fixtures/small-core.ts'
import { openSmallGateway, type SmallGateway } from './fixtures/small-gateway.ts'
import { cancellationOf, NOON, payOf, reversalOf, saleOfStan } from './fixtures/small-town.ts'
import { readTable } from './fixtures/spec-table.ts'

const page = readFileSync(new URL('SPEC.md', import.meta.url), 'utf8')
const AMOUNT = 30_000
const sale = saleOfStan(1, 1, AMOUNT)
const request = { kind: 'pay', sale } as const

function words(answer: CardAnswer): string {
  return [answer.decidedBy, answer.verdict, answer.reason].filter(Boolean).join(' ')
}

/** What the gateway owes the core, in order. */
function owed({ store }: SmallGateway): string {
  const word = (notice: CardNotice): string => {
    if (notice.kind === 'advise') return `advise ${notice.by}`
    if (notice.kind === 'reverse' && notice.by === 'gateway') return 'take_back'
    return notice.kind
  }
  const waiting = store.waiting(0, 10).map(({ notice }) => word(notice))
  return waiting.length === 0 ? 'nothing' : waiting.join(', ')
}

const provisional: CardNotice = {
  kind: 'advise',
  sale,
  by: 'provisional_debit',
  approvedWon: won(AMOUNT),
  decidedAt: NOON,
}

/** How a key came to where it stands. The core does not answer any more afterwards. */
const states: Record<string, (gateway: SmallGateway) => Promise<unknown>> = {
  none: async () => undefined,
  async under_way({ core, desk, time }) {
    core.mood = 'hanging'
    void desk.answer(request)
    await time.pass(50)
  },
  core_approved: ({ desk, within }) => within(desk.answer(request)),
  standin_approved({ core, desk, within }) {
    core.mood = 'refusing'
    return within(desk.answer(request))
  },
  async unknown({ core, desk, within }) {
    core.mood = 'hanging'
    await within(desk.order({ mode: 'forbidden', by: 'opr_1', at: NOON, reason: '점검' }))
    await within(desk.answer(request))
    await within(desk.order({ mode: 'automatic', by: 'opr_1', at: NOON, reason: '점검' }))
  },
  reversed({ core, desk, within }) {
    core.mood = 'refusing'
    return within(desk.take(reversalOf(sale)))
  },
  debited({ core, desk, within }) {
    core.mood = 'refusing'
    return within(desk.take(provisional))
  },
  advised({ core, desk, within }) {
    core.mood = 'refusing'
    return within(desk.take({ ...provisional, by: 'partner' }))
  },
}

const taken = async (gateway: SmallGateway, notice: CardNotice): Promise<string> => {
  await gateway.within(gateway.desk.take(notice))
  return 'taken'
}
const events: Record<string, (gateway: SmallGateway) => Promise<string>> = {
  request: async ({ desk, within }) => words(await within(desk.answer(request))),
  other_contents: async ({ desk, within }) =>
    words(await within(desk.answer(payOf(1, 1, AMOUNT + 1)))),
  reversal: (gateway) => taken(gateway, reversalOf(sale)),
  provisional_debit: (gateway) => taken(gateway, provisional),
  cancellation: async ({ desk, within }) =>
    words(await within(desk.answer(cancellationOf(2, sale)))),
  async crash_and_request(gateway) {
    gateway.crash()
    return words(await gateway.within(gateway.desk.answer(request)))
  },
}

const keys = readTable(page, 'A key at the gateway')
for (const [state, row] of keys) {
  for (const [event, cell] of row) {
    test(`${event} at a key that is ${state}: ${cell}`, async () => {
      const gateway = await openSmallGateway()
      await states[state]!(gateway)
      gateway.core.mood = 'refusing'
      const told = await events[event]!(gateway)
      const owes = owed(gateway)
      await gateway.close()
      assert.equal(`${told} / ${owes}`, cell)
    })
  }
}

/** What stand-in would make of the sale alone. */
const cases: Record<string, { readonly amountWon: number; readonly fundedWon: number }> = {
  within_limits: { amountWon: AMOUNT, fundedWon: 100_000 },
  above_limits: { amountWon: 60_000, fundedWon: 100_000 },
  short: { amountWon: AMOUNT, fundedWon: 10_000 },
}
const answers = readTable(page, 'What asking the core comes to')
for (const [mood, row] of answers) {
  for (const [name, cell] of row) {
    test(`a core that is ${mood}, a sale that is ${name}: ${cell}`, async () => {
      const { amountWon, fundedWon } = cases[name]!
      const gateway = await openSmallGateway({ fundedWon })
      gateway.core.mood = coreMoods.find((each) => each === mood)!
      gateway.core.delayMs = 3_000
      // Nothing of the outbox goes out meanwhile, and nothing of the feed comes in.
      gateway.core.feedMood = 'hanging'
      await gateway.time.pass(8_000)
      const answer = gateway.desk.answer(payOf(1, 1, amountWon))
      const told = words(await gateway.within(answer, 2_000))
      const owes = owed(gateway)
      await gateway.close()
      assert.equal(`${told} / ${owes}`, cell)
    })
  }
}

test('the tables name every state, event, mood and case', () => {
  assert.deepEqual([...keys.keys()], Object.keys(states))
  for (const row of keys.values()) assert.deepEqual([...row.keys()], Object.keys(events))
  assert.deepEqual([...answers.keys()], [...coreMoods])
  for (const row of answers.values()) assert.deepEqual([...row.keys()], Object.keys(cases))
})
