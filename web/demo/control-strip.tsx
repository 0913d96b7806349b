/** Parts of the product as they run, with buttons that really stop, start and kill them; what waits for the core. */
import { Power, Zap } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import {
  partNames,
  useDeskGateways,
  usePartDeed,
  useParts,
  type Part,
  type PartDeed,
  type PartName,
} from './desk.ts'

const words = {
  ko: {
    title: '멈추고 켜기',
    note: '진짜 프로세스를 끝내고 켭니다. 데이터베이스와 모의 은행·카드사는 그대로 둡니다.',
    parts: {
      core: ['코어', '원장과 결제를 맡습니다'],
      'gateway-a': ['게이트웨이 A', '카드사와 이어집니다'],
      'gateway-b': ['게이트웨이 B', '카드사와 이어집니다'],
    } satisfies Record<PartName, readonly [string, string]>,
    states: { running: '작동 중', stopped: '멈춤', starting: '켜는 중' },
    since: (when: string) => `${when}부터`,
    stop: '멈추기',
    start: '켜기',
    kill: '강제 종료',
    of: (name: string, deed: string) => `${name} ${deed}`,
    killNote: '강제 종료하면 감독 프로세스가 곧바로 다시 켭니다.',
    waiting: '코어를 기다리는 통보',
    count: (count: string) => `${count}건`,
    waitingNote: '대행승인을 코어에 알리는 기록입니다. 코어가 받으면 0건이 됩니다.',
    exposure: (won: string) => `대행승인 금액 ${won}`,
    none: '모두 전달되었습니다',
    partly: '멈춘 게이트웨이의 것은 빠져 있습니다',
  },
  en: {
    title: 'Stop and start',
    note: 'Real processes end and begin. The database, the bank and the card companies go on.',
    parts: {
      core: ['Core', 'keeps the ledger, decides payments'],
      'gateway-a': ['Gateway A', 'is linked to card companies'],
      'gateway-b': ['Gateway B', 'is linked to card companies'],
    } satisfies Record<PartName, readonly [string, string]>,
    states: { running: 'Running', stopped: 'Stopped', starting: 'Starting' },
    since: (when: string) => `since ${when}`,
    stop: 'Stop',
    start: 'Start',
    kill: 'Kill',
    of: (name: string, deed: string) => `${deed} ${name}`,
    killNote: 'What is killed is started again at once by its supervisor.',
    waiting: 'Advices that wait for the core',
    count: (count: string) => count,
    waitingNote: 'What stand-in approved and the core has not heard yet. It goes to 0 once it has.',
    exposure: (won: string) => `Approved by stand-in: ${won}`,
    none: 'All delivered',
    partly: 'without those of the gateway that is stopped',
  },
}

const tones: Record<Part['state'], Tone> = { running: 'good', stopped: 'bad', starting: 'wait' }

export function ControlStrip({ deskUrl }: { deskUrl: string }) {
  const t = useWords(words)
  const parts = useParts(deskUrl)
  return (
    <section className="stack" data-gap="s" aria-labelledby="control">
      <h2 id="control">{t.title}</h2>
      <p className="soft small">{t.note}</p>
      <Loaded read={parts}>
        {(known) => (
          <div className="columns parts">
            {partNames.map((name) => (
              <PartCard
                key={name}
                name={name}
                part={known.find((part) => part.name === name)}
                deskUrl={deskUrl}
              />
            ))}
            <WaitingCard deskUrl={deskUrl} />
          </div>
        )}
      </Loaded>
      <p className="soft small">{t.killNote}</p>
    </section>
  )
}

function PartCard(props: { name: PartName; part: Part | undefined; deskUrl: string }) {
  const { name, part, deskUrl } = props
  const t = useWords(words)
  const writing = useWriting()
  const deed = usePartDeed(deskUrl)
  const [busy, setBusy] = useState<PartDeed>()
  const [trouble, setTrouble] = useState<unknown>()
  const [title, role] = t.parts[name]
  const state = part?.state ?? 'starting'
  const act = async (wanted: PartDeed): Promise<void> => {
    setBusy(wanted)
    setTrouble(undefined)
    await deed(name, wanted).catch(setTrouble)
    setBusy(undefined)
  }
  const isStopped = state === 'stopped'
  return (
    <div className="card part stack" data-gap="s" data-state={state}>
      <div className="row" data-spread>
        <h3>{title}</h3>
        <span role="status">
          <Badge tone={tones[state]}>{t.states[state]}</Badge>
        </span>
      </div>
      <p className="soft small">
        {role}
        {part === undefined ? '' : ` · ${t.since(writing.time(part.since))}`}
      </p>
      <div className="row part-deeds">
        <Button
          kind={isStopped ? 'main' : 'danger'}
          aria-label={t.of(title, isStopped ? t.start : t.stop)}
          isPending={busy === 'stop' || busy === 'start'}
          isDisabled={state === 'starting' || busy === 'kill'}
          onPress={() => void act(isStopped ? 'start' : 'stop')}
        >
          {busy === 'stop' || busy === 'start' ? (
            <span className="spinner" aria-hidden />
          ) : (
            <Power aria-hidden />
          )}
          {isStopped ? t.start : t.stop}
        </Button>
        <Button
          kind="quiet"
          aria-label={t.of(title, t.kill)}
          isPending={busy === 'kill'}
          isDisabled={state !== 'running' || busy !== undefined}
          onPress={() => void act('kill')}
        >
          <Zap aria-hidden />
          {t.kill}
        </Button>
      </div>
      {trouble === undefined ? null : <Trouble error={trouble} />}
    </div>
  )
}

function WaitingCard({ deskUrl }: { deskUrl: string }) {
  const t = useWords(words)
  const writing = useWriting()
  const { data = [] } = useDeskGateways(deskUrl)
  const statuses = data.flatMap(({ status }) => (status === null ? [] : [status]))
  const waiting = statuses.reduce((sum, status) => sum + status.waiting.notices, 0)
  const nowWon = statuses.reduce((sum, status) => sum + status.exposure.nowWon, 0)
  return (
    <div className="card part stack" data-gap="s" data-state={waiting > 0 ? 'starting' : 'running'}>
      <h3>{t.waiting}</h3>
      <p className="waiting-count" role="status">
        <span className="amount" data-size="l">
          {t.count(writing.number(waiting))}
        </span>{' '}
        <span className="soft small">
          {statuses.length < data.length
            ? t.partly
            : waiting > 0
              ? t.exposure(writing.won(nowWon))
              : t.none}
        </span>
      </p>
      <p className="soft small">{t.waitingNote}</p>
    </div>
  )
}
