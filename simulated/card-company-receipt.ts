/** What a simulated card company tells a terminal: who paid, what is left, and why, in the cardholder's language. */
import { declineReasons, type DeclineReason } from '../src/base/base.ts'
import type { CardReason } from '../src/cards/cards.ts'
import { declineAnswers } from '../src/http/decline-answers.ts'
import type { CancellationStanding, SaleStanding } from './card-company-books.ts'
import type { EntryOf } from './card-company-entries.ts'

export interface Words {
  readonly ko: string
  readonly en: string
}

export function receiptOf(standing: SaleStanding): object {
  const { saleId, sale, decided, voucherWon, accountWon, reversed, completed, refunded } = standing
  return {
    saleId,
    key: sale.key,
    amountWon: sale.amountWon,
    outcome: decided?.outcome ?? 'under_way',
    verdict: decided?.verdict ?? null,
    reason: decided?.reason ?? null,
    source: decided?.source ?? 'none',
    voucherWon,
    accountWon,
    remainingWon: decided?.remainingWon ?? null,
    approvalCode: decided?.approvalCode ?? null,
    provisional: decided?.provisional ?? false,
    decidedBy: decided?.decidedBy ?? null,
    gateway: decided?.gateway ?? null,
    latencyMs: decided?.latencyMs ?? null,
    reversed: reversed !== undefined,
    completedWon: completed?.amountWon ?? null,
    refundedWon: refunded.reduce((sum, entry) => sum - entry.accountWon, 0),
    owed: standing.owed,
    why: decided === undefined ? null : wordsOf(decided),
  }
}

export function cancellationReceipt({ asked, decided }: CancellationStanding): object {
  return {
    saleId: asked.saleId,
    key: asked.key,
    amountWon: asked.amountWon,
    outcome: decided === undefined ? 'pending' : outcomeOf(decided),
    verdict: decided?.verdict ?? null,
    reason: decided?.reason ?? null,
    voucherBackWon: 0 - (decided?.voucherWon ?? 0),
    accountBackWon: 0 - (decided?.accountWon ?? 0),
  }
}

function outcomeOf({ verdict }: EntryOf<'cancellation_decided'>): 'cancelled' | 'declined' {
  return verdict === 'approved' || verdict === 'not_asked' ? 'cancelled' : 'declined'
}

/** Why the sale ended as it did. */
export function wordsOf(decided: EntryOf<'decided'>): Words {
  if (decided.provisional) {
    return {
      ko: '상품권 확인이 안 되어 계좌에서 임시로 결제했습니다. 확인되면 상품권 결제로 바꾸어 드립니다.',
      en: 'The voucher could not be checked, so the account paid for now. It becomes a voucher payment later.',
    }
  }
  if (decided.silent) {
    return { ko: '계좌에서 결제했습니다.', en: 'Paid from the account.' }
  }
  if (decided.reason !== null) return wordsOfReason(decided.reason)
  switch (decided.verdict) {
    case 'approved':
      return { ko: '상품권으로 결제했습니다.', en: 'Paid by voucher.' }
    case 'partially_approved':
      return {
        ko: '일부는 상품권으로, 나머지는 계좌에서 결제했습니다.',
        en: 'Paid partly by voucher; the account paid the rest.',
      }
    case 'not_applicable':
      return {
        ko: '상품권을 쓸 수 없는 결제라 계좌에서 결제했습니다.',
        en: 'The voucher does not apply here, so the account paid.',
      }
    case 'declined':
      return { ko: '결제가 거절되었습니다.', en: 'The payment was declined.' }
    default:
      return unknownWords
  }
}

const unknownWords: Words = {
  ko: '지금은 상품권을 확인할 수 없어 결제하지 않았습니다. 돈은 빠져나가지 않았습니다.',
  en: 'The voucher cannot be checked now, so nothing was paid. No money was taken.',
}

type OwnReason = Exclude<CardReason, DeclineReason> | 'partial_not_allowed' | 'account_short'
const ownWords: Readonly<Partial<Record<OwnReason | 'answer_contradicts_sale', Words>>> = {
  merchant_not_registered: {
    ko: '상품권 가맹점이 아니어서 계좌에서 결제했습니다.',
    en: 'The shop takes no voucher, so the account paid.',
  },
  card_not_linked: {
    ko: '이 지역 상품권에 연결되지 않은 카드라 계좌에서 결제했습니다.',
    en: 'The card is not linked to this region’s voucher, so the account paid.',
  },
  standin_limit_exceeded: {
    ko: '시스템 점검 중 결제 한도를 넘어 결제하지 않았습니다.',
    en: 'Above what can be paid while the system is away; nothing was paid.',
  },
  partial_not_allowed: {
    ko: '상품권 잔액이 모자라고 복합결제를 허용하지 않아 결제하지 않았습니다.',
    en: 'The voucher is short and paying the rest from the account is not allowed.',
  },
  account_short: {
    ko: '계좌 잔액이 모자라 결제하지 않았습니다.',
    en: 'The account is short; nothing was paid.',
  },
}

function wordsOfReason(reason: string): Words {
  const own = Object.entries(ownWords).find(([name]) => name === reason)?.[1]
  if (own !== undefined) return own
  const known = declineReasons.find((name) => name === reason)
  if (known === undefined) return unknownWords
  const { ko, en } = declineAnswers[known]
  return { ko, en }
}
