/** What the first screen shows as tiles, out of what was answered last; silence makes every one of them unknown. */
import { useRead } from '../api/app-context.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting, type Writing } from '../ui/writing.ts'
import { useIsSilent } from './freshness.tsx'
import { gatewayWords } from './gateway-words.ts'
import { glanceWords, type GlanceWords } from './glance-words.ts'
import {
  ASKED_SELDOM_MS,
  sumOf,
  useDue,
  useFunds,
  useGateways,
  useSeen,
  type Due,
  type Fund,
  type Gateway,
  type GatewayStatus,
  type SettlementRuns,
} from './live.ts'
import { statusTiles, useStatus, type Status } from './status.ts'
import type { Tile } from './tiles.tsx'

interface Speaking {
  readonly t: GlanceWords
  readonly writing: Writing
}

/** Undefined until the first answer, or the first silence, is there. */
export function useTiles(): readonly Tile[] | undefined {
  const t = useWords(glanceWords)
  const gw = useWords(gatewayWords)
  const writing = useWriting()
  const gateways = useGateways()
  const isSilent = useIsSilent(gateways)
  const answerMs = useSeen('answerMs').at(-1)?.value
  const due = useDue()
  const funds = useFunds()
  const runs = useRead({ key: ['runs', ''], everyMs: ASKED_SELDOM_MS, keep: true }, (client) =>
    client.GET('/v1/operator/settlement-runs'),
  )
  const status = useStatus()
  if (gateways.data === undefined && !isSilent) return undefined
  const speaking = { t, writing }
  const items = gateways.data?.items ?? []
  const statuses = items.flatMap(({ status }) => (status === null ? [] : [status]))
  const tiles: readonly Tile[] = [
    ...items.map((gateway) => gatewayTile(gateway, { ...speaking, gw })),
    ...(items.length === 0
      ? []
      : [
          linkTile(items, speaking),
          standInTile(statuses, speaking),
          feedTile(statuses, speaking),
          waitingTile(statuses, speaking),
        ].map((tile) => (statuses.length < items.length ? asPartlyKnown(tile, t) : tile))),
    ...(due.data === undefined ? [] : [dueTile(due.data.items, speaking)]),
    ...(funds.data === undefined ? [] : [fundTile(funds.data.items, speaking)]),
    ...(runs.data === undefined ? [] : [runTile(runs.data, speaking)]),
    ...(status.data === undefined ? [] : statusTiles(status.data, speaking)),
  ]
  const known = isSilent ? tiles.map((tile) => asUnknown(tile, t)) : tiles
  return [coreTile({ isSilent, answerMs, core: status.data?.core }, speaking), ...known]
}

/** An old answer says nothing about now. */
function asUnknown({ todo: _todo, ...tile }: Tile, t: GlanceWords): Tile {
  return { ...tile, tone: 'unknown', word: t.lastSeen }
}

/** Nobody knows what a gateway holds that does not answer: what is good elsewhere is not good as a whole. */
function asPartlyKnown(tile: Tile, t: GlanceWords): Tile {
  return tile.tone === 'good' ? { ...tile, tone: 'unknown', word: t.partlyKnown } : tile
}

function coreTile(
  given: { isSilent: boolean; answerMs: number | undefined; core: Status['core'] | undefined },
  { t, writing }: Speaking,
): Tile {
  const { isSilent, answerMs, core } = given
  const tile = { id: 'core', label: t.core, to: '/cards' }
  if (isSilent) return { ...tile, tone: 'bad', word: t.silent, figure: '—', todo: t.coreTodo }
  const figure = answerMs === undefined ? '—' : `${writing.number(Math.round(answerMs))} ms`
  const note =
    core === undefined ? t.answerTime : t.since(core.version, writing.instant(core.startedAt))
  return { ...tile, tone: 'good', word: t.answers, figure, note }
}

function gatewayTile(
  { name, status }: Gateway,
  { t, writing, gw }: Speaking & { gw: (typeof gatewayWords)['ko'] },
): Tile {
  const tile = { id: name, label: gw.name(name), to: '/cards' }
  if (status === null) {
    return { ...tile, tone: 'bad', word: t.silent, figure: '—', todo: t.gatewayTodo }
  }
  const { core, store } = status
  const inFlight = sumOf(status.partners, ({ links }) => sumOf(links, (link) => link.inFlight))
  const figure = t.inFlight(writing.number(inFlight))
  if (store.state === 'full') {
    return { ...tile, tone: 'bad', word: gw.store.full, figure, todo: t.storeTodo }
  }
  if (core !== 'asked') {
    return { ...tile, tone: 'wait', word: gw.core[core], figure, todo: t.notAskedTodo }
  }
  return { ...tile, tone: 'good', word: t.works, figure, note: gw.core.asked }
}

function linkTile(gateways: readonly Gateway[], { t, writing }: Speaking): Tile {
  const partners = gateways.flatMap(({ status }) => status?.partners ?? [])
  const on = partners.filter(({ links }) => links.some(({ phase }) => phase === 'signed_on'))
  const off = partners.filter(({ signedOff }) => signedOff)
  const tile = {
    id: 'links',
    label: t.links,
    to: '/cards',
    figure: `${writing.number(on.length)} / ${writing.number(partners.length)}`,
  }
  if (off.length > 0) {
    return { ...tile, tone: 'wait', word: t.signedOff(off.length), todo: t.signedOffTodo }
  }
  if (on.length < partners.length) {
    return { ...tile, tone: 'bad', word: t.linkMissing, todo: t.linkTodo }
  }
  return { ...tile, tone: 'good', word: t.allLinked }
}

function standInTile(statuses: readonly GatewayStatus[], { t, writing }: Speaking): Tile {
  const count = Math.max(0, ...statuses.map(({ orders }) => orders.length))
  const tile = { id: 'standin', label: t.standIn, to: '/cards?tab=orders' }
  return count === 0
    ? { ...tile, tone: 'good', word: t.automatic, figure: t.noOrders }
    : {
        ...tile,
        tone: 'wait',
        word: t.ordered,
        figure: t.orders(writing.number(count)),
        todo: t.orderedTodo,
      }
}

function feedTile(statuses: readonly GatewayStatus[], { t, writing }: Speaking): Tile {
  const cutOff = statuses.some(({ feed }) => feed.state === 'cut_off')
  const following = statuses.every(({ feed }) => feed.state === 'following')
  const lagMs = Math.max(0, ...statuses.map(({ feed }) => feed.lagMs ?? 0))
  const tile = {
    id: 'feed',
    label: t.feed,
    to: '/cards',
    figure: t.seconds(writing.number(Math.round(lagMs / 1_000))),
  }
  if (cutOff) return { ...tile, tone: 'bad', word: t.feedCut, todo: t.feedTodo }
  if (!following) return { ...tile, tone: 'wait', word: t.feedWhole, todo: t.feedWholeTodo }
  return { ...tile, tone: 'good', word: t.feedFollows }
}

function waitingTile(statuses: readonly GatewayStatus[], { t, writing }: Speaking): Tile {
  const count = sumOf(statuses, ({ waiting }) => waiting.notices)
  const nowWon = sumOf(statuses, ({ exposure }) => exposure.nowWon)
  const tile = {
    id: 'waiting',
    label: t.waiting,
    to: '/cards',
    figure: t.count(writing.number(count)),
    note: t.exposure(writing.won(nowWon)),
  }
  return count === 0
    ? { ...tile, tone: 'good', word: t.delivered }
    : { ...tile, tone: 'wait', word: t.underWay, todo: t.waitingTodo }
}

function dueTile(due: readonly Due[], { t, writing }: Speaking): Tile {
  const late = due.filter((one) => one.due === 'overdue').length
  const soon = due.length - late
  const tile = { id: 'due', label: t.due, to: '/cases' }
  if (late > 0) {
    const figure = t.count(writing.number(late))
    return { ...tile, tone: 'bad', word: t.late, figure, todo: t.lateTodo }
  }
  return soon > 0
    ? {
        ...tile,
        tone: 'wait',
        word: t.soon,
        figure: t.count(writing.number(soon)),
        todo: t.soonTodo,
      }
    : { ...tile, tone: 'good', word: t.noneDue, figure: t.count('0') }
}

function fundTile(funds: readonly Fund[], { t, writing }: Speaking): Tile {
  const days = funds.flatMap(({ day }) => (day === null ? [] : [day]))
  const breaks = sumOf(days, ({ breakCount }) => breakCount)
  const short = days.filter(({ shortWon }) => shortWon > 0).length
  const tile = {
    id: 'funds',
    label: t.funds,
    to: '/issuers?sort=fund',
    figure: t.count(writing.number(breaks)),
    note: days.length === 0 ? t.noDays : t.short(writing.number(short)),
  }
  if (days.length === 0) return { ...tile, tone: 'plain', word: t.runsNone }
  return breaks + short > 0
    ? { ...tile, tone: 'bad', word: t.fundDiffers, todo: t.fundTodo }
    : { ...tile, tone: 'good', word: t.fundAgrees }
}

function runTile({ items, settlementDay }: SettlementRuns, { t, writing }: Speaking): Tile {
  const closed = items.filter(({ state }) => state === 'closed').length
  const open = items.filter(({ state }) => state === 'open').length
  const held = sumOf(items, (run) => run.held)
  const tile = {
    id: 'runs',
    label: t.runs,
    to: '/work',
    figure: `${writing.number(closed)} / ${writing.number(items.length)}`,
    note: `${writing.day(settlementDay)}${held > 0 ? ` · ${t.held(writing.number(held))}` : ''}`,
  }
  if (open > 0) return { ...tile, tone: 'wait', word: t.runsOpen, todo: t.runsTodo }
  return closed > 0
    ? { ...tile, tone: 'good', word: t.runsClosed }
    : { ...tile, tone: 'plain', word: t.runsNone }
}
