/** Reads docs/reference/qr-codes.md: what it tells a till's maker must be true. */
import assert from 'node:assert/strict'
import { createHmac, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  CONSUMER_CODE_SKEW_STEPS,
  CONSUMER_CODE_STEP_MS,
  CONSUMER_CODE_VALID_STEPS,
  decodeEmv,
  DYNAMIC_CODE_AHEAD_MAX_MS,
  DYNAMIC_CODE_VALID_MS,
  EMV_TEXT_MAX,
  emvProblems,
  makeConsumerCode,
  parseConsumerCode,
  readMerchantCode,
  verifyConsumerCode,
  type HmacSha256,
} from './qr.ts'

const page = readFileSync(new URL('../../docs/reference/qr-codes.md', import.meta.url), 'utf8')
const NOW = Date.parse('2026-11-22T03:00:00Z')
const hmac: HmacSha256 = (key, message) => createHmac('sha256', key).update(message).digest()

function sample(kind: 'static' | 'dynamic' | 'consumer'): string {
  const text = new RegExp(`^\`\`\`${kind}\\n(.+)\\n\`\`\`$`, 'm').exec(page)?.[1]
  assert.ok(text !== undefined, `the page has a ${kind} sample`)
  return text
}

/** First cells and sample values of the tables in a section. */
function samplesOf(heading: string): [string, string][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  const rows = section.matchAll(/^\| ([0-9.–]+) \|.*\| `([^`|]+)` \|$/gm)
  return Array.from(rows, ([, first, value]) => [first ?? '', value ?? ''])
}

test('the merchant samples are codes of Dure, and the tables show what is in them', () => {
  const key = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
  assert.ok(page.includes(key))
  const publicKey = createPublicKey({
    key: Buffer.from(`302a300506032b6570032100${key}`, 'hex'),
    format: 'der',
    type: 'spki',
  })
  for (const kind of ['static', 'dynamic'] as const) {
    const read = readMerchantCode(sample(kind), {
      now: NOW,
      verify: (keyId, bytes, signature) =>
        keyId === 'sample-1' && verify(null, bytes, publicKey, signature),
    })
    assert.ok(read.ok && read.code.kind === kind)
    const decoded = decodeEmv(sample(kind))
    assert.ok(decoded.ok)
    const heading = kind === 'static' ? 'Static code' : 'Dynamic code'
    const shown = samplesOf(heading)
    assert.ok(shown.length >= 11)
    for (const [field, value] of shown) {
      const [id = '', sub] = field.split('.')
      const actual: string | undefined =
        sub === undefined ? decoded.code.fields.get(id) : decoded.code.templates.get(id)?.get(sub)
      assert.equal(value, actual, `${kind} field ${field}`)
    }
  }
})

test('the static table leaves out no field of its sample', () => {
  const decoded = decodeEmv(sample('static'))
  assert.ok(decoded.ok)
  const leaves = [...decoded.code.fields.keys()].flatMap((id) => {
    const template = decoded.code.templates.get(id)
    return template === undefined ? [id] : Array.from(template.keys(), (sub) => `${id}.${sub}`)
  })
  assert.deepEqual(
    samplesOf('Static code').map(([field]) => field),
    leaves,
  )
})

test('the signed bytes end with 0343, 113 characters before the end', () => {
  const text = sample('dynamic')
  assert.ok(text.slice(0, -113).endsWith('0343'))
  assert.match(text.slice(-113), /^.{43}81580007kr\.dure0143.{43}6304.{4}$/)
})

test('the consumer sample is what its seed and moment make, and the table cuts it right', () => {
  const seed = Buffer.from('12345678901234567890123456789012')
  assert.ok(page.includes('`12345678901234567890123456789012`'))
  const text = sample('consumer')
  assert.equal(makeConsumerCode({ handle: 1_234_567_890, seed, now: NOW, hmac }), text)
  assert.equal(samplesOf('Consumer code').length, 4)
  for (const [digits, value] of samplesOf('Consumer code')) {
    const [first = '', last = first] = digits.split('–')
    assert.equal(value, text.slice(Number(first) - 1, Number(last)))
  }
  const typed = text.match(/.{4}/g)?.join(' ') ?? ''
  assert.ok(page.includes(`\`${typed}\``))
  const parsed = parseConsumerCode(typed)
  assert.ok(parsed.ok)
  assert.ok(verifyConsumerCode({ parsed: parsed.code, seed, now: NOW, hmac }).ok)
})

test('the page names every problem and the limits as they are', () => {
  for (const problem of emvProblems) assert.ok(page.includes(`| \`${problem}\` |`), problem)
  assert.ok(page.includes(`**${EMV_TEXT_MAX} characters**`))
  assert.ok(page.includes(`**${DYNAMIC_CODE_VALID_MS / 1000} seconds**`))
  assert.ok(page.includes(`**${DYNAMIC_CODE_AHEAD_MAX_MS / 1000} seconds**`))
  assert.ok(page.includes(`**${CONSUMER_CODE_STEP_MS / 1000} seconds**`))
  const back = CONSUMER_CODE_VALID_STEPS - 1
  assert.ok(page.includes(`up to **${back}** before, or **${CONSUMER_CODE_SKEW_STEPS}** after`))
})
