/** What gateways say of themselves, in words. */
import type { GatewayStatus } from './live.ts'

export type Mode = GatewayStatus['orders'][number]['mode']

interface GatewayWords {
  readonly core: Record<GatewayStatus['core'], string>
  readonly feed: Record<GatewayStatus['feed']['state'], string>
  readonly store: Record<GatewayStatus['store']['state'], string>
  readonly phases: Readonly<Record<string, string>>
  readonly modes: Record<Mode, string>
  name(name: string): string
  /** A count such as `standin.approved`: who decided what, and why. */
  counted(key: string): string
}

export const gatewayWords: { readonly ko: GatewayWords; readonly en: GatewayWords } = {
  ko: {
    core: { asked: '코어에 묻는 중', probed: '코어를 시험 중', not_asked: '코어에 묻지 않음' },
    feed: { following: '따라가는 중', synchronising: '전체를 받는 중', cut_off: '끊김' },
    store: { writable: '쓸 수 있음', full: '가득 참' },
    phases: {
      connected: '연결됨',
      signed_on: '개시됨',
      signed_off: '종료됨',
      closed: '닫힘',
    },
    modes: { automatic: '자동', forced: '강제', forbidden: '금지' },
    name: (name) => name.replace('gateway-', '게이트웨이 ').replace(/[ab]$/, upper),
    counted: (key) => inWords(key, countedKo),
  },
  en: {
    core: { asked: 'Asks the core', probed: 'Tries the core', not_asked: 'Does not ask the core' },
    feed: { following: 'Following', synchronising: 'Synchronising', cut_off: 'Cut off' },
    store: { writable: 'Writable', full: 'Full' },
    phases: {
      connected: 'Connected',
      signed_on: 'Signed on',
      signed_off: 'Signed off',
      closed: 'Closed',
    },
    modes: { automatic: 'Automatic', forced: 'Forced', forbidden: 'Forbidden' },
    name: (name) => name.replace('gateway-', 'Gateway ').replace(/[ab]$/, upper),
    counted: (key) => inWords(key, {}),
  },
}

function upper(letter: string): string {
  return letter.toUpperCase()
}

/** Parts of counts; reasons stay as the messages of card companies name them. */
const countedKo: Readonly<Record<string, string>> = {
  core: '코어',
  standin: '대행승인',
  gateway: '게이트웨이',
  approved: '승인',
  partially_approved: '부분승인',
  not_applicable: '해당 없음',
  declined: '거절',
  unknown: '확인 불가',
  notice: '통보',
  advise: '통보함',
  reverse: '취소함',
  cancelled: '취소됨',
  take_back: '되돌림',
  in_vain: '답 없음',
  repeat: '다시 온 전문',
  key_reused: '같은 번호의 다른 전문',
  totals: '합계 대조',
  applied: '반영됨',
  known: '이미 앎',
}

function inWords(key: string, known: Readonly<Record<string, string>>): string {
  return key
    .split('.')
    .map((part) => known[part] ?? part.replaceAll('_', ' '))
    .join(' · ')
}
