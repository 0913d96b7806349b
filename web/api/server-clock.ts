/**
 * The time as the server has it: a phone's clock may be off by minutes, and proofs, one-time codes and countdowns are
 * about the server's. Learned from the Date header of its answers, kept for the time without a network.
 */
const KEY = 'dure.clock-offset-ms'
/** A Date header has whole seconds, and an answer is under way: less than this is noise. */
const NOISE_MS = 2_000

let offsetMs = Number(localStorage.getItem(KEY) ?? 0)

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + offsetMs
}

/** Takes the Date header of an answer into account. */
export function learnServerTime(dateHeader: string | null): void {
  const told = dateHeader === null ? Number.NaN : Date.parse(dateHeader)
  if (Number.isNaN(told)) return
  const measured = told + 500 - Date.now()
  if (Math.abs(measured - offsetMs) < NOISE_MS) return
  offsetMs = Math.abs(measured) < NOISE_MS ? 0 : measured
  localStorage.setItem(KEY, String(offsetMs))
}
