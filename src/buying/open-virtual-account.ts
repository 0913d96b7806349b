/** Buying by virtual account: the purchase is reserved at the terms of now, and the bank opens a number for it. */
import {
  assert,
  Fault,
  formatId,
  MINUTE_MS,
  type IssuerId,
  type MemberId,
  type OperationId,
  type ProgramId,
  type Won,
} from '../base/base.ts'
import {
  depositEventOfAnswer,
  depositEventOfFault,
  rulesAt,
  type MemberMoneyRefusal,
  type VirtualAccountAnswer,
} from '../issuing/issuing.ts'
import {
  changeRecords,
  findRecord,
  naturalKey,
  newRecord,
  type MemberAccount,
  type VirtualAccountBody,
} from '../registration/registration.ts'
import { refused, type BuyingDeps, type BuyingRefused } from './buying-deps.ts'
import {
  advance,
  findVirtualAccount,
  follow,
  isOpen,
  virtualAccountOf,
  virtualAccountsOf,
  type BankWord,
  type VirtualAccount,
} from './virtual-account-records.ts'

export interface DepositPurchase {
  readonly issuerId: IssuerId
  readonly operationId: OperationId
  readonly memberId: MemberId
  readonly programId: ProgramId
  readonly faceWon: Won
}

export type DepositPurchaseAnswer =
  | { readonly status: 'registered'; readonly account: VirtualAccount }
  | BuyingRefused

export async function openVirtualAccount(
  deps: BuyingDeps,
  command: DepositPurchase,
): Promise<DepositPurchaseAnswer> {
  const { issuerId, operationId, memberId, programId, faceWon } = command
  const known = await findVirtualAccount(deps, issuerId, operationId)
  if (known !== undefined) {
    const isSame =
      known.memberId === memberId && known.programId === programId && known.faceWon === faceWon
    return isSame ? registered(await askBank(deps, known)) : { status: 'key_reused' }
  }
  const buyer = await deps.member(issuerId, memberId)
  if (buyer === undefined) return refused('member_left')
  const quoted = deps.selling.quote({ issuerId, member: buyer.member, programId, faceWon })
  const payWon = quoted.outcome === 'offered' ? quoted.quote.payWon : undefined
  const against = payWon === undefined ? undefined : await refusalOf(deps, { buyer, payWon })
  if (against !== undefined) return refused(against)
  const { member, walletId } = buyer
  const purchase = { issuerId, operationId, member, walletId, programId, faceWon }
  const reserved = await deps.selling.reserve(purchase)
  if (reserved.status !== 'reserved') return reserved
  // Only a repeat whose terms have ended since, and whose first died here: it lapses in its time.
  if (payWon === undefined) throw new Fault('postgres_answer_lost', 'a purchase that is known')
  const { account, isNew } = await writeDown(deps, { ...command, buyer, payWon })
  if (isNew && (await isOneTooMany(deps, account))) {
    await advance(deps, account, { event: 'order_not_sent' })
    return refused('virtual_accounts_full')
  }
  return registered(await askBank(deps, account, isNew))
}

async function registered(asked: Promise<VirtualAccount> | VirtualAccount) {
  return { status: 'registered', account: await asked } as const
}

/** What the issuer's rules say against it; the terms are asked by the reservation. */
async function refusalOf(
  deps: BuyingDeps,
  { buyer, payWon }: { readonly buyer: MemberAccount; readonly payWon: Won },
): Promise<MemberMoneyRefusal | undefined> {
  const { issuerId, memberId } = buyer.member
  const rules = rulesAt(deps.issuing.issuerRules(issuerId), deps.clock())
  const { virtualAccountsOpenMax, virtualAccountWonMin, virtualAccountBelowWon } = rules
  const maySend = buyer.accountToken !== undefined && buyer.debitConsentId !== undefined
  const isTooMuch = maySend && virtualAccountBelowWon !== null && payWon >= virtualAccountBelowWon
  if (virtualAccountsOpenMax === 0 || isTooMuch || payWon < virtualAccountWonMin) {
    return 'virtual_account_not_offered'
  }
  const open = (await virtualAccountsOf(deps, issuerId, memberId)).filter(isOpen)
  return open.length >= virtualAccountsOpenMax ? 'virtual_accounts_full' : undefined
}

/** Counted once more with its own record there: of several at once the last to be written sees all of them. */
async function isOneTooMany(
  deps: BuyingDeps,
  { issuerId, memberId }: VirtualAccount,
): Promise<boolean> {
  const rules = rulesAt(deps.issuing.issuerRules(issuerId), deps.clock())
  const open = (await virtualAccountsOf(deps, issuerId, memberId)).filter(isOpen)
  return open.length > rules.virtualAccountsOpenMax
}

interface WrittenDown {
  readonly account: VirtualAccount
  readonly isNew: boolean
}

async function writeDown(
  deps: BuyingDeps,
  wish: DepositPurchase & { readonly buyer: MemberAccount; readonly payWon: Won },
): Promise<WrittenDown> {
  const { issuerId, operationId, memberId, programId, faceWon, payWon, buyer } = wish
  const now = deps.clock()
  const { virtualAccountMinutes } = rulesAt(deps.issuing.issuerRules(issuerId), now)
  const key = naturalKey.request(operationId)
  return changeRecords<WrittenDown>(deps.registry, issuerId, now, async () => {
    const known = await findRecord(deps.registry, issuerId, 'virtual_account', key)
    if (known !== undefined) {
      return { answer: { account: virtualAccountOf(issuerId, known), isNew: false } }
    }
    const body: VirtualAccountBody = {
      purchaseId: operationId,
      memberId,
      walletId: buyer.walletId,
      programId,
      faceWon,
      payWon,
      state: 'prepared',
      openedAt: now,
      depositUntil: now + virtualAccountMinutes * MINUTE_MS,
      bankCode: null,
      accountNumber: null,
      depositId: null,
      endedAt: null,
    }
    const record = { recordId: deps.ids.next('cas'), version: 1, body }
    const keys = [key, naturalKey.ofMember(memberId, record.recordId)]
    return {
      answer: { account: virtualAccountOf(issuerId, record), isNew: true },
      by: formatId('mbr', memberId),
      records: [newRecord('virtual_account', { ...record, keys })],
    }
  })
}

/** Has the bank open the account, or tell how it stands; its silence leaves the purchase as it is. */
export async function askBank(
  deps: BuyingDeps,
  account: VirtualAccount,
  isFirst = false,
): Promise<VirtualAccount> {
  if (!isOpen(account)) {
    await follow(deps, account)
    return account
  }
  const { issuerId, purchaseId, payWon, depositUntil } = account
  const order = { accountId: purchaseId, issuerId, amountWon: payWon, expiresAt: depositUntil }
  const word = await wordOf(() => deps.bank.open(order), isFirst)
  const { account: then, action } = await advance(deps, account, word)
  // Given up while the bank opened it; where this is not heard, the account runs out by itself.
  if (action === 'close_account') await wordOf(() => deps.bank.close(purchaseId), false)
  return then
}

/** Has the bank close the account; what is paid stays paid. @throws Fault where the bank is silent and `isStrict` */
export async function closeVirtualAccount(
  deps: BuyingDeps,
  account: VirtualAccount,
  { isStrict }: { readonly isStrict: boolean },
): Promise<VirtualAccount> {
  if (!isOpen(account)) {
    await follow(deps, account)
    return account
  }
  const close = () => deps.bank.close(account.purchaseId)
  const word = isStrict ? wordOfAnswer(await close()) : await wordOf(close, false)
  assert(word.event !== 'account_open', 'an account that was closed is not open')
  return (await advance(deps, account, word)).account
}

async function wordOf(
  ask: () => Promise<VirtualAccountAnswer>,
  isFirst: boolean,
): Promise<BankWord> {
  try {
    return wordOfAnswer(await ask())
  } catch (error) {
    if (error instanceof Fault) return { event: depositEventOfFault(error, isFirst) }
    throw error
  }
}

function wordOfAnswer(answer: VirtualAccountAnswer): BankWord {
  const event = depositEventOfAnswer(answer)
  if (answer.status === 'open') {
    const { bankCode, accountNumber } = answer
    return { event, bankCode, accountNumber }
  }
  return answer.status === 'deposited' ? { event, depositId: answer.depositId } : { event }
}
