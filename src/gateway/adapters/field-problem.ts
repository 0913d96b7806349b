/** What is wrong with a field's meaning; thrown inside an adapter and turned into an `UnreadMessage` at its edge. */
import { isWon, type Won } from '../../base/base.ts'
import type { UnreadMessage } from '../partner-adapter.ts'

export class FieldProblem extends Error {
  override readonly name = 'FieldProblem'
  readonly problem: UnreadMessage['problem']
  /** Such as `DE 4` or `거래금액`. */
  readonly field: string
  /** @param detail never shows a value */
  constructor(field: string, detail: string, problem: UnreadMessage['problem'] = 'field_invalid') {
    super(detail)
    this.field = field
    this.problem = problem
  }
}

/** The value, or a problem with the field. */
export function present<Value>(value: Value | undefined, field: string, detail: string): Value {
  if (value === undefined) throw new FieldProblem(field, detail)
  return value
}

/** Digits as an amount of nothing or more. */
export function amountOf(digits: string, field: string): Won {
  const amount = Number(digits)
  if (!isWon(amount)) throw new FieldProblem(field, 'not an amount of won')
  return amount
}

/** A sale is of something. */
export function positiveAmountOf(digits: string, field: string): Won {
  const amount = amountOf(digits, field)
  if (amount === 0) throw new FieldProblem(field, 'an amount of nothing')
  return amount
}
