/** What every store of a gateway does; run on the one in memory and on SQLite. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault, id, won } from '../base/base.ts'
import { HANBIT, NOON, saleOfStan, TOWN } from './fixtures/small-town.ts'
import {
  answered,
  link,
  notice,
  OTHER,
  RECEIPT,
  record,
  sale,
  seqs,
  wallet,
  type OpenStore,
  type Run,
  type StoreUnderTest,
} from './store-bench.contract.ts'
import { feedRows, synchronisations, upkeep } from './store-feed.contract.ts'
import type { StandInStore, StoreReading } from './store.ts'

/** Registers the whole suite; `open` is called once for each test. */
export function storeContract(name: string, open: OpenStore): void {
  const run = (sentence: string, body: (bench: StoreUnderTest) => Promise<void>): void =>
    void test(sentence, async () => {
      const bench = await open()
      try {
        await body(bench)
      } finally {
        await bench.close()
      }
    })
  describe(`${name} keeps the contract of a gateway’s store`, () => {
    commits(run)
    answersAndSales(run)
    notices(run)
    feedRows(run)
    synchronisations(run)
    upkeep(run)
  })
}
/** All that can be asked, to see that nothing changed. */
function picture(store: StoreReading): unknown {
  return {
    answer: store.answered('key-1'),
    sales: store.openSales({ issuerId: TOWN, walletId: id('wlt', 1) }),
    waiting: store.waiting(0, 100),
    reversed: store.isReversed('key-1'),
    cards: store.cards(HANBIT, 'CARD00000001'),
    wallet: store.wallet({ issuerId: TOWN, walletId: id('wlt', 1) }),
    records: [...store.records()],
    feed: store.feed(),
    positions: store.positionsOf(TOWN),
    doubtful: store.doubtful(10),
    orders: store.orders(),
    totals: store.totals(),
  }
}

function fill(store: StandInStore): void {
  store.commit((batch) => {
    batch.putAnswer(answered(1))
    batch.putSale(sale(1))
    batch.addNotice(notice(1))
    batch.putRecord(record(1, 1, '하나'), 1)
    batch.putCard(link(1), 1, 1)
    batch.setCumulativeMax(TOWN, won(500))
    batch.putWallet(wallet(1, 1_000), 1)
    batch.putPosition({ issuerId: TOWN, segment: 3, hash: 'aa', notBefore: NOON })
    batch.doubt({ issuerId: TOWN, walletId: id('wlt', 1) })
    batch.putFeed({
      coreLife: 'life',
      next: 7,
      asOf: NOON,
      heardAt: NOON,
      generation: 1,
      complete: true,
    })
    batch.putOrder({ issuerId: TOWN, mode: 'forced', by: 'opr_1', at: NOON, reason: '점검' })
  })
}

function commits(run: Run): void {
  run('what was committed outlives the process', async ({ store, reopen }) => {
    fill(store)
    const before = picture(store)
    const again = await reopen()
    assert.deepEqual(picture(again), before)
    assert.deepEqual(again.totals(), {
      cards: 1,
      wallets: 1,
      waiting: 1,
      outstandingWon: 1_000,
      boundWon: 500,
    })
  })
  run('a commit that throws wrote nothing, and its reads saw what it wrote', async ({ store }) => {
    fill(store)
    const before = picture(store)
    const thrown = new Error('no')
    assert.throws(
      () =>
        store.commit((batch) => {
          batch.putAnswer(answered(1, { fingerprint: 'other' }))
          batch.putSale(sale(1, { approvedWon: won(9), outstanding: false, open: false }))
          batch.markTaken(batch.waiting(0, 1)[0]!.seq, NOON, RECEIPT)
          batch.addNotice(notice(2))
          batch.putRecord(record(1, 2, '둘'), 1)
          batch.putCard(link(1, { active: false }), 2, 1)
          batch.putCard(link(2, { cardToken: 'CARD00000002' }), 1, 1)
          batch.putWallet(wallet(1, 5), 1)
          batch.putWallet(wallet(2, 5), 1)
          batch.putPosition({ issuerId: TOWN, segment: 9, hash: 'bb', notBefore: NOON })
          batch.putFeed({ ...batch.feed()!, next: 8 })
          batch.putOrder({ mode: 'forbidden', by: 'opr_1', at: NOON, reason: '점검' })
          batch.startAfresh(TOWN, 2)
          assert.equal(batch.answered('key-1')?.fingerprint, 'other')
          assert.equal(batch.totals().waiting, 1)
          assert.equal(batch.totals().outstandingWon, 0)
          assert.equal(batch.totals().wallets, 2)
          assert.equal(batch.wallet({ issuerId: TOWN, walletId: id('wlt', 1) }), undefined)
          throw thrown
        }),
      thrown,
    )
    assert.deepEqual(picture(store), before)
    store.commit((batch) => batch.addNotice(notice(2)))
    assert.equal(store.totals().waiting, 2)
  })
  run('a closed store takes no commit', async ({ store }) => {
    store.close()
    assert.throws(() => store.commit(() => undefined), Fault)
  })
}

function answersAndSales(run: Run): void {
  run('an answer keeps all it is made of', async ({ store }) => {
    const plain = answered(2, { answer: { ...answered(2).answer, decidedBy: 'standin' } })
    const { request: _request, issuerId: _issuer, ...bare } = plain
    store.commit((batch) => {
      batch.putAnswer(answered(1))
      batch.putAnswer(bare)
    })
    assert.deepEqual(store.answered('key-1'), answered(1))
    assert.deepEqual(store.answered('key-2'), bare)
    assert.equal(store.answered('key-3'), undefined)
  })
  run('approvals of the core come in the order of answering, page by page', async ({ store }) => {
    store.commit((batch) => {
      for (const stan of [5, 3, 4, 1]) batch.putAnswer(answered(stan))
      const standin = { ...answered(6).answer, decidedBy: 'standin' as const }
      batch.putAnswer(answered(6, { answer: standin }))
      const { request: _request, ...refused } = answered(7)
      batch.putAnswer(refused)
      batch.putAnswer(answered(8, { answeredAt: NOON + 4 }))
    })
    const page = store.approvedByCoreSince(NOON + 3, { limit: 3 })
    assert.deepEqual(
      page.map(({ key }) => key),
      ['key-3', 'key-4', 'key-8'],
    )
    const rest = store.approvedByCoreSince(NOON + 3, { after: page.at(-1)!, limit: 3 })
    assert.deepEqual(
      rest.map(({ key }) => key),
      ['key-5'],
    )
  })
  run('a sale keeps all it is made of, and is open for its wallet only', async ({ store }) => {
    const settled = sale(1, { settledAt: NOON, settledCoreAt: NOON + 1, outstanding: false })
    store.commit((batch) => {
      batch.putSale(sale(2))
      batch.putSale(settled)
      batch.putSale(sale(3, { open: false }))
      batch.putSale(sale(4, { walletId: id('wlt', 2) }))
      batch.putSale(sale(5, { issuerId: OTHER }))
    })
    assert.deepEqual(store.sale('key-1'), settled)
    assert.deepEqual(store.sale('key-3'), sale(3, { open: false }))
    const ref = { issuerId: TOWN, walletId: id('wlt', 1) }
    assert.deepEqual(store.openSales(ref), [settled, sale(2)])
  })
  run('only stand-in of this gateway is outstanding, net of what went back', async ({ store }) => {
    store.commit((batch) => {
      batch.putSale(sale(1, { returnedWon: won(300) }))
      batch.putSale(sale(2, { decidedBy: 'peer' }))
      batch.putSale(sale(3, { decidedBy: 'core', outstanding: false }))
      batch.putSale(sale(4))
    })
    assert.equal(store.totals().outstandingWon, 1_700)
    store.commit((batch) => batch.putSale(sale(4, { outstanding: false })))
    assert.equal(store.totals().outstandingWon, 700)
  })
  run('a settled sale is released by a page that shows it', async ({ store }) => {
    const settled = { outstanding: false, settledAt: NOON + 100, settledCoreAt: NOON + 50 }
    store.commit((batch) => {
      batch.putSale(sale(1, settled))
      batch.putSale(sale(2, { ...settled, decidedBy: 'core', returnedWon: won(400) }))
      batch.putSale(sale(3))
      batch.putSale(sale(4, { ...settled, walletId: id('wlt', 2) }))
      const { settledCoreAt: _at, ...unclear } = settled
      batch.putSale(sale(5, unclear))
    })
    const ref = { issuerId: TOWN, walletId: id('wlt', 1) }
    store.commit((batch) => batch.releaseSales({ wallet: ref, coreBefore: NOON + 49 }))
    assert.equal(store.sale('key-1')?.settledAt, NOON + 100)
    store.commit((batch) => batch.releaseSales({ wallet: ref, coreBefore: NOON + 50 }))
    const shown = { outstanding: false, seenMinWon: won(1_000), seenMaxWon: won(1_000) }
    assert.deepEqual(store.sale('key-1'), sale(1, shown))
    const part = { decidedBy: 'core', returnedWon: won(400), open: false } as const
    assert.deepEqual(
      store.sale('key-2'),
      sale(2, { ...shown, ...part, seenMinWon: won(600), seenMaxWon: won(600) }),
    )
    assert.deepEqual(store.sale('key-3'), sale(3))
    assert.equal(store.sale('key-4')?.settledAt, NOON + 100)
    store.commit((batch) => batch.releaseSales({ coreBefore: NOON + 50, ownBefore: NOON + 99 }))
    assert.deepEqual(store.sale('key-4'), sale(4, { ...shown, walletId: id('wlt', 2) }))
    assert.equal(store.sale('key-5')?.settledAt, NOON + 100)
    store.commit((batch) => batch.releaseSales({ coreBefore: 0, ownBefore: NOON + 100 }))
    assert.equal(store.sale('key-5')?.settledAt, undefined)
  })
}

function notices(run: Run): void {
  run('a notice is known by its name, waits in order, and is taken once', async ({ store }) => {
    const made = store.commit((batch) => [
      batch.addNotice(notice(1)),
      batch.addNotice(notice(2, 'w/1/2')),
      batch.addNotice(notice(1)),
      batch.addNotice(notice(3)),
    ])
    const [first, second, again, third] = made
    assert.equal(again, undefined)
    assert.deepEqual(seqs(store.waiting(0, 10)), [first, second, third])
    assert.deepEqual(seqs(store.waiting(first!, 1)), [second])
    assert.deepEqual(seqs(store.waitingIn('w/1/1', 10)), [first, third])
    assert.deepEqual(seqs(store.waitingIn('w/1/1', 1)), [first])
    assert.equal(store.oldestWaitingAt(), NOON + 1)
    assert.equal(store.isSaleWaiting('key-1'), true)
    store.commit((batch) => batch.markTaken(first!, NOON + 9, RECEIPT))
    store.commit((batch) => batch.markTaken(first!, NOON + 10, RECEIPT))
    assert.deepEqual(seqs(store.waiting(0, 10)), [second, third])
    assert.equal(store.isSaleWaiting('key-1'), false)
    assert.equal(store.isReversed('key-1'), true)
    assert.equal(store.totals().waiting, 2)
    const taken = { ...notice(1), seq: first, attempted: false, takenAt: NOON + 9 }
    assert.deepEqual(store.notice('reverse/key-1'), { ...taken, receipt: RECEIPT })
    assert.deepEqual(seqs(store.takenSince(NOON + 9, { after: 0, limit: 9 })), [first])
    assert.deepEqual(store.takenSince(NOON + 10, { after: 0, limit: 9 }), [])
    assert.deepEqual(store.takenSince(NOON + 9, { after: first!, limit: 9 }), [])
  })
  run('a notice, taken or not, is told anew after all that waits', async ({ store, reopen }) => {
    const [first, second, third] = store.commit((batch) => [
      batch.addNotice(notice(1)),
      batch.addNotice(notice(2)),
      batch.addNotice(notice(4)),
    ])
    store.commit((batch) => batch.markTaken(first!, NOON, RECEIPT))
    store.commit((batch) => {
      batch.tellAnew(third!)
      batch.tellAnew(first!)
      batch.tellAnew(second!)
      batch.tellAnew(999)
    })
    assert.deepEqual(
      store.waiting(0, 10).map(({ saleKey }) => saleKey),
      ['key-4', 'key-1', 'key-2'],
    )
    assert.deepEqual(
      store.waitingIn('w/1/1', 10).map(({ saleKey }) => saleKey),
      ['key-4', 'key-1', 'key-2'],
    )
    assert.equal(store.totals().waiting, 3)
    // What is still said of its old number, such as a receipt, comes too late to count.
    store.commit((batch) => {
      batch.markAttempted([second!], true)
      batch.markTaken(second!, NOON, RECEIPT)
    })
    assert.ok(store.waiting(0, 10).every(({ attempted }) => !attempted))
    assert.equal(store.totals().waiting, 3)
    assert.equal(store.isReversed('key-1'), true)
    const again = await reopen()
    const last = again.commit((batch) => batch.addNotice(notice(3)))
    assert.deepEqual(
      again.waiting(0, 10).map(({ saleKey }) => saleKey),
      ['key-4', 'key-1', 'key-2', 'key-3'],
    )
    assert.equal(again.waiting(0, 10).at(-1)?.seq, last)
  })
  run('an attempt is marked, and unmarked where it certainly failed', async ({ store }) => {
    const seq = store.commit((batch) => batch.addNotice(notice(1)))!
    store.commit((batch) => batch.markAttempted([seq], true))
    assert.equal(store.waiting(0, 1)[0]?.attempted, true)
    store.commit((batch) => batch.markAttempted([seq], false))
    assert.equal(store.waiting(0, 1)[0]?.attempted, false)
  })
  run('our own reversal is none of the partner’s', async ({ store }) => {
    store.commit((batch) => {
      const given = { sale: saleOfStan(1, 1, 1_000), keepWon: won(0), decidedAt: NOON }
      batch.addNotice({ ...notice(1), notice: { kind: 'reverse', ...given, by: 'gateway' } })
    })
    assert.equal(store.isReversed('key-1'), false)
  })
}
