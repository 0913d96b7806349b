/** The desk in virtual time: accounts that several sales want at once, days, numbers, deadlines, choice of gateway. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id, won } from '../src/base/base.ts'
import type { CardAnswer } from '../src/cards/cards.ts'
import { createVirtualTime } from '../sim/virtual-time.ts'
import { createBehaviourSwitch, type BehaviourRequest } from './card-company-behaviour.ts'
import { createCompanyBooks, type CompanyBooks } from './card-company-books.ts'
import { cancelSale, completeSale } from './card-company-changes.ts'
import { createDeskRoom, DeskRefusal, sell, type DeskRoom } from './card-company-desk.ts'
import { totalsOf } from './card-company-enquiries.ts'
import type { Entry } from './card-company-entries.ts'
import { createLineChoice } from './card-company-lines.ts'
import type { GatewayLine, LineOutcome, OutgoingMessage } from './card-company-ports.ts'

const NOON = Date.parse('2026-11-22T12:00:00+09:00')
const CARD = 'HAN0000000000001'
const issued = {
  cardToken: CARD,
  lastFour: '0001',
  personId: 'person-1',
  accountWon: 10_000,
  links: [],
}

interface World {
  readonly room: DeskRoom
  readonly books: CompanyBooks
  readonly entries: Entry[]
  readonly sent: { gateway: string; message: OutgoingMessage }[]
  answer: (message: OutgoingMessage, gateway: string) => Promise<LineOutcome>
  open: Set<string>
  behave(request: BehaviourRequest): void
  sell(more?: Partial<Parameters<typeof sell>[1]>): ReturnType<typeof sell>
  /** Runs virtual time until nothing is left to happen, or so long. */
  run(forMs?: number): Promise<void>
}

function openDesk(startAt = NOON): World {
  const time = createVirtualTime(startAt)
  const books = createCompanyBooks([issued])
  const behaviour = createBehaviourSwitch()
  const entries: Entry[] = []
  const line = (gateway: string): GatewayLine => ({
    gateway,
    isOpen: () => world.open.has(gateway),
    send(message) {
      world.sent.push({ gateway, message })
      return world.answer(message, gateway)
    },
  })
  const room = createDeskRoom({
    partnerId: id('prt', 1),
    acquirer: '901',
    books,
    store: { append: (entry) => void entries.push(entry), durable: async () => {} },
    time: { ...time, ticks: time.now },
    lines: createLineChoice([line('a'), line('b')], behaviour.current),
    behaviour,
  })
  const world: World = {
    room,
    books,
    entries,
    sent: [],
    open: new Set(['a', 'b']),
    answer: async (message) =>
      message.type === 'notice'
        ? { outcome: 'acknowledged' }
        : { outcome: 'answered', answer: answering('approved', message) },
    behave: (request) => void behaviour.set(request),
    sell: (more = {}) =>
      sell(room, {
        terminal: 'T0000001',
        cardToken: CARD,
        merchantNumber: '123456789000000',
        amountWon: 1_000,
        partialAllowed: false,
        cardClass: 'financial',
        ...more,
      }),
    async run(forMs = 60_000) {
      const until = time.now() + forMs
      // What was begun before comes as far as it can without time; then time passes, also where nothing is due.
      await new Promise((resolve) => setImmediate(resolve))
      time.after(forMs, () => undefined)
      while (time.now() < until && (await time.step()));
    },
  }
  return world
}

function answering(verdict: 'approved' | 'not_applicable', message: OutgoingMessage): CardAnswer {
  const request = message.type === 'request' ? message.request : undefined
  const amountWon =
    request === undefined
      ? won(0)
      : 'sale' in request
        ? request.sale.amountWon
        : request.kind === 'cancel'
          ? (request.amountWon ?? won(0))
          : won(0)
  const byVoucher = verdict === 'approved'
  return {
    verdict,
    voucherWon: byVoucher ? amountWon : won(0),
    accountWon: byVoucher ? won(0) : amountWon,
    source: byVoucher ? 'voucher' : 'account',
    decidedBy: 'core',
  }
}

test('an account that two sales want at once pays one of them', async () => {
  const world = openDesk()
  world.answer = async (message) => ({
    outcome: 'answered',
    answer: answering('not_applicable', message),
  })
  const order = { amountWon: 6_000 }
  const [one, other] = await Promise.all([world.sell(order), world.sell(order)])
  assert.deepEqual(
    [one.decided?.outcome, other.decided?.outcome, other.decided?.reason],
    ['approved', 'declined', 'account_short'],
  )
  assert.equal(world.books.availableWon(CARD), 4_000)
})

test('each terminal counts its own messages, cancellations too, and begins anew after 999999', async () => {
  const world = openDesk()
  const stans: string[] = []
  for (const terminal of ['T0000001', 'T0000002', 'T0000001']) {
    stans.push((await world.sell({ terminal })).sale.key.stan)
  }
  const sold = await world.sell()
  await cancelSale(world.room, sold.saleId, undefined)
  stans.push(sold.sale.key.stan, sold.cancellations[0]!.asked.key.stan)
  assert.deepEqual(stans, ['000001', '000001', '000002', '000003', '000004'])
  const key = { ...sold.sale.key, stan: '999999' }
  world.books.add({ kind: 'numbered', key }, NOON)
  assert.equal(world.books.nextStan('T0000001'), '000001')
})

test('a terminal whose clock is wrong writes its own day', async () => {
  const world = openDesk(Date.parse('2026-11-22T23:58:00+09:00'))
  world.behave({ clockSkewMs: 300_000 })
  const { sale } = await world.sell()
  assert.equal(sale.key.localDate, '2026-11-23')
  world.behave({})
  assert.equal((await world.sell()).sale.key.localDate, '2026-11-22')
})

test('the deadline is kept whatever the link does, and a late answer is only noted', async () => {
  const world = openDesk()
  const late = Promise.withResolvers<LineOutcome>()
  const usual = world.answer
  world.answer = (message, gateway) =>
    message.type === 'request' ? late.promise : usual(message, gateway)
  const selling = world.sell()
  await world.run(2_999)
  assert.deepEqual(
    world.entries.map(({ kind }) => kind),
    ['asked'],
  )
  await world.run(2)
  const { decided } = await selling
  assert.equal(decided?.verdict, 'no_answer')
  await world.run(10)
  const [request] = world.sent
  late.resolve({ outcome: 'answered', answer: answering('approved', request!.message) })
  await world.run(10)
  assert.deepEqual(
    world.entries.map(({ kind }) => kind),
    ['asked', 'decided', 'acknowledged', 'late_answer'],
  )
  assert.equal(world.books.availableWon(CARD), 10_000)
})

test('gateways are asked in turn, or the first that can be; a closed one is passed over', async () => {
  const world = openDesk()
  const asked = async (count: number): Promise<string> => {
    const gateways: string[] = []
    for (let index = 0; index < count; index += 1) {
      gateways.push((await world.sell()).decided?.gateway ?? '-')
    }
    return gateways.toSorted().join('')
  }
  assert.equal(await asked(4), 'aabb')
  world.behave({ choice: 'primary_standby' })
  assert.equal(await asked(3), 'aaa')
  world.open.delete('a')
  assert.equal(await asked(2), 'bb')
  world.open.delete('b')
  assert.equal(await asked(1), '-')
})

test('a notice is repeated with growing pauses, on the other gateway when its own is gone', async () => {
  const world = openDesk()
  world.behave({ choice: 'primary_standby' })
  world.answer = async () => ({ outcome: 'link_lost' })
  const { saleId } = await world.sell()
  await world.run(5_000)
  const tries = world.sent.length - 1
  assert.ok(tries >= 4 && tries <= 8, `${tries} tries in 5 s`)
  const repeats = world.sent.slice(1).map(({ message }) => message.isRepeat)
  assert.deepEqual(repeats, [false, ...repeats.slice(1).map(() => true)])
  world.open.delete('a')
  world.answer = async () => ({ outcome: 'acknowledged' })
  await world.run(5_000)
  assert.equal(world.sent.at(-1)?.gateway, 'b')
  assert.deepEqual(world.books.sale(saleId)?.owed, [])
  assert.equal(world.room.notices.owing(), 0)
})

test('a sale is undone once: reversed or cancelled sales take no second change', async () => {
  const world = openDesk()
  const held = await world.sell({ cardClass: 'authorization' })
  await assert.rejects(cancelSale(world.room, held.saleId, 400), refusing('complete_it_first'))
  await cancelSale(world.room, held.saleId, undefined)
  await assert.rejects(
    completeSale(world.room, held.saleId, 1_000),
    refusing('cancellation_under_way'),
  )
  assert.equal(held.voucherWon, 0)
  await assert.rejects(cancelSale(world.room, held.saleId, undefined), refusing('amount_too_high'))
  await assert.rejects(
    cancelSale(world.room, 'T0000001-20261122-000099', 1),
    refusing('sale_unknown'),
  )
})

function refusing(reason: string): (error: unknown) => boolean {
  return (error) => error instanceof DeskRefusal && error.reason === reason
}

test('totals count what the voucher paid and gave back, holds not yet', async () => {
  const world = openDesk()
  await world.sell()
  const sold = await world.sell({ amountWon: 2_000 })
  await cancelSale(world.room, sold.saleId, 500)
  const held = await world.sell({ cardClass: 'authorization' })
  const date = sold.sale.key.localDate
  const { payments, cancellations } = totalsOf(world.room, date)
  assert.deepEqual(
    [payments, cancellations],
    [
      { count: 2, sumWon: 3_000 },
      { count: 1, sumWon: 500 },
    ],
  )
  await completeSale(world.room, held.saleId, 700)
  assert.deepEqual(totalsOf(world.room, date).payments, { count: 3, sumWon: 3_700 })
})

test('books that are read back are the books that were written', async () => {
  const world = openDesk()
  world.answer = async (message) =>
    message.type === 'request' && message.request.kind === 'pay' && world.sent.length % 3 === 0
      ? { outcome: 'link_lost' }
      : message.type === 'notice'
        ? { outcome: 'acknowledged' }
        : {
            outcome: 'answered',
            answer: answering(world.sent.length % 2 === 0 ? 'approved' : 'not_applicable', message),
          }
  for (let count = 0; count < 12; count += 1) {
    const { saleId, decided } = await world.sell({ amountWon: 100 + count })
    if (decided?.outcome === 'approved') await cancelSale(world.room, saleId, 50)
  }
  await world.run(1_000)
  const again = createCompanyBooks([issued])
  for (const entry of world.entries) again.replay(entry)
  assert.deepEqual([...again.sales()], [...world.books.sales()])
  assert.equal(again.availableWon(CARD), world.books.availableWon(CARD))
  assert.equal(again.nextStan('T0000001'), world.books.nextStan('T0000001'))
  assert.throws(() => again.replay(world.entries[0]!), /does not follow/)
})
