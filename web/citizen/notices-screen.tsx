/** Notices of every municipality, the newest first, and what each posted about its vouchers. */
import { useQueries } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useSearchParams } from 'wouter'
import { useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Empty, Loading } from '../ui/loaded.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useMemberships } from './membership.tsx'
import { markSeen, useNotices, type Notice } from './notices.ts'
import { Screen } from './screen.tsx'

const words = {
  ko: {
    title: '알림',
    tabs: '알림 종류',
    mine: '나에게 온 알림',
    posted: '공지',
    isNew: '새 알림',
    none: '아직 알림이 없습니다',
    noneNote: '결제 결과, 유효기간, 환급처럼 알아야 할 일이 생기면 여기에 모입니다.',
    nonePosted: '게시된 공지가 없습니다',
    nonePostedNote: '상품권의 할인율이나 사용처처럼 조건이 바뀌면 미리 여기에 알립니다.',
    failed: (names: string) => `지금은 ${names}의 알림을 불러오지 못했습니다.`,
    again: '다시 불러오기',
    about: {
      adverse_change: '조건 변경',
      contract_change: '약관 변경',
      abolition: '사업 종료',
    },
    from: '적용',
    refundUntil: '환급 신청',
    until: (day: string) => `${day}까지`,
    change: (before: string, after: string) => `${before} → ${after}`,
  },
  en: {
    title: 'Notices',
    tabs: 'Kinds of notices',
    mine: 'To me',
    posted: 'Posted',
    isNew: 'New',
    none: 'No notices yet',
    noneNote: 'Results of payments, expiry and refunds: what you should know gathers here.',
    nonePosted: 'Nothing is posted',
    nonePostedNote: 'Changes of a voucher’s terms are posted here beforehand.',
    failed: (names: string) => `Notices of ${names} could not be read now.`,
    again: 'Try again',
    about: {
      adverse_change: 'Change of terms',
      contract_change: 'Change of contract',
      abolition: 'End of a voucher',
    },
    from: 'In force',
    refundUntil: 'Refunds',
    until: (day: string) => `until ${day}`,
    change: (before: string, after: string) => `${before} → ${after}`,
  },
}

export function NoticesScreen() {
  const t = useWords(words)
  const [search, setSearch] = useSearchParams()
  return (
    <Screen title={t.title} back="/app/more">
      <Tabs
        label={t.tabs}
        selected={search.get('tab') ?? 'mine'}
        onSelect={(tab) => setSearch({ tab }, { replace: true })}
        views={[
          { id: 'mine', label: t.mine, view: () => <Mine /> },
          { id: 'posted', label: t.posted, view: () => <Posted /> },
        ]}
      />
    </Screen>
  )
}

function Mine() {
  const t = useWords(words)
  const { items, isLoading, failed, again } = useNotices()
  const newAtFirst = useRef(new Set<string>())
  for (const { noticeId, isNew } of items) if (isNew) newAtFirst.current.add(noticeId)
  const newest = items[0]?.at
  useEffect(() => {
    if (newest !== undefined) markSeen(newest)
  }, [newest])
  return (
    <div className="stack">
      <Failed names={failed.map(({ name }) => name)} onAgain={again} />
      {isLoading && items.length === 0 ? <Loading /> : null}
      {!isLoading && failed.length === 0 && items.length === 0 ? (
        <Empty title={t.none}>
          <p className="soft">{t.noneNote}</p>
        </Empty>
      ) : null}
      {items.length === 0 ? null : (
        <ul className="list">
          {items.map((notice) => (
            <li key={`${notice.issuerCode} ${notice.noticeId}`}>
              <NoticeRow notice={notice} isNew={newAtFirst.current.has(notice.noticeId)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function NoticeRow({ notice, isNew }: { notice: Notice; isNew: boolean }) {
  const t = useWords(words)
  const language = useLanguage()
  const writing = useWriting()
  return (
    <div className="list-row">
      <div className="grow stack" data-gap="s">
        <div className="row" data-spread>
          <span className="soft small">
            {notice.issuerName} · <time dateTime={notice.at}>{writing.instant(notice.at)}</time>
          </span>
          {isNew ? <Badge tone="good">{t.isNew}</Badge> : null}
        </div>
        <p>{language === 'ko' ? notice.text : notice.textEn}</p>
      </div>
    </div>
  )
}

function Failed({ names, onAgain }: { names: readonly string[]; onAgain: () => void }) {
  const t = useWords(words)
  if (names.length === 0) return null
  return (
    <Banner tone="wait" isNews title={t.failed(names.join(', '))}>
      <div>
        <Button onPress={onAgain}>{t.again}</Button>
      </div>
    </Banner>
  )
}

function Posted() {
  const t = useWords(words)
  const { client } = useTools()
  const memberships = useMemberships()
  const reads = useQueries({
    queries: memberships.map(({ issuerCode }) => ({
      queryKey: ['announcements', issuerCode],
      queryFn: () =>
        answered(
          client.GET('/v1/issuers/{issuerCode}/announcements', {
            params: { path: { issuerCode } },
          }),
        ),
      meta: { keep: true },
    })),
  })
  const failed = memberships.filter((_, index) => reads[index]?.isError === true)
  const items = reads.flatMap(({ data }, index) =>
    (data?.items ?? []).map((item) => ({ ...item, issuerName: memberships[index]?.name ?? '' })),
  )
  const isLoading = reads.some(({ isPending }) => isPending)
  return (
    <div className="stack">
      <Failed
        names={failed.map(({ name }) => name)}
        onAgain={() => reads.forEach((read) => void read.refetch())}
      />
      {isLoading ? <Loading /> : null}
      {!isLoading && failed.length === 0 && items.length === 0 ? (
        <Empty title={t.nonePosted}>
          <p className="soft">{t.nonePostedNote}</p>
        </Empty>
      ) : null}
      {items.map((item) => (
        <Announcement key={item.announcementId} item={item} />
      ))}
    </div>
  )
}

interface Change {
  readonly name: string
  readonly nameEn: string
  readonly before: string
  readonly beforeEn: string
  readonly after: string
  readonly afterEn: string
}

function Announcement(props: {
  readonly item: {
    readonly issuerName: string
    readonly programName: string
    readonly programNameEn: string
    readonly about: 'adverse_change' | 'contract_change' | 'abolition'
    readonly effectiveFrom: string
    readonly refundUntil: string | null
    readonly changes: readonly Change[]
  }
}) {
  const { item } = props
  const t = useWords(words)
  const isKorean = useLanguage() === 'ko'
  const writing = useWriting()
  const facts = item.changes.map((change): readonly [string, string] => [
    isKorean ? change.name : change.nameEn,
    isKorean ? t.change(change.before, change.after) : t.change(change.beforeEn, change.afterEn),
  ])
  return (
    <article className="card stack" data-gap="s">
      <div className="row" data-spread>
        <span className="soft small">{item.issuerName}</span>
        <Badge tone="wait">{t.about[item.about]}</Badge>
      </div>
      <h2>{isKorean ? item.programName : item.programNameEn}</h2>
      <Facts
        of={[
          [t.from, writing.day(item.effectiveFrom)],
          ...facts,
          ...(item.refundUntil === null
            ? []
            : [[t.refundUntil, t.until(writing.day(item.refundUntil))] as const]),
        ]}
      />
    </article>
  )
}
