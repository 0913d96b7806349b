/** What stands at the door: whose app this is and what it does, in three lines. */
import { Percent, QrCode, Store } from 'lucide-react'
import { useWords } from '../ui/words.ts'

const words = {
  ko: {
    title: '우리 동네 상품권, 두레',
    points: ['할인받아 사요', 'QR과 카드로 결제해요', '쓴 돈은 동네 가게로 가요'],
    identify: '본인확인을 하면 시작해요',
  },
  en: {
    title: 'Dure, the voucher of your town',
    points: ['Buy at a discount', 'Pay by QR code or card', 'It goes to shops nearby'],
    identify: 'Prove who you are to begin',
  },
}

const icons = [Percent, QrCode, Store] as const

export function Welcome() {
  const t = useWords(words)
  return (
    <section className="stack">
      <h1>{t.title}</h1>
      <ul className="welcome-points">
        {icons.map((Icon, index) => (
          <li key={t.points[index]}>
            <Icon aria-hidden />
            {t.points[index]}
          </li>
        ))}
      </ul>
      <h2>{t.identify}</h2>
    </section>
  )
}
