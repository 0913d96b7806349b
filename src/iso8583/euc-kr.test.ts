/** EUC-KR is KS X 1001: its published number of characters, known codes, and everything else refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeEucKr, encodeEucKr } from './euc-kr.ts'

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
const decode = (bytes: Uint8Array): ReturnType<typeof decodeEucKr> =>
  decodeEucKr(bytes, 0, bytes.length)

test('known characters have their codes of KS X 1001', () => {
  const known: readonly (readonly [string, string])[] = [
    ['가', 'b0a1'],
    ['힝', 'c8fe'],
    ['伽', 'caa1'],
    ['詰', 'fdfe'],
    ['ㄱ', 'a4a1'],
    ['㈜', 'a2df'],
    ['월명동 빵집 2', 'bff9b8edb5bf20bba7c1fd2032'],
  ]
  for (const [text, hex] of known) {
    assert.deepEqual(encodeEucKr(text), bytesOf(hex), text)
    assert.deepEqual(decode(bytesOf(hex)), { ok: true, text })
  }
})

test('8,226 pairs are assigned, and each comes back as it was', () => {
  let assigned = 0
  for (let lead = 0; lead < 256; lead += 1) {
    for (let trail = 0; trail < 256; trail += 1) {
      if (lead < 0x80) continue
      const pair = Uint8Array.of(lead, trail)
      const read = decode(pair)
      if (!read.ok) continue
      assigned += 1
      assert.deepEqual(encodeEucKr(read.text), pair)
    }
  }
  assert.equal(assigned, 8_226)
})

test('what is not EUC-KR is refused where it stands', () => {
  const wrong: readonly (readonly [string, string, number])[] = [
    ['a lead byte alone at the end', '41b0', 1],
    ['a lead byte before a space', 'b0a1b020', 2],
    ['a syllable of CP949 only (똠)', '8c63', 0],
    ['a row that everybody fills for himself', 'c9a1', 0],
    ['a pair that is unassigned', 'ada1', 0],
    ['a control character', '410a', 1],
    ['a delete character', '7f', 0],
    ['the byte FF', 'ffa1', 0],
    ['UTF-8 (월명동)', Buffer.from('월명동').toString('hex'), 0],
    ['UTF-8 whose bytes happen to be pairs (갡갡)', Buffer.from('갡갡').toString('hex'), 0],
  ]
  for (const [what, hex, at] of wrong) {
    const read = decode(bytesOf(hex))
    assert.ok(!read.ok, what)
    assert.equal(read.at, at, what)
  }
})

test('what EUC-KR has no bytes for is not written', () => {
  for (const text of ['똠방각하', '커피☕', 'é', 'a\tb', '\ud800']) {
    assert.equal(encodeEucKr(text), undefined, text)
  }
})
