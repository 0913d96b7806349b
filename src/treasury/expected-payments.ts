/** 보조금 교부: what funders are expected to pay in, recorded by an officer, claimed by one entry of the bank each. */
import {
  cleanText,
  type BusinessDate,
  type Funder,
  type Instant,
  type IssuerId,
  type OperationId,
  type Won,
} from '../base/base.ts'
import {
  changeRecords,
  findRecord,
  naturalKey,
  newRecord,
  readRecord,
  recordOf,
  refused,
  type Change,
  type ExpectedPaymentBody,
  type RecordOf,
  type Registered,
} from '../registration/registration.ts'
import type { TreasuryDeps } from './treasury-deps.ts'
import type { BankEntry } from './treasury-store.ts'

export interface ExpectedPayment extends ExpectedPaymentBody {
  readonly expectedId: number
}
export interface PaymentExpectation {
  readonly requestId: OperationId
  readonly funder: Funder
  readonly amountWon: Won
  readonly expectedOn: BusinessDate
  readonly reference: string
  /** Who recorded it, as id text. */
  readonly by: string
}

const REFERENCE_LENGTH_MAX = 40
/** A reference that fits every entry would claim anybody's money. */
const REFERENCE_LENGTH_MIN = 4
const PAGE = 200

/** The same request again gives what it brought about. */
export async function expectPayment(
  deps: Pick<TreasuryDeps, 'registry' | 'ids'>,
  issuerId: IssuerId,
  { by, ...wanted }: PaymentExpectation,
  now: Instant,
): Promise<Registered<{ readonly expected: ExpectedPayment }>> {
  const reference = cleanText(wanted.reference, REFERENCE_LENGTH_MAX)
  if (reference === undefined || reference.length < REFERENCE_LENGTH_MIN) {
    return refused('field_invalid', 'reference')
  }
  if (wanted.amountWon <= 0) return refused('field_invalid', 'amountWon')
  const key = naturalKey.request(wanted.requestId)
  const decide = async (): Promise<Change<Registered<{ expected: ExpectedPayment }>>> => {
    const known = await findRecord(deps.registry, issuerId, 'expected_payment', key)
    if (known !== undefined) {
      const isSame = (['funder', 'amountWon', 'expectedOn'] as const).every(
        (field) => known.body[field] === wanted[field],
      )
      const answer = { status: 'registered', expected: expectedOf(known) } as const
      return { answer: isSame ? answer : refused('request_reused') }
    }
    const body = { ...wanted, reference, state: 'open', entryNumber: null } as const
    const record = { recordId: deps.ids.next('cas'), version: 1, body }
    const records = [newRecord('expected_payment', { ...record, keys: [key] })]
    return { answer: { status: 'registered', expected: expectedOf(record) }, by, records }
  }
  return changeRecords(deps.registry, issuerId, now, decide)
}

/** Newest first. */
export async function expectedPayments(
  { registry }: Pick<TreasuryDeps, 'registry'>,
  issuerId: IssuerId,
  page: { readonly state?: ExpectedPaymentBody['state']; readonly limit: number },
): Promise<readonly ExpectedPayment[]> {
  const stored = await registry.list(issuerId, 'expected_payment', page)
  return stored.map((each) => expectedOf(recordOf('expected_payment', each)))
}

/**
 * The expected payment that an entry is, claimed for it: its own already, or the oldest open one of that amount whose
 * reference the entry bears. A claim is made before anything is decided, so two entries never share one.
 */
export async function claimPayment(
  deps: TreasuryDeps,
  issuerId: IssuerId,
  entry: Pick<BankEntry, 'entryNumber' | 'amountWon' | 'counterparty' | 'reference'>,
  now: Instant,
): Promise<ExpectedPayment | undefined> {
  const { entryNumber, amountWon } = entry
  const bears = (reference: string): boolean =>
    entry.reference.includes(reference) || entry.counterparty.includes(reference)
  const claimed = await expectedPayments(deps, issuerId, { state: 'claimed', limit: PAGE })
  const own = claimed.find((one) => one.entryNumber === entryNumber)
  if (own !== undefined) return own
  const open = await expectedPayments(deps, issuerId, { state: 'open', limit: PAGE })
  const fitting = open.findLast((one) => one.amountWon === amountWon && bears(one.reference))
  if (fitting === undefined) return undefined
  const changed = await changePayment(
    deps,
    issuerId,
    { id: fitting.expectedId, now, by: 'system' },
    (body) => (body.state === 'open' ? { ...body, state: 'claimed', entryNumber } : undefined),
  )
  return changed?.entryNumber === entryNumber ? changed : undefined
}

/** The ledger has it. */
export async function payExpected(
  deps: TreasuryDeps,
  issuerId: IssuerId,
  id: number,
  now: Instant,
): Promise<void> {
  await changePayment(deps, issuerId, { id, now, by: 'system' }, (body) =>
    body.state === 'claimed' ? { ...body, state: 'paid' } : undefined,
  )
}

/** @returns as it stands then; `undefined` where there is none */
export function withdrawExpected(
  deps: TreasuryDeps,
  issuerId: IssuerId,
  change: { readonly id: number; readonly now: Instant; readonly by: string },
): Promise<ExpectedPayment | undefined> {
  return changePayment(deps, issuerId, change, (body) =>
    body.state === 'open' ? { ...body, state: 'withdrawn' } : undefined,
  )
}

function changePayment(
  deps: TreasuryDeps,
  issuerId: IssuerId,
  { id, now, by }: { readonly id: number; readonly now: Instant; readonly by: string },
  change: (body: ExpectedPaymentBody) => ExpectedPaymentBody | undefined,
): Promise<ExpectedPayment | undefined> {
  const decide = async (): Promise<Change<ExpectedPayment | undefined>> => {
    const known = await readRecord(deps.registry, issuerId, 'expected_payment', id)
    const body = known && change(known.body)
    if (known === undefined || body === undefined) return { answer: known && expectedOf(known) }
    const next = { recordId: id, version: known.version + 1, body }
    return { answer: expectedOf(next), by, records: [newRecord('expected_payment', next)] }
  }
  return changeRecords(deps.registry, issuerId, now, decide)
}

function expectedOf({ recordId, body }: RecordOf<'expected_payment'>): ExpectedPayment {
  return { expectedId: recordId, ...body }
}
