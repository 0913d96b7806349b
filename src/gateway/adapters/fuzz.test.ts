/**
 * Damaged messages, from a corpus of every kind for both partners: cut, bent bit by bit, spliced, made longer. Reading
 * never throws, and never believes a message of which a protected byte changed. Under a MAC that fits the damage, what
 * is still read can be answered, logged and written again.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { readCardNotice, readCardRequest } from '../../cards/cards.ts'
import type { Mac, PartnerAdapter, ReadMessage, UnreadMessage } from '../partner-adapter.ts'
import { createHanbitAdapter, createNaraeAdapter } from './adapters.ts'
import {
  SAMPLE_TODAY,
  sampleMac,
  sampleNames,
  samplePartners,
  samplesOf,
  writeSamples,
} from './fixtures/sample-messages.ts'
import { hexDigits, UNREAD_ANSWER } from './shared-values.ts'

interface Partner {
  readonly name: string
  readonly adapter: PartnerAdapter
  /** The MAC as it stands at the end of a message. */
  readonly macOf: (bytes: Uint8Array) => Uint8Array
}

const partners: readonly Partner[] = [
  {
    name: 'hanbit',
    adapter: createHanbitAdapter(samplePartners.hanbit, sampleNames),
    macOf: (bytes) => sampleMac(bytes),
  },
  {
    name: 'narae',
    adapter: createNaraeAdapter(samplePartners.narae, sampleNames),
    macOf: (bytes) => Buffer.from(hexDigits(sampleMac(bytes))),
  },
]

for (const { name, adapter, macOf } of partners) {
  describe(name, () => {
    const corpus = corpusOf(name)
    const messages = [...corpus.values()]
    const read = (bytes: Uint8Array): ReadMessage | UnreadMessage =>
      adapter.read(bytes, { mac: sampleMac, today: SAMPLE_TODAY })
    const sealed = (bytes: Uint8Array): Uint8Array => {
      const whole = Uint8Array.from(bytes)
      const end = Math.max(0, whole.length - macOf(whole).length)
      whole.set(macOf(whole.subarray(0, end)).subarray(0, whole.length - end), end)
      return whole
    }
    /** What is read under a MAC that fits is a message like any other. */
    const check = (bytes: Uint8Array): boolean => {
      assert.equal(typeof adapter.describe(bytes), 'string')
      const whole = read(bytes)
      if (!whole.ok) return false
      assertUsable(adapter, whole)
      return true
    }

    test('the corpus is what is written today, and holds every kind of message', () => {
      const written = new Map(
        Array.from(writeSamples(adapter), ([title, bytes]) => [title, hexDigits(bytes)]),
      )
      const stored = new Map(Array.from(corpus, ([title, bytes]) => [title, hexDigits(bytes)]))
      assert.deepEqual(stored, written)
      const kinds = new Set(
        samplesOf(adapter.partnerId).map(({ message }) =>
          message.type === 'request'
            ? message.request.kind
            : message.type === 'notice'
              ? message.notice.kind
              : message.type,
        ),
      )
      assert.equal(kinds.size, 10)
      for (const bytes of messages) assert.ok(check(bytes))
    })

    test('no truncation is read', () => {
      for (const bytes of messages) {
        for (let length = 0; length < bytes.length; length += 1) {
          const cut = bytes.subarray(0, length)
          assert.ok(!read(cut).ok)
          assert.ok(!check(sealed(cut)), 'a MAC does not make a message of a part')
        }
      }
    })

    test('no message with a single bit turned is read', () => {
      for (const bytes of messages) {
        const bent = Uint8Array.from(bytes)
        for (let bit = 0; bit < bytes.length * 8; bit += 1) {
          bent[bit >> 3]! ^= 1 << (bit & 7)
          const unread = read(bent)
          assert.ok(!unread.ok, `bit ${bit}`)
          bent[bit >> 3]! ^= 1 << (bit & 7)
        }
      }
    })

    test('with a MAC that fits, a turned bit is refused or makes another proper message', () => {
      const random = randomFrom(1)
      let understood = 0
      for (const bytes of messages) {
        for (let round = 0; round < 250; round += 1) {
          const bent = Uint8Array.from(bytes)
          const bit = random(bytes.length * 8)
          bent[bit >> 3]! ^= 1 << (bit & 7)
          if (check(sealed(bent))) understood += 1
        }
      }
      // Digits that turn into digits: the property is not proven by refusals alone.
      assert.ok(understood > 300, `${understood} understood`)
    })

    test('splices, repeated stretches and changed bytes are refused or proper messages', () => {
      const random = randomFrom(2)
      for (let round = 0; round < 12_000; round += 1) {
        const [one, other] = [
          messages[random(messages.length)]!,
          messages[random(messages.length)]!,
        ]
        const spliced = Buffer.concat([
          one.subarray(0, random(one.length)),
          other.subarray(random(other.length)),
        ])
        for (let changes = random(4); changes > 0 && spliced.length > 0; changes -= 1) {
          spliced[random(spliced.length)] = random(256)
        }
        if (!messages.some((message) => Buffer.compare(message, spliced) === 0)) {
          assert.ok(!read(spliced).ok)
        }
        check(sealed(spliced))
      }
    })

    test('bytes of no meaning are refused', () => {
      const random = randomFrom(3)
      for (let round = 0; round < 3_000; round += 1) {
        const noise = Uint8Array.from({ length: random(400) }, () => random(256))
        assert.ok(!read(noise).ok)
        check(sealed(noise))
      }
    })

    test('what is longer than any message is refused before anything is computed over it', () => {
      let computed = 0
      const counting: Mac = (bytes) => {
        computed += 1
        return sampleMac(bytes)
      }
      const given = { mac: counting, today: SAMPLE_TODAY }
      for (const bytes of messages) {
        for (const more of [1, 7, 100]) {
          assert.ok(!read(Buffer.concat([bytes, Buffer.alloc(more, 0x30)])).ok)
          assert.ok(!check(sealed(Buffer.concat([bytes, Buffer.alloc(more, 0x20)]))))
        }
        const long = Buffer.concat([bytes, Buffer.alloc(1 << 20, 0x30)])
        const unread = adapter.read(long, given)
        assert.ok(!unread.ok)
        assert.equal(unread.problem, 'malformed')
      }
      assert.equal(computed, 0)
    })
  })
}

/** Read, it can be answered and logged; written again, it says the same. */
function assertUsable(adapter: PartnerAdapter, heard: ReadMessage): void {
  const given = { mac: sampleMac, today: SAMPLE_TODAY }
  const { message } = heard
  switch (message.type) {
    case 'request':
    case 'notice': {
      // What the core can never take must not be recorded: it would be told again for ever.
      const taken =
        message.type === 'request'
          ? readCardRequest(message.request)
          : readCardNotice(message.notice)
      assert.ok(taken.ok, taken.ok ? '' : taken.problem)
      const answer = { type: 'answer', answer: UNREAD_ANSWER } as const
      const back = adapter.read(adapter.answer(heard, answer, sampleMac), given)
      assert.ok(back.ok)
      assert.equal(back.matchKey, heard.matchKey)
      const again = adapter.read(adapter.write(message, sampleMac).bytes, given)
      assert.ok(again.ok)
      assert.deepEqual(again.message, message)
      return
    }
    case 'network': {
      const { wrappedKey: _, ...network } = message.network
      const answer = { type: 'network_answer', network, accepted: true } as const
      assert.ok(adapter.read(adapter.answer(heard, answer, sampleMac), given).ok)
      assert.ok(adapter.read(adapter.write(message, sampleMac).bytes, given).ok)
      return
    }
    case 'answer':
    case 'acknowledgement':
    case 'network_answer':
  }
}

function corpusOf(name: string): ReadonlyMap<string, Uint8Array> {
  const url = new URL(`fixtures/${name}-corpus.json`, import.meta.url)
  const stored: unknown = JSON.parse(readFileSync(url, 'utf8'))
  assert.ok(typeof stored === 'object' && stored !== null)
  return new Map(
    Object.entries(stored).map(([title, hex]) => {
      assert.ok(typeof hex === 'string' && /^(?:[0-9a-f]{2})+$/.test(hex))
      return [title, Uint8Array.from(Buffer.from(hex, 'hex'))]
    }),
  )
}

/** A seeded sequence (Mulberry32), so that a failure can be met again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
