/**
 * The link from a card company to a gateway: messages on it are lost, doubled, delayed and so reordered; when it ends,
 * what was under way on it ends with it, and neither side knows how far it came.
 */
import type { CardAnswer, CardNotice, CardRequest } from '../../src/cards/cards.ts'
import type { Random } from '../../src/demonstration/random.ts'
import type {
  GatewayLine,
  LineOutcome,
  OutgoingMessage,
} from '../../simulated/card-company-ports.ts'
import type { Journal } from '../journal.ts'
import type { VirtualTime } from '../virtual-time.ts'
import type { CardFaults } from './card-faults.ts'

const TRIP_MS_MIN = 1
const TRIP_MS_MAX = 40
const REDIAL_MS_MAX = 3_000
/** As the real line gives up. */
const ANSWER_WITHIN_MS = 12_000

/** The gateway's end. An answer or a refusal to acknowledge; `undefined`: nothing is sent back. */
export interface LinkEnd {
  isUp(): boolean
  request(request: CardRequest): Promise<CardAnswer | undefined>
  /** True once the notice is acknowledged. */
  notice(notice: CardNotice): Promise<boolean>
}

export interface PartnerLink extends GatewayLine {
  /** Ends it; it is dialled again by itself. */
  cut(): void
}

export function createPartnerLink(options: {
  readonly gateway: string
  readonly about: string
  readonly time: VirtualTime
  readonly random: Random
  readonly faults: CardFaults
  readonly journal: Journal
  readonly end: LinkEnd
}): PartnerLink {
  const { gateway, time, random, faults, journal, end } = options
  let epoch = 0
  let openAgainAt = 0
  const underWay = new Set<() => void>()
  const isOpen = (): boolean => time.now() >= openAgainAt && end.isUp()

  const cut = (): void => {
    epoch += 1
    openAgainAt = time.now() + random.integer(50, REDIAL_MS_MAX)
    for (const lose of underWay) lose()
    underWay.clear()
  }
  const tripMs = (): number =>
    random.integer(TRIP_MS_MIN, TRIP_MS_MAX) +
    (random.chance(faults.messageDelayed) ? random.integer(0, faults.messageDelayMsMax) : 0)
  /** To the other end, never, once or twice, and only while this very link lasts. */
  const carry = (lostPercent: number, deliver: () => void): void => {
    const on = epoch
    const arrive = (): void => {
      if (on === epoch && isOpen()) deliver()
    }
    if (!random.chance(lostPercent)) time.after(tripMs(), arrive)
    if (random.chance(faults.messageDoubled)) time.after(tripMs(), arrive)
  }
  const answerTo = async (message: OutgoingMessage): Promise<LineOutcome | undefined> => {
    if (message.type === 'notice') {
      return (await end.notice(message.notice)) ? { outcome: 'acknowledged' } : undefined
    }
    const answer = await end.request(message.request)
    return answer === undefined ? undefined : { outcome: 'answered', answer }
  }

  return {
    gateway,
    isOpen,
    cut() {
      journal.note(options.about, 'link is cut')
      cut()
    },
    send: (message) =>
      new Promise((resolve) => {
        if (!isOpen()) return resolve({ outcome: 'not_sent' })
        const lose = (): void => resolve({ outcome: 'link_lost' })
        const done = (outcome: LineOutcome): void => {
          underWay.delete(lose)
          resolve(outcome)
        }
        underWay.add(lose)
        time.after(ANSWER_WITHIN_MS, () => done({ outcome: 'no_answer' }))
        const serve = async (): Promise<void> => {
          const on = epoch
          const outcome = await answerTo(message)
          if (outcome === undefined || on !== epoch) return
          if (random.chance(faults.linkCutAtAnswer)) cut()
          else carry(faults.answerLost, () => done(outcome))
        }
        carry(faults.messageLost, () => void serve())
      }),
  }
}
