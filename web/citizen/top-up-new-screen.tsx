/** Starting a standing order: when, how much, at most how much, and the consent to it. */
import { useState } from 'react'
import { Label, ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { useLocation, useParams } from 'wouter'
import { useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox, Choices, Select } from '../ui/choice.tsx'
import { NumberField } from '../ui/fields.tsx'
import { Empty, Loaded, Trouble } from '../ui/loaded.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { isSold, usePrograms, type Program } from './buying.ts'
import { consentText, shownText } from './agreement-texts.ts'
import { IssuerScreen } from './screen.tsx'
import { topUpWords } from './top-up-words.ts'

type Trigger = 'threshold' | 'date'

interface Wish {
  readonly programId: string
  readonly trigger: Trigger
  readonly amountWon: number
  readonly belowWon: number
  readonly days: readonly number[]
  readonly monthlyMaxWon: number
  readonly isAgreed: boolean
}

const DAYS = Array.from({ length: 31 }, (_, index) => index + 1)

export function TopUpNewScreen() {
  const t = useWords(topUpWords)
  const { issuer } = useParams<{ issuer: string }>()
  return (
    <IssuerScreen title={t.start} back={`/app/${issuer}/top-ups`}>
      {({ issuerCode }) => <NewOrder issuerCode={issuerCode} />}
    </IssuerScreen>
  )
}

function NewOrder({ issuerCode }: { issuerCode: string }) {
  const t = useWords(topUpWords)
  const programs = usePrograms(issuerCode)
  return (
    <Loaded
      read={programs}
      isEmpty={(items) => !items.some(isSold)}
      empty={<Empty title={t.notSold} />}
    >
      {(items) => <OrderForm issuerCode={issuerCode} programs={items.filter(isSold)} />}
    </Loaded>
  )
}

interface OrderFormProps {
  readonly issuerCode: string
  readonly programs: readonly Program[]
}

function OrderForm({ issuerCode, programs }: OrderFormProps) {
  const t = useWords(topUpWords)
  const language = useLanguage()
  const start = useStart(issuerCode)
  const [wish, setWish] = useState<Wish>({
    programId: programs[0]?.programId ?? '',
    trigger: 'threshold',
    amountWon: Number.NaN,
    belowWon: Number.NaN,
    days: [],
    monthlyMaxWon: Number.NaN,
    isAgreed: false,
  })
  const change = (part: Partial<Wish>): void => setWish((now) => ({ ...now, ...part }))
  const program = programs.find(({ programId }) => programId === wish.programId)
  const missing = missingOf(wish, t)
  const consent = consentText('automatic_top_up', language)
  return (
    <>
      {programs.length < 2 ? null : (
        <Select
          label={t.program}
          value={wish.programId}
          onChange={(programId) => change({ programId })}
          options={programs.map(({ programId, name, nameEn }) => ({
            value: programId,
            label: language === 'ko' ? name : nameEn,
          }))}
        />
      )}
      <Choices<Trigger>
        label={t.trigger}
        value={wish.trigger}
        onChange={(trigger) => change({ trigger })}
        options={[
          { value: 'threshold', label: t.whenBelow, hint: t.whenBelowHint },
          { value: 'date', label: t.onDays, hint: t.onDaysHint },
        ]}
      />
      {wish.trigger === 'date' ? (
        <Days days={wish.days} onChange={(days) => change({ days })} />
      ) : (
        <NumberField
          label={t.below}
          value={wish.belowWon}
          onChange={(belowWon) => change({ belowWon })}
          min={0}
        />
      )}
      <Amounts program={program} wish={wish} onChange={change} />
      <div className="card stack" data-gap="s">
        <p className="strong">{consent.title}</p>
        <p>{consent.text}</p>
        <Checkbox isSelected={wish.isAgreed} onChange={(isAgreed) => change({ isAgreed })}>
          {t.agree}
        </Checkbox>
      </div>
      {start.trouble === undefined ? null : <Trouble error={start.trouble} />}
      {missing === undefined ? null : (
        <p className="soft" role="status">
          {missing}
        </p>
      )}
      <Button
        kind="main"
        isDisabled={missing !== undefined}
        isPending={start.isBusy}
        onPress={() => start.run(wish)}
        isWide
      >
        {t.begin}
      </Button>
    </>
  )
}

function Amounts(props: {
  readonly program: Program | undefined
  readonly wish: Wish
  readonly onChange: (part: Partial<Wish>) => void
}) {
  const { program, wish, onChange } = props
  const t = useWords(topUpWords)
  const writing = useWriting()
  const unit =
    program === undefined
      ? {}
      : {
          hint: t.unit(
            writing.won(program.terms.purchaseUnitWon),
            writing.won(program.terms.purchaseWonMin),
          ),
        }
  return (
    <>
      <NumberField
        label={t.amount}
        {...unit}
        value={wish.amountWon}
        onChange={(amountWon) => onChange({ amountWon })}
        min={0}
      />
      <NumberField
        label={t.max}
        hint={t.maxHint}
        value={wish.monthlyMaxWon}
        onChange={(monthlyMaxWon) => onChange({ monthlyMaxWon })}
        min={0}
      />
    </>
  )
}

function Days(props: {
  readonly days: readonly number[]
  readonly onChange: (days: number[]) => void
}) {
  const { days, onChange } = props
  const t = useWords(topUpWords)
  return (
    <div className="field">
      <Label id="top-up-days">{t.days}</Label>
      <ToggleButtonGroup
        className="days"
        aria-labelledby="top-up-days"
        selectionMode="multiple"
        selectedKeys={days.map(String)}
        onSelectionChange={(keys) => onChange([...keys].map(Number).toSorted((a, b) => a - b))}
      >
        {DAYS.map((day) => (
          <ToggleButton key={day} id={String(day)} className="days-day" aria-label={t.day(day)}>
            {day}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  )
}

function missingOf(wish: Wish, t: (typeof topUpWords)['ko']): string | undefined {
  const { trigger, days, amountWon, belowWon, monthlyMaxWon, isAgreed } = wish
  if (trigger === 'date' && days.length === 0) return t.missingDays
  const amounts = [amountWon, monthlyMaxWon, ...(trigger === 'threshold' ? [belowWon] : [])]
  return amounts.some((amount) => !(amount > 0)) || !isAgreed ? t.missing : undefined
}

function useStart(issuerCode: string) {
  const language = useLanguage()
  const [, navigate] = useLocation()
  const readAgain = useReadAgain()
  return useDeed(
    async (client, wish: Wish, headers) => {
      const { programId, trigger, amountWon, belowWon, days, monthlyMaxWon } = wish
      return client.POST('/v1/issuers/{issuerCode}/members/me/top-ups', {
        params: { path: { issuerCode } },
        body: {
          programId,
          trigger,
          amountWon,
          monthlyMaxWon,
          consent: await shownText('automatic_top_up', language),
          ...(trigger === 'threshold' ? { belowWon } : { daysOfMonth: [...days] }),
        },
        ...headers,
      })
    },
    async () => {
      await readAgain('top-ups', issuerCode)
      navigate(`/app/${issuerCode}/top-ups`)
    },
  )
}
