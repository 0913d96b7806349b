/** What the reconciliation takes out of a gateway's store while the gateway has it open. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { businessDate, id, won } from '../base/base.ts'
import { cardKeyText, type CardAnswer, type CardNotice, type CardSale } from '../cards/cards.ts'
import { openSqliteStore } from '../gateway/gateway.ts'
import { readGatewayStore } from './reconcile-store.ts'

const AT = Date.parse('2026-11-22T12:00:00+09:00')
const COUNT = 200

function saleOf(number: number): CardSale {
  return {
    key: {
      partnerId: id('prt', 1),
      acquirer: '901',
      terminal: 'T0000001',
      stan: String(number).padStart(6, '0'),
      localDate: businessDate(AT),
      cardClass: 'financial',
    },
    cardToken: 'HAN0000000000001',
    merchantNumber: '123456789000000',
    amountWon: won(1_000),
    at: AT,
    partialAllowed: false,
  }
}

const approved: CardAnswer = {
  verdict: 'approved',
  voucherWon: won(1_000),
  accountWon: won(0),
  source: 'voucher',
  decidedBy: 'core',
}

test('answers of every kind, and notices that the core has taken and has not', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'dure-reconcile-'))
  context.after(() => rm(folder, { recursive: true }))
  const path = join(folder, 'store.db')
  const store = openSqliteStore(path)
  context.after(() => store.close())
  store.commit((batch) => {
    for (let number = 1; number <= COUNT; number += 1) {
      const sale = saleOf(number)
      const key = cardKeyText(sale.key)
      const request = { kind: 'pay', sale } as const
      const kept = { key, fingerprint: 'f', answeredAt: AT, answer: approved, request }
      batch.putAnswer(kept)
      const notice: CardNotice = { kind: 'reverse', sale, keepWon: won(0), decidedAt: AT }
      const noted = { name: `reverse/${key}`, group: 'g', saleKey: key, notedAt: AT, notice }
      const seq = batch.addNotice(noted)
      const receipt = {
        status: 'taken',
        effect: 'posted',
        voucherWon: won(0),
        lossWon: won(0),
        takenAt: AT,
      } as const
      if (seq !== undefined && number % 2 === 0) batch.markTaken(seq, AT, receipt)
    }
    const unknown = { ...approved, verdict: 'unknown', voucherWon: won(0) } as const
    batch.putAnswer({ key: 'not approved', fingerprint: 'f', answeredAt: AT, answer: unknown })
  })
  const first = cardKeyText(saleOf(1).key)
  const books = readGatewayStore('a', path)
  assert.equal(books.answers.size, COUNT + 1)
  assert.equal(books.answers.get('not approved')?.verdict, 'unknown')
  assert.equal(books.notices.size, COUNT)
  assert.deepEqual(
    books.notices.get(first)?.map(({ kind }) => kind),
    ['reverse'],
  )
  assert.equal(books.waiting.size, COUNT / 2)
  assert.equal(books.waiting.get(first), 1)
  assert.throws(() => readGatewayStore('a', join(folder, 'none.db')), /cannot be opened/)
})
