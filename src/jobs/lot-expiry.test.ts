/** The clockwork of expiry over the ledger in memory: bounded sets, turns, and repeats after a death at any instant. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import {
  Fault,
  id,
  operationId,
  won,
  type Instant,
  type IssuerId,
  type Sha256,
} from '../base/base.ts'
import { createMemoryLedger, type Ledger, type MemoryLedger } from '../ledger/ledger.ts'
import { createDueRound } from './due-jobs.ts'
import {
  createExpiryTurn,
  EXPIRY_EVERY_MS,
  EXPIRY_LAG_MS,
  EXPIRY_PASS_EVERY_MS,
  lotExpiryJob,
  type ExpiredSet,
  type LotExpiryOptions,
} from './lot-expiry.ts'
import { createMemoryJobBook } from './memory-job-book.ts'

const START_AT: Instant = Date.UTC(2031, 0, 1)
const EXPIRES_AT = START_AT + 3_600_000
const LARGE = id('iss', 1)
const SMALL = id('iss', 2)
const SHOP = id('mrc', 1)
const PROGRAM = id('prg', 1)
const sha256: Sha256 = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest())

/** For rounds of jobs whose errors are the test's own. */
const silent = {
  sleep: async (): Promise<void> => {},
  describe: String,
  listener: { onStarted() {}, onEnded() {}, onFailed() {} },
}

let keys = 0
function keyed<Content extends object>(content: Content) {
  keys += 1
  const key = operationId(`00000000-0000-7000-8000-${String(keys).padStart(12, '0')}`)
  return { ...content, operationId: key, requestHash: sha256(new TextEncoder().encode(key)) }
}

/** A wallet with so many lots of 100 won that expire one after the other. */
async function grant(ledger: Ledger, issuerId: IssuerId, lots: number): Promise<void> {
  const walletId = id('wlt', issuerId)
  await ledger.openWallets(issuerId, [{ walletId, memberId: id('mbr', 1) }], START_AT)
  const requests = Array.from({ length: lots }, (_, index) => {
    const lot = { walletId, lotId: id('lot', issuerId * 1000 + index), programId: PROGRAM }
    const sources = { payWon: won(100), nationalWon: won(0), provinceWon: won(0), cityWon: won(0) }
    return keyed({ ...lot, kind: 'purchase' as const, expiresAt: EXPIRES_AT + index, sources })
  })
  await ledger.issue(issuerId, requests, START_AT)
}

function payment(issuerId: IssuerId, amountWon: number) {
  return keyed({
    channel: 'mpm_static' as const,
    walletId: id('wlt', issuerId),
    merchantId: SHOP,
    outletId: id('out', 1),
    amountWon: won(amountWon),
    tenders: [{ programId: PROGRAM, kind: 'purchase' as const }],
  })
}

const breakageWon = (ledger: MemoryLedger, issuerId: IssuerId): number =>
  ledger
    .snapshot(issuerId)
    .operations.flatMap(({ transfers }) => transfers)
    .filter(({ creditKind }) => creditKind === 'breakage')
    .reduce((sum, { amountWon }) => sum + amountWon, 0)

/** Two issuers, ten lots and three, whose clock stands when all have expired. */
async function city() {
  const memory = createMemoryLedger()
  await grant(memory, LARGE, 10)
  await grant(memory, SMALL, 3)
  const told: ExpiredSet[] = []
  const errors: string[] = []
  const world = { memory, told, errors, now: EXPIRES_AT + 10 + EXPIRY_LAG_MS }
  const options: LotExpiryOptions = {
    ledger: memory,
    issuers: () => [{ issuerId: LARGE }, { issuerId: SMALL }],
    sha256,
    clock: () => world.now,
    setSize: 4,
    onExpired: (set) => told.push(set),
    onError: (error) => errors.push(error instanceof Error ? error.message : 'not an error'),
  }
  return { ...world, world, options }
}

const seen = (told: readonly ExpiredSet[]): [number, number, number][] =>
  told.map(({ issuerId, expired, closed }) => [issuerId, expired, closed])

test('issuers take turns, a bounded set each, until all has expired', async () => {
  const { memory, told, options } = await city()
  await memory.pay(LARGE, [payment(LARGE, 250)], START_AT)
  const turn = createExpiryTurn(options)
  for (let index = 0; index < 5; index += 1) await turn()
  assert.deepEqual(seen(told), [
    [LARGE, 2, 2],
    [SMALL, 3, 0],
    [LARGE, 4, 0],
    [LARGE, 2, 0],
  ])
  assert.equal(
    told.reduce((sum, { expiredWon }) => sum + expiredWon, 0),
    750 + 300,
  )
  assert.equal(breakageWon(memory, LARGE), 750)
})

test('a lot expires some time after its instant, and an issuer is gone through again after a while', async () => {
  const { memory, told, options, world } = await city()
  const turn = createExpiryTurn(options)
  world.now = EXPIRES_AT + EXPIRY_LAG_MS - 1
  await turn()
  assert.deepEqual(told, [])
  world.now += 1
  await turn()
  assert.deepEqual(told, [], 'the next pass is not yet')
  world.now += EXPIRY_PASS_EVERY_MS
  await turn()
  assert.deepEqual(seen(told), [
    [LARGE, 4, 0],
    [SMALL, 3, 0],
  ])
  assert.equal(breakageWon(memory, SMALL), 300)
})

test('what comes back to an expired lot expires in a later pass', async () => {
  const { memory, options, world } = await city()
  const paid = payment(SMALL, 150)
  await memory.pay(SMALL, [paid], START_AT)
  const turn = createExpiryTurn(options)
  await turn()
  assert.equal(breakageWon(memory, SMALL), 150)
  await memory.cancel(SMALL, [keyed({ paymentId: paid.operationId, merchantId: SHOP })], world.now)
  await turn()
  assert.equal(breakageWon(memory, SMALL), 150)
  world.now += EXPIRY_PASS_EVERY_MS
  await turn()
  assert.equal(breakageWon(memory, SMALL), 300)
})

test('one issuer’s trouble is not another’s, and is over with it', async () => {
  const { memory, told, errors, options, world } = await city()
  let broken = true
  const ledger: LotExpiryOptions['ledger'] = {
    ...memory,
    async expire(issuerId, requests, at) {
      const outcomes = await memory.expire(issuerId, requests, at)
      if (broken && issuerId === LARGE) throw new Fault('postgres_answer_lost', 'no answer')
      return outcomes
    },
  }
  const turn = createExpiryTurn({ ...options, ledger })
  await turn()
  await turn()
  assert.deepEqual(seen(told), [[SMALL, 3, 0]])
  assert.deepEqual(errors, ['no answer'])
  broken = false
  world.now += EXPIRY_PASS_EVERY_MS
  for (let index = 0; index < 3; index += 1) await turn()
  assert.equal(breakageWon(memory, LARGE), 1000)
})

test('killed after any call and begun anew, it comes to the same', async () => {
  for (let calls = 0; calls < 12; calls += 1) {
    const { memory, options } = await city()
    let left = calls
    const dies = async (): Promise<void> => {
      left -= 1
      if (left < 0) throw new Fault('postgres_unavailable', 'dead')
    }
    const mortal: LotExpiryOptions['ledger'] = {
      async expire(...args) {
        const outcomes = await memory.expire(...args)
        await dies()
        return outcomes
      },
      async dueLots(...args) {
        await dies()
        return memory.dueLots(...args)
      },
    }
    const first = createExpiryTurn({ ...options, ledger: mortal })
    for (let index = 0; index < 5; index += 1) await first()
    const second = createExpiryTurn(options)
    for (let index = 0; index < 5; index += 1) await second()
    assert.equal(breakageWon(memory, LARGE), 1000)
    assert.equal(breakageWon(memory, SMALL), 300)
    const { operations } = memory.snapshot(LARGE)
    assert.equal(operations.filter(({ kind }) => kind === 'expiry').length, 10)
  }
})

test('as a job it expires all, in sets, and what comes back in a later run', async () => {
  const { memory, told, options, world } = await city()
  const paid = payment(SMALL, 150)
  await memory.pay(SMALL, [paid], START_AT)
  const round = createDueRound({
    ...silent,
    definitions: [lotExpiryJob(options)],
    book: createMemoryJobBook(),
    issuers: options.issuers,
    clock: options.clock,
  })
  await round()
  assert.deepEqual(seen(told), [
    [LARGE, 4, 0],
    [LARGE, 4, 0],
    [LARGE, 2, 0],
    [SMALL, 2, 1],
  ])
  await memory.cancel(SMALL, [keyed({ paymentId: paid.operationId, merchantId: SHOP })], world.now)
  await round()
  assert.equal(breakageWon(memory, SMALL), 150)
  world.now += EXPIRY_EVERY_MS
  await round()
  assert.equal(breakageWon(memory, SMALL), 300)
})

test('as a job, killed after any call and begun anew from the book, it comes to the same', async () => {
  for (let calls = 0; calls < 12; calls += 1) {
    const { memory, options } = await city()
    const book = createMemoryJobBook()
    let left = calls
    const lives = (): void => {
      left -= 1
      if (left < 0) throw new Fault('postgres_unavailable', 'dead')
    }
    const mortal: LotExpiryOptions['ledger'] = {
      async expire(...args) {
        const outcomes = await memory.expire(...args)
        lives()
        return outcomes
      },
      async dueLots(...args) {
        lives()
        return memory.dueLots(...args)
      },
    }
    const clockwork = { ...silent, book, issuers: options.issuers, clock: options.clock }
    const dying = lotExpiryJob({ ...options, ledger: mortal })
    await createDueRound({ ...clockwork, definitions: [dying] })()
    await createDueRound({ ...clockwork, definitions: [lotExpiryJob(options)] })()
    assert.equal(breakageWon(memory, LARGE), 1000)
    assert.equal(breakageWon(memory, SMALL), 300)
    const { operations } = memory.snapshot(LARGE)
    assert.equal(operations.filter(({ kind }) => kind === 'expiry').length, 10)
  }
})
