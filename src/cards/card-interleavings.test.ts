/**
 * C3: whatever the order, however often, and with whichever answers lost the messages about some sales of one wallet
 * come, the ledger ends where the story of each sale says.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Fault, won } from '../base/base.ts'
import {
  cardOperationId,
  type CardDeskDeps,
  type CardNotice,
  type CardRequest,
  type CardSale,
} from './cards.ts'
import {
  GUNSAN,
  keyOf,
  NOON,
  openCardCity,
  saleOf,
  sha256,
  type CardCity,
} from './fixtures/card-city.ts'
import { findBooks, openHold, standingParts } from './sale-books.ts'

/** What became of one sale, as the terminal and the card company know it. */
interface Story {
  readonly authorization: boolean
  readonly amountWon: number
  readonly partialAllowed: boolean
  /**
   * - `core`: asked and answered. - `standin`, `partner`: approved by them. - `given_up`: nobody knew, and the sale was
   *   declined and reversed. - `debited`: nobody knew, and the account paid.
   */
  readonly decided: 'core' | 'standin' | 'partner' | 'given_up' | 'debited'
  /** Tenths of the amount that stand-in approved. */
  readonly tenths: number
  readonly afterwards: 'nothing' | 'reversed' | 'cancelled' | 'cancelled_in_part' | 'completed'
  /** Tenths of the amount that were due at a completion. */
  readonly dueTenths: number
  /** How often each message is told; a question that was not heard, also never. */
  readonly times: readonly number[]
}

const story: fc.Arbitrary<Story> = fc.record({
  authorization: fc.boolean(),
  amountWon: fc.integer({ min: 10, max: 2_000 }).map((tens) => tens * 10),
  partialAllowed: fc.boolean(),
  decided: fc.constantFrom('core', 'standin', 'partner', 'given_up', 'debited'),
  tenths: fc.integer({ min: 1, max: 10 }),
  afterwards: fc.constantFrom('nothing', 'reversed', 'cancelled', 'cancelled_in_part', 'completed'),
  dueTenths: fc.integer({ min: 0, max: 13 }),
  times: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 6 }),
})

type Message =
  | { readonly request: CardRequest; readonly notice?: undefined }
  | { readonly notice: CardNotice; readonly request?: undefined }

/** What must stand in the end. */
interface Ending {
  readonly standingWon: number
  readonly mayHold: boolean
  readonly isDebited: boolean
}

interface Plan {
  readonly sale: CardSale
  readonly messages: readonly Message[]
  readonly ending: Ending
}

const tenthsOf = (amountWon: number, tenths: number): number => (amountWon / 10) * tenths

/** The messages of a story, and its ending. @param heardWon what the core answered where it was heard */
function plan(each: Story, sale: CardSale, heardWon: number): Plan {
  const { decided, authorization, times } = each
  const decidedAt = NOON
  const told = (notice: CardNotice, count = 1): Message[] =>
    Array.from({ length: Math.max(1, count) }, () => ({ notice }))
  const reverse: CardNotice = { kind: 'reverse', sale, keepWon: won(0), decidedAt }
  const takeBack: CardNotice = { ...reverse, by: 'gateway' }
  const asks = Array.from({ length: times[0]! }, () => ({ request: questionOf(sale) }))
  const approvedWon = decided === 'core' ? heardWon : tenthsOf(each.amountWon, each.tenths)
  const advise = (
    by: Extract<CardNotice, { kind: 'advise' }>['by'],
    amount: number,
  ): CardNotice => ({
    kind: 'advise',
    sale,
    by,
    approvedWon: won(amount),
    decidedAt,
  })
  const nothing: Ending = { standingWon: 0, mayHold: false, isDebited: false }
  if (decided === 'given_up') {
    const messages = [...asks, ...told(takeBack, times[1]), ...told(reverse, times[2])]
    return { sale, messages, ending: nothing }
  }
  if (decided === 'debited') {
    const debit = advise('provisional_debit', each.amountWon)
    const messages = [...asks, ...told(takeBack, times[1]), ...told(debit, times[2])]
    return { sale, messages, ending: { ...nothing, isDebited: true } }
  }
  if (approvedWon === 0) return { sale, messages: asks, ending: nothing }
  const decision = {
    core: told(advise('core', approvedWon), times[1]),
    standin: told(advise('standin', approvedWon), times[1]),
    partner: [...told(takeBack, times[1]), ...told(advise('partner', approvedWon), times[3])],
  }[decided]
  const after = afterwards(each, sale, approvedWon)
  const messages = [...asks, ...decision, ...after.notices.flatMap((one) => told(one, times[2]))]
  const standing = authorization ? 0 : approvedWon
  return {
    sale,
    messages,
    ending: after.ending ?? { standingWon: standing, mayHold: authorization, isDebited: false },
  }
}

function afterwards(
  { afterwards: what, authorization, amountWon, dueTenths }: Story,
  sale: CardSale,
  approvedWon: number,
): { readonly notices: readonly CardNotice[]; readonly ending?: Ending } {
  const decidedAt = NOON
  const nothing: Ending = { standingWon: 0, mayHold: false, isDebited: false }
  const cancelled = (amount: number): CardNotice => ({
    kind: 'cancelled',
    key: { ...sale.key, stan: `9${sale.key.stan.slice(1)}`, cardClass: 'cancellation' },
    original: sale,
    amountWon: won(amount),
    decidedAt,
  })
  switch (what) {
    case 'reversed':
      return {
        notices: [{ kind: 'reverse', sale, keepWon: won(0), decidedAt }],
        ending: nothing,
      }
    case 'cancelled':
      return { notices: [cancelled(approvedWon)], ending: nothing }
    case 'cancelled_in_part': {
      if (authorization || approvedWon < 2) return { notices: [] }
      const backWon = Math.floor(approvedWon / 2)
      const standingWon = approvedWon - backWon
      return { notices: [cancelled(backWon)], ending: { ...nothing, standingWon } }
    }
    case 'completed': {
      if (!authorization) return { notices: [] }
      const dueWon = tenthsOf(amountWon, dueTenths)
      const notice = { kind: 'complete', sale, amountWon: won(dueWon), decidedAt } as const
      return { notices: [notice], ending: { ...nothing, standingWon: dueWon } }
    }
    default:
      return { notices: [] }
  }
}

const questionOf = (sale: CardSale): CardRequest => ({
  kind: sale.key.cardClass === 'authorization' ? 'authorize' : 'pay',
  sale,
})

type Mishap = 'none' | 'before' | 'after'

/** A ledger whose calls begin and end when the scheduler says, some of them with a lost question or answer. */
function unsteady(
  ledger: CardDeskDeps['ledger'],
  scheduler: fc.Scheduler,
  mishaps: Mishap[],
  isOver: () => boolean,
): CardDeskDeps['ledger'] {
  const calm =
    <Given extends readonly unknown[], Result>(call: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      if (isOver()) return call(...given)
      const mishap = mishaps.shift() ?? 'none'
      await scheduler.schedule(Promise.resolve('call'))
      if (mishap === 'before') throw new Fault('wallet_busy', 'in the way')
      const result = await call(...given)
      await scheduler.schedule(Promise.resolve('answer'))
      if (mishap === 'after') throw new Fault('postgres_answer_lost', 'on the way back')
      return result
    }
  return {
    pay: calm(ledger.pay),
    hold: calm(ledger.hold),
    closeHolds: calm(ledger.closeHolds),
    cancel: calm(ledger.cancel),
    find: calm(ledger.find),
  }
}

const TRIES_MAX = 40

/** Tells it until it is taken, as a gateway does. */
async function tell({ desk }: CardCity, { request, notice }: Message): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (notice !== undefined) {
      const [receipt] = await desk.take([notice])
      if (receipt?.status === 'taken') return
      continue
    }
    try {
      await desk.decide(request)
      return
    } catch (error) {
      if (!(error instanceof Fault)) throw error
    }
  }
  assert.fail('a message that was told often enough is taken')
}

async function assertEnding(city: CardCity, { sale, ending }: Plan): Promise<number> {
  const books = await findBooks(city.deps, GUNSAN, { key: sale.key })
  const standing = standingParts(books).reduce((sum, { leftWon }) => sum + leftWon, 0)
  assert.equal(standing, ending.standingWon, 'what stands is what the story says')
  if (!ending.mayHold) {
    const { held } = await heldFor(city, books)
    assert.equal(held, false, 'nothing is held any more')
  }
  const saleId = cardOperationId(sale.key, 'sale', sha256)
  const isOpen = city.conversions.some((conversion) => conversion.saleId === saleId)
  assert.equal(
    isOpen,
    ending.isDebited,
    'a conversion is open where the account paid, and nowhere else',
  )
  const answer = await city.desk.decide(questionOf(sale))
  assert.notEqual(answer.verdict, 'unknown')
  if (answer.accountWon > 0) {
    const isOneOrTheOther = standing === 0 || answer.voucherWon > 0
    assert.ok(isOneOrTheOther, 'C1: voucher and account never both pay the same won')
    assert.equal(ending.isDebited, false)
  }
  return standing
}

async function heldFor(
  city: CardCity,
  books: Awaited<ReturnType<typeof findBooks>>,
): Promise<{ held: boolean }> {
  const hold = openHold(books)
  const rows = city.ledger.snapshot(GUNSAN).operations
  const isClosed = rows.some(
    (row) => row.decline === undefined && row.targetId === hold?.operationId,
  )
  return { held: hold !== undefined && !isClosed }
}

test('C3: every order, repetition and loss of the messages about a sale ends where its story says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(story, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 0, max: 3_000 }).map((tens) => tens * 10),
      fc.scheduler(),
      fc.array(fc.constantFrom<Mishap>('none', 'none', 'none', 'before', 'after'), {
        maxLength: 20,
      }),
      fc.infiniteStream(fc.nat()),
      async (stories, givenWon, scheduler, mishaps, chance) => {
        let isOver = true
        const city = await openCardCity({
          around: (ledger) => unsteady(ledger, scheduler, mishaps, () => isOver),
        })
        if (givenWon > 0) await city.give(givenWon)
        const plans: Plan[] = []
        for (const [index, each] of stories.entries()) {
          const sale = saleOf(
            { amountWon: won(each.amountWon), partialAllowed: each.partialAllowed },
            keyOf({
              stan: `00000${index}`,
              cardClass: each.authorization ? 'authorization' : 'financial',
            }),
          )
          const heard =
            each.decided === 'core' ? await city.desk.decide(questionOf(sale)) : undefined
          plans.push(plan(each, sale, heard?.voucherWon ?? 0))
        }
        isOver = false
        const messages = plans
          .flatMap(({ messages: ofSale }) => ofSale)
          .map((message) => ({ message, place: chance.next().value }))
          .toSorted((a, b) => a.place - b.place)
        await scheduler.waitFor(Promise.all(messages.map(({ message }) => tell(city, message))))
        isOver = true
        await assertPeace(city, plans, givenWon)
        const lots = await city.ledger.lots(GUNSAN, city.links[0]!.walletId)
        for (const { message } of messages) await tell(city, message)
        assert.deepEqual(
          await city.ledger.lots(GUNSAN, city.links[0]!.walletId),
          lots,
          'once all is taken, telling it again moves nothing',
        )
      },
    ),
    { numRuns: 400 },
  )
})

async function assertPeace(
  city: CardCity,
  plans: readonly Plan[],
  givenWon: number,
): Promise<void> {
  let standing = 0
  for (const each of plans) standing += await assertEnding(city, each)
  const { left, held } = await city.holds()
  const { clearing, loss, merchant } = city.owes()
  assert.equal(clearing, standing, 'the card company is owed what stands')
  assert.equal(merchant, 0)
  assert.equal(left + held + clearing - loss, givenWon, 'no won is made or lost')
}
