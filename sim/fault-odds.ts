/**
 * Which faults a city suffers and how often. Swarm testing: every seed draws which are on at all, because
 * a city where everything always fails never gets far enough to show the rarer mistakes.
 */
import type { Random } from '../src/demonstration/random.ts'

/** Odds in percent, lengths in milliseconds. */
export interface FaultOdds {
  requestLost: number
  answerLost: number
  doubled: number
  delayed: number
  delayMsMax: number
  /** Mean time between crashes of the core; 0 = none. */
  crashEveryMs: number
  /** How far a jump of the core's clock goes back at most; 0 = none. */
  clockBackMsMax: number
  storeUnavailable: number
  storeAnswerLost: number
  walletBusy: number
  /** The slowest call of the store. */
  storeMsMax: number
  bankNotReached: number
  bankSlow: number
  bankFails: number
  bankPending: number
  bankSilent: number
  bankTwice: number
  bankRefuses: number
  /** Clients that break the protocol. */
  otherBody: number
  codeReplayed: number
  codeAltered: number
  codeExpired: number
  foreign: number
}

export const noFaults: Readonly<FaultOdds> = {
  requestLost: 0,
  answerLost: 0,
  doubled: 0,
  delayed: 0,
  delayMsMax: 0,
  crashEveryMs: 0,
  clockBackMsMax: 0,
  storeUnavailable: 0,
  storeAnswerLost: 0,
  walletBusy: 0,
  storeMsMax: 20,
  bankNotReached: 0,
  bankSlow: 0,
  bankFails: 0,
  bankPending: 0,
  bankSilent: 0,
  bankTwice: 0,
  bankRefuses: 0,
  otherBody: 0,
  codeReplayed: 0,
  codeAltered: 0,
  codeExpired: 0,
  foreign: 0,
}

const FAULT_ON_PERCENT = 45

/** Draws the faults of a city; each kind is on in somewhat less than half of all seeds. */
export function drawFaultOdds(random: Random): FaultOdds {
  const perhaps = (max: number, min = 1): number =>
    random.chance(FAULT_ON_PERCENT) ? random.integer(min, max) : 0
  return {
    requestLost: perhaps(30),
    answerLost: perhaps(40),
    doubled: perhaps(40),
    delayed: perhaps(40),
    delayMsMax: random.pick([2_000, 20_000, 120_000]),
    crashEveryMs: perhaps(90_000, 10_000),
    clockBackMsMax: perhaps(8_000, 500),
    storeUnavailable: perhaps(4),
    storeAnswerLost: perhaps(25),
    walletBusy: perhaps(10),
    storeMsMax: random.pick([20, 20, 300, 1_500]),
    bankNotReached: perhaps(20),
    bankSlow: perhaps(40),
    bankFails: perhaps(30),
    bankPending: perhaps(50),
    bankSilent: perhaps(30),
    bankTwice: perhaps(30),
    bankRefuses: perhaps(30),
    otherBody: perhaps(25),
    codeReplayed: perhaps(30),
    codeAltered: perhaps(20),
    codeExpired: perhaps(20),
    foreign: perhaps(20),
  }
}

/** The names of the faults that are on, for the report. */
export function faultsOn(odds: FaultOdds): string {
  const on = Object.entries(odds).filter(([name, value]) => value > 0 && !name.endsWith('MsMax'))
  return on.length === 0 ? 'none' : on.map(([name, value]) => `${name} ${value}`).join(', ')
}
