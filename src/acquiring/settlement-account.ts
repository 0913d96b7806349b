/**
 * Where a merchant is paid: its own bank account, or that of an exchange agent (환전대행가맹점) who may redeem for the
 * merchants that are named and for nobody else (지역사랑상품권법 §9).
 */
import type { BusinessDate, Instant, MerchantId } from '../base/base.ts'

export interface SettlementAccount {
  /** 금융기관 코드, three digits. */
  readonly bankCode: string
  /** Digits only. */
  readonly accountNumber: string
  readonly holderName: string
}

/** One choice of the owner; later ones do not change it. */
export interface AccountEntry {
  /** The first Korean day whose settlement is paid there. */
  readonly from: BusinessDate
  readonly at: Instant
  readonly payee:
    | ({ readonly kind: 'own' } & SettlementAccount)
    | { readonly kind: 'agent'; readonly agentId: MerchantId }
}

/** The oldest go first; they stay in older versions of the record. */
export const ACCOUNT_ENTRIES_MAX = 40

/** For whom an agent may redeem. */
export interface ExchangeAgency {
  readonly agentId: MerchantId
  readonly named: readonly NamedMerchant[]
}
export interface NamedMerchant {
  readonly merchantId: MerchantId
  readonly from: BusinessDate
  /** The last day; `null` while it goes on. */
  readonly until: BusinessDate | null
}
/** At most so many are named by one agent at one time, those that ended included. */
export const NAMED_MERCHANTS_MAX = 500

/** The entry in force on a day: of those that have begun the one chosen last. */
export function accountEntryAt(
  entries: readonly AccountEntry[],
  day: BusinessDate,
): AccountEntry | undefined {
  return entries
    .filter((entry) => entry.from <= day)
    .toSorted((a, b) => a.at - b.at)
    .at(-1)
}

/** True where the agent may redeem for the merchant on a day. */
export function mayRedeemFor(
  agency: ExchangeAgency | undefined,
  merchantId: MerchantId,
  day: BusinessDate,
): boolean {
  return (
    agency?.named.some(
      (one) =>
        one.merchantId === merchantId &&
        one.from <= day &&
        (one.until === null || day <= one.until),
    ) ?? false
  )
}

/** What settlement has to know of a merchant and of the agent that it may have chosen. */
export interface PayeeFacts {
  readonly entries: readonly AccountEntry[]
  readonly agencyOf: (agentId: MerchantId) => ExchangeAgency | undefined
  readonly agentEntriesOf: (agentId: MerchantId) => readonly AccountEntry[]
}

export type Payee =
  | {
      readonly status: 'payable'
      readonly account: SettlementAccount
      /** Whose account it is, where it is not the merchant's own. */
      readonly agentId: MerchantId | null
    }
  | { readonly status: 'unpayable'; readonly because: UnpayableReason }

/**
 * - `account_missing`: the merchant has named none.
 * - `agent_not_named`: the chosen agent may not redeem for this merchant.
 * - `agent_account_missing`: the agent has no account of its own; agents of agents there are none.
 */
export const unpayableReasons = [
  'account_missing',
  'agent_not_named',
  'agent_account_missing',
] as const
export type UnpayableReason = (typeof unpayableReasons)[number]

/** Where the settlement of a day is paid. What is unpayable stays the merchant's claim. */
export function payeeAt(facts: PayeeFacts, merchantId: MerchantId, day: BusinessDate): Payee {
  const entry = accountEntryAt(facts.entries, day)
  if (entry === undefined) return { status: 'unpayable', because: 'account_missing' }
  const { payee } = entry
  if (payee.kind === 'own') return { status: 'payable', account: accountOf(payee), agentId: null }
  const { agentId } = payee
  if (!mayRedeemFor(facts.agencyOf(agentId), merchantId, day)) {
    return { status: 'unpayable', because: 'agent_not_named' }
  }
  const agents = accountEntryAt(facts.agentEntriesOf(agentId), day)?.payee
  if (agents?.kind !== 'own') return { status: 'unpayable', because: 'agent_account_missing' }
  return { status: 'payable', account: accountOf(agents), agentId }
}

function accountOf({ bankCode, accountNumber, holderName }: SettlementAccount): SettlementAccount {
  return { bankCode, accountNumber, holderName }
}

const BANK_CODE = /^\d{3}$/
const ACCOUNT_NUMBER = /^\d{6,20}$/

export function isBankCode(text: string): boolean {
  return BANK_CODE.test(text)
}

/** Reads digits with or without hyphens; `undefined` for anything else. */
export function parseAccountNumber(text: string): string | undefined {
  const digits = text.replaceAll('-', '')
  return ACCOUNT_NUMBER.test(digits) ? digits : undefined
}
