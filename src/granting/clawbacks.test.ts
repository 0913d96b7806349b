/** What is left of a stipend goes back to those who paid it at its end, and to nobody else; once each time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HOUR_MS, won, type OperationId } from '../base/base.ts'
import { sampleStipendRules } from '../issuing/terms-sample.ts'
import { createExpiryTurn } from '../jobs/lot-expiry.ts'
import { movementAccounts } from '../ledger/ledger.ts'
import {
  cancel,
  EXPIRES_AT,
  grantedTo,
  movements,
  nextKey,
  pay,
  walletOf,
} from './fixtures/granted-office.ts'
import { GUNSAN, openOffice, person, VOUCHER, type Office } from './fixtures/small-office.ts'
import { CLAWBACK_LAG_MS, isClawedBack } from './granting.ts'

const expiryOf = (at: Office) =>
  createExpiryTurn({
    ledger: at.ledger,
    issuers: () => [{ issuerId: GUNSAN }],
    sha256: at.deps.sha256,
    clock: () => at.time.now,
    isClawedBack: (issuerId, lot) => isClawedBack(at.deps.issuing, issuerId, lot),
    onExpired: () => {},
    onError: (error) => assert.fail(String(error)),
    passEveryMs: 0,
  })

test('what expires goes back in the shares in which it was paid, to the won', async () => {
  const at = await openOffice()
  const { members } = await grantedTo(at, [100_000, 100_000, 33])
  await pay(at, members[0]!, 99_993)
  at.time.now = EXPIRES_AT + CLAWBACK_LAG_MS - 1
  assert.equal((await at.granting.clawBackExpired(GUNSAN)).clawedBack, 0)
  at.time.now += 1
  const set = await at.granting.clawBackExpired(GUNSAN)
  assert.deepEqual(set, { clawedBack: 3, clawedBackWon: 100_040, after: undefined })
  assert.deepEqual(
    movements(at).toSorted(),
    [
      'clawback 100000 1:50000 2:20000 3:30000',
      // 33 were given as 17 (16.5), 6 (6.6) and 10 (9.9), and come back so.
      'clawback 33 1:16 2:7 3:10',
      // 3.5, 1.4 and 2.1.
      'clawback 7 1:4 2:1 3:2',
    ].toSorted(),
  )
  for (const memberId of members) assert.equal(await at.holds(memberId), 0)
  assert.deepEqual(
    await at.ledger.dueLots(GUNSAN, { until: at.time.now, limit: 10 }),
    [],
    'all are closed',
  )
  assert.deepEqual((await at.granting.clawBackExpired(GUNSAN)).clawedBack, 0)
})

test('sets page through many lots, and leave alone what goes to breakage', async () => {
  const at = await openOffice()
  await grantedTo(at, [10, 20, 30, 40, 50])
  const bought = await at.join(person(9))
  const zero = won(0)
  const request = {
    operationId: nextKey(),
    requestHash: new Uint8Array(32),
    walletId: await walletOf(at, bought),
    lotId: at.ids.next('lot'),
    programId: VOUCHER,
    kind: 'gift' as const,
    expiresAt: EXPIRES_AT,
    sources: { payWon: won(7), nationalWon: zero, provinceWon: zero, cityWon: zero },
  }
  await at.ledger.issue(GUNSAN, [request], at.time.now)
  at.time.now = EXPIRES_AT + CLAWBACK_LAG_MS
  let after: Awaited<ReturnType<typeof at.granting.clawBackExpired>>['after']
  const counts: number[] = []
  do {
    const set = await at.granting.clawBackExpired(GUNSAN, { after, limit: 2 })
    counts.push(set.clawedBack)
    ;({ after } = set)
  } while (after !== undefined)
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    5,
  )
  assert.ok(counts.length >= 3)
  await expiryOf(at)()
  assert.deepEqual(
    movements(at).filter((text) => text.startsWith('expiry')),
    ['expiry 7 0:7'],
  )
})

test('where the terms do not say so, a stipend goes to breakage', async () => {
  const at = await openOffice({ stipend: { ...sampleStipendRules, clawbackAtExpiry: false } })
  await grantedTo(at, [100])
  at.time.now = EXPIRES_AT + HOUR_MS
  assert.equal((await at.granting.clawBackExpired(GUNSAN)).clawedBack, 0)
  await expiryOf(at)()
  assert.deepEqual(movements(at), ['expiry 100 0:100'])
})

test('what a cancellation gives back is clawed back once more', async () => {
  const at = await openOffice()
  const { members } = await grantedTo(at, [100])
  const first = await pay(at, members[0]!, 40)
  const second = await pay(at, members[0]!, 60)
  at.time.now = EXPIRES_AT + HOUR_MS
  assert.equal((await at.granting.clawBackExpired(GUNSAN)).clawedBack, 0, 'spent, and closed')
  assert.deepEqual(await at.ledger.dueLots(GUNSAN, { until: at.time.now, limit: 10 }), [])
  for (const paymentId of [first, second]) {
    await cancel(at, paymentId)
    assert.equal((await at.granting.clawBackExpired(GUNSAN)).clawedBack, 1)
  }
  assert.deepEqual(movements(at), ['clawback 40 1:20 2:8 3:12', 'clawback 60 1:30 2:12 3:18'])
  assert.equal(await at.holds(members[0]!), 0)
})

test('what is held is taken when it is free again', async () => {
  const at = await openOffice()
  const { members } = await grantedTo(at, [100])
  const holdId = await pay(at, members[0]!, 30, 'hold')
  at.time.now = EXPIRES_AT + HOUR_MS
  assert.equal((await at.granting.clawBackExpired(GUNSAN)).clawedBackWon, 70)
  assert.equal((await at.granting.clawBackExpired(GUNSAN)).clawedBackWon, 0)
  const release = {
    operationId: nextKey(),
    requestHash: new Uint8Array(32),
    holdId,
    amountWon: won(10),
  }
  await at.ledger.closeHolds(GUNSAN, [release], at.time.now)
  assert.equal((await at.granting.clawBackExpired(GUNSAN)).clawedBackWon, 20)
  assert.equal(await at.holds(members[0]!), 0)
})

test('expiry, clawback, payments and cancellations in any order: every won goes one way', async () => {
  const acts = fc.constantFrom('expire', 'claw', 'claw both', 'pay', 'cancel', 'wait')
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { maxLength: 14 }), async (story) => {
      const at = await openOffice()
      const { members } = await grantedTo(at, [50, 1_000])
      const paid: OperationId[] = []
      const expire = expiryOf(at)
      let spentWon = 0
      for (const act of [...story, 'wait', 'claw', 'expire', 'claw']) {
        if (act === 'expire') await expire()
        if (act === 'claw') await at.granting.clawBackExpired(GUNSAN)
        if (act === 'claw both') {
          await Promise.all([1, 2].map(() => at.granting.clawBackExpired(GUNSAN)))
        }
        if (act === 'pay' && at.time.now < EXPIRES_AT && (await at.holds(members[1]!)) >= 400) {
          paid.push(await pay(at, members[1]!, 400))
          spentWon += 400
        }
        if (act === 'cancel' && paid.length > 0) {
          await cancel(at, paid.pop()!)
          spentWon -= 400
        }
        if (act === 'wait') at.time.now = EXPIRES_AT + HOUR_MS
      }
      const { operations } = at.ledger.snapshot(GUNSAN)
      const back = operations.filter(({ kind }) => kind === 'clawback')
      assert.equal(
        back.reduce((sum, { amountWon }) => sum + amountWon, 0),
        1_050 - spentWon,
      )
      assert.ok(operations.every(({ kind }) => kind !== 'expiry'))
      for (const memberId of members) assert.equal(await at.holds(memberId), 0)
      assert.deepEqual(await at.ledger.dueLots(GUNSAN, { until: at.time.now, limit: 10 }), [])
      assert.ok(
        back.every(({ transfers }) =>
          transfers.every(({ debitKind, creditKind }) =>
            movementAccounts.clawback.some(([from, to]) => from === debitKind && to === creditKind),
          ),
        ),
      )
    }),
    { numRuns: 60 },
  )
})
