/** What a payment would take if it were made now. Only ever shown beside the button: it neither allows nor delays. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import type { paths } from '../api/schema.ts'
import { Amount } from '../ui/amount.tsx'
import { LinkButton } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { useSettled } from '../ui/settled.ts'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import type { Membership } from './membership.tsx'
import type { PaymentCode } from './payment-code.ts'
import { words } from './pay-words.ts'

type PreviewPath = paths['/v1/issuers/{issuerCode}/payments/preview']
type Preview = PreviewPath['post']['responses'][200]['content']['application/json']

export function PaymentPreview(props: {
  readonly of: Membership
  readonly code: PaymentCode
  readonly amountWon: number
  /** Stands while there is no answer about this very amount. */
  readonly meanwhile: ReactNode
}) {
  const { of: membership, code, amountWon, meanwhile } = props
  const preview = usePreview(membership, { code, amountWon })
  if (preview === undefined) return meanwhile
  if (preview.refusal === null) return <WouldPay preview={preview} />
  if (preview.refusal === 'insufficient_funds') {
    return <TooLittle of={membership} preview={preview} />
  }
  return <Refused preview={preview} />
}

/** Forgotten with the wallet, because what is left of it decides. */
function usePreview(
  { issuerCode, walletId }: Membership,
  { code, amountWon }: { readonly code: PaymentCode; readonly amountWon: number },
): Preview | undefined {
  const { client } = useTools()
  const { text } = code
  const settledWon = useSettled(amountWon)
  const { data } = useQuery({
    queryKey: ['wallet', issuerCode, walletId, 'preview', text, settledWon],
    queryFn: () =>
      answered(
        client.POST('/v1/issuers/{issuerCode}/payments/preview', {
          params: { path: { issuerCode } },
          body: { code: text, amountWon: settledWon },
        }),
      ),
    enabled: settledWon > 0,
  })
  return settledWon === amountWon && amountWon > 0 ? data : undefined
}

function WouldPay({ preview }: { preview: Preview }) {
  const t = useWords(words)
  const isKorean = useLanguage() === 'ko'
  return (
    <section className="payment-preview">
      <h2 className="small soft">{t.ifNow}</h2>
      <Facts
        of={[
          ...preview.legs.map(
            ({ programName, programNameEn, kindName, kindNameEn, amountWon }) =>
              [
                isKorean ? `${programName} ${kindName}` : `${programNameEn}, ${kindNameEn}`,
                <Amount key="leg" won={amountWon} />,
              ] as const,
          ),
          [t.leftHere, <Amount key="left" won={preview.leftWon} />],
        ]}
      />
    </section>
  )
}

function TooLittle({ of: { issuerCode }, preview }: { of: Membership; preview: Preview }) {
  const t = useWords(words)
  const writing = useWriting()
  return (
    <Banner tone="wait" title={t.missing(writing.won(preview.missingWon))} isNews>
      <p>{t.spendable(writing.won(preview.spendableWon))}</p>
      <div>
        <LinkButton to={`/app/${issuerCode}/buy`}>{t.buy}</LinkButton>
      </div>
    </Banner>
  )
}

function Refused({ preview }: { preview: Preview }) {
  const t = useWords(words)
  const text = useLanguage() === 'ko' ? preview.refusalText : preview.refusalTextEn
  return (
    <Banner tone="bad" title={t.wouldRefuse} isNews>
      <p>{text}</p>
    </Banner>
  )
}
