/**
 * Sets up the demonstration: 88 real municipalities, invented people and shops. Every step is idempotent, so a seeding
 * that was cut short is simply taken up again.
 */
import {
  assert,
  derivedOperationId,
  id,
  requestHash,
  won,
  type IdSource,
  type IssuerId,
  type QrKitId,
  type WalletId,
  OPERATOR,
} from '../base/base.ts'
import type { BankDebit } from '../issuing/issuing.ts'
import { fundedBy, lotExpiresAt, termsAt } from '../issuing/issuing.ts'
import type { Ledger } from '../ledger/ledger.ts'
import {
  createDemonstration,
  DEMONSTRATION_SEED,
  type Demonstration,
} from '../demonstration/demonstration.ts'
import {
  createRecordDirectory,
  naturalKey,
  newRecord,
  type NewRecord,
  type Registry,
} from '../registration/registration.ts'
import { createSelling } from '../selling/selling.ts'
import { sha256 } from './keys.ts'
import { consentOf, sampleConsents } from './seed-consents.ts'
import { seedCardCrowd, seedCards } from './seed-cards.ts'

/** Stipends that the demonstration grants to the first members of each issuer that has a stipend program. */
const STIPEND_WON = won(50_000)

export interface SeedDeps {
  readonly registry: Registry
  readonly ledger: Ledger
  readonly bank: BankDebit
  readonly ids: IdSource
  readonly clock: () => number
  readonly onProgress: (done: number, whole: number) => void
  /** So many of the crowd become members with a linked card and value to spend. */
  readonly cardCrowd?: number
}

/** True when there was something to do besides the cards. */
export async function seedDemonstration(deps: SeedDeps): Promise<boolean> {
  await deps.registry.openIssuer(OPERATOR)
  const demonstration = createDemonstration(DEMONSTRATION_SEED)
  const isNew = await seedCountry(deps, demonstration)
  await seedCards(deps, demonstration)
  await seedCardCrowd(deps, demonstration, deps.cardCrowd ?? 0)
  return isNew
}

async function seedCountry(deps: SeedDeps, demonstration: Demonstration): Promise<boolean> {
  const { registry, clock } = deps
  const { operators } = demonstration
  const known = await registry.read(
    OPERATOR,
    'operator',
    operators.map((operator) => operator.operatorId),
  )
  if (known.length === operators.length) return false
  let done = 0
  for (const issuer of demonstration.issuers) {
    await seedIssuer(deps, demonstration, issuer.issuerId)
    done += 1
    deps.onProgress(done, demonstration.issuers.length)
  }
  // Written last: they mark that all the rest is there.
  await registry.append(
    OPERATOR,
    'system',
    operators.map(({ operatorId, personId, name }) =>
      newRecord('operator', {
        recordId: operatorId,
        version: 1,
        body: { personId, name, active: true },
        keys: [naturalKey.person(personId)],
      }),
    ),
    clock(),
  )
  return true
}

async function seedIssuer(
  deps: SeedDeps,
  demonstration: Demonstration,
  issuerId: IssuerId,
): Promise<void> {
  const { registry, ledger, clock } = deps
  await registry.openIssuer(issuerId)
  const records = recordsOf(demonstration, issuerId)
  // A repeat meets a version conflict: then they are there already, for it is all or nothing.
  const result = await registry.append(issuerId, 'system', records, clock())
  if (result.status === 'version_conflict') {
    const known = await registry.read(issuerId, 'issuer', [issuerId])
    assert(known.length === 1, 'the records of an issuer are all there or none is')
  }
  assert(result.status !== 'key_taken', 'the demonstration gives no natural key twice')
  const members = demonstration.members.filter((member) => member.issuerId === issuerId)
  await ledger.openWallets(
    issuerId,
    members.map(({ memberId }) => ({ memberId, walletId: walletOf(memberId) })),
    clock(),
  )
  await openingPurchases(deps, demonstration, { issuerId, records })
  await openingStipends(deps, demonstration, issuerId)
}

/** In the demonstration a member and the wallet share their number. */
const walletOf = (memberId: number): WalletId => id('wlt', memberId)

/** Its funders pay each morning what they came to owe the day before; what they owe at night covers what is owed. */
const issuerRules = {
  requestId: null,
  effectiveFrom: 0,
  rules: [{ name: 'receivablesCount', value: true }],
} as const

/** All records of an issuer, in their first version. */
export function recordsOf(demonstration: Demonstration, issuerId: IssuerId): NewRecord[] {
  const own = <Item extends { issuerId: IssuerId }>(items: readonly Item[]): Item[] =>
    items.filter((item) => item.issuerId === issuerId)
  const records: NewRecord[] = []
  for (const { issuerId: recordId, ...body } of own(demonstration.issuers)) {
    const keys = [naturalKey.issuerCode(body.code)]
    records.push(newRecord('issuer', { recordId, version: 1, body, keys }))
    records.push(newRecord('issuer_rules', { recordId, version: 1, body: issuerRules }))
  }
  for (const { programId: recordId, name, nameEn, terms } of own(demonstration.programs)) {
    records.push(newRecord('program', { recordId, version: 1, body: { name, nameEn } }))
    for (const { programId: _program, issuerId: _issuer, version, ...rules } of terms) {
      records.push(newRecord('terms', { recordId, version, body: { ...rules, requestId: null } }))
    }
  }
  for (const member of own(demonstration.members)) {
    const { memberId: recordId, personId, name, birthDate, phone, status } = member
    records.push(
      newRecord('member', {
        recordId,
        version: 1,
        body: {
          personId,
          name,
          birthDate,
          phone,
          status: status === 'left' ? 'left' : 'active',
          walletId: walletOf(recordId),
          accountToken: `account-${personId}`,
          debitConsentId: consentOf(recordId),
        },
        keys: [naturalKey.person(personId)],
      }),
      ...sampleConsents(recordId, personId),
    )
    if (status === 'stopped') {
      const body = { stopped: true, reason: 'lost telephone' }
      records.push(newRecord('wallet_stop', { recordId: walletOf(recordId), version: 1, body }))
    }
  }
  for (const { issuerId: _issuer, merchantId: recordId, ...body } of own(demonstration.merchants)) {
    const keys = [naturalKey.businessNumber(body.businessNumber)]
    records.push(newRecord('merchant', { recordId, version: 1, body, keys }))
  }
  for (const { issuerId: _issuer, outletId: recordId, ...body } of own(demonstration.outlets)) {
    records.push(newRecord('outlet', { recordId, version: 1, body }))
    // Every outlet has one sticker at its till; in the demonstration it bears the outlet's number.
    const kit = { outletId: recordId, active: true }
    records.push(newRecord('kit', { recordId: kitOf(recordId), version: 1, body: kit }))
  }
  for (const { issuerId: _issuer, clerkId: recordId, ...clerk } of own(demonstration.clerks)) {
    const keys = [naturalKey.clerk(clerk.merchantId, clerk.personId)]
    records.push(
      newRecord('clerk', { recordId, version: 1, body: { ...clerk, active: true }, keys }),
    )
  }
  for (const { issuerId: _issuer, officerId: recordId, ...officer } of own(
    demonstration.officers,
  )) {
    const body = { ...officer, active: true }
    const keys = [naturalKey.person(officer.personId)]
    records.push(newRecord('officer', { recordId, version: 1, body, keys }))
  }
  return records
}

const kitOf = (outletId: number): QrKitId => id('kit', outletId)

/** Real purchases through the bank, so that the bank's books and ours agree from the first day. */
async function openingPurchases(
  deps: SeedDeps,
  demonstration: Demonstration,
  { issuerId, records }: { issuerId: IssuerId; records: readonly NewRecord[] },
): Promise<void> {
  const { ledger, bank, ids, clock } = deps
  const directory = createRecordDirectory()
  for (const record of records) directory.apply(issuerId, record)
  const selling = createSelling({
    ledger,
    bank,
    issuing: directory,
    funding: directory,
    ids,
    sha256,
    clock,
    openCase: () => {},
  })
  for (const purchase of demonstration.openingPurchases) {
    if (purchase.issuerId !== issuerId) continue
    const { memberId, programId, faceWon } = purchase
    const member = demonstration.members.find(
      (candidate) => candidate.issuerId === issuerId && candidate.memberId === memberId,
    )!
    await selling.buy({
      issuerId,
      operationId: derivedOperationId(
        requestHash(sha256, ['demonstration', 'purchase', memberId, programId]),
      ),
      member,
      walletId: walletOf(memberId),
      programId,
      faceWon,
      accountToken: `account-${member.personId}`,
      consentId: consentOf(memberId),
    })
  }
}

async function openingStipends(
  deps: SeedDeps,
  demonstration: Demonstration,
  issuerId: IssuerId,
): Promise<void> {
  const { ledger, clock } = deps
  const now = clock()
  const members = demonstration.members.filter((member) => member.issuerId === issuerId)
  for (const program of demonstration.programs) {
    const terms = termsAt(program.terms, now)
    if (program.issuerId !== issuerId || terms?.kind !== 'stipend') continue
    const expiresAt = lotExpiresAt(terms, now)
    const shares = fundedBy(terms.benefit, STIPEND_WON)
    const part = (funder: string) =>
      shares.find((share) => share.funder === funder)?.amountWon ?? won(0)
    await ledger.issue(
      issuerId,
      members.slice(0, 2).map(({ memberId }) => {
        const hash = requestHash(sha256, ['demonstration', 'stipend', memberId, program.programId])
        return {
          operationId: derivedOperationId(hash),
          requestHash: hash,
          walletId: walletOf(memberId),
          // Below every number that an id source makes.
          lotId: id('lot', program.programId * 1_000 + memberId),
          programId: program.programId,
          kind: 'stipend' as const,
          expiresAt,
          sources: {
            payWon: won(0),
            nationalWon: part('national'),
            provinceWon: part('province'),
            cityWon: part('city'),
          },
        }
      }),
      now,
    )
  }
}
