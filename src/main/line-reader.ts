/** Cuts what a child process writes into lines, none longer than a bound. */
import type { Readable } from 'node:stream'

const LINE_CHARS_MAX = 16_384

/** Calls `onLine` for each line without its end; a longer one than the bound comes in pieces. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
    while (rest.length > LINE_CHARS_MAX) {
      onLine(rest.slice(0, LINE_CHARS_MAX))
      rest = rest.slice(LINE_CHARS_MAX)
    }
  })
  stream.on('end', () => {
    if (rest !== '') onLine(rest)
  })
}
