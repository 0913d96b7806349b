/**
 * A card company and the core's desk over a line that loses, delays and repeats, with companies that die: once all that
 * is owed was told, the three books agree, sale by sale. One seed is one story.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { won } from '../base/base.ts'
import { HANBIT, openCardCity, SHOP_NUMBER, sha256, TOKEN } from '../cards/fixtures/card-city.ts'
import { cardKeyText, type CardAnswer, type CardNotice, type CardRequest } from '../cards/cards.ts'
import { createRandom, type Random } from '../demonstration/random.ts'
import type { CardBooks } from '../postgres/postgres.ts'
import { createVirtualTime } from '../../sim/virtual-time.ts'
import { createBehaviourSwitch } from '../../simulated/card-company-behaviour.ts'
import { createCompanyBooks } from '../../simulated/card-company-books.ts'
import {
  cancelSale,
  completeSale,
  resumeCancellations,
  reverseSale,
} from '../../simulated/card-company-changes.ts'
import {
  createDeskRoom,
  DeskRefusal,
  resumeSales,
  sell,
  type DeskRoom,
} from '../../simulated/card-company-desk.ts'
import type { Entry } from '../../simulated/card-company-entries.ts'
import { createLineChoice } from '../../simulated/card-company-lines.ts'
import type { LineOutcome, OutgoingMessage } from '../../simulated/card-company-ports.ts'
import { salesOf } from './reconcile-company.ts'
import type { GatewayBooks } from './reconcile-gateway.ts'
import { reconcile, type Reconciliation } from './reconcile-matching.ts'

const SEEDS = 60
const EVENTS = 40
const START = Date.parse('2026-11-22T12:00:00+09:00')
const issued = {
  cardToken: TOKEN,
  lastFour: '0001',
  personId: 'person-0001',
  accountWon: 150_000,
  links: [{ issuerCode: 'gunsan', spending: 'voucher_first', onUnknown: 'provisional_debit' }],
} as const

for (let seed = 1; seed <= SEEDS; seed += 1) {
  test(`the books agree in the end: seed ${seed}`, async () => {
    const { reconciliation, entries, sales } = await play(seed)
    assert.deepEqual(reconciliation.breaks, [])
    assert.equal(reconciliation.matched, sales)
    assert.equal(reconciliation.differenceWon, 0)
    assert.ok(entries > EVENTS)
  })
}

test('what a lying neighbour does in any of the stories is found', async () => {
  const found = new Set<string>()
  for (let seed = 1; seed <= 5; seed += 1) {
    for (const lie of ['swallows_notices', 'reads_silence'] as const) {
      const { reconciliation } = await play(seed, lie)
      for (const { kinds } of reconciliation.breaks) found.add(`${lie} ${kinds[0]}`)
    }
  }
  assert.ok(found.has('swallows_notices ledger_differs'))
  assert.ok(found.has('swallows_notices provisional_without_conversion'))
  assert.ok(found.has('reads_silence silent_debit'))
})

test('the stories have all that they are about', async () => {
  const kinds = new Map<string, number>()
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    for (const [kind, count] of (await play(seed)).kinds) {
      kinds.set(kind, (kinds.get(kind) ?? 0) + count)
    }
  }
  for (const kind of [
    'approved',
    'partially_approved',
    'not_applicable',
    'no_answer',
    'link_lost',
    'restarted',
    'unknown',
    'provisional',
    'late_answer',
    'completed',
    'cancellation_decided',
    'reversed',
  ]) {
    assert.ok((kinds.get(kind) ?? 0) > 0, `no ${kind}`)
  }
})

interface Story {
  readonly reconciliation: Reconciliation
  readonly entries: number
  readonly sales: number
  readonly kinds: ReadonlyMap<string, number>
}

/**
 * - `swallows_notices`: the gateway acknowledges reversals and advices and tells the core of none.
 * - `reads_silence`: the company takes no answer for no voucher.
 */
type Lie = 'swallows_notices' | 'reads_silence'

async function play(seed: number, lie?: Lie): Promise<Story> {
  const random = createRandom(seed)
  const time = createVirtualTime(START)
  const city = await openCardCity()
  city.now = START
  await city.give(random.integer(0, 60_000))
  const swallows = lie === 'swallows_notices'
  const gateway = createPassingGateway({ random, time, swallows }, async (act) => {
    city.now = time.now()
    return act(city.desk)
  })
  const written: Entry[] = []
  let life = 0
  const open = (): DeskRoom => {
    life += 1
    const own = life
    const isDead = (): boolean => own !== life
    const books = createCompanyBooks([issued])
    for (const entry of written) books.replay(entry)
    const behaviour = createBehaviourSwitch()
    behaviour.set({
      repeatEverything: random.chance(20),
      reversalFirst: random.chance(5),
      fallback: lie === 'reads_silence' ? 'as_2025' : 'by_choice',
    })
    const line = {
      gateway: 'a',
      isOpen: () => !isDead(),
      // Who died hears nothing.
      send: (message: OutgoingMessage) =>
        new Promise<LineOutcome>((resolve) => {
          void gateway.send(message).then((outcome) => (isDead() ? undefined : resolve(outcome)))
        }),
    }
    return createDeskRoom({
      partnerId: HANBIT,
      acquirer: '901',
      books,
      store: {
        append: (entry) => {
          if (!isDead()) written.push(entry)
        },
        durable: () => (isDead() ? new Promise(() => undefined) : Promise.resolve()),
      },
      time: {
        now: time.now,
        ticks: time.now,
        after: (delayMs, run) => time.after(delayMs, () => (isDead() ? undefined : run())),
      },
      lines: createLineChoice([line], behaviour.current),
      behaviour,
    })
  }
  let room = open()
  for (let event = 0; event < EVENTS; event += 1) {
    time.after(random.integer(0, 60_000), () => {
      if (random.chance(6)) {
        room = open()
        void resumeSales(room)
        resumeCancellations(room)
      }
      void act(room, random)
    })
  }
  await run(time, 70_000)
  gateway.heal()
  await run(time, 120_000)
  const operations = city.ledger
    .issuers()
    .flatMap((issuerId) => city.ledger.snapshot(issuerId).operations)
    .filter(({ card }) => card !== undefined)
  const ledger: CardBooks = {
    operations: operations.map(({ operationId, kind, decline, amountWon, targetId }) => ({
      operationId,
      issuerId: 1,
      kind,
      decline: decline ?? null,
      amountWon,
      targetId: targetId ?? null,
    })),
    conversions: city.conversions,
  }
  const sales = salesOf(written)
  const reconciliation = reconcile(
    { sales, gateways: [gateway.books()], ledger, gatewaysKnowSince: 0 },
    sha256,
  )
  return {
    reconciliation,
    entries: written.length,
    sales: sales.length,
    kinds: countKinds(written),
  }
}

async function act(room: DeskRoom, random: Random): Promise<void> {
  const approved = [...room.books.sales()].filter(({ decided }) => decided?.outcome === 'approved')
  const choice = random.integer(1, 10)
  try {
    if (choice <= 6 || approved.length === 0) {
      await sell(room, {
        terminal: `T000000${random.integer(1, 3)}`,
        cardToken: TOKEN,
        merchantNumber: random.chance(85) ? SHOP_NUMBER : '999999999900000',
        amountWon: random.integer(1, 9_000),
        partialAllowed: random.chance(40),
        cardClass: random.chance(30) ? 'authorization' : 'financial',
      })
      return
    }
    const { saleId, sale, decided } = random.pick(approved)
    const part = random.integer(1, sale.amountWon)
    if (choice === 7) {
      await completeSale(room, saleId, decided?.provisional === true ? sale.amountWon : part)
    } else if (choice <= 9) {
      await cancelSale(room, saleId, random.chance(50) ? undefined : part)
    } else {
      await reverseSale(room, saleId, 0)
    }
  } catch (error) {
    if (!(error instanceof DeskRefusal)) throw error
  }
}

/** A gateway without a stand-in: it passes on, records what it answered, and takes back what it asked in vain. */
function createPassingGateway(
  {
    random,
    time,
    swallows,
  }: { random: Random; time: ReturnType<typeof createVirtualTime>; swallows: boolean },
  ask: <Result>(
    act: (desk: Awaited<ReturnType<typeof openCardCity>>['desk']) => Promise<Result>,
  ) => Promise<Result>,
) {
  const answers = new Map<string, Promise<CardAnswer>>()
  const told = new Map<string, CardAnswer>()
  const notices = new Map<string, CardNotice[]>()
  let isWell = false
  const faulty = (percent: number): boolean => !isWell && random.chance(percent)

  const decide = async (request: CardRequest): Promise<CardAnswer> => {
    if (!faulty(10)) return ask((desk) => desk.decide(request))
    const wasAsked = random.chance(50)
    if (wasAsked) await ask((desk) => desk.decide(request))
    if (wasAsked && 'sale' in request) {
      const { sale } = request
      const reversal = { kind: 'reverse', sale, keepWon: won(0), decidedAt: time.now() } as const
      await ask((desk) => desk.take([{ ...reversal, by: 'gateway' }]))
    }
    return {
      verdict: 'unknown',
      reason: 'core_unreachable',
      voucherWon: won(0),
      accountWon: won(0),
      source: 'none',
      decidedBy: 'gateway',
    }
  }
  const answerOnce = (request: CardRequest): Promise<CardAnswer> => {
    if (!('sale' in request) && request.kind !== 'cancel') return decide(request)
    const key = cardKeyText('sale' in request ? request.sale.key : request.key)
    const known = answers.get(key)
    if (known !== undefined) return known
    const given = decide(request).then((answer) => {
      // What nobody could tell of a cancellation is asked anew.
      if (answer.verdict === 'unknown' && request.kind === 'cancel') answers.delete(key)
      else told.set(key, answer)
      return answer
    })
    answers.set(key, given)
    return given
  }
  const take = async (notice: CardNotice): Promise<LineOutcome> => {
    if (notice.kind === 'cancelled') return { outcome: 'no_answer' }
    const key = cardKeyText(notice.sale.key)
    if (!swallows) {
      const [receipt] = await ask((desk) => desk.take([notice]))
      assert.equal(receipt?.status, 'taken')
    }
    notices.set(key, [...(notices.get(key) ?? []), notice])
    return { outcome: 'acknowledged' }
  }
  return {
    heal() {
      isWell = true
    },
    async send(message: OutgoingMessage): Promise<LineOutcome> {
      await time.sleep(faulty(15) ? random.integer(0, 8_000) : random.integer(1, 50))
      if (faulty(8)) return { outcome: 'link_lost' }
      const outcome: LineOutcome =
        message.type === 'notice'
          ? await take(message.notice)
          : { outcome: 'answered', answer: await answerOnce(message.request) }
      await time.sleep(faulty(15) ? random.integer(0, 8_000) : random.integer(1, 50))
      return faulty(8) ? { outcome: 'link_lost' } : outcome
    },
    books: (): GatewayBooks => ({ gateway: 'a', answers: told, notices, waiting: new Map() }),
  }
}

async function run(time: ReturnType<typeof createVirtualTime>, forMs: number): Promise<void> {
  const until = time.now() + forMs
  time.after(forMs, () => undefined)
  while (time.now() < until) await time.step()
}

function countKinds(entries: readonly Entry[]): Map<string, number> {
  const kinds = new Map<string, number>()
  const count = (kind: string): void => void kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  for (const entry of entries) {
    count(entry.kind)
    if (entry.kind !== 'decided') continue
    count(entry.verdict)
    if (entry.provisional) count('provisional')
  }
  return kinds
}
