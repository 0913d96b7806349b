/** One issuer: its fund, what is due, its settlement of the day, its jobs. */
import { ArrowLeft } from 'lucide-react'
import { Link, useParams } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import { Facts } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { DueTable } from './due-table.tsx'
import { useIssuerRows, type IssuerRow } from './issuer-rows.ts'
import { coverageText } from './issuers-screen.tsx'
import { JobTable } from './job-table.tsx'
import { ASKED_SELDOM_MS, useDue, useFunds, useIssuerNumbers } from './live.ts'
import { useStatus } from './status.ts'

const words = {
  ko: {
    back: '발행기관',
    none: '이런 발행기관이 없습니다',
    noneNote: '목록에서 다시 골라 주세요.',
    fund: '운영자금',
    noFund: '아직 대사한 날이 없습니다',
    noFundNote: '하루가 지나면 은행 내역과 원장을 맞추어 봅니다.',
    day: '기준일',
    bank: '은행 잔액',
    ledger: '원장 잔액',
    unexplained: '설명되지 않은 돈',
    breaks: '불일치',
    count: (count: string) => `${count}건`,
    owed: '갚아야 할 돈',
    covering: '보장하는 돈',
    coverage: '보장률',
    short: '부족한 돈',
    seal: '봉인',
    sealed: '마지막 봉인',
    segment: '봉인 번호',
    unsealed: '봉인을 기다린 시간',
    seconds: (count: string) => `${count}초`,
    noSeal: '아직 없음',
    open: '열린 예외',
    failed: '실패한 작업',
    due: '기한이 걸린 예외',
    dueList: '예외 목록',
    noDue: '기한이 걸린 예외가 없습니다',
    noDueNote: '기한이 다가오면 여기에 나옵니다.',
    settlement: '오늘의 정산',
    states: { open: '정산 중', closed: '마침', none: '아직 없음' },
    merchants: '가맹점',
    places: (count: string) => `${count}곳`,
    paid: '지급',
    held: '보류',
    carried: '이월',
    jobs: '정기 작업',
    jobList: '작업 목록',
    noJobs: '작업이 없습니다',
    noJobsNote: '때가 되면 저절로 생깁니다.',
  },
  en: {
    back: 'Issuers',
    none: 'There is no such issuer',
    noneNote: 'Choose one from the list.',
    fund: 'Operating fund',
    noFund: 'No day was compared yet',
    noFundNote: 'Bank and ledger are compared when a day is over.',
    day: 'Day',
    bank: 'At the bank',
    ledger: 'In the ledger',
    unexplained: 'Unexplained',
    breaks: 'Breaks',
    count: (count: string) => count,
    owed: 'Owed',
    covering: 'Covering it',
    coverage: 'Covered',
    short: 'Short by',
    seal: 'Seal',
    sealed: 'Last seal',
    segment: 'Its number',
    unsealed: 'Waiting for a seal',
    seconds: (count: string) => `${count} s`,
    noSeal: 'None yet',
    open: 'Open exceptions',
    failed: 'Failed jobs',
    due: 'Exceptions due',
    dueList: 'List of exceptions',
    noDue: 'Nothing is due',
    noDueNote: 'What comes near its day will stand here.',
    settlement: 'Settlement today',
    states: { open: 'Under way', closed: 'Done', none: 'None yet' },
    merchants: 'Merchants',
    places: (count: string) => count,
    paid: 'Paid',
    held: 'Held',
    carried: 'Carried on',
    jobs: 'Jobs',
    jobList: 'List of jobs',
    noJobs: 'There are no jobs',
    noJobsNote: 'They come by themselves when due.',
  },
}

export function IssuerScreen() {
  const t = useWords(words)
  const { issuerCode } = useParams<{ issuerCode: string }>()
  const row = useIssuerRows().find((one) => one.issuerCode === issuerCode)
  return (
    <>
      <Link href="/issuers" className="way-back">
        <ArrowLeft className="icon" aria-hidden />
        {t.back}
      </Link>
      <div className="row">
        <h1>{row?.name ?? issuerCode}</h1>
        {row === undefined ? null : <Badge tone={row.tone}>{row.word}</Badge>}
      </div>
      <Loaded
        read={useIssuerNumbers()}
        isEmpty={({ items }) => items.every((one) => one.issuerCode !== issuerCode)}
        empty={
          <Empty title={t.none}>
            <p>{t.noneNote}</p>
          </Empty>
        }
      >
        {() => (
          <>
            <div className="columns">
              <FundOf row={row} />
              <SettlementOf issuerCode={issuerCode} />
              <SealOf row={row} />
            </div>
            <DueOf issuerCode={issuerCode} />
            <JobsOf issuerCode={issuerCode} />
          </>
        )}
      </Loaded>
    </>
  )
}

function FundOf({ row }: { row: IssuerRow | undefined }) {
  const t = useWords(words)
  const writing = useWriting()
  const day = row?.day ?? null
  return (
    <section className="stack" data-gap="s" aria-labelledby="fund">
      <h2 id="fund">{t.fund}</h2>
      <Loaded
        read={useFunds()}
        isEmpty={() => day === null}
        empty={
          <Empty title={t.noFund}>
            <p>{t.noFundNote}</p>
          </Empty>
        }
      >
        {() =>
          day === null ? null : (
            <div className="card">
              <Facts
                of={[
                  [t.day, writing.day(day.date)],
                  [t.bank, writing.won(day.bankWon)],
                  [t.ledger, writing.won(day.ledgerWon)],
                  [t.unexplained, writing.won(day.unexplainedWon)],
                  [t.breaks, t.count(writing.number(day.breakCount))],
                  [t.owed, writing.won(day.owedWon)],
                  [t.covering, writing.won(day.coveringWon)],
                  [t.coverage, coverageText(day.coverageBasisPoints, writing)],
                  [t.short, writing.won(day.shortWon)],
                ]}
              />
            </div>
          )
        }
      </Loaded>
    </section>
  )
}

function SettlementOf({ issuerCode }: { issuerCode: string }) {
  const t = useWords(words)
  const writing = useWriting()
  const runs = useRead({ key: ['runs', ''], everyMs: ASKED_SELDOM_MS, keep: true }, (client) =>
    client.GET('/v1/operator/settlement-runs'),
  )
  return (
    <section className="stack" data-gap="s" aria-labelledby="settlement">
      <h2 id="settlement">{t.settlement}</h2>
      <Loaded read={runs}>
        {({ items, settlementDay }) => {
          const run = items.find((one) => one.issuerCode === issuerCode)
          return (
            <div className="card">
              <Facts
                of={[
                  [t.day, writing.day(settlementDay)],
                  [t.settlement, t.states[run?.state ?? 'none']],
                  [t.merchants, t.places(writing.number(run?.merchants ?? 0))],
                  [t.paid, t.places(writing.number(run?.paid ?? 0))],
                  [t.held, t.places(writing.number(run?.held ?? 0))],
                  [t.carried, t.places(writing.number(run?.carriedOn ?? 0))],
                ]}
              />
            </div>
          )
        }}
      </Loaded>
    </section>
  )
}

function SealOf({ row }: { row: IssuerRow | undefined }) {
  const t = useWords(words)
  const writing = useWriting()
  return (
    <section className="stack" data-gap="s" aria-labelledby="seal">
      <h2 id="seal">{t.seal}</h2>
      <Loaded read={useStatus()}>
        {() => {
          if (row?.status === undefined) return <p>—</p>
          const { seal, unsealedMs, openCases, failedJobs } = row.status
          return (
            <div className="card">
              <Facts
                of={[
                  [t.sealed, seal === null ? t.noSeal : writing.instant(seal.sealedAt)],
                  [t.segment, seal === null ? '—' : writing.number(seal.segment)],
                  [t.unsealed, t.seconds(writing.number(Math.round(unsealedMs / 1_000)))],
                  [t.open, t.count(writing.number(openCases))],
                  [t.failed, t.count(writing.number(failedJobs))],
                ]}
              />
            </div>
          )
        }}
      </Loaded>
    </section>
  )
}

function DueOf({ issuerCode }: { issuerCode: string }) {
  const t = useWords(words)
  return (
    <section className="stack" data-gap="s" aria-labelledby="due">
      <h2 id="due">{t.due}</h2>
      <Loaded
        read={useDue()}
        isEmpty={({ items }) => items.every((one) => one.issuerCode !== issuerCode)}
        empty={
          <Empty title={t.noDue}>
            <p>{t.noDueNote}</p>
          </Empty>
        }
      >
        {({ items }) => (
          <DueTable
            caption={t.dueList}
            due={items.filter((one) => one.issuerCode === issuerCode)}
          />
        )}
      </Loaded>
    </section>
  )
}

const JOBS_MAX = 100

function JobsOf({ issuerCode }: { issuerCode: string }) {
  const t = useWords(words)
  const jobs = useRead({ key: ['jobs', issuerCode], everyMs: ASKED_SELDOM_MS }, (client) =>
    client.GET('/v1/operator/jobs', { params: { query: { issuerCode, limit: JOBS_MAX } } }),
  )
  return (
    <section className="stack" data-gap="s" aria-labelledby="jobs">
      <h2 id="jobs">{t.jobs}</h2>
      <Loaded
        read={jobs}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Empty title={t.noJobs}>
            <p>{t.noJobsNote}</p>
          </Empty>
        }
      >
        {({ items }) => <JobTable caption={t.jobList} jobs={items} isOfOne />}
      </Loaded>
    </section>
  )
}
