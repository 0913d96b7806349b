/**
 * Reads what the bank says. Only an answer to the very question counts; whatever else arrives, however
 * friendly, is no answer.
 */
import type { OperationId, Won } from '../base/base.ts'
import { bankRefusals, type DebitAnswer } from '../issuing/issuing.ts'
import { Type } from 'typebox'
import { Check } from 'typebox/value'

/** What we asked: an answer must name the same debit and, where we named one, the same amount. */
export interface BankQuestion {
  readonly debitId: OperationId
  readonly amountWon?: Won
  readonly messageNumber: string
}

export interface BankReply {
  readonly httpStatus: number
  readonly messageNumber: string | undefined
  readonly text: string
}

/** The reply cannot be taken for an answer. Internal: its words go to the log, not to people. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  /** The bank itself says that it booked nothing. */
  readonly nothingBooked: boolean
  constructor(message: string, options: { nothingBooked: boolean } = { nothingBooked: false }) {
    super(message)
    this.nothingBooked = options.nothingBooked
  }
}

// Other fields may come along; the named ones must be right.
const Undecided = Type.Object({
  status: Type.Enum(['debited', 'pending']),
  debitId: Type.String(),
  amountWon: Type.Integer(),
})
const Refused = Type.Object({
  status: Type.Literal('refused'),
  debitId: Type.String(),
  reason: Type.Enum([...bankRefusals]),
})
const Unknown = Type.Object({
  status: Type.Literal('unknown_debit'),
  debitId: Type.String(),
  closed: Type.Literal(true),
})
const NothingBooked = Type.Object({ error: Type.Literal('nothing_booked') })

/** @throws NoAnswer where the reply is not an answer to the question */
export function readBankReply(question: BankQuestion, reply: BankReply): DebitAnswer {
  const { httpStatus } = reply
  if (reply.messageNumber !== question.messageNumber) {
    // After a duplicate on the connection this may be the answer to an earlier question.
    throw new NoAnswer('the answer bears the number of another message')
  }
  const body = parseJson(reply.text)
  if (httpStatus === 503 && Check(NothingBooked, body)) {
    throw new NoAnswer('the bank is closed and says that it booked nothing', {
      nothingBooked: true,
    })
  }
  if (httpStatus === 200 && Check(Undecided, body)) {
    requireSameDebit(question, body.debitId)
    if (question.amountWon !== undefined && body.amountWon !== question.amountWon) {
      throw new NoAnswer(`the answer is about ${body.amountWon} won, not ${question.amountWon}`)
    }
    return { status: body.status }
  }
  if (httpStatus === 200 && Check(Refused, body)) {
    requireSameDebit(question, body.debitId)
    return { status: 'refused', reason: body.reason }
  }
  if (httpStatus === 404 && Check(Unknown, body)) {
    requireSameDebit(question, body.debitId)
    return { status: 'unknown_debit' }
  }
  throw new NoAnswer(`HTTP ${httpStatus} with a body that is no answer`)
}

function requireSameDebit(question: BankQuestion, debitId: string): void {
  if (debitId !== question.debitId) throw new NoAnswer('the answer is about another debit')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON is one more thing that is not an answer; the caller's checks say so.
    return undefined
  }
}
