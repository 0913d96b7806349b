/** Issued and used by day: one as filled bars, one as hatched bars, so that they differ without colour. */
import {
  Bar,
  BarChart,
  CartesianGrid,
  Legend,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting, wonSpoken } from '../ui/writing.ts'
import { overviewWords as words } from './overview-words.ts'
import type { Overview } from './overview-screen.tsx'

const HEIGHT = 280

export function DayChart({ days }: { days: Overview['days'] }) {
  const t = useWords(words)
  const isKorean = useLanguage() === 'ko'
  const writing = useWriting()
  const short = (won: number): string => (isKorean ? wonSpoken(won) : writing.won(won))
  return (
    <figure>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <BarChart data={[...days]} accessibilityLayer margin={{ left: 24 }}>
          <defs>
            <pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse">
              <path d="M0 6 6 0" stroke="var(--ink)" strokeWidth="1.5" />
            </pattern>
          </defs>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="day"
            tickFormatter={(day: string) => day.slice(5).replace('-', '/')}
            stroke="var(--ink-soft)"
            tick={{ fill: 'var(--ink-soft)', fontSize: 13 }}
          />
          <YAxis
            tickFormatter={short}
            width={72}
            stroke="var(--ink-soft)"
            tick={{ fill: 'var(--ink-soft)', fontSize: 13 }}
          />
          <Tooltip
            isAnimationActive={false}
            formatter={(value) => writing.won(Number(value))}
            labelFormatter={(day) => (typeof day === 'string' ? writing.day(day) : day)}
            contentStyle={{ background: 'var(--card)', border: '1px solid var(--line)' }}
            cursor={{ fill: 'var(--deed-soft)' }}
          />
          <Legend formatter={(name: string) => <span className="soft">{name}</span>} />
          <Bar dataKey="issuedWon" name={t.issued} fill="var(--deed)" isAnimationActive={false} />
          <Bar
            dataKey="usedWon"
            name={t.used}
            fill="url(#hatched)"
            stroke="var(--ink)"
            isAnimationActive={false}
          />
        </BarChart>
      </ResponsiveContainer>
    </figure>
  )
}
