/** One purchase: what a refund of its rest would give, the refund itself, or a request on a ground of the law. */
import { useState } from 'react'
import { useParams } from 'wouter'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import { moneyCall } from '../api/money-call.ts'
import { useMoneyCall } from '../api/use-money-call.ts'
import { Amount } from '../ui/amount.tsx'
import { Button, LinkButton } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Empty, Loaded, Loading } from '../ui/loaded.tsx'
import { MoneyProgress } from '../ui/money-progress.tsx'
import { Progress } from '../ui/progress.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useConfirmMoney } from './confirm-money.tsx'
import type { Membership } from './membership.tsx'
import { RefundRequestForm } from './refund-request-form.tsx'
import { refundWords } from './refund-words.ts'
import { IssuerScreen } from './screen.tsx'
import { useWallet } from './wallet.ts'
import type { paths } from '../api/schema.ts'

type RefundPath = paths['/v1/issuers/{issuerCode}/wallets/{walletId}/lots/{lotId}/refund']
type Preview = RefundPath['get']['responses'][200]['content']['application/json']
type Refund = RefundPath['post']['responses'][201]['content']['application/json']

export function RefundLotScreen() {
  const t = useWords(refundWords)
  const { issuer, lot: lotId } = useParams<{ issuer: string; lot: string }>()
  return (
    <IssuerScreen title={t.title} back={`/app/${issuer}/refund`}>
      {(membership) => <Lot membership={membership} lotId={lotId} />}
    </IssuerScreen>
  )
}

interface LotProps {
  readonly membership: Membership
  readonly lotId: string
}

function Lot({ membership, lotId }: LotProps) {
  const t = useWords(refundWords)
  const isKorean = useLanguage() === 'ko'
  const { issuerCode, walletId } = membership
  const wallet = useWallet(membership)
  const preview = useRead({ key: ['refund', issuerCode, lotId] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/wallets/{walletId}/lots/{lotId}/refund', {
      params: { path: { issuerCode, walletId, lotId } },
    }),
  )
  const lot = wallet.data?.lots.find((one) => one.lotId === lotId)
  const name = (isKorean ? lot?.programName : lot?.programNameEn) ?? ''
  const readAgain = useReadAgain()
  const refund = useMoneyCall<Refund>({
    onDone: () => void readAgain('wallet', issuerCode),
  })
  const confirm = useConfirmMoney(issuerCode)
  const begin = (memberWon: number): void => {
    const call = moneyCall({
      kind: 'refund',
      path: `/v1/issuers/${issuerCode}/wallets/${walletId}/lots/${lotId}/refund`,
      body: { memberWon },
      about: { name, amountWon: memberWon },
    })
    confirm.ask(call, (headers) => refund.begin(call, headers))
  }
  if (refund.state !== undefined) {
    return (
      <MoneyProgress
        state={refund.state}
        done={(answer) => <Done issuerCode={issuerCode} memberWon={answer.memberWon} />}
        afterRefusal={
          <Button onPress={() => (refund.clear(), void preview.refetch())}>{t.back}</Button>
        }
      />
    )
  }
  if (wallet.isPending) return <Loading />
  return (
    <>
      {lot === undefined ? null : <h2>{name}</h2>}
      <Loaded read={preview}>
        {(now) => (
          <>
            <PreviewFacts preview={now} />
            {now.refusedFor === null ? (
              <RefundDeed preview={now} onRefund={() => begin(now.memberWon)} />
            ) : (
              <Banner tone="wait" title={t.cannot}>
                <p>{t.refusals[now.refusedFor] ?? t.otherRefusal}</p>
              </Banner>
            )}
            <Cancellable until={now.cancellableUntil} />
            {now.remainingWon > 0 ? (
              <RefundRequestForm membership={membership} lotId={lotId} />
            ) : null}
          </>
        )}
      </Loaded>
      {confirm.sheet}
      {lot === undefined && preview.isError ? <Empty title={t.gone} /> : null}
    </>
  )
}

function PreviewFacts({ preview }: { preview: Preview }) {
  const t = useWords(refundWords)
  const writing = useWriting()
  const { remainingWon, usedBasisPoints, usedBasisPointsMin, memberWon, fundedWon } = preview
  const returned = fundedWon.filter(({ amountWon }) => amountWon > 0)
  return (
    <div className="card stack">
      <h3>{t.preview}</h3>
      <Facts
        of={[
          [t.left, writing.won(remainingWon)],
          ...returned.map(
            ({ funder, amountWon }) =>
              [t.returned(t.funders[funder]), writing.won(amountWon)] as const,
          ),
          [t.get, <Amount key="get" won={memberWon} />],
        ]}
      />
      {returned.length === 0 ? null : <p className="soft small">{t.returnedWhy}</p>}
      {usedBasisPointsMin === null ? null : (
        <Progress
          label={t.used}
          value={Math.min(usedBasisPoints, usedBasisPointsMin)}
          max={usedBasisPointsMin}
          text={t.usedOf(
            writing.percent(usedBasisPoints / 10_000),
            writing.percent(usedBasisPointsMin / 10_000),
          )}
        />
      )}
    </div>
  )
}

function RefundDeed({ preview, onRefund }: { preview: Preview; onRefund: () => void }) {
  const t = useWords(refundWords)
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <Button kind="main" onPress={() => setAsking(true)} isWide>
        {t.deed}
      </Button>
      <Sheet title={t.confirmTitle} isOpen={isAsking} onClose={() => setAsking(false)}>
        <PreviewFacts preview={preview} />
        <p>{t.confirmNote}</p>
        <Button
          kind="main"
          onPress={() => {
            setAsking(false)
            onRefund()
          }}
          isWide
        >
          {t.deed}
        </Button>
      </Sheet>
    </>
  )
}

function Cancellable({ until }: { until: string | null }) {
  const t = useWords(refundWords)
  const writing = useWriting()
  if (until === null) return null
  return (
    <Banner>
      <p>{t.cancellable(writing.day(until))}</p>
      <div>
        <LinkButton to="/app/history">{t.history}</LinkButton>
      </div>
    </Banner>
  )
}

function Done({ issuerCode, memberWon }: { issuerCode: string; memberWon: number }) {
  const t = useWords(refundWords)
  const writing = useWriting()
  return (
    <>
      <Banner tone="good" title={t.done} isNews>
        <p>{t.doneNote(writing.won(memberWon))}</p>
      </Banner>
      <LinkButton to={`/app/${issuerCode}/refund`} isWide>
        {t.back}
      </LinkButton>
    </>
  )
}
