/** Reads docs/reference/card-messages.md: what it tells a card company's engineer must be true. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { createTelegramCodec, keyCheckValue, unwrapKey } from '../../iso8583/iso8583.ts'
import { edgeDefaults } from '../../standin/standin.ts'
import { linkLimits } from '../link-limits.ts'
import type { PartnerAdapter } from '../partner-adapter.ts'
import { createHanbitAdapter, createNaraeAdapter, partnerProfiles } from './adapters.ts'
import { reasonTable } from './answer-codes.ts'
import {
  bareResponseCodes,
  hanbitFieldRows,
  hanbitFormRows,
  hanbitSampleRows,
  hanbitTagRows,
  naraeFieldRows,
  naraeFormRows,
  naraeSampleRows,
  reasonRowStarts,
  type Rows,
} from './fixtures/page-tables.ts'
import {
  SAMPLE_KEY_ENCRYPTION_KEY,
  SAMPLE_MAC_KEY,
  SAMPLE_NEW_KEY,
  SAMPLE_TODAY,
  sampleMac,
  sampleNames,
  samplePartners,
  writeSamples,
} from './fixtures/sample-messages.ts'
import { echoedFields, answerTags } from './hanbit-forms.ts'
import { naraeLayouts } from './narae-layouts.ts'

const page = readFileSync(
  new URL('../../../docs/reference/card-messages.md', import.meta.url),
  'utf8',
)
const partners: Readonly<
  Record<string, { adapter: PartnerAdapter; rowsOf: (bytes: Uint8Array) => Rows }>
> = {
  hanbit: {
    adapter: createHanbitAdapter(samplePartners.hanbit, sampleNames),
    rowsOf: hanbitSampleRows,
  },
  narae: {
    adapter: createNaraeAdapter(samplePartners.narae, sampleNames),
    rowsOf: naraeSampleRows,
  },
}

/** Every `#### partner: name` of the page with its bytes and the rows of its table. */
const samples = Array.from(
  page.matchAll(
    /^#### (\w+): (.+)\n\n.+\n\n```hex\n([0-9a-f\n]+)\n```\n\n\| .+\n\| .+\n((?:\|.+\n?)+)/gm,
  ),
  ([, partner = '', name = '', hex = '', rows = '']) => ({
    partner,
    name,
    bytes: Uint8Array.from(Buffer.from(hex.replaceAll('\n', ''), 'hex')),
    rows: rows.trimEnd().split('\n'),
  }),
)

describe('samples', () => {
  test('every heading of a sample has its bytes and its table', () => {
    const headings = page.match(/^#### /gm) ?? []
    assert.equal(samples.length, headings.length)
    assert.ok(samples.length >= 25)
    assert.deepEqual(new Set(samples.map(({ partner }) => partner)), new Set(['hanbit', 'narae']))
  })

  for (const { partner, name, bytes, rows } of samples) {
    test(`${partner}: ${name} is read, and its table tells all that is in it`, () => {
      const { adapter, rowsOf } = partners[partner]!
      const read = adapter.read(bytes, { mac: sampleMac, today: SAMPLE_TODAY })
      assert.ok(read.ok, read.ok ? '' : `${read.field}: ${read.detail}`)
      assert.deepEqual(rows, rowsOf(bytes))
      const written = writeSamples(adapter).get(name)
      assert.ok(written !== undefined, 'the corpus has a message of this name')
      assert.deepEqual(Buffer.from(bytes), Buffer.from(written))
    })
  }

  test('the key change of the page brings the new key of the page', () => {
    for (const key of [SAMPLE_MAC_KEY, SAMPLE_KEY_ENCRYPTION_KEY, SAMPLE_NEW_KEY]) {
      assert.ok(page.includes(`| \`${key}\` |`))
    }
    const change = samples.filter(({ name }) => name === 'key change')
    assert.equal(change.length, 2)
    for (const { partner, bytes } of change) {
      const given = { mac: sampleMac, today: SAMPLE_TODAY }
      const read = partners[partner]!.adapter.read(bytes, given)
      assert.ok(read.ok && read.message.type === 'network')
      const { wrappedKey, keyCheckValue: check } = read.message.network
      assert.ok(wrappedKey !== undefined)
      const key = unwrapKey(wrappedKey, Buffer.from(SAMPLE_KEY_ENCRYPTION_KEY, 'hex'))
      assert.ok(key !== undefined)
      assert.equal(Buffer.from(key).toString('hex').toUpperCase(), SAMPLE_NEW_KEY)
      assert.equal(keyCheckValue(key), check)
    }
  })
})

describe('tables', () => {
  const tables: readonly (readonly [string, Rows])[] = [
    ['fields of 한빛카드', hanbitFieldRows()],
    ['elements of DE 48', hanbitTagRows()],
    ['messages of 한빛카드', hanbitFormRows()],
    ['거래전문', naraeFieldRows(naraeLayouts.sale)],
    ['대사전문', naraeFieldRows(naraeLayouts.totals)],
    ['망관리전문', naraeFieldRows(naraeLayouts.network)],
    ['telegrams of 나래카드', naraeFormRows()],
  ]
  for (const [name, rows] of tables) {
    test(`${name}: the page has the whole table and no row more`, () => {
      const whole = rows.join('\n')
      assert.ok(page.includes(`| --- |\n${whole}\n\n`), whole)
    })
  }

  test('every reason of the card path has its row, and the others are named', () => {
    for (const start of reasonRowStarts()) {
      assert.equal(page.split('\n').filter((line) => line.startsWith(start)).length, 1, start)
    }
    const rows = page.match(/^\| [1-7]\d\d \| `[a-z_]+` \| \d\d \|/gm) ?? []
    assert.equal(rows.length, reasonRowStarts().length)
    for (const [reason, { code }] of Object.entries(reasonTable)) {
      if (code >= '800') assert.ok(page.includes(`\`${code}\` ${reason}`), reason)
    }
  })
})

describe('words', () => {
  test('lengths, limits and codes in the text are those of the code', () => {
    const { hanbit, narae } = partners
    const seconds = (milliseconds: number): string => `**${milliseconds / 1000} seconds**`
    const said = [
      `at most ${hanbit!.adapter.framing.messageBytesMax}`,
      `at most 0${narae!.adapter.framing.messageBytesMax}`,
      ...Object.keys(partnerProfiles).map((profile) => `\`${profile}\``),
      ...Object.values(naraeLayouts).map(
        (layout) => `### ${layout.nameKo}, ${createTelegramCodec(layout).bytes} bytes`,
      ),
      `The handshake has ${seconds(linkLimits.handshakeMs)}`,
      `within ${seconds(linkLimits.signOnMs)}, under the MAC key`,
      `**${linkLimits.clockSkewMs / 60_000} minutes** from ours`,
      `up to **${linkLimits.connectionsMax}** links`,
      `every **${linkLimits.keyLifeMs / 3_600_000} hours**`,
      `another ${seconds(linkLimits.oldKeyMs)}`,
      `after ${seconds(linkLimits.echoAfterMs)}`,
      `comes back within ${seconds(linkLimits.networkAnswerMs)}`,
      `any message for ${seconds(linkLimits.idleMs)}`,
      `Up to **${linkLimits.inFlightMax}** are worked on`,
      `${seconds(linkLimits.messageMs)} from its first byte`,
      `after **${linkLimits.wrongMacsMax}** wrong MACs, or **${linkLimits.unreadableMax}** messages`,
      `more than ${linkLimits.writeQueueBytesMax / 1_048_576} MiB`,
      `it is \`${bareResponseCodes.not_applicable}\` or \`${bareResponseCodes.declined}\``,
      `(${seconds(edgeDefaults.deadlineMs).replaceAll('*', '')} for the two companies here)`,
      `waits ${seconds(edgeDefaults.coreWaitMsMax)} for the core at most`,
      `repeats ${echoedFields.slice(0, -1).join(', ')} and ${echoedFields.at(-1)}`,
      `48 with ${answerTags.mandatory.join(', ')} and may have ${answerTags.optional.join(', ')}`,
    ]
    const flowing = page.replaceAll(/\s+/g, ' ')
    for (const sentence of said) assert.ok(flowing.includes(sentence), sentence)
  })
})
