/** Screens of city hall, as an officer of Gunsan sees them. */
import type { Screen } from './screen.ts'

const OFFICER = 'person-0044'

const screen = (path: string, ready: string): Screen => ({
  app: 'city',
  path: `/city/gunsan/${path}`,
  as: OFFICER,
  ready,
})

export const cityScreens: readonly Screen[] = [
  screen('overview', '날짜별 발행과 사용'),
  screen('programs', '군산사랑상품권'),
  screen('programs/new', '어떤 상품권인가요?'),
  screen('programs/prg_1', '조건의 흐름'),
  screen('programs/prg_1/change', '바꿀 값만 고치세요'),
  screen('programs/prg_1/end', '쓸 수 있는 마지막 날'),
  screen('programs/prg_1/stop', '판매합니다'),
  screen('pots', '쓰는 사업'),
  screen('proposals', '결재'),
  screen('stipends', '지급 묶음'),
  screen('stipends/new', '파일 고르기'),
  screen('stipends?view=appeals', '이의신청'),
  screen('stipends?view=clawbacks', '환수'),
  screen('merchants', '등록 신청'),
  screen('merchants?view=all&text=은파', '은파분식'),
  screen('merchants/mrc_1', '심사 항목'),
  screen('cases', '민원·예외'),
  screen('cases?view=refunds', '환급 신청'),
  screen('money', '일일 대사'),
  screen('money?view=expected', '교부 예정 등록'),
  screen('money?view=payouts', '지급'),
  screen('money?view=held', '지급 보류'),
  screen('members?member=mbr_1', '가려서 보는 중'),
  screen('members?view=corporations', '법인'),
  screen('records', '업무 이력'),
  screen('records?view=access', '보는 이유'),
  screen('records?view=jobs', 'stipend_grant'),
]
