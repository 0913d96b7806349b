/**
 * Can this be the core's answer to this question? A core that answers nonsense must not become money: what contradicts
 * itself or the question is a fault, and the gateway stands in.
 */
import { AMOUNT_WON_MAX } from '../base/base.ts'
import type { CardAnswer } from './card-answer.ts'
import { readCardAnswer } from './card-wire.ts'
import type { CardRequest, CardSale } from './card-message.ts'
import type { WireRead } from './wire-shape.ts'

/** Reads an answer of the core and holds it against its question. */
export function readAnswerTo(request: CardRequest, value: unknown): WireRead<CardAnswer> {
  const read = readCardAnswer(value)
  if (!read.ok) return read
  const problem = answerProblem(request, read.value)
  return problem === undefined ? read : { ok: false, problem }
}

/** What is wrong with an answer of the core; `undefined` where nothing is. */
export function answerProblem(request: CardRequest, answer: CardAnswer): string | undefined {
  if (answer.decidedBy !== 'core') return 'answer is not the core’s own'
  if (answer.verdict === 'unknown') return 'answer says that the core itself does not know'
  if ((answer.verdict === 'approved') !== (answer.reason === undefined)) {
    // A partial approval may say why it is one.
    if (answer.verdict !== 'partially_approved') return 'answer has a reason where none belongs'
  }
  switch (request.kind) {
    case 'authorize':
    case 'pay':
      return saleProblem(request.sale, answer)
    case 'cancel':
      return cancellationProblem(request.amountWon, answer)
    default:
      return movesNothing(answer) ? undefined : 'answer moves money where none was asked for'
  }
}

function saleProblem(sale: CardSale, answer: CardAnswer): string | undefined {
  const { verdict, voucherWon, accountWon, source } = answer
  const isApproval = verdict === 'approved' || verdict === 'partially_approved'
  if (isApproval !== (answer.approvalCode !== undefined)) return 'approval code does not fit'
  switch (verdict) {
    case 'approved':
      return voucherWon === sale.amountWon && accountWon === 0 && source === 'voucher'
        ? undefined
        : 'an approval is not of the whole sale'
    case 'partially_approved':
      return sale.partialAllowed &&
        voucherWon > 0 &&
        accountWon > 0 &&
        voucherWon + accountWon === sale.amountWon &&
        source === 'voucher_and_account'
        ? undefined
        : 'a partial approval does not add up to the sale, or was not allowed'
    case 'not_applicable':
      return voucherWon === 0 && accountWon === sale.amountWon && source === 'account'
        ? undefined
        : 'not applicable does not leave the whole sale to the account'
    default:
      return movesNothing(answer) ? undefined : 'a decline moves money'
  }
}

function cancellationProblem(askedWon: number | undefined, answer: CardAnswer): string | undefined {
  if (answer.verdict === 'declined') {
    return movesNothing(answer) ? undefined : 'a decline moves money'
  }
  return answer.verdict === 'approved' &&
    answer.voucherWon > 0 &&
    answer.voucherWon <= (askedWon ?? AMOUNT_WON_MAX) &&
    answer.accountWon === 0 &&
    answer.source === 'voucher' &&
    answer.approvalCode !== undefined
    ? undefined
    : 'a cancellation gives back more than was asked for, or nothing'
}

function movesNothing({ voucherWon, accountWon, source }: CardAnswer): boolean {
  return voucherWon === 0 && accountWon === 0 && source === 'none'
}
