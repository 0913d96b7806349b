/** One batch: its dry run, who decided what, how far it has come, and what became of each line. */
import { useState } from 'react'
import { Link, useParams } from 'wouter'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Loaded, Loading } from '../ui/loaded.tsx'
import { Progress } from '../ui/progress.tsx'
import { Table } from '../ui/table.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity, useOfficerName } from './city-context.tsx'
import { DeedSheet } from './deed-sheet.tsx'
import { funderWords } from './programs.ts'
import { batchWords as words } from './stipend-batch-words.ts'
import { StipendLines } from './stipend-lines.tsx'
import {
  batchStateWords,
  batchTones,
  byState,
  lineStates,
  lineStateWords,
  lineTones,
  type BatchEvent,
  type BatchProgress,
  type BatchState,
} from './stipends.ts'

/** While the work is under way it is asked so often. */
const LIVE_MS = 1_500
const CALM_MS = 10_000

export function StipendBatchScreen() {
  const { issuerCode, path } = useCity()
  const { batchId } = useParams<{ batchId: string }>()
  const [isLive, setLive] = useState(true)
  const read = useRead(
    { key: ['stipends', issuerCode, batchId], everyMs: isLive ? LIVE_MS : CALM_MS },
    (client) =>
      client.GET('/v1/issuers/{issuerCode}/stipend-batches/{batchId}', {
        params: { path: { ...path, batchId } },
      }),
  )
  const works = read.data === undefined || ['uploaded', 'granting'].includes(read.data.state)
  if (works !== isLive) setLive(works)
  return <Loaded read={read}>{(batch) => <OneBatch batch={batch} />}</Loaded>
}

function OneBatch({ batch }: { batch: BatchProgress }) {
  const t = useWords(words)
  const states = useWords(batchStateWords)
  const { to } = useCity()
  const { state, check } = batch
  return (
    <>
      <Link href={to('stipends')}>{t.back}</Link>
      <div className="page-head">
        <h1>
          {batch.programName} {batch.round}
        </h1>
        <span role="status">
          <Badge tone={batchTones[state]}>{states[state]}</Badge>
        </span>
      </div>
      {state === 'uploaded' ? (
        <Banner tone="wait" title={t.checking}>
          <p>{t.checkingNote}</p>
          <Loading />
        </Banner>
      ) : null}
      {batch.approvedAt === null ? null : <Granted batch={batch} />}
      <Deeds batch={batch} />
      <div className="sides">
        <BatchFacts batch={batch} />
        {check === null ? null : <DryRun check={check} />}
      </div>
      <StipendLines batch={batch} />
    </>
  )
}

function Granted({ batch }: { batch: BatchProgress }) {
  const t = useWords(words)
  const writing = useWriting()
  const lines = byState(batch.now.lines).get('granted') ?? 0
  const won = byState(batch.now.sumsWon).get('granted') ?? 0
  return (
    <section className="card stack">
      <h2>{t.progress}</h2>
      <Progress
        label={t.count}
        value={lines}
        max={batch.lines}
        text={t.granted(writing.number(lines), writing.number(batch.lines))}
      />
      <Progress
        label={t.sum}
        value={won}
        max={batch.totalWon}
        text={t.grantedWon(writing.won(won), writing.won(batch.totalWon))}
      />
    </section>
  )
}

function BatchFacts({ batch }: { batch: BatchProgress }) {
  const t = useWords(words)
  const writing = useWriting()
  const officer = useOfficerName()
  const said = (name: string, value: string | null, write: (value: string) => string) =>
    value === null ? [] : [[name, write(value)] as const]
  return (
    <div className="card">
      <Facts
        of={[
          [t.lines, t.persons(writing.number(batch.lines))],
          [t.total, writing.won(batch.totalWon)],
          [t.uploadedBy, officer(batch.uploadedBy)],
          ...said(t.proposedBy, batch.proposedBy, officer),
          ...said(t.approvedBy, batch.approvedBy, officer),
          ...said(t.joinUntil, batch.joinUntil, writing.day),
          ...said(t.appealUntil, batch.appealUntil, writing.day),
          ...said(t.reason, batch.reason, (reason) => reason),
        ]}
      />
    </div>
  )
}

function DryRun({ check }: { check: NonNullable<BatchProgress['check']> }) {
  const t = useWords(words)
  const states = useWords(lineStateWords)
  const funders = useWords(funderWords)
  const writing = useWriting()
  const lines = byState(check.lines)
  const sums = byState(check.sumsWon)
  const funderName = (funder: string): string =>
    Object.entries(funders).find(([name]) => name === funder)?.[1] ?? funder
  const needed = Object.entries(check.fundedWon).filter(([, won]) => Number(won) > 0)
  const lacking = Object.entries(check.lackingWon).filter(([, won]) => Number(won) > 0)
  return (
    <section className="stack">
      <h2>{t.dryRun}</h2>
      <p className="soft small">{t.checkedAt(writing.instant(check.at))}</p>
      {lacking.map(([funder, won]) => (
        <Banner
          key={funder}
          tone="bad"
          title={t.lacking(funderName(funder), writing.won(Number(won)))}
        >
          <p>{t.lackingNote}</p>
        </Banner>
      ))}
      <Table
        caption={t.dryRun}
        isCaptionUnseen
        rows={lineStates.filter((state) => lines.has(state))}
        rowKey={(state) => state}
        columns={[
          {
            key: 'state',
            label: t.state,
            cell: (state) => <Badge tone={lineTones[state]}>{states[state]}</Badge>,
          },
          {
            key: 'count',
            label: t.count,
            isNumber: true,
            cell: (state) => t.persons(writing.number(lines.get(state) ?? 0)),
          },
          {
            key: 'sum',
            label: t.sum,
            isNumber: true,
            cell: (state) => writing.won(sums.get(state) ?? 0),
          },
        ]}
      />
      {needed.length === 0 ? null : (
        <div className="card stack" data-gap="s">
          <h3>{t.funded}</h3>
          <Facts
            of={needed.map(
              ([funder, won]) => [funderName(funder), writing.won(Number(won))] as const,
            )}
          />
        </div>
      )}
    </section>
  )
}

/** What may be done in each state; the first is what one came for. */
const eventsOf: Record<BatchState, readonly BatchEvent[]> = {
  uploaded: ['cancel'],
  checked: ['propose', 'recheck', 'cancel'],
  proposed: ['approve', 'refuse', 'withdraw', 'cancel'],
  granting: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  done: ['cancel'],
  closed: [],
  cancelled: [],
}
const needsReason: readonly BatchEvent[] = ['refuse', 'cancel']
const harms: readonly BatchEvent[] = ['refuse', 'cancel']

function Deeds({ batch }: { batch: BatchProgress }) {
  const t = useWords(words)
  const { path, officerId } = useCity()
  const readAgain = useReadAgain()
  const [asking, setAsking] = useState<BatchEvent>()
  const { batchId, state, proposedBy, check } = batch
  const deed = useDeed(
    (client, body: { event: BatchEvent; reason?: string }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/stipend-batches/{batchId}/decision', {
        params: { path: { ...path, batchId } },
        body,
        ...headers,
      }),
    async () => {
      await readAgain('stipends')
      setAsking(undefined)
    },
  )
  const isOwn = state === 'proposed' && proposedBy === officerId
  const isShort = Object.values(check?.lackingWon ?? {}).some((won) => Number(won) > 0)
  const events = eventsOf[state].filter((event) => event !== 'withdraw' || isOwn)
  if (events.length === 0) return null
  const cannot = (event: BatchEvent): boolean =>
    (isOwn && (event === 'approve' || event === 'refuse')) || (isShort && event === 'propose')
  return (
    <section className="stack" data-gap="s">
      <div className="row">
        {events.map((event, index) => (
          <Button
            key={event}
            kind={harms.includes(event) ? 'danger' : index === 0 ? 'main' : 'plain'}
            isDisabled={cannot(event)}
            onPress={() => {
              deed.clear()
              setAsking(event)
            }}
          >
            {t.deeds[event]}
          </Button>
        ))}
      </div>
      {isOwn ? <p className="soft">{t.own}</p> : null}
      {isShort && state === 'checked' ? <p className="soft">{t.short}</p> : null}
      {asking === undefined ? null : (
        <DeedSheet
          title={t.deeds[asking]}
          note={t.notes[asking]}
          deed={t.deeds[asking]}
          kind={harms.includes(asking) ? 'danger' : 'main'}
          {...(needsReason.includes(asking) ? { reason: t.reason } : {})}
          isBusy={deed.isBusy}
          trouble={deed.trouble}
          onClose={() => setAsking(undefined)}
          onDeed={(reason) => deed.run({ event: asking, ...(reason === '' ? {} : { reason }) })}
        />
      )}
    </section>
  )
}
