/** What stands at the door: whose app this is and what it does, in three lines. */
import { BellRing, Landmark, QrCode } from 'lucide-react'
import { useWords } from '../ui/words.ts'

const words = {
  ko: {
    title: '상품권 받는 가게, 두레 가맹점',
    points: ['QR로 바로 받아요', '소리로 알려 드려요', '통장으로 넣어 드려요'],
    identify: '본인확인을 하면 시작해요',
  },
  en: {
    title: 'Dure, for shops that take vouchers',
    points: ['Take it by QR code', 'Hear every payment', 'Paid into your account'],
    identify: 'Prove who you are to begin',
  },
}

const icons = [QrCode, BellRing, Landmark] as const

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
