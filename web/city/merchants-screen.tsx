/** Merchants: what waits for a decision with its days, all of them, and what is published. */
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { useTools } from '../api/app-context.tsx'
import { downloadFile } from '../api/download.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { RowLink } from '../ui/facts.tsx'
import { Empty, Trouble } from '../ui/loaded.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { AllMerchantsView } from './all-merchants-view.tsx'
import { useCity } from './city-context.tsx'
import { DueBadge } from './due-badge.tsx'
import { lifeTones, lifeWords, useMerchant, type Life } from './merchants.ts'
import { Paged, usePages } from './paged.tsx'

const words = {
  ko: {
    title: '가맹점',
    views: { work: '심사할 것', all: '모든 가맹점', published: '공개 목록' },
    kinds: {
      applied: '등록 신청',
      documents_asked: '서류 보완 중',
      objected: '이의신청',
      cancellation_noticed: '사전통지',
    },
    show: '보기',
    none: '기다리는 일이 없습니다',
    noneNote: '가맹점이 신청하면 여기에 기한과 함께 올라옵니다.',
    applied: (when: string) => `${when} 신청`,
    theirs: '가맹점의 답을 기다리는 중',
    merchants: '가맹점 목록 (CSV)',
    cancellations: '등록취소 공고 (CSV)',
    publishedNote: '누구나 볼 수 있게 공개된 목록 그대로입니다.',
  },
  en: {
    title: 'Merchants',
    views: { work: 'To be decided', all: 'All merchants', published: 'Published lists' },
    kinds: {
      applied: 'Applications',
      documents_asked: 'Documents asked for',
      objected: 'Objections',
      cancellation_noticed: 'Notices given',
    },
    show: 'Show',
    none: 'Nothing waits',
    noneNote: 'Applications come here with the day by which they are decided.',
    applied: (when: string) => `applied ${when}`,
    theirs: 'waits for the merchant',
    merchants: 'Merchants (CSV)',
    cancellations: 'Cancelled registrations (CSV)',
    publishedNote: 'As everybody can read them.',
  },
}

const views = ['work', 'all', 'published'] as const
const works = ['applied', 'documents_asked', 'objected', 'cancellation_noticed'] as const

export function MerchantsScreen() {
  const t = useWords(words)
  const [params, setParams] = useSearchParams()
  const view = views.find((each) => each === params.get('view')) ?? 'work'
  const contents = {
    work: () => <Work />,
    all: () => <AllMerchantsView />,
    published: () => <Published />,
  }
  return (
    <>
      <h1>{t.title}</h1>
      <Tabs
        label={t.title}
        selected={view}
        onSelect={(next) => setParams({ view: next }, { replace: true })}
        views={views.map((id) => ({ id, label: t.views[id], view: contents[id] }))}
      />
    </>
  )
}

function Work() {
  const t = useWords(words)
  const { issuerCode, path } = useCity()
  const [params, setParams] = useSearchParams()
  const state = works.find((each) => each === params.get('state')) ?? 'applied'
  const pages = usePages<Life>({ key: ['registrations', issuerCode, state] }, (client, cursor) =>
    client.GET('/v1/issuers/{issuerCode}/registrations', {
      params: { path, query: { state, ...(cursor === undefined ? {} : { cursor }) } },
    }),
  )
  return (
    <div className="stack">
      <div className="filters">
        <Select
          label={t.show}
          value={state}
          onChange={(next) => setParams({ view: 'work', state: next }, { replace: true })}
          options={works.map((value) => ({ value, label: t.kinds[value] }))}
        />
      </div>
      <Paged
        pages={pages}
        empty={
          <Empty title={t.none}>
            <p>{t.noneNote}</p>
          </Empty>
        }
      >
        {(items) => (
          <ul className="list">
            {items.map((life) => (
              <li key={life.merchantId}>
                <LifeRow life={life} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </div>
  )
}

function LifeRow({ life }: { life: Life }) {
  const t = useWords(words)
  const states = useWords(lifeWords)
  const writing = useWriting()
  const { to } = useCity()
  const { merchantId, state, waitingFor, waitingUntil, appliedAt } = life
  const merchant = useMerchant(merchantId).data
  return (
    <RowLink to={to(`merchants/${merchantId}`)}>
      <span className="row" data-spread>
        <strong>{merchant?.name ?? merchantId}</strong>
        <span className="row">
          {waitingFor === 'issuer' && waitingUntil !== null ? <DueBadge at={waitingUntil} /> : null}
          <Badge tone={lifeTones[state]}>{states[state]}</Badge>
        </span>
      </span>
      <span className="soft small">
        {merchant === undefined ? '' : `${merchant.sectorName} · ${merchant.district} · `}
        {t.applied(writing.instant(appliedAt))}
        {waitingFor === 'merchant' ? ` · ${t.theirs}` : ''}
      </span>
    </RowLink>
  )
}

function Published() {
  const t = useWords(words)
  const { session } = useTools()
  const { issuerCode } = useCity()
  const [trouble, setTrouble] = useState<unknown>()
  const fetchList = (list: 'merchants' | 'cancellations'): void => {
    setTrouble(undefined)
    const path = `/v1/issuers/${issuerCode}/published/${list}`
    void downloadFile(session, path, `${issuerCode}-${list}.csv`).catch(setTrouble)
  }
  return (
    <section className="card stack">
      <p>{t.publishedNote}</p>
      <div className="row">
        {(['merchants', 'cancellations'] as const).map((list) => (
          <Button key={list} onPress={() => fetchList(list)}>
            <Download aria-hidden />
            {t[list]}
          </Button>
        ))}
      </div>
      {trouble === undefined ? null : <Trouble error={trouble} />}
    </section>
  )
}
