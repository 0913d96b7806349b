/**
 * Random scripts of sets, run step by step on a fresh ledger in memory and on the ledger under
 * test: outcomes, lots and records must be equal, and no won may be made or lost. On the ledger in
 * memory it checks the script and the conservation only; its teeth are for the other
 * implementation.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  lotKinds,
  unreachable,
  won,
  type Instant,
  type IssuerId,
  type MerchantId,
  type OperationId,
  type ProgramId,
  type WalletId,
  type Won,
} from '../base/base.ts'
import {
  ids,
  keyed,
  MONTH,
  newKey,
  sources,
  START_AT,
  type LedgerUnderTest,
  type OpenLedger,
} from './ledger-bench.contract.ts'
import {
  createMemoryLedger,
  SET_SIZE_MAX,
  type Ledger,
  type Lot,
  type LotSources,
  type OperationKind,
  type Outcome,
  type RecordedOperation,
} from './ledger.ts'

const methods = [
  ...(['issue', 'pay', 'hold', 'closeHolds', 'cancel', 'reservePurchases'] as const),
  'closePurchases',
] as const
type Method = (typeof methods)[number]

/** One request as drawn: small numbers that each method reads in its own way. */
const draw = fc.record({
  /** Whether the request is new, an earlier one again, or a new one under a key already used. */
  mode: fc.oneof(
    { weight: 8, arbitrary: fc.constant('new' as const) },
    { weight: 1, arbitrary: fc.constant('again' as const) },
    { weight: 1, arbitrary: fc.constant('stolen_key' as const) },
  ),
  pick: fc.nat({ max: 30 }),
  wallet: fc.nat({ max: 2 }),
  program: fc.nat({ max: 1 }),
  kind: fc.nat({ max: 1 }),
  merchant: fc.nat({ max: 1 }),
  amountWon: fc.integer({ min: 1, max: 12 }).map((tens) => tens * 10),
  tenders: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 1 }),
  expiresAfterMs: fc.integer({ min: 0, max: 60 }),
  codeStep: fc.option(fc.nat({ max: 4 }), { freq: 3, nil: undefined }),
  refusal: fc.option(fc.constant('own_shop' as const), { freq: 15, nil: undefined }),
  whole: fc.boolean(),
})
type Draw = typeof draw extends fc.Arbitrary<infer Value> ? Value : never

const step = fc.record({
  method: fc.constantFrom(...methods, 'issue', 'pay', 'pay'),
  advanceMs: fc.integer({ min: 0, max: 5 }),
  draws: fc.array(draw, { minLength: 1, maxLength: 6 }),
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const script = fc.array(step, { minLength: 3, maxLength: 20, size: 'max' })
const RUNS = 40
const OUTLET_ID = ids.next('out')

export function randomScripts(open: OpenLedger): void {
  test('random scripts come to the same as in the ledger in memory', async () => {
    const bench = await open()
    try {
      const property = fc.asyncProperty(script, (steps) => runScript(bench, steps))
      await fc.assert(property, { numRuns: RUNS })
    } finally {
      await bench.close()
    }
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
  sent: Sent[]
  quotaWon: Won
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
    sent: [],
    quotaWon: won(400),
  }
  const openings = scene.wallets.slice(0, 2).map((walletId) => {
    return { walletId, memberId: ids.next('mbr') }
  })
  for (const each of [model, ledger]) await each.openWallets(issuerId, openings, scene.at)
  for (const { method, advanceMs, draws } of steps) {
    scene.at += advanceMs
    const set = draws.map((drawn) => {
      const sent = sentBy(scene, method, drawn)
      scene.sent.push(sent)
      return sent
    })
    const expected = await call(model, issuerId, scene.at, set)
    const actual = await call(ledger, issuerId, scene.at, set)
    assert.deepEqual(actual, expected, `${method} at +${scene.at - START_AT} ms`)
  }
  await compareBooks({ model, ledger, issuerId, scene })
}

async function call(
  ledger: Ledger,
  issuerId: IssuerId,
  at: Instant,
  set: readonly Sent[],
): Promise<Outcome[]> {
  const of = <Name extends Method>(name: Name): RequestOf<Name>[] =>
    set.flatMap((sent) => (sent.method === name ? [sent.request as RequestOf<Name>] : [])) // By name.
  switch (set[0]?.method) {
    case 'issue':
      return ledger.issue(issuerId, of('issue'), at)
    case 'pay':
      return ledger.pay(issuerId, of('pay'), at)
    case 'hold':
      return ledger.hold(issuerId, of('hold'), at)
    case 'closeHolds':
      return ledger.closeHolds(issuerId, of('closeHolds'), at)
    case 'cancel':
      return ledger.cancel(issuerId, of('cancel'), at)
    case 'reservePurchases':
      return ledger.reservePurchases(issuerId, of('reservePurchases'), at)
    case 'closePurchases':
      return ledger.closePurchases(issuerId, of('closePurchases'), at)
    case undefined:
      return []
  }
}

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

/** Keys of earlier requests of these methods, and one that nobody knows. */
function targetOf(scene: Scene, targets: readonly Method[], drawn: Draw): OperationId {
  const keys = [...keysOf(scene.sent.filter(({ method }) => targets.includes(method))), newKey()]
  return keys[drawn.pick % keys.length]!
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
      const content = { ...lot, expiresAt, sources: drawnSources(drawn), ...extras }
      return { method, request: keyed(method, content, key) }
    }
    case 'pay':
    case 'hold': {
      const tenders = drawn.tenders.map((number) => ({
        programId: scene.programs[number % 2]!,
        kind: lotKinds[Math.floor(number / 2)]!,
      }))
      const { codeStep } = drawn
      const paid = { channel: 'cpm', walletId, merchantId, outletId: OUTLET_ID } as const
      const code = codeStep !== undefined && { codeStep }
      const content = { ...paid, amountWon, tenders, ...code, ...extras }
      return { method, request: keyed(method, content, key) }
    }
    case 'closeHolds': {
      const holdId = targetOf(scene, ['hold', 'hold', 'issue'], drawn)
      const content = { holdId, amountWon: drawn.whole ? won(0) : amountWon, ...extras }
      return { method, request: keyed(method, content, key) }
    }
    case 'cancel': {
      const paymentId = targetOf(scene, ['pay', 'closeHolds'], drawn)
      const part = !drawn.whole && { amountWon: won(Math.floor(drawn.amountWon / 2)) }
      return { method, request: keyed(method, { paymentId, merchantId, ...part, ...extras }, key) }
    }
    case 'reservePurchases': {
      const content = {
        ...{ walletId, programId, lotId: ids.next('lot'), faceWon: amountWon },
        ...{ sources: drawnSources(drawn), expiresAt, month: MONTH, quotaWon: scene.quotaWon },
        ...{ purchaseCapWon: won(250), holdingCapWon: won(300), accountToken: 'token' },
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
  const keys = [...new Set([...keysOf(scene.sent), ...closures])]
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
  assert.equal(leftWon, issuedLessPaidWon(found), 'what was issued is left in lots, or was paid')
}

function byLotId(lots: readonly Lot[]): Lot[] {
  return lots.toSorted((a, b) => a.lotId - b.lotId)
}

function issuedLessPaidWon(operations: readonly (RecordedOperation | undefined)[]): number {
  const sign: Partial<Record<OperationKind, number>> = {
    issue: 1,
    payment: -1,
    capture: -1,
    cancellation: 1,
  }
  return operations
    .filter((operation) => operation !== undefined && operation.decline === undefined)
    .reduce((sum, operation) => sum + (sign[operation!.kind] ?? 0) * operation!.amountWon, 0)
}
