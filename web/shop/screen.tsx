/** The frame of one screen of a shop: a way back, the heading, a sentence. */
import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Empty } from '../ui/loaded.tsx'
import { useWords } from '../ui/words.ts'
import { useShop } from './shop-context.tsx'

const words = {
  ko: {
    back: '이전',
    ownerOnly: '대표만 볼 수 있습니다',
    ownerOnlyNote: '점원은 계산과 매출 화면을 쓸 수 있습니다.',
  },
  en: {
    back: 'Back',
    ownerOnly: 'For the owner only',
    ownerOnlyNote: 'Clerks can use the till and see the sales.',
  },
}

export interface ScreenProps {
  readonly title: string
  /** Where the way back leads; none on the first screen of a place. */
  readonly back?: string
  readonly note?: string
  readonly children: ReactNode
}

export function Screen({ title, back, note, children }: ScreenProps) {
  const t = useWords(words)
  return (
    <>
      <div className="stack" data-gap="s">
        {back === undefined ? null : (
          <Link href={back} className="way-back">
            <ArrowLeft className="icon" aria-hidden />
            {t.back}
          </Link>
        )}
        <h1>{title}</h1>
        {note === undefined ? null : <p className="soft">{note}</p>}
      </div>
      {children}
    </>
  )
}

/** The same for what only the owner may see. */
export function OwnerScreen({ children, ...rest }: ScreenProps) {
  const t = useWords(words)
  const { isOwner } = useShop()
  return (
    <Screen {...rest}>
      {isOwner ? (
        children
      ) : (
        <Empty title={t.ownerOnly}>
          <p>{t.ownerOnlyNote}</p>
        </Empty>
      )}
    </Screen>
  )
}
