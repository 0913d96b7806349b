/** Amounts beside one another as bars, each with its name; the same as a table for those who would rather read. */
import { Table } from '../ui/table.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting, wonSpoken } from '../ui/writing.ts'

const words = {
  ko: {
    table: '표로 보기',
    what: '언제',
    payments: '건수',
    won: '금액',
    count: (n: string) => `${n}건`,
  },
  en: {
    table: 'As a table',
    what: 'When',
    payments: 'Payments',
    won: 'Amount',
    count: (n: string) => n,
  },
}

export interface Bar {
  readonly key: string
  /** Below the bar, short. */
  readonly label: string
  readonly won: number
  readonly payments: number
}

export function Bars({ caption, bars }: { caption: string; bars: readonly Bar[] }) {
  const t = useWords(words)
  const writing = useWriting()
  const most = Math.max(...bars.map(({ won }) => won), 1)
  const top = bars.find(({ won }) => won === most)
  return (
    <figure className="card stack" data-gap="s">
      <figcaption className="strong">{caption}</figcaption>
      <div className="bars" aria-hidden>
        {bars.map(({ key, label, won }) => (
          <div key={key} className="bar">
            <span className="bar-value">{key === top?.key ? wonSpoken(won) : ''}</span>
            <span className="bar-place">
              <span
                className="bar-body"
                data-most={key === top?.key}
                style={{ height: `${(Math.max(won, 0) / most) * 100}%` }}
              />
            </span>
            <span className="bar-label">{label}</span>
          </div>
        ))}
      </div>
      <details>
        <summary>{t.table}</summary>
        <Table
          caption={caption}
          isCaptionUnseen
          rows={bars}
          rowKey={({ key }) => key}
          columns={[
            { key: 'label', label: t.what, cell: ({ label }) => label },
            {
              key: 'payments',
              label: t.payments,
              cell: ({ payments }) => t.count(writing.number(payments)),
              isNumber: true,
            },
            { key: 'won', label: t.won, cell: ({ won }) => writing.won(won), isNumber: true },
          ]}
        />
      </details>
    </figure>
  )
}
