/**
 * For programs that the supervisor starts: tells it when they are ready, and ends them when it asks
 * or is no more. A supervisor that was killed closes the IPC channel, whatever killed it.
 */
import { flushCompileCache } from 'node:module'

export type StopReason = 'SIGTERM' | 'SIGINT' | 'supervisor_gone'

/** What a program tells when it is ready, such as the port it got. */
export type ReadyFacts = Readonly<Record<string, string | number>>

/** Shorter than the supervisor's patience (program.ts), so that a slow end is still our own. */
const STOP_TIMEOUT_MS = 8_000

/**
 * Runs `stop` once, at the first of: SIGTERM, SIGINT, the end of the supervisor. Then the process
 * exits: with 0, or with 1 when `stop` failed or took longer than `timeoutMs`. Run by hand, without a
 * supervisor, only the signals count. Call it before the first `await` of the program.
 */
export function stopWithParent(
  stop: (reason: StopReason) => void | Promise<void>,
  timeoutMs = STOP_TIMEOUT_MS,
): void {
  let isStopping = false
  const begin = (reason: StopReason) => {
    if (isStopping) return
    isStopping = true
    setTimeout(() => process.exit(1), timeoutMs)
    void endAfter(stop, reason)
  }
  process.on('SIGTERM', () => begin('SIGTERM'))
  process.on('SIGINT', () => begin('SIGINT'))
  process.on('disconnect', () => begin('supervisor_gone'))
  // The pipes of a supervisor that is gone break; a last line that nobody reads must not crash us.
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
  // The channel alone does not keep a program alive that has nothing left to do.
  process.channel?.unref()
  // It may have gone while we were loading.
  if (process.send !== undefined && !process.connected) begin('supervisor_gone')
}

/** Tells the supervisor that the program serves now; it waits for this. Nothing without one. */
export function reportReady(facts: ReadyFacts = {}): void {
  // Else it would be kept at the end only, and who is killed would be as slow in every life.
  setImmediate(flushCompileCache)
  // A supervisor that just went is noticed by the channel's end.
  process.send?.({ ready: facts }, undefined, undefined, () => undefined)
}

async function endAfter(stop: (reason: StopReason) => void | Promise<void>, reason: StopReason) {
  try {
    await stop(reason)
    process.exit(0)
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}
