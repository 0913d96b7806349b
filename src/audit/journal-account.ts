/**
 * What the ledger's accounts are called in a journal that is written out: names that a bookkeeper reads without knowing
 * our kinds. Only ids stand in them, never a person's or a shop's name.
 */
import { formatId, funders, id, type IdPrefix } from '../base/base.ts'
import type { AccountKind } from '../ledger/ledger.ts'

/** Ids are `bigint`: what somebody made of a row is written as it stands, and never rounded. */
export interface JournalAccount {
  readonly kind: AccountKind
  readonly id: bigint
  /** Of a lot and its hold: whose wallet; `undefined` also where the books have no such lot. */
  readonly walletId: bigint | undefined
}

/** Asset, liability, revenue, expense: the letters are those of hledger. */
export type AccountType = 'A' | 'L' | 'R' | 'X'

interface AccountClass {
  readonly type: AccountType
  /** Where one account stands for the whole issuer this is its name, else the account above all of the kind. */
  readonly name: string
  readonly meaningKo: string
  readonly meaningEn: string
  /** What tells one account of the kind from another. */
  readonly below: (account: JournalAccount) => readonly string[]
}

const alone = () => []
const ofLot = ({ id: lotId, walletId }: JournalAccount) => [
  walletId === undefined ? 'no-such-lot' : idText('wlt', walletId),
  idText('lot', lotId),
]

/** Every kind of account. A debit raises assets and expenses, a credit liabilities and revenues. */
export const accountClasses: Readonly<Record<AccountKind, AccountClass>> = {
  operating_fund: {
    type: 'A',
    name: 'assets:operating-fund',
    meaningKo: '상품권 운영자금',
    meaningEn: 'what buyers paid, at the bank of the municipality',
    below: alone,
  },
  subsidy_receivable: {
    type: 'A',
    name: 'assets:subsidy-receivable',
    meaningKo: '보조금 미수금',
    meaningEn: 'what each funder owes for benefits given',
    below: ({ id: funder }) => [funders[Number(funder) - 1] ?? `funder-${funder}`],
  },
  lot: {
    type: 'L',
    name: 'liabilities:wallets',
    meaningKo: '지갑 내 권종별 잔액',
    meaningEn: 'what a lot still is worth',
    below: ofLot,
  },
  lot_hold: {
    type: 'L',
    name: 'liabilities:holds',
    meaningKo: '선점 잔액',
    meaningEn: 'what is set aside of a lot',
    below: ofLot,
  },
  offline_reserve: {
    type: 'L',
    name: 'liabilities:offline-reserve',
    meaningKo: '오프라인 유보금',
    meaningEn: 'what is reserved for payments without a network',
    below: alone,
  },
  merchant_payable: {
    type: 'L',
    name: 'liabilities:merchants',
    meaningKo: '가맹점 미지급금',
    meaningEn: 'what a merchant is owed',
    below: ({ id: merchantId }) => [idText('mrc', merchantId)],
  },
  settlement_in_transit: {
    type: 'L',
    name: 'liabilities:settlement-in-transit',
    meaningKo: '정산 중 자금',
    meaningEn: 'what is on its way to those who are paid out',
    below: alone,
  },
  card_clearing: {
    type: 'L',
    name: 'liabilities:card-clearing',
    meaningKo: '카드 청산',
    meaningEn: 'what is open with a card company',
    below: ({ id: partnerId }) => [idText('prt', partnerId)],
  },
  breakage: {
    type: 'R',
    name: 'revenues:breakage',
    meaningKo: '낙전',
    meaningEn: 'what expired unspent',
    below: alone,
  },
  standin_loss: {
    type: 'X',
    name: 'expenses:standin-loss',
    meaningKo: '대행승인 손실',
    meaningEn: 'what was approved for the ledger and could not be covered',
    below: alone,
  },
  merchant_fee: {
    type: 'R',
    name: 'revenues:merchant-fees',
    meaningKo: '가맹점 수수료',
    meaningEn: 'what merchants paid for being settled with',
    below: alone,
  },
  gift_transit: {
    type: 'L',
    name: 'liabilities:gifts',
    meaningKo: '선물 대기 금액',
    meaningEn: 'what was given and is not accepted yet',
    below: ({ id: giftId }) => [idText('gft', giftId)],
  },
  returned_payout: {
    type: 'L',
    name: 'liabilities:returned-payouts',
    meaningKo: '반려된 지급금',
    meaningEn: 'what the bank gave back and is owed again',
    below: ({ id: payoutId }) => [idText('pay', payoutId)],
  },
  unidentified_deposit: {
    type: 'L',
    name: 'liabilities:unidentified-deposits',
    meaningKo: '미확인 입금',
    meaningEn: 'what came in and nobody expected',
    below: alone,
  },
  fund_interest: {
    type: 'R',
    name: 'revenues:fund-interest',
    meaningKo: '운영자금 이자',
    meaningEn: 'what the operating fund earned',
    below: alone,
  },
}

/** `liabilities:wallets:wlt_b:lot_1x`. Two accounts never have one name. */
export function accountName(account: JournalAccount): string {
  const { name, below } = accountClasses[account.kind]
  // Where one account is all there is of its kind, any other id is a defect that must not hide in its balance.
  const rest = below === alone && account.id !== 0n ? [`no-such-id-${account.id}`] : below(account)
  return [name, ...rest].join(':')
}

/** The id as everybody outside knows it; a number that cannot be one is shown as what it is. */
export function idText(prefix: IdPrefix, value: bigint): string {
  const isId = value > 0n && value <= BigInt(Number.MAX_SAFE_INTEGER)
  return isId ? formatId(prefix, id(prefix, Number(value))) : `${prefix}_no-id-${value}`
}
