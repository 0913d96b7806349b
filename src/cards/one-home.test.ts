/**
 * One sale at a shop that two issuers know is posted with one of them, whatever the ruling says from moment to
 * moment.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { won } from '../base/base.ts'
import type { CardNotice, CardRequest } from './cards.ts'
import {
  GUNSAN,
  linkTo,
  NOON,
  ONNURI,
  openCardCity,
  placeAt,
  saleOf,
  type CardCity,
} from './fixtures/card-city.ts'

const AMOUNT = won(10_000)
const sale = saleOf()
const question: CardRequest = { kind: 'pay', sale }
const advice: CardNotice = {
  kind: 'advise',
  sale,
  by: 'standin',
  approvedWon: AMOUNT,
  decidedAt: NOON,
}
const reversal: CardNotice = { kind: 'reverse', sale, keepWon: won(0), decidedAt: NOON }

/** A city whose first payment waits until it is let go, and where it was asked while only one link was known. */
async function openWithWaiting(): Promise<{
  city: CardCity
  asked: Promise<unknown>
  letGo(): void
}> {
  const gate = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<void>()
  let isFirst = true
  const city = await openCardCity({
    around: (ledger) => ({
      ...ledger,
      async pay(...args) {
        if (isFirst) {
          isFirst = false
          arrived.resolve()
          await gate.promise
        }
        return ledger.pay(...args)
      },
    }),
  })
  city.places = [placeAt(GUNSAN), placeAt(ONNURI)]
  city.links = [linkTo(ONNURI)]
  await city.give(50_000)
  await city.give(50_000, { issuerId: ONNURI })
  const asked = city.desk.decide(question)
  await arrived.promise
  // Meanwhile the municipality's wallet may pay too, and comes first.
  city.links = [linkTo(GUNSAN), linkTo(ONNURI)]
  return { city, asked, letGo: gate.resolve }
}

async function left(city: CardCity): Promise<number> {
  return (await city.holds(GUNSAN)).left + (await city.holds(ONNURI)).left
}

test('a question under way with another issuer is not posted beside the advice', async () => {
  const { city, asked, letGo } = await openWithWaiting()
  const [receipt] = await city.otherDesk.take([advice])
  assert.equal(receipt?.status === 'taken' && receipt.voucherWon, AMOUNT)
  letGo()
  await asked
  assert.equal(await left(city), 100_000 - AMOUNT)
  await city.desk.take([advice])
  assert.equal(await left(city), 100_000 - AMOUNT, 'told again')
})

test('an advice finds the sale where the question has posted it', async () => {
  const { city, asked, letGo } = await openWithWaiting()
  letGo()
  await asked
  await city.desk.take([advice])
  assert.deepEqual(
    [(await city.holds(GUNSAN)).left, (await city.holds(ONNURI)).left],
    [50_000, 50_000 - AMOUNT],
  )
})

test('a reversal takes the place of a question under way with another issuer', async () => {
  const { city, asked, letGo } = await openWithWaiting()
  await city.otherDesk.take([advice])
  await city.otherDesk.take([reversal])
  letGo()
  await asked
  assert.equal(await left(city), 100_000)
})

async function openTwoIssuers(): Promise<CityWithTwo> {
  const city = await openCardCity()
  city.places = [placeAt(GUNSAN), placeAt(ONNURI)]
  city.links = [linkTo(GUNSAN), linkTo(ONNURI)]
  await city.give(50_000)
  await city.give(50_000, { issuerId: ONNURI })
  const changeRuling = (): void => {
    city.links = [linkTo(GUNSAN, { spending: 'card_first' }), linkTo(ONNURI)]
  }
  return { city, changeRuling }
}
interface CityWithTwo {
  readonly city: CardCity
  /** From here on the other issuer is where the sale belongs. */
  changeRuling(): void
}

/** What may be told again before the first telling has ended, and what is left of the two wallets then. */
const authorization = saleOf({}, { cardClass: 'authorization' })
const toldTwice: Readonly<Record<string, { notice: CardNotice; tookWon: number }>> = {
  'an advice': { notice: advice, tookWon: AMOUNT },
  'a completion without its authorization': {
    notice: { kind: 'complete', sale: authorization, amountWon: won(4_000), decidedAt: NOON },
    tookWon: 4_000,
  },
  'a partial reversal that comes first': {
    notice: { kind: 'reverse', sale, keepWon: won(3_000), decidedAt: NOON },
    tookWon: 3_000,
  },
  'a partial reversal of an authorization': {
    notice: { kind: 'reverse', sale: authorization, keepWon: won(3_000), decidedAt: NOON },
    tookWon: 3_000,
  },
}
for (const [name, { notice, tookWon }] of Object.entries(toldTwice)) {
  test(`${name} that is told twice at once, by different rulings, counts once`, async () => {
    const { city, changeRuling } = await openTwoIssuers()
    const first = city.desk.take([notice])
    changeRuling()
    const receipts = await Promise.all([first, city.desk.take([notice])])
    assert.ok(receipts.flat().every(({ status }) => status === 'taken'))
    await city.desk.take([notice])
    assert.equal(await left(city), 100_000 - tookWon)
  })
}

test('two cores that are told an advice by different rulings at one time post it once', async () => {
  const { city, changeRuling } = await openTwoIssuers()
  const first = city.desk.take([advice])
  changeRuling()
  const second = city.otherDesk.take([advice])
  await Promise.all([first, second])
  assert.equal(await left(city), 100_000 - AMOUNT)
  await city.desk.take([advice])
  assert.equal(await left(city), 100_000 - AMOUNT, 'told again')
})
