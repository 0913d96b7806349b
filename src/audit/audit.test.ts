import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id } from '../base/base.ts'
import { createMemoryLedger, type LedgerSnapshot } from '../ledger/ledger.ts'
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
  type WalletBook,
} from './audit.ts'

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

/** A city in which one thing was changed, for each checker: the checkers that must see it. */
interface Plant {
  sentence: string
  seenBy: string[]
  wallets?: (wallet: WalletBook) => WalletBook
  books?: (books: IssuerBooks) => IssuerBooks
}

const onOperations = (change: (operation: BookOperation) => BookOperation | BookOperation[]) => ({
  wallets: (wallet: WalletBook) => ({ ...wallet, operations: wallet.operations.flatMap(change) }),
})
const of = (kind: BookOperation['kind']) => (operation: BookOperation) =>
  operation.kind === kind && operation.decline === undefined
/** Changes the first operation that matches. */
const firstOf = (
  matches: (operation: BookOperation) => boolean,
  change: (operation: BookOperation) => BookOperation | BookOperation[],
) => {
  let isDone = false
  return onOperations((operation) => {
    if (isDone || !matches(operation)) return operation
    isDone = true
    return change(operation)
  })
}
const addWon =
  (line: number, amountWon: number) =>
  (operation: BookOperation): BookOperation => ({
    ...operation,
    transfers: operation.transfers.map((transfer) =>
      transfer.line === line
        ? { ...transfer, amountWon: transfer.amountWon + amountWon }
        : transfer,
    ),
  })
const onLots = (change: (lot: WalletBook['lots'][0]) => WalletBook['lots'][0]) => ({
  wallets: (wallet: WalletBook) => ({ ...wallet, lots: wallet.lots.map(change) }),
})
const onPurchases = (
  state: string,
  change: (purchase: WalletBook['purchases'][0]) => WalletBook['purchases'],
) => ({
  wallets: (wallet: WalletBook) => ({
    ...wallet,
    purchases: wallet.purchases.flatMap((purchase) =>
      purchase.state === state ? change(purchase) : purchase,
    ),
  }),
})
const isFirstCpm = ({ codeStep, decline }: BookOperation) =>
  codeStep !== undefined && decline === undefined
const copyOf = (operation: BookOperation, tail: string): BookOperation => ({
  ...operation,
  operationId: operation.operationId.slice(0, -1) + tail,
})

const plants: Plant[] = [
  {
    sentence: 'a wallet that nobody opened',
    seenBy: ['opening'],
    wallets: (wallet) => ({ ...wallet, openings: 0 }),
  },
  {
    sentence: 'a key with two outcomes',
    seenBy: ['key'],
    ...firstOf(of('hold'), (hold) => [hold, { ...hold, decline: 'sold_out', transfers: [] }]),
  },
  {
    sentence: 'a code that paid twice',
    seenBy: ['key'],
    ...firstOf(isFirstCpm, (payment) => [payment, copyOf(payment, 'f')]),
  },
  {
    sentence: 'a payment that took more than it says',
    seenBy: ['posting', 'lot_balance', 'payable'],
    ...firstOf(of('payment'), addWon(1, 1)),
  },
  {
    sentence: 'money that changed hands inside a declined operation',
    seenBy: ['posting'],
    ...firstOf(of('payment'), (payment) => ({ ...payment, decline: 'sold_out' })),
  },
  {
    sentence: 'a payment that paid another merchant',
    seenBy: ['posting', 'payable'],
    ...firstOf(of('payment'), (payment) => ({ ...payment, merchantId: 77 })),
  },
  {
    sentence: 'a missing line',
    seenBy: ['posting', 'lot_balance', 'conservation'],
    ...firstOf(
      ({ transfers }) => transfers.length > 1,
      (operation) => ({ ...operation, transfers: operation.transfers.slice(1) }),
    ),
  },
  {
    sentence: 'a transfer from an account that such an operation never touches',
    seenBy: ['posting'],
    ...firstOf(of('payment'), (payment) => ({
      ...payment,
      transfers: payment.transfers.map((transfer) => ({ ...transfer, debitKind: 'breakage' })),
    })),
  },
  {
    sentence: 'a remainder that its transfers do not explain',
    seenBy: ['lot_balance', 'conservation'],
    ...onLots((lot) => (lot.lotId === 71 ? { ...lot, remainingWon: lot.remainingWon + 1 } : lot)),
  },
  {
    sentence: 'more held than its holds say',
    seenBy: ['lot_balance', 'conservation', 'coverage'],
    ...onLots((lot) => (lot.lotId === 72 ? { ...lot, heldWon: lot.heldWon + 1 } : lot)),
  },
  {
    sentence: 'a lot that was spent before it was issued',
    seenBy: ['lot_balance'],
    ...onOperations((operation) =>
      operation.kind === 'issue'
        ? { ...operation, bookedAt: operation.bookedAt + 120_000 }
        : operation,
    ),
  },
  {
    sentence: 'a lot with another face value',
    seenBy: ['lot_origin'],
    ...onLots((lot) => (lot.lotId === 61 ? { ...lot, faceWon: lot.faceWon + 1 } : lot)),
  },
  {
    sentence: 'a lot that nobody issued',
    seenBy: ['lot_origin'],
    wallets: (wallet) => ({
      ...wallet,
      lots: wallet.lots.flatMap((lot) =>
        lot.lotId === 61 ? [lot, { ...lot, lotId: 600, remainingWon: 0, heldWon: 0 }] : lot,
      ),
    }),
  },
  {
    sentence: 'a lot that names another origin',
    seenBy: ['lot_origin'],
    ...onLots((lot) => (lot.lotId === 61 ? { ...lot, issuedBy: 'somebody' } : lot)),
  },
  {
    sentence: 'a lot that is gone',
    seenBy: ['lot_balance'],
    wallets: (wallet) => ({ ...wallet, lots: wallet.lots.filter(({ lotId }) => lotId !== 61) }),
  },
  {
    sentence: 'a payment with expired money',
    seenBy: ['expiry'],
    ...onLots((lot) => (lot.lotId === 61 ? { ...lot, expiresAt: 0 } : lot)),
  },
  {
    sentence: 'a cancellation of nothing',
    seenBy: ['cancellation'],
    ...firstOf(of('cancellation'), (operation) => ({ ...operation, targetId: undefined })),
  },
  {
    sentence: 'a cancellation beyond its payment',
    seenBy: ['cancellation'],
    ...firstOf(of('cancellation'), (operation) =>
      [operation, copyOf(operation, 'f')].flatMap((cancellation) => [
        cancellation,
        ...[1, 2, 3].map((n) => copyOf(cancellation, `${n}x`)),
      ]),
    ),
  },
  {
    sentence: 'a cancellation that gives back to a lot that was not taken',
    seenBy: ['cancellation'],
    ...firstOf(of('cancellation'), (operation) => ({
      ...operation,
      transfers: operation.transfers.map((transfer) => ({ ...transfer, creditId: 62 })),
    })),
  },
  {
    sentence: 'a cancellation by another merchant',
    seenBy: ['cancellation'],
    ...firstOf(of('cancellation'), (operation) => ({ ...operation, merchantId: 32 })),
  },
  {
    sentence: 'a hold that was closed twice',
    seenBy: ['hold'],
    ...firstOf(of('release'), (release) => [release, copyOf(release, 'f')]),
  },
  {
    sentence: 'a hold whose end freed less than was held',
    seenBy: ['hold'],
    ...firstOf(of('release'), addWon(1, -1)),
  },
  {
    sentence: 'an end of no hold',
    seenBy: ['hold'],
    ...firstOf(of('capture'), (capture) => ({ ...capture, targetId: undefined })),
  },
  {
    sentence: 'a completed purchase that was abandoned',
    seenBy: ['purchase'],
    ...onPurchases('completed', (purchase) => [{ ...purchase, state: 'abandoned' }]),
  },
  {
    sentence: 'a reserved purchase that claims to be completed',
    seenBy: ['purchase'],
    ...onPurchases('reserved', (purchase) => [{ ...purchase, state: 'completed' }]),
  },
  {
    sentence: 'a purchase that is gone',
    seenBy: ['purchase', 'member_sale', 'program_sale'],
    ...onPurchases('completed', () => []),
  },
  {
    sentence: 'a purchase that nobody reserved',
    seenBy: ['purchase', 'member_sale', 'program_sale'],
    ...onPurchases('reserved', (purchase) => [purchase, { ...purchase, purchaseId: 'x' }]),
  },
  {
    sentence: 'a purchase of another value',
    seenBy: ['purchase', 'member_sale', 'program_sale'],
    ...onPurchases('completed', (purchase) => [{ ...purchase, faceWon: purchase.faceWon + 1 }]),
  },
  {
    sentence: 'a purchase paid from other sources',
    seenBy: ['purchase'],
    ...onPurchases('completed', (purchase) => [
      { ...purchase, payWon: purchase.payWon + 1, cityWon: purchase.cityWon - 1 },
    ]),
  },
  {
    sentence: 'a purchase with another expiry than its lot',
    seenBy: ['purchase'],
    ...onPurchases('completed', (purchase) => [{ ...purchase, expiresAt: 1 }]),
  },
  {
    sentence: 'a purchase that was closed at another time',
    seenBy: ['purchase'],
    ...onPurchases('abandoned', (purchase) => [{ ...purchase, closedAt: 1 }]),
  },
  {
    sentence: 'a member who bought more than the counter says',
    seenBy: ['member_sale'],
    wallets: (wallet) => ({
      ...wallet,
      memberSales: wallet.memberSales.map((sale) => ({ ...sale, amountWon: sale.amountWon - 1 })),
    }),
  },
  {
    sentence: 'a member without a counter',
    seenBy: ['member_sale'],
    wallets: (wallet) => ({ ...wallet, memberSales: [] }),
  },
  {
    sentence: 'a program that sold more than its counter says',
    seenBy: ['program_sale'],
    books: (books) => ({
      ...books,
      async *programSales() {
        for await (const sale of books.programSales()) {
          yield { ...sale, amountWon: sale.amountWon - 1 }
        }
      },
    }),
  },
  {
    sentence: 'a program without a counter',
    seenBy: ['program_sale'],
    books: (books) => ({ ...books, async *programSales() {} }),
  },
  {
    sentence: 'a transfer without an operation',
    seenBy: ['stray_transfer'],
    books: (books) => ({
      ...books,
      async *strayTransfers() {
        yield { operationId: 'x', line: 1 }
      },
    }),
  },
  {
    sentence: 'a key that stands in two wallets',
    seenBy: ['key'],
    books: (books) => ({
      ...books,
      async *repeatedKeys() {
        yield 'x'
      },
    }),
  },
]

for (const { sentence, seenBy, wallets, books } of plants) {
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
    for (const finding of findings) {
      assert.equal(finding.issuerId, ISSUER)
      assert.doesNotMatch(`${finding.where} ${finding.sentence}`, /undefined|NaN|\.$/)
    }
  })
}

test('every checker was seen failing', () => {
  const seen = new Set(plants.flatMap((plant) => plant.seenBy))
  const streamCheckers = ['program_sale', 'stray_transfer']
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
