import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { id, won } from '../base/base.ts'
import { crcOf } from './crc.ts'
import { EMV_TEXT_MAX } from './emv.ts'
import {
  DYNAMIC_CODE_AHEAD_MAX_MS,
  DYNAMIC_CODE_VALID_MS,
  makeDynamicCode,
  makeStaticCode,
  readMerchantCode,
  type DynamicCodeInput,
} from './merchant-code.ts'
import type { VerifyBytes } from './signature-block.ts'

const NOW = Date.UTC(2026, 10, 22, 3, 0, 0)
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const signBytes = (bytes: Uint8Array): Uint8Array => sign(null, bytes, privateKey)
const verifyBytes: VerifyBytes = (keyId, bytes, signature) =>
  keyId === 'till-2026-11' && verify(null, bytes, publicKey, signature)
const never: VerifyBytes = () => assert.fail('nothing to verify')

const names = {
  nameLatin: 'Wolmyeong Bakery',
  cityLatin: 'Gunsan',
  nameKorean: '월명동 빵집',
  cityKorean: '군산시',
}
const input: DynamicCodeInput = {
  issuerCode: 'gunsan',
  outletId: id('out', 123_456_789_012),
  clerkId: id('clk', 987_654_321),
  amountWon: won(12_500),
  reference: 'b7Qm2xV9kT4rLw8sZc1a',
  mcc: '5462',
  names,
  issuedAt: NOW,
  keyId: 'till-2026-11',
  sign: signBytes,
}
const staticInput = {
  issuerCode: 'gunsan',
  outletId: input.outletId,
  kitId: id('kit', 5_555),
  mcc: '5462',
  names,
}

function resealed(text: string): string {
  return text.slice(0, -4) + crcOf(text.slice(0, -4))
}

function verdict(text: string, now: number = NOW): string {
  const result = readMerchantCode(text, { verify: verifyBytes, now })
  return result.ok ? 'ok' : `${result.problem}: ${result.detail}`
}

test('a static code names issuer, outlet and kit, and nothing about money', () => {
  const text = makeStaticCode(staticInput)
  assert.deepEqual(readMerchantCode(text, { verify: never, now: NOW }), {
    ok: true,
    code: {
      kind: 'static',
      issuerCode: 'gunsan',
      outletId: staticInput.outletId,
      kitId: staticInput.kitId,
    },
  })
  assert.ok(!/\n/.test(text) && text.startsWith('00020101021126'))
})

test('a dynamic code names the amount, the reference and the moment, and is signed', () => {
  const result = readMerchantCode(makeDynamicCode(input), { verify: verifyBytes, now: NOW })
  assert.deepEqual(result, {
    ok: true,
    code: {
      kind: 'dynamic',
      issuerCode: 'gunsan',
      outletId: input.outletId,
      clerkId: input.clerkId,
      amountWon: 12_500,
      reference: input.reference,
      issuedAt: NOW,
      keyId: 'till-2026-11',
    },
  })
})

test('a dynamic code need not name a clerk', () => {
  const { clerkId: _, ...without } = input
  const result = readMerchantCode(makeDynamicCode(without), { verify: verifyBytes, now: NOW })
  assert.ok(result.ok && result.code.kind === 'dynamic' && !('clerkId' in result.code))
})

test('whatever is put into a dynamic code comes out of it, within the length EMVCo allows', () => {
  const slug = fc.stringMatching(/^[a-z0-9-]{1,20}$/)
  const anyId = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
  const text = fc.string({ unit: 'binary', maxLength: 60 })
  const record = fc.record({
    slug,
    outlet: anyId,
    clerk: anyId,
    amount: fc.integer({ min: 1, max: 1_000_000_000_000 }),
    reference: fc.stringMatching(/^[A-Za-z0-9_-]{1,25}$/),
    mcc: fc.stringMatching(/^[0-9]{4}$/),
    names: fc.record({ nameLatin: text, cityLatin: text, nameKorean: text, cityKorean: text }),
    age: fc.integer({ min: -DYNAMIC_CODE_AHEAD_MAX_MS, max: DYNAMIC_CODE_VALID_MS - 1000 }),
  })
  fc.assert(
    fc.property(record, ({ slug, outlet, clerk, amount, reference, mcc, names, age }) => {
      const code = makeDynamicCode({
        ...input,
        issuerCode: slug,
        outletId: id('out', outlet),
        clerkId: id('clk', clerk),
        amountWon: won(amount),
        reference,
        mcc,
        names,
        issuedAt: NOW - age,
      })
      assert.ok([...code].length <= EMV_TEXT_MAX)
      const result = readMerchantCode(code, { verify: verifyBytes, now: NOW })
      assert.ok(result.ok && result.code.kind === 'dynamic')
      const read = result.code
      assert.deepEqual(
        [read.issuerCode, read.outletId, read.clerkId, read.amountWon, read.reference],
        [slug, outlet, clerk, amount, reference],
      )
      assert.equal(read.issuedAt, Math.floor((NOW - age) / 1000) * 1000)
    }),
    { numRuns: 200 },
  )
})

test('the longest dynamic code has 432 characters, Korean letters counted as one', () => {
  const code = makeDynamicCode({
    ...input,
    issuerCode: 'x'.repeat(20),
    outletId: id('out', Number.MAX_SAFE_INTEGER),
    clerkId: id('clk', Number.MAX_SAFE_INTEGER),
    amountWon: won(1_000_000_000_000),
    reference: 'r'.repeat(25),
    names: {
      nameLatin: 'N'.repeat(40),
      cityLatin: 'C'.repeat(40),
      nameKorean: '가'.repeat(40),
      cityKorean: '나'.repeat(40),
    },
    keyId: 'k'.repeat(16),
  })
  assert.equal(code.length, 432)
})

test('names that do not fit are cut, cleaned or replaced, and never stop a code', () => {
  const text = makeStaticCode({
    ...staticInput,
    names: { nameLatin: '빵집', cityLatin: 'Saint-Émilion-sur-Mer', nameKorean: '가\u202e\n나😀' },
  })
  assert.match(text, /5908MERCHANT6015Saint-Emilion-s/)
  assert.match(text, /64130002ko0103가 나6304/)
  const nameless = makeStaticCode({ ...staticInput, names: { ...names, nameKorean: '😀' } })
  assert.ok(!nameless.includes('0002ko'))
})

test('every character of a signed code counts: any other in its place is refused', () => {
  const text = makeDynamicCode(input)
  assert.equal(verdict(text), 'ok')
  let tried = 0
  for (let at = 0; at < text.length; at += 1) {
    const present = text.charAt(at)
    const next = String.fromCharCode(present.charCodeAt(0) + 1)
    const flipped =
      present === present.toUpperCase() ? present.toLowerCase() : present.toUpperCase()
    for (const other of new Set(['0', '1', '9', 'A', 'z', '_', ' ', '가', next, flipped])) {
      if (other === present) continue
      const altered = text.slice(0, at) + other + text.slice(at + 1)
      assert.match(verdict(altered), /^code_invalid: /, `stale checksum, character ${at}`)
      if (at < text.length - 8) {
        assert.match(
          verdict(resealed(altered)),
          /^code_invalid: /,
          `checksum right, character ${at}`,
        )
      }
      tried += 1
    }
  }
  assert.ok(tried > 2000)
})

test('the last character of a signature has one value, though four bits of it mean nothing', () => {
  const text = makeDynamicCode(input)
  const at = text.length - 9
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const accepted = [...alphabet].filter((letter) => {
    return verdict(resealed(text.slice(0, at) + letter + text.slice(at + 1))) === 'ok'
  })
  assert.deepEqual(accepted, [text.charAt(at)])
})

test('a character left out, doubled or swapped with its neighbour is refused', () => {
  const text = makeDynamicCode(input)
  for (let at = 0; at < text.length - 8; at += 1) {
    const [before, here, next, after] = [
      text.slice(0, at),
      text.charAt(at),
      text.charAt(at + 1),
      text.slice(at + 2),
    ]
    const altered = [before + next + after, before + here + here + next + after]
    if (here !== next) altered.push(before + next + here + after)
    for (const other of altered) {
      assert.match(verdict(other), /^code_invalid: /)
      assert.match(verdict(resealed(other)), /^code_invalid: /)
    }
  }
})

test('nothing can be added to a signed code, before, inside or after its signature', () => {
  const text = makeDynamicCode(input)
  const body = text.slice(0, -8)
  const end = (body: string): string => resealed(`${body}63040000`)
  const at80 = text.indexOf('0007kr.dure0112') - 4
  const table = {
    'a field after it': end(`${body}82190007kr.dure0104more`),
    'a field of another scheme after it': end(`${body}99060002zz`),
    'a reserved field after it': end(`${body}6504more`),
    'a field before it': end(`${body.slice(0, at80)}6504more${body.slice(at80)}`),
    'a sub-field in 81': end(body.replace(/8158(.{58})$/, '8166$10904more')),
    'field 81 before field 80': end(body.slice(0, at80) + body.slice(-62) + body.slice(at80, -62)),
    'a GUI of another scheme in 80': end(body.replace('80880007kr.dure', '80880007kr.dura')),
    'a GUI of another scheme in 81': end(body.replace('81580007kr.dure', '81580007kr.dura')),
  }
  for (const [what, altered] of Object.entries(table)) {
    assert.notEqual(altered, text, what)
    const detail =
      what === 'a field before it'
        ? 'field 80.03: the signature does not verify'
        : 'field 80: not a signature block'
    assert.equal(verdict(altered), `code_invalid: ${detail}`, what)
  }
  for (const added of ['0', '\n', '\r\n', text]) {
    assert.match(verdict(text + added), /^code_invalid: /, added)
  }
  const halves = /0343(.{43})81580007kr\.dure0143(.{43})$/
  const swapped = body.replace(halves, '0343$281580007kr.dure0143$1')
  assert.notEqual(swapped, body)
  assert.match(verdict(end(swapped)), /^code_invalid: field 80/)
})

test('a signed code without its signature is refused, also when it calls itself static', () => {
  const text = makeDynamicCode(input)
  const unsigned = resealed(`${text.slice(0, text.indexOf('0007kr.dure0112') - 4)}63040000`)
  assert.equal(verdict(unsigned), 'code_invalid: field 80: not a signature block')
  const kit = text.replace(/03\d\dclk_/, (found) => found.replace('clk', 'kit'))
  const asStatic = resealed(kit.replace('010212', '010211'))
  assert.equal(verdict(asStatic), 'code_invalid: field 54: an amount in a static code')
  const noAmount = resealed(kit.replace('010212', '010211').replace('540512500', ''))
  assert.equal(verdict(noAmount), 'code_invalid: field 80: a signature in a static code')
})

test('a signature of another key, of an unknown key, or over another code is refused', () => {
  const other = generateKeyPairSync('ed25519').privateKey
  const forged = makeDynamicCode({ ...input, sign: (bytes) => sign(null, bytes, other) })
  assert.equal(verdict(forged), 'code_invalid: field 80.03: the signature does not verify')
  const unknownKey = makeDynamicCode({ ...input, keyId: 'till-2026-12' })
  assert.equal(verdict(unknownKey), 'code_invalid: field 80.03: the signature does not verify')
  const cheap = makeDynamicCode({ ...input, amountWon: won(12_400) })
  const mixed = resealed(makeDynamicCode(input).slice(0, -113) + cheap.slice(-113))
  assert.equal(verdict(mixed), 'code_invalid: field 80.03: the signature does not verify')
  assert.throws(() => makeDynamicCode({ ...input, sign: () => new Uint8Array(63) }))
})

test('a dynamic code is good for three minutes and not a millisecond more', () => {
  const text = makeDynamicCode(input)
  assert.equal(verdict(text, NOW + DYNAMIC_CODE_VALID_MS - 1), 'ok')
  assert.match(verdict(text, NOW + DYNAMIC_CODE_VALID_MS), /^code_expired: field 80\.02/)
  const shorter = { verify: verifyBytes, now: NOW + 1000, validMs: 1000 }
  assert.equal(readMerchantCode(text, shorter).ok, false)
  assert.equal(readMerchantCode(text, { ...shorter, validMs: 1001 }).ok, true)
})

test('a dynamic code may come from a clock one minute ahead and not a millisecond more', () => {
  const text = makeDynamicCode(input)
  assert.equal(verdict(text, NOW - DYNAMIC_CODE_AHEAD_MAX_MS), 'ok')
  assert.match(verdict(text, NOW - DYNAMIC_CODE_AHEAD_MAX_MS - 1), /^code_invalid: field 80\.02/)
})

test('a forged old code is invalid, not expired: expiry is only told of true codes', () => {
  const text = makeDynamicCode(input)
  const forged = resealed(text.replace('540512500', '540512501'))
  assert.match(verdict(forged, NOW + DYNAMIC_CODE_VALID_MS), /^code_invalid: field 80\.03/)
})

test('codes of other schemes, currencies, countries, and ids of other kinds are refused', () => {
  const text = makeStaticCode(staticInput)
  const table: [string, string, string][] = [
    ['0007kr.dure', '0007kr.dura', 'field 26.00: not a code of Dure'],
    ['0106gunsan', '0106GUNSAN', 'field 26.01: not an issuer code'],
    ['out_', 'mrc_', 'field 26.02: not an outlet id'],
    ['kit_', 'clk_', 'field 26.03: not a kit id'],
    ['5303410', '5303840', 'field 53: the currency is not won'],
    ['5802KR', '5802JP', 'field 58: the country is not KR'],
    ['010211', '', 'field 01: missing'],
    ['010211', '010213', 'field 01: field_malformed'],
  ]
  for (const [from, to, detail] of table) {
    assert.ok(text.includes(from), from)
    assert.equal(verdict(resealed(text.replace(from, to))), `code_invalid: ${detail}`)
  }
})

test('an amount is whole won above zero without a leading zero', () => {
  const text = makeDynamicCode(input)
  for (const amount of ['0', '012500', '12500.', '12500.00', '9999999999999']) {
    const field = `54${String(amount.length).padStart(2, '0')}${amount}`
    const altered = resealed(text.replace('540512500', field))
    assert.equal(verdict(altered), 'code_invalid: field 54: not an amount of whole won')
  }
  assert.throws(() => makeDynamicCode({ ...input, amountWon: won(0) }))
  assert.throws(() => makeDynamicCode({ ...input, amountWon: won(-1) }))
})

test('any string whatever is read or refused, and never throws', () => {
  const codes = [makeDynamicCode(input), makeStaticCode(staticInput)]
  const mutated = fc
    .tuple(fc.constantFrom(...codes), fc.nat(), fc.nat(9), fc.string({ unit: 'binary' }))
    .map(([text, at, drop, add]) => {
      const place = at % text.length
      return resealed((text.slice(0, place) + add + text.slice(place + drop)).toWellFormed())
    })
  const any = fc.oneof(fc.string({ unit: 'binary' }), mutated)
  fc.assert(
    fc.property(any, (text) => {
      const result = readMerchantCode(text, { verify: verifyBytes, now: NOW })
      assert.ok(result.ok || result.detail.length > 0)
    }),
    { numRuns: 1000 },
  )
})

test('a signature by the published key of RFC 8032 is read', () => {
  // RFC 8032 §7.1, test 1, as PKCS #8 and SPKI.
  const secret = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'
  const key = createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${secret}`, 'hex'),
    format: 'der',
    type: 'pkcs8',
  })
  const text = makeDynamicCode({ ...input, sign: (bytes) => sign(null, bytes, key) })
  const options = {
    verify: (_: string, bytes: Uint8Array, signature: Uint8Array) =>
      verify(null, bytes, createPublicKey(key), signature),
    now: NOW,
  }
  assert.equal(readMerchantCode(text, options).ok, true)
})
