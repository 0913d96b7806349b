/** The desk on the ledger in memory: whose money, which answer, which case, and what a fault does. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, Fault, id, parseBusinessDate, won, type DeclineReason } from '../base/base.ts'
import type { Lot } from '../ledger/ledger.ts'
import {
  totalsOf,
  type CardAnswer,
  type CardNotice,
  type CardRequest,
  type CardSale,
} from './cards.ts'
import {
  GUNSAN,
  HANBIT,
  HANEUL,
  keyOf,
  linkTo,
  NOON,
  ONNURI,
  openCardCity,
  placeAt,
  saleOf,
  SHOP_NUMBER,
  termsOf,
  TOKEN,
  WALLET,
  type CardCity,
} from './fixtures/card-city.ts'

const pay = (sale: CardSale): CardRequest => ({ kind: 'pay', sale })
const advise = (
  sale: CardSale,
  approvedWon: number,
  by: Extract<CardNotice, { kind: 'advise' }>['by'] = 'standin',
): CardNotice => ({ kind: 'advise', sale, by, approvedWon: won(approvedWon), decidedAt: NOON })
const reverse = (sale: CardSale): CardNotice => ({
  kind: 'reverse',
  sale,
  keepWon: won(0),
  decidedAt: NOON,
})
const enquiry: CardRequest = {
  kind: 'enquire_balance',
  key: keyOf({ cardClass: 'enquiry' }),
  cardToken: TOKEN,
  merchantNumber: SHOP_NUMBER,
  at: NOON,
}

const words = ({ verdict, reason, voucherWon, accountWon, source, remainingWon }: CardAnswer) => ({
  verdict,
  ...(reason === undefined ? {} : { reason }),
  voucherWon,
  accountWon,
  source,
  ...(remainingWon === undefined ? {} : { remainingWon }),
})

test('an approval names the source of the money and what is left of it', async () => {
  const city = await openCardCity()
  await city.give(15_000)
  const answer = await city.desk.decide(pay(saleOf()))
  assert.deepEqual(words(answer), {
    verdict: 'approved',
    voucherWon: 10_000,
    accountWon: 0,
    source: 'voucher',
    remainingWon: 5_000,
  })
  assert.match(answer.approvalCode ?? '', /^\d{6}$/)
  assert.equal(answer.decidedBy, 'core')
  assert.deepEqual(city.owes(), { clearing: 10_000, loss: 0, merchant: 0 })
})

test('a partial approval leaves the rest to the account, once for all', async () => {
  const city = await openCardCity()
  await city.give(4_000)
  const sale = saleOf({ partialAllowed: true })
  const split = {
    verdict: 'partially_approved',
    voucherWon: 4_000,
    accountWon: 6_000,
    source: 'voucher_and_account',
  }
  assert.deepEqual(words(await city.desk.decide(pay(sale))), { ...split, remainingWon: 0 })
  await city.give(9_000)
  assert.deepEqual(words(await city.desk.decide(pay(sale))), { ...split, remainingWon: 9_000 })
})

test('an empty wallet leaves the sale to the account, and a repeat after money came does too', async () => {
  const city = await openCardCity()
  const empty = {
    verdict: 'not_applicable',
    reason: 'insufficient_funds',
    voucherWon: 0,
    accountWon: 10_000,
    source: 'account',
  }
  assert.deepEqual(words(await city.desk.decide(pay(saleOf()))), { ...empty, remainingWon: 0 })
  await city.give(50_000)
  const again = await city.desk.decide(pay(saleOf()))
  assert.deepEqual(words(again), { ...empty, remainingWon: 50_000 })
})

test('where one program is suspended, what the others do not cover in full is declined', async () => {
  const city = await openCardCity()
  const frozen = termsOf(GUNSAN, { programId: id('prg', 9), paymentSuspended: true })
  city.terms = [termsOf(GUNSAN), frozen]
  await city.give(10_000)
  const first = await city.desk.decide(pay(saleOf({ partialAllowed: true })))
  assert.deepEqual([first.verdict, first.source], ['approved', 'voucher'])
  await city.give(4_000)
  const sale = saleOf({ partialAllowed: true, key: keyOf({ stan: '000777' }) })
  const declined = { verdict: 'declined', reason: 'program_suspended', voucherWon: 0 }
  const answer = { ...declined, accountWon: 0, source: 'none', remainingWon: 4_000 }
  assert.deepEqual(words(await city.desk.decide(pay(sale))), answer)
  assert.deepEqual(words(await city.desk.decide(pay(sale))), answer)
  // A wallet that was emptied between the look and the posting.
  const late = await openCardCity({ lotsSoon: async () => [await manyWon()] })
  late.terms = city.terms
  assert.deepEqual(words(await late.desk.decide(pay(sale))), { ...answer, remainingWon: 50_000 })
  assert.deepEqual(words(await late.desk.decide(pay(sale))), { ...answer, remainingWon: 50_000 })
})

async function manyWon(): Promise<Lot> {
  const rich = await openCardCity()
  await rich.give(50_000)
  const [lot] = await rich.ledger.lots(GUNSAN, WALLET)
  return lot!
}

/** What is changed about the city, and how a sale is then refused. */
const refusals: Readonly<
  Record<string, { change: (city: CardCity) => void; reason: DeclineReason; account: boolean }>
> = {
  'the cardholder chose the card': {
    change: (city) => (city.links = [linkTo(GUNSAN, { spending: 'card_first' })]),
    reason: 'cardholder_chose_card',
    account: true,
  },
  'the cardholder owns the shop': {
    change: (city) => {
      const { merchant, outlet } = placeAt(GUNSAN)
      city.places = [{ merchant: { ...merchant, ownerPersonId: HANEUL }, outlet }]
    },
    reason: 'own_shop',
    account: true,
  },
  'the wallet is stopped': {
    change: (city) => (city.stopped = true),
    reason: 'wallet_stopped',
    account: false,
  },
  'the amount is above what one payment may be': {
    change: (city) => (city.terms = [termsOf(GUNSAN, { paymentWonMax: won(9_999) })]),
    reason: 'amount_above_limit',
    account: false,
  },
  'payment by the program is suspended': {
    change: (city) => (city.terms = [termsOf(GUNSAN, { paymentSuspended: true })]),
    reason: 'program_suspended',
    account: false,
  },
  'the shop has no outlet of that number': {
    change: (city) => (city.places = [{ ...placeAt(GUNSAN), outlet: undefined }]),
    reason: 'merchant_unknown',
    account: true,
  },
}

for (const [name, { change, reason, account }] of Object.entries(refusals)) {
  test(`${name}: ${reason}, recorded, so that no repeat is approved once that has changed`, async () => {
    const city = await openCardCity()
    await city.give(50_000)
    const { links, places, terms } = city
    change(city)
    const first = await city.desk.decide(pay(saleOf()))
    assert.equal(first.verdict, account ? 'not_applicable' : 'declined')
    assert.equal(first.reason, reason)
    assert.equal(first.accountWon, account ? 10_000 : 0)
    Object.assign(city, { links, places, terms, stopped: false })
    const again = await city.desk.decide(pay(saleOf()))
    assert.equal(again.reason, reason)
    assert.equal((await city.holds()).left, 50_000)
  })
}

test('a shop that nobody registered and a card that nobody linked leave the sale to the account', async () => {
  const city = await openCardCity()
  await city.give(50_000)
  const elsewhere = await city.desk.decide(pay(saleOf({ merchantNumber: '100000000000000' })))
  assert.equal(elsewhere.reason, 'merchant_not_registered')
  const stranger = await city.desk.decide(pay(saleOf({ cardToken: 'token9999999999' })))
  assert.equal(stranger.reason, 'card_not_linked')
  for (const answer of [elsewhere, stranger]) {
    assert.deepEqual(
      [answer.verdict, answer.accountWon, answer.source],
      ['not_applicable', 10_000, 'account'],
    )
  }
  assert.deepEqual(city.ledger.snapshot(GUNSAN).operations.length, 1)
})

test('C1: a repeat after the card was taken away is answered as the sale was, not left to the account', async () => {
  const city = await openCardCity()
  await city.give(50_000)
  const first = await city.desk.decide(pay(saleOf()))
  city.links = [linkTo(GUNSAN, { active: false })]
  const again = await city.desk.decide(pay(saleOf()))
  assert.equal(again.verdict, 'approved')
  assert.equal(again.approvalCode, first.approvalCode)
  assert.equal((await city.holds()).left, 40_000)
})

test('C1: a sale stays with the issuer it was paid with, whichever link comes or goes later', async () => {
  const city = await openCardCity()
  city.places = [placeAt(GUNSAN), placeAt(ONNURI)]
  city.links = [linkTo(ONNURI)]
  await city.give(20_000)
  await city.give(20_000, { issuerId: ONNURI })
  await city.desk.decide(pay(saleOf()))
  city.links = [linkTo(GUNSAN), linkTo(ONNURI)]
  assert.equal((await city.desk.decide(pay(saleOf()))).verdict, 'approved')
  city.links = [linkTo(GUNSAN), linkTo(ONNURI, { active: false })]
  assert.equal((await city.desk.decide(pay(saleOf()))).verdict, 'approved')
  assert.equal((await city.holds(GUNSAN)).left, 20_000)
  assert.equal((await city.holds(ONNURI)).left, 10_000)
  await city.desk.take([reverse(saleOf())])
  assert.equal((await city.holds(ONNURI)).left, 20_000)
})

test('a reversal that comes first takes the sale’s place with every issuer that could be asked', async () => {
  const city = await openCardCity()
  city.places = [placeAt(GUNSAN), placeAt(ONNURI)]
  city.links = [linkTo(GUNSAN), linkTo(ONNURI)]
  await city.give(20_000)
  await city.give(20_000, { issuerId: ONNURI })
  await city.desk.take([reverse(saleOf())])
  city.links = [linkTo(ONNURI)]
  const late = await city.desk.decide(pay(saleOf()))
  assert.deepEqual([late.verdict, late.reason], ['declined', 'reversed_first'])
})

test('a reversal in the new year names the sale of the old one', async () => {
  const city = await openCardCity()
  await city.give(20_000)
  city.now = Date.parse('2026-12-31T23:59:58+09:00')
  const localDate = parseBusinessDate('2026-12-31')!
  const sale = saleOf({ at: city.now }, { localDate })
  await city.desk.decide(pay(sale))
  city.now = Date.parse('2027-01-01T00:00:03+09:00')
  await city.desk.take([reverse(sale)])
  assert.equal((await city.holds()).left, 20_000)
  // The same trace number a year later is another sale.
  city.now += 365 * DAY_MS
  const nextYear = saleOf({}, { localDate: parseBusinessDate('2027-12-31')! })
  assert.equal((await city.desk.decide(pay(nextYear))).verdict, 'approved')
})

test('a balance enquiry answers what could be spent at that shop', async () => {
  const city = await openCardCity()
  await city.give(12_000)
  await city.give(5_000, { expiresAt: NOON + 1_000 })
  const answer = await city.desk.decide(enquiry)
  assert.deepEqual(words(answer), {
    verdict: 'approved',
    voucherWon: 0,
    accountWon: 0,
    source: 'none',
    remainingWon: 17_000,
  })
  city.now += 1_000
  assert.equal((await city.desk.decide(enquiry)).remainingWon, 12_000)
  city.links = []
  assert.equal((await city.desk.decide(enquiry)).reason, 'card_not_linked')
})

test('totals agree where both sides counted the same, a sale reversed on both sides or on one left out', async () => {
  const city = await openCardCity()
  await city.give(100_000)
  const sale = (stan: string): CardSale => saleOf({}, { stan })
  await city.desk.decide(pay(sale('000001')))
  await city.desk.decide(pay(sale('000002')))
  await city.desk.decide(pay(sale('000003')))
  await city.desk.take([reverse(sale('000003'))])
  await city.desk.decide({
    kind: 'cancel',
    key: keyOf({ stan: '000004', cardClass: 'cancellation' }),
    original: sale('000001'),
    amountWon: won(2_500),
  })
  const date = sale('000001').key.localDate
  const ours = await totalsOf(city.deps, { partnerId: HANBIT, date })
  assert.deepEqual(
    [ours.payments, ours.cancellations, ours.reversals],
    [
      { count: 3, sumWon: 30_000 },
      { count: 1, sumWon: 2_500 },
      { count: 1, sumWon: 10_000 },
    ],
  )
  const compare = (totals: typeof ours): Promise<CardAnswer> =>
    city.desk.decide({ kind: 'compare_totals', totals })
  assert.equal((await compare(ours)).verdict, 'approved')
  // Who reversed without having heard an answer counts neither.
  const unheard = {
    ...ours,
    payments: { count: 2, sumWon: won(20_000) },
    reversals: { count: 0, sumWon: won(0) },
  }
  assert.equal((await compare(unheard)).verdict, 'approved')
  const wrong = { ...ours, payments: { count: 3, sumWon: won(29_999) } }
  const differing = await compare(wrong)
  assert.deepEqual([differing.verdict, differing.reason], ['declined', 'totals_differ'])
})

test('one notice’s fault is its own and its card’s behind it; the others are taken', async () => {
  const city = await openCardCity({
    linksOf: (read) => async (partnerId, cardToken, issuerIds) => {
      if (cardToken === 'token9999999999') throw new Fault('postgres_unavailable', 'away')
      return read(partnerId, cardToken, issuerIds)
    },
  })
  await city.give(50_000)
  const other = (stan: string): CardSale => saleOf({ cardToken: 'token9999999999' }, { stan })
  const receipts = await city.desk.take([
    advise(saleOf({}, { stan: '000001' }), 10_000),
    advise(other('000002'), 10_000),
    advise(saleOf({}, { stan: '000003' }), 10_000),
    advise(other('000004'), 10_000),
  ])
  assert.deepEqual(
    receipts.map((each) => (each.status === 'taken' ? each.effect : each.because)),
    ['posted', 'postgres_unavailable', 'posted', 'postgres_unavailable'],
  )
})

test('notices of one card are taken in their order', async () => {
  const city = await openCardCity()
  await city.give(50_000)
  const receipts = await city.desk.take([
    advise(saleOf(), 10_000),
    reverse(saleOf()),
    advise(saleOf(), 10_000),
  ])
  assert.deepEqual(
    receipts.map((each) => each.status === 'taken' && each.effect),
    ['posted', 'posted', 'voided'],
  )
})

test('a fault of the ledger goes to who asked; a figure that is missing does not', async () => {
  const broken = await openCardCity({
    around: (ledger) => ({
      ...ledger,
      pay: () => Promise.reject(new Fault('queue_full', 'too many')),
    }),
  })
  await assert.rejects(broken.desk.decide(pay(saleOf())), Fault)
  const city = await openCardCity({ lotsSoon: () => Promise.reject(new Fault('queue_full', 'x')) })
  await city.give(20_000)
  const answer = await city.desk.decide(pay(saleOf()))
  assert.deepEqual([answer.verdict, answer.remainingWon], ['approved', undefined])
})

test('a payment asks for links, posting and the figure; several issuers add one read beside the links', async () => {
  const calls: string[] = []
  const city = await openCardCity({
    around: (ledger) => ({
      ...ledger,
      pay: (...given) => (calls.push('pay'), ledger.pay(...given)),
      find: (...given) => (calls.push('find'), ledger.find(...given)),
    }),
    linksOf:
      (read) =>
      (...given) => (calls.push('links'), read(...given)),
    lotsSoon: async () => void calls.push('figure'),
  })
  await city.give(50_000)
  await city.desk.decide(pay(saleOf()))
  assert.deepEqual(calls.splice(0), ['links', 'pay', 'figure'])
  city.places = [placeAt(GUNSAN), placeAt(ONNURI)]
  await city.desk.decide(pay(saleOf({}, { stan: '000002' })))
  assert.deepEqual(calls.toSorted(), ['figure', 'find', 'find', 'links', 'pay'])
})
