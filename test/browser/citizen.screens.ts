/** The citizen's screens of joining, buying, paying and looking back. */
import { scanned } from './hands.ts'
import type { Screen } from './screen.ts'

const app = 'citizen'
const as = 'person-0001'
const KEY = '0193a1b2-7e5a-7c3d-8e4f-0123456789ab'

export const citizenScreens: readonly Screen[] = [
  { app, as, path: '/', ready: '내 상품권' },
  { app, as, path: '/app/join', ready: '지역 고르기' },
  { app, as, path: '/app/join/gunsan', ready: '이미 가입했어요' },
  { app, as: 'person-0201', path: '/app/join/iksan', ready: '동의할 내용' },
  { app, as: 'person-0201', path: '/', ready: '지역 고르기' },
  { app, as, path: '/app/gunsan/account', ready: '출금에 동의했어요' },
  { app, as, path: '/app/gunsan/security', ready: '패스키' },
  { app, as, path: '/app/gunsan/buy', ready: '남은 한도' },
  { app, as, path: scanned(KEY), ready: '등록된 가맹점' },
  { app, as, path: '/app/pay?code=other&key=k', ready: '두레 결제 코드가 아니에요' },
  { app, as, path: `/app/pay?for=${KEY}`, ready: '다시 찍기' },
  { app, as, path: '/app/pay?way=type', ready: '결제 코드' },
  { app, as, path: '/app/code/gunsan', ready: '내 코드' },
  { app, as, path: '/app/history/gunsan', ready: '상품권 구매' },
  { app, as, path: '/app/history/gunsan/unknown', ready: '찾을 수 없는 내역이에요' },
  { app, as, path: '/app/more', ready: '더보기' },
]
