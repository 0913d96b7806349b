/**
 * What a simulated card company does by itself: looks for files of the platform every few seconds, and after midnight
 * in Korea writes the clearing file of the day before and compares its totals.
 */
import { businessDate, DAY_MS, MINUTE_MS, type BusinessDate, type Clock } from '../src/base/base.ts'
import type { DeskRoom } from './card-company-desk.ts'
import { compareTotals } from './card-company-enquiries.ts'
import { cardKeyOf } from './card-company-entries.ts'
import type { CompanyFiles } from './card-company-files.ts'

const LOOK_EVERY_MS = 5_000
/** What was under way at midnight has ended by then. */
const AFTER_MIDNIGHT_MS = 10 * MINUTE_MS

export interface DayEnd {
  stop(): void
}

export function createDayEnd(parts: {
  readonly room: DeskRoom
  readonly files: CompanyFiles
  readonly clock: Clock
}): DayEnd {
  const { room, files, clock } = parts
  const { time } = room
  let stopped = false
  let endedDay: BusinessDate | undefined
  let timer = time.after(0, () => void look())

  const look = async (): Promise<void> => {
    try {
      await files.takeAll()
      const day = businessDate(clock() - AFTER_MIDNIGHT_MS - DAY_MS)
      if (day !== endedDay) {
        endedDay = day
        for (const date of daysUntil(room, day)) await endDay(room, files, date)
      }
    } catch (error) {
      // Looked at again in a few seconds; what was not booked is not lost.
      console.error(JSON.stringify({ event: 'files.not_taken', error: String(error) }))
    }
    if (!stopped) timer = time.after(LOOK_EVERY_MS, () => void look())
  }
  return {
    stop() {
      stopped = true
      timer.cancel()
    },
  }
}

/** Days of which there are messages; most have had their file already. */
function daysUntil({ books }: DeskRoom, last: BusinessDate): readonly BusinessDate[] {
  const days = [...books.sales()].flatMap(({ sale, completed, cancellations }) => [
    sale.key.localDate,
    ...(completed === undefined ? [] : [businessDate(completed.at)]),
    ...cancellations.map(({ asked }) => cardKeyOf(asked.key).localDate),
  ])
  return [...new Set(days)].filter((day) => day <= last).toSorted()
}

async function endDay(room: DeskRoom, files: CompanyFiles, date: BusinessDate): Promise<void> {
  const { name } = await files.writeClearing(date)
  if (name === null) return
  const { heard, answer } = await compareTotals(room, date)
  const totals = answer?.verdict ?? heard
  console.error(JSON.stringify({ event: 'day.ended', date, file: name, totals }))
}
