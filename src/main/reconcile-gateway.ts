/** What gateways' stores say about a sale, their answers and the notices that they owe the core. */
import { cardKeyText, type CardNotice, type CardVerdict } from '../cards/cards.ts'
import type { CompanySale } from './reconcile-company.ts'

export interface GatewayAnswer {
  readonly verdict: CardVerdict
  readonly voucherWon: number
  readonly decidedBy: string
}

/** One gateway's store, by card key. */
export interface GatewayBooks {
  readonly gateway: string
  readonly answers: ReadonlyMap<string, GatewayAnswer>
  /** Of the sale's key; those that the core has taken, too. */
  readonly notices: ReadonlyMap<string, readonly CardNotice[]>
  /** How many notices of a sale the core has not taken. */
  readonly waiting: ReadonlyMap<string, number>
}

/** What all gateways together say about one sale. */
export interface GatewayView {
  readonly hasAnswer: boolean
  readonly voucherWon: number
  readonly saysNotApplicable: boolean
  readonly waiting: number
  readonly text: string
}

/** An answer counts wherever it was given; notices change it wherever they arrived. */
export function gatewayView(gateways: readonly GatewayBooks[], sale: CompanySale): GatewayView {
  const { keyText } = sale
  const answers = gateways.flatMap(({ gateway, answers: all }) => {
    const answer = all.get(keyText)
    return answer === undefined ? [] : [{ gateway, ...answer }]
  })
  const notices = gateways.flatMap(({ notices: all }) => all.get(keyText) ?? [])
  const waiting = gateways.reduce((sum, books) => sum + (books.waiting.get(keyText) ?? 0), 0)
  const texts = answers.map(
    ({ gateway, verdict, voucherWon, decidedBy }) =>
      `${gateway}: ${verdict} ₩${voucherWon} by ${decidedBy}`,
  )
  return {
    hasAnswer: answers.length > 0,
    voucherWon: netWon(gateways, sale, answers, notices),
    saysNotApplicable: answers.some(({ verdict }) => verdict === 'not_applicable'),
    waiting,
    text: [
      ...texts,
      ...notices.map(({ kind }) => kind),
      ...(waiting === 0 ? [] : [`${waiting} notices not taken`]),
    ].join(', '),
  }
}

function netWon(
  gateways: readonly GatewayBooks[],
  sale: CompanySale,
  answers: readonly GatewayAnswer[],
  notices: readonly CardNotice[],
): number {
  let netWon = answers.find(isApproval)?.voucherWon ?? advisedWon(notices)
  for (const notice of notices) if (notice.kind === 'complete') netWon = notice.amountWon
  const isProvisional = notices.some(
    (one) => one.kind === 'advise' && one.by === 'provisional_debit',
  )
  if (isProvisional) netWon = 0
  for (const notice of notices) {
    // Our own gateway's reversal takes back what the core did unheard, not what the company was told.
    if (notice.kind === 'reverse' && notice.by !== 'gateway') {
      netWon = Math.min(netWon, notice.keepWon)
    }
  }
  const cancelled = sale.cancellationKeys.map((key) => {
    const text = cardKeyText(key)
    return gateways.map(({ answers: all }) => all.get(text)).find((one) => one && isApproval(one))
  })
  const wasCancelled = cancelled.some((answer) => answer !== undefined)
  const isHold =
    sale.key.cardClass === 'authorization' && !notices.some(({ kind }) => kind === 'complete')
  // Whatever was held of it is free.
  if (isHold && wasCancelled) return 0
  return netWon - cancelled.reduce((sum, answer) => sum + (answer?.voucherWon ?? 0), 0)
}

/** What stand-in told of a sale whose answer is no longer kept. */
function advisedWon(notices: readonly CardNotice[]): number {
  const advice = notices.find((one) => one.kind === 'advise' && one.by !== 'provisional_debit')
  return advice?.kind === 'advise' ? advice.approvedWon : 0
}

function isApproval({ verdict }: GatewayAnswer): boolean {
  return verdict === 'approved' || verdict === 'partially_approved'
}
