/**
 * How a simulated neighbour behaves as a process: it says once where it listens, it ends cleanly when
 * told to, and it does not outlive the process that started it.
 */

/** What is sent over IPC to a parent that opened a channel, once requests can be taken. */
export interface ReadyMessage {
  readonly event: 'ready'
  readonly name: string
  readonly url: string
}

/** Reads a port; 0 asks the system for a free one. */
export function readPort(text: string | undefined): number {
  const port = Number(text ?? '0')
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || text === '') {
    throw new Error(`PORT is 0…65535, not "${text}"`)
  }
  return port
}

/** Prints the line that people and scripts wait for, and tells the parent where there is one. */
export function announceReady(name: string, url: string): void {
  console.log(`${name} ready on ${url}`)
  const message: ReadyMessage = { event: 'ready', name, url }
  process.send?.(message)
}

/**
 * Closes once, on SIGTERM, SIGINT or when the parent's channel closes, then exits: 0 after a clean
 * close, 1 where closing failed.
 */
export function closeWithParent(close: () => Promise<void>): void {
  let closing = false
  const end = (): void => {
    if (closing) return
    closing = true
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  process.once('disconnect', end)
}

/** Ends a process that cannot start with one readable line instead of a stack. */
export function failToStart(name: string, error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error)
  console.error(`${name} cannot start: ${reason}`)
  process.exit(1)
}
