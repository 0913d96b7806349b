/** What every store of a gateway does with what the core tells, and how it keeps itself small. */
import assert from 'node:assert/strict'
import { businessDate, id, won } from '../base/base.ts'
import type { FedRecord } from '../cards/cards.ts'
import { HANBIT, NOON, TOWN } from './fixtures/small-town.ts'
import {
  answered,
  link,
  notice,
  OTHER,
  RECEIPT,
  record,
  sale,
  wallet,
  type Run,
} from './store-bench.contract.ts'

export function feedRows(run: Run): void {
  run('of records the newest counts, of terms every version', async ({ store }) => {
    const terms = (version: number): FedRecord => ({ ...record(1, version, 't'), kind: 'terms' })
    const told = store.commit((batch) => [
      batch.putRecord(record(1, 2, '둘'), 1),
      batch.putRecord(record(1, 1, '하나'), 1),
      batch.putRecord(record(1, 2, '둘 다시'), 1),
      batch.putRecord(terms(2), 1),
      batch.putRecord(terms(1), 1),
    ])
    assert.deepEqual(told, [true, false, true, true, true])
    assert.deepEqual([...store.records()], [record(1, 2, '둘 다시'), terms(1), terms(2)])
  })
  run('a card has a link with each issuer, as its newest version says', async ({ store }) => {
    const other = link(2, { issuerId: OTHER, onUnknown: 'provisional_debit' })
    store.commit((batch) => {
      batch.putCard(other, 1, 1)
      batch.putCard(link(1, { spending: 'card_first', active: false }), 2, 1)
      batch.putCard(link(1), 1, 1)
    })
    const newest = link(1, { spending: 'card_first', active: false })
    assert.deepEqual(store.cards(HANBIT, 'CARD00000001'), [newest, other])
    assert.deepEqual(store.cards(id('prt', 2), 'CARD00000001'), [])
    assert.equal(store.totals().cards, 2)
  })
  run('a wallet is as it was told last, with every lot', async ({ store }) => {
    const lots = [
      ...wallet(1, 0).lots,
      {
        programId: id('prg', 9_007_199_254_740_991),
        kind: 'gift' as const,
        expiresAt: 0,
        remainingWon: won(1_000_000_000_000),
      },
    ]
    store.commit((batch) => batch.putWallet(wallet(1, 7), 1))
    store.commit((batch) => batch.putWallet({ ...wallet(1, 0), lots }, 1))
    const ref = { issuerId: TOWN, walletId: id('wlt', 1) }
    assert.deepEqual(store.wallet(ref), { ...ref, lots })
    store.commit((batch) => batch.putWallet({ ...ref, lots: [] }, 1))
    assert.deepEqual(store.wallet(ref), { ...ref, lots: [] })
    assert.equal(store.wallet({ issuerId: OTHER, walletId: id('wlt', 1) }), undefined)
  })
  run('the bound is what wallets hold, up to their issuer’s limit', async ({ store }) => {
    store.commit((batch) => {
      batch.putWallet(wallet(1, 1_000), 1)
      batch.putWallet(wallet(2, 300), 1)
      batch.putWallet(wallet(3, 5_000, OTHER), 1)
      batch.setCumulativeMax(TOWN, won(500))
      batch.setCumulativeMax(OTHER, won(100))
    })
    assert.equal(store.totals().boundWon, 900)
    store.commit((batch) => batch.putWallet(wallet(1, 200), 1))
    assert.equal(store.totals().boundWon, 600)
    store.commit((batch) => batch.setCumulativeMax(TOWN, won(250)))
    assert.equal(store.totals().boundWon, 550)
    // The lots may lack 40 of it already, which were at stake before.
    store.commit((batch) => batch.putSale(sale(1, { approvedWon: won(90), seenMaxWon: won(40) })))
    assert.equal(store.totals().boundWon, 590)
    store.commit((batch) => batch.putSale(sale(1, { outstanding: false })))
    assert.equal(store.totals().boundWon, 550)
  })
  run(
    'orders stand for partner and issuer, the last one for each, until taken back',
    async ({ store }) => {
      const order = { by: 'opr_1', at: NOON, reason: '점검' }
      store.commit((batch) => {
        batch.putOrder({ ...order, mode: 'forced' })
        batch.putOrder({ ...order, partnerId: HANBIT, mode: 'forced' })
        batch.putOrder({ ...order, partnerId: HANBIT, issuerId: TOWN, mode: 'forced' })
        batch.putOrder({ ...order, partnerId: HANBIT, mode: 'forbidden' })
        batch.putOrder({ ...order, issuerId: TOWN, mode: 'forced' })
      })
      store.commit((batch) => {
        batch.putOrder({ ...order, issuerId: TOWN, mode: 'automatic' })
        batch.putOrder({ ...order, issuerId: OTHER, mode: 'automatic' })
      })
      assert.deepEqual(
        store
          .orders()
          .map(({ partnerId, issuerId, mode }) => `${partnerId ?? 0}/${issuerId ?? 0} ${mode}`)
          .toSorted(),
        ['0/0 forced', `${HANBIT}/0 forbidden`, `${HANBIT}/${TOWN} forced`],
      )
    },
  )
}

export function synchronisations(run: Run): void {
  run('what an issuer’s fresh telling passed over counts no more', async ({ store }) => {
    store.commit((batch) => {
      for (const number of [1, 2]) batch.putWallet(wallet(number, 10), 1)
      batch.putCard(link(1), 5, 1)
      batch.putCard(link(2, { cardToken: 'CARD00000002' }), 1, 1)
      batch.putRecord(record(1, 5, '옛것'), 1)
      batch.putRecord(record(2, 1, '옛것'), 1)
      batch.putWallet(wallet(3, 10, OTHER), 1)
      batch.setCumulativeMax(TOWN, won(100))
    })
    store.commit((batch) => {
      // A restored core may have older versions.
      batch.putWallet(wallet(1, 20), 2)
      batch.putCard(link(1, { spending: 'card_first' }), 4, 2)
      assert.equal(batch.putRecord(record(1, 4, '새것'), 2), true)
    })
    // Until the end of the synchronisation nobody is without a balance.
    const second = { issuerId: TOWN, walletId: id('wlt', 2) }
    assert.notEqual(store.wallet(second), undefined)
    store.commit((batch) => batch.startAfresh(TOWN, 2))
    assert.equal(store.wallet(second), undefined)
    assert.deepEqual(store.wallet({ issuerId: TOWN, walletId: id('wlt', 1) }), wallet(1, 20))
    assert.deepEqual(store.cards(HANBIT, 'CARD00000002'), [])
    assert.equal(store.cards(HANBIT, 'CARD00000001')[0]?.spending, 'card_first')
    assert.deepEqual([...store.records()], [record(1, 4, '새것')])
    assert.deepEqual(
      store.wallet({ issuerId: OTHER, walletId: id('wlt', 3) }),
      wallet(3, 10, OTHER),
    )
    for (let turn = 0; turn < 6; turn += 1) {
      const bounds = { before: 0, today: businessDate(NOON), rowsMax: 10 }
      store.commit((batch) => batch.prune(bounds))
    }
    const { cards, wallets, boundWon } = store.totals()
    assert.deepEqual({ cards, wallets, boundWon }, { cards: 1, wallets: 2, boundWon: 20 })
  })
  run('a wallet is in doubt until the second seal after it was told', async ({ store }) => {
    const ref = { issuerId: TOWN, walletId: id('wlt', 1) }
    const seal = (segment: number) =>
      store.commit((batch) =>
        batch.putPosition({ issuerId: TOWN, segment, hash: `h${segment}`, notBefore: NOON }),
      )
    seal(4)
    store.commit((batch) => batch.doubt(ref))
    seal(5)
    assert.deepEqual(store.doubtful(10), [ref])
    assert.deepEqual(store.doubtful(0), [])
    seal(6)
    assert.deepEqual(store.doubtful(10), [])
  })
  run(
    'positions are kept newest first, and one that went back takes the later ones with it',
    async ({ store }) => {
      const seal = (segment: number, hash: string) =>
        store.commit((batch) =>
          batch.putPosition({ issuerId: TOWN, segment, hash, notBefore: NOON + segment }),
        )
      for (const segment of [1, 2, 3, 4]) seal(segment, `h${segment}`)
      seal(3, 'other')
      assert.deepEqual(
        store.positionsOf(TOWN).map(({ segment, hash }) => [segment, hash]),
        [
          [3, 'other'],
          [2, 'h2'],
          [1, 'h1'],
        ],
      )
      assert.deepEqual(
        store.positions().map(({ issuerId, segment }) => [issuerId, segment]),
        [[TOWN, 3]],
      )
    },
  )
  run('an issuer told afresh is known by a position two seals later only', async ({ store }) => {
    const seal = (segment: number) =>
      store.commit((batch) =>
        batch.putPosition({ issuerId: TOWN, segment, hash: `h${segment}`, notBefore: NOON }),
      )
    seal(7)
    store.commit((batch) => batch.startAfresh(TOWN, 1))
    assert.deepEqual(store.positions(), [])
    seal(8)
    assert.deepEqual(store.positions(), [])
    seal(9)
    assert.equal(store.positions()[0]?.segment, 9)
  })
}

export function upkeep(run: Run): void {
  const tomorrow = businessDate(NOON + 86_400_000)
  run('nothing goes that somebody still needs', async ({ store }) => {
    store.commit((batch) => {
      batch.putAnswer(answered(1))
      batch.putAnswer(answered(2))
      batch.addNotice(notice(1))
      batch.addNotice(notice(9))
      batch.putSale(sale(1))
      batch.putSale(sale(2, { outstanding: false, settledAt: NOON }))
      const shown = { outstanding: false, seenMinWon: won(1_000), seenMaxWon: won(1_000) }
      batch.putSale(sale(3, shown))
      batch.putSale(sale(4, { decidedBy: 'peer' }))
      batch.markTaken(batch.notice('reverse/key-9')!.seq, NOON, RECEIPT)
    })
    const today = businessDate(NOON)
    const kept = { before: NOON, today, rowsMax: 100 }
    assert.equal(
      store.commit((batch) => batch.prune(kept)),
      0,
    )
    store.commit((batch) => batch.prune({ before: NOON + 1_000, today: tomorrow, rowsMax: 100 }))
    store.commit((batch) => batch.prune({ before: NOON + 1_000, today: tomorrow, rowsMax: 100 }))
    // The notice about its sale has not been taken.
    assert.notEqual(store.answered('key-1'), undefined)
    assert.equal(store.answered('key-2'), undefined)
    assert.equal(store.notice('reverse/key-9'), undefined)
    assert.notEqual(store.notice('reverse/key-1'), undefined)
    const left = [1, 2, 3, 4].filter((stan) => store.sale(`key-${stan}`) !== undefined)
    assert.deepEqual(left, [1, 2])
    // The number of a removed notice is not given again while others are above or below it.
    const again = store.commit((batch) => batch.addNotice(notice(10)))
    assert.ok(again! > store.notice('reverse/key-1')!.seq)
  })
  run('one step of upkeep is bounded', async ({ store }) => {
    store.commit((batch) => {
      for (let stan = 1; stan <= 9; stan += 1) batch.putAnswer(answered(stan))
    })
    const bounds = { before: NOON + 1_000, today: tomorrow, rowsMax: 4 }
    assert.equal(
      store.commit((batch) => batch.prune(bounds)),
      4,
    )
    const left = store.approvedByCoreSince(0, { limit: 100 })
    assert.equal(left.length, 5)
  })
}
