/** Buying in a corporation's name: how much, what it comes to, and then once. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useReadAgain, useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import { moneyCall } from '../api/money-call.ts'
import type { paths } from '../api/schema.ts'
import { useMoneyCall } from '../api/use-money-call.ts'
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { Facts } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { MoneyProgress } from '../ui/money-progress.tsx'
import { AmountPad } from '../ui/pads.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { usePrograms, type Program } from './buying.ts'
import { corporationWords } from './corporation-words.ts'
import type { Corporation } from './corporations-screen.tsx'

type PurchasesPath = paths['/v1/issuers/{issuerCode}/corporations/{corporationId}/purchases']
type Purchase = PurchasesPath['post']['responses'][201]['content']['application/json']

const STEPS = [100_000, 500_000, 1_000_000]

interface BuyingProps {
  readonly issuerCode: string
  readonly corporation: Corporation
}

export function CorporateBuying({ issuerCode, corporation }: BuyingProps) {
  const t = useWords(corporationWords)
  const programs = usePrograms(issuerCode)
  const { state, accountLinked, debitAgreed } = corporation
  const against =
    state !== 'active' ? t.notActive : accountLinked && debitAgreed ? undefined : t.noAccount
  return (
    <section className="card stack">
      <h2>{t.buy}</h2>
      {against === undefined ? (
        <Loaded read={programs}>
          {(all) => {
            const sold = all.filter(({ terms }) => (terms.corporate ?? null) !== null)
            if (sold.length === 0) return <p className="soft">{t.notSold}</p>
            return <Buying issuerCode={issuerCode} corporation={corporation} programs={sold} />
          }}
        </Loaded>
      ) : (
        <p className="soft">{against}</p>
      )}
    </section>
  )
}

function Buying(props: BuyingProps & { readonly programs: readonly Program[] }) {
  const { issuerCode, corporation, programs } = props
  const { corporationId, name } = corporation
  const t = useWords(corporationWords)
  const isKorean = useLanguage() === 'ko'
  const writing = useWriting()
  const readAgain = useReadAgain()
  const [programId, setProgram] = useState(programs[0]?.programId ?? '')
  const [faceWon, setFace] = useState(0)
  const [isAsking, setAsking] = useState(false)
  const buy = useMoneyCall<Purchase>({
    isPending: (_, status) => status === 202,
    onDone: () => void readAgain('corporations', issuerCode),
  })
  const begin = (): void => {
    setAsking(false)
    const path = `/v1/issuers/${issuerCode}/corporations/${corporationId}/purchases`
    const about = { name, amountWon: faceWon }
    const call = moneyCall({
      kind: 'corporate_purchase',
      path,
      body: { programId, faceWon },
      about,
    })
    buy.begin({ ...call, lookup: `${path}/${call.key}` })
  }
  if (buy.state !== undefined) {
    return (
      <MoneyProgress
        state={buy.state}
        done={(purchase) => (
          <Banner tone="good" title={t.bought} isNews>
            <p>{t.boughtNote(writing.won(purchase.faceWon))}</p>
            <div>
              <Button onPress={buy.clear}>{t.again}</Button>
            </div>
          </Banner>
        )}
        afterRefusal={<Button onPress={buy.clear}>{t.again}</Button>}
      />
    )
  }
  return (
    <>
      {programs.length < 2 ? null : (
        <Select
          label={t.program}
          value={programId}
          onChange={setProgram}
          options={programs.map((one) => ({
            value: one.programId,
            label: isKorean ? one.name : one.nameEn,
          }))}
        />
      )}
      <AmountPad label={t.amount} value={faceWon} onChange={setFace} steps={STEPS} />
      {faceWon === 0 ? <p className="soft">{t.missing}</p> : null}
      <Button kind="main" isDisabled={faceWon === 0} onPress={() => setAsking(true)} isWide>
        {t.buy}
      </Button>
      <Sheet title={t.confirmTitle} isOpen={isAsking} onClose={() => setAsking(false)}>
        <Quote
          issuerCode={issuerCode}
          corporationId={corporationId}
          wish={{ programId, faceWon }}
          onBuy={begin}
        />
      </Sheet>
    </>
  )
}

function Quote(props: {
  readonly issuerCode: string
  readonly corporationId: string
  readonly wish: { readonly programId: string; readonly faceWon: number }
  readonly onBuy: () => void
}) {
  const { issuerCode, corporationId, wish, onBuy } = props
  const t = useWords(corporationWords)
  const { client } = useTools()
  const read = useQuery({
    queryKey: ['corporate-quote', issuerCode, corporationId, wish],
    queryFn: () =>
      answered(
        client.POST('/v1/issuers/{issuerCode}/corporations/{corporationId}/purchases/quotes', {
          params: { path: { issuerCode, corporationId } },
          body: wish,
        }),
      ),
  })
  return (
    <Loaded read={read}>
      {({ faceWon, discountWon, payWon }) => (
        <>
          <Facts
            of={[
              [t.face, <Amount key="face" won={faceWon} />],
              [t.discount, <Amount key="discount" won={-discountWon} />],
              [t.pay, <Amount key="pay" won={payWon} />],
            ]}
          />
          <Button kind="main" onPress={onBuy} isWide>
            {t.buy}
          </Button>
        </>
      )}
    </Loaded>
  )
}
