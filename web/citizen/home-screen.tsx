/** The first screen: what I have in each municipality. */
import { Amount } from '../ui/amount.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useWords } from '../ui/words.ts'
import { useMemberships, type Membership } from './membership.tsx'
import { useWallet } from './wallet.ts'

const words = {
  ko: { title: '내 상품권' },
  en: { title: 'My vouchers' },
}

export function HomeScreen() {
  const t = useWords(words)
  return (
    <>
      <h1>{t.title}</h1>
      {useMemberships().map((membership) => (
        <WalletCard key={membership.issuerCode} membership={membership} />
      ))}
    </>
  )
}

function WalletCard({ membership }: { membership: Membership }) {
  const wallet = useWallet(membership)
  return (
    <section className="card stack" data-gap="s">
      <h2>{membership.name}</h2>
      <Loaded read={wallet}>{({ totalWon }) => <Amount won={totalWon} size="l" />}</Loaded>
    </section>
  )
}
