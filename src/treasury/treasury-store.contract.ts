/** What every store of the treasury does: the one in memory, and the one in PostgreSQL. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id, won, type BusinessDate, type IssuerId, type PayoutId } from '../base/base.ts'
import type { Ledger, MovementRequest } from '../ledger/ledger.ts'
import { at, uuid } from './fixtures/treasury-city.ts'
import type { DayResult, FileContent, FileFacts, TreasuryStore } from './treasury-store.ts'

export interface StoreUnderTest {
  readonly store: TreasuryStore
  readonly ledger: Ledger
  /** Both are known and empty. */
  readonly issuerId: IssuerId
  readonly otherIssuerId: IssuerId
  close(): Promise<void>
}

const MONDAY = '2026-11-23' as BusinessDate
const NOON = at(MONDAY, '12:00')
const bytes = Uint8Array.of(1, 0, 255)
const payout: FileFacts = { name: 'PO-1', kind: 'payout', date: MONDAY, sequence: 1, part: 0 }
const content: FileContent = { sha256: 'aa', bytes, lines: 2, amountWon: won(3_000) }
const result = { name: 'PR-1', kind: 'result', date: MONDAY, sequence: 1, part: 1 } as const
const statement = { name: 'ST-1', kind: 'statement', date: MONDAY, sequence: 0, part: 0 } as const
const entry = (entryNumber: string, amountWon: number) => ({
  entryNumber,
  bookedAt: NOON,
  amountWon: won(amountWon),
  counterparty: '김하늘',
  reference: '"충전" \\ {1,2}',
})
const outcome = (payoutId: number, paid: boolean) => ({
  payoutId: payoutId as PayoutId,
  attempt: 1,
  result: paid ? ('paid' as const) : ('returned' as const),
  reason: paid ? '0000' : '0001',
  amountWon: won(1_500),
  payoutFile: payout.name,
  doneAt: NOON,
  operationId: uuid(payoutId),
})

export function treasuryStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  const storeTest = (sentence: string, work: (given: StoreUnderTest) => Promise<void>): void => {
    test(`${name}: ${sentence}`, async () => {
      const given = await open()
      try {
        await work(given)
      } finally {
        await given.close()
      }
    })
  }
  storeTest('a file keeps its first time and its first bytes', keepsFirst)
  storeTest('a result is recorded once, with what it says of each payout', recordsResult)
  storeTest('a statement is recorded once, and what an entry is taken for stands', recordsStatement)
  storeTest('the journal is added up once, by kind and day, also an instant at a time', tallies)
  storeTest('entries of the fund bear the key that the bank will tell', keysOfFund)
  storeTest('items are open until they are settled, and a day knows what was open then', settles)
  storeTest('a day is written anew, and days are read newest first', writesDays)
}

async function keepsFirst({ store, issuerId, otherIssuerId }: StoreUnderTest): Promise<void> {
  const begun = await store.beginFile(issuerId, payout, NOON)
  assert.deepEqual(begun, {
    ...payout,
    state: 'begun',
    begunAt: NOON,
    sha256: null,
    lines: 0,
    amountWon: 0,
  })
  assert.deepEqual(await store.beginFile(issuerId, payout, NOON + 5), begun)
  assert.deepEqual(await store.files(issuerId, 'payout', 'open'), [begun])
  const written = await store.writeFile(issuerId, payout.name, content)
  const { bytes: _bytes, ...facts } = content
  assert.deepEqual(written, { ...begun, ...facts, state: 'written' })
  const other = { ...content, sha256: 'bb', bytes: Uint8Array.of(9) }
  assert.deepEqual(await store.writeFile(issuerId, payout.name, other), written)
  assert.deepEqual(Uint8Array.from((await store.fileBytes(issuerId, payout.name))!), bytes)
  assert.deepEqual(await store.files(issuerId, 'payout', 'open'), [written])
  await store.finishFile(issuerId, payout.name)
  assert.deepEqual(await store.files(issuerId, 'payout', 'open'), [])
  assert.deepEqual(await store.files(issuerId, 'payout', MONDAY), [{ ...written, state: 'done' }])
  assert.equal((await store.file(issuerId, payout.name))?.state, 'done')
  assert.equal(await store.file(otherIssuerId, payout.name), undefined)
  assert.equal(await store.fileBytes(otherIssuerId, payout.name), undefined)
}

async function sentFile({ store, issuerId }: StoreUnderTest): Promise<void> {
  await store.beginFile(issuerId, payout, NOON)
  await store.writeFile(issuerId, payout.name, content)
  await store.finishFile(issuerId, payout.name)
}

async function recordsResult(given: StoreUnderTest): Promise<void> {
  const { store, issuerId, otherIssuerId } = given
  await sentFile(given)
  const told = [outcome(12, false), outcome(11, true)]
  for (const outcomes of [told, [outcome(13, true)]]) {
    await store.recordResult(issuerId, { ...result, ...content }, outcomes, NOON)
  }
  const known = [outcome(11, true), outcome(12, false)].map((one) => ({ ...one, state: 'told' }))
  assert.deepEqual(await store.outcomesTold(issuerId, 10), known)
  assert.deepEqual(await store.outcomesTold(issuerId, 1), known.slice(0, 1))
  assert.deepEqual(await store.outcomesOf(issuerId, [12 as PayoutId, 13 as PayoutId]), [known[1]])
  await store.endOutcome(issuerId, outcome(11, true), 'posted')
  await store.endOutcome(issuerId, outcome(11, true), 'contradicted')
  assert.deepEqual(await store.outcomesTold(issuerId, 10), [known[1]])
  const [ended] = await store.outcomesOf(issuerId, [11 as PayoutId])
  assert.equal(ended?.state, 'posted')
  assert.deepEqual(await store.outcomesTold(otherIssuerId, 10), [])
}

async function recordsStatement(given: StoreUnderTest): Promise<void> {
  const { store, issuerId, otherIssuerId } = given
  const balances = { date: MONDAY, openingWon: won(5), closingWon: won(95) }
  const entries = [entry('2', -10), entry('1', 100)]
  for (const told of [entries, [entry('3', 1)]]) {
    const file = { ...statement, ...content }
    await store.recordStatement(issuerId, file, { ...balances, entries: told }, NOON)
  }
  assert.deepEqual(await store.newestStatement(issuerId), balances)
  assert.deepEqual(await store.statement(issuerId, MONDAY), balances)
  assert.equal(await store.statement(issuerId, '2026-11-24' as BusinessDate), undefined)
  assert.equal(await store.newestStatement(otherIssuerId), undefined)
  assert.deepEqual(await store.knownEntries(issuerId, ['1', '3']), ['1'])
  const fresh = { date: MONDAY, state: 'new', matchKey: null, decision: null }
  assert.deepEqual(await store.entriesToBook(issuerId, 10), [
    { ...entry('1', 100), ...fresh },
    { ...entry('2', -10), ...fresh },
  ])
  const first = { matchKey: 'k1', decision: { as: 'fund_interest' } } as const
  const second = { matchKey: 'k2', decision: { as: 'expected' } } as const
  const decided = await store.decideEntry(issuerId, '1', first)
  assert.deepEqual(decided, { ...entry('1', 100), ...fresh, ...first, state: 'decided' })
  assert.deepEqual(await store.decideEntry(issuerId, '1', second), decided)
  // Only what was decided can be booked.
  await store.bookEntries(issuerId, ['1', '2'])
  const left = await store.entriesToBook(issuerId, 10)
  assert.deepEqual(
    left.map(({ entryNumber }) => entryNumber),
    ['2'],
  )
}

const movement = (
  number: number,
  kind: 'funder_payment' | 'fund_interest',
  amountWon: number,
): MovementRequest => ({
  operationId: uuid(number),
  requestHash: new Uint8Array(32),
  kind,
  lines: [
    {
      debitKind: 'operating_fund',
      debitId: 0,
      creditKind: kind === 'fund_interest' ? kind : 'subsidy_receivable',
      creditId: kind === 'fund_interest' ? 0 : 2,
      amountWon: won(amountWon),
    },
  ],
})

async function tallies({ store, ledger, issuerId, otherIssuerId }: StoreUnderTest): Promise<void> {
  const book = (moment: number, ...requests: MovementRequest[]) =>
    ledger.move(issuerId, requests, moment)
  // Three in one instant, one later, one on the day after.
  await book(NOON, ...[1, 2, 3].map((number) => movement(number, 'funder_payment', 100)))
  await book(NOON + 1_000, movement(4, 'fund_interest', 7))
  const tuesday = at('2026-11-24', '00:00')
  await book(tuesday, movement(5, 'fund_interest', 8))
  const options = { until: tuesday + 1, limit: 2, payoutEntries: 'each' as const }
  const reached: number[] = []
  while (reached.at(-1) !== tuesday + 1) {
    reached.push(await store.advanceTally(issuerId, options))
    assert.ok(reached.length < 20, 'it comes to an end')
  }
  assert.deepEqual(
    reached.toSorted((a, b) => a - b),
    reached,
  )
  assert.ok(reached.includes(tuesday), 'no step is about two days')
  assert.equal(await store.advanceTally(issuerId, options), tuesday + 1)
  const balancesOf = async (date: string) => {
    const balances = await store.balances(issuerId, date as BusinessDate)
    return balances
      .map(({ kind, accountId, balanceWon }) => `${kind} ${accountId} ${balanceWon}`)
      .toSorted()
  }
  assert.deepEqual(await balancesOf(MONDAY), [
    'fund_interest 0 -7',
    'operating_fund 0 307',
    'subsidy_receivable 2 -300',
  ])
  assert.deepEqual(await balancesOf('2026-11-24'), [
    'fund_interest 0 -15',
    'operating_fund 0 315',
    'subsidy_receivable 2 -300',
  ])
  const items = await store.openItems(issuerId, { afterKey: '', keys: 10 })
  assert.deepEqual(
    items.map(({ side, matchKey, date, amountWon }) => [side, matchKey, date, amountWon]),
    [1, 2, 3, 4, 5].map((number) => [
      'ledger',
      `operation:${uuid(number)}`,
      number === 5 ? '2026-11-24' : MONDAY,
      number > 3 ? number + 3 : 100,
    ]),
  )
  assert.deepEqual(await store.openItems(otherIssuerId, { afterKey: '', keys: 10 }), [])
}

/** A purchase and a paid payout of the issuer, in the ledger and by the bank's result. */
async function moveFund(given: StoreUnderTest, issuerId: IssuerId): Promise<void> {
  const { store, ledger } = given
  const [walletId, merchantId, payoutId] = [id('wlt', 1), id('mrc', 4), id('pay', 11)]
  await ledger.openWallets(issuerId, [{ walletId, memberId: id('mbr', 1) }], NOON)
  const purchase = {
    operationId: uuid(21),
    requestHash: new Uint8Array(32),
    walletId,
    programId: id('prg', 1),
    lotId: id('lot', 21),
    faceWon: won(100),
    sources: { payWon: won(90), nationalWon: won(10), provinceWon: won(0), cityWon: won(0) },
    expiresAt: NOON + 1_000_000,
    month: '2026-11',
    quotaWon: won(1_000),
    purchaseCapWon: won(1_000),
    holdingCapWon: won(1_000),
    accountToken: 'acc',
  }
  await ledger.reservePurchases(issuerId, [purchase], NOON)
  const closure = { purchaseId: uuid(21), closureId: uuid(22), debited: true }
  await ledger.closePurchases(issuerId, [closure], NOON)
  const line = (debitKind: 'merchant_payable' | 'settlement_in_transit', debitId: number) => ({
    debitKind,
    debitId,
    creditKind: debitId === 0 ? ('operating_fund' as const) : ('settlement_in_transit' as const),
    creditId: 0,
    amountWon: won(1_500),
  })
  const common = { requestHash: new Uint8Array(32), merchantId }
  const account = { bankCode: '011', accountNumber: '1', holderName: '은파분식' }
  await ledger.move(
    issuerId,
    [
      {
        ...common,
        operationId: uuid(23),
        kind: 'payout',
        lines: [line('merchant_payable', merchantId)],
        payout: {
          payoutId,
          beneficiary: { kind: 'merchant', id: merchantId },
          account,
          dueOn: MONDAY,
        },
      },
    ],
    NOON,
  )
  const file = { name: payout.name, dueUntil: MONDAY, limit: 9 }
  assert.equal(await ledger.assignFile(issuerId, file, NOON), 1)
  await sentFile({ ...given, issuerId })
  await store.recordResult(issuerId, { ...result, ...content }, [outcome(11, true)], NOON)
  const step = { payoutId, from: 'sent', attempt: 1, to: 'paid' } as const
  const [confirmed] = await ledger.move(
    issuerId,
    [
      {
        ...common,
        operationId: uuid(11),
        kind: 'payout_confirmation',
        targetId: uuid(23),
        lines: [line('settlement_in_transit', 0)],
        payoutStep: step,
      },
    ],
    NOON,
  )
  assert.equal(confirmed?.status, 'posted')
}

async function keysOfFund(given: StoreUnderTest): Promise<void> {
  const { store, issuerId, otherIssuerId } = given
  for (const [issuer, payoutEntries, key] of [
    [issuerId, 'each', 'payout:11'],
    [otherIssuerId, 'file', `file:${payout.name}`],
  ] as const) {
    await moveFund(given, issuer)
    const until = NOON + 1_000
    while ((await store.advanceTally(issuer, { until, limit: 9, payoutEntries })) < until);
    const items = await store.openItems(issuer, { afterKey: '', keys: 10 })
    assert.deepEqual(
      items.map(({ matchKey, amountWon }) => [matchKey, amountWon]),
      [
        [key, -1_500],
        [`purchase:${uuid(21)}`, 90],
      ],
    )
  }
}

async function settles({ store, ledger, issuerId }: StoreUnderTest): Promise<void> {
  await ledger.move(issuerId, [movement(1, 'fund_interest', 7)], NOON)
  await store.advanceTally(issuerId, { until: NOON + 1, limit: 9, payoutEntries: 'each' })
  const entries = [entry('1', 7), entry('2', 9), entry('3', 4), entry('4', -4)]
  const balances = { date: MONDAY, openingWon: won(0), closingWon: won(16), entries }
  await store.recordStatement(issuerId, { ...statement, ...content }, balances, NOON)
  const expected = { as: 'expected' } as const
  const keyOf = { '1': `operation:${uuid(1)}`, '2': 'z', '3': 'a' }
  for (const [number, matchKey] of Object.entries(keyOf)) {
    const decision = number === '2' ? ({ as: 'fund_interest' } as const) : expected
    await store.decideEntry(issuerId, number, { matchKey, decision })
  }
  const page = async (afterKey: string, keys: number) =>
    (await store.openItems(issuerId, { afterKey, keys })).map(({ itemId }) => itemId)
  assert.deepEqual(await page('', 2), ['3', '1', uuid(1)])
  assert.deepEqual(await page(`operation:${uuid(1)}`, 2), ['2'])
  const on = '2026-11-24' as BusinessDate
  const settled = [
    { side: 'bank', itemId: '1', on },
    { side: 'ledger', itemId: uuid(1), on },
  ] as const
  await store.settle(issuerId, settled)
  await store.settle(
    issuerId,
    settled.map((one) => ({ ...one, on: MONDAY })),
  )
  assert.deepEqual(await page('', 10), ['3', '2'])
  assert.deepEqual(await store.openAt(issuerId, MONDAY), {
    bankWon: 16,
    bankCount: 4,
    ledgerWon: 7,
    ledgerCount: 1,
    fundersWon: 0,
    interestWon: 9,
    // The settled pair came to the same, a day later.
    lackingWon: -4,
  })
  assert.deepEqual(await store.openAt(issuerId, on), {
    bankWon: 9,
    bankCount: 3,
    ledgerWon: 0,
    ledgerCount: 0,
    fundersWon: 0,
    interestWon: 9,
    lackingWon: -4,
  })
}

async function writesDays({ store, issuerId, otherIssuerId }: StoreUnderTest): Promise<void> {
  const day = (date: string, bankWon: number): DayResult => ({
    date: date as BusinessDate,
    computedAt: NOON,
    bankWon: won(bankWon),
    ledgerWon: won(1),
    openWon: won(0),
    openCount: 0,
    unexplainedWon: won(0),
    timingCount: 0,
    breakCount: 0,
    owedWon: won(0),
    receivableWon: won(0),
    coveringWon: won(0),
    coverageBasisPoints: null,
    coverageBasisPointsMin: 10_000,
    receivablesCount: false,
    shortWon: won(0),
    balances: [{ kind: 'lot', accountId: 0, balanceWon: won(-1) }],
  })
  for (const one of [day(MONDAY, 1), day('2026-11-24', 2), day(MONDAY, 3)]) {
    await store.recordDay(issuerId, one)
  }
  const all = [day('2026-11-24', 2), day(MONDAY, 3)]
  assert.deepEqual(await store.days(issuerId, { limit: 10 }), all)
  assert.deepEqual(await store.days(issuerId, { limit: 1 }), all.slice(0, 1))
  const before = { before: '2026-11-24' as BusinessDate, limit: 10 }
  assert.deepEqual(await store.days(issuerId, before), all.slice(1))
  assert.deepEqual(await store.days(otherIssuerId, { limit: 10 }), [])
}
