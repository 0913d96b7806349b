/** Paid: so large that it can be shown across a counter. */
import { Check } from 'lucide-react'
import type { paths } from '../api/schema.ts'
import { Amount } from '../ui/amount.tsx'
import { LinkButton } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useMemberships } from './membership.tsx'
import { MoneyOrigins } from './money-origins.tsx'
import { MoneySources } from './money-sources.tsx'
import { words } from './pay-words.ts'
import { useWallet } from './wallet.ts'

type PaymentsPath = paths['/v1/issuers/{issuerCode}/payments']
export type Receipt = PaymentsPath['post']['responses'][201]['content']['application/json']

export function PaymentDone({ issuerCode, receipt }: { issuerCode: string; receipt: Receipt }) {
  const t = useWords(words)
  const writing = useWriting()
  const { cancelledWon } = receipt
  const membership = useMemberships().find((each) => each.issuerCode === issuerCode)
  return (
    <div className="stack">
      <div className="paid" role="status">
        <span className="paid-sign">
          <Check aria-hidden />
        </span>
        <h1>{t.done}</h1>
        <p className="payee-name">{receipt.outletName ?? receipt.merchantName}</p>
        <Amount won={receipt.amountWon} size="l" />
      </div>
      <section className="card stack" data-gap="s">
        <Facts
          of={[
            [t.at, writing.instant(receipt.approvedAt)],
            ...(cancelledWon === 0
              ? []
              : [[t.cancelled, <Amount key="cancelled" won={cancelledWon} />] as const]),
          ]}
        />
        <h2 className="small soft">{t.sources}</h2>
        {membership === undefined ? (
          <MoneySources legs={receipt.legs} />
        ) : (
          <>
            <MoneyOrigins of={membership} operationId={receipt.paymentId} legs={receipt.legs} />
            <BalanceAfter of={membership} />
          </>
        )}
      </section>
      <LinkButton to={`/app/history/${issuerCode}/${receipt.paymentId}`} isWide>
        {t.receipt}
      </LinkButton>
      <LinkButton to="/" kind="main" isWide>
        {t.home}
      </LinkButton>
    </div>
  )
}

function BalanceAfter(props: {
  readonly of: { readonly issuerCode: string; readonly walletId: string }
}) {
  const t = useWords(words)
  const { data, isFetching } = useWallet(props.of)
  if (data === undefined || isFetching) return null
  return <Facts of={[[t.after, <Amount key="after" won={data.totalWon} />]]} />
}
