/** The network between people's phones, tills and the core: loses, doubles, delays and so reorders. */
import type { Random } from '../src/demonstration/random.ts'
import type { FaultOdds } from './fault-odds.ts'
import type { VirtualTime } from './virtual-time.ts'

const TRIP_MS_MIN = 10
const TRIP_MS_MAX = 150

export interface Network {
  /** Carries something to the other side: `deliver` runs never, once or twice. */
  carry(direction: 'request' | 'answer', deliver: () => void): void
}

export function createNetwork(options: {
  readonly time: VirtualTime
  readonly random: Random
  readonly odds: FaultOdds
}): Network {
  const { time, random, odds } = options
  const tripMs = (): number => {
    const late = random.chance(odds.delayed) ? random.integer(0, odds.delayMsMax) : 0
    return random.integer(TRIP_MS_MIN, TRIP_MS_MAX) + late
  }
  return {
    carry(direction, deliver) {
      const lost = random.chance(direction === 'request' ? odds.requestLost : odds.answerLost)
      const doubled = random.chance(odds.doubled)
      if (!lost) time.after(tripMs(), deliver)
      if (doubled) time.after(tripMs(), deliver)
    },
  }
}
