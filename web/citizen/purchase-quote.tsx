/** What a purchase comes to, as a picture and in figures, and what is left of the limits. */
import { Amount } from '../ui/amount.tsx'
import { Facts } from '../ui/facts.tsx'
import { Progress } from '../ui/progress.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting, wonSpoken } from '../ui/writing.ts'
import { words } from './buy-words.ts'
import type { Allowance, Quote } from './buying.ts'

export function QuotePicture({ quote }: { quote: Quote }) {
  const t = useWords(words)
  const writing = useWriting()
  const { faceWon, discountWon, payWon, fundingShares, expiresAt } = quote
  const parts = fundingShares
    .filter(({ amountWon }) => amountWon > 0)
    .map(({ funder, amountWon }) => `${t.funders[funder]} ${writing.won(amountWon)}`)
    .join(' · ')
  return (
    <section className="card stack" data-gap="s" aria-label={t.quote}>
      <div className="split" aria-hidden>
        <span style={{ flexGrow: payWon }} />
        {discountWon > 0 ? <span data-given style={{ flexGrow: discountWon }} /> : null}
      </div>
      <Facts
        of={[
          [t.get, <Amount key="get" won={faceWon} />],
          [t.discount, <Amount key="discount" won={-discountWon} />],
          [
            t.debit,
            <strong key="debit">
              <Amount won={payWon} />
            </strong>,
          ],
          [t.until, writing.lastDay(expiresAt)],
        ]}
      />
      {parts === '' ? null : <p className="soft small">{t.funded(parts)}</p>}
    </section>
  )
}

export function AllowanceLeft({ allowance }: { allowance: Allowance }) {
  const t = useWords(words)
  const writing = useWriting()
  const language = useLanguage()
  const short = (amountWon: number): string =>
    language === 'ko' ? wonSpoken(amountWon) : writing.won(amountWon)
  const { monthly, holding, quota } = allowance
  const rows = [
    ['monthly', monthly],
    ['holding', holding],
    ['quota', quota],
  ] as const
  return (
    <section className="card stack">
      <h2>{t.left}</h2>
      {rows.map(([name, limit]) =>
        limit === null ? null : (
          <Progress
            key={name}
            label={t[name]}
            value={limit.usedWon}
            max={limit.capWon}
            text={t.of(short(limit.usedWon), short(limit.capWon))}
          />
        ),
      )}
    </section>
  )
}
