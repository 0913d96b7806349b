/** All programs: what holds now, what is to come, how the month and the pots stand. */
import { LinkButton } from '../ui/button.tsx'
import { RowLink } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Progress } from '../ui/progress.tsx'
import { Badge } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity } from './city-context.tsx'
import { kindWords, usePrograms, type Program } from './programs.ts'

const words = {
  ko: {
    title: '상품권 사업',
    start: '새 사업 시작하기',
    none: '아직 사업이 없습니다',
    noneNote: '새 사업 시작하기에서 템플릿을 고르면 값이 채워집니다.',
    toCome: (when: string) => `${when}에 바뀔 예정`,
    notYet: '아직 시작하지 않음',
    inForce: '시행 중',
    stopped: '중지',
    ending: (day: string) => `${day} 종료`,
    rate: (rate: string) => `할인 ${rate}`,
    sold: '이달 판매',
    of: (sold: string, quota: string) => `${sold} / ${quota}`,
    open: '사업 보기',
  },
  en: {
    title: 'Voucher programs',
    start: 'Start a new program',
    none: 'There is no program yet',
    noneNote: 'Start a new program and choose a template: its values are filled in.',
    toCome: (when: string) => `changes on ${when}`,
    notYet: 'not begun',
    inForce: 'in force',
    stopped: 'stopped',
    ending: (day: string) => `ends ${day}`,
    rate: (rate: string) => `discount ${rate}`,
    sold: 'Sold this month',
    of: (sold: string, quota: string) => `${sold} of ${quota}`,
    open: 'See the program',
  },
}

export function ProgramsScreen() {
  const t = useWords(words)
  const { to } = useCity()
  return (
    <>
      <div className="page-head">
        <h1>{t.title}</h1>
        <LinkButton to={to('programs/new')} kind="main">
          {t.start}
        </LinkButton>
      </div>
      <Loaded
        read={usePrograms()}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Empty title={t.none}>
            <p>{t.noneNote}</p>
          </Empty>
        }
      >
        {({ items }) => (
          <div className="sides">
            {items.map((program) => (
              <ProgramCard key={program.programId} program={program} />
            ))}
          </div>
        )}
      </Loaded>
    </>
  )
}

function ProgramCard({ program }: { program: Program }) {
  const t = useWords(words)
  const kinds = useWords(kindWords)
  const language = useLanguage()
  const writing = useWriting()
  const { to } = useCity()
  const { terms, soldThisMonthWon } = program
  return (
    <section className="card stack">
      <div className="row" data-spread>
        <h2>{language === 'ko' ? program.name : program.nameEn}</h2>
        <ProgramState program={program} />
      </div>
      {terms === null ? null : (
        <>
          <p>
            {kinds[terms.kind]}
            {terms.benefit.mode === 'pre_discount'
              ? ` · ${t.rate(writing.percent(terms.benefit.rateBasisPoints / 10_000))}`
              : ''}
          </p>
          <Progress
            label={t.sold}
            value={soldThisMonthWon}
            max={terms.monthlyQuotaWon}
            text={t.of(writing.won(soldThisMonthWon), writing.won(terms.monthlyQuotaWon))}
          />
        </>
      )}
      {program.toCome.map(({ effectiveFrom }) => (
        <p key={effectiveFrom}>
          <Badge tone="wait">{t.toCome(writing.instant(effectiveFrom))}</Badge>
        </p>
      ))}
      <ul className="list">
        <li>
          <RowLink to={to(`programs/${program.programId}`)}>{t.open}</RowLink>
        </li>
      </ul>
    </section>
  )
}

export function ProgramState({ program }: { program: Program }) {
  const t = useWords(words)
  const writing = useWriting()
  const { stop, abolition, terms } = program
  if (stop !== null && (stop.saleStopped || stop.paymentStopped)) {
    return <Badge tone="bad">{t.stopped}</Badge>
  }
  if (abolition !== null) {
    return <Badge tone="wait">{t.ending(writing.day(abolition.lastDay))}</Badge>
  }
  return terms === null ? (
    <Badge tone="wait">{t.notYet}</Badge>
  ) : (
    <Badge tone="good">{t.inForce}</Badge>
  )
}
