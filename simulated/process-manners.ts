/** What simulated neighbours share as processes: reading the port, saying that they are ready, giving up. */
import { reportReady } from '../src/main/parent-watch.ts'

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
  reportReady({ url })
}

/** Ends a process that cannot start with one readable line instead of a stack. */
export function failToStart(name: string, error: unknown): never {
  console.error(`${name} cannot start: ${reasonsOf(error).join(': ')}`)
  process.exit(1)
}

/** Ends a process whose books cannot be written: only a new start reads back what is really on disk. */
export function endUnwritten(error: unknown): never {
  tellTrouble('books.unwritable', error)
  process.exit(1)
}

/** Writes that something failed, as the product does: one JSON object a line. */
export function tellTrouble(event: string, error: unknown): void {
  console.error(JSON.stringify({ event, error: String(error) }))
}

/** The message of the error and of what caused it. */
function reasonsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return error === undefined ? [] : [JSON.stringify(error)]
  return [error.message, ...reasonsOf(error.cause)]
}
