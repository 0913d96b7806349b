/** The people of a merchant: the owner lets clerks in and out. */
import type { Clerk } from '../acquiring/acquiring.ts'
import { formatId, type ClerkId, type IssuerId, type MerchantId } from '../base/base.ts'
import { isPersonId } from './person-id.ts'
import { naturalKey, type ClerkBody } from './record-bodies.ts'
import {
  changeRecords,
  findRecord,
  newRecord,
  readRecord,
  type Change,
  type RecordOf,
} from './record-store.ts'
import { refused, type Registered } from './refusal.ts'
import type { RegistrationDeps } from './registration-deps.ts'

export interface ClerkAddition {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  /** The owner who lets the person in. */
  readonly by: ClerkId
  readonly personId: string
}

/** Lets a person take payments for the merchant. Somebody who was let in before keeps their clerk id. */
export async function addClerk(
  deps: RegistrationDeps,
  { issuerId, merchantId, by, personId }: ClerkAddition,
): Promise<Registered<{ readonly clerk: Clerk }>> {
  const { registry } = deps
  if (!isPersonId(personId)) return refused('field_invalid', 'personId')
  const key = naturalKey.clerk(merchantId, personId)
  const decide = async (): Promise<Change<Registered<{ readonly clerk: Clerk }>>> => {
    const known = await findRecord(registry, issuerId, 'clerk', key)
    if (known?.body.active === true) {
      return { answer: { status: 'registered', clerk: clerkOf(issuerId, known) } }
    }
    const merchant = await readRecord(registry, issuerId, 'merchant', merchantId)
    if (merchant === undefined || merchant.body.status === 'closed') {
      return { answer: refused('merchant_unknown') }
    }
    const body: ClerkBody = { merchantId, personId, role: 'clerk', active: true }
    const record = {
      recordId: known?.recordId ?? deps.ids.next('clk'),
      version: (known?.version ?? 0) + 1,
      body,
    }
    return {
      answer: { status: 'registered', clerk: clerkOf(issuerId, record) },
      by: formatId('clk', by),
      records: [newRecord('clerk', { ...record, keys: [key] })],
    }
  }
  return changeRecords(registry, issuerId, deps.clock(), decide)
}

export interface ClerkRemoval {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  readonly by: ClerkId
  readonly clerkId: ClerkId
}

/** Lets a clerk go; their open session ends with its token. The owner stays. */
export async function removeClerk(
  deps: RegistrationDeps,
  { issuerId, merchantId, by, clerkId }: ClerkRemoval,
): Promise<Registered<{ readonly clerk: Clerk }>> {
  const { registry } = deps
  const decide = async (): Promise<Change<Registered<{ readonly clerk: Clerk }>>> => {
    const known = await readRecord(registry, issuerId, 'clerk', clerkId)
    if (known === undefined || known.body.merchantId !== merchantId) {
      return { answer: refused('clerk_unknown') }
    }
    if (known.body.role === 'owner') return { answer: refused('owner_stays') }
    const answer = { status: 'registered', clerk: clerkOf(issuerId, known) } as const
    if (!known.body.active) return { answer }
    const body = { ...known.body, active: false }
    const record = newRecord('clerk', { recordId: clerkId, version: known.version + 1, body })
    return { answer, by: formatId('clk', by), records: [record] }
  }
  return changeRecords(registry, issuerId, deps.clock(), decide)
}

function clerkOf(
  issuerId: IssuerId,
  { recordId, body }: Pick<RecordOf<'clerk'>, 'recordId' | 'body'>,
): Clerk {
  const { merchantId, personId, role } = body
  return { issuerId, clerkId: recordId as ClerkId, merchantId, personId, role } // The clerk's own id.
}
