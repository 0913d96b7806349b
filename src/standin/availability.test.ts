/** What a wallet can spend is a range, and the truth lies in it whatever the feed shows. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { businessDate, DAY_MS, id, won, type Tender } from '../base/base.ts'
import type { FedLot } from '../cards/cards.ts'
import { availability, programsUsed } from './availability.ts'
import { NOON, TOWN } from './fixtures/small-town.ts'
import type { StoredSale } from './store.ts'

const P: Tender = { programId: id('prg', 1), kind: 'purchase' }
const Q: Tender = { programId: id('prg', 2), kind: 'gift' }
const lot = (amountWon: number, tender = P, expiresInDays = 1): FedLot => ({
  ...tender,
  expiresAt: NOON + expiresInDays * DAY_MS,
  remainingWon: won(amountWon),
})
const sale = (change: Partial<StoredSale>): StoredSale => ({
  issuerId: TOWN,
  walletId: id('wlt', 1),
  key: 'key',
  fingerprint: '',
  decidedBy: 'standin',
  decidedAt: NOON,
  day: businessDate(NOON),
  approvedWon: won(100),
  returnedWon: won(0),
  seenMinWon: won(0),
  seenMaxWon: won(0),
  tenders: [P],
  outstanding: true,
  open: true,
  ...change,
})

test('a sale takes from its own tenders, earliest expiry first, and leaves the others alone', () => {
  const lots = [lot(300, P, 2), lot(100, P, 1), lot(500, Q)]
  const taken = availability(lots, [sale({ approvedWon: won(150) })], [Q, P], NOON)
  assert.equal(taken.lowerWon, 750)
  assert.deepEqual(
    taken.lots.map(({ programId, remainingWon }) => [Number(programId), Number(remainingWon)]),
    [
      [2, 500],
      [1, 0],
      [1, 250],
    ],
  )
  assert.equal(availability(lots, [sale({})], [Q], NOON).lowerWon, 500)
})

test('where it is not known what a sale took, it may have been anything', () => {
  const unclear = sale({ tenders: [], approvedWon: won(450) })
  assert.equal(availability([lot(300), lot(200, Q)], [unclear], [P], NOON).lowerWon, 0)
  const back = sale({ tenders: [], returnedWon: won(100), seenMaxWon: won(100) })
  assert.equal(availability([lot(300, Q)], [back], [P], NOON).upperWon, 100)
})

test('the programs used are those that an amount reaches', () => {
  const lots = [lot(0, Q), lot(100), lot(50, Q)]
  assert.deepEqual([...programsUsed(lots, won(100))].map(Number), [1])
  assert.deepEqual([...programsUsed(lots, won(101))].map(Number), [1, 2])
})

/**
 * A wallet as the ledger has it, and what a gateway knows of it: each sale was posted or not yet, given back or not
 * yet, and the feed was read at some moment in between.
 */
const event = fc.record({
  amountWon: fc.integer({ min: 1, max: 50 }),
  /** What of it the page of the feed already shows: posted, and given back again. */
  isPosted: fc.boolean(),
  isReturned: fc.boolean(),
  isReturnShown: fc.boolean(),
  /** Whether the gateway knows for certain that the core had not got it when the page was read. */
  isCertain: fc.boolean(),
})

test('the truth lies between the bounds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 500 }),
      fc.array(event, { maxLength: 6 }),
      (heldWon, events) => {
        const total = events.reduce((sum, each) => sum + each.amountWon, 0)
        const firstWon = heldWon + total
        let shownWon = firstWon
        let truthWon = firstWon
        const sales = events.map(
          ({ amountWon, isPosted, isReturned, isReturnShown, isCertain }) => {
            const netWon = isReturned ? 0 : amountWon
            const isSeen = isPosted && !(isReturned && isReturnShown)
            const isUnseen = !isSeen && isCertain
            shownWon -= isSeen ? amountWon : 0
            truthWon -= netWon
            return sale({
              approvedWon: won(amountWon),
              returnedWon: won(amountWon - netWon),
              seenMinWon: won(0),
              seenMaxWon: won(isUnseen ? 0 : amountWon),
            })
          },
        )
        const { lowerWon, upperWon } = availability([lot(shownWon)], sales, [P], NOON)
        assert.ok(lowerWon <= truthWon, `${lowerWon} is more than ${truthWon}`)
        assert.ok(upperWon >= truthWon, `${upperWon} is less than ${truthWon}`)
      },
    ),
  )
})
