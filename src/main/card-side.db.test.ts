/** The card side of a core as it is wired: a gateway's messages to PostgreSQL, and back through the feed. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Writable } from 'node:stream'
import { openTestDatabase } from '../../test/database.ts'
import { formatMerchantNumber } from '../acquiring/acquiring.ts'
import { OPERATOR, businessDate, createIdSource, id, operationId, won } from '../base/base.ts'
import {
  readAnswerTo,
  readReceipts,
  readSyncItem,
  readTailPage,
  type CardRequest,
  type CardSale,
  type SyncItem,
} from '../cards/cards.ts'
import {
  createDemonstration,
  DEMONSTRATION_SEED,
  demonstrationCards,
} from '../demonstration/demonstration.ts'
import { createBatchingLedger, batchingDefaults } from '../ledger/ledger.ts'
import { createLog, createMetrics } from '../observe/observe.ts'
import {
  createPostgresLedger,
  createPostgresRegistry,
  createRecordFollower,
  openPool,
} from '../postgres/postgres.ts'
import { createRecordDirectory, directoryKinds } from '../registration/registration.ts'
import { waitUntil } from './bounded-wait.ts'
import { openCardSide, openEdge } from './card-side.ts'
import { freePort } from './free-port.ts'
import { seedCardCrowd, seedCards } from './seed-cards.ts'
import { recordsOf } from './seed.ts'

const GUNSAN = id('iss', 1)
const DAY = businessDate(Date.now())
const TOKEN = 'gateway-token-of-the-tests-0123456789'
const clock = () => Date.now()
const database = await openTestDatabase()
const closing: (() => Promise<unknown>)[] = []
after(async () => {
  for (const close of closing.toReversed()) await close()
  await database.close()
})

const demonstration = createDemonstration(DEMONSTRATION_SEED)
const pools = {
  cards: openPool({ url: database.appUrl, name: 'cards', connectionsMax: 4 }),
  feeding: openPool({ url: database.appUrl, name: 'feeding', connectionsMax: 3 }),
}
closing.push(() => Promise.all(Object.values(pools).map((pool) => pool.close())))
const registry = createPostgresRegistry(pools.cards)
const postgresLedger = createPostgresLedger({
  paying: pools.cards,
  buying: pools.cards,
  reading: pools.cards,
})
const [haneulHanbit] = demonstrationCards(demonstration)
const haneul = haneulHanbit!.links[0]!

/** One city of the demonstration, with ₩50,000 for 김하늘. */
async function settle(): Promise<void> {
  await registry.openIssuer(OPERATOR)
  await registry.openIssuer(GUNSAN)
  const appended = await registry.append(
    GUNSAN,
    'system',
    recordsOf(demonstration, GUNSAN),
    clock(),
  )
  assert.equal(appended.status, 'appended')
  const deps = { registry, ledger: postgresLedger, clock }
  await seedCards(deps, demonstration)
  await seedCards(deps, demonstration)
  const walletId = id('wlt', haneul.memberId)
  await postgresLedger.openWallets(GUNSAN, [{ walletId, memberId: haneul.memberId }], clock())
  await postgresLedger.issue(
    GUNSAN,
    [
      {
        operationId: operationId('00000000-0000-4000-8000-000000000001'),
        requestHash: new Uint8Array(32),
        walletId,
        lotId: id('lot', 77),
        programId: id('prg', 1),
        kind: 'gift',
        expiresAt: Date.UTC(2040, 0, 1),
        sources: { payWon: won(50_000), nationalWon: won(0), provinceWon: won(0), cityWon: won(0) },
      },
    ],
    clock(),
  )
}
await settle()

/** A core's card side over the database; each has its own directory, cache and feed. */
async function openCore(node: number) {
  const directory = createRecordDirectory()
  const follower = createRecordFollower({
    registry,
    kinds: directoryKinds,
    apply: (issuerId, version) => directory.apply(issuerId, version),
  })
  await follower.refresh()
  const batching = { ...batchingDefaults, clock }
  const log = createLog({
    level: 'warn',
    pseudonymKey: 'test',
    destination: new Writable({ write: (_chunk, _encoding, done) => done() }),
  })
  const edgePort = await freePort()
  const deps = {
    config: {
      port: 1,
      dataDirectory: '.',
      databaseUrl: database.appUrl,
      bankUrl: 'http://127.0.0.1:1',
      logLevel: 'warn',
      limits: 'usual' as const,
      holidays: [],
      edgePort,
      // Nobody is there: what needs the company is refused.
      demonstration: {},
      companyUrls: { hanbit: 'http://127.0.0.1:1' },
    },
    log,
    clock,
    ids: createIdSource({ node, clock }),
    directory,
    ledger: createBatchingLedger(postgresLedger, { paying: batching, buying: batching }),
    pools,
    onReplaced: () => assert.fail('the database is the same all along'),
  }
  const cards = await openCardSide(deps, closing)
  const bugs: unknown[] = []
  const onBug = (error: unknown): void => void bugs.push(error)
  await openEdge({ ...deps, cards, token: TOKEN, metrics: createMetrics(), onBug }, closing)
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`http://127.0.0.1:${edgePort}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: answer.status, text: await answer.text() }
  }
  const decide = async (request: CardRequest) => {
    const { status, text } = await ask('POST', '/edge/decide', { request })
    assert.equal(status, 200, text)
    const read = readAnswerTo(request, JSON.parse(text))
    assert.ok(read.ok, JSON.stringify(read))
    return read.value
  }
  return { cards, directory, ask, decide, bugs }
}

const core = await openCore(1)
const shop = demonstration.merchants[0]!
const merchantNumber = formatMerchantNumber({
  businessNumber: shop.businessNumber,
  outletNumber: 0,
})!
let stan = 0
const saleOf = (amountWon: number, cardToken = haneulHanbit!.cardToken): CardSale => ({
  key: {
    partnerId: haneulHanbit!.partnerId,
    acquirer: '000001',
    terminal: 'T0000001',
    stan: String((stan += 1)).padStart(6, '0'),
    localDate: DAY,
    cardClass: 'financial',
  },
  cardToken,
  merchantNumber,
  amountWon: won(amountWon),
  at: clock(),
  partialAllowed: false,
})

async function synchronise(ask: typeof core.ask): Promise<SyncItem[]> {
  const { status, text } = await ask('POST', '/edge/synchronise', { known: [], doubtful: [] })
  assert.equal(status, 200, text)
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const item = readSyncItem(JSON.parse(line))
      assert.ok(item.ok, JSON.stringify(item))
      return item.value
    })
}

test('a card sale is paid by voucher once, however often it is asked', async () => {
  const request: CardRequest = { kind: 'pay', sale: saleOf(12_000) }
  const first = await core.decide(request)
  assert.deepEqual(
    [first.verdict, first.voucherWon, first.source, first.decidedBy],
    ['approved', 12_000, 'voucher', 'core'],
  )
  assert.match(first.approvalCode ?? '', /^\d{6}$/)
  const again = await core.decide(request)
  assert.deepEqual([again.verdict, again.approvalCode], ['approved', first.approvalCode])
  const lots = await postgresLedger.lots(GUNSAN, id('wlt', haneul.memberId))
  assert.deepEqual(
    lots.map((lot) => lot.remainingWon),
    [38_000],
  )
  const unknown = await core.decide({ kind: 'pay', sale: saleOf(1_000, 'HAN9999999999999') })
  assert.deepEqual([unknown.verdict, unknown.reason], ['not_applicable', 'card_not_linked'])
})

test('a notice is taken, and taken again as known', async () => {
  const sale = saleOf(3_000)
  assert.equal((await core.decide({ kind: 'pay', sale })).verdict, 'approved')
  const notice = { kind: 'reverse', sale, keepWon: 0, decidedAt: clock() }
  for (const effect of ['posted', 'already']) {
    const { text } = await core.ask('POST', '/edge/notices', { notices: [notice] })
    const receipts = readReceipts(Reflect.get(JSON.parse(text), 'receipts'), 1)
    assert.ok(receipts.ok, text)
    const [receipt] = receipts.value
    assert.equal(receipt?.status === 'taken' && receipt.effect, effect, text)
  }
})

test('a gateway is brought up to date, and hears of a sale soon after', async () => {
  const items = await synchronise(core.ask)
  const begin = items[0]
  assert.ok(begin?.item === 'begin' && items.at(-1)?.item === 'end')
  const records = items.flatMap((item) => (item.item === 'records' ? item.records : []))
  for (const kind of ['issuer', 'program', 'terms', 'merchant', 'outlet', 'partner', 'card_link']) {
    assert.ok(
      records.some((record) => record.kind === kind),
      kind,
    )
  }
  const wallets = items.flatMap((item) => (item.item === 'wallets' ? item.wallets : []))
  assert.ok(wallets.some(({ walletId }) => Number(walletId) === Number(haneul.memberId)))
  assert.equal((await core.decide({ kind: 'pay', sale: saleOf(1_000) })).verdict, 'approved')
  let { next } = begin
  const told: number[] = []
  const isTold = async () => {
    const path = `/edge/tail?life=${begin.coreLife}&next=${next}&waitMs=500`
    const { status, text } = await core.ask('GET', path)
    assert.equal(status, 200, text)
    const page = readTailPage(JSON.parse(text))
    assert.ok(page.ok, text)
    next = page.value.next
    for (const wallet of page.value.wallets) {
      if (Number(wallet.walletId) !== Number(haneul.memberId)) continue
      told.push(wallet.lots.reduce((sum, lot) => sum + lot.remainingWon, 0))
    }
    return told.at(-1) === 37_000
  }
  await waitUntil(isTold, { timeoutMs: 10_000, pollMs: 1 })
  assert.equal(told.at(-1), 37_000)
})

test('a change of a linked card counts here at once and on another core within seconds', async () => {
  const other = await openCore(2)
  const sale = () => ({ kind: 'pay', sale: saleOf(100) }) as const
  // Both remember the card.
  for (const each of [core, other]) assert.equal((await each.decide(sale())).verdict, 'approved')
  const { linkId, memberId } = haneul
  const away = core.cards.cardLinks.unlinkCard({ issuerId: GUNSAN, memberId, linkId })
  await assert.rejects(away, { code: 'card_company_unavailable' })
  assert.equal((await core.decide(sale())).verdict, 'approved')
  // What the use case would record, past the company that is not there.
  const [stored] = await registry.read(GUNSAN, 'card_link', [linkId])
  const body = { ...(stored!.body as object), spending: 'card_first' } // The seed's own record.
  const version = stored!.version + 1
  const record = { kind: 'card_link', recordId: linkId, version, body } as const
  assert.equal((await registry.append(GUNSAN, 'system', [record], clock())).status, 'appended')
  for (const each of [core, other]) {
    const isChanged = async () => (await each.decide(sale())).reason === 'cardholder_chose_card'
    await waitUntil(isChanged, { timeoutMs: 10_000, pollMs: 50 })
    assert.equal((await each.decide(sale())).verdict, 'not_applicable')
  }
  assert.deepEqual([...core.bugs, ...other.bugs], [])
})

test('a crowd with cards is seeded once, in whatever size it comes', async () => {
  const deps = { registry, ledger: postgresLedger, clock }
  const gunsanOnly = { ...demonstration, issuers: demonstration.issuers.slice(0, 1) }
  await seedCardCrowd(deps, gunsanOnly, 3)
  await seedCardCrowd(deps, gunsanOnly, 5)
  const items = await synchronise(core.ask)
  const wallets = items
    .flatMap((item) => (item.item === 'wallets' ? item.wallets : []))
    .filter(({ walletId }) => walletId > 1_000_000)
  assert.deepEqual(
    wallets.map(({ lots }) => lots.map((lot) => lot.remainingWon)),
    Array.from({ length: 5 }, () => [1_000_000]),
  )
})
