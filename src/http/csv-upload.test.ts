/** Uploads: as many at one time as there may be, and what becomes of one that breaks off. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyRequest } from 'fastify'
import { createCsvUploads, UPLOADS_AT_ONCE_MAX } from './csv-upload.ts'

function requestOf(body: unknown, headers: Record<string, string> = {}): FastifyRequest {
  return { body, headers } as unknown as FastifyRequest // All that an upload reads of a request.
}

async function* pieces(...sizes: number[]) {
  for (const size of sizes) yield new Uint8Array(size)
}

async function lengths(bytes: AsyncIterable<Uint8Array>): Promise<number[]> {
  const all: number[] = []
  for await (const piece of bytes) all.push(piece.length)
  return all
}

test('one more than there may be is told to come again, and comes in when one has ended', async () => {
  const uploads = createCsvUploads(10)
  const gates = Array.from({ length: UPLOADS_AT_ONCE_MAX }, () => Promise.withResolvers<string>())
  const running = gates.map(({ promise }) => uploads.take(requestOf(pieces()), () => promise))
  const third = () => uploads.take(requestOf(pieces(3)), lengths)
  await assert.rejects(third, { status: 429, code: 'too_many_requests' })
  gates[0]!.reject(new Error('died'))
  await assert.rejects(running[0]!, /died/)
  assert.deepEqual(await third(), [3])
  gates[1]!.resolve('done')
  assert.equal(await running[1], 'done')
})

test('the limit at its edge, said beforehand or not', async () => {
  const uploads = createCsvUploads(10)
  const take = (body: unknown, headers?: Record<string, string>) =>
    uploads.take(requestOf(body, headers), lengths)
  assert.deepEqual(await take(pieces(4, 6), { 'content-length': '10' }), [4, 6])
  const tooLarge = { status: 413, code: 'body_too_large' }
  await assert.rejects(take(pieces(), { 'content-length': '11' }), tooLarge)
  await assert.rejects(take(pieces(4, 7)), tooLarge)
  await assert.rejects(take(undefined), { status: 415 })
})

test('what arrives at once is handed on in pieces, and a sender that goes away is no bug', async () => {
  const uploads = createCsvUploads(1_000_000)
  assert.deepEqual(
    await uploads.take(requestOf(pieces(150_000)), lengths),
    [65_536, 65_536, 18_928],
  )
  async function* broken() {
    yield new Uint8Array(1)
    throw new Error('aborted')
  }
  const answer = uploads.take(requestOf(broken()), lengths)
  await assert.rejects(answer, { status: 400, code: 'malformed_body' })
})
