/** The fields of a program's rules about corporations. */
import { lower, type TermsField } from './change-areas.ts'

export const corporateFields: readonly TermsField[] = [
  {
    path: 'corporate',
    ko: '법인 구매 조건',
    en: 'rules for corporations',
    area: 'limits',
    unit: 'list',
    isWorse: (before, after) =>
      after.corporate === null
        ? before.corporate?.payableByCard === true
        : !after.corporate.payableByCard || !after.corporate.soldToMembers,
  },
  {
    path: 'corporate.soldToMembers',
    ko: '회원에게도 판매',
    en: 'sold to members too',
    area: 'sale',
    unit: 'flag',
    isWorse: (_before, after) => after.corporate?.soldToMembers === false,
  },
  {
    path: 'corporate.discounted',
    ko: '법인 할인',
    en: 'discount for corporations',
    area: 'benefit',
    unit: 'flag',
    isWorse: (_before, after) => after.corporate?.discounted === false,
  },
  {
    path: 'corporate.monthlyPurchaseCapWon',
    ko: '법인 월 구매한도',
    en: 'monthly purchase cap of a corporation',
    area: 'limits',
    unit: 'won',
    isWorse: lower((terms) => terms.corporate?.monthlyPurchaseCapWon ?? null),
  },
  {
    path: 'corporate.holdingCapWon',
    ko: '법인 보유한도',
    en: 'holding cap of a corporation',
    area: 'limits',
    unit: 'won',
    isWorse: lower((terms) => terms.corporate?.holdingCapWon ?? null),
  },
  {
    path: 'corporate.payableByCard',
    ko: '연결 카드로 결제',
    en: 'paid with by linked card',
    area: 'limits',
    unit: 'flag',
    isWorse: (_before, after) => after.corporate?.payableByCard === false,
  },
]
