/** The desk of merchants: everything that owners and officers do with a registration after the application. */
import type { AccountEntry, CheckedApplication, ExchangeAgency } from '../acquiring/acquiring.ts'
import type { DocumentId, Instant, IssuerId, MerchantId } from '../base/base.ts'
import { rulesAt } from '../issuing/issuing.ts'
import {
  barredUntil,
  checkedApplication,
  documentsOf,
  type MerchantDocument,
} from './application-facts.ts'
import {
  readDocument,
  uploadDocument,
  type DocumentDeps,
  type DocumentUpload,
} from './merchant-documents.ts'
import {
  changeMerchant,
  readKnown,
  type LifeCommand,
  type MerchantOfLife,
} from './merchant-lives.ts'
import { tellRevenue, type RevenueTelling } from './merchant-revenues.ts'
import { ringMerchantTimer, type MerchantRing } from './merchant-timers.ts'
import { merchantOf } from './merchants.ts'
import { partyNoticesOf, type PartyNotice } from './party-notices.ts'
import type { Registered } from './refusal.ts'
import {
  accountEntriesOf,
  agencyOfMerchant,
  chooseAccount,
  createSettlementAccounts,
  nameForAgent,
  type AccountChoice,
  type AccountDeps,
  type AgencyNaming,
  type SettlementAccounts,
} from './settlement-accounts.ts'

/** A registration as owner and officers see it. */
export interface MerchantFile extends MerchantOfLife {
  readonly documents: readonly MerchantDocument[]
  readonly checked: CheckedApplication
  readonly barredUntil: Instant | null
}

/** All methods throw the registry's Faults; a no is a value. */
export interface MerchantDesk extends SettlementAccounts {
  file(issuerId: IssuerId, merchantId: MerchantId): Promise<MerchantFile | undefined>
  change(command: LifeCommand): Promise<Registered<MerchantOfLife>>
  upload(upload: DocumentUpload): Promise<Registered<{ readonly document: MerchantDocument }>>
  document(
    issuerId: IssuerId,
    merchantId: MerchantId,
    documentId: DocumentId,
  ): Promise<{ readonly document: MerchantDocument; readonly bytes: Uint8Array } | undefined>
  tellRevenue(telling: RevenueTelling): Promise<Registered<MerchantOfLife>>
  /** @throws Fault `bank_unavailable` where the bank does not confirm the holder */
  chooseAccount(choice: AccountChoice): Promise<Registered<{ readonly entry: AccountEntry }>>
  accountEntries(issuerId: IssuerId, merchantId: MerchantId): Promise<readonly AccountEntry[]>
  nameForAgent(naming: AgencyNaming): Promise<Registered<{ readonly agency: ExchangeAgency }>>
  agency(issuerId: IssuerId, agentId: MerchantId): Promise<ExchangeAgency>
  /** To the merchant, or, without one, to the issuer's desk; newest first. */
  notices(issuerId: IssuerId, merchantId?: MerchantId): Promise<readonly PartyNotice[]>
  /** Acts on a timer that is due; false where it is not. */
  ring(ring: MerchantRing): Promise<boolean>
}

export type MerchantDeskDeps = DocumentDeps & AccountDeps

export function createMerchantDesk(deps: MerchantDeskDeps): MerchantDesk {
  const { registry } = deps
  return {
    ...createSettlementAccounts({ registry }),
    file: (issuerId, merchantId) => readFile(deps, issuerId, merchantId),
    change: (command) => changeMerchant(deps, command),
    upload: (upload) => uploadDocument(deps, upload),
    document: (issuerId, merchantId, documentId) =>
      readDocument(deps, issuerId, merchantId, documentId),
    tellRevenue: (telling) => tellRevenue(deps, telling),
    chooseAccount: (choice) => chooseAccount(deps, choice),
    accountEntries: (issuerId, merchantId) => accountEntriesOf(registry, issuerId, merchantId),
    nameForAgent: (naming) => nameForAgent(deps, naming),
    agency: (issuerId, agentId) => agencyOfMerchant(registry, issuerId, agentId),
    notices: (issuerId, merchantId) => partyNoticesOf(registry, issuerId, merchantId),
    ring: (ring) => ringMerchantTimer(deps, ring),
  }
}

async function readFile(
  deps: MerchantDeskDeps,
  issuerId: IssuerId,
  merchantId: MerchantId,
): Promise<MerchantFile | undefined> {
  const { registry } = deps
  const now = deps.clock()
  const rules = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
  const known = await readKnown(deps, issuerId, merchantId, rules)
  if (known === undefined) return undefined
  return {
    merchant: merchantOf(issuerId, known.merchant),
    life: known.life,
    documents: await documentsOf(registry, issuerId, merchantId),
    checked: await checkedApplication(registry, issuerId, known, { rules, now }),
    barredUntil: (await barredUntil(registry, issuerId, known.merchant.body)) ?? null,
  }
}
