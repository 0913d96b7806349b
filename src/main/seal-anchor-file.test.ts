import assert from 'node:assert/strict'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { SealAnchor } from '../ledger/ledger.ts'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import { openSealAnchorFile, readSealAnchors } from './seal-anchor-file.ts'

const anchor = (issuerId: number, segment: number): SealAnchor => ({
  issuerId,
  segment,
  hash: segment.toString(16).padStart(64, '0'),
})

test('anchors outlive the process, and the newest of each issuer is known again', async (t) => {
  const path = join(await scratchDirectory(t), 'seal-anchors.jsonl')
  assert.equal(await readSealAnchors(path), undefined)
  const first = await openSealAnchorFile(path)
  await Promise.all([anchor(1, 1), anchor(2, 1), anchor(1, 2)].map((one) => first.append(one)))
  await first.close()
  const second = await openSealAnchorFile(path)
  assert.deepEqual(second.last(1), anchor(1, 2))
  assert.deepEqual(second.last(2), anchor(2, 1))
  assert.equal(second.last(3), undefined)
  await second.close()
  assert.deepEqual(await readSealAnchors(path), [anchor(1, 1), anchor(2, 1), anchor(1, 2)])
})

test('a line that a crash cut short is forgotten, and the next one stands on its own', async (t) => {
  const path = join(await scratchDirectory(t), 'seal-anchors.jsonl')
  const first = await openSealAnchorFile(path)
  await first.append(anchor(1, 1))
  await first.close()
  await appendFile(path, '{"issuerId":1,"segm')
  assert.deepEqual(await readSealAnchors(path), [anchor(1, 1)])
  const second = await openSealAnchorFile(path)
  await second.append(anchor(1, 2))
  await second.close()
  assert.deepEqual(await readSealAnchors(path), [anchor(1, 1), anchor(1, 2)])
})

test('a line that is no anchor is not passed over', async (t) => {
  const path = join(await scratchDirectory(t), 'seal-anchors.jsonl')
  await writeFile(path, '{"issuerId":1,"segment":1}\n')
  await assert.rejects(readSealAnchors(path), /line 1 of .* is not the anchor of a seal/)
})

test('a file that grew too large keeps the newest anchor of each issuer', async (t) => {
  const path = join(await scratchDirectory(t), 'seal-anchors.jsonl')
  const file = await openSealAnchorFile(path, { bytesMax: 1_000 })
  for (let segment = 1; segment <= 50; segment += 1) await file.append(anchor(7, segment))
  await file.append(anchor(8, 1))
  await file.close()
  assert.ok((await readFile(path)).length <= 1_000 + 100)
  const anchors = (await readSealAnchors(path)) ?? []
  assert.ok(anchors.length < 15)
  assert.deepEqual(anchors.slice(-2), [anchor(7, 50), anchor(8, 1)])
})
