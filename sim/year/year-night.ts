/** The clockwork of the night: the product's own jobs, each run until it has nothing more to do. */
import type { BusinessDate } from '../../src/base/base.ts'
import { announcementTurn } from '../../src/administration/administration.ts'
import { isClawedBack } from '../../src/granting/granting.ts'
import { createExpiryTurn } from '../../src/jobs/jobs.ts'
import type { Sealer } from '../../src/postgres/sealer.ts'
import { countNextDay } from '../../src/reporting/reporting.ts'
import { sha256 } from '../crypto-ports.ts'
import type { FileAnswer } from './year-bank.ts'
import { dayOf, startOfDay } from './year-calendar.ts'
import { ISSUER } from './year-terms.ts'
import type { YearTown } from './year-town.ts'

const HOUR_MS = 3_600_000
/** As in a core: seals reach no further than this before now. */
const SEAL_LAG_MS = 1_000
/** More turns than any night needs. */
const TURNS_MAX = 1_000
const GIFTS_A_STEP = 50

export interface Night {
  /** Everything that is due between a day and the people of the next. */
  run(day: number): Promise<void>
}

export function createNight(town: YearTown, sealer: Sealer): Night {
  const expire = expiryOf(town)
  const seal = async (): Promise<void> => {
    while ((await sealer.sealOnce(ISSUER, town.now() - SEAL_LAG_MS)).status === 'sealed');
  }
  /** Until a step is idle; one that waits for the sealer gets it. */
  const untilIdle = async (step: () => Promise<{ readonly status: string }>): Promise<void> => {
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      const { status } = await step()
      if (status === 'idle') return
      if (status === 'waiting') await seal()
    }
    throw new Error(`a job of the night did not come to an end in ${TURNS_MAX} turns`)
  }
  const days = { store: town.reports, acquiring: town.directory }
  return {
    async run(day) {
      town.setTime(startOfDay(day) + HOUR_MS)
      while ((await town.gifting.endOverdue(ISSUER, town.now(), GIFTS_A_STEP)).ended > 0);
      await expire()
      await takeBack(town)
      while (!(await town.granting.upkeepStep(ISSUER)).done);
      await town.administration.lapseOverdue(ISSUER)
      while ((await announcementTurn({ ...town, clock: town.now }, ISSUER)) !== undefined);
      await seal()
      await untilIdle(() => town.cashback.step(ISSUER, town.now()))
      await untilIdle(() => countNextDay(days, ISSUER, town.now()))
      if (day > 0) town.bank.closeDay(dayOf(day - 1) as BusinessDate) // A day that exists.
      await fetchFiles(town)
      while (!(await town.treasury.reconcile(ISSUER, town.now())).done);
      await town.treasury.followUpPayouts(ISSUER, town.now())
      await untilIdle(() => town.settling.step(ISSUER, town.now()))
      while ((await town.treasury.writePayoutFile(ISSUER, town.now())) !== undefined);
      await fetchFiles(town)
    },
  }
}

function expiryOf(town: YearTown): () => Promise<void> {
  let expired = 0
  const turn = createExpiryTurn({
    ledger: town.ledger,
    issuers: () => [{ issuerId: ISSUER }],
    sha256,
    clock: town.now,
    isClawedBack: (issuerId, lot) => isClawedBack(town.directory, issuerId, lot),
    onExpired: (set) => (expired += set.expired + set.closed),
    onError(error) {
      throw error
    },
    passEveryMs: 0,
  })
  return async () => {
    for (let turns = 0; turns < TURNS_MAX; turns += 1) {
      const before = expired
      await turn()
      if (expired === before) return
    }
    throw new Error(`expiry did not come to an end in ${TURNS_MAX} turns`)
  }
}

function answerOf(taken: Awaited<ReturnType<YearTown['treasury']['takeFile']>>): FileAnswer {
  if (taken.status === 'taken') return taken.known ? 'known' : 'taken'
  const isNamed = taken.status === 'refused' && taken.problems.every(({ line }) => line > 0)
  return isNamed ? 'refused' : 'unclear'
}

/** Stipends whose time is over, set by set. */
async function takeBack({ granting }: YearTown): Promise<void> {
  let after: Awaited<ReturnType<typeof granting.clawBackExpired>>['after']
  do {
    const set = await granting.clawBackExpired(ISSUER, { after })
    after = set.after
  } while (after !== undefined)
}

/** Results and statements, as the bank has written them. What is spoiled is refused, with its lines named. */
async function fetchFiles(town: YearTown): Promise<void> {
  for (const { file, awaited } of town.bank.fetch()) {
    const taken = await town.treasury.takeFile(ISSUER, file, town.now())
    if (answerOf(taken) !== awaited) {
      town.cases.push(`${file.name} was to be ${awaited}: ${JSON.stringify(taken)}`)
    }
  }
  while (!(await town.treasury.postOutcomes(ISSUER, town.now())));
}
