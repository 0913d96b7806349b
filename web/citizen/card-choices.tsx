/** How a linked card pays: two choices, each with a small picture of where the money comes from. */
import { ArrowRight, Landmark, TicketCheck } from 'lucide-react'
import { Choices } from '../ui/choice.tsx'
import { useWords } from '../ui/words.ts'
import { cardWords } from './card-words.ts'

export type Spending = 'voucher_first' | 'card_first'
export type OnUnknown = 'decline' | 'provisional_debit' | null

export interface CardWishes {
  readonly spending: Spending
  readonly onUnknown: OnUnknown
}

const AS_PROGRAM = 'as_program'

export function CardChoices(props: {
  readonly value: CardWishes
  readonly onChange: (value: CardWishes) => void
}) {
  const { value, onChange } = props
  const t = useWords(cardWords)
  return (
    <>
      <div className="card stack">
        <SpendingPicture spending={value.spending} />
        <Choices<Spending>
          label={t.spending}
          value={value.spending}
          onChange={(spending) => onChange({ ...value, spending })}
          options={[
            { value: 'voucher_first', label: t.voucherFirst, hint: t.voucherFirstHint },
            { value: 'card_first', label: t.cardFirst, hint: t.cardFirstHint },
          ]}
        />
      </div>
      <div className="card stack">
        <p className="soft small">{t.unknownNote}</p>
        <Choices<NonNullable<OnUnknown> | typeof AS_PROGRAM>
          label={t.onUnknown}
          value={value.onUnknown ?? AS_PROGRAM}
          onChange={(next) => onChange({ ...value, onUnknown: next === AS_PROGRAM ? null : next })}
          options={[
            { value: AS_PROGRAM, label: t.asProgram, hint: t.asProgramHint },
            { value: 'decline', label: t.decline, hint: t.declineHint },
            { value: 'provisional_debit', label: t.debit, hint: t.debitHint },
          ]}
        />
      </div>
    </>
  )
}

/** Decoration: the choice below says the same in words. */
function SpendingPicture({ spending }: { spending: Spending }) {
  const t = useWords(cardWords)
  return (
    <div className="flow" aria-hidden>
      {spending === 'voucher_first' ? (
        <>
          <span className="flow-source" data-first>
            <TicketCheck />
            {t.voucher}
          </span>
          <span className="flow-way">
            <ArrowRight />
            {t.rest}
          </span>
        </>
      ) : null}
      <span className="flow-source" {...(spending === 'card_first' ? { 'data-first': true } : {})}>
        <Landmark />
        {t.account}
      </span>
    </div>
  )
}
