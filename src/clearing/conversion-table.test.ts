/** Every cell of the conversion table in SPEC.md: the code has it, and the ledger shows that it is so. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { businessDate, unreachable, won, type OperationId } from '../base/base.ts'
import { cardActors, cardOperationId, conversionOperation, type CardSale } from '../cards/cards.ts'
import { linkTo, placeAt, sha256, termsOf } from '../cards/fixtures/card-city.ts'
import { readSpecTable } from '../../test/spec-table.ts'
import {
  conversionTable,
  daysRulings,
  saleStates,
  type ConversionAction,
  type DaysRuling,
  type SaleState,
} from './clearing.ts'
import { GUNSAN, HANBIT, openClearingCity, type ClearingCity } from './fixtures/clearing-city.ts'

const SALE_WON = won(1_000)
/** What the voucher paid of a sale that both paid. */
const PART_WON = won(600)

test('SPEC.md holds the table of the code, cell for cell', () => {
  const rows = readSpecTable(new URL('SPEC.md', import.meta.url), 'sale \\ rules')
  const plain = (cell: string) => cell.replaceAll('`', '')
  const written = Object.fromEntries(
    rows.map(([state, cells]) => [
      plain(state),
      Object.fromEntries(Object.entries(cells).map(([rule, cell]) => [plain(rule), plain(cell)])),
    ]),
  )
  assert.deepEqual(written, conversionTable)
})

/** Brings the sale into a state, by the rules of a good day. */
const ways: Readonly<Record<SaleState, (at: ClearingCity, sale: CardSale) => Promise<void>>> = {
  nothing: async () => {},
  async held(at, sale) {
    const partialAllowed = true
    const answer = await at.desk.decide({ kind: 'authorize', sale: { ...sale, partialAllowed } })
    assert.match(answer.verdict, /approved$/)
  },
  as_agreed: (at, sale) => payPart(at, sale),
  paid_twice: (at, sale) => at.pay(sale),
  async cancelled(at, sale) {
    await at.pay(sale)
    const key = { ...at.sale(900).key, cardClass: 'cancellation' } as const
    const decidedAt = at.city.now
    await at.tell({ kind: 'cancelled', key, original: sale, amountWon: SALE_WON, decidedAt })
  },
  reversed: (at, sale) =>
    at.tell({ kind: 'reverse', sale, keepWon: won(0), decidedAt: at.city.now }),
  async converted(at, sale) {
    const { merchant, outlet } = placeAt(GUNSAN)
    const saleId = cardOperationId(sale.key, 'sale', sha256)
    const { walletId } = linkTo(GUNSAN)
    const request = {
      ...conversionOperation(saleId, sha256),
      channel: 'card',
      walletId,
      merchantId: merchant.merchantId,
      outletId: outlet!.outletId,
      amountWon: SALE_WON,
      tenders: [{ programId: termsOf(GUNSAN).programId, kind: 'purchase' }],
      actor: cardActors.conversion,
      card: { partnerId: HANBIT, businessDate: businessDate(at.city.now) },
    } as const
    await at.city.ledger.pay(GUNSAN, [request], at.city.now)
  },
}

async function payPart(at: ClearingCity, sale: CardSale): Promise<void> {
  const { terms } = at.city
  at.city.terms = [termsOf(GUNSAN, { splitTender: true })]
  const request = { ...sale, partialAllowed: true }
  const { left } = await at.city.holds()
  await take(at, left - PART_WON)
  const answer = await at.desk.decide({ kind: 'pay', sale: request })
  assert.equal(answer.voucherWon, PART_WON)
  at.city.terms = terms
}

/** Spends something else, so that only so much is left. */
async function take(at: ClearingCity, amountWon: number): Promise<void> {
  if (amountWon === 0) return
  await at.pay(at.sale(800, { amountWon: won(amountWon) }))
}

/** Makes the rules of the day say it. */
const rules: Readonly<Record<DaysRuling, (at: ClearingCity) => void>> = {
  eligible: ({ city }) => (city.terms = [termsOf(GUNSAN, { splitTender: false })]),
  eligible_part: ({ city }) => (city.terms = [termsOf(GUNSAN, { splitTender: true })]),
  not_applicable: ({ city }) => (city.links = [linkTo(GUNSAN, { spending: 'card_first' })]),
  declined: ({ city }) => (city.stopped = true),
  card_unknown: ({ city }) => (city.links = []),
  merchant_unknown: (at) => at.forgetPlaces(),
}

const reasons: Readonly<Record<DaysRuling, string>> = {
  eligible: 'insufficient_funds',
  eligible_part: 'insufficient_funds',
  not_applicable: 'cardholder_chose_card',
  declined: 'wallet_stopped',
  card_unknown: 'card_not_linked',
  merchant_unknown: 'merchant_not_registered',
}

interface Seen {
  readonly state: string
  readonly reason: string | null
  readonly voucherWon: number
  readonly paidBy: 'conversion' | 'sale' | 'nothing'
  /** What the wallet lost, and what it has held. */
  readonly tookWon: number
  readonly heldWon: number
}

for (const state of saleStates) {
  for (const ruling of daysRulings) {
    const action = conversionTable[state][ruling]
    test(`${state}, ${ruling}: ${action}`, async () => {
      const at = await openClearingCity()
      await at.city.give(10_000)
      const cardClass = state === 'held' ? 'authorization' : 'financial'
      const plain = at.sale(1, { amountWon: SALE_WON })
      const sale = { ...plain, key: { ...plain.key, cardClass } as const }
      if (action === 'free_and_pay_part') {
        rules[ruling](at)
        await shorten(at, action)
      }
      await ways[state](at, sale)
      const accountWon = state === 'as_agreed' ? won(SALE_WON - PART_WON) : SALE_WON
      const partWon = await shorten(at, action)
      rules[ruling](at)
      const before = await at.city.holds()
      const line = at.debit(sale, { cardClass, accountWon })
      const file = await at.clearing.takeFile(at.file('incident', [line]))
      assert.equal(file.status, 'taken')
      await runAll(at)
      await runAll(at)
      assert.deepEqual(await see(at, sale, before), wanted(action, { state, ruling, partWon }))
    })
  }
}

/** Leaves less than the sale's amount where a part is to be paid. */
async function shorten(at: ClearingCity, action: ConversionAction): Promise<number> {
  if (!action.endsWith('pay_part')) return SALE_WON
  const { left, held } = await at.city.holds()
  await take(at, left + held - PART_WON)
  return PART_WON
}

async function runAll({ clearing, deps }: ClearingCity): Promise<void> {
  for (const { issuerId } of deps.issuers()) await clearing.runConversions(issuerId)
  await clearing.runConversions(0 as never) // The operator's own books.
}

async function see(
  at: ClearingCity,
  sale: CardSale,
  before: { left: number; held: number },
): Promise<Seen> {
  const saleId = cardOperationId(sale.key, 'sale', sha256)
  const found = [
    ...(await at.records('conversion')),
    ...(await at.records('conversion', 0 as never)),
  ]
  assert.equal(found.length, 1)
  const { state, reason, voucherWon, operationId } = found[0]!
  const names = new Map<OperationId | null, Seen['paidBy']>([
    [conversionOperation(saleId, sha256).operationId, 'conversion'],
    [saleId, 'sale'],
  ])
  const after = await at.city.holds()
  const tookWon = before.left + before.held - after.left - after.held
  const paidBy = names.get(operationId) ?? 'nothing'
  return { state, reason, voucherWon, paidBy, tookWon, heldWon: after.held }
}

function wanted(
  action: ConversionAction,
  { state, ruling, partWon }: { state: SaleState; ruling: DaysRuling; partWon: number },
): Seen {
  const open = { state: 'open', reason: null, heldWon: 0 }
  switch (action) {
    case 'pay_all':
    case 'pay_part':
    case 'free_and_pay_all':
    case 'free_and_pay_part':
      return { ...open, voucherWon: partWon, paidBy: 'conversion', tookWon: partWon }
    case 'go_on':
      return { ...open, voucherWon: SALE_WON, paidBy: 'conversion', tookWon: 0 }
    case 'refund':
      return { ...open, voucherWon: SALE_WON, paidBy: 'sale', tookWon: 0 }
    case 'explain':
    case 'free_and_explain': {
      const reason = state === 'nothing' || state === 'held' ? reasons[ruling] : state
      const explained = { state: 'explained', reason, voucherWon: 0, tookWon: 0, heldWon: 0 }
      return { ...explained, paidBy: 'nothing' }
    }
    default:
      return unreachable(action)
  }
}
