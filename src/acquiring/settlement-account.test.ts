/** Which account a day is paid to, which revenue a day has, and what a file is. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { id, parseBusinessDate, won, type BusinessDate } from '../base/base.ts'
import {
  annualRevenue,
  DOCUMENT_BYTES_MAX,
  documentTypeOf,
  mayRedeemFor,
  parseAccountNumber,
  payeeAt,
  REVENUE_ENTRIES_MAX,
  revenueAt,
  withRevenue,
  type AccountEntry,
  type RevenueEntry,
} from './acquiring.ts'

const day = (text: string): BusinessDate => parseBusinessDate(text)!
const shop = id('mrc', 1)
const agentId = id('mrc', 2)
const account = { bankCode: '011', accountNumber: '3020000123451', holderName: '박가네' }
const own = (from: string, at: number, accountNumber: string): AccountEntry => ({
  from: day(from),
  at,
  payee: { kind: 'own', ...account, accountNumber },
})
const viaAgent: AccountEntry = { from: day('2026-12-01'), at: 3, payee: { kind: 'agent', agentId } }
const agency = {
  agentId,
  named: [{ merchantId: shop, from: day('2026-12-02'), until: day('2026-12-03') }],
}

describe('the payee of a day', () => {
  const payee = (entries: readonly AccountEntry[], on: string, agents: readonly AccountEntry[]) => {
    const facts = { entries, agencyOf: () => agency, agentEntriesOf: () => agents }
    const found = payeeAt(facts, shop, day(on))
    return found.status === 'payable' ? found.account.accountNumber : found.because
  }

  test('is the account that was in force, whatever was chosen later', () => {
    const entries = [own('2026-11-01', 1, '111111'), own('2026-11-10', 2, '222222')]
    assert.equal(payee(entries, '2026-10-31', []), 'account_missing')
    assert.equal(payee(entries, '2026-11-09', []), '111111')
    assert.equal(payee(entries, '2026-11-10', []), '222222')
    // Chosen later, though for no later day.
    assert.equal(payee([...entries, own('2026-11-10', 3, '333333')], '2026-11-10', []), '333333')
  })

  test('is the agent’s only while the agent may redeem for the merchant', () => {
    const agents = [own('2026-01-01', 1, '999999')]
    assert.equal(payee([viaAgent], '2026-12-01', agents), 'agent_not_named')
    assert.equal(payee([viaAgent], '2026-12-02', agents), '999999')
    assert.equal(payee([viaAgent], '2026-12-03', agents), '999999')
    assert.equal(payee([viaAgent], '2026-12-04', agents), 'agent_not_named')
    assert.equal(payee([viaAgent], '2026-12-02', []), 'agent_account_missing')
    assert.equal(payee([viaAgent], '2026-12-02', [viaAgent]), 'agent_account_missing')
  })

  test('an agent redeems for those that are named and for nobody else', () => {
    assert.equal(mayRedeemFor(agency, shop, day('2026-12-02')), true)
    assert.equal(mayRedeemFor(agency, agentId, day('2026-12-02')), false)
    assert.equal(mayRedeemFor(undefined, shop, day('2026-12-02')), false)
    const endless = { ...agency, named: [{ ...agency.named[0]!, until: null }] }
    assert.equal(mayRedeemFor(endless, shop, day('2040-01-01')), true)
  })

  test('a number is read with hyphens, and is digits alone', () => {
    assert.equal(parseAccountNumber('302-0000-1234-51'), '3020000123451')
    for (const text of ['', '12345', '1'.repeat(21), '１２３４５６', '123 456', 'abc123456']) {
      assert.equal(parseAccountNumber(text), undefined, text)
    }
  })
})

describe('the revenue of a day', () => {
  const entry = (from: string, annualRevenueWon: number, at: number): RevenueEntry => ({
    from: day(from),
    annualRevenueWon: won(annualRevenueWon),
    at,
  })

  test('M5: a day keeps its revenue, whatever comes later', () => {
    const entries = [entry('2026-01-01', 100, 1), entry('2027-01-01', 200, 2)]
    assert.equal(revenueAt(entries, day('2025-06-01')), 100)
    assert.equal(revenueAt(entries, day('2026-12-31')), 100)
    assert.equal(revenueAt(entries, day('2027-01-01')), 200)
    const corrected = [...entries, entry('2026-01-01', 150, 3)]
    assert.equal(revenueAt(corrected, day('2026-12-31')), 150)
    assert.equal(revenueAt([], day('2026-12-31')), undefined)
  })

  test('the history is bounded, the oldest go first', () => {
    let entries: readonly RevenueEntry[] = []
    for (let year = 0; year <= REVENUE_ENTRIES_MAX; year += 1) {
      entries = withRevenue(entries, entry(`${2000 + year}-01-01`, year, year))
    }
    assert.equal(entries.length, REVENUE_ENTRIES_MAX)
    assert.equal(entries[0]?.from, '2001-01-01')
  })

  test('part of a year is annualised, never to more than the days give', () => {
    assert.equal(annualRevenue(won(1_000_000), 0), 0)
    assert.equal(annualRevenue(won(100), 1), 36_500)
    assert.equal(annualRevenue(won(100), 364), 100)
    assert.equal(annualRevenue(won(100), 365), 100)
    assert.equal(annualRevenue(won(100), 366), 100)
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e9 }),
        fc.integer({ min: 1, max: 364 }),
        (sum, days) => {
          const year = annualRevenue(won(sum), days)
          assert.ok(year * days <= sum * 365 && (year + 1) * days > sum * 365)
        },
      ),
    )
  })
})

test('a file is what its first bytes say', () => {
  const bytes = (...first: number[]) => Uint8Array.from([...first, 1, 2, 3])
  assert.equal(documentTypeOf(bytes(0x25, 0x50, 0x44, 0x46, 0x2d)), 'application/pdf')
  assert.equal(documentTypeOf(bytes(0xff, 0xd8, 0xff)), 'image/jpeg')
  assert.equal(documentTypeOf(bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)), 'image/png')
  for (const wrong of [
    bytes(),
    bytes(0x4d, 0x5a),
    bytes(0x89, 0x50, 0x4e, 0x47),
    bytes(0xff, 0xd8),
  ]) {
    assert.equal(documentTypeOf(wrong), undefined)
  }
  assert.equal(documentTypeOf(Uint8Array.from([0x25, 0x50, 0x44, 0x46, 0x2d])), undefined)
  assert.equal(documentTypeOf(new TextEncoder().encode('<svg onload="x">')), undefined)
  assert.ok(DOCUMENT_BYTES_MAX > 1_000_000)
})
