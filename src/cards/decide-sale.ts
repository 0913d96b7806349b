/**
 * Answers a sale that is asked for: link, ruling, ledger, and what is left. A repeat is answered by what stands in the
 * books now, so that a sale which stand-in approved meanwhile, or which was taken back, is never answered otherwise.
 */
import {
  declineReasons,
  Fault,
  formatId,
  sumWon,
  won,
  type DeclineReason,
  type Tender,
  type Won,
} from '../base/base.ts'
import type { Outcome } from '../ledger/ledger.ts'
import type { CardAnswer, CardReason } from './card-answer.ts'
import type { CardSale, SaleRequest } from './card-message.ts'
import { approvalCode, cardOperationId, wasTold } from './card-operation.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import { approvedWon } from './sale-amount.ts'
import {
  declineOf,
  findBooks,
  isReversed,
  isTakenBack,
  tookAnything,
  type SaleBooks,
} from './sale-books.ts'
import { homeOf, locateSale, type LocatedSale, type SaleHome } from './sale-home.ts'
import { verdictOfDecline, type SaleRuling } from './sale-policy.ts'
import { takeMoney, takenWon } from './sale-posting.ts'

export async function decideSale(deps: CardDeskDeps, { sale }: SaleRequest): Promise<CardAnswer> {
  const located = await locateSale(deps, sale, { key: sale.key }, 'where_moved')
  const home = homeToAsk(located)
  // Neither shop nor card is known, and nothing was ever recorded: there is nothing to record under either.
  if (home === undefined) return refusedAnswer(sale, located.ruling)
  const outcome = await askLedger(deps, sale, located, home)
  const answer = await answerOf(deps, sale, { home, ruling: located.ruling }, outcome)
  return { ...answer, ...(await left(deps, located, home)) }
}

/** A sale that is on record stays where it is; another is asked where the ruling found a wallet. */
function homeToAsk(located: LocatedSale): SaleHome | undefined {
  const { ruling, found } = located
  const hasWallet = ruling.ruling === 'eligible' || ruling.found !== undefined
  return hasWallet || found.length > 0 ? homeOf(located) : undefined
}

async function askLedger(
  deps: CardDeskDeps,
  sale: CardSale,
  { ruling, found }: LocatedSale,
  home: SaleHome,
): Promise<Outcome> {
  const shared = {
    part: 'sale',
    amountWon: sale.amountWon,
    actor: formatId('prt', sale.key.partnerId),
  } as const
  const isOnRecord = found.some((books) => books.issuerId === home.issuerId)
  if (ruling.ruling === 'eligible' && !isOnRecord) {
    const { tenders } = ruling
    const coverage = ruling.partialAllowed ? 'partial' : 'all'
    // Looked at first, so that the books say why: to the ledger, frozen money is no money.
    const refusal =
      ruling.frozen && ((await spendableWon(deps, home, tenders)) ?? 0) < sale.amountWon
        ? ({ refusal: 'program_suspended' } as const)
        : {}
    return takeMoney(deps, sale, home, { ...shared, tenders, coverage, ...refusal })
  }
  // On record: only a repeat's stored outcome can come of it, for what is refused anew is never posted.
  const refusal =
    ruling.ruling === 'eligible'
      ? undefined
      : declineReasons.find((reason) => reason === ruling.reason)
  return takeMoney(deps, sale, home, {
    ...shared,
    tenders: [],
    coverage: 'all',
    refusal: refusal ?? 'reversed_first',
  })
}

interface Asked {
  readonly home: SaleHome
  readonly ruling: SaleRuling
}

async function answerOf(
  deps: CardDeskDeps,
  sale: CardSale,
  { home, ruling }: Asked,
  outcome: Outcome,
): Promise<CardAnswer> {
  if (outcome.status === 'key_reused') return refusal(sale, 'declined', 'key_reused')
  if (outcome.replayed) {
    const books = await findBooks(deps, home.issuerId, { key: sale.key })
    return answerOfBooks(deps, sale, books, ruling)
  }
  if (outcome.status === 'declined') {
    return refusalBy(sale, ruling, outcome.reason)
  }
  return approval(deps, sale, takenWon(outcome))
}

/** What a key's books say to whoever asks again. */
function answerOfBooks(
  deps: CardDeskDeps,
  sale: CardSale,
  books: SaleBooks,
  ruling: SaleRuling,
): CardAnswer {
  // Also where only a part was taken back: the message that comes now has no sale any more that it could pay for.
  if (isReversed(books) || isTakenBack(books)) return refusal(sale, 'declined', 'reversed_first')
  const voucherWon = approvedOf(books)
  if (voucherWon > 0) return approval(deps, sale, voucherWon)
  // Refused, and completed all the same: the voucher has paid, so the account must not.
  const reason = tookAnything(books)
    ? 'hold_closed'
    : (declineOf(books, 'sale') ?? 'reversed_first')
  return refusalBy(sale, ruling, reason)
}

/** A wallet that is empty but for frozen money leaves nothing to the account. */
function refusalBy(sale: CardSale, ruling: SaleRuling, reason: DeclineReason): CardAnswer {
  const isFrozen = ruling.ruling === 'eligible' && ruling.frozen
  return isFrozen && reason === 'insufficient_funds'
    ? refusal(sale, 'declined', 'program_suspended')
    : refusal(sale, verdictOfDecline(reason), reason)
}

/** What was approved under the key, whoever decided it, given back or not: a cancellation has an answer of its own. */
function approvedOf(books: SaleBooks): Won {
  const tookWon = approvedWon(books)
  if (tookWon > 0) return tookWon
  // A hold that stand-in told of and that found an empty wallet: the terminal has its approval all the same.
  const told = (['sale', 'advice'] as const)
    .map((part) => books.operations.get(part))
    .find((operation) => wasTold(operation?.actor))
  return told?.amountWon ?? won(0)
}

function approval(deps: CardDeskDeps, sale: CardSale, voucherWon: Won): CardAnswer {
  const isWhole = voucherWon >= sale.amountWon
  const accountWon = isWhole ? won(0) : won(sale.amountWon - voucherWon)
  return {
    verdict: isWhole ? 'approved' : 'partially_approved',
    voucherWon: isWhole ? sale.amountWon : voucherWon,
    accountWon,
    source: isWhole ? 'voucher' : 'voucher_and_account',
    approvalCode: approvalCode(cardOperationId(sale.key, 'sale', deps.sha256)),
    decidedBy: 'core',
  }
}

function refusedAnswer(sale: CardSale, ruling: SaleRuling): CardAnswer {
  return ruling.ruling === 'eligible'
    ? refusal(sale, 'declined', 'wallet_unknown')
    : refusal(sale, ruling.ruling, ruling.reason)
}

function refusal(
  sale: CardSale,
  verdict: 'not_applicable' | 'declined',
  reason: CardReason,
): CardAnswer {
  const accountPays = verdict === 'not_applicable'
  return {
    verdict,
    reason,
    voucherWon: won(0),
    accountWon: accountPays ? sale.amountWon : won(0),
    source: accountPays ? 'account' : 'none',
    decidedBy: 'core',
  }
}

/** What the wallet could still spend at this merchant; nothing is said where that is not to be had soon. */
export async function left(
  deps: CardDeskDeps,
  { ruling }: LocatedSale,
  home: Pick<SaleHome, 'issuerId' | 'walletId'>,
): Promise<Pick<CardAnswer, 'remainingWon'>> {
  if (ruling.ruling !== 'eligible' || ruling.issuerId !== home.issuerId) return {}
  const remainingWon = await spendableWon(deps, home, ruling.tenders)
  return remainingWon === undefined ? {} : { remainingWon }
}

export async function spendableWon(
  { lotsSoon, clock }: CardDeskDeps,
  { issuerId, walletId }: Pick<SaleHome, 'issuerId' | 'walletId'>,
  tenders: readonly Tender[],
): Promise<Won | undefined> {
  try {
    const now = clock()
    const lots = await lotsSoon(issuerId, walletId)
    return (
      lots &&
      sumWon(
        lots
          .filter(
            ({ programId, kind, expiresAt }) =>
              expiresAt > now &&
              tenders.some((tender) => tender.programId === programId && tender.kind === kind),
          )
          .map((lot) => lot.remainingWon),
      )
    )
  } catch (error) {
    // The money has moved already; a figure that is missing must not turn the answer into a fault.
    if (error instanceof Fault) return undefined
    throw error
  }
}
