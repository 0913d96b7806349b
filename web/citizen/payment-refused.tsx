/** Not paid: that no money has moved, what is left, and what may be done instead. */
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { useWords } from '../ui/words.ts'
import { useMemberships } from './membership.tsx'
import type { PaymentCode } from './payment-code.ts'
import { words } from './pay-words.ts'
import { useWallet } from './wallet.ts'

export function RefusedPayment(props: {
  readonly code: PaymentCode
  readonly onScan: () => void
  readonly onAnew: () => void
}) {
  const { code, onScan, onAnew } = props
  const t = useWords(words)
  const membership = useMemberships().find(({ issuerCode }) => issuerCode === code.issuerCode)
  return (
    <>
      <p>{t.refused}</p>
      {membership === undefined ? null : <Left of={membership} />}
      <Button kind="main" onPress={onScan} isWide>
        {t.again}
      </Button>
      <Button onPress={onAnew} isWide>
        {code.amountWon === undefined ? t.retry : t.retrySame}
      </Button>
    </>
  )
}

/** As it is now: what was known before the refusal may be what was wrong. */
function Left(props: { readonly of: { readonly issuerCode: string; readonly walletId: string } }) {
  const t = useWords(words)
  const { data, isFetching } = useWallet(props.of)
  if (data === undefined || isFetching) return null
  return (
    <div className="card">
      <Facts of={[[t.leftNow, <Amount key="left" won={data.totalWon} />]]} />
    </div>
  )
}
