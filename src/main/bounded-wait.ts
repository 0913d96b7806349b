/** Waiting for a condition with a bound, never for luck. */
import { setTimeout as delay } from 'node:timers/promises'

/** Asks `isTrue` every `pollMs` until it holds; `false` when `timeoutMs` went by or `signal` fired. */
export async function waitUntil(
  isTrue: () => boolean | Promise<boolean>,
  bounds: { timeoutMs: number; pollMs?: number; signal?: AbortSignal },
): Promise<boolean> {
  const deadline = performance.now() + bounds.timeoutMs
  for (;;) {
    if (await isTrue()) return true
    if (bounds.signal?.aborted === true || performance.now() >= deadline) return false
    await delay(bounds.pollMs ?? 25)
  }
}

/** Whether `promise` settled within `timeoutMs`. Its rejection counts as settled. */
export async function settlesWithin(promise: Promise<unknown>, timeoutMs: number) {
  const timer = new AbortController()
  const settled = promise.then(
    () => true,
    () => true,
  )
  const late = delay(timeoutMs, false, { signal: timer.signal }).catch(() => false)
  try {
    return await Promise.race([settled, late])
  } finally {
    timer.abort()
  }
}
