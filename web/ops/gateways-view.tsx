/** Both gateways in detail: whom they ask, what waits, and links of card companies, which may be signed off and on. */
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Progress } from '../ui/progress.tsx'
import { Table } from '../ui/table.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useIsSilent } from './freshness.tsx'
import { gatewayWords } from './gateway-words.ts'
import { LineOf } from './glance-screen.tsx'
import { sumOf, useGateways, type Gateway, type GatewayStatus } from './live.ts'
import { OrderSheet, type WantedOrder } from './order-sheet.tsx'
import { usePartnerNames } from './partners.ts'

const words = {
  ko: {
    replay: '코어로 가는 통보',
    replayNote: '대행승인으로 끝난 결제를 코어에 알리는 기록입니다. 코어가 받을 때마다 줄어듭니다.',
    waiting: '기다리는 통보',
    count: (count: string) => `${count}건`,
    exposure: '노출액',
    exposureText: (now: string, bound: string) => `${now} / 최대 ${bound}`,
    noAnswer: '답이 없습니다',
    noAnswerNote: '이 게이트웨이가 답하지 않습니다. 카드사는 다른 게이트웨이를 씁니다.',
    feed: '공급',
    lag: (seconds: string) => `${seconds}초 뒤`,
    known: '아는 카드와 지갑',
    knownOf: (cards: string, wallets: string) => `카드 ${cards}장 · 지갑 ${wallets}개`,
    store: '저장소',
    oldest: '가장 오래된 통보',
    none: '없음',
    links: (name: string) => `${name} 회선`,
    partner: '카드사',
    state: '상태',
    peer: '상대',
    inFlight: '처리 중',
    silent: '마지막 소식',
    ago: (seconds: string) => `${seconds}초 전`,
    deed: '할 일',
    signedOff: '차단됨',
    missing: '접속 없음',
    signOff: '차단',
    signOn: '다시 열기',
    counts: '처리한 수',
    what: '무엇을',
    number: '몇 번',
  },
  en: {
    replay: 'Advices on their way',
    replayNote:
      'What stand-in decided and the core has not taken yet. It goes down as it takes them.',
    waiting: 'Advices waiting',
    count: (count: string) => count,
    exposure: 'Exposure',
    exposureText: (now: string, bound: string) => `${now} of ${bound} at most`,
    noAnswer: 'No answer',
    noAnswerNote: 'This gateway does not answer. Card companies use the other one.',
    feed: 'Feed',
    lag: (seconds: string) => `${seconds} s behind`,
    known: 'Known here',
    knownOf: (cards: string, wallets: string) => `${cards} cards, ${wallets} wallets`,
    store: 'Store',
    oldest: 'Oldest advice',
    none: 'None',
    links: (name: string) => `Links of ${name}`,
    partner: 'Card company',
    state: 'State',
    peer: 'Peer',
    inFlight: 'In flight',
    silent: 'Last heard',
    ago: (seconds: string) => `${seconds} s ago`,
    deed: 'What to do',
    signedOff: 'Signed off',
    missing: 'Not dialled',
    signOff: 'Sign off',
    signOn: 'Sign on',
    counts: 'Counts',
    what: 'What',
    number: 'How often',
  },
}

export function GatewaysView() {
  const gateways = useGateways()
  const [order, setOrder] = useState<WantedOrder>()
  return (
    <div className="stack">
      <Loaded read={gateways}>
        {({ items }) => (
          <>
            <Replay gateways={items} />
            {items.map((gateway) => (
              <GatewayDetail key={gateway.name} gateway={gateway} onOrder={setOrder} />
            ))}
          </>
        )}
      </Loaded>
      {order === undefined ? null : (
        <OrderSheet wanted={order} onClose={() => setOrder(undefined)} />
      )}
    </div>
  )
}

function Replay({ gateways }: { gateways: readonly Gateway[] }) {
  const t = useWords(words)
  const writing = useWriting()
  const statuses = gateways.flatMap(({ status }) => (status === null ? [] : [status]))
  const waiting = sumOf(statuses, (one) => one.waiting.notices)
  const nowWon = sumOf(statuses, ({ exposure }) => exposure.nowWon)
  const boundWon = sumOf(statuses, ({ exposure }) => exposure.boundWon)
  return (
    <section className="stack" data-gap="s" aria-labelledby="replay">
      <h2 id="replay">{t.replay}</h2>
      <p className="soft small">{t.replayNote}</p>
      <div className="columns">
        <div className="card stack">
          <p role="status">
            <span className="soft small">{t.waiting}</span>
            <br />
            <span className="amount" data-size="l">
              {t.count(writing.number(waiting))}
            </span>
          </p>
          <Progress
            label={t.exposure}
            value={nowWon}
            max={boundWon}
            text={t.exposureText(writing.won(nowWon), writing.won(boundWon))}
          />
        </div>
        <LineOf series="waiting" />
        <LineOf series="exposureWon" />
      </div>
    </section>
  )
}

function GatewayDetail(props: {
  readonly gateway: Gateway
  readonly onOrder: (order: WantedOrder) => void
}) {
  const { name, status } = props.gateway
  const t = useWords(words)
  const gw = useWords(gatewayWords)
  const isSilent = useIsSilent(useGateways())
  const title = gw.name(name)
  return (
    <section className="stack" data-gap="s" aria-labelledby={name}>
      <div className="row">
        <h2 id={name}>{title}</h2>
        {isSilent ? null : status === null ? (
          <Badge tone="bad">{t.noAnswer}</Badge>
        ) : (
          <Badge tone={status.core === 'asked' ? 'good' : 'wait'}>{gw.core[status.core]}</Badge>
        )}
      </div>
      {status === null ? (
        <p>{t.noAnswerNote}</p>
      ) : (
        <>
          <GatewayFacts status={status} />
          <Links {...props} status={status} />
          <Counts counts={status.counts} />
        </>
      )}
    </section>
  )
}

function GatewayFacts({ status }: { status: GatewayStatus }) {
  const t = useWords(words)
  const gw = useWords(gatewayWords)
  const writing = useWriting()
  const { feed, store, waiting } = status
  const lag =
    feed.lagMs === null ? '' : ` · ${t.lag(writing.number(Math.round(feed.lagMs / 1_000)))}`
  const facts = [
    [t.feed, `${gw.feed[feed.state]}${lag}`],
    [t.known, t.knownOf(writing.number(feed.cards), writing.number(feed.wallets))],
    [t.store, gw.store[store.state]],
    [t.waiting, t.count(writing.number(waiting.notices))],
    [t.oldest, waiting.oldestAt === null ? t.none : writing.instant(waiting.oldestAt)],
  ] as const
  return (
    <dl className="card fact-strip">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

interface LinkRow {
  readonly key: string
  readonly partner: string
  readonly signedOff: boolean
  readonly isFirst: boolean
  readonly link: GatewayStatus['partners'][number]['links'][number] | undefined
}

function Links(props: {
  readonly gateway: Gateway
  readonly status: GatewayStatus
  readonly onOrder: (order: WantedOrder) => void
}) {
  const { gateway, status, onOrder } = props
  const t = useWords(words)
  const gw = useWords(gatewayWords)
  const writing = useWriting()
  const partnerName = usePartnerNames()
  const rows = status.partners.flatMap(({ partner, signedOff, links }): LinkRow[] => {
    const row = { partner, signedOff }
    if (links.length === 0) return [{ ...row, key: partner, isFirst: true, link: undefined }]
    return links.map((link, index) => ({
      ...row,
      key: `${partner} ${link.peer}`,
      isFirst: index === 0,
      link,
    }))
  })
  const state = ({ signedOff, link }: LinkRow) => {
    if (signedOff) return <Badge tone="wait">{t.signedOff}</Badge>
    if (link === undefined) return <Badge tone="bad">{t.missing}</Badge>
    const tone = link.phase === 'signed_on' ? 'good' : 'wait'
    return <Badge tone={tone}>{gw.phases[link.phase] ?? link.phase}</Badge>
  }
  const deed = ({ partner, signedOff, isFirst }: LinkRow) => {
    if (!isFirst) return null
    const action = signedOff ? ('sign_on' as const) : ('sign_off' as const)
    const label = signedOff ? t.signOn : t.signOff
    return (
      <Button
        kind={signedOff ? 'main' : 'plain'}
        aria-label={`${gw.name(gateway.name)} ${partnerName(partner)} ${label}`}
        onPress={() => onOrder({ action, gateway: gateway.name, partner })}
      >
        {label}
      </Button>
    )
  }
  return (
    <Table
      caption={t.links(gw.name(gateway.name))}
      isCaptionUnseen
      rows={rows}
      rowKey={({ key }) => key}
      columns={[
        { key: 'partner', label: t.partner, cell: ({ partner }) => partnerName(partner) },
        { key: 'state', label: t.state, cell: state },
        { key: 'peer', label: t.peer, cell: ({ link }) => link?.peer ?? '—' },
        {
          key: 'inFlight',
          label: t.inFlight,
          isNumber: true,
          cell: ({ link }) => (link === undefined ? '—' : writing.number(link.inFlight)),
        },
        {
          key: 'silent',
          label: t.silent,
          isNumber: true,
          cell: ({ link }) =>
            link === undefined ? '—' : t.ago(writing.number(Math.round(link.silentMs / 1_000))),
        },
        { key: 'deed', label: t.deed, cell: deed },
      ]}
    />
  )
}

function Counts({ counts }: { counts: GatewayStatus['counts'] }) {
  const t = useWords(words)
  const gw = useWords(gatewayWords)
  const writing = useWriting()
  const rows = Object.entries(counts).filter(
    (row): row is [string, number] => typeof row[1] === 'number',
  )
  if (rows.length === 0) return null
  return (
    <details>
      <summary>{t.counts}</summary>
      <Table
        caption={t.counts}
        isCaptionUnseen
        rows={rows}
        rowKey={([what]) => what}
        columns={[
          { key: 'what', label: t.what, cell: ([what]) => gw.counted(what) },
          {
            key: 'number',
            label: t.number,
            isNumber: true,
            cell: ([, count]) => writing.number(count),
          },
        ]}
      />
    </details>
  )
}
