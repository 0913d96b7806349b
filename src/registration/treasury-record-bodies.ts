/** The shape of records about the treasury bank: what funders are expected to pay in. */
import {
  funders,
  type BusinessDate,
  type Funder,
  type OperationId,
  type Won,
} from '../base/base.ts'
import {
  date,
  nullable,
  oneOf,
  operation,
  shape,
  text,
  wonAmount,
  type Reader,
} from './record-shape.ts'

/** `claimed`: an entry of the bank is it; `paid`: and the ledger has it. */
export const expectedPaymentStates = ['open', 'claimed', 'paid', 'withdrawn'] as const

/** 보조금 교부 as an officer recorded it. */
export interface ExpectedPaymentBody {
  readonly requestId: OperationId
  readonly funder: Funder
  readonly amountWon: Won
  readonly expectedOn: BusinessDate
  /** What the entry will bear in its reference or its counterparty. */
  readonly reference: string
  readonly state: (typeof expectedPaymentStates)[number]
  /** The bank's entry. */
  readonly entryNumber: string | null
}

export interface TreasuryBodies {
  readonly expected_payment: ExpectedPaymentBody
}

export const treasuryReaders: {
  readonly [Kind in keyof TreasuryBodies]: Reader<TreasuryBodies[Kind]>
} = {
  expected_payment: shape<ExpectedPaymentBody>({
    requestId: operation,
    funder: oneOf(funders),
    amountWon: wonAmount,
    expectedOn: date,
    reference: text,
    state: oneOf(expectedPaymentStates),
    entryNumber: nullable(text),
  }),
}
