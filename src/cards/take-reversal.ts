/**
 * Takes a reversal (망취소): the sale never happened, or only a part of it did. It may come before, between or after
 * whatever it reverses, for it first takes the place of everything that could still be posted, and then gives back what
 * was: after it nothing can move under the key any more.
 */
import { businessDate, won, type DeclineReason, type Won } from '../base/base.ts'
import type { Outcome } from '../ledger/ledger.ts'
import type { NoticeEffect, NoticeReceipt } from './card-desk.ts'
import type { CardNotice, CardSale } from './card-message.ts'
import {
  cardActors,
  undoingOf,
  wasTold,
  type CardOperationPart,
  type TakingPart,
} from './card-operation.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import { openCase, taken, takenAsCase, takenOf } from './notice-receipts.ts'
import {
  findBooks,
  isUndone,
  openHold,
  posted,
  standingParts,
  type SaleBooks,
} from './sale-books.ts'
import { homeOf, homesToVoid, locateSale, tendersOfTold, type SaleHome } from './sale-home.ts'
import { claimAsked, closeHold, giveBack, isFresh, takeMoney, voidParts } from './sale-posting.ts'

type Reversal = Extract<CardNotice, { readonly kind: 'reverse' }>

const refusal: DeclineReason = 'reversed_first'

/** What a message under the key could still post, beside the sale itself. */
function laterParts(sale: CardSale): readonly TakingPart[] {
  return sale.key.cardClass === 'authorization'
    ? ['advice', 'kept', 'completion', 'rest']
    : ['advice', 'kept', 'rest']
}

export async function takeReversal(deps: CardDeskDeps, reversal: Reversal): Promise<NoticeReceipt> {
  const { sale, keepWon } = reversal
  if (keepWon >= sale.amountWon) return taken(deps, 'already')
  const located = await locateSale(deps, sale, { key: sale.key }, 'always')
  const homes = homesToVoid(located)
  // Neither shop nor card is known: nothing was posted, and nothing could be.
  if (homes.length === 0) return taken(deps, 'voided')
  if (reversal.by !== 'gateway' && keepWon > 0) {
    const home = homeOf(located) ?? homes[0]!
    for (const other of homes.filter((each) => each.issuerId !== home.issuerId)) {
      await undoSale(deps, sale, other, 'without_conversion')
    }
    return keepPart(deps, reversal, home, tendersOfTold(deps, located, home, reversal.decidedAt))
  }
  const effects: NoticeEffect[] = []
  for (const home of homes) {
    effects.push(
      reversal.by === 'gateway'
        ? await undoQuestion(deps, sale, home)
        : await undoSale(deps, sale, home, 'with_conversion'),
    )
  }
  if (effects.includes('case')) {
    return takenAsCase(deps, { issuerId: homes[0]!.issuerId, caseKind: 'advice_mismatch', sale })
  }
  return taken(deps, strongest(effects))
}

export function strongest(effects: readonly NoticeEffect[]): NoticeEffect {
  return (
    (['posted', 'voided', 'already'] as const).find((one) => effects.includes(one)) ?? 'already'
  )
}

/**
 * Takes the whole sale back. @param conversion whether the account paid too and gets its money back elsewhere: then the
 * voucher must not pay instead of it either, and what it paid by conversion goes back with a case.
 * @returns `case` where the key is another sale's
 */
export async function undoSale(
  deps: CardDeskDeps,
  sale: CardSale,
  home: SaleHome,
  conversion: 'with_conversion' | 'without_conversion',
): Promise<NoticeEffect> {
  // The sale first and alone: contents that are not its own must not take the place of its other parts.
  const [first] = await voidParts(deps, sale, home, { parts: ['sale'], refusal })
  if (first === undefined || first.status === 'key_reused') return 'case'
  const parts: TakingPart[] = [...laterParts(sale)]
  if (conversion === 'with_conversion') parts.push('conversion')
  const outcomes = [first, ...(await voidParts(deps, sale, home, { parts, refusal }))]
  const books = await findBooks(deps, home.issuerId, { key: sale.key })
  const undone = await undoStanding(deps, sale, books, conversion)
  if (undone.some((outcome) => outcome.status === 'posted' && isFresh(outcome))) return 'posted'
  const tookMoney = outcomes.some((outcome) => outcome.status === 'posted')
  return !tookMoney && outcomes.some(isFresh) ? 'voided' : 'already'
}

async function undoStanding(
  deps: CardDeskDeps,
  sale: CardSale,
  books: SaleBooks,
  conversion: 'with_conversion' | 'without_conversion',
): Promise<Outcome[]> {
  const { issuerId } = books
  const undone: Outcome[] = []
  const hold = openHold(books)
  if (hold !== undefined) {
    undone.push(
      await closeHold(deps, sale, issuerId, {
        part: undoingOf[hold.part],
        holdId: hold.operationId,
        amountWon: won(0),
        actor: cardActors.reversal,
      }),
    )
  }
  for (const { part, operationId, merchantId, leftWon } of standingParts(books)) {
    const isConversion = part === 'conversion'
    if (isConversion && conversion === 'without_conversion') continue
    undone.push(
      await giveBack(deps, sale, issuerId, {
        part: undoingOf[part],
        paymentId: operationId,
        merchantId,
        actor: isConversion ? cardActors.conversionReversal : cardActors.reversal,
        // A conversion is settled with the day it was booked on: the sale's own day may be settled long since.
        ...(isConversion ? { businessDate: businessDate(deps.clock()) } : {}),
      }),
    )
    if (isConversion) {
      const facts = { voucherWon: leftWon }
      await openCase(deps, {
        issuerId,
        caseKind: 'reversal_late',
        sale,
        facts,
      })
    }
  }
  return undone
}

/** Our own gateway's: only what the core decided unheard is undone; what was told to the terminal stands. */
async function undoQuestion(
  deps: CardDeskDeps,
  sale: CardSale,
  home: SaleHome,
): Promise<NoticeEffect> {
  const [outcome] = await voidParts(deps, sale, home, { parts: ['sale'], refusal })
  if (outcome === undefined || outcome.status === 'key_reused') return 'case'
  if (outcome.status === 'declined') return outcome.replayed ? 'already' : 'voided'
  const { issuerId } = home
  const books = await findBooks(deps, issuerId, { key: sale.key })
  const asked = posted(books, 'sale')
  const isTold = wasTold(asked?.actor) || asked?.actor === cardActors.cancelledAhead
  if (asked === undefined || isTold) return 'already'
  const { operationId, merchantId } = asked
  const part = 'question_reversal'
  const actor = cardActors.reversal
  const undone =
    asked.kind === 'hold'
      ? openHold(books)?.part === 'sale'
        ? await closeHold(deps, sale, issuerId, {
            part,
            holdId: operationId,
            amountWon: won(0),
            actor,
          })
        : undefined
      : await giveBack(deps, sale, issuerId, {
          part,
          paymentId: operationId,
          merchantId: merchantId ?? home.merchantId,
          actor,
        })
  return undone?.status === 'posted' && isFresh(undone) ? 'posted' : 'already'
}

/**
 * A partial reversal: `keepWon` of the sale happened. Money that was posted goes back down to it; a hold is let go and
 * taken anew for it; and where nothing was posted yet, it alone is, for the sale itself never will be.
 */
async function keepPart(
  deps: CardDeskDeps,
  reversal: Reversal,
  home: SaleHome,
  tenders: ReturnType<typeof tendersOfTold>,
): Promise<NoticeReceipt> {
  const { sale, keepWon } = reversal
  const { issuerId } = home
  const [first] = await voidParts(deps, sale, home, { parts: ['sale'], refusal })
  if (first === undefined || first.status === 'key_reused') {
    return takenAsCase(deps, { issuerId, caseKind: 'advice_mismatch', sale, facts: { keepWon } })
  }
  await voidParts(deps, sale, home, { parts: ['advice'], refusal })
  if (first.status === 'posted') await claimAsked(deps, sale, home)
  const books = await findBooks(deps, issuerId, { key: sale.key })
  const standing = standingParts(books).filter(({ part }) => part !== 'conversion')
  if (standing.length > 0) return giveBackTo(deps, reversal, books)
  const hold = openHold(books)
  if (hold?.part === 'kept' || (hold !== undefined && hold.heldWon <= keepWon)) {
    return taken(deps, 'already')
  }
  if (hold !== undefined) {
    const { part, amountWon } = { part: 'partial_release', amountWon: won(0) } as const
    const order = { part, holdId: hold.operationId, amountWon, actor: cardActors.reversal }
    const released = await closeHold(deps, sale, issuerId, order)
    // It was closed by a cancellation, or because its time was over.
    if (released.status !== 'posted') return taken(deps, 'already')
  } else if (!wasOpen(first, books)) {
    return taken(deps, 'already')
  }
  const kept = await takeMoney(deps, sale, home, {
    part: 'kept',
    amountWon: keepWon,
    tenders,
    coverage: sale.key.cardClass === 'authorization' ? 'partial' : 'advice',
    actor: cardActors.partner,
  })
  if (kept.status === 'declined' && kept.reason === refusal)
    return keepNothing(deps, reversal, home)
  const effect = isFresh(kept) ? 'posted' : 'already'
  return takenOf(deps, { issuerId, sale, effect, moved: [kept] })
}

/**
 * Nothing of the sale may be posted any more: it was taken back as a whole, or the account paid it. Then the account
 * kept a part only, which is not what the conversion would convert: it waits for somebody to look.
 */
async function keepNothing(
  deps: CardDeskDeps,
  { sale, keepWon }: Reversal,
  home: SaleHome,
): Promise<NoticeReceipt> {
  const [conversion] = await voidParts(deps, sale, home, { parts: ['conversion'], refusal })
  if (conversion?.status === 'declined' && conversion.replayed) return taken(deps, 'voided')
  const { issuerId } = home
  return takenAsCase(deps, { issuerId, caseKind: 'advice_mismatch', sale, facts: { keepWon } })
}

/**
 * False where the sale was cancelled before: nothing of it is left to be kept. Who says that a part of it happened does
 * not speak of a sale that was refused: somebody approved it in our stead.
 */
function wasOpen(first: Outcome, books: SaleBooks): boolean {
  const isUnposted = first.status === 'declined' || isUndone(books, 'sale')
  return isUnposted || posted(books, 'partial_release') !== undefined
}

async function giveBackTo(
  deps: CardDeskDeps,
  { sale, keepWon }: Reversal,
  books: SaleBooks,
): Promise<NoticeReceipt> {
  const { issuerId } = books
  const standing = standingParts(books).filter(({ part }) => part !== 'conversion')
  let excessWon = standing.reduce((sum, { leftWon }) => sum + leftWon, 0) - keepWon
  let moved = false
  // The part that was taken last goes back first.
  for (const { part, operationId, merchantId, leftWon } of standing.toReversed()) {
    if (excessWon <= 0) break
    const isWhole = leftWon <= excessWon
    const undoing: CardOperationPart = isWhole ? undoingOf[part] : 'partial_reversal'
    const amountWon: Won = won(Math.min(leftWon, excessWon))
    const outcome = await giveBack(deps, sale, issuerId, {
      part: undoing,
      paymentId: operationId,
      merchantId,
      amountWon,
      actor: cardActors.reversal,
    })
    if (outcome.status !== 'posted' || outcome.replayed) {
      const facts = { keepWon }
      return takenAsCase(deps, { issuerId, caseKind: 'advice_mismatch', sale, facts })
    }
    moved = true
    excessWon -= amountWon
  }
  return taken(deps, moved ? 'posted' : 'already')
}
