/** What every store of recipients does. Run on the one in memory and on PostgreSQL word for word. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { id, won, type IssuerId } from '../base/base.ts'
import {
  recipientStates,
  type RecipientLine,
  type RecipientResult,
  type RecipientStore,
} from './corporate.ts'

export interface RecipientStoreUnderTest {
  readonly store: RecipientStore
  /** Two opened issuers that no other test writes to. */
  readonly issuerId: IssuerId
  readonly otherIssuerId: IssuerId
}

const LIST = id('hnd', 1)
const OTHER = id('hnd', 2)
const page = { states: recipientStates, after: 0, limit: 100 }

function line(lineNumber: number, change: Partial<RecipientLine> = {}): RecipientLine {
  const words = { phone: '01012345678', memo: '고맙습니다 "친구\\"' }
  return { lineNumber, amountWon: won(10_000), ...words, ...change }
}
const result = (
  lineNumber: number,
  state: RecipientResult['state'],
  change: Partial<RecipientResult> = {},
): RecipientResult => ({ lineNumber, state, reason: null, giftId: null, ...change })

/** Registers the suite; `open` is called once for each test. */
export function recipientStoreContract(
  name: string,
  open: () => Promise<RecipientStoreUnderTest>,
): void {
  describe(`${name} keeps the contract of recipients`, () => {
    test('lines are added once, in any order, and read by number', async () => {
      const { store, issuerId, otherIssuerId } = await open()
      await store.add(issuerId, LIST, [line(5), line(3, { memo: null })])
      await store.add(issuerId, LIST, [line(2), line(5, { phone: '01099999999' })])
      const lines = await store.lines(issuerId, LIST, page)
      assert.deepEqual(
        lines.map(({ lineNumber }) => lineNumber),
        [2, 3, 5],
      )
      assert.deepEqual(lines[2], { ...line(5), state: 'new', reason: null, giftId: null })
      assert.equal(lines[1]?.memo, null)
      assert.deepEqual(await store.line(issuerId, LIST, 5), lines[2])
      assert.equal(await store.line(issuerId, LIST, 4), undefined)
      for (const [issuer, list] of [
        [otherIssuerId, LIST],
        [issuerId, OTHER],
      ] as const) {
        assert.deepEqual(await store.lines(issuer, list, page), [])
        assert.equal(await store.line(issuer, list, 5), undefined)
        assert.deepEqual(await store.groups(issuer, list), [])
      }
      const next = await store.lines(issuerId, LIST, { ...page, after: 2, limit: 1 })
      assert.deepEqual(
        next.map(({ lineNumber }) => lineNumber),
        [3],
      )
    })

    test('a line goes forwards only, and keeps its present', async () => {
      const { store, issuerId, otherIssuerId } = await open()
      await store.add(issuerId, LIST, [line(1), line(2), line(3)])
      const giftId = id('gft', 77)
      await store.settle(issuerId, LIST, [
        result(3, 'refused', { reason: 'gift_funds_insufficient' }),
        result(1, 'sent', { giftId }),
        result(9, 'sent'),
      ])
      await store.settle(otherIssuerId, LIST, [result(2, 'skipped')])
      await store.settle(issuerId, OTHER, [result(2, 'skipped')])
      await store.settle(issuerId, LIST, [result(1, 'new'), result(3, 'sent')])
      await store.settle(issuerId, LIST, [result(1, 'skipped')])
      await store.settle(issuerId, LIST, [])
      const states = async () =>
        (await store.lines(issuerId, LIST, page)).map(({ state, reason, giftId: gift }) => [
          state,
          reason,
          gift,
        ])
      assert.deepEqual(await states(), [
        ['sent', null, giftId],
        ['new', null, null],
        ['refused', 'gift_funds_insufficient', null],
      ])
      await store.settle(issuerId, LIST, [result(1, 'returned', { reason: 'lapsed' })])
      await store.settle(issuerId, LIST, [result(1, 'accepted')])
      assert.deepEqual((await states())[0], ['returned', 'lapsed', giftId])
      const stillOpen = await store.lines(issuerId, LIST, { ...page, states: ['new', 'sent'] })
      assert.deepEqual(
        stillOpen.map(({ lineNumber }) => lineNumber),
        [2],
      )
    })

    test('lines are counted by state', async () => {
      const { store, issuerId } = await open()
      await store.add(issuerId, LIST, [line(1), line(2, { amountWon: won(500) }), line(3)])
      await store.settle(issuerId, LIST, [result(3, 'sent', { giftId: id('gft', 1) })])
      assert.deepEqual(await store.groups(issuerId, LIST), [
        { state: 'new', lines: 2, amountWon: 10_500 },
        { state: 'sent', lines: 1, amountWon: 10_000 },
      ])
    })

    test('what is personal goes, some lines at a time, and the rest stays', async () => {
      const { store, issuerId } = await open()
      await store.add(issuerId, LIST, [line(1), line(2, { memo: null }), line(3)])
      await store.add(issuerId, OTHER, [line(1)])
      assert.equal(await store.erase(issuerId, LIST, 2), 2)
      const phones = async (list = LIST) =>
        (await store.lines(issuerId, list, page)).map(({ phone, memo }) => phone ?? memo)
      assert.deepEqual(await phones(), [null, null, '01012345678'])
      assert.equal(await store.erase(issuerId, LIST, 2), 1)
      assert.equal(await store.erase(issuerId, LIST, 2), 0)
      assert.deepEqual(await phones(OTHER), ['01012345678'])
      assert.equal((await store.line(issuerId, LIST, 3))?.amountWon, 10_000)
    })
  })
}
