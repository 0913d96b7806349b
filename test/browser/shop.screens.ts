/** Screens of a shop: of its owner, of a clerk, and of somebody who has none. */
import type { Screen } from './screen.ts'

const as = 'person-0002'
const shop = '/shop/gunsan/mrc_1'

export const shopScreens: readonly Screen[] = [
  { app: 'shop', path: `${shop}/till`, as, ready: '금액을 먼저 눌러 주세요' },
  { app: 'shop', path: `${shop}/till?way=show&amount=12000`, as, ready: '초 남음' },
  { app: 'shop', path: `${shop}/till?way=scan&amount=12000`, as, ready: '코드 숫자 24자리' },
  { app: 'shop', path: `${shop}/sales`, as, ready: '받은 금액' },
  { app: 'shop', path: `${shop}/sales?view=week`, as, ready: '요일별 매출' },
  { app: 'shop', path: `${shop}/sales?view=day`, as, ready: '결제 내역' },
  { app: 'shop', path: `${shop}/settlement`, as, ready: '정산 예정 금액' },
  { app: 'shop', path: `${shop}/settlement/account`, as, ready: '계좌 등록·변경' },
  { app: 'shop', path: `${shop}/settlement/statements`, as, ready: 'PDF로 받기' },
  { app: 'shop', path: `${shop}/settlement/revenue`, as, ready: '신고한 매출' },
  { app: 'shop', path: `${shop}/shop`, as, ready: '사업자등록번호' },
  { app: 'shop', path: `${shop}/shop/outlets`, as, ready: 'QR 스티커 새로 만들기' },
  { app: 'shop', path: `${shop}/shop/clerks`, as, ready: '지금 계산할 수 있는 사람' },
  { app: 'shop', path: `${shop}/shop/registration`, as, ready: '가맹점으로 등록되어 있습니다' },
  { app: 'shop', path: `${shop}/shop/notices`, as, ready: '알림' },
  { app: 'shop', path: `${shop}/shop/reports`, as, ready: '새로 신고하기' },
  { app: 'shop', path: `${shop}/shop/reports/new`, as, ready: '어떤 일이 있었나요?' },
  { app: 'shop', path: `${shop}/shop`, as: 'person-0003', ready: '점원' },
  { app: 'shop', path: '/shop', as: 'person-0001', ready: '아직 등록된 가게가 없어요' },
  { app: 'shop', path: '/shop/apply', as: 'person-0001', ready: '사업자등록번호' },
  { app: 'shop', path: '/shop/clerk-code', as: 'person-0001', ready: '초 남음' },
]
