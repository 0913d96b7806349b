/** One program: its terms by day as a line of time, its pots, and what may be done with it. */
import { useState } from 'react'
import { useParams } from 'wouter'
import { useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { SomeOf } from '../ui/choice.tsx'
import { Facts } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Progress } from '../ui/progress.tsx'
import { Badge } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity } from './city-context.tsx'
import { DeedSheet } from './deed-sheet.tsx'
import { funderWords, usePrograms, type Program, type Terms } from './programs.ts'
import { ProgramState } from './programs-screen.tsx'
import { termFields, valueIn, type TermField } from './term-fields.ts'

const words = {
  ko: {
    none: '이 사업을 찾을 수 없습니다.',
    change: '조건 바꾸기',
    terms: '조건의 흐름',
    now: '지금 조건',
    from: (when: string) => `${when}부터`,
    pots: '예산 재원',
    noPots: '정해진 예산 재원이 없습니다. 재원으로는 판매가 멈추지 않습니다.',
    left: (left: string, whole: string) => `${whole} 가운데 ${left} 남음`,
    stop: '긴급 중지',
    saleAndPayment: '판매·결제 바꾸기',
    end: '사업 폐지',
    setPot: '재원 등록·변경',
    stopNote:
      '누르는 즉시 멈춥니다. 24시간 안에 다른 담당자가 확인해야 하고, 확인하지 않으면 민원·예외 목록에 올라갑니다.',
    what: '멈출 것',
    whatMissing: '멈출 것을 하나 이상 골라 주세요.',
    sale: '판매를 멈춥니다',
    payment: '결제를 멈춥니다',
    reason: '이유',
    deed: '지금 멈추기',
    yes: '예',
    no: '아니요',
    units: {
      percent: '%',
      won: '원',
      days: '일',
      years: '년',
      hours: '시간',
      count: '번',
      age: '세',
    },
  },
  en: {
    none: 'There is no such program.',
    change: 'Change terms',
    terms: 'Terms over time',
    now: 'Terms in force',
    from: (when: string) => `From ${when}`,
    pots: 'Budget pots',
    noPots: 'There is no pot: the sale is not bounded by one.',
    left: (left: string, whole: string) => `${left} of ${whole} left`,
    stop: 'Emergency stop',
    saleAndPayment: 'Selling and paying',
    end: 'End the program',
    setPot: 'Add or change a pot',
    stopNote:
      'It stops at once. Another officer has to confirm it within 24 hours, else it becomes a case.',
    what: 'What stops',
    whatMissing: 'Choose at least one.',
    sale: 'Stop selling',
    payment: 'Stop paying',
    reason: 'Reason',
    deed: 'Stop now',
    yes: 'yes',
    no: 'no',
    units: {
      percent: '%',
      won: ' won',
      days: ' days',
      years: ' years',
      hours: ' hours',
      count: ' times',
      age: ' years',
    },
  },
}

export function ProgramScreen() {
  const t = useWords(words)
  const { programId } = useParams<{ programId: string }>()
  return (
    <Loaded read={usePrograms()}>
      {({ items }) => {
        const program = items.find((each) => each.programId === programId)
        return program === undefined ? <h1>{t.none}</h1> : <OneProgram program={program} />
      }}
    </Loaded>
  )
}

function OneProgram({ program }: { program: Program }) {
  const t = useWords(words)
  const language = useLanguage()
  const writing = useWriting()
  const { to } = useCity()
  const [isStopping, setStopping] = useState(false)
  return (
    <>
      <div className="page-head">
        <h1>{language === 'ko' ? program.name : program.nameEn}</h1>
        <ProgramState program={program} />
      </div>
      <div className="row">
        <LinkButton to={to(`programs/${program.programId}/change`)} kind="main">
          {t.change}
        </LinkButton>
        <LinkButton to={to(`programs/${program.programId}/stop`)}>{t.saleAndPayment}</LinkButton>
        <LinkButton to={to(`programs/${program.programId}/end`)}>{t.end}</LinkButton>
        <Button kind="danger" onPress={() => setStopping(true)}>
          {t.stop}
        </Button>
      </div>
      <h2>{t.terms}</h2>
      <div className="timeline">
        {program.terms === null ? null : <TermsCard title={t.now} terms={program.terms} />}
        {program.toCome.map((terms) => (
          <TermsCard
            key={terms.effectiveFrom}
            title={t.from(writing.instant(terms.effectiveFrom))}
            terms={terms}
            before={program.terms ?? undefined}
          />
        ))}
      </div>
      <Pots program={program} />
      {isStopping ? <StopSheet program={program} onClose={() => setStopping(false)} /> : null}
    </>
  )
}

/** With `before`, only what differs. */
function TermsCard(props: { title: string; terms: Terms; before?: Terms | undefined }) {
  const { title, terms, before } = props
  const t = useWords(words)
  const language = useLanguage()
  const writing = useWriting()
  const text = (each: TermField): string => {
    const value = valueIn(terms, each) ?? 0
    if (each.unit === 'yes_no') return value === 1 ? t.yes : t.no
    return each.unit === 'won'
      ? writing.won(value)
      : `${writing.number(value)}${t.units[each.unit]}`
  }
  const shown = termFields.filter((each) => {
    const value = valueIn(terms, each)
    return value !== undefined && (before === undefined || valueIn(before, each) !== value)
  })
  return (
    <section className="card stack" data-gap="s">
      <div className="row">
        <h3>{title}</h3>
        {before === undefined ? null : (
          <Badge tone="wait">{t.from(writing.day(terms.effectiveFrom))}</Badge>
        )}
      </div>
      <Facts of={shown.map((each) => [each.names[language], text(each)] as const)} />
    </section>
  )
}

function Pots({ program }: { program: Program }) {
  const t = useWords(words)
  const { to } = useCity()
  const funders = useWords(funderWords)
  const writing = useWriting()
  return (
    <section className="stack">
      <div className="page-head">
        <h2>{t.pots}</h2>
        <LinkButton to={to('pots')}>{t.setPot}</LinkButton>
      </div>
      {program.pots.length === 0 ? <p className="soft">{t.noPots}</p> : null}
      {program.pots.map((pot) => (
        <Progress
          key={pot.potId}
          label={`${pot.name} (${funders[pot.funder]})`}
          value={pot.usedWon}
          max={pot.amountWon}
          text={t.left(writing.won(pot.leftWon), writing.won(pot.amountWon))}
        />
      ))}
    </section>
  )
}

const stoppable = ['sale', 'payment'] as const
type Stoppable = (typeof stoppable)[number]

function StopSheet({ program, onClose }: { program: Program; onClose: () => void }) {
  const t = useWords(words)
  const { path } = useCity()
  const readAgain = useReadAgain()
  // What stands still stays so: only two officers let it go on.
  const [chosen, setChosen] = useState<readonly Stoppable[]>(
    program.stop?.paymentStopped === true ? stoppable : ['sale'],
  )
  const deed = useDeed(
    (client, body: Record<`${Stoppable}Stopped`, boolean> & { reason: string }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/programs/{programId}/stop', {
        params: { path: { ...path, programId: program.programId } },
        body,
        ...headers,
      }),
    async () => {
      await Promise.all([readAgain('programs'), readAgain('proposals')])
      onClose()
    },
  )
  return (
    <DeedSheet
      title={t.stop}
      note={t.stopNote}
      deed={t.deed}
      kind="danger"
      reason={t.reason}
      isBusy={deed.isBusy}
      trouble={deed.trouble}
      onClose={onClose}
      isChosen={chosen.length > 0}
      onDeed={(reason) =>
        deed.run({
          saleStopped: chosen.includes('sale'),
          paymentStopped: chosen.includes('payment'),
          reason,
        })
      }
    >
      {(isAsked) => (
        <SomeOf
          label={t.what}
          chosen={chosen}
          onChange={setChosen}
          options={stoppable.map((value) => ({ value, label: t[value] }))}
          wrong={isAsked && chosen.length === 0 ? t.whatMissing : undefined}
        />
      )}
    </DeedSheet>
  )
}
