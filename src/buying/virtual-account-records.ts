/**
 * A purchase by virtual account in the registry: how it is found, and the steps of its machine. The record decides, by
 * the order of its versions; ledger and notices follow it, again and again without harm, so that whoever dies between
 * them leaves nothing undone.
 */
import {
  assert,
  type CaseId,
  type IssuerId,
  type MemberId,
  type OperationId,
} from '../base/base.ts'
import { nextDepositStep, type DepositAction, type DepositEvent } from '../issuing/issuing.ts'
import {
  changeRecords,
  findRecord,
  keyPrefix,
  naturalKey,
  newRecord,
  readRecord,
  recordOf,
  type RecordOf,
  type VirtualAccountBody,
} from '../registration/registration.ts'
import { programFacts, type BuyingDeps } from './buying-deps.ts'

export interface VirtualAccount extends VirtualAccountBody {
  readonly issuerId: IssuerId
  readonly recordId: CaseId
}

/** Of one member, newest first. */
const LISTED_MAX = 100

export function virtualAccountOf(
  issuerId: IssuerId,
  { recordId, body }: RecordOf<'virtual_account'>,
): VirtualAccount {
  return { issuerId, recordId: recordId as CaseId, ...body } // Drawn as a case's.
}

export async function findVirtualAccount(
  { registry }: Pick<BuyingDeps, 'registry'>,
  issuerId: IssuerId,
  purchaseId: OperationId,
): Promise<VirtualAccount | undefined> {
  const key = naturalKey.request(purchaseId)
  const record = await findRecord(registry, issuerId, 'virtual_account', key)
  return record && virtualAccountOf(issuerId, record)
}

export async function virtualAccountsOf(
  { registry }: Pick<BuyingDeps, 'registry'>,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<readonly VirtualAccount[]> {
  const prefix = keyPrefix.ofMember(memberId)
  const stored = await registry.listByKey(issuerId, 'virtual_account', prefix, LISTED_MAX)
  return stored.map((each) => virtualAccountOf(issuerId, recordOf('virtual_account', each)))
}

export function isOpen({ state }: Pick<VirtualAccount, 'state'>): boolean {
  return state === 'prepared' || state === 'waiting'
}

/** What the bank said, as the machine hears it. */
export interface BankWord {
  readonly event: DepositEvent
  /** Of `account_open`. */
  readonly bankCode?: string
  readonly accountNumber?: string
  /** Of `deposit_came`. */
  readonly depositId?: string
}

/** Takes the step that the table names; the ledger follows. @returns the account then, and what is left for the bank */
export async function advance(
  deps: BuyingDeps,
  { issuerId, recordId }: Pick<VirtualAccount, 'issuerId' | 'recordId'>,
  word: BankWord,
): Promise<{ readonly account: VirtualAccount; readonly action: DepositAction }> {
  const now = deps.clock()
  const taken = await changeRecords<{ account: VirtualAccount; action: DepositAction }>(
    deps.registry,
    issuerId,
    now,
    async () => {
      const known = await readRecord(deps.registry, issuerId, 'virtual_account', recordId)
      assert(known !== undefined, 'a virtual account is never removed')
      const { state, action } = nextDepositStep(known.body.state, word.event)
      if (state === known.body.state) {
        return { answer: { account: virtualAccountOf(issuerId, known), action } }
      }
      const { bankCode = null, accountNumber = null, depositId = null } = word
      const isEnd = state === 'paid' || state === 'lapsed'
      const body: VirtualAccountBody = {
        ...known.body,
        state,
        ...(state === 'waiting' ? { bankCode, accountNumber } : {}),
        ...(state === 'paid' ? { depositId } : {}),
        endedAt: isEnd ? now : null,
      }
      const next = { recordId, version: known.version + 1, body }
      return {
        answer: { account: virtualAccountOf(issuerId, next), action },
        by: 'system',
        records: [newRecord('virtual_account', next)],
      }
    },
  )
  await follow(deps, taken.account)
  if (taken.action === 'open_case') await openContradiction(deps, taken.account, word.event)
  return taken
}

/** Brings the ledger to where the record is, and tells the member; done already, nothing happens. */
export async function follow(deps: BuyingDeps, account: VirtualAccount): Promise<void> {
  const { issuerId, purchaseId, memberId, state, faceWon, payWon, accountNumber } = account
  if (isOpen(account)) return
  const isPaid = state === 'paid'
  const record = await deps.selling.conclude(issuerId, purchaseId, isPaid)
  if ((record.state === 'completed') !== isPaid) {
    await openContradiction(deps, account, isPaid ? 'deposit_came' : 'account_closed')
    return
  }
  // Nobody was told of a number: the answer to the member said so already.
  if (!isPaid && accountNumber === null) return
  const facts = programFacts(deps, issuerId, { ...account, amountWon: faceWon })
  await deps.casebook.notify(issuerId, {
    memberId,
    noticeKind: isPaid ? 'deposit_paid' : 'deposit_lapsed',
    subject: purchaseId,
    facts: { ...facts, payWon },
  })
}

async function openContradiction(
  { casebook }: BuyingDeps,
  { issuerId, purchaseId, state, payWon }: VirtualAccount,
  event: DepositEvent,
): Promise<void> {
  await casebook.openCase({
    issuerId,
    caseKind: 'deposit_contradicted',
    subject: purchaseId,
    owner: 'operator',
    facts: { state, event, payWon },
  })
}
