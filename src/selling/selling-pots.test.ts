/** Purchases against what funders have granted, on the ledger in memory. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { createIdSource, id, operationId, parseBusinessDate, won } from '../base/base.ts'
import type { DebitAnswer, FundingPot } from '../issuing/issuing.ts'
import { sampleMember, sampleTerms } from '../issuing/terms-sample.ts'
import { createMemoryLedger } from '../ledger/ledger.ts'
import { createSelling } from './selling.ts'

const NOW = Date.parse('2026-11-22T12:00:00+09:00')
const issuerId = id('iss', 1)
const walletId = id('wlt', 1)
const { programId } = sampleTerms
const faceWon = won(100_000)
/** The nation gives five tenths of 10 %: 5,000 of each purchase. */
const pot: FundingPot = {
  potId: id('pot', 1),
  issuerId,
  name: '국비 2026',
  funder: 'national',
  programIds: [programId],
  startsOn: parseBusinessDate('2026-01-01')!,
  endsOn: parseBusinessDate('2026-12-31')!,
  amountWon: won(12_000),
}

async function openShop() {
  const ledger = createMemoryLedger()
  await ledger.openWallets(issuerId, [{ walletId, memberId: sampleMember.memberId }], NOW)
  const shop = { pots: [pot], bank: { status: 'debited' } as DebitAnswer, debits: 0 }
  const selling = createSelling({
    ledger,
    bank: {
      debit: async () => {
        shop.debits += 1
        return shop.bank
      },
      enquire: async () => shop.bank,
    },
    issuing: {
      issuers: () => [],
      issuer: () => undefined,
      issuerByCode: () => undefined,
      programs: () => [],
      program: () => ({ programId, issuerId, name: '', nameEn: '', terms: [sampleTerms] }),
    },
    funding: { pots: () => shop.pots },
    ids: createIdSource({ node: 1, clock: () => NOW }),
    sha256: (bytes) => createHash('sha256').update(bytes).digest(),
    clock: () => NOW,
    openCase: () => {},
  })
  const wish = { issuerId, member: sampleMember, programId, faceWon }
  let keys = 0
  const buy = async () => {
    keys += 1
    const key = operationId(`00000000-0000-4000-8000-${String(keys).padStart(12, '0')}`)
    const answer = await selling.buy({
      ...wish,
      operationId: key,
      walletId,
      accountToken: 'account-1',
    })
    return answer.status === 'declined' ? answer.reason : answer.status
  }
  const used = async () => (await ledger.potUses(issuerId, [pot.potId])).get(pot.potId) ?? 0
  return Object.assign(shop, { buy, used, quote: () => selling.quote(wish) })
}

test('the sale ends when a pot is used up, and opens when more is granted', async () => {
  const shop = await openShop()
  const bought = [await shop.buy(), await shop.buy(), await shop.buy()]
  assert.deepEqual(bought, ['completed', 'completed', 'budget_exhausted'])
  assert.deepEqual([await shop.used(), shop.debits], [10_000, 2])
  shop.pots = [{ ...pot, amountWon: won(15_000) }]
  assert.equal(await shop.buy(), 'completed')
})

test('where no pot is in force there is no budget, and the quote says so', async () => {
  const shop = await openShop()
  assert.equal(shop.quote().outcome, 'offered')
  shop.pots = [{ ...pot, endsOn: parseBusinessDate('2026-11-21')! }]
  assert.deepEqual(shop.quote(), { outcome: 'declined', reason: 'budget_exhausted' })
  assert.deepEqual([await shop.buy(), shop.debits], ['budget_exhausted', 0])
})

test('what the bank refuses is given back to the pot', async () => {
  const shop = await openShop()
  shop.bank = { status: 'refused', reason: 'insufficient_balance' }
  assert.deepEqual([await shop.buy(), await shop.used()], ['bank_refused', 0])
})
