/** Screens of operations and of the demonstration. */
import type { Screen } from './screen.ts'

const as = 'person-0798'

export const opsScreens: readonly Screen[] = [
  { app: 'ops', path: '/ops', as, ready: '살펴볼 것' },
  { app: 'ops', path: '/ops/issuers', as, ready: '군산시' },
  { app: 'ops', path: '/ops/issuers/gunsan', as, ready: '운영자금' },
  { app: 'ops', path: '/ops/cards', as, ready: '개시됨' },
  { app: 'ops', path: '/ops/cards?tab=orders', as, ready: '지시 이력' },
  { app: 'ops', path: '/ops/cards?tab=sales', as, ready: '카드 끝 네 자리' },
  { app: 'ops', path: '/ops/cases', as, ready: '사후전환' },
  { app: 'ops', path: '/ops/cases?tab=all', as, ready: '운영사 자체' },
  { app: 'ops', path: '/ops/cases?tab=conversions', as, ready: '처음 날' },
  { app: 'ops', path: '/ops/work', as, ready: '정산일' },
  { app: 'ops', path: '/ops/work?tab=jobs&state=waiting', as, ready: '정기 작업' },
  { app: 'demo', path: '/demo', ready: '게이트웨이 A' },
]
