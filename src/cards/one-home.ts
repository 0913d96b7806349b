/**
 * One sale, one wallet. A shop may be known to several issuers and a card linked with several of them, and which of
 * them the ruling points at may change while a question is under way. So whoever tells of a sale takes its place
 * with every other issuer first: what comes there later finds it taken, and what was posted there already is the
 * sale. One core hears what is said of such a sale one after the other; this holds between cores, for advices.
 */
import type { CardSale } from './card-message.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import { homeOf, homesToVoid, type LocatedSale, type SaleHome } from './sale-home.ts'
import { voidParts } from './sale-posting.ts'

/** `undefined`: there is no wallet. */
export async function settleHome(
  deps: CardDeskDeps,
  sale: CardSale,
  located: LocatedSale,
): Promise<SaleHome | undefined> {
  const home = homeOf(located)
  if (home === undefined) return undefined
  for (const other of homesToVoid(located)) {
    if (other.issuerId === home.issuerId) continue
    const order = { parts: ['sale'], refusal: 'reversed_first' } as const
    const [outcome] = await voidParts(deps, sale, other, order)
    if (outcome?.status === 'posted') return other
  }
  return home
}

/**
 * Two who told the same sale by different rulings may have taken its place from each other. Both find it so, and both
 * go to the first issuer.
 */
export function homeAfterContest(located: LocatedSale, home: SaleHome): SaleHome {
  return homesToVoid(located).toSorted((a, b) => a.issuerId - b.issuerId)[0] ?? home
}
