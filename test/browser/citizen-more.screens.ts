/** The citizen's screens around paying: cards, presents, refunds, rights. */
import type { Screen } from './screen.ts'

const screens = [
  ['/app/more', '가맹점 찾기'],
  ['/app/notices', '공지'],
  ['/app/lost', '모두 정지하기'],
  ['/app/gunsan/cards', '한빛카드'],
  ['/app/gunsan/cards/new', '무엇으로 낼까요?'],
  ['/app/gunsan/cards/crd_1', '연결 해제'],
  ['/app/gunsan/refund', '구매한 상품권'],
  ['/app/gunsan/gifts', '받은 선물'],
  ['/app/gunsan/gifts/new', '선물할 수 있는 금액'],
  ['/app/gunsan/virtual-accounts', '내 가상계좌'],
  ['/app/gunsan/top-ups', '자동충전 시작하기'],
  ['/app/gunsan/top-ups/new', '위 내용에 동의합니다'],
  ['/app/gunsan/cashback', '캐시백'],
  ['/app/gunsan/reports', '신고하기'],
  ['/app/gunsan/reports/new', '어느 거래인가요?'],
  ['/app/gunsan/shops', '은파분식'],
  ['/app/gunsan/shops?view=plan', '은파분식'],
  ['/app/gunsan/stipends', '받은 수당'],
  ['/app/gunsan/corporations', '대리하는 법인이 없습니다'],
  ['/app/gunsan/tax', '사용한 금액'],
  ['/app/gunsan/my-data', '이용약관'],
  ['/app/gunsan/my-data?tab=looks', '열람 기록'],
  ['/app/gunsan/my-data?tab=copy', '내 정보 모두 (JSON)'],
  ['/app/gunsan/my-data?tab=leaving', '남은 상품권'],
] as const

export const citizenMoreScreens: readonly Screen[] = screens.map(([path, ready]) => ({
  app: 'citizen',
  path,
  as: 'person-0001',
  ready,
}))
