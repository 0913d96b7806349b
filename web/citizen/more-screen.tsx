/** Everything else that the app can do, in groups; what needs a municipality is about the one looked at last. */
import { KeyRound, Landmark, MapPinned, QrCode, ShoppingCart } from 'lucide-react'
import type { ComponentType } from 'react'
import { RowLink } from '../ui/facts.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { furtherEntries } from './further-entries.ts'
import { useUsualMembership } from './membership.tsx'

const words = {
  ko: {
    title: '더보기',
    about: (name: string) => `${name} 기준이에요.`,
    groups: { money: '상품권', help: '도움', account: '내 정보' },
    buy: '상품권 사기',
    code: '내 코드',
    bank: '통장 연결',
    security: '결제 비밀번호',
    join: '다른 지역 가입',
  },
  en: {
    title: 'More',
    about: (name: string) => `About ${name}.`,
    groups: { money: 'Vouchers', help: 'Help', account: 'About me' },
    buy: 'Buy vouchers',
    code: 'My code',
    bank: 'Account',
    security: 'PIN and passkeys',
    join: 'Join another municipality',
  },
}

interface Entry {
  readonly group: keyof (typeof words)['ko']['groups']
  readonly label: Exclude<keyof (typeof words)['ko'], 'about' | 'groups'>
  readonly icon: ComponentType<{ 'aria-hidden'?: boolean; className?: string }>
  /** @param issuerCode of the municipality that was looked at last */
  readonly to: (issuerCode: string) => string
}

const entries: readonly Entry[] = [
  { group: 'money', label: 'buy', icon: ShoppingCart, to: (issuer) => `/app/${issuer}/buy` },
  { group: 'money', label: 'code', icon: QrCode, to: (issuer) => `/app/code/${issuer}` },
  { group: 'account', label: 'bank', icon: Landmark, to: (issuer) => `/app/${issuer}/account` },
  {
    group: 'account',
    label: 'security',
    icon: KeyRound,
    to: (issuer) => `/app/${issuer}/security`,
  },
  { group: 'account', label: 'join', icon: MapPinned, to: () => '/app/join' },
]

export function MoreScreen() {
  const t = useWords(words)
  const language = useLanguage()
  const membership = useUsualMembership()
  const all = [
    ...entries.map((entry) => ({ ...entry, text: t[entry.label] })),
    ...furtherEntries.map((entry) => ({ ...entry, text: entry.label[language] })),
  ]
  return (
    <div className="stack" data-gap="l">
      <div>
        <h1>{t.title}</h1>
        {membership === undefined ? null : <p className="soft">{t.about(membership.name)}</p>}
      </div>
      {(['money', 'help', 'account'] as const).map((group) => {
        const shown = all.filter((entry) => entry.group === group)
        return shown.length === 0 ? null : (
          <section key={group} className="stack" data-gap="s">
            <h2>{t.groups[group]}</h2>
            <ul className="list">
              {shown.map(({ text, icon: Icon, to }) => (
                <li key={text}>
                  <RowLink to={to(membership?.issuerCode ?? '')}>
                    <span className="row">
                      <Icon className="icon" aria-hidden />
                      {text}
                    </span>
                  </RowLink>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}
