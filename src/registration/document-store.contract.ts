/** What a store of documents promises, in memory and in the database. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { DOCUMENT_BYTES_MAX } from '../acquiring/acquiring.ts'
import type { IssuerId } from '../base/base.ts'
import type { DocumentStore } from './registration.ts'

export function documentStoreContract(
  name: string,
  open: () => Promise<{ store: DocumentStore; issuerId: IssuerId; otherIssuerId: IssuerId }>,
): void {
  const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

  describe(`${name}: documents`, () => {
    test('come back byte for byte, for their issuer only', async () => {
      const { store, issuerId, otherIssuerId } = await open()
      const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256)
      const hash = hashOf(bytes)
      assert.equal(await store.read(issuerId, hash), undefined)
      await store.store(issuerId, hash, bytes, 1_000)
      await store.store(issuerId, hash, bytes, 2_000)
      assert.deepEqual(await store.read(issuerId, hash), bytes)
      assert.equal(await store.read(otherIssuerId, hash), undefined)
    })

    test('may be as large as is allowed', async () => {
      const { store, issuerId } = await open()
      const bytes = new Uint8Array(DOCUMENT_BYTES_MAX).fill(7)
      await store.store(issuerId, hashOf(bytes), bytes, 1_000)
      assert.equal((await store.read(issuerId, hashOf(bytes)))?.length, DOCUMENT_BYTES_MAX)
    })
  })
}
