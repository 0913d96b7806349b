/** What becomes of a card company's sale afterwards: completion, reversal by the terminal, cancellation. */
import { won } from '../src/base/base.ts'
import type { CardVerdict } from '../src/cards/cards.ts'
import type { CancellationStanding, SaleStanding } from './card-company-books.ts'
import { DeskRefusal, standingOf, type DeskRoom } from './card-company-desk.ts'
import { cardKeyOf, type EntryOf } from './card-company-entries.ts'
import { askWithin } from './card-company-lines.ts'

const CANCELLATION_PAUSE_MS = 1_000

/**
 * The goods of an authorization went out for `amountWon`. What was approved from the voucher pays first, more than was
 * approved included where no account was part of it. @throws DeskRefusal
 */
export async function completeSale(
  room: DeskRoom,
  saleId: string,
  amountWon: number,
): Promise<SaleStanding> {
  const standing = standingOf(room, saleId)
  const { sale, decided, completed } = standing
  if (sale.key.cardClass !== 'authorization') throw new DeskRefusal('not_an_authorization')
  const approved = requireApproved(standing)
  if (completed !== undefined) throw new DeskRefusal('already_completed')
  if (standing.cancellations.some(mayHaveHappened)) throw new DeskRefusal('cancellation_under_way')
  const { provisional, source } = approved
  // The platform was told what the account paid, and converts that.
  if (provisional && amountWon !== sale.amountWon) throw new DeskRefusal('provisional_amount_fixed')
  const dueWon =
    source === 'voucher'
      ? amountWon
      : source === 'voucher_and_account'
        ? Math.min(amountWon, standing.voucherWon)
        : 0
  const accountWon = amountWon - dueWon - standing.accountWon
  if (accountWon > room.books.availableWon(sale.cardToken)) throw new DeskRefusal('amount_too_high')
  await room.record({
    kind: 'completed',
    saleId,
    amountWon,
    dueWon,
    voucherWon: dueWon - standing.voucherWon,
    accountWon,
    owes: (decided?.voucherWon ?? 0) > 0 ? 'complete' : null,
  })
  void room.notices.deliver(saleId)
  return standing
}

/**
 * The terminal does not know what became of its sale, or takes it back at once (망취소). `keepWon` of voucher money
 * stays paid (DE 95). @throws DeskRefusal
 */
export async function reverseSale(
  room: DeskRoom,
  saleId: string,
  keepWon: number,
): Promise<SaleStanding> {
  const standing = standingOf(room, saleId)
  if (standing.decided === undefined) throw new DeskRefusal('sale_under_way')
  if (standing.reversed !== undefined || standing.decided.outcome === 'declined') return standing
  const { voucherWon, accountWon, decided, cancellations } = standing
  if (cancellations.length > 0) throw new DeskRefusal('cancellation_under_way')
  if (keepWon > 0 && (accountWon > 0 || keepWon >= voucherWon)) {
    throw new DeskRefusal('part_cannot_be_kept')
  }
  const concernsPlatform = decided.voucherWon > 0 || decided.provisional
  await room.record({
    kind: 'reversed',
    saleId,
    keepWon,
    voucherWon: keepWon - voucherWon,
    accountWon: accountWon === 0 ? 0 : -accountWon,
    owes: concernsPlatform ? 'reverse' : null,
  })
  void room.notices.deliver(saleId)
  return standing
}

/**
 * A business cancellation (승인취소) of all that is left or of a part. The account gets its share back first, for it paid
 * last. Where nobody can say whether the voucher's share was given back, the same message is repeated at the same
 * gateway until somebody can; meanwhile nothing is credited and the cancellation stands as asked. @throws DeskRefusal
 */
export async function cancelSale(
  room: DeskRoom,
  saleId: string,
  givenAmountWon: number | undefined,
): Promise<CancellationStanding> {
  const standing = standingOf(room, saleId)
  const { sale, voucherWon, accountWon, cancellations } = standing
  requireCancellable(standing)
  const leftWon = voucherWon + accountWon
  const amountWon = givenAmountWon ?? leftWon
  if (amountWon > leftWon || amountWon === 0) throw new DeskRefusal('amount_too_high')
  // A part of what is only held is nobody's yet: less is completed instead.
  if (isHold(standing) && amountWon < leftWon) throw new DeskRefusal('complete_it_first')
  const askedWon = Math.max(0, amountWon - accountWon)
  const line = askedWon === 0 ? undefined : room.lines.pick(standing.decided?.gateway)
  if (askedWon > 0 && line === undefined) throw new DeskRefusal('no_line')
  const key = room.newKey(sale.key.terminal, 'cancellation')
  await room.record({
    kind: 'cancellation_asked',
    saleId,
    key,
    amountWon,
    askedWon,
    gateway: line?.gateway ?? null,
  })
  const cancellation = cancellations.at(-1)
  if (cancellation === undefined) throw new DeskRefusal('sale_unknown')
  if (askedWon === 0) await decideCancellation(room, cancellation.asked, 'not_asked', null, 0)
  else if (!(await askCancellation(room, cancellation.asked, false))) {
    repeatCancellation(room, cancellation.asked)
  }
  return cancellation
}

/** Asks again for the cancellations that were open when the company went down. */
export function resumeCancellations(room: DeskRoom): void {
  for (const { cancellations } of room.books.sales()) {
    for (const { asked, decided } of cancellations) {
      if (decided === undefined) repeatCancellation(room, asked)
    }
  }
}

function requireApproved({ decided, reversed }: SaleStanding): EntryOf<'decided'> {
  if (decided === undefined) throw new DeskRefusal('sale_under_way')
  if (decided.outcome === 'declined') throw new DeskRefusal('sale_not_approved')
  if (reversed !== undefined) throw new DeskRefusal('sale_reversed')
  return decided
}

function requireCancellable(standing: SaleStanding): void {
  requireApproved(standing)
  const { owed, cancellations } = standing
  // The platform has to know what is cancelled before it is.
  if (owed.length > 0 || cancellations.some(({ decided }) => decided === undefined)) {
    throw new DeskRefusal('cancellation_under_way')
  }
}

function isHold({ sale, completed }: SaleStanding): boolean {
  return sale.key.cardClass === 'authorization' && completed === undefined
}

/** Everything but a no. */
function mayHaveHappened({ decided }: CancellationStanding): boolean {
  return decided === undefined || decided.verdict === 'approved' || decided.verdict === 'not_asked'
}

type Asked = EntryOf<'cancellation_asked'>

function repeatCancellation(room: DeskRoom, asked: Asked): void {
  room.time.after(CANCELLATION_PAUSE_MS, () => {
    void repeatOnce(room, asked)
  })
}

async function repeatOnce(room: DeskRoom, asked: Asked): Promise<void> {
  if (!(await askCancellation(room, asked, true))) repeatCancellation(room, asked)
}

/** True once the cancellation was decided. */
async function askCancellation(room: DeskRoom, asked: Asked, isRepeat: boolean): Promise<boolean> {
  const { sale } = standingOf(room, asked.saleId)
  const line = room.lines.named(asked.gateway ?? '')
  if (line === undefined || !line.isOpen()) return false
  const { deadlineMs, repeatEverything } = room.behaviour.current()
  const key = cardKeyOf(asked.key)
  const heard = await askWithin(room.time, line, {
    message: {
      type: 'request',
      request: { kind: 'cancel', key, original: sale, amountWon: won(asked.askedWon) },
      isRepeat,
    },
    deadlineMs,
    repeats: repeatEverything,
    onLate: () => undefined,
  })
  if (heard.outcome !== 'answered' || heard.answer.verdict === 'unknown') return false
  const { verdict, reason, voucherWon } = heard.answer
  await decideCancellation(room, asked, verdict, reason ?? null, voucherWon)
  return true
}

async function decideCancellation(
  room: DeskRoom,
  asked: Asked,
  verdict: CardVerdict | 'not_asked',
  reason: string | null,
  givenBackWon: number,
): Promise<void> {
  const { saleId, key, amountWon, askedWon } = asked
  const isDone = verdict === 'approved' || verdict === 'not_asked'
  // What was only held is free again, however much of it the platform had found to hold.
  const isFree = isHold(standingOf(room, saleId))
  const backWon = isFree ? askedWon : Math.min(givenBackWon, askedWon)
  await room.record({
    kind: 'cancellation_decided',
    saleId,
    key,
    verdict,
    reason,
    voucherWon: isDone ? 0 - backWon : 0,
    accountWon: isDone ? askedWon - amountWon : 0,
  })
}
