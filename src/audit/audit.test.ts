import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id } from '../base/base.ts'
import { createMemoryLedger, type LedgerSnapshot, type Payout } from '../ledger/ledger.ts'
import { postSmallCity } from '../../test/small-city.ts'
import {
  booksOfSnapshot,
  checkBooks,
  groupByWallet,
  issuerCheckers,
  walletCheckers,
  type BookOperation,
  type Finding,
  type IssuerBooks,
} from './audit.ts'
import { plantedErrors } from './fixtures/planted-errors.ts'

const ISSUER = id('iss', 3)

async function citySnapshot(): Promise<LedgerSnapshot> {
  const ledger = createMemoryLedger()
  await postSmallCity(ledger, ISSUER)
  return ledger.snapshot(ISSUER)
}

async function findingsOf(books: IssuerBooks): Promise<Finding[]> {
  const findings: Finding[] = []
  await checkBooks(books, { onFinding: (finding) => findings.push(finding), slackMs: 0 })
  return findings
}

const city = await citySnapshot()

test('the books of a city that the ledger kept are clean', async () => {
  assert.deepEqual(await findingsOf(booksOfSnapshot(ISSUER, city)), [])
  const totals = await checkBooks(booksOfSnapshot(ISSUER, city), {
    onFinding: ({ sentence }) => assert.fail(sentence),
  })
  assert.equal(totals.operations, city.operations.length)
  assert.equal(totals.lots, city.lots.length)
})

test('what was settled with card companies before settlements made payouts stays in transit', async () => {
  const isOfCards = ({ beneficiary }: Payout) => beneficiary.kind === 'card_company'
  const gone = new Set(city.payouts.filter(isOfCards).map(({ payoutId }) => payoutId))
  assert.equal(gone.size, 2)
  const older = {
    ...city,
    payouts: city.payouts.filter(({ payoutId }) => !gone.has(payoutId)),
    payoutSteps: city.payoutSteps.filter(({ payoutId }) => !gone.has(payoutId)),
  }
  assert.deepEqual(await findingsOf(booksOfSnapshot(ISSUER, older)), [])
})

for (const { sentence, seenBy, says, wallets, books } of plantedErrors) {
  test(`${sentence} is found`, async () => {
    const clean = booksOfSnapshot(ISSUER, city)
    const planted: IssuerBooks = {
      ...clean,
      async *wallets() {
        for await (const wallet of clean.wallets()) yield wallets?.(wallet) ?? wallet
      },
    }
    const findings = await findingsOf(books?.(planted) ?? planted)
    const checkers = new Set(findings.map((finding) => finding.checker))
    for (const checker of seenBy) assert.ok(checkers.has(checker), `${checker}: ${sentence}`)
    const sentences = findings.map((finding) => finding.sentence)
    if (says !== undefined) {
      assert.ok(
        sentences.some((one) => says.test(one)),
        sentences.join('\n'),
      )
    }
    for (const finding of findings) {
      assert.equal(finding.issuerId, ISSUER)
      assert.doesNotMatch(`${finding.where} ${finding.sentence}`, /undefined|NaN|\.$/)
    }
  })
}

test('every checker was seen failing', () => {
  const seen = new Set(plantedErrors.flatMap((planted) => planted.seenBy))
  const streamCheckers = ['program_sale', 'pot_use', 'stray_draw', 'payout', 'stray_transfer']
  for (const name of [
    ...Object.keys(walletCheckers),
    ...Object.keys(issuerCheckers),
    ...streamCheckers,
  ]) {
    assert.ok(seen.has(name), name)
  }
})

test('clocks that differ a little are forgiven where the caller says so, and no further', async () => {
  const shifted = (byMs: number): IssuerBooks => {
    const clean = booksOfSnapshot(ISSUER, city)
    return {
      ...clean,
      async *wallets() {
        for await (const wallet of clean.wallets()) {
          const operations = wallet.operations.map((operation) =>
            operation.kind === 'issue' && operation.targetId === undefined
              ? { ...operation, bookedAt: operation.bookedAt + byMs }
              : operation,
          )
          yield { ...wallet, operations }
        }
      },
    }
  }
  const findings: Finding[] = []
  const onFinding = (finding: Finding) => findings.push(finding)
  await checkBooks(shifted(50_000), { onFinding, slackMs: 60_000 })
  assert.deepEqual(findings, [])
  await checkBooks(shifted(90_000), { onFinding, slackMs: 60_000 })
  assert.notDeepEqual(findings, [])
})

test('sorted streams come together wallet by wallet, and none is lost', async () => {
  const operation = (walletId: number | undefined, operationId: string): BookOperation => ({
    operationId,
    kind: 'payment',
    bookedAt: 1,
    decline: 'wallet_unknown',
    walletId,
    merchantId: undefined,
    amountWon: 1,
    targetId: undefined,
    codeStep: undefined,
    partnerId: undefined,
    transfers: [],
  })
  async function* pages<Row>(...pages: Row[][]) {
    yield* pages
  }
  const books = groupByWallet({
    wallets: pages([{ walletId: 1 }], [], [{ walletId: 2 }, { walletId: 4 }, { walletId: 4 }]),
    operations: pages(
      [operation(1, 'a')],
      [operation(1, 'b'), operation(3, 'c')],
      [operation(undefined, 'd')],
    ),
    lots: pages(),
    purchases: pages([]),
    memberSales: pages([{ walletId: 5, programId: 1, month: '2026-11', amountWon: 1 }]),
  })
  const seen: [number | undefined, number, string, number][] = []
  for await (const { walletId, openings, operations, memberSales } of books) {
    const ids = operations.map(({ operationId }) => operationId).join('')
    seen.push([walletId, openings, ids, memberSales.length])
  }
  assert.deepEqual(seen, [
    [1, 1, 'ab', 0],
    [2, 1, '', 0],
    [3, 0, 'c', 0],
    [4, 2, '', 0],
    [5, 0, '', 1],
    [undefined, 0, 'd', 0],
  ])
})
