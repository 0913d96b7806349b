/** Calendar months in Korea, such as 2026-11, as addresses and the API name them. */
import { serverNow } from '../api/server-clock.ts'

const KOREA_AHEAD_MS = 9 * 3_600_000

export function thisMonth(): string {
  return new Date(serverNow() + KOREA_AHEAD_MS).toISOString().slice(0, 7)
}

/** @param by how many months later; earlier where negative */
export function monthAfter(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const months = year * 12 + number - 1 + by
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`
}
