/**
 * Hypothesis: a sale has one key, whoever repeats it, over whichever link and in whatever order; what a gateway has
 * acknowledged is on its disk, and what it cannot write down it does not promise.
 * Fault: under 300 card messages a second links are cut in the middle of messages; a partner sends everything twice; a
 * partner's reversals overtake their originals; a gateway that owes the core advices is killed; its disk is full.
 * Promise: the other gateway does not notice; once the fault is over, the books of companies, gateways and ledger agree
 * on every sale, to the won, and the audit is clean.
 */
import assert from 'node:assert/strict'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { waitUntil } from '../../src/main/bounded-wait.ts'
import { openCardCity, type CardCity } from './fixtures/card-city.ts'
import { stopCore } from './fixtures/card-core.ts'
import { createPhases, type Phase, type PhaseKeeper } from './fixtures/card-phase.ts'
import { killNow } from './fixtures/kill-rounds.ts'
import { mountSmallVolume } from './fixtures/small-volume.ts'

const CARDS = 3_000
const VOLUME_MIB = 160
const ROUNDS_OF_CUTS = 3
/** Longer than a gateway waits for the core. */
const STOPPED_MS = 2_000
const FULL_TIMEOUT_MS = 15_000

const volume = await mountSmallVolume(VOLUME_MIB)
const skipFull = 'impossible' in volume ? volume.impossible : false
let city: CardCity
let phases: PhaseKeeper
before(async () => {
  city = await openCardCity({
    cards: CARDS,
    linkProxies: true,
    prepare: async (dataDirectory) => {
      if ('impossible' in volume) return
      const folder = join(volume.path, 'gateway-a')
      await mkdir(folder, { mode: 0o700 })
      await symlink(folder, join(dataDirectory, 'gateway-a'))
    },
  })
  phases = createPhases(city, CARDS)
})
after(async () => {
  await city?.close()
  if (!('impossible' in volume)) await volume.close()
})

test('links that are cut in the middle of messages leave no sale in between', async (t) => {
  let cuts = 0
  const phase = await phases.run({
    seconds: 6,
    everyAnswerInTime: false,
    strike: async () => {
      for (let round = 0; round < ROUNDS_OF_CUTS; round += 1) {
        for (const direction of ['to_gateway', 'to_company'] as const) {
          const cut = await Promise.all(city.links.map((link) => link.cut(direction)))
          cuts += cut.filter(Boolean).length
        }
      }
    },
  })
  tell(t, phase)
  t.diagnostic(`${cuts} messages were cut`)
  assert.ok(cuts >= 4 && (phase.verdicts['link_lost'] ?? 0) >= cuts, 'the cuts were felt')
  assert.ok((phase.verdicts['approved'] ?? 0) > phase.sales / 2, 'by few sales')
})

test('a partner that sends everything twice is served once', async (t) => {
  const before = await repeats()
  const phase = await phases.run({ seconds: 4, behaviour: { repeatEverything: true } })
  tell(t, phase)
  const seen = (await repeats()) - before
  t.diagnostic(`${seen} repeats were seen`)
  assert.ok(seen >= phase.sales)
})

test('reversals that overtake their originals keep them from ever being posted', async (t) => {
  const phase = await phases.run({
    seconds: 5,
    everyAnswerInTime: false,
    strike: async () => {
      await Promise.all(
        city.companies.map((company) => company.behave({ fallback: 'off', reversalFirst: true })),
      )
    },
  })
  tell(t, phase)
  assert.ok((phase.verdicts['no_answer'] ?? 0) > 100)
  // Each original was answered, when its sale was long decided.
  assert.ok(phase.lateAnswers > 100)
})

test('a gateway that is killed with promises on its disk keeps them', async (t) => {
  const phase = await phases.run({
    seconds: 6,
    everyAnswerInTime: false,
    strike: async () => {
      const goOn = await stopCore(city.product)
      await untilOwing('gateway-a')
      await killNow(await city.product.gatewayPid('gateway-a'))
      await delay(STOPPED_MS)
      goOn()
    },
  })
  tell(t, phase)
  assert.ok((phase.verdicts['link_lost'] ?? 0) > 0, 'the kill was felt')
  assert.ok((phase.approvedBy['standin'] ?? 0) > 100)
})

test('a gateway whose disk is full promises nothing by itself', { skip: skipFull }, async (t) => {
  assert.ok(!('impossible' in volume))
  const phase = await phases.run({
    seconds: 10,
    strike: async () => {
      t.diagnostic(`filled with ${Math.round(await volume.fill())} MiB`)
      const isFull = async () => (await city.gateway('gateway-a')).store.state === 'full'
      const full = await waitUntil(isFull, { timeoutMs: FULL_TIMEOUT_MS, pollMs: 50 })
      assert.ok(full, 'the gateway notices')
      const goOn = await stopCore(city.product)
      await delay(STOPPED_MS)
      goOn()
    },
    heal: () => volume.free(),
  })
  tell(t, phase)
  const { counts } = await city.gateway('gateway-a')
  assert.ok((counts['gateway.unknown.standin_store_full'] ?? 0) > 0, JSON.stringify(counts))
  assert.ok((phase.approvedBy['standin'] ?? 0) > 0, 'the other gateway stood in')
})

async function untilOwing(name: 'gateway-a' | 'gateway-b'): Promise<void> {
  const isOwing = async () => (await city.gateway(name)).waiting.notices > 20
  assert.ok(await waitUntil(isOwing, { timeoutMs: FULL_TIMEOUT_MS, pollMs: 20 }), `${name} owes`)
}

async function repeats(): Promise<number> {
  const [a, b] = [await city.gateway('gateway-a'), await city.gateway('gateway-b')]
  return (a.counts['repeat'] ?? 0) + (b.counts['repeat'] ?? 0)
}

function tell(t: TestContext, phase: Phase): void {
  t.diagnostic(JSON.stringify(phase))
}
