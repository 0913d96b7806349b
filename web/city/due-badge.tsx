/** How long there is until something is due: a sign and words, red when it is late. */
import { serverNow } from '../api/server-clock.ts'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { dayOf } from './days.ts'

const words = {
  ko: {
    left: (days: number) => `${days}일 남음`,
    today: '오늘까지',
    late: (days: number) => `${days}일 지남`,
    lateToday: '기한 지남',
  },
  en: {
    left: (days: number) => `${days} day(s) left`,
    today: 'due today',
    late: (days: number) => `${days} day(s) late`,
    lateToday: 'late',
  },
}

const DAY_MS = 86_400_000
/** So few days left look urgent. */
const SOON_DAYS = 2

export function DueBadge({ at }: { at: string }) {
  const t = useWords(words)
  const now = serverNow()
  const due = Date.parse(at)
  const days = Math.round((Date.parse(dayOf(due)) - Date.parse(dayOf(now))) / DAY_MS)
  if (due < now) return <Badge tone="bad">{days === 0 ? t.lateToday : t.late(-days)}</Badge>
  return (
    <Badge tone={days <= SOON_DAYS ? 'wait' : 'plain'}>{days === 0 ? t.today : t.left(days)}</Badge>
  )
}
