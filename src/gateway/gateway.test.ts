/** Links as partners meet them: over real TLS on loopback, with a desk that does what each test says. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Fault, won } from '../base/base.ts'
import type { CardAnswer, CardNotice } from '../cards/cards.ts'
import { waitUntil } from '../main/bounded-wait.ts'
import {
  approve,
  openWorld,
  partnerKeys,
  payment,
  reversal,
  type GatewayWorld,
} from './fixtures/gateway-world.ts'
import { LinkRefused, type Sent } from './gateway.ts'

const WITHIN = { withinMs: 5_000 }

let world: GatewayWorld
before(async () => {
  world = await openWorld({ limits: { inFlightMax: 20, networkAnswerMs: 2_000 } })
})
after(() => world.close())

describe('a signed-on link', () => {
  test('gets the desk’s answer to what it asks', async () => {
    const link = await world.dial('hanbit')
    const answer = answerOf(await link.send(payment('hanbit', 12_000), WITHIN))
    assert.equal(answer.verdict, 'approved')
    assert.equal(answer.voucherWon, won(12_000))
  })

  test('has many messages in flight, answered in the order in which they are decided', async () => {
    const link = await world.dial('narae')
    const asked = Array.from({ length: 10 }, (_, index) => payment('narae', 1_000 + index))
    const release: (() => void)[] = []
    world.desk.answer = async (request) => {
      await new Promise<void>((resolve) => release.push(resolve))
      return approve(request)
    }
    const order: number[] = []
    const sent = asked.map(async (message) => {
      const answer = answerOf(await link.send(message, WITHIN))
      assert.equal(answer.voucherWon, message.request.sale.amountWon)
      order.push(answer.voucherWon)
    })
    await waitUntil(() => release.length === 10, { timeoutMs: 5_000 })
    for (const one of release.toReversed()) one()
    await Promise.all(sent)
    assert.deepEqual(order, asked.map(({ request }) => Number(request.sale.amountWon)).toReversed())
    world.desk.answer = approve
  })

  test('is told of a notice only once that is safe', async () => {
    const link = await world.dial('hanbit')
    let makeSafe = (): void => {}
    world.desk.take = () => new Promise((resolve) => (makeSafe = resolve))
    let told: Sent | undefined
    const sent = link.send(reversal('hanbit'), WITHIN).then((outcome) => (told = outcome))
    // A question that was asked later is answered while the notice is not safe.
    await link.send(payment('hanbit'), WITHIN)
    assert.equal(told, undefined)
    makeSafe()
    assert.equal((await sent).outcome, 'answered')
    world.desk.take = async () => {}
  })

  test('is not told that a notice is safe where it is not, and tells it again', async () => {
    const link = await world.dial('hanbit')
    const notice = reversal('hanbit')
    const taken: CardNotice[] = []
    world.desk.take = async () => {
      throw new Fault('standin_store_full', 'the disk is full')
    }
    const { verdict, reason } = answerOf(await link.send(notice, WITHIN))
    assert.deepEqual([verdict, reason], ['unknown', 'standin_store_full'])
    await world.logged('notice.not_taken', { partner: 'hanbit' })
    world.desk.take = async (one) => void taken.push(one)
    const told = await link.send({ ...notice, isRepeat: true }, WITHIN)
    assert.ok(told.outcome === 'answered' && told.answer.message.type === 'acknowledgement')
    assert.deepEqual(taken, [notice.notice])
    world.desk.take = async () => {}
  })

  test('gets a written "unknown" at once where too much is in flight, and the rest still its answer', async () => {
    const link = await world.dial('hanbit')
    const release: (() => void)[] = []
    world.desk.answer = async (request) => {
      await new Promise<void>((resolve) => release.push(resolve))
      return approve(request)
    }
    const waiting = Array.from({ length: 20 }, () => link.send(payment('hanbit'), WITHIN))
    const { verdict, reason, voucherWon } = answerOf(await link.send(payment('hanbit'), WITHIN))
    assert.deepEqual([verdict, reason, voucherWon], ['unknown', 'gateway_busy', 0])
    // Another link of the same partner, and another partner, do not notice.
    world.desk.answer = approve
    const [neighbour, other] = [await world.dial('hanbit'), await world.dial('narae')]
    assert.equal(answerOf(await neighbour.send(payment('hanbit'), WITHIN)).verdict, 'approved')
    assert.equal(answerOf(await other.send(payment('narae'), WITHIN)).verdict, 'approved')
    for (const one of release) one()
    for (const sent of await Promise.all(waiting)) assert.equal(answerOf(sent).verdict, 'approved')
  })

  test('gets "unknown" where the desk fails, and the link goes on', async () => {
    const link = await world.dial('hanbit')
    world.desk.answer = () => Promise.reject(new Error('a bug'))
    assert.equal(answerOf(await link.send(payment('hanbit'), WITHIN)).verdict, 'unknown')
    world.desk.answer = approve
    assert.equal(answerOf(await link.send(payment('hanbit'), WITHIN)).verdict, 'approved')
    await world.logged('desk.failed', { partner: 'hanbit', kind: 'pay' })
  })

  test('is told by the desk’s bound where the desk is silent', async () => {
    const slow = await openWorld({ limits: { answerMs: 150 } })
    slow.desk.answer = () => new Promise(() => undefined)
    const link = await slow.dial('hanbit')
    const answer = answerOf(await link.send(payment('hanbit'), WITHIN))
    assert.deepEqual([answer.verdict, answer.reason], ['unknown', 'gateway_busy'])
    await slow.logged('desk.silent')
    await slow.close()
  })

  test('tells its own side of answers that come too late', async () => {
    const strays: boolean[] = []
    const handlers = { stray: (_: unknown, late: boolean) => void strays.push(late) }
    const link = await world.dial('hanbit', { handlers })
    let release = (): void => {}
    world.desk.answer = async (request) => {
      await new Promise<void>((resolve) => (release = resolve))
      return approve(request)
    }
    assert.equal((await link.send(payment('hanbit'), { withinMs: 50 })).outcome, 'late')
    release()
    await waitUntil(() => strays.length === 1, { timeoutMs: 5_000 })
    assert.deepEqual(strays, [true])
    assert.equal(link.report().counts.late_answers, 1)
    world.desk.answer = approve
  })
})

describe('signing on and off', () => {
  test('a link that signed off is answered "unknown" until it signs on again', async () => {
    const link = await world.dial('hanbit')
    await link.signOff()
    const { verdict, reason } = answerOf(await link.send(payment('hanbit'), WITHIN))
    assert.deepEqual([verdict, reason], ['unknown', 'signed_off'])
    assert.equal(await link.signOn(), undefined)
    assert.equal(answerOf(await link.send(payment('hanbit'), WITHIN)).verdict, 'approved')
  })

  test('an operator signs a partner off, and nobody of it may sign on until he allows it', async () => {
    let heard = 0
    const link = await world.dial('narae', { handlers: { signedOff: () => void (heard += 1) } })
    assert.ok(await world.gateway.signOff('narae'))
    assert.equal(await link.ended, 'closed_by_peer')
    assert.equal(heard, 1)
    await assert.rejects(world.dial('narae'), isRefused('sign_on_refused', 'closed_by_peer'))
    await world.logged('link.closed', { partner: 'narae', reason: 'signed_off_by_operator' })
    assert.ok(world.gateway.allowSignOn('narae'))
    const again = await world.dial('narae')
    assert.equal(answerOf(await again.send(payment('narae'), WITHIN)).verdict, 'approved')
    assert.equal(await world.gateway.signOff('nobody'), false)
  })

  test('what was asked before a sign-off is still answered', async () => {
    const own = await openWorld({})
    const link = await own.dial('hanbit')
    let release = (): void => {}
    own.desk.answer = async (request) => {
      await new Promise<void>((resolve) => (release = resolve))
      return approve(request)
    }
    const sent = link.send(payment('hanbit'), WITHIN)
    await waitUntil(() => own.gateway.report()[0]?.links[0]?.inFlight === 1, { timeoutMs: 5_000 })
    const closed = own.gateway.close()
    await waitUntil(() => link.phase() === 'signed_off', { timeoutMs: 5_000 })
    release()
    assert.equal(answerOf(await sent).verdict, 'approved')
    await closed
    await own.close()
  })
})

describe('keys', () => {
  test('a link changes its MAC key after sign-on, and again under load, without a wrong answer', async () => {
    const own = await openWorld({})
    const link = await own.dial('hanbit')
    await own.logged('link.key_changed', { partner: 'hanbit' })
    const asked: Promise<Sent>[] = []
    for (let turn = 0; turn < 10; turn += 1) {
      asked.push(link.send(payment('hanbit'), WITHIN))
      if (turn % 3 === 0) assert.equal(await own.gateway.changeKeys('hanbit'), 1)
      asked.push(link.send(payment('hanbit'), WITHIN))
    }
    for (const sent of await Promise.all(asked)) assert.equal(answerOf(sent).verdict, 'approved')
    assert.equal(link.report().counts.key_changes, 5)
    assert.deepEqual(
      own.lines.map(({ event }) => event).filter((event) => event === 'message.refused'),
      [],
    )
    await own.close()
  })

  test('a partner that cannot unwrap the new key keeps the old one and the link', async () => {
    const keys = { ...partnerKeys, keyEncryptionKey: Buffer.alloc(16, 7) }
    const link = await world.dial('hanbit', { keys })
    await world.logged('link.key_change_refused', { partner: 'hanbit' })
    assert.equal(answerOf(await link.send(payment('hanbit'), WITHIN)).verdict, 'approved')
    assert.equal(link.report().keyChangedAt, null)
  })
})

test('whichever side finds a link silent asks whether it lives', async () => {
  const own = await openWorld({ limits: { echoAfterMs: 150 } })
  const patient = await own.dial('hanbit', { limits: { echoAfterMs: 60_000 } })
  const asked = () => own.gateway.report()[0]?.links[0]?.lastEchoAt ?? null
  assert.ok(await waitUntil(() => asked() !== null, { timeoutMs: 5_000 }))
  assert.equal(patient.phase(), 'signed_on')
  await own.close()

  const other = await openWorld({ limits: { echoAfterMs: 60_000 } })
  const asking = await other.dial('hanbit', { limits: { echoAfterMs: 150 } })
  assert.ok(await waitUntil(() => asking.report().counts.echoes >= 2, { timeoutMs: 5_000 }))
  await other.close()
})

test('what was measured of links is what they did', async () => {
  const own = await openWorld({})
  const link = await own.dial('hanbit')
  await link.send(payment('hanbit'), WITHIN)
  await link.send(reversal('hanbit'), WITHIN)
  const [hanbit, narae] = own.gateway.report()
  const [report] = hanbit?.links ?? []
  assert.equal(report?.phase, 'signed_on')
  assert.equal(report?.counts.answered, 1)
  assert.equal(report?.counts.acknowledged, 1)
  assert.deepEqual(narae?.links, [])
  await own.close()
})

function answerOf(sent: Sent): CardAnswer {
  assert.equal(sent.outcome, 'answered')
  assert.ok(sent.outcome === 'answered' && sent.answer.message.type === 'answer')
  return sent.answer.message.answer
}

function isRefused(...reasons: readonly string[]): (error: unknown) => boolean {
  return (error) => error instanceof LinkRefused && reasons.includes(error.reason)
}
