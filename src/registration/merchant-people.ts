/** The people of a merchant: the owner lets clerks in and out. */
import type { Clerk } from '../acquiring/acquiring.ts'
import {
  formatId,
  type ClerkId,
  type IssuerId,
  type MerchantId,
  type OperationId,
} from '../base/base.ts'
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
import type { Registry } from './registry.ts'
import type { RegistrationDeps } from './registration-deps.ts'

export interface ClerkAddition {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  /** The owner who lets the person in. */
  readonly by: ClerkId
  readonly personId: string
  /** Absent where the owner named the person. */
  readonly code?: ShownCode
}

/** The code that the person showed, which lets in once. */
export interface ShownCode {
  readonly codeId: string
  /** A repeat of the request is known by it. */
  readonly requestId: OperationId
}

/** Lets a person take payments for the merchant. Somebody who was let in before keeps their clerk id. */
export async function addClerk(
  deps: RegistrationDeps,
  addition: ClerkAddition,
): Promise<Registered<{ readonly clerk: Clerk }>> {
  const { registry } = deps
  const { issuerId, merchantId, by, personId, code } = addition
  if (!isPersonId(personId)) return refused('field_invalid', 'personId')
  const key = naturalKey.clerk(merchantId, personId)
  const decide = async (): Promise<Change<Registered<{ readonly clerk: Clerk }>>> => {
    const known = await findRecord(registry, issuerId, 'clerk', key)
    if (code !== undefined) {
      const answer = await usedBefore(registry, addition, code)
      if (answer !== undefined) return { answer }
    }
    if (known?.body.active === true && code === undefined) {
      return { answer: { status: 'registered', clerk: clerkOf(issuerId, known) } }
    }
    const merchant = await readRecord(registry, issuerId, 'merchant', merchantId)
    if (merchant === undefined || merchant.body.status === 'closed') {
      return { answer: refused('merchant_unknown') }
    }
    // Whoever is a clerk stays what they are, and the code is used all the same.
    const role = known?.body.active === true ? known.body.role : 'clerk'
    const body: ClerkBody = { merchantId, personId, role, active: true }
    const record = {
      recordId: known?.recordId ?? deps.ids.next('clk'),
      version: (known?.version ?? 0) + 1,
      body,
    }
    return {
      answer: { status: 'registered', clerk: clerkOf(issuerId, record) },
      by: formatId('clk', by),
      records: [newRecord('clerk', { ...record, keys: [key, ...codeKeys(code)] })],
    }
  }
  return changeRecords(registry, issuerId, deps.clock(), decide)
}

function codeKeys(code: ShownCode | undefined): readonly string[] {
  return code === undefined
    ? []
    : [naturalKey.clerkCode(code.codeId), naturalKey.request(code.requestId)]
}

/** What to answer where code or key was used before; a repeat of the request is answered as the first time. */
async function usedBefore(
  registry: Registry,
  { issuerId, merchantId, personId }: ClerkAddition,
  { codeId, requestId }: ShownCode,
): Promise<Registered<{ readonly clerk: Clerk }> | undefined> {
  const letIn = await findRecord(registry, issuerId, 'clerk', naturalKey.clerkCode(codeId))
  const asked = await findRecord(registry, issuerId, 'clerk', naturalKey.request(requestId))
  if (letIn === undefined) return asked === undefined ? undefined : refused('request_reused')
  const { body } = letIn
  const isRepeat =
    asked?.recordId === letIn.recordId &&
    body.merchantId === merchantId &&
    body.personId === personId
  return isRepeat
    ? { status: 'registered', clerk: clerkOf(issuerId, letIn) }
    : refused('clerk_code_used', 'code')
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
