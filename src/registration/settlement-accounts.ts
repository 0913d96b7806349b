/** Where merchants are paid: chosen by the owner, believed when the bank has confirmed the holder, kept by day. */
import {
  ACCOUNT_ENTRIES_MAX,
  isBankCode,
  NAMED_MERCHANTS_MAX,
  parseAccountNumber,
  mayRedeemFor,
  payeeAt,
  revenueAt,
  type AccountEntry,
  type ExchangeAgency,
  type NamedMerchant,
  type Payee,
  type SettlementAccount,
} from '../acquiring/acquiring.ts'
import {
  businessDate,
  cleanText,
  DAY_MS,
  formatId,
  type BusinessDate,
  type Instant,
  type IssuerId,
  type MerchantId,
  type OfficerId,
  type OperationId,
  type Won,
} from '../base/base.ts'
import type { LifeDeps } from './merchant-lives.ts'
import { factsOf, toMerchant } from './party-notices.ts'
import { naturalKey } from './record-bodies.ts'
import {
  changeRecords,
  findRecord,
  newRecord,
  readRecord,
  recordOf,
  type Change,
} from './record-store.ts'
import { refused, type Registered } from './refusal.ts'
import type { Registry } from './registry.ts'

/** What the bank says of an account and the name of its holder (예금주 조회). */
export interface AccountHolders {
  /** @throws Fault `bank_unavailable` where the bank does not say; nothing was changed */
  check(account: SettlementAccount): Promise<'matches' | 'differs' | 'account_unknown'>
}

export interface AccountDeps extends LifeDeps {
  readonly holders: AccountHolders
}

const HOLDER_LENGTH_MAX = 40

export interface AccountChoice {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  /** The owner, as id text. */
  readonly by: string
  readonly requestId: OperationId
  readonly payee: AccountEntry['payee']
}

/**
 * The owner's choice of where to be paid. The first counts from today, later ones from the next day: what is being
 * settled now goes where it was to go.
 */
export async function chooseAccount(
  deps: AccountDeps,
  choice: AccountChoice,
): Promise<Registered<{ readonly entry: AccountEntry }>> {
  const { registry, ids } = deps
  const { issuerId, merchantId, by, requestId } = choice
  const payee = cleanPayee(choice.payee)
  if ('field' in payee) return refused('field_invalid', payee.field)
  const key = naturalKey.request(requestId)
  const now = deps.clock()
  const unbelieved = await refusalOfPayee(deps, issuerId, { merchantId, payee, now })
  if (unbelieved !== undefined) return unbelieved
  const decide = async (): Promise<Change<Registered<{ readonly entry: AccountEntry }>>> => {
    const merchant = await readRecord(registry, issuerId, 'merchant', merchantId)
    if (merchant === undefined) return { answer: refused('merchant_unknown') }
    const doneBefore = await findRecord(registry, issuerId, 'settlement_account', key)
    const known = await readRecord(registry, issuerId, 'settlement_account', merchantId)
    const newest = known?.body.entries.at(-1)
    if (doneBefore !== undefined) {
      const isOurs = doneBefore.recordId === merchantId && newest !== undefined
      const answer = { status: 'registered', entry: newest! } as const
      return { answer: isOurs ? answer : refused('request_reused') }
    }
    const entry: AccountEntry = {
      from: newest === undefined ? businessDate(now) : businessDate(now + DAY_MS),
      at: now,
      payee,
    }
    const entries = [...(known?.body.entries ?? []), entry].slice(-ACCOUNT_ENTRIES_MAX)
    const told = { at: now, facts: factsOf({ from: entry.from }) }
    return {
      answer: { status: 'registered', entry },
      by,
      records: [
        newRecord('settlement_account', {
          recordId: merchantId,
          version: (known?.version ?? 0) + 1,
          body: { entries },
          keys: [key],
        }),
        // An owner who chose nothing hears of a thief by it.
        toMerchant(ids, merchantId, { partyNoticeKind: 'account_changed', ...told }),
      ],
    }
  }
  return changeRecords(registry, issuerId, now, decide)
}

function cleanPayee(
  payee: AccountEntry['payee'],
): AccountEntry['payee'] | { readonly field: string } {
  if (payee.kind === 'agent') return payee
  const accountNumber = parseAccountNumber(payee.accountNumber)
  const holderName = cleanText(payee.holderName, HOLDER_LENGTH_MAX)
  if (!isBankCode(payee.bankCode)) return { field: 'bankCode' }
  if (accountNumber === undefined) return { field: 'accountNumber' }
  if (holderName === undefined) return { field: 'holderName' }
  return { kind: 'own', bankCode: payee.bankCode, accountNumber, holderName }
}

async function refusalOfPayee(
  { registry, holders }: AccountDeps,
  issuerId: IssuerId,
  asked: { merchantId: MerchantId; payee: AccountEntry['payee']; now: Instant },
) {
  const { merchantId, payee, now } = asked
  if (payee.kind === 'agent') {
    const agency = await agencyOf(registry, issuerId, payee.agentId)
    const mayRedeem = mayRedeemFor(agency, merchantId, businessDate(now))
    return mayRedeem ? undefined : refused('agent_unknown', 'agentId')
  }
  const { bankCode, accountNumber, holderName } = payee
  switch (await holders.check({ bankCode, accountNumber, holderName })) {
    case 'differs':
      return refused('account_holder_differs', 'holderName')
    case 'account_unknown':
      return refused('account_unknown_at_bank', 'accountNumber')
    default:
      return undefined
  }
}

export interface AgencyNaming {
  readonly issuerId: IssuerId
  readonly agentId: MerchantId
  readonly officerId: OfficerId
  readonly merchantId: MerchantId
  /** True: the agent may redeem for the merchant from today; false: no more after today. */
  readonly mayRedeem: boolean
}

/** Names a merchant for whom an exchange agent may redeem, or ends it. Both hear of it. */
export async function nameForAgent(
  deps: LifeDeps,
  naming: AgencyNaming,
): Promise<Registered<{ readonly agency: ExchangeAgency }>> {
  const { registry, ids } = deps
  const { issuerId, agentId, officerId, merchantId, mayRedeem } = naming
  const now = deps.clock()
  const today = businessDate(now)
  const decide = async (): Promise<Change<Registered<{ readonly agency: ExchangeAgency }>>> => {
    const merchants = await registry.read(issuerId, 'merchant', [agentId, merchantId])
    const active = merchants.filter(
      (stored) => recordOf('merchant', stored).body.status !== 'closed',
    )
    // Nobody is an agent of itself, or both would be one record.
    if (active.length !== 2) return { answer: refused('merchant_unknown') }
    const known = await readRecord(registry, issuerId, 'exchange_agency', agentId)
    const named = known?.body.named ?? []
    const agency = { agentId, named }
    if (named.some((one) => isOpen(one, merchantId)) === mayRedeem) {
      return { answer: { status: 'registered', agency } }
    }
    const next: readonly NamedMerchant[] = mayRedeem
      ? [...named, { merchantId, from: today, until: null }]
      : named.map((one) => (isOpen(one, merchantId) ? { ...one, until: today } : one))
    if (next.length > NAMED_MERCHANTS_MAX) return { answer: refused('documents_full') }
    const facts = factsOf({
      agent: formatId('mrc', agentId),
      merchant: formatId('mrc', merchantId),
      mayRedeem: mayRedeem ? 1 : 0,
    })
    const notice = { partyNoticeKind: 'agency_changed', at: now, facts } as const
    return {
      answer: { status: 'registered', agency: { agentId, named: next } },
      by: formatId('off', officerId),
      records: [
        newRecord('exchange_agency', {
          recordId: agentId,
          version: (known?.version ?? 0) + 1,
          body: { named: next },
        }),
        toMerchant(ids, agentId, notice),
        toMerchant(ids, merchantId, notice),
      ],
    }
  }
  return changeRecords(registry, issuerId, now, decide)
}

const isOpen = (one: NamedMerchant, merchantId: MerchantId): boolean =>
  one.merchantId === merchantId && one.until === null

async function agencyOf(
  registry: Registry,
  issuerId: IssuerId,
  agentId: MerchantId,
): Promise<ExchangeAgency | undefined> {
  const known = await readRecord(registry, issuerId, 'exchange_agency', agentId)
  return known && { agentId, named: known.body.named }
}

/** What settlement asks: where the claims of merchants are paid on a day, and what their revenue was on one. */
export interface SettlementAccounts {
  settlementAccountAt(issuerId: IssuerId, merchantId: MerchantId, day: BusinessDate): Promise<Payee>
  /** The same for many, in three readings however many there are. */
  settlementAccountsAt(
    issuerId: IssuerId,
    merchantIds: readonly MerchantId[],
    day: BusinessDate,
  ): Promise<ReadonlyMap<MerchantId, Payee>>
  /**
   * The yearly revenue that counted on a day, however long ago: in two readings however many merchants there are, and
   * however many days are asked about then. `undefined` of merchants that nobody knows.
   */
  revenuesOf(
    issuerId: IssuerId,
    merchantIds: readonly MerchantId[],
  ): Promise<(merchantId: MerchantId, day: BusinessDate) => Won | undefined>
}

export function createSettlementAccounts({
  registry,
}: {
  readonly registry: Pick<Registry, 'read'>
}): SettlementAccounts {
  const accountsOf = async (issuerId: IssuerId, ids: readonly MerchantId[]) => {
    const stored = await registry.read(issuerId, 'settlement_account', ids)
    return new Map(
      stored.map((each) => [each.recordId, recordOf('settlement_account', each).body.entries]),
    )
  }
  const settlementAccountsAt: SettlementAccounts['settlementAccountsAt'] = async (
    issuerId,
    merchantIds,
    day,
  ) => {
    const own = await accountsOf(issuerId, merchantIds)
    const agentIds = [...own.values()].flat().flatMap(({ payee }) => {
      return payee.kind === 'agent' ? [payee.agentId] : []
    })
    const agents = await accountsOf(issuerId, agentIds)
    const agencies = new Map(
      (await registry.read(issuerId, 'exchange_agency', agentIds)).map((each) => {
        const { recordId, body } = recordOf('exchange_agency', each)
        return [recordId, body.named] as const
      }),
    )
    const payees = merchantIds.map((merchantId) => {
      const facts = {
        entries: own.get(merchantId) ?? [],
        agencyOf: (agentId: MerchantId) => ({ agentId, named: agencies.get(agentId) ?? [] }),
        agentEntriesOf: (agentId: MerchantId) => agents.get(agentId) ?? [],
      }
      return [merchantId, payeeAt(facts, merchantId, day)] as const
    })
    return new Map(payees)
  }
  return {
    async revenuesOf(issuerId, merchantIds) {
      const lives = await registry.read(issuerId, 'merchant_life', merchantIds)
      const told = new Map(
        lives.map((each) => [each.recordId, recordOf('merchant_life', each).body.revenues]),
      )
      const merchants = await registry.read(issuerId, 'merchant', merchantIds)
      const known = new Map(
        merchants.map((each) => [each.recordId, recordOf('merchant', each).body]),
      )
      return (merchantId, day) => {
        const body = known.get(merchantId)
        return body && (revenueAt(told.get(merchantId) ?? [], day) ?? body.annualRevenueWon)
      }
    },
    settlementAccountsAt,
    async settlementAccountAt(issuerId, merchantId, day) {
      const payees = await settlementAccountsAt(issuerId, [merchantId], day)
      return payees.get(merchantId) ?? { status: 'unpayable', because: 'account_missing' }
    },
  }
}

/** What the owner chose, newest last. */
export async function accountEntriesOf(
  registry: Registry,
  issuerId: IssuerId,
  merchantId: MerchantId,
): Promise<readonly AccountEntry[]> {
  const known = await readRecord(registry, issuerId, 'settlement_account', merchantId)
  return known?.body.entries ?? []
}

export async function agencyOfMerchant(
  registry: Registry,
  issuerId: IssuerId,
  merchantId: MerchantId,
): Promise<ExchangeAgency> {
  return (await agencyOf(registry, issuerId, merchantId)) ?? { agentId: merchantId, named: [] }
}
