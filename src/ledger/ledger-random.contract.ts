/**
 * Random scripts of sets, run step by step on a fresh ledger in memory and on the ledger under
 * test: outcomes, lots and records must be equal, and no won may be made or lost. On the ledger in
 * memory it checks the script and the conservation only; its teeth are for the other
 * implementation.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  lotKinds,
  parseBusinessDate,
  unreachable,
  won,
  type Instant,
  type IssuerId,
  type MerchantId,
  type OperationId,
  type PartnerId,
  type PayoutId,
  type ProgramId,
  type WalletId,
  type Won,
} from '../base/base.ts'
import {
  ids,
  issueOf,
  keyed,
  ledgerTest,
  MONTH,
  newKey,
  sha256,
  sources,
  START_AT,
  type LedgerUnderTest,
  type OpenLedger,
} from './ledger-bench.contract.ts'
import {
  clearDue,
  compareMoved,
  moveDrawn,
  issuedLessPaidWon,
} from './ledger-random-movements.contract.ts'
import { settlementOf } from './ledger-movements-bench.contract.ts'
import { script, type Draw, type Method, type Step } from './ledger-random-draws.contract.ts'
import {
  createMemoryLedger,
  expiryRequest,
  SET_SIZE_MAX,
  type CardBooking,
  type Ledger,
  type Lot,
  type LotSources,
  type MemoryLedger,
  type MovementRequest,
  type Outcome,
  type PaymentRequest,
  type RecordedOperation,
} from './ledger.ts'

const RUNS = 50
/** Shrinking a failure on a database takes longer than a test file may: what was found by then is told. */
const TOLD_WITHIN_MS = 240_000
const OUTLET_ID = ids.next('out')
const BUSINESS_DATES = ['2031-01-01', '2031-01-02'].map((text) => parseBusinessDate(text)!)

export function randomScripts(open: OpenLedger): void {
  ledgerTest('random scripts come to the same as in the ledger in memory', open, async (bench) => {
    const property = fc.asyncProperty(script, (steps) => runScript(bench, steps))
    await fc.assert(property, {
      numRuns: RUNS,
      interruptAfterTimeLimit: TOLD_WITHIN_MS,
      markInterruptAsFailure: true,
    })
  })
}

/**
 * What a run made so far. Wallets and programs are fresh in each, so that no run sees another's
 * rows.
 */
interface Scene {
  at: Instant
  /** The last one is never opened. */
  wallets: WalletId[]
  programs: ProgramId[]
  merchants: MerchantId[]
  partners: PartnerId[]
  sent: Sent[]
  /** Keys of what the model posted. */
  posted: Set<OperationId>
  /** Keys of expiries. */
  expired: OperationId[]
  quotaWon: Won
  moved: MovementRequest[]
  gifts: MovementRequest[]
  payouts: PayoutId[]
}

/** A request as it was sent; `closePurchases` has no key of its own to repeat it by. */
type Sent = { [Name in Method]: { method: Name; request: RequestOf<Name> } }[Method]
type RequestOf<Name extends Method> = Parameters<Ledger[Name]>[1][number]

async function runScript(bench: LedgerUnderTest, steps: readonly Step[]): Promise<void> {
  const { ledger, issuerId } = bench
  const model = createMemoryLedger()
  const scene: Scene = {
    at: START_AT,
    wallets: [ids.next('wlt'), ids.next('wlt'), ids.next('wlt')],
    programs: [ids.next('prg'), ids.next('prg')],
    merchants: [ids.next('mrc'), ids.next('mrc')],
    partners: [ids.next('prt'), ids.next('prt')],
    sent: [],
    posted: new Set(),
    expired: [],
    quotaWon: won(300),
    moved: [],
    gifts: [],
    payouts: [],
  }
  const openings = scene.wallets.slice(0, 2).map((walletId) => {
    return { walletId, memberId: ids.next('mbr') }
  })
  for (const each of [model, ledger]) await each.openWallets(issuerId, openings, scene.at)
  const both = { model, ledger, issuerId }
  await fund(scene, both)
  await clearDue(both, scene.at)
  for (const { method, advanceMs, expires, moves, draws } of steps) {
    scene.at += advanceMs
    if (expires) await expireDue(scene, both)
    await moveDrawn(scene, both, { draws: moves, ...postedOf(scene) })
    const set = draws.map((drawn) => {
      const sent = sentBy(scene, method, drawn)
      scene.sent.push(sent)
      return sent
    })
    const call = { issuerId, method, at: scene.at }
    const expected = await send(model, call, set)
    expected.forEach((outcome, index) => {
      const key = keysOf(set.slice(index, index + 1))[0]
      if (outcome.status === 'posted' && key !== undefined) scene.posted.add(key)
      const sent = set[index]!
      if (outcome.status !== 'posted' || outcome.replayed || sent.method !== 'settleCards') return
      const { payout } = sent.request
      if (payout !== undefined) scene.payouts.push(payout.payoutId)
    })
    const actual = await send(ledger, call, set)
    assert.deepEqual(actual, expected, `${method} at +${scene.at - START_AT} ms`)
  }
  await compareBooks({ ...both, scene })
  await compareMoved(scene, both)
  await comparePayables({ model, bench, scene })
}

/** Payments and reservations that the model posted: movements can be about them. */
function postedOf({
  sent,
  posted,
}: Scene): Pick<Parameters<typeof moveDrawn>[2], 'paid' | 'bought'> {
  const isPosted = ({ operationId }: { operationId: OperationId }) => posted.has(operationId)
  return {
    paid: sent.flatMap((one) => (one.method === 'pay' ? [one.request] : [])).filter(isPosted),
    bought: sent
      .flatMap((one) => (one.method === 'reservePurchases' ? [one.request] : []))
      .filter(isPosted),
  }
}

/** Both open wallets begin with a lot of each program, so that payments have something to take. */
async function fund(
  scene: Scene,
  to: { model: Ledger; ledger: Ledger; issuerId: IssuerId },
): Promise<void> {
  const purses = scene.wallets.slice(0, 2).flatMap((walletId) =>
    scene.programs.map((programId) => {
      return { walletId, programId, lotId: ids.next('lot'), merchantId: scene.merchants[0]! }
    }),
  )
  const requests = purses.map((purse) => issueOf(purse, 150))
  for (const each of [to.model, to.ledger]) await each.issue(to.issuerId, requests, scene.at)
  scene.sent.push(...requests.map((request) => ({ method: 'issue' as const, request })))
}

/** Both find the same lots due and let them expire; other runs left lots of theirs. */
async function expireDue(
  scene: Scene,
  to: { model: Ledger; ledger: Ledger; issuerId: IssuerId },
): Promise<void> {
  const page = { until: scene.at, limit: 10_000 }
  const all = await to.ledger.dueLots(to.issuerId, page)
  const due = all.filter(({ walletId }) => scene.wallets.includes(walletId))
  assert.deepEqual(due, await to.model.dueLots(to.issuerId, page))
  const requests = due.map((lot) => expiryRequest(sha256, to.issuerId, lot))
  for (const set of [requests, requests.toReversed()]) {
    const expected = await to.model.expire(to.issuerId, set, scene.at)
    assert.deepEqual(await to.ledger.expire(to.issuerId, set, scene.at), expected)
  }
  scene.expired.push(...requests.map(({ operationId }) => operationId))
}

/** Sends a set; all its requests were drawn for one method. */
async function send(
  ledger: Ledger,
  call: { issuerId: IssuerId; method: Method; at: Instant },
  set: readonly Sent[],
): Promise<Outcome[]> {
  const requests = set.map((sent) => sent.request)
  // The eight methods differ in their requests only, and these were made for this method.
  const post = ledger[call.method].bind(ledger) as Post
  return post(call.issuerId, requests, call.at)
}
type Post = (issuerId: IssuerId, requests: readonly object[], at: Instant) => Promise<Outcome[]>

function sentBy(scene: Scene, method: Method, drawn: Draw): Sent {
  const same = scene.sent.filter((sent) => sent.method === method)
  if (drawn.mode === 'again' && same.length > 0) return same[drawn.pick % same.length]!
  const keys = keysOf(scene.sent)
  const stolen =
    drawn.mode === 'stolen_key' ? keys[drawn.pick % Math.max(1, keys.length)] : undefined
  return newRequest(scene, method, drawn, stolen ?? newKey())
}

function keysOf(sent: readonly Sent[]): OperationId[] {
  return sent.flatMap((one) => (one.method === 'closePurchases' ? [] : [one.request.operationId]))
}

/** Mostly a request that was posted by one of these methods, sometimes any, or one nobody knows. */
function targetOf(scene: Scene, targets: readonly Method[], drawn: Draw): OperationId {
  const keys = keysOf(scene.sent.filter(({ method }) => targets.includes(method)))
  const posted = keys.filter((key) => scene.posted.has(key))
  const any = drawn.pick % 6 === 0 || posted.length === 0
  const candidates = any ? [...keys, newKey()] : posted
  return candidates[drawn.pick % candidates.length]!
}

function newRequest(scene: Scene, method: Method, drawn: Draw, key: OperationId): Sent {
  const amountWon = won(drawn.amountWon)
  const extras = drawn.refusal && { refusal: drawn.refusal }
  const walletId = scene.wallets[drawn.wallet]!
  const programId = scene.programs[drawn.program]!
  const merchantId = scene.merchants[drawn.merchant]!
  const expiresAt = scene.at + drawn.expiresAfterMs
  switch (method) {
    case 'issue': {
      const lot = { walletId, lotId: ids.next('lot'), programId, kind: lotKinds[drawn.kind]! }
      const granted = {
        expiresAt,
        sources: drawnSources({ ...drawn, amountWon: drawn.amountWon * 3 }),
      }
      const content = { ...lot, ...granted, ...extras }
      return { method, request: keyed(method, content, key) }
    }
    case 'pay':
    case 'hold': {
      const tenders = drawn.tenders.map((number) => ({
        programId: scene.programs[number % 2]!,
        kind: lotKinds[Math.floor(number / 2)]!,
      }))
      const way = wayOfPaying(scene, method, drawn)
      const paid = { walletId, merchantId, outletId: OUTLET_ID, tenders }
      // More than the wallet may have, where that is no decline.
      const asked = won(way.coverage === 'advice' ? drawn.amountWon * 4 : drawn.amountWon)
      const content = { ...paid, ...way, amountWon: asked, ...extras }
      return { method, request: keyed(method, content, key) }
    }
    case 'closeHolds': {
      const holdId = targetOf(scene, ['hold', 'hold', 'issue'], drawn)
      const asked = { holdId, amountWon: drawn.whole ? won(0) : amountWon }
      const content = { ...asked, ...cardOf(scene, drawn), ...extras }
      return { method, request: keyed(method, content, key) }
    }
    case 'cancel': {
      const paymentId = targetOf(scene, ['pay', 'closeHolds'], drawn)
      const part = !drawn.whole && { amountWon: won(Math.floor(drawn.amountWon / 2)) }
      const content = { paymentId, merchantId, ...part, ...cardOf(scene, drawn), ...extras }
      return { method, request: keyed(method, content, key) }
    }
    case 'settleCards': {
      const card = cardOf(scene, { ...drawn, card: drawn.card ?? 0 }).card!
      return { method, request: settlementOf({ card, amountWon, ...extras }, key) }
    }
    case 'reservePurchases': {
      const content = {
        walletId,
        programId,
        lotId: ids.next('lot'),
        faceWon: amountWon,
        sources: drawnSources(drawn),
        expiresAt,
        month: MONTH,
        quotaWon: scene.quotaWon,
        purchaseCapWon: won(200),
        holdingCapWon: won(400),
        holdingCaps: drawn.whole ? [{ programIds: scene.programs, capWon: won(500) }] : [],
        accountToken: 'token',
        ...extras,
      }
      return { method, request: keyed(method, content, key) }
    }
    case 'closePurchases': {
      const purchaseId = targetOf(scene, ['reservePurchases'], drawn)
      return { method, request: { purchaseId, closureId: newKey(), debited: drawn.whole } }
    }
    default:
      return unreachable(method)
  }
}

function cardOf(scene: Scene, { card, date }: Pick<Draw, 'card' | 'date'>): { card?: CardBooking } {
  if (card === undefined) return {}
  return { card: { partnerId: scene.partners[card]!, businessDate: BUSINESS_DATES[date]! } }
}

/** By a card, which may be paid in part or told afterwards, or by a code. */
function wayOfPaying(
  scene: Scene,
  method: 'pay' | 'hold',
  drawn: Draw,
): Pick<PaymentRequest, 'channel' | 'codeStep' | 'coverage' | 'card'> {
  const { codeStep, coverage } = drawn
  const { card } = cardOf(scene, drawn)
  if (card === undefined) return { channel: 'cpm', ...(codeStep !== undefined && { codeStep }) }
  const fits = method === 'pay' || coverage !== 'advice'
  return { channel: 'card', card, ...(fits && { coverage }) }
}

/** All paid by the citizen, or a tenth from each funder that can be split off. */
function drawnSources(drawn: Draw): LotSources {
  if (drawn.whole) return sources(drawn.amountWon)
  const tenthWon = won(drawn.amountWon / 10)
  const funded = { nationalWon: tenthWon, provinceWon: won(0), cityWon: tenthWon }
  return { payWon: won(drawn.amountWon - 2 * tenthWon), ...funded }
}

async function compareBooks(run: {
  model: Ledger
  ledger: Ledger
  issuerId: IssuerId
  scene: Scene
}): Promise<void> {
  const { model, ledger, issuerId, scene } = run
  const closures = scene.sent.flatMap((sent) =>
    sent.method === 'closePurchases' ? [sent.request.closureId] : [],
  )
  const reservations = scene.sent.filter(({ method }) => method === 'reservePurchases')
  let leftWon = 0
  for (const walletId of scene.wallets) {
    const lots = await ledger.lots(issuerId, walletId)
    assert.deepEqual(byLotId(lots), byLotId(await model.lots(issuerId, walletId)))
    for (const lot of lots) leftWon += lot.remainingWon + lot.heldWon
  }
  const moved = scene.moved.map(({ operationId }) => operationId)
  const keys = [...new Set([...keysOf(scene.sent), ...closures, ...scene.expired, ...moved])]
  const found: (RecordedOperation | undefined)[] = []
  for (let start = 0; start < keys.length; start += SET_SIZE_MAX) {
    const some = keys.slice(start, start + SET_SIZE_MAX)
    const records = await ledger.find(issuerId, some)
    assert.deepEqual(records, await model.find(issuerId, some))
    found.push(...records)
  }
  for (const purchaseId of keysOf(reservations)) {
    const purchase = await ledger.purchase(issuerId, purchaseId)
    assert.deepEqual(purchase, await model.purchase(issuerId, purchaseId))
  }
  assert.equal(
    leftWon,
    issuedLessPaidWon(found),
    'what was issued is left in lots, was paid or moved, or expired',
  )
}

/** What merchants and card companies are owed, and which holds are open. */
async function comparePayables(run: {
  model: MemoryLedger
  bench: LedgerUnderTest
  scene: Scene
}): Promise<void> {
  const { model, scene } = run
  const { reading, issuerId } = run.bench
  for (const merchantId of scene.merchants) {
    const payableWon = await reading.merchantPayable(issuerId, merchantId)
    assert.equal(payableWon, await model.merchantPayable(issuerId, merchantId))
  }
  for (const partnerId of scene.partners) {
    const clearingWon = await reading.cardClearing(issuerId, partnerId)
    assert.equal(clearingWon, await model.cardClearing(issuerId, partnerId))
    for (const businessDate of BUSINESS_DATES) {
      const card = { partnerId, businessDate }
      const operations = await reading.cardOperations(issuerId, card, { limit: 100 })
      assert.deepEqual(operations, await model.cardOperations(issuerId, card, { limit: 100 }))
    }
  }
  // Other runs left holds of theirs open.
  const open = await reading.openCardHolds(issuerId, scene.at + 1, 10_000)
  const own = open.filter(({ walletId }) => scene.wallets.some((one) => one === walletId))
  assert.deepEqual(own, await model.openCardHolds(issuerId, scene.at + 1, 10_000))
}

function byLotId(lots: readonly Lot[]): Lot[] {
  return lots.toSorted((a, b) => a.lotId - b.lotId)
}
