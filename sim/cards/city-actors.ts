/** Who does what in a city of cards, how often, and what goes wrong meanwhile. */
import type { IssuerId } from '../../src/base/base.ts'
import { standInModes, type StandInMode } from '../../src/standin/standin.ts'
import type { CardGateway } from './card-gateway.ts'
import { ISSUERS } from './card-world.ts'
import { type CardCity } from './card-town.ts'

const SEAL_PAUSE_MS = 5_000
/** Longer than any statement that was begun with an earlier clock is under way. */
const SEAL_DELAY_MS = 4_000
const GONE_MS_MAX = 30_000
/** Longer than any request is under way. */
const UNDER_WAY_MS = 5_000
const OUTAGE_MS = 4_000_000
/** An outage of hours is told in retries of the feed more than in sales. */
const OUTAGE_PACE = 40

/** Everybody begins at once, so that even a short run has people who meet. */
export function startActors(city: CardCity): void {
  const { partners, neighbours, database, core, faults, gateways, random } = city
  for (const partner of partners) repeat(city, [50, 1_800], () => partner.act())
  repeat(city, [500, 6_000], () => neighbours.payByCode())
  repeat(city, [1_000, 6_000], () => neighbours.topUp())
  repeat(city, [15_000, 60_000], () => neighbours.changeStop())
  repeat(city, [5_000, 40_000], () => neighbours.changeChoice())
  for (const issuerId of ISSUERS) {
    const sealed = (): void => {
      if (core.isUp()) void database.seal(issuerId, core.clock() - SEAL_DELAY_MS)
    }
    repeat(city, [SEAL_PAUSE_MS, SEAL_PAUSE_MS], sealed)
  }
  const sometimes = (everyMs: number, act: () => void): void => {
    if (everyMs > 0) repeat(city, [1_000, 2 * everyMs], act)
  }
  sometimes(faults.coreCrashEveryMs, () => core.crash())
  sometimes(faults.coreFreezeEveryMs, () => core.freeze())
  sometimes(faults.coreSlowEveryMs, () => core.slow())
  sometimes(faults.coreLiesEveryMs, () => core.lie())
  sometimes(faults.coreRestoreEveryMs, () => core.restore())
  sometimes(faults.coreGoneEveryMs, () => goAway(city))
  sometimes(faults.gatewayCrashEveryMs, () => random.pick(gateways).crash())
  sometimes(faults.storeFullEveryMs, () => random.pick(gateways).fillStore())
  sometimes(faults.linkCutEveryMs, () => random.pick(random.pick(partners).links).cut())
  sometimes(faults.orderEveryMs, () => giveOrder(city))
  sometimes(faults.twiceEveryMs, () => behaveOddly(city, 'repeatEverything'))
  sometimes(faults.reversalFirstEveryMs, () => behaveOddly(city, 'reversalFirst'))
  if (faults.longOutage > 0)
    city.time.after(random.integer(10_000, 40_000), () => beginOutage(city))
}

/** Does something again and again, after pauses drawn between two bounds, while the city is busy. */
function repeat(city: CardCity, [minMs, maxMs]: [number, number], act: () => void): void {
  city.time.after(city.random.integer(minMs, maxMs) * city.pace, () => {
    if (!city.isBusy) return
    act()
    repeat(city, [minMs, maxMs], act)
  })
}

function goAway(city: CardCity): void {
  const forMs = city.random.integer(500, GONE_MS_MAX)
  city.goneUntil = Math.max(city.goneUntil, city.time.now() + forMs)
  city.journal.note('core', `cannot be reached for ${forMs} ms`)
}

/** The core is down for more than an hour, and people buy less often than in the city's busy minutes. */
function beginOutage(city: CardCity): void {
  const { core, journal, time } = city
  core.crash(OUTAGE_MS)
  journal.note('core', 'is away for long')
  city.pace = OUTAGE_PACE
  time.after(OUTAGE_MS, () => {
    city.pace = 1
  })
}

function giveOrder(city: CardCity): void {
  const { random, gateways } = city
  const mode = random.pick([...standInModes, 'automatic'] as const)
  const issuerId = random.chance(50) ? random.pick(ISSUERS) : undefined
  for (const gateway of gateways) {
    if (gateway.isUp() && !random.chance(20)) void order(city, gateway, { mode, issuerId })
  }
}

/** An order to forbid holds once it is written down and what was under way before it has ended. */
async function order(
  { time, limits }: CardCity,
  gateway: CardGateway,
  { mode, issuerId }: { mode: StandInMode; issuerId: IssuerId | undefined },
): Promise<void> {
  const turn = limits.ordered(gateway.name, 'automatic', issuerId)
  if (!(await gateway.order(mode, issuerId)) || mode !== 'forbidden') return
  await time.sleep(UNDER_WAY_MS)
  limits.ordered(gateway.name, mode, issuerId, turn)
}

function behaveOddly(
  { random, partners, time, journal }: CardCity,
  how: 'repeatEverything' | 'reversalFirst',
): void {
  const partner = random.pick(partners)
  journal.note(partner.code, `begins: ${how}`)
  const { choice } = partner.behaviour.current()
  partner.behaviour.set({ [how]: true, choice })
  time.after(random.integer(1_000, 10_000), () => {
    partner.behaviour.set({ choice: partner.behaviour.current().choice })
  })
}
