/** What every store of lines does. Run on the one in memory and on PostgreSQL word for word. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { id, won, type IssuerId } from '../base/base.ts'
import type { EligibleLine } from './eligibility-cells.ts'
import type { LineResult, LineStore, StoredLine } from './line-store.ts'

export interface LineStoreUnderTest {
  readonly store: LineStore
  /** Two opened issuers that no other test writes to. */
  readonly issuerId: IssuerId
  readonly otherIssuerId: IssuerId
}

const BATCH = id('stb', 1)
const OTHER = id('stb', 2)
const ROUND = { programId: id('prg', 2), round: '2026-1차' }
const AT = Date.UTC(2026, 10, 22, 3)
const all = ['new', 'ready', 'waiting', 'granted', 'refused', 'lapsed'] as const

function line(lineNumber: number, change: Partial<EligibleLine> = {}): EligibleLine {
  return {
    lineNumber,
    reference: `R-${lineNumber}`,
    amountWon: won(100_000),
    person: { name: '김"하늘\\', birthDate: '1990-05-05' as never, phone: '01012345678' },
    ...change,
  }
}

function result(lineNumber: number, state: LineResult['state'], member = lineNumber): LineResult {
  const reason = state === 'waiting' ? 'not_member' : state === 'refused' ? 'declined' : null
  return { lineNumber, state, reason, memberId: reason === null ? id('mbr', member) : null }
}

const numbers = (lines: readonly StoredLine[]): number[] => lines.map((each) => each.lineNumber)

/** Registers the suite; `open` is called once for each test. */
export function lineStoreContract(name: string, open: () => Promise<LineStoreUnderTest>): void {
  const page = { states: all, after: 0, limit: 100 }
  describe(`${name} keeps the contract of lines`, () => {
    test('lines are added once, in any order, and read by number', async () => {
      const { store, issuerId, otherIssuerId } = await open()
      const member = line(3, { person: id('mbr', 77) })
      await store.add(issuerId, BATCH, [line(5), member], AT)
      await store.add(issuerId, BATCH, [line(2), line(5, { reference: 'another' })], AT)
      const lines = await store.lines(issuerId, BATCH, page)
      assert.deepEqual(numbers(lines), [2, 3, 5])
      assert.deepEqual(lines[2], {
        lineNumber: 5,
        reference: 'R-5',
        amountWon: 100_000,
        state: 'new',
        reason: null,
        memberId: null,
        identity: { name: '김"하늘\\', birthDate: '1990-05-05', phone: '01012345678' },
        isClaimed: false,
        attempt: 1,
      })
      assert.deepEqual([lines[1]!.memberId, lines[1]!.identity], [77, null])
      assert.deepEqual(
        numbers(await store.lines(issuerId, BATCH, { ...page, after: 2, limit: 1 })),
        [3],
      )
      assert.deepEqual(await store.lines(otherIssuerId, BATCH, page), [])
      assert.deepEqual(await store.lines(issuerId, OTHER, page), [])
    })

    test('an upload that nobody confirms is found and removed, a confirmed one stays', async () => {
      const { store, issuerId } = await open()
      await store.add(issuerId, BATCH, [line(2), line(3), line(4)], AT)
      await store.add(issuerId, OTHER, [line(2)], AT)
      await store.confirm(issuerId, OTHER)
      await store.confirm(issuerId, OTHER)
      assert.deepEqual(await store.unconfirmed(issuerId, AT, 10), [])
      assert.deepEqual(await store.unconfirmed(issuerId, AT + 1, 10), [BATCH])
      assert.equal(await store.discard(issuerId, OTHER, 10), 0)
      assert.equal(await store.discard(issuerId, BATCH, 2), 2)
      assert.deepEqual(await store.unconfirmed(issuerId, AT + 1, 10), [BATCH])
      assert.equal(await store.discard(issuerId, BATCH, 2), 1)
      assert.deepEqual(await store.unconfirmed(issuerId, AT + 1, 10), [])
      assert.equal(await store.discard(issuerId, BATCH, 2), 0)
      assert.equal((await store.lines(issuerId, OTHER, page)).length, 1)
    })

    test('what was seen longest ago comes first, and what has ended not at all', async () => {
      const { store, issuerId } = await open()
      await store.add(issuerId, BATCH, [line(2), line(3), line(4), line(5)], AT)
      await store.settle(issuerId, BATCH, [result(3, 'ready')], AT + 20)
      await store.settle(issuerId, BATCH, [result(2, 'waiting'), result(5, 'granted')], AT + 10)
      const unseen = (before: number, states: readonly StoredLine['state'][] = all) =>
        store.unseen(issuerId, BATCH, { states, before, limit: 10 }).then(numbers)
      assert.deepEqual(await unseen(AT + 21), [4, 2, 3])
      assert.deepEqual(await unseen(AT + 20), [4, 2])
      assert.deepEqual(await unseen(AT + 21, ['waiting', 'ready']), [2, 3])
      const one = { states: all, before: AT + 21, limit: 1 }
      assert.deepEqual(numbers(await store.unseen(issuerId, BATCH, one)), [4])
    })

    test('an end is an end, and takes the person out of the line', async () => {
      const { store, issuerId } = await open()
      await store.add(issuerId, BATCH, [line(2), line(3), line(4)], AT)
      await store.settle(
        issuerId,
        BATCH,
        [result(2, 'granted'), result(3, 'refused'), result(4, 'waiting'), result(9, 'granted')],
        AT,
      )
      const ends = (await store.lines(issuerId, BATCH, page)).map(
        ({ state, reason, memberId, identity }) => [state, reason, memberId, identity !== null],
      )
      assert.deepEqual(ends, [
        ['granted', null, 2, false],
        ['refused', 'declined', null, false],
        ['waiting', 'not_member', null, true],
      ])
      await store.settle(issuerId, BATCH, [result(2, 'refused'), result(3, 'granted')], AT)
      assert.deepEqual(
        (await store.lines(issuerId, BATCH, page)).map(({ state }) => state),
        ['granted', 'refused', 'waiting'],
      )
    })

    test('attempts are counted up and never down', async () => {
      const { store, issuerId } = await open()
      await store.add(issuerId, BATCH, [line(2)], AT)
      const attempts = async (attempt?: number) => {
        const next = { ...result(2, 'waiting'), ...(attempt === undefined ? {} : { attempt }) }
        await store.settle(issuerId, BATCH, [next], AT)
        return (await store.lines(issuerId, BATCH, page))[0]!.attempt
      }
      assert.deepEqual(
        [await attempts(), await attempts(3), await attempts(2), await attempts()],
        [1, 3, 3, 3],
      )
    })

    test('a number that the file gave is kept while nobody bears it', async () => {
      const { store, issuerId } = await open()
      await store.add(issuerId, BATCH, [line(2, { person: id('mbr', 77) }), line(3)], AT)
      await store.settle(issuerId, BATCH, [result(3, 'ready', 8)], AT)
      await store.settle(issuerId, BATCH, [result(2, 'waiting'), result(3, 'waiting')], AT)
      const kept = await store.lines(issuerId, BATCH, page)
      assert.deepEqual(
        kept.map(({ memberId }) => memberId),
        [77, null],
      )
    })

    test('a member is one line’s in a round, until that line is refused', async () => {
      const { store, issuerId, otherIssuerId } = await open()
      await store.add(issuerId, BATCH, [line(2), line(3)], AT)
      await store.add(issuerId, OTHER, [line(2)], AT)
      await store.add(otherIssuerId, BATCH, [line(2)], AT)
      const claim = async (
        batchId: typeof BATCH,
        asked: [number, number][],
        round = ROUND,
        at = issuerId,
      ) => [
        ...(await store.claim(
          at,
          batchId,
          round,
          asked.map(([lineNumber, member]) => ({ lineNumber, memberId: id('mbr', member) })),
        )),
      ]
      assert.deepEqual(
        await claim(BATCH, [
          [2, 7],
          [3, 7],
        ]),
        [2],
      )
      assert.deepEqual(await claim(BATCH, [[2, 7]]), [2])
      assert.deepEqual(await claim(OTHER, [[2, 7]]), [])
      assert.deepEqual(await claim(OTHER, []), [])
      assert.deepEqual(await claim(BATCH, [[2, 7]], ROUND, otherIssuerId), [2])
      assert.deepEqual(await claim(OTHER, [[2, 7]], { ...ROUND, round: '2026-2차' }), [2])
      const [first, second] = await store.lines(issuerId, BATCH, page)
      assert.deepEqual([first!.isClaimed, first!.memberId, second!.isClaimed], [true, 7, false])
      const members = [id('mbr', 7), id('mbr', 8)]
      assert.deepEqual(
        [...(await store.owners(issuerId, ROUND, members))],
        [[7, { batchId: BATCH, lineNumber: 2 }]],
      )
      assert.equal((await store.owners(otherIssuerId, ROUND, members)).size, 1)
      assert.equal((await store.owners(issuerId, ROUND, [])).size, 0)
      const [own] = await store.ofMember(issuerId, id('mbr', 7), 10).then((lines) => lines.slice(1))
      assert.deepEqual(own, {
        ...ROUND,
        batchId: BATCH,
        lineNumber: 2,
        amountWon: 100_000,
        state: 'new',
      })
      assert.equal((await store.ofMember(issuerId, id('mbr', 7), 1))[0]!.batchId, OTHER)
      await store.settle(issuerId, BATCH, [result(2, 'refused')], AT)
      assert.deepEqual(await claim(BATCH, [[3, 7]]), [3])
    })

    test('groups count lines of one state, reason and amount', async () => {
      const { store, issuerId } = await open()
      await store.add(issuerId, BATCH, [line(2), line(3), line(4, { amountWon: won(5) })], AT)
      await store.settle(issuerId, BATCH, [result(3, 'ready'), result(2, 'waiting')], AT)
      const groups = await store.groups(issuerId, BATCH)
      assert.deepEqual(
        groups
          .map(({ state, reason, amountWon, lines }) => [state, reason, amountWon, lines].join(' '))
          .toSorted(),
        ['new  5 1', 'ready  100000 1', 'waiting not_member 100000 1'],
      )
    })

    test('what waits lapses in sets, and persons are erased in sets', async () => {
      const { store, issuerId } = await open()
      await store.add(issuerId, BATCH, [line(2), line(3), line(4), line(5)], AT)
      await store.settle(issuerId, BATCH, [result(2, 'granted'), result(3, 'waiting')], AT)
      assert.equal(await store.lapse(issuerId, BATCH, 2), 2)
      assert.equal(await store.lapse(issuerId, BATCH, 2), 1)
      assert.equal(await store.lapse(issuerId, BATCH, 2), 0)
      assert.equal(await store.erase(issuerId, BATCH, 2), 2)
      assert.equal(await store.erase(issuerId, BATCH, 2), 1)
      assert.equal(await store.erase(issuerId, BATCH, 2), 0)
      const lines = await store.lines(issuerId, BATCH, page)
      assert.deepEqual(
        lines.map(({ state }) => state),
        ['granted', 'lapsed', 'lapsed', 'lapsed'],
      )
      assert.ok(lines.every(({ identity }) => identity === null))
    })
  })
}
