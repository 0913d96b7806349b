/**
 * Brings what was taken for a sale up to what others say was approved, whatever the core had taken or refused before,
 * and whoever else is telling of the same sale meanwhile: each part is posted once, and the books are read again after
 * each.
 */
import { sumWon, won, type Tender, type Won } from '../base/base.ts'
import type { RecordedOperation } from '../ledger/ledger.ts'
import type { CardSale } from './card-message.ts'
import { cardActors, wasTold } from './card-operation.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import { findBooks, isTakenBack, isUndone, posted, type SaleBooks } from './sale-books.ts'
import type { SaleHome } from './sale-home.ts'
import { claimAsked, takeMoney } from './sale-posting.ts'

/** The parts that make up what was approved. What is taken beside a completed hold was not. */
const parts = ['sale', 'advice', 'rest'] as const

export type Raised =
  | { readonly status: 'raised'; readonly books: SaleBooks; readonly isFresh: boolean }
  /** The partner took the sale back. */
  | { readonly status: 'voided'; readonly books: SaleBooks }
  /** Others told another amount before, or other contents. */
  | { readonly status: 'mismatch' }

/** What stands for the approval, whether given back since or not. */
export function approvedParts(books: SaleBooks): readonly RecordedOperation[] {
  return parts.flatMap((part) => {
    const operation = isUndone(books, part) ? undefined : posted(books, part)
    if (operation?.actor === cardActors.completion) return []
    return operation === undefined ? [] : [operation]
  })
}

/** What was approved as the books have it, less what was corrected; cancellations do not count. */
export function approvedWon(books: SaleBooks): Won {
  const tookWon = sumWon(approvedParts(books).map((operation) => operation.amountWon))
  return won(tookWon - (posted(books, 'correction')?.amountWon ?? 0))
}

export function isTold(books: SaleBooks): boolean {
  return approvedParts(books).some(({ actor }) => wasTold(actor))
}

/**
 * @param order.amountWon at least so much was approved
 * @param order.actor who says so
 */
export async function raiseTo(
  deps: CardDeskDeps,
  sale: CardSale,
  home: SaleHome,
  order: {
    readonly amountWon: Won
    readonly tenders: readonly Tender[]
    readonly actor: string
    readonly cancellationKey?: CardSale['key']
  },
): Promise<Raised> {
  const { amountWon, tenders, actor, cancellationKey } = order
  const keys = { key: sale.key, ...(cancellationKey === undefined ? {} : { cancellationKey }) }
  let isFresh = false
  // Each turn posts a part or finds that somebody else just did.
  for (let turn = 0; turn <= parts.length + 1; turn += 1) {
    const books = await findBooks(deps, home.issuerId, keys)
    if (isTakenBack(books)) return { status: 'voided', books }
    // What the core itself tells of again was heard when it was answered: no gateway takes that back.
    const stands = actor === cardActors.core || (await claim(deps, sale, home, books))
    if (!stands) continue
    const tookWon = approvedWon(books)
    if (tookWon >= amountWon) return { status: 'raised', books, isFresh }
    const part = parts.find((each) => !books.operations.has(each))
    if (part === undefined || isTold(books)) return { status: 'mismatch' }
    const outcome = await takeMoney(deps, sale, home, {
      part,
      amountWon: won(amountWon - tookWon),
      tenders,
      coverage: 'advice',
      actor,
    })
    if (outcome.status === 'key_reused') return { status: 'mismatch' }
    isFresh ||= outcome.status === 'posted' && !outcome.replayed
  }
  return { status: 'mismatch' }
}

/**
 * Keeps our gateway from taking the sale back as a question without an answer, where the core posted it as one.
 * @returns false where it has just done so: the books are old
 */
export async function claim(
  deps: CardDeskDeps,
  sale: CardSale,
  home: SaleHome,
  books: SaleBooks,
): Promise<boolean> {
  const asked = posted(books, 'sale')
  const isClaimed = books.operations.has('question_reversal') || isUndone(books, 'sale')
  if (asked === undefined || isClaimed || wasTold(asked.actor)) return true
  return claimAsked(deps, sale, home)
}
