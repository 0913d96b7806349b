/** The words in which the simulated bank answers, made from the entries of its books. */
import { assert } from '../src/base/base.ts'
import type { Entry } from './bank-books.ts'

export interface Answer {
  readonly httpStatus: number
  readonly body: object
}

/** Instants on the wire are RFC 3339 text in UTC, amounts integers of won. */
export function wireTime(entry: Entry): string {
  return new Date(entry.at).toISOString()
}

function ok(body: object): Answer {
  return { httpStatus: 200, body }
}

export function unknownDebit(debitId: string, closed: boolean): Answer {
  return { httpStatus: 404, body: { status: 'unknown_debit', debitId, closed } }
}

/** What a debit is answered: a closed id is a refusal to whoever still tries to debit under it. */
export function debitAnswer(entry: Entry): Answer {
  const { debitId } = entry
  const at = wireTime(entry)
  if (entry.kind === 'closure')
    return ok({ status: 'refused', debitId, reason: 'debit_closed', at })
  return enquiryAnswer(entry)
}

export function enquiryAnswer(entry: Entry): Answer {
  const { debitId } = entry
  const at = wireTime(entry)
  assert(entry.kind !== 'refund', 'a debit is not asked about by the id of a refund')
  if (entry.kind === 'closure') return unknownDebit(debitId, true)
  const { amountWon } = entry
  if (entry.kind === 'acceptance') return ok({ status: 'pending', debitId, amountWon, at })
  return entry.refusal === null
    ? ok({ status: 'debited', debitId, amountWon, at })
    : ok({ status: 'refused', debitId, reason: entry.refusal, at })
}

export function refundAnswer(entry: Entry): Answer {
  assert(entry.kind === 'refund', 'a refund is answered from its own entry')
  const { refundId, debitId, amountWon, refusal } = entry
  const at = wireTime(entry)
  return refusal === null
    ? ok({ status: 'refunded', refundId, debitId, amountWon, at })
    : ok({ status: 'refused', refundId, debitId, reason: refusal, at })
}
