/** The clockwork of the night: the product's own jobs, each run until it has nothing more to do. */
import type { Sealer } from '../../src/postgres/sealer.ts'
import { createExpiryTurn } from '../../src/jobs/jobs.ts'
import { sha256 } from '../crypto-ports.ts'
import { startOfDay } from './year-calendar.ts'
import { ISSUER } from './year-terms.ts'
import type { YearTown } from './year-town.ts'

const HOUR_MS = 3_600_000
/** As in a core: seals reach no further than this before now. */
const SEAL_LAG_MS = 1_000
/** More turns than any night needs. */
const TURNS_MAX = 1_000

export interface Night {
  /** Everything that is due between a day and the people of the next. */
  run(day: number): Promise<void>
}

export function createNight(town: YearTown, sealer: Sealer): Night {
  let expired = 0
  const fail = (error: unknown): never => {
    throw error
  }
  const expiryTurn = createExpiryTurn({
    ledger: town.ledger,
    issuers: () => [{ issuerId: ISSUER }],
    sha256,
    clock: town.now,
    onExpired: (set) => (expired += set.expired + set.closed),
    onError: fail,
    passEveryMs: 0,
  })
  const expire = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      const before = expired
      await expiryTurn()
      if (expired === before) return
    }
    throw new Error(`expiry did not come to an end in ${TURNS_MAX} turns`)
  }
  const seal = async (): Promise<void> => {
    while ((await sealer.sealOnce(ISSUER, town.now() - SEAL_LAG_MS)).status === 'sealed');
  }
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      const { status } = await town.settling.step(ISSUER, town.now())
      if (status === 'idle') return
      if (status === 'waiting') await seal()
    }
    throw new Error(`settlement did not come to an end in ${TURNS_MAX} turns`)
  }
  return {
    async run(day) {
      town.setTime(startOfDay(day) + HOUR_MS)
      await expire()
      await seal()
      await settle()
    },
  }
}
