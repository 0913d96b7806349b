/** What a change would mean: now and then side by side, an example, what the law asks, what is in the way. */
import { CircleArrowDown } from 'lucide-react'
import { Facts } from '../ui/facts.tsx'
import { Table } from '../ui/table.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import type { Preview } from './programs.ts'

const words = {
  ko: {
    differences: '지금과 바뀐 뒤',
    term: '항목',
    before: '지금',
    after: '바뀐 뒤',
    worse: '시민에게 불리',
    same: '바뀌는 항목이 없습니다.',
    example: (won: string) => `${won} 상품권을 살 때`,
    pays: '시민이 내는 금액',
    earns: '캐시백',
    nothing: '해당 없음',
    notice: '알려야 하는 기간',
    adverse: (days: number) => `시민에게 불리한 변경이므로 적용 ${days}일 전에 알립니다.`,
    contract: (months: number) => `약관 변경이므로 ${months}개월 전에 알립니다.`,
    earliest: (when: string) => `지금 승인하면 가장 빠른 적용일은 ${when}입니다.`,
    holdings: (wallets: string, won: string) =>
      `${wallets}명이 이 상품권 ${won}을 가지고 있습니다.`,
    alone: '한 사람의 제안만으로 적용됩니다.',
    two: '다른 담당자의 승인이 있어야 적용됩니다.',
    problem: '이대로는 제안할 수 없습니다',
    field: (field: string) => `고칠 항목: ${field}`,
  },
  en: {
    differences: 'Now and then',
    term: 'Term',
    before: 'Now',
    after: 'Then',
    worse: 'worse for citizens',
    same: 'Nothing changes.',
    example: (won: string) => `Buying a voucher of ${won}`,
    pays: 'The citizen pays',
    earns: 'Cashback',
    nothing: 'none',
    notice: 'Notice',
    adverse: (days: number) => `It is worse for citizens, who are told ${days} days before.`,
    contract: (months: number) =>
      `It changes the contract, which is told ${months} month(s) before.`,
    earliest: (when: string) => `Approved now, it can take effect on ${when} at the earliest.`,
    holdings: (wallets: string, won: string) => `${wallets} people hold ${won} of it.`,
    alone: 'It takes effect by one officer.',
    two: 'Another officer has to approve it.',
    problem: 'It cannot be proposed like this',
    field: (field: string) => `To be mended: ${field}`,
  },
}

export function PreviewView({ preview }: { preview: Preview }) {
  const t = useWords(words)
  const language = useLanguage()
  const { problem, differences, matters } = preview
  const isNew = matters.includes('new_program')
  const named = differences.find(({ field }) => field === problem?.field)
  const name = language === 'ko' ? named?.name : named?.nameEn
  return (
    <div className="stack">
      {problem === null ? null : (
        <Banner tone="bad" isNews title={t.problem}>
          <p>{problem.field === null ? problem.code : t.field(name ?? problem.field)}</p>
        </Banner>
      )}
      {differences.length > 0 ? <Differences of={differences} /> : null}
      {differences.length === 0 && !isNew ? <p className="soft">{t.same}</p> : null}
      <div className="sides">
        <Example of={preview} />
        <Notice of={preview} />
      </div>
    </div>
  )
}

function Differences({ of: rows }: { of: Preview['differences'] }) {
  const t = useWords(words)
  const isKorean = useLanguage() === 'ko'
  return (
    <Table
      caption={t.differences}
      rows={rows}
      rowKey={({ field }) => field}
      columns={[
        {
          key: 'term',
          label: t.term,
          cell: ({ name, nameEn, isAdverse }) => (
            <span className="row">
              {isKorean ? name : nameEn}
              {isAdverse ? <Badge tone="wait">{t.worse}</Badge> : null}
            </span>
          ),
        },
        { key: 'before', label: t.before, cell: (row) => (isKorean ? row.before : row.beforeEn) },
        {
          key: 'after',
          label: t.after,
          cell: (row) => <strong>{isKorean ? row.after : row.afterEn}</strong>,
        },
      ]}
    />
  )
}

function Example({ of: { example } }: { of: Preview }) {
  const t = useWords(words)
  const writing = useWriting()
  if (example === null || (example.before === null && example.after === null)) return null
  const side = (at: typeof example.before) =>
    at === null
      ? [[t.pays, t.nothing] as const]
      : [
          [t.pays, writing.won(at.payWon)] as const,
          ...(at.cashbackWon > 0 ? [[t.earns, writing.won(at.cashbackWon)] as const] : []),
        ]
  return (
    <section className="card stack" data-gap="s">
      <h3>{t.example(writing.won(example.faceWon))}</h3>
      {example.before === null ? null : (
        <>
          <p className="soft">{t.before}</p>
          <Facts of={side(example.before)} />
          <CircleArrowDown className="icon" aria-hidden />
          <p className="soft">{t.after}</p>
        </>
      )}
      <Facts of={side(example.after)} />
    </section>
  )
}

function Notice({ of: preview }: { of: Preview }) {
  const t = useWords(words)
  const writing = useWriting()
  const { notice, holdings, needsSecondOfficer } = preview
  return (
    <section className="card stack" data-gap="s">
      <h3>{t.notice}</h3>
      {notice.adverseDays === null ? null : <p>{t.adverse(notice.adverseDays)}</p>}
      {notice.contractMonths === null ? null : <p>{t.contract(notice.contractMonths)}</p>}
      {notice.earliestAt === null ? null : <p>{t.earliest(writing.instant(notice.earliestAt))}</p>}
      {holdings === null ? null : (
        <p>{t.holdings(writing.number(holdings.wallets), writing.won(holdings.remainingWon))}</p>
      )}
      <p className="strong">{needsSecondOfficer ? t.two : t.alone}</p>
    </section>
  )
}
