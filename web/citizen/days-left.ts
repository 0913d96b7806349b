/** Days until something is due, by the calendar in Korea and the server's clock. */
import { serverNow } from '../api/server-clock.ts'

const DAY_MS = 86_400_000
const KOREA_AHEAD_MS = 9 * 3_600_000

/** 0 on the day itself, negative afterwards. */
export function daysLeft(dueAt: string): number {
  const dayOf = (instant: number): number => Math.floor((instant + KOREA_AHEAD_MS) / DAY_MS)
  return dayOf(Date.parse(dueAt)) - dayOf(serverNow())
}
