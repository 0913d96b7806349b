/** Papers of a merchant: bytes lie in a store under their hash, and the record says whose and what they are. */
import {
  DOCUMENT_BYTES_MAX,
  DOCUMENT_NAME_LENGTH_MAX,
  DOCUMENTS_MAX,
  documentTypeOf,
  type DocumentKind,
} from '../acquiring/acquiring.ts'
import {
  cleanText,
  type DocumentId,
  type Instant,
  type IssuerId,
  type MerchantId,
  type OperationId,
  type Sha256,
} from '../base/base.ts'
import { documentsOf, type MerchantDocument } from './application-facts.ts'
import { changeMerchant, type LifeDeps } from './merchant-lives.ts'
import type { MerchantDocumentBody } from './merchant-record-bodies.ts'
import { naturalKey } from './record-bodies.ts'
import { changeRecords, findRecord, newRecord, readRecord, type Change } from './record-store.ts'
import { refused, type Registered } from './refusal.ts'

/** Where the bytes of documents lie, by issuer and hash: the same bytes twice are kept once. */
export interface DocumentStore {
  store(issuerId: IssuerId, sha256Hex: string, bytes: Uint8Array, at: Instant): Promise<void>
  read(issuerId: IssuerId, sha256Hex: string): Promise<Uint8Array | undefined>
}

export interface DocumentDeps extends LifeDeps {
  readonly documents: DocumentStore
  readonly sha256: Sha256
}

export interface DocumentUpload {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  /** Who brings it, as id text. */
  readonly by: string
  readonly requestId: OperationId
  readonly documentKind: DocumentKind
  /** As the sender calls the file. */
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * Takes a file in. The bytes are stored first, so that no record names what is not there; what an upload that broke off
 * left behind is found again by its hash. The one that brings the last of what was asked for lets the days run again.
 */
export async function uploadDocument(
  deps: DocumentDeps,
  upload: DocumentUpload,
): Promise<Registered<{ readonly document: MerchantDocument }>> {
  const { registry, ids } = deps
  const { issuerId, merchantId, by, requestId, documentKind, bytes } = upload
  const name = cleanText(upload.name, DOCUMENT_NAME_LENGTH_MAX)
  const mediaType = documentTypeOf(bytes)
  if (name === undefined) return refused('field_invalid', 'name')
  if (bytes.length > DOCUMENT_BYTES_MAX || mediaType === undefined) {
    return refused('document_type_refused')
  }
  const now = deps.clock()
  const sha256 = Buffer.from(deps.sha256(bytes)).toString('hex')
  const sizeBytes = bytes.length
  const key = naturalKey.request(requestId)
  await deps.documents.store(issuerId, sha256, bytes, now)
  const decide = async (): Promise<Change<Registered<{ document: MerchantDocument }>>> => {
    const known = await findRecord(registry, issuerId, 'merchant_document', key)
    if (known !== undefined) {
      const isSame = known.body.sha256 === sha256 && known.body.merchantId === merchantId
      const document = { documentId: known.recordId, ...known.body }
      return { answer: isSame ? { status: 'registered', document } : refused('request_reused') }
    }
    const merchant = await readRecord(registry, issuerId, 'merchant', merchantId)
    if (merchant === undefined) return { answer: refused('merchant_unknown') }
    const before = await documentsOf(registry, issuerId, merchantId)
    if (before.length >= DOCUMENTS_MAX) return { answer: refused('documents_full') }
    const recordId = ids.next('doc')
    const body: MerchantDocumentBody = {
      merchantId,
      documentKind,
      mediaType,
      name,
      sizeBytes,
      sha256,
      uploadedAt: now,
    }
    const keys = [key, naturalKey.ofMerchant(merchantId, recordId)]
    return {
      answer: { status: 'registered', document: { documentId: recordId, ...body } },
      by,
      records: [newRecord('merchant_document', { recordId, version: 1, body, keys })],
    }
  }
  const answer = await changeRecords(registry, issuerId, now, decide)
  if (answer.status === 'registered') await completeDocuments(deps, upload)
  return answer
}

/** Lets the days of the decision run again once everything that was asked for was brought since. */
async function completeDocuments(
  deps: DocumentDeps,
  { issuerId, merchantId, by }: DocumentUpload,
): Promise<void> {
  const life = await readRecord(deps.registry, issuerId, 'merchant_life', merchantId)
  if (life?.body.state !== 'documents_asked') return
  const { documentsAsked, askedAt } = life.body
  const brought = (await documentsOf(deps.registry, issuerId, merchantId)).filter(
    ({ uploadedAt }) => uploadedAt >= (askedAt ?? 0),
  )
  const isComplete = documentsAsked.every((kind) =>
    brought.some(({ documentKind }) => documentKind === kind),
  )
  if (!isComplete) return
  await changeMerchant(deps, { issuerId, merchantId, by, change: { event: 'complete_documents' } })
}

/** One paper of a merchant with its bytes. */
export async function readDocument(
  { registry, documents }: Pick<DocumentDeps, 'registry' | 'documents'>,
  issuerId: IssuerId,
  merchantId: MerchantId,
  documentId: DocumentId,
): Promise<{ readonly document: MerchantDocument; readonly bytes: Uint8Array } | undefined> {
  const known = await readRecord(registry, issuerId, 'merchant_document', documentId)
  if (known === undefined || known.body.merchantId !== merchantId) return undefined
  const bytes = await documents.read(issuerId, known.body.sha256)
  return bytes && { document: { documentId, ...known.body }, bytes }
}

/** The store in memory: what tests use, and what the database's is held to. */
export function createMemoryDocuments(): DocumentStore {
  const kept = new Map<string, Uint8Array>()
  return {
    async store(issuerId, sha256Hex, bytes) {
      const place = `${issuerId}/${sha256Hex}`
      if (!kept.has(place)) kept.set(place, Uint8Array.from(bytes))
    },
    read: async (issuerId, sha256Hex) => kept.get(`${issuerId}/${sha256Hex}`),
  }
}
