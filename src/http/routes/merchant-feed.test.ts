/** A merchant's feed: what was missed, then what happens, at least once, and a gap is told. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { id, operationId, won, type OperationId } from '../../base/base.ts'
import type { RecordedOperation } from '../../ledger/ledger.ts'
import { decodeCursor } from '../door.ts'
import { created, openCity, openMember, openShop } from './fixtures/small-city.ts'
import {
  FEED_MISSED_MAX,
  FEED_OVERLAP_MS,
  FEED_QUEUE_MAX,
  followMerchant,
} from './merchant-feed.ts'
import type { MerchantOperation } from './route-deps.ts'

const issuerId = id('iss', 1)
const merchantId = id('mrc', 1)
const START = Date.UTC(2026, 10, 22)

function operation(at: number, key: OperationId = operationId(randomUUID())): RecordedOperation {
  return {
    operationId: key,
    kind: 'payment',
    channel: 'cpm',
    bookedAt: at,
    decline: undefined,
    walletId: undefined,
    merchantId,
    outletId: id('out', 1),
    amountWon: won(100),
    targetId: undefined,
    actor: 'clk_1',
    legs: [],
    cancelledWon: won(0),
  }
}

interface Sent {
  event: string
  id?: string
  data: object
}

function bench(past: readonly RecordedOperation[] = []) {
  const closed = new AbortController()
  const sent: Sent[] = []
  let listener: ((operation: MerchantOperation) => void) | undefined
  let letRead = (): void => {}
  const reading = new Promise<void>((resolve) => {
    letRead = resolve
  })
  const feed = {
    subscribe: (_issuer: unknown, _merchant: unknown, own: typeof listener) => {
      listener = own
      return () => {
        listener = undefined
      }
    },
  }
  const stream = {
    send: (event: Sent) => sent.push(event),
    closed: closed.signal,
    close: () => closed.abort(),
  }
  const unused = async () => {
    throw new Error('not asked here')
  }
  const deps = {
    clock: () => START,
    feed,
    reading: {
      awaitsPurchase: unused,
      walletOperations: unused,
      merchantOperations: unused,
      merchantPayable: unused,
      merchantDays: unused,
      merchantOperationsSince: async (
        _issuer: unknown,
        _merchant: unknown,
        after: number,
        limit: number,
      ) => {
        await reading
        return past
          .filter((each) => each.bookedAt > after)
          .toSorted((a, b) => a.bookedAt - b.bookedAt || (a.operationId < b.operationId ? -1 : 1))
          .slice(0, limit)
      },
    },
  }
  return {
    follow: (resumeAfter?: RecordedOperation) =>
      followMerchant(deps, stream, { issuerId, merchantId, resumeAfter }),
    letRead,
    happens: (each: RecordedOperation) => listener?.(each),
    isSubscribed: () => listener !== undefined,
    sent,
    ids: () =>
      sent.flatMap(({ id, event }) =>
        id === undefined || event === 'opened' ? [] : decodeCursor(id).operationId,
      ),
    closed,
  }
}

describe('a reader of the feed', () => {
  test('gets what happens, each once, until it leaves', async () => {
    const { follow, happens, ids, closed, isSubscribed } = bench()
    await follow()
    const first = operation(START)
    happens(first)
    happens(first)
    assert.deepEqual(ids(), [first.operationId])
    closed.abort()
    assert.equal(isSubscribed(), false)
  })

  test('knows where to resume before anything has happened', async () => {
    const { follow, sent } = bench()
    await follow()
    const [opened] = sent
    assert.equal(opened?.event, 'opened')
    assert.deepEqual(opened.data, { at: new Date(START).toISOString() })
    assert.equal(decodeCursor(opened.id ?? '').bookedAt, START)
  })

  test('gets what it missed, then what happened while that was read', async () => {
    const seen = operation(START)
    // Booked before the one it saw, readable after it.
    const late = operation(START - FEED_OVERLAP_MS + 1)
    const missed = operation(START + 10)
    const { follow, letRead, happens, ids } = bench([late, seen, missed])
    const following = follow(seen)
    const live = operation(START + 20)
    happens(live)
    happens(missed)
    assert.deepEqual(ids(), [])
    letRead()
    await following
    assert.deepEqual(
      ids(),
      [late, missed, live].map((each) => each.operationId),
    )
  })

  test('gets all of many missed ones, also where hundreds stand in one millisecond', async () => {
    const seen = operation(START)
    const missed = Array.from({ length: 450 }, (_, n) => operation(START + 1 + Math.floor(n / 150)))
    const { follow, letRead, ids } = bench([seen, ...missed])
    letRead()
    await follow(seen)
    assert.deepEqual(new Set(ids()), new Set(missed.map((each) => each.operationId)))
    assert.equal(ids().length, missed.length)
  })

  test('is told of a gap where it missed too much', async () => {
    const seen = operation(START)
    const missed = Array.from({ length: FEED_MISSED_MAX + 50 }, (_, n) => operation(START + 1 + n))
    const { follow, letRead, sent } = bench(missed)
    letRead()
    await follow(seen)
    assert.equal(sent.at(-1)?.event, 'gap')
  })

  test('is cut off where too much happens while the past is read', async () => {
    const { follow, happens, closed, letRead } = bench()
    const following = follow(operation(START))
    for (let n = 0; n <= FEED_QUEUE_MAX; n += 1) happens(operation(START + n))
    assert.equal(closed.signal.aborted, true)
    letRead()
    await following
  })
})

test('a shop hears of a payment over the wire, and resumes where it was cut off', async () => {
  const city = await openCity()
  after(() => city.app.close())
  const shop = await openShop(city, { number: 0 })
  const member = await openMember(city, 'member', { boughtWon: 100_000 })
  const address = await city.app.listen({ host: '127.0.0.1', port: 0 })
  const { host } = new URL(address)
  const path = `${shop.merchant}/feed`
  const kit = await shop.owner.ask('GET', `/v1/issuers/gunsan/kits/${shop.kitId}/code`)
  const { text: code } = kit.json<{ text: string }>()
  const pay = async (amountWon: number): Promise<void> => {
    city.advance(1_000)
    const body = { code, amountWon }
    created(await member.ask('POST', '/v1/issuers/gunsan/payments', { body }))
  }
  const listen = async (lastEventId?: string) => {
    const headers = await shop.clerk.headersFor('GET', path, host)
    const answer = await fetch(`${address}${path}`, {
      headers: {
        ...headers,
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
    })
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type') ?? '', /^text\/event-stream/)
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    return {
      async next(): Promise<{ id: string; amountWon: number }> {
        for (;;) {
          const found = /id: (.+)\nevent: operation\ndata: (.+)\n\n/.exec(text)
          if (found !== null) {
            text = text.slice(found.index + found[0].length)
            const { amountWon }: { amountWon: number } = JSON.parse(found[2]!)
            return { id: found[1]!, amountWon }
          }
          const { value, done } = await reader.read()
          assert.equal(done, false, 'the stream stays open')
          text += value
        }
      },
      close: () => reader.cancel(),
    }
  }
  const first = await listen()
  await pay(1_100)
  const heard = await first.next()
  assert.equal(heard.amountWon, 1_100)
  await first.close()
  await pay(2_200)
  const second = await listen(heard.id)
  assert.equal((await second.next()).amountWon, 2_200)
  await second.close()
})
