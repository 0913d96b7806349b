/** Stand-in as it is ordered now, a way to order it, and every order that was given. */
import { useState } from 'react'
import { useRead } from '../api/app-context.tsx'
import { Button } from '../ui/button.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { gatewayWords, type Mode } from './gateway-words.ts'
import { ASKED_SELDOM_MS, useGateways, type Answer, type GatewayStatus } from './live.ts'
import { OrderSheet, type WantedOrder } from './order-sheet.tsx'
import { orderWords } from './order-words.ts'
import { useIssuerNames, usePartnerNames } from './partners.ts'

const words = {
  ko: {
    now: '지금의 지시',
    give: '대행승인 지시하기',
    automatic: '지시가 없습니다',
    automaticNote: '코어가 제때 답하지 않을 때만 게이트웨이가 대신 승인합니다.',
    takeBack: '자동으로 되돌리기',
    history: '지시 이력',
    list: '지시 목록',
    noHistory: '내린 지시가 없습니다',
    noHistoryNote: '지시를 내리면 누가 언제 왜 내렸는지 여기에 남습니다.',
    at: '언제',
    deed: '무엇을',
    target: '대상',
    by: '누가',
    reason: '까닭',
    results: '결과',
    everything: '모두',
    actions: { standin: '대행승인', sign_off: '회선 차단', sign_on: '회선 재개' },
    cutOff: '결과를 모름',
  },
  en: {
    now: 'Orders now',
    give: 'Order stand-in',
    automatic: 'There are no orders',
    automaticNote: 'Gateways stand in only when the core does not answer in time.',
    takeBack: 'Back to automatic',
    history: 'Orders given',
    list: 'List of orders',
    noHistory: 'No order was given',
    noHistoryNote: 'Who gave one, when and why will stand here.',
    at: 'When',
    deed: 'What',
    target: 'About',
    by: 'By',
    reason: 'Reason',
    results: 'Came of it',
    everything: 'All',
    actions: { standin: 'Stand-in', sign_off: 'Sign off', sign_on: 'Sign on' },
    cutOff: 'Nobody knows',
  },
}

type GivenOrder = Answer<'/v1/gateways/orders'>['items'][number]

export function OrdersView() {
  const t = useWords(words)
  const [order, setOrder] = useState<WantedOrder>()
  const history = useRead({ key: ['orders'], everyMs: ASKED_SELDOM_MS, keep: true }, (client) =>
    client.GET('/v1/gateways/orders', { params: { query: { limit: 100 } } }),
  )
  return (
    <div className="stack">
      <section className="stack" data-gap="s" aria-labelledby="orders-now">
        <div className="row" data-spread>
          <h2 id="orders-now">{t.now}</h2>
          <Button kind="main" onPress={() => setOrder({ action: 'standin', mode: 'forced' })}>
            {t.give}
          </Button>
        </div>
        <Standing given={history.data?.items ?? []} onOrder={setOrder} />
      </section>
      <section className="stack" data-gap="s" aria-labelledby="orders-given">
        <h2 id="orders-given">{t.history}</h2>
        <Loaded
          read={history}
          isEmpty={({ items }) => items.length === 0}
          empty={
            <Empty title={t.noHistory}>
              <p>{t.noHistoryNote}</p>
            </Empty>
          }
        >
          {({ items }) => <History items={items} />}
        </Loaded>
      </section>
      {order === undefined ? null : (
        <OrderSheet wanted={order} onClose={() => setOrder(undefined)} />
      )}
    </div>
  )
}

/** Orders stand in gateways by number; what was given says whom it was about in words. */
function Standing(props: {
  readonly given: readonly GivenOrder[]
  readonly onOrder: (order: WantedOrder) => void
}) {
  const { given, onOrder } = props
  const t = useWords(words)
  const gw = useWords(gatewayWords)
  const writing = useWriting()
  const gateways = useGateways()
  const target = useTarget()
  return (
    <Loaded
      read={gateways}
      isEmpty={({ items }) => items.every(({ status }) => (status?.orders ?? []).length === 0)}
      empty={
        <Empty title={t.automatic}>
          <p>{t.automaticNote}</p>
        </Empty>
      }
    >
      {({ items }) => (
        <ul className="list">
          {items.flatMap(({ name, status }) =>
            (status?.orders ?? []).map((order) => {
              const about = given.find((one) => isSame(one, order))
              return (
                <li key={`${name} ${order.at} ${order.mode}`} className="list-row">
                  <span className="grow">
                    <span className="strong">
                      {gw.name(name)} · {gw.modes[order.mode]}
                    </span>{' '}
                    {about === undefined ? null : <span>{target(about)}</span>}
                    <br />
                    <span className="soft small">
                      {order.reason} · {order.by} · {writing.instant(order.at)}
                    </span>
                  </span>
                  <Button onPress={() => onOrder({ ...wantedOf(about), mode: 'automatic' })}>
                    {t.takeBack}
                  </Button>
                </li>
              )
            }),
          )}
        </ul>
      )}
    </Loaded>
  )
}

function isSame(given: GivenOrder, standing: GatewayStatus['orders'][number]): boolean {
  return (
    given.mode === standing.mode &&
    given.reason === standing.reason &&
    (given.partner !== null) === (standing.partnerId !== undefined) &&
    (given.issuerCode !== null) === (standing.issuerId !== undefined)
  )
}

function wantedOf(given: GivenOrder | undefined): Extract<WantedOrder, { action: 'standin' }> {
  const { partner = null, issuerCode = null } = given ?? {}
  return {
    action: 'standin',
    mode: 'automatic',
    ...(partner === null ? {} : { partner }),
    ...(issuerCode === null ? {} : { issuerCode }),
  }
}

function useTarget(): (order: GivenOrder) => string {
  const t = useWords(words)
  const partnerName = usePartnerNames()
  const issuerName = useIssuerNames()
  return ({ partner, issuerCode }) => {
    const parts = [
      ...(partner === null ? [] : [partnerName(partner)]),
      ...(issuerCode === null ? [] : [issuerName(issuerCode)]),
    ]
    return parts.length === 0 ? t.everything : parts.join(' · ')
  }
}

const tones = { done: 'good', refused: 'bad', no_answer: 'unknown' } as const

function History({ items }: { items: readonly GivenOrder[] }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const gw = useWords(gatewayWords)
  const writing = useWriting()
  const target = useTarget()
  const deed = ({ action, mode }: GivenOrder): string =>
    mode === null ? t.actions[action] : `${t.actions[action]} ${modeWord(mode, gw.modes)}`
  return (
    <Table
      caption={t.list}
      isCaptionUnseen
      rows={items}
      rowKey={({ orderId }) => orderId}
      columns={[
        { key: 'at', label: t.at, cell: ({ at }) => writing.instant(at) },
        { key: 'deed', label: t.deed, cell: deed },
        { key: 'target', label: t.target, cell: target },
        { key: 'reason', label: t.reason, cell: ({ reason }) => reason },
        { key: 'by', label: t.by, cell: ({ by }) => by },
        {
          key: 'results',
          label: t.results,
          cell: ({ results }) =>
            results.length === 0 ? (
              <Badge tone="unknown">{t.cutOff}</Badge>
            ) : (
              <span className="row">
                {results.map(({ gateway, outcome }) => (
                  <Badge key={gateway} tone={tones[outcome]}>
                    {gw.name(gateway)} {o.outcomes[outcome]}
                  </Badge>
                ))}
              </span>
            ),
        },
      ]}
    />
  )
}

function modeWord(mode: string, modes: Record<Mode, string>): string {
  return Object.entries(modes).find(([name]) => name === mode)?.[1] ?? mode
}
