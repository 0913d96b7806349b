/**
 * Random stories of a gateway: a core that is away, slow, late, lying or restored, a gateway that crashes, a disk that
 * is full. Whatever happened, in the end the ledger has every approval that was told once, and nothing else.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cardKeyText, type CardAnswer, type CardSale } from '../cards/cards.ts'
import { coreMoods, type CoreCopy } from './fixtures/small-core.ts'
import { openSmallGateway, type SmallGateway } from './fixtures/small-gateway.ts'
import { cancellationOf, reversalOf, saleOfStan } from './fixtures/small-town.ts'

const CARDS = 2
const FUNDED = 100_000

const which = fc.nat(20)
const steps = {
  pay: fc.record({
    step: fc.constant('pay' as const),
    card: fc.integer({ min: 1, max: CARDS }),
    amountWon: fc.constantFrom(1_000, 20_000, 45_000, 60_000),
  }),
  repeat: fc.record({ step: fc.constant('repeat' as const), which }),
  reverse: fc.record({ step: fc.constant('reverse' as const), which }),
  reverse_first: fc.record({ step: fc.constant('reverse_first' as const) }),
  cancel: fc.record({
    step: fc.constant('cancel' as const),
    which,
    amountWon: fc.constantFrom(undefined, 500),
  }),
  mood: fc.record({
    step: fc.constant('mood' as const),
    mood: fc.constantFrom(...coreMoods, 'well' as const),
    delayMs: fc.constantFrom(20, 1_400, 4_000),
  }),
  feed: fc.record({
    step: fc.constant('feed' as const),
    mood: fc.constantFrom('well', 'refusing', 'hanging'),
  }),
  pass: fc.record({
    step: fc.constant('pass' as const),
    ms: fc.constantFrom(5, 300, 3_000, 40_000),
  }),
  crash: fc.record({ step: fc.constant('crash' as const) }),
  crash_under_way: fc.record({ step: fc.constant('crash_under_way' as const), ms: fc.nat(2_000) }),
  disk: fc.record({ step: fc.constant('disk' as const), isFull: fc.boolean() }),
  seal: fc.record({ step: fc.constant('seal' as const) }),
  copy: fc.record({ step: fc.constant('copy' as const) }),
  restore: fc.record({ step: fc.constant('restore' as const) }),
} as const
type StepName = keyof typeof steps
type Step = {
  [Name in StepName]: (typeof steps)[Name] extends fc.Arbitrary<infer S> ? S : never
}[StepName]

/** What the card company knows of a sale. */
interface Told {
  readonly sale: CardSale
  readonly card: number
  answer: CardAnswer | undefined
  /** `memory`: answered while the disk was full. `lost`: and the process died since; its repeat is a new question. */
  kept: 'disk' | 'memory' | 'lost'
  /** The reversal is to be repeated until it is acknowledged. */
  reversal: 'none' | 'to_tell' | 'told'
  cancelledWon: number
  /** Cancellations whose outcome is not known yet, by trace number. */
  readonly openCancellations: Map<number, number | undefined>
}

interface World {
  readonly gateway: SmallGateway
  readonly sales: Told[]
  stan: number
  copy: CoreCopy | undefined
}

const newSale = (world: World, card: number, amountWon: number): Told => {
  world.stan += 1
  const told: Told = {
    sale: saleOfStan(world.stan, card, amountWon),
    card,
    answer: undefined,
    kept: 'disk',
    reversal: 'none',
    cancelledWon: 0,
    openCancellations: new Map(),
  }
  world.sales.push(told)
  return told
}

/** What stands of a sale for the card company. */
function netWon({ answer, reversal, cancelledWon }: Told): number {
  return reversal === 'none' ? (answer?.voucherWon ?? 0) - cancelledWon : 0
}

async function ask(world: World, told: Told): Promise<void> {
  const { desk, within } = world.gateway
  // What the wallet has for those who are outside: all that was told, whether the core knows it or not.
  const spentWon = world.sales
    .filter(({ card }) => card === told.card)
    .reduce((sum, each) => sum + netWon(each), 0)
  const answer = await within(desk.answer({ kind: 'pay', sale: told.sale }))
  if (told.answer !== undefined) {
    assert.deepEqual(answer, told.answer, 'a repeat is told something else')
    return
  }
  told.answer = answer
  told.kept = desk.status().store.state === 'full' ? 'memory' : 'disk'
  const isAccount = answer.verdict === 'not_applicable' && answer.decidedBy === 'standin'
  if (isAccount) {
    assert.ok(FUNDED - spentWon < told.sale.amountWon, 'the account pays for money that is there')
  }
  if (answer.verdict === 'declined' && answer.reason === 'reversed_first') {
    assert.notEqual(told.reversal, 'none')
  }
}

/** Until it is acknowledged, as a card company does. */
async function reverse(world: World, told: Told): Promise<void> {
  told.reversal = 'to_tell'
  try {
    await world.gateway.within(world.gateway.desk.take(reversalOf(told.sale)), 60_000)
    told.reversal = 'told'
  } catch {
    // The disk is full and the core does not take it: told again in the end.
  }
}

async function cancel(world: World, told: Told, stan: number): Promise<void> {
  const amountWon = told.openCancellations.get(stan)
  const { desk, within } = world.gateway
  const answer = await within(desk.answer(cancellationOf(stan, told.sale, amountWon)))
  if (answer.verdict === 'unknown') return
  told.openCancellations.delete(stan)
  told.cancelledWon += answer.voucherWon
}

function crash({ gateway, sales }: World): void {
  gateway.crash()
  for (const told of sales) if (told.kept === 'memory') told.kept = 'lost'
}

async function take(world: World, step: Step): Promise<void> {
  const { gateway, sales } = world
  const { core, time } = gateway
  const chosen = 'which' in step ? sales[step.which % Math.max(1, sales.length)] : undefined
  switch (step.step) {
    case 'pay':
      return ask(world, newSale(world, step.card, step.amountWon))
    case 'repeat':
      // Who has an answer may ask again; who reversed does not.
      if (chosen === undefined || chosen.reversal !== 'none' || chosen.kept === 'lost') return
      return ask(world, chosen)
    case 'reverse':
      return chosen === undefined ? undefined : reverse(world, chosen)
    case 'reverse_first': {
      const told = newSale(world, 1, 20_000)
      await reverse(world, told)
      return ask(world, told)
    }
    case 'cancel': {
      if (chosen === undefined || netWon(chosen) <= 0 || chosen.openCancellations.size > 0) return
      world.stan += 1
      chosen.openCancellations.set(world.stan, step.amountWon)
      return cancel(world, chosen, world.stan)
    }
    case 'mood':
      core.mood = step.mood
      core.delayMs = step.delayMs
      return
    case 'feed':
      core.feedMood = step.mood
      return
    case 'pass':
      return time.pass(step.ms)
    case 'crash':
      return crash(world)
    case 'crash_under_way': {
      const told = newSale(world, 1, 20_000)
      gateway.desk.answer({ kind: 'pay', sale: told.sale }).catch(() => undefined)
      await time.pass(step.ms)
      crash(world)
      // A link that died before its answer: the sender takes the sale back.
      return reverse(world, told)
    }
    case 'disk':
      return gateway.store.failWith(step.isFull ? 'full' : undefined)
    case 'seal':
      return core.seal()
    case 'copy':
      world.copy = core.copy()
      return
    default:
      if (world.copy !== undefined) core.restore(world.copy)
  }
}

/** Everything is well again, and the card company tells what it still has to tell. */
async function heal(world: World): Promise<void> {
  const { gateway, sales } = world
  gateway.core.mood = 'well'
  gateway.core.feedMood = 'well'
  gateway.store.failWith(undefined)
  await gateway.time.pass(60_000)
  for (const told of sales) {
    // "Unknown" without a record, and the process died: what it owed is forgotten, and the card company's own
    // reversal, which follows each "unknown", does it alone.
    const isForgotten = told.kept === 'lost' && told.answer?.verdict === 'unknown'
    if (told.reversal === 'to_tell' || isForgotten) await reverse(world, told)
    for (const stan of told.openCancellations.keys()) await cancel(world, told, stan)
  }
  await gateway.time.pass(300_000)
}

function check(world: World): void {
  const { gateway, sales } = world
  const { core, desk } = gateway
  const { waiting, exposure } = desk.status()
  assert.equal(waiting.notices, 0, 'something is still owed to the core')
  assert.equal(exposure.nowWon, 0)
  assert.ok(exposure.maxWon <= exposure.boundWon, 'more was at stake than the bound says')
  const spentWon = new Map<number, number>()
  for (const told of sales) {
    const key = cardKeyText(told.sale.key)
    const booked = core.saleOf(key)
    const name = `${key} ${told.answer?.verdict} ${told.answer?.reason} ${told.reversal}`
    assert.equal(booked?.netWon ?? 0, netWon(told), `${name}: the ledger has something else`)
    assert.equal(told.openCancellations.size, 0, `${name}: a cancellation never got an answer`)
    assert.ok((booked?.postings ?? 0) <= 1 || netWon(told) >= 0)
    spentWon.set(told.card, (spentWon.get(told.card) ?? 0) + netWon(told))
  }
  let lossWon = 0
  for (let card = 1; card <= CARDS; card += 1) {
    const missingWon = FUNDED - (spentWon.get(card) ?? 0) - core.balanceWon(card)
    lossWon -= missingWon
    assert.ok(missingWon <= 0, 'money went from a wallet that no sale explains')
  }
  assert.ok(lossWon <= core.lossWon(), 'money came to a wallet that no loss explains')
}

async function story(script: readonly Step[]): Promise<void> {
  const gateway = await openSmallGateway({ cards: CARDS, fundedWon: FUNDED })
  const world: World = { gateway, sales: [], stan: 0, copy: undefined }
  for (const step of script) await take(world, step)
  await heal(world)
  check(world)
  await gateway.close()
}

const scriptOf = (...names: readonly StepName[]): fc.Arbitrary<readonly Step[]> =>
  fc.array(fc.oneof(...names.map((name): fc.Arbitrary<Step> => steps[name])), {
    minLength: 3,
    maxLength: 25,
  })
const common = ['pay', 'pay', 'pay', 'repeat', 'reverse', 'cancel', 'mood', 'feed', 'pass'] as const

test('a core in every mood, a gateway that crashes, a disk that is full', async () => {
  const script = scriptOf(...common, 'reverse_first', 'crash', 'crash_under_way', 'disk')
  await fc.assert(fc.asyncProperty(script, story), { numRuns: 60, endOnFailure: false })
})

test('a core that is restored from a copy, and a gateway that crashes', async () => {
  const script = scriptOf(...common, 'reverse_first', 'crash', 'seal', 'copy', 'restore').map(
    // "All that is left" asked of a core that has forgotten a part and was not told again yet: SPEC.md, Gaps.
    (steps) =>
      steps.map((each): Step => (each.step === 'cancel' ? { ...each, amountWon: 500 } : each)),
  )
  await fc.assert(fc.asyncProperty(script, story), { numRuns: 60, endOnFailure: false })
})
