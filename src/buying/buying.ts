/**
 * Buying beside a debit on the spot: by virtual account (가상계좌), which waits for the member's own deposit, and by a
 * standing order (자동충전), which buys by itself. Both take the one way of selling, with its terms, caps, quotas and pots.
 */
import type { IssuerId, MemberId, OperationId } from '../base/base.ts'
import type { BuyingDeps } from './buying-deps.ts'
import { depositTurn, type DepositTurn } from './deposits.ts'
import {
  askBank,
  closeVirtualAccount,
  openVirtualAccount,
  type DepositPurchase,
  type DepositPurchaseAnswer,
} from './open-virtual-account.ts'
import { topUpTurn, type TopUpTurn } from './run-top-ups.ts'
import {
  startTopUp,
  stopTopUp,
  topUpsOf,
  type TopUp,
  type TopUpAnswer,
  type TopUpStart,
} from './top-up-orders.ts'
import {
  findVirtualAccount,
  virtualAccountsOf,
  type VirtualAccount,
} from './virtual-account-records.ts'

export { type BuyingDeps, type BuyingRefused } from './buying-deps.ts'
export { DEPOSITS_A_STEP, type DepositTurn } from './deposits.ts'
export { type DepositPurchase, type DepositPurchaseAnswer } from './open-virtual-account.ts'
export { ORDERS_A_STEP, type TopUpTurn } from './run-top-ups.ts'
export { type TopUp, type TopUpAnswer, type TopUpStart } from './top-up-orders.ts'
export { type VirtualAccount } from './virtual-account-records.ts'

export interface OwnPurchase {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  readonly purchaseId: OperationId
}

/** All throw the Faults of ledger and registry. */
export interface Buying {
  /** The same key again tells how it stands; where the number's answer was lost, the bank is asked again. */
  openVirtualAccount(command: DepositPurchase): Promise<DepositPurchaseAnswer>
  /** How the purchase stands; while it is open the bank is asked, and its silence changes nothing. */
  lookAtVirtualAccount(own: OwnPurchase): Promise<DepositPurchaseAnswer>
  /** The member does not pay after all. What has been paid stays bought. @throws Fault where the bank is silent */
  closeVirtualAccount(own: OwnPurchase): Promise<DepositPurchaseAnswer>
  virtualAccountsOf(issuerId: IssuerId, memberId: MemberId): Promise<readonly VirtualAccount[]>
  startTopUp(command: TopUpStart): Promise<TopUpAnswer>
  stopTopUp(command: Parameters<typeof stopTopUp>[1]): Promise<TopUpAnswer>
  topUpsOf(issuerId: IssuerId, memberId: MemberId): Promise<readonly TopUp[]>
  /** @param isThorough asks the bank also where nothing waits; absent: it does */
  depositTurn(issuerId: IssuerId, isThorough?: boolean): Promise<DepositTurn>
  topUpTurn(issuerId: IssuerId, before?: number): Promise<TopUpTurn>
}

export function createBuying(deps: BuyingDeps): Buying {
  const own = async (
    { issuerId, memberId, purchaseId }: OwnPurchase,
    act: (account: VirtualAccount) => Promise<VirtualAccount>,
  ): Promise<DepositPurchaseAnswer> => {
    const account = await findVirtualAccount(deps, issuerId, purchaseId)
    return account?.memberId === memberId
      ? { status: 'registered', account: await act(account) }
      : { status: 'refused', reason: 'virtual_account_unknown' }
  }
  return {
    openVirtualAccount: (command) => openVirtualAccount(deps, command),
    lookAtVirtualAccount: (look) => own(look, (account) => askBank(deps, account)),
    closeVirtualAccount: (look) =>
      own(look, (account) => closeVirtualAccount(deps, account, { isStrict: true })),
    virtualAccountsOf: (issuerId, memberId) => virtualAccountsOf(deps, issuerId, memberId),
    startTopUp: (command) => startTopUp(deps, command),
    stopTopUp: (command) => stopTopUp(deps, command),
    topUpsOf: (issuerId, memberId) => topUpsOf(deps, issuerId, memberId),
    depositTurn: (issuerId, isThorough = true) => depositTurn(deps, issuerId, isThorough),
    topUpTurn: (issuerId, before) => topUpTurn(deps, issuerId, before),
  }
}
