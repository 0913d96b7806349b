/** Both partners carry every canonical message there and back. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { CardAnswer } from '../../cards/cards.ts'
import { messageMac } from '../../iso8583/iso8583.ts'
import type { PartnerMessage } from '../partner-adapter.ts'
import { partnerProfiles } from './adapters.ts'
import { answers, PARTNER, questions, TODAY } from './fixtures/arbitrary-messages.ts'

const mac = messageMac(new Uint8Array(16).fill(7))
const given = { mac, today: TODAY }

for (const [profile, createAdapter] of Object.entries(partnerProfiles)) {
  describe(profile, () => {
    const company = createAdapter(PARTNER, () => '월명동 빵집')
    const gateway = createAdapter(PARTNER)

    test('every message is read as it was written, and so is every answer to it', () => {
      fc.assert(
        fc.property(questions, answers, fc.boolean(), (message, answer, accepted) => {
          const written = company.write(message, mac)
          assert.ok(written.bytes.length <= company.framing.messageBytesMax)
          const read = gateway.read(written.bytes, given)
          assert.ok(read.ok, read.ok ? '' : `${read.field}: ${read.detail}`)
          assert.deepEqual(read.message, message)
          assert.equal(read.matchKey, written.matchKey)
          for (const reply of repliesTo(message, { answer, accepted })) {
            const bytes = gateway.answer(read, reply, mac)
            const back = company.read(bytes, given)
            assert.ok(back.ok, back.ok ? '' : `${back.field}: ${back.detail}`)
            assert.deepEqual(back.message, reply)
            assert.equal(back.matchKey, written.matchKey)
          }
        }),
        { numRuns: 1500 },
      )
    })
  })
}

/** What may be answered to a message. A notice that could not be kept safe is answered like a request. */
function repliesTo(
  message: PartnerMessage,
  { answer, accepted }: { readonly answer: CardAnswer; readonly accepted: boolean },
): PartnerMessage[] {
  if (message.type === 'network') {
    const { wrappedKey: _, ...network } = message.network
    return [{ type: 'network_answer', network, accepted }]
  }
  if (message.type === 'notice') return [{ type: 'acknowledgement' }, { type: 'answer', answer }]
  return [{ type: 'answer', answer }]
}
