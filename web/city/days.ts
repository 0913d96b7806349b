/** Days of the Korean calendar, by the server's clock. */
import { serverNow } from '../api/server-clock.ts'

const DAY_MS = 86_400_000
const format = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Seoul' })

/** Such as 2026-11-29. */
export function dayOf(instant: number): string {
  return format.format(instant)
}

/** `days` from today. */
export function dayFromNow(days: number): string {
  return dayOf(serverNow() + days * DAY_MS)
}

export function tomorrow(): string {
  return dayFromNow(1)
}
