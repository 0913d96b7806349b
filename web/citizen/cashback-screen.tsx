/** Cashback of a month: what was earned of how much, what waits for the button, and how it comes in. */
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import { moneyCall } from '../api/money-call.ts'
import type { paths } from '../api/schema.ts'
import { useDeed } from '../api/use-deed.ts'
import { useMoneyCall } from '../api/use-money-call.ts'
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { Choices } from '../ui/choice.tsx'
import { Empty, Loaded, Trouble } from '../ui/loaded.tsx'
import { MoneyProgress } from '../ui/money-progress.tsx'
import { Progress } from '../ui/progress.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { CashbackEarnings } from './cashback-earnings.tsx'
import { cashbackWords } from './cashback-words.ts'
import { monthAfter, thisMonth } from './months.ts'
import { IssuerScreen } from './screen.tsx'

type CashbackPath = paths['/v1/issuers/{issuerCode}/members/me/cashback']
type Cashback = CashbackPath['get']['responses'][200]['content']['application/json']
type PressesPath = paths['/v1/issuers/{issuerCode}/members/me/cashback/presses']
type Pressed = PressesPath['post']['responses'][201]['content']['application/json']
type Spending = 'automatic' | 'by_button'

export function CashbackScreen() {
  const t = useWords(cashbackWords)
  return (
    <IssuerScreen title={t.title} note={t.note} within="cashback">
      {({ issuerCode }) => <MonthOf key={issuerCode} issuerCode={issuerCode} />}
    </IssuerScreen>
  )
}

function MonthOf({ issuerCode }: { issuerCode: string }) {
  const t = useWords(cashbackWords)
  const [search, setSearch] = useSearchParams()
  const month = search.get('month') ?? thisMonth()
  const read = useRead({ key: ['cashback', issuerCode, month], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me/cashback', {
      params: { path: { issuerCode }, query: { month } },
    }),
  )
  return (
    <Loaded
      read={read}
      isEmpty={({ programs }) => programs.length === 0 && month === thisMonth()}
      empty={
        <Empty title={t.none}>
          <p className="soft">{t.noneNote}</p>
        </Empty>
      }
    >
      {(cashback) => (
        <>
          <MonthChoice
            month={month}
            onChange={(next) => setSearch({ month: next }, { replace: true })}
          />
          {cashback.programs.map((program) => (
            <ProgramMonth key={program.programId} program={program} />
          ))}
          <Waiting issuerCode={issuerCode} waitingWon={cashback.waitingWon} />
          <SpendingChoice
            key={String(cashback.chosen)}
            issuerCode={issuerCode}
            chosen={cashback.chosen}
            usual={cashback.programs[0]?.spending ?? 'automatic'}
          />
          <CashbackEarnings issuerCode={issuerCode} />
        </>
      )}
    </Loaded>
  )
}

function MonthChoice({ month, onChange }: { month: string; onChange: (month: string) => void }) {
  const t = useWords(cashbackWords)
  const isKorean = useLanguage() === 'ko'
  const [year, number] = month.split('-')
  return (
    <div className="row" data-spread role="group" aria-label={t.month}>
      <Button kind="quiet" aria-label={t.before} onPress={() => onChange(monthAfter(month, -1))}>
        <ChevronLeft aria-hidden />
      </Button>
      <p className="strong" aria-live="polite">
        {isKorean ? `${year}년 ${Number(number)}월` : month}
      </p>
      <Button
        kind="quiet"
        aria-label={t.after}
        isDisabled={month >= thisMonth()}
        onPress={() => onChange(monthAfter(month, 1))}
      >
        <ChevronRight aria-hidden />
      </Button>
    </div>
  )
}

function ProgramMonth({ program }: { program: Cashback['programs'][number] }) {
  const t = useWords(cashbackWords)
  const isKorean = useLanguage() === 'ko'
  const writing = useWriting()
  const { earnedWon, monthlyCapWon, remainingWon, takenBackWon } = program
  return (
    <article className="card stack">
      <h2>{isKorean ? program.programName : program.programNameEn}</h2>
      <Progress
        label={t.earned}
        value={earnedWon}
        max={monthlyCapWon}
        text={t.of(writing.won(earnedWon), writing.won(monthlyCapWon))}
      />
      <p className="soft small">
        {t.left(writing.won(remainingWon))}
        {takenBackWon === 0 ? null : ` ${t.takenBack} ${writing.won(takenBackWon)}`}
      </p>
    </article>
  )
}

function Waiting({ issuerCode, waitingWon }: { issuerCode: string; waitingWon: number }) {
  const t = useWords(cashbackWords)
  const writing = useWriting()
  const readAgain = useReadAgain()
  const [isAsking, setAsking] = useState(false)
  const press = useMoneyCall<Pressed>({
    onDone: () => {
      void readAgain('cashback', issuerCode)
      void readAgain('cashback-earnings', issuerCode)
      void readAgain('wallet', issuerCode)
    },
  })
  const begin = (): void => {
    setAsking(false)
    press.begin(
      moneyCall({
        kind: 'cashback_press',
        path: `/v1/issuers/${issuerCode}/members/me/cashback/presses`,
        body: {},
        about: { name: t.title, amountWon: waitingWon },
      }),
    )
  }
  return (
    <section className="card stack">
      <h2>{t.waiting}</h2>
      <Amount won={waitingWon} size="l" />
      {press.state === undefined ? null : (
        <MoneyProgress
          state={press.state}
          done={(answer) => (
            <Banner tone="good" title={t.pressed(writing.won(answer.movedWon))} isNews>
              {answer.waitingWon === 0 ? null : (
                <p>{t.pressedRest(writing.won(answer.waitingWon))}</p>
              )}
            </Banner>
          )}
          afterRefusal={<Button onPress={press.clear}>{t.again}</Button>}
        />
      )}
      <p className="soft">{waitingWon === 0 ? t.nothingWaits : t.waitingNote}</p>
      <Button
        kind="main"
        isDisabled={waitingWon === 0}
        onPress={() => (press.clear(), setAsking(true))}
        isWide
      >
        {t.press}
      </Button>
      <Confirm
        title={t.pressTitle}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        deed={t.press}
        onConfirm={begin}
      >
        <Amount won={waitingWon} size="l" />
        <p>{t.pressNote}</p>
      </Confirm>
    </section>
  )
}

function SpendingChoice(props: {
  readonly issuerCode: string
  readonly chosen: Spending | null
  readonly usual: Spending
}) {
  const { issuerCode, chosen, usual } = props
  const t = useWords(cashbackWords)
  const readAgain = useReadAgain()
  const [spending, setSpending] = useState<Spending>(chosen ?? usual)
  const choose = useDeed(
    (client, body: { spending: Spending }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/members/me/cashback/choices', {
        params: { path: { issuerCode } },
        body,
        ...headers,
      }),
    () => readAgain('cashback', issuerCode),
  )
  return (
    <section className="card stack">
      <Choices<Spending>
        label={t.spending}
        value={spending}
        onChange={setSpending}
        options={[
          { value: 'automatic', label: t.automatic, hint: t.automaticHint },
          { value: 'by_button', label: t.byButton, hint: t.byButtonHint },
        ]}
      />
      <p className="soft small" role="status">
        {chosen === null ? t.asProgram : t.chosen}
      </p>
      {choose.trouble === undefined ? null : <Trouble error={choose.trouble} />}
      {spending === (chosen ?? usual) ? null : (
        <Button isPending={choose.isBusy} onPress={() => choose.run({ spending })}>
          {t.choose}
        </Button>
      )}
    </section>
  )
}
