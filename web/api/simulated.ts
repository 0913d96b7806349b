/** Parties that only the demonstration has, as an app asks them: a card company's own app, and a bank's counter. */
import { currentLanguage } from './language.ts'
import { problemOf, unreachable } from './problem.ts'

/** Of a company in the demonstration; it issued a few hundred cards. */
const CARDS_PAGE = 500

interface CardsPage {
  readonly cards: readonly (SimulatedCard & { readonly personId: string })[]
  readonly nextAfter: number | null
}

export interface SimulatedCard {
  readonly cardToken: string
  readonly lastFour: string
  /** By the issuer's code. */
  readonly links: Readonly<Record<string, unknown>>
}

/** Cards that a company issued to a person, out of all that it issued. */
export async function simulatedCards(
  partnerCode: string,
  personId: string,
): Promise<readonly SimulatedCard[]> {
  const own: SimulatedCard[] = []
  let after: number | null = 0
  while (after !== null) {
    const path = `/companies/${partnerCode}/cards?after=${after}&limit=${CARDS_PAGE}`
    const page: CardsPage = await ask(path)
    own.push(...page.cards.filter((card) => card.personId === personId))
    after = page.nextAfter
  }
  return own
}

/** A one-time code, as the card company's own app would show it. */
export async function simulatedLinkCode(partnerCode: string, cardToken: string): Promise<string> {
  const path = `/companies/${partnerCode}/cards/${cardToken}/link-codes`
  return (await ask<{ linkCode: string }>(path, {})).linkCode
}

/** Pays into a virtual account. The same id again is the same deposit. */
export async function simulatedPayIn(deposit: {
  readonly accountNumber: string
  readonly amountWon: number
  readonly payer: string
  readonly depositId: string
}): Promise<void> {
  await ask('/bank/pay-ins', deposit)
}

async function ask<Answer>(path: string, body?: object): Promise<Answer> {
  const language = currentLanguage()
  const init: RequestInit =
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }
  const response = await fetch(`/simulated${path}`, init).catch(() => {
    throw unreachable(language)
  })
  const answer: unknown = await response.json().catch(() => undefined)
  if (response.ok) return answer as Answer // The simulated party's own form.
  throw problemOf(response.status, answer, language)
}
