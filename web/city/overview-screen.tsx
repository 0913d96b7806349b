/** City hall's first screen. */
import { useWords } from '../ui/words.ts'

const words = { ko: { title: '현황' }, en: { title: 'Overview' } }

export function OverviewScreen() {
  const t = useWords(words)
  return <h1>{t.title}</h1>
}
