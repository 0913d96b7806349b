/** What is due soon or late, the late first. */
import { Link } from 'wouter'
import { Table } from '../ui/table.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { caseWords } from './case-words.ts'
import type { Due } from './live.ts'
import { useIssuerNames } from './partners.ts'

const words = {
  ko: {
    kind: '무엇',
    issuer: '발행기관',
    operator: '운영사',
    owner: '맡은 곳',
    owners: { operator: '운영사', issuer: '발행기관' },
    state: '기한',
    late: '지남',
    soon: '곧',
    dueAt: '언제까지',
    age: '지난 날',
    days: (count: string) => `${count}일`,
  },
  en: {
    kind: 'What',
    issuer: 'Issuer',
    operator: 'Operator',
    owner: 'Whose',
    owners: { operator: 'Operator', issuer: 'Issuer' },
    state: 'Due',
    late: 'Late',
    soon: 'Soon',
    dueAt: 'Until',
    age: 'Age',
    days: (count: string) => `${count} d`,
  },
}

export function DueTable({ caption, due }: { caption: string; due: readonly Due[] }) {
  const t = useWords(words)
  const cw = useWords(caseWords)
  const writing = useWriting()
  const issuerName = useIssuerNames()
  const rows = due.toSorted((one, other) => one.dueAt.localeCompare(other.dueAt))
  return (
    <Table
      caption={caption}
      isCaptionUnseen
      rows={rows}
      rowKey={({ caseId, issuerCode }) => `${issuerCode ?? ''} ${caseId}`}
      columns={[
        {
          key: 'kind',
          label: t.kind,
          cell: ({ kind, owner, caseId, issuerCode, report }) => {
            const name =
              report === null
                ? cw.kinds[kind]
                : `${cw.kinds[kind]} · ${cw.categories[report.category]}`
            return owner === 'operator' ? (
              <Link href={caseAddress({ caseId, issuerCode, kind })}>{name}</Link>
            ) : (
              name
            )
          },
        },
        {
          key: 'issuer',
          label: t.issuer,
          cell: ({ issuerCode }) => (issuerCode === null ? t.operator : issuerName(issuerCode)),
        },
        { key: 'owner', label: t.owner, cell: ({ owner }) => t.owners[owner] },
        {
          key: 'state',
          label: t.state,
          cell: (one) =>
            one.due === 'overdue' ? (
              <Badge tone="bad">{t.late}</Badge>
            ) : (
              <Badge tone="wait">{t.soon}</Badge>
            ),
        },
        { key: 'dueAt', label: t.dueAt, cell: ({ dueAt }) => writing.instant(dueAt) },
        {
          key: 'age',
          label: t.age,
          isNumber: true,
          cell: ({ ageDays }) => t.days(writing.number(ageDays)),
        },
      ]}
    />
  )
}

/** Of a case's own screen; whose it is stands in the address, since ids are an issuer's own. */
export function caseAddress(one: {
  readonly caseId: string
  readonly issuerCode: string | null
  readonly kind: string
}): string {
  const query = one.issuerCode === null ? '' : `?issuer=${one.issuerCode}`
  return `/cases/${one.caseId}${query}`
}
