/** The lines of hand-outs in memory: what the store in PostgreSQL is held to, and the store of tests. */
import { sumWon, type HandOutId, type IssuerId } from '../base/base.ts'
import {
  recipientStates,
  type RecipientState,
  type RecipientStore,
  type StoredRecipient,
} from './recipient-store.ts'

/** Each method does all its work before it returns its promise, so that calls cannot interleave. */
export function createMemoryRecipientStore(): RecipientStore {
  const lists = new Map<string, Map<number, StoredRecipient>>()
  const listOf = (issuerId: IssuerId, handOutId: HandOutId): Map<number, StoredRecipient> => {
    const key = `${issuerId}/${handOutId}`
    const known = lists.get(key) ?? new Map<number, StoredRecipient>()
    lists.set(key, known)
    return known
  }
  const inOrder = (issuerId: IssuerId, handOutId: HandOutId): StoredRecipient[] =>
    [...listOf(issuerId, handOutId).values()].toSorted((a, b) => a.lineNumber - b.lineNumber)
  return {
    async add(issuerId, handOutId, lines) {
      const list = listOf(issuerId, handOutId)
      for (const line of lines) {
        if (list.has(line.lineNumber)) continue
        list.set(line.lineNumber, { ...line, state: 'new', reason: null, giftId: null })
      }
    },
    async lines(issuerId, handOutId, { states, after, limit }) {
      return inOrder(issuerId, handOutId)
        .filter((line) => states.includes(line.state) && line.lineNumber > after)
        .slice(0, limit)
    },
    line: async (issuerId, handOutId, lineNumber) => listOf(issuerId, handOutId).get(lineNumber),
    async settle(issuerId, handOutId, results) {
      const list = listOf(issuerId, handOutId)
      for (const { lineNumber, state, reason, giftId } of results) {
        const line = list.get(lineNumber)
        if (line === undefined || !mayStep(line.state, state)) continue
        list.set(lineNumber, { ...line, state, reason, giftId: line.giftId ?? giftId })
      }
    },
    async groups(issuerId, handOutId) {
      const lines = inOrder(issuerId, handOutId)
      return recipientStates.flatMap((state) => {
        const some = lines.filter((line) => line.state === state)
        if (some.length === 0) return []
        return [
          { state, lines: some.length, amountWon: sumWon(some.map((each) => each.amountWon)) },
        ]
      })
    },
    async erase(issuerId, handOutId, limit) {
      const list = listOf(issuerId, handOutId)
      const personal = inOrder(issuerId, handOutId).filter(
        ({ phone, memo }) => phone !== null || memo !== null,
      )
      const erased = personal.slice(0, limit)
      for (const line of erased) list.set(line.lineNumber, { ...line, phone: null, memo: null })
      return erased.length
    },
  }
}

function mayStep(from: RecipientState, to: RecipientState): boolean {
  if (from === 'new') return to !== 'new'
  return from === 'sent' && (to === 'accepted' || to === 'returned')
}
