/**
 * Notices of a simulated card company: reversals, advices and completions, each repeated until it is acknowledged, over
 * whichever gateway can be reached. Of one sale they go one after the other.
 */
import type { CardNotice } from '../src/cards/cards.ts'
import { won } from '../src/base/base.ts'
import type { BehaviourSwitch } from './card-company-behaviour.ts'
import type { CompanyBooks, SaleStanding } from './card-company-books.ts'
import type { OwedNotice } from './card-company-entries.ts'
import { askWithin, type LineChoice } from './card-company-lines.ts'
import type { CompanyTime, EntryStore, GatewayLine } from './card-company-ports.ts'

/** Sales whose notices are under way at once; the others wait their turn. */
const UNDER_WAY_MAX = 128
const ACKNOWLEDGED_WITHIN_MS = 2_000
const PAUSE_MS_MIN = 100
const PAUSE_MS_MAX = 2_000

export interface NoticeDelivery {
  /** Sees to it that whatever the sale owes is told; resolves when nothing is owed. */
  deliver(saleId: string): Promise<void>
  /** Sales that owe a notice. */
  owing(): number
  stop(): void
}

export interface NoticeDeliveryOptions {
  readonly books: CompanyBooks
  readonly store: EntryStore
  readonly time: CompanyTime
  readonly lines: LineChoice
  readonly behaviour: Pick<BehaviourSwitch, 'current'>
}

export function createNoticeDelivery(options: NoticeDeliveryOptions): NoticeDelivery {
  const { books, time } = options
  const waiting = new Map<string, PromiseWithResolvers<void>>()
  const queue: string[] = []
  let underWay = 0
  let stopped = false

  const startNext = (): void => {
    while (underWay < UNDER_WAY_MAX) {
      const saleId = queue.shift()
      if (saleId === undefined) return
      underWay += 1
      tell(saleId, 0)
    }
  }
  const finish = (saleId: string): void => {
    underWay -= 1
    waiting.get(saleId)?.resolve()
    waiting.delete(saleId)
    startNext()
  }
  /** One attempt; what is not acknowledged is told again, as a repeat of the same message. */
  const tell = (saleId: string, tries: number): void => {
    if (stopped) return
    const standing = books.sale(saleId)
    const notice = standing?.owed[0]
    if (standing === undefined || notice === undefined) {
      finish(saleId)
      return
    }
    const line = options.lines.pick(standing.decided?.gateway)
    const again = (): void => {
      time.after(Math.min(PAUSE_MS_MIN * 2 ** tries, PAUSE_MS_MAX), () =>
        tell(saleId, Math.min(tries + 1, 16)),
      )
    }
    if (line === undefined) {
      again()
      return
    }
    void sendNotice(options, { line, standing, notice, isRepeat: tries > 0 }).then((acknowledged) =>
      acknowledged ? tell(saleId, 0) : again(),
    )
  }

  return {
    deliver(saleId) {
      const known = waiting.get(saleId)
      if (known !== undefined) return known.promise
      if ((books.sale(saleId)?.owed.length ?? 0) === 0) return Promise.resolve()
      const delivery = Promise.withResolvers<void>()
      waiting.set(saleId, delivery)
      queue.push(saleId)
      startNext()
      return delivery.promise
    },
    owing: () => waiting.size,
    stop() {
      stopped = true
    },
  }
}

async function sendNotice(
  { books, store, time, behaviour }: NoticeDeliveryOptions,
  order: { line: GatewayLine; standing: SaleStanding; notice: OwedNotice; isRepeat: boolean },
): Promise<boolean> {
  const { line, standing, notice, isRepeat } = order
  const { saleId } = standing
  const message = { type: 'notice', notice: noticeOf(standing, notice), isRepeat } as const
  const heard = await askWithin(time, line, {
    message,
    deadlineMs: ACKNOWLEDGED_WITHIN_MS,
    repeats: behaviour.current().repeatEverything,
    onLate: () => undefined,
  })
  if (heard.outcome !== 'acknowledged') return false
  store.append(books.add({ kind: 'acknowledged', saleId, notice }, time.now()))
  return true
}

/** The notice in the words of the canonical model. */
export function noticeOf(standing: SaleStanding, notice: OwedNotice): CardNotice {
  const { sale, decided, reversed, completed } = standing
  switch (notice) {
    case 'reverse':
      return {
        kind: 'reverse',
        sale,
        keepWon: won(reversed?.keepWon ?? 0),
        decidedAt: reversed?.at ?? decided?.at ?? sale.at,
      }
    case 'advise':
      return {
        kind: 'advise',
        sale,
        by: 'provisional_debit',
        approvedWon: won(decided?.accountWon ?? 0),
        decidedAt: decided?.at ?? sale.at,
      }
    default:
      return {
        kind: 'complete',
        sale,
        amountWon: won(completed?.dueWon ?? 0),
        decidedAt: completed?.at ?? sale.at,
      }
  }
}
