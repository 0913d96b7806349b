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

/** 김하늘's card of 한빛카드, linked to her wallet, and the shop of the walk as terminals number it. */
export const walkCard = {
  cardToken: 'HAN0000000000001',
  merchantNumber: '900010001300000',
} as const

/** A card instead of a telephone: what `start` prints for the address of a card company. */
export function cardTry(at: { companyUrl: string }): string {
  const { cardToken: card, merchantNumber } = walkCard
  const sale = JSON.stringify({ card, merchantNumber, amountWon: 8_000 })
  return `
A linked card, at a terminal of the same shop: the answer says from where the money came.

curl -sS ${at.companyUrl}/terminals/T0000001/sales -H 'content-type: application/json' \\
  -d '${sale}'
`
}
