/**
 * What a newcomer may try first: a walk from sign-in to payment, the same words in the terminal and, tested, in
 * README.md. It stands in walk.sh. The surprise: its headings are `echo` lines, since zsh takes no comments at its
 * prompt, and it asks the data directory for addresses, since the identity provider's port is another each time.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** To be pasted into bash or zsh, in the folder of Dure: needs curl and nothing else. */
export const walk: string = readFileSync(join(import.meta.dirname, 'walk.sh'), 'utf8')

/** What `start` prints for the addresses of a running product. */
export function walkThrough(at: { coreUrl: string; identityUrl: string }): string {
  return `
To try it, paste this into another terminal, in this folder:

${walk}
The API to read and try: ${at.coreUrl}/docs. Sign-in: ${at.identityUrl}.
`
}
