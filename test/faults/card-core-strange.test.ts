/**
 * Hypothesis: a gateway believes the core only what it says in time and in order; what it never heard it takes back or
 * tells again, and both are the same however often they are told. So it does not matter what a core that answers late,
 * raves, has lost its last seconds, or lives in another time has done meanwhile.
 * Fault: under 300 card messages a second the core's answers come after the deadline; they are nonsense, though the
 * core did what was asked; the database comes back from a copy that is more than a second old; the clocks of the core,
 * of a gateway and of a company are wrong by five minutes.
 * Promise: every sale is answered within the partner's deadline; once the fault is over, the books of companies,
 * gateways and ledger agree on every sale, to the won, and the audit is clean.
 */
import assert from 'node:assert/strict'
import { after, before, test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { MINUTE_MS } from '../../src/base/base.ts'
import { openBooks, type Books } from './fixtures/books.ts'
import { openCardCity, type CardCity } from './fixtures/card-city.ts'
import { coreIsBack, stopCore } from './fixtures/card-core.ts'
import { copyDatabase, type DatabaseCopy } from './fixtures/card-database-copy.ts'
import { createPhases, type Phase, type PhaseKeeper } from './fixtures/card-phase.ts'
import { killNow } from './fixtures/kill-rounds.ts'

const CARDS = 3_000
/** Longer than the partner waits. */
const LATE_MS = 3_500
/** Longer than a gateway waits for the core. */
const STOPPED_MS = 2_000
const WRONG_MS = 5 * MINUTE_MS
/** Sales begun at each company between the copy and the way back to it: more than a second's. */
const LOST_EVENTS_MIN = 150

let city: CardCity
let phases: PhaseKeeper
let books: Books
before(async () => {
  city = await openCardCity({ cards: CARDS, edgeProxy: true })
  phases = createPhases(city, CARDS)
  books = openBooks(city.product.auditUrl)
})
after(async () => {
  await books?.close()
  await city?.close()
})

test('answers of the core that come after the deadline change nothing', async (t) => {
  const phase = await phases.run({
    seconds: 6,
    strike: async () => city.edge.set({ kind: 'late', byMs: LATE_MS }),
    heal: async () => city.edge.set({ kind: 'fair' }),
  })
  tell(t, phase)
  t.diagnostic(`${city.edge.spoilt()} answers came late`)
  assert.ok(standInOf(phase) > 100)
})

test('a core that answers nonsense is not believed, and what it did meanwhile is put right', async (t) => {
  const earlier = city.edge.spoilt()
  const phase = await phases.run({
    seconds: 6,
    strike: async () => city.edge.set({ kind: 'nonsense' }),
    heal: async () => city.edge.set({ kind: 'fair' }),
  })
  tell(t, phase)
  const ravings = city.edge.spoilt() - earlier
  t.diagnostic(`${ravings} answers were nonsense`)
  assert.ok(ravings > 20 && standInOf(phase) > 100)
})

test('a database that comes back without its last second is told again what it forgot', async (t) => {
  let copy: DatabaseCopy | undefined
  let forgotten = 0
  const phase = await phases.run({
    // Long enough for a slow disk to copy a database while sales go on.
    seconds: 20,
    strikeAtSeconds: 3,
    strike: async () => {
      const known = await countOperations()
      copy = await copyDatabase(city.product)
      await moreBegun(LOST_EVENTS_MIN)
      forgotten = (await countOperations()) - known
      await copy.restore()
    },
    heal: () => coreIsBack(city.product),
  })
  tell(t, phase)
  t.diagnostic(`${forgotten} operations of the ledger were lost with the database`)
  assert.ok(forgotten > 100)
  assert.ok((phase.approvedBy['core'] ?? 0) > 100, 'there was something to forget')
})

for (const [whose, setWrong] of Object.entries({
  'the core': (byMs: number) => city.setClock('core', byMs),
  // Behind, while the company's terminals are ahead.
  'a gateway and a company': async (byMs: number) => {
    await city.setClock('gateway-b', -byMs)
    await city.companies[0]!.behave({ fallback: 'off', clockSkewMs: byMs })
  },
})) {
  test(`clocks of ${whose} that are wrong by five minutes mislead nobody`, async (t) => {
    const phase = await phases.run({
      seconds: 5,
      strike: async () => {
        await setWrong(WRONG_MS)
        // With a wrong clock there is standing in, telling afterwards, and a core that begins anew.
        const goOn = await stopCore(city.product)
        await delay(STOPPED_MS)
        goOn()
        await killNow(await city.product.corePid())
      },
      heal: async () => {
        await coreIsBack(city.product)
        await setWrong(0)
      },
    })
    tell(t, phase)
    assert.ok(standInOf(phase) > 50)
    assert.ok((phase.verdicts['approved'] ?? 0) > phase.sales / 2, 'sales go on')
  })
}

async function countOperations(): Promise<number> {
  const [row] = await books.read<{ count: number }>(
    'select count(*)::integer as count from ledger.operation',
  )
  return row!.count
}

async function moreBegun(count: number): Promise<void> {
  await Promise.all(city.companies.map((company) => company.moreBegun(count)))
}

function standInOf({ approvedBy }: Phase): number {
  return approvedBy['standin'] ?? 0
}

function tell(t: TestContext, phase: Phase): void {
  t.diagnostic(JSON.stringify(phase))
}
