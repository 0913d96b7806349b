/** Choosing among the lines to the gateways, and asking over one of them within a deadline. */
import type { CardAnswer } from '../src/cards/cards.ts'
import type { CompanyBehaviour } from './card-company-behaviour.ts'
import type { Heard } from './card-company-decision.ts'
import type {
  CompanyTime,
  GatewayLine,
  LineOutcome,
  OutgoingMessage,
} from './card-company-ports.ts'

export interface LineChoice {
  /** A line that can carry a message now; the preferred gateway's where that one can. */
  pick(preferred?: string | null): GatewayLine | undefined
  /** The line of that gateway and no other. */
  named(gateway: string): GatewayLine | undefined
}

export function createLineChoice(
  lines: readonly GatewayLine[],
  behaviour: () => Pick<CompanyBehaviour, 'choice'>,
): LineChoice {
  let turn = 0
  const named = (gateway: string): GatewayLine | undefined =>
    lines.find((line) => line.gateway === gateway)
  return {
    named,
    pick(preferred) {
      if (typeof preferred === 'string') {
        const line = named(preferred)
        if (line?.isOpen() === true) return line
      }
      const open = lines.filter((line) => line.isOpen())
      if (behaviour().choice === 'primary_standby') return open[0]
      turn += 1
      return open[turn % Math.max(open.length, 1)]
    },
  }
}

/**
 * Sends, and waits for at most `deadlineMs`. What comes after that is handed to `onLate`; with `repeats` the same
 * message goes out twice, and an answer to the second that differs from the first counts as late too.
 */
export function askWithin(
  time: CompanyTime,
  line: GatewayLine,
  order: {
    readonly message: OutgoingMessage
    readonly deadlineMs: number
    readonly repeats: boolean
    readonly onLate: (answer: CardAnswer) => void
  },
): Promise<Heard | { outcome: 'acknowledged' }> {
  const { message, deadlineMs, repeats, onLate } = order
  return new Promise((resolve) => {
    let heard: LineOutcome | undefined
    const take = (outcome: LineOutcome): void => {
      if (heard === undefined) {
        heard = outcome
        timer.cancel()
        resolve(outcome)
        return
      }
      const isNews = heard.outcome !== 'answered' || !sameAnswer(heard, outcome)
      if (outcome.outcome === 'answered' && isNews) onLate(outcome.answer)
    }
    const timer = time.after(deadlineMs, () => take({ outcome: 'no_answer' }))
    void line.send(message).then(take)
    if (!repeats) return
    // A repeat that was not answered says nothing about the first sending.
    void line
      .send({ ...message, isRepeat: true })
      .then((outcome) => (isHeard(outcome) ? take(outcome) : undefined))
  })
}

function isHeard({ outcome }: LineOutcome): boolean {
  return outcome === 'answered' || outcome === 'acknowledged'
}

function sameAnswer(one: LineOutcome, other: LineOutcome): boolean {
  if (one.outcome !== 'answered' || other.outcome !== 'answered') return false
  return (
    one.answer.verdict === other.answer.verdict && one.answer.voucherWon === other.answer.voucherWon
  )
}
