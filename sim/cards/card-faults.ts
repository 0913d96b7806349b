/**
 * Which faults a city of cards suffers. As in the city of payments every seed draws which are on at all, and two that
 * together ask for more than anybody promises are never on in one seed.
 */
import type { Random } from '../../src/demonstration/random.ts'
import type { StoreOdds } from '../durable-store.ts'

/** Odds in percent, times in milliseconds; of what happens every so often, the mean time between two (0 = never). */
export interface CardFaults extends StoreOdds {
  /** On the links between card companies and gateways. */
  messageLost: number
  answerLost: number
  messageDoubled: number
  messageDelayed: number
  messageDelayMsMax: number
  linkCutEveryMs: number
  /** The link goes in the middle of an answer. */
  linkCutAtAnswer: number
  /** Between gateways and core. */
  callLost: number
  callAnswerLost: number
  callDoubled: number
  callDelayed: number
  callDelayMsMax: number
  /** Both gateways are up, and the core cannot be reached by either. */
  coreGoneEveryMs: number
  coreCrashEveryMs: number
  /** Stopped in the middle of whatever it did, and continued later. */
  coreFreezeEveryMs: number
  coreSlowEveryMs: number
  /** Does what it is asked and answers nonsense. */
  coreLiesEveryMs: number
  /** The database is put back to a copy of a second before. */
  coreRestoreEveryMs: number
  gatewayCrashEveryMs: number
  storeFullEveryMs: number
  peerNoteLost: number
  orderEveryMs: number
  /** Partners that say everything twice, and that reverse what they have not sent yet. */
  twiceEveryMs: number
  reversalFirstEveryMs: number
  /** Of every part against the true time. */
  clockSkewMsMax: number
  /** The core is away for longer than what a gateway knows is believed. */
  longOutage: number
}

export const noCardFaults: Readonly<CardFaults> = {
  messageLost: 0,
  answerLost: 0,
  messageDoubled: 0,
  messageDelayed: 0,
  messageDelayMsMax: 0,
  linkCutEveryMs: 0,
  linkCutAtAnswer: 0,
  callLost: 0,
  callAnswerLost: 0,
  callDoubled: 0,
  callDelayed: 0,
  callDelayMsMax: 0,
  coreGoneEveryMs: 0,
  coreCrashEveryMs: 0,
  coreFreezeEveryMs: 0,
  coreSlowEveryMs: 0,
  coreLiesEveryMs: 0,
  coreRestoreEveryMs: 0,
  gatewayCrashEveryMs: 0,
  storeFullEveryMs: 0,
  peerNoteLost: 0,
  orderEveryMs: 0,
  twiceEveryMs: 0,
  reversalFirstEveryMs: 0,
  clockSkewMsMax: 0,
  longOutage: 0,
  storeUnavailable: 0,
  storeAnswerLost: 0,
  walletBusy: 0,
  storeMsMax: 10,
}

const FAULT_ON_PERCENT = 30
export const CLOCK_SKEW_MS_MAX = 300_000

/** Draws the faults of a city; each kind is on in less than a third of all seeds. */
export function drawCardFaults(random: Random): CardFaults {
  const perhaps = (max: number, min = 1): number =>
    random.chance(FAULT_ON_PERCENT) ? random.integer(min, max) : 0
  const every = (): number => perhaps(80_000, 12_000)
  const faults: CardFaults = {
    messageLost: perhaps(12),
    answerLost: perhaps(15),
    messageDoubled: perhaps(25),
    messageDelayed: perhaps(30),
    messageDelayMsMax: random.pick([1_500, 5_000, 11_000]),
    linkCutEveryMs: every(),
    linkCutAtAnswer: perhaps(8),
    callLost: perhaps(15),
    callAnswerLost: perhaps(20),
    callDoubled: perhaps(20),
    callDelayed: perhaps(30),
    callDelayMsMax: random.pick([500, 2_500, 8_000]),
    coreGoneEveryMs: every(),
    coreCrashEveryMs: every(),
    coreFreezeEveryMs: every(),
    coreSlowEveryMs: every(),
    coreLiesEveryMs: every(),
    coreRestoreEveryMs: every(),
    gatewayCrashEveryMs: every(),
    storeFullEveryMs: every(),
    peerNoteLost: random.chance(FAULT_ON_PERCENT) ? random.pick([20, 100]) : 0,
    orderEveryMs: perhaps(20_000, 3_000),
    twiceEveryMs: every(),
    reversalFirstEveryMs: every(),
    clockSkewMsMax: perhaps(CLOCK_SKEW_MS_MAX, 1_000),
    longOutage: random.chance(8) ? 100 : 0,
    storeUnavailable: perhaps(2),
    storeAnswerLost: perhaps(10),
    walletBusy: perhaps(6),
    storeMsMax: random.pick([10, 10, 100, 600]),
  }
  // What passed a gateway whose disk was full stands in the core alone: no copy of a second before may take it away.
  if (faults.storeFullEveryMs > 0) faults.coreRestoreEveryMs = 0
  return faults
}

/** The names of the faults that are on, for the report. */
export function cardFaultsOn(faults: CardFaults): string {
  const on = Object.entries(faults).filter(
    ([name, value]) => value > 0 && !/DelayMsMax|storeMsMax/.test(name),
  )
  return on.length === 0 ? 'none' : on.map(([name, value]) => `${name} ${value}`).join(', ')
}
