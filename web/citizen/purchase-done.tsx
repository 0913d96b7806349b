/** Bought: what was given, what was debited, and until when it may be given back. */
import { Check } from 'lucide-react'
import { Amount } from '../ui/amount.tsx'
import { LinkButton } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { words } from './buy-words.ts'
import type { Program, Purchase } from './buying.ts'
import type { Membership } from './membership.tsx'
import { useWallet } from './wallet.ts'

export function PurchaseDone(props: {
  readonly membership: Membership
  readonly program: Program
  readonly purchase: Purchase
}) {
  const { membership, program, purchase } = props
  const { issuerCode } = membership
  const t = useWords(words)
  const writing = useWriting()
  const wallet = useWallet(membership)
  const { purchaseCancelDays } = program.terms
  return (
    <div className="stack">
      <div className="paid" role="status">
        <span className="paid-sign">
          <Check aria-hidden />
        </span>
        <h2>{t.done}</h2>
        <Amount won={purchase.faceWon} size="l" />
        <p>{t.debited(writing.won(purchase.payWon))}</p>
        <p className="soft small">{t.cancel(purchaseCancelDays)}</p>
      </div>
      {wallet.data === undefined || wallet.isFetching ? null : (
        <section className="card">
          <Facts of={[[t.balance, <Amount key="now" won={wallet.data.totalWon} />]]} />
        </section>
      )}
      <LinkButton to="/app/pay" kind="main" isWide>
        {t.pay}
      </LinkButton>
      <LinkButton to={`/app/history/${issuerCode}/${purchase.purchaseId}`} isWide>
        {t.receipt}
      </LinkButton>
    </div>
  )
}
