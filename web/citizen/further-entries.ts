/** Where the list of everything leads beyond buying and paying, in groups. */
import {
  Bell,
  Building2,
  CreditCard,
  Gift,
  HandCoins,
  HandHeart,
  Landmark,
  MapPin,
  MessageSquareWarning,
  PhoneOff,
  ReceiptText,
  RefreshCw,
  ShieldCheck,
  Undo2,
} from 'lucide-react'
import type { ComponentType } from 'react'

export type EntryGroup = 'money' | 'help' | 'account'

export interface FurtherEntry {
  readonly group: EntryGroup
  readonly label: { readonly ko: string; readonly en: string }
  readonly icon: ComponentType<{ 'aria-hidden'?: boolean; className?: string }>
  /** @param issuerCode of the municipality that was looked at last */
  readonly to: (issuerCode: string) => string
}

const within =
  (place: string) =>
  (issuerCode: string): string =>
    `/app/${issuerCode}/${place}`

export const furtherEntries: readonly FurtherEntry[] = [
  { group: 'money', label: { ko: '카드', en: 'Cards' }, icon: CreditCard, to: within('cards') },
  { group: 'money', label: { ko: '선물', en: 'Presents' }, icon: Gift, to: within('gifts') },
  { group: 'money', label: { ko: '환급', en: 'Refund' }, icon: Undo2, to: within('refund') },
  {
    group: 'money',
    label: { ko: '가상계좌로 구매', en: 'Buy by virtual account' },
    icon: Landmark,
    to: within('virtual-accounts'),
  },
  {
    group: 'money',
    label: { ko: '자동충전', en: 'Automatic top-up' },
    icon: RefreshCw,
    to: within('top-ups'),
  },
  {
    group: 'money',
    label: { ko: '캐시백', en: 'Cashback' },
    icon: HandCoins,
    to: within('cashback'),
  },
  {
    group: 'money',
    label: { ko: '정책수당', en: 'Stipends' },
    icon: HandHeart,
    to: within('stipends'),
  },
  {
    group: 'money',
    label: { ko: '가맹점 찾기', en: 'Find shops' },
    icon: MapPin,
    to: within('shops'),
  },
  {
    group: 'money',
    label: { ko: '법인', en: 'Corporations' },
    icon: Building2,
    to: within('corporations'),
  },
  {
    group: 'help',
    label: { ko: '분실 정지', en: 'Lost phone' },
    icon: PhoneOff,
    to: () => '/app/lost',
  },
  { group: 'help', label: { ko: '알림', en: 'Notices' }, icon: Bell, to: () => '/app/notices' },
  {
    group: 'help',
    label: { ko: '오류 신고', en: 'Report an error' },
    icon: MessageSquareWarning,
    to: within('reports'),
  },
  {
    group: 'account',
    label: { ko: '소득공제', en: 'Tax deduction' },
    icon: ReceiptText,
    to: within('tax'),
  },
  {
    group: 'account',
    label: { ko: '내 정보와 동의', en: 'My data and consents' },
    icon: ShieldCheck,
    to: within('my-data'),
  },
]
