/** One thing that happened, in full: from where the money came, and what came after it. */
import { Printer } from 'lucide-react'
import { useState } from 'react'
import { useParams, useSearch } from 'wouter'
import { useReadAgain } from '../api/app-context.tsx'
import { moneyCall } from '../api/money-call.ts'
import type { paths } from '../api/schema.ts'
import { useMoneyCall } from '../api/use-money-call.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { MoneyProgress } from '../ui/money-progress.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { directionOf, useReceipt, type Operation, type Receipt } from './history.ts'
import { words } from './history-words.ts'
import { useMembership, type Membership } from './membership.tsx'
import { MoneyOrigins } from './money-origins.tsx'
import {
  OperationRow,
  OperationState,
  receiptPath,
  SignedAmount,
  useOperationTitle,
} from './operation-row.tsx'
import { Screen } from './screen.tsx'

export function ReceiptScreen() {
  const t = useWords(words)
  const { operation } = useParams<{ operation: string }>()
  const membership = useMembership()
  const search = useSearch()
  const back = `/app/history/${membership?.issuerCode ?? ''}${search === '' ? '' : `?${search}`}`
  return (
    <Screen title={t.receipt} back={back}>
      {membership === undefined ? (
        <NotFound />
      ) : (
        <OneReceipt membership={membership} operationId={operation} />
      )}
    </Screen>
  )
}

function OneReceipt({ membership, operationId }: { membership: Membership; operationId: string }) {
  const read = useReceipt(membership, operationId)
  return (
    <Loaded read={read} isEmpty={(receipt) => receipt === null} empty={<NotFound />}>
      {(receipt) => (receipt === null ? null : <Whole membership={membership} of={receipt} />)}
    </Loaded>
  )
}

function NotFound() {
  const t = useWords(words)
  return (
    <Empty title={t.notFound}>
      <p className="soft">{t.notFoundNote}</p>
      <LinkButton to="/app/history">{t.toHistory}</LinkButton>
    </Empty>
  )
}

function Whole({ membership, of: receipt }: { membership: Membership; of: Receipt }) {
  const { operation, about } = receipt
  const search = useSearch()
  const t = useWords(words)
  return (
    <article className="stack">
      <Head operation={operation} />
      <Details operation={operation} />
      <Sources membership={membership} operation={operation} />
      {about.length === 0 ? null : (
        <section className="stack" data-gap="s">
          <h2>{t.later}</h2>
          <ul className="list">
            {about.map((later) => (
              <li key={later.operationId}>
                <OperationRow to={receiptPath(membership, later, search)} operation={later} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <PurchaseCancellation membership={membership} of={receipt} />
      <div className="stack no-print" data-gap="s">
        <Button isWide onPress={() => print()}>
          <Printer aria-hidden />
          {t.print}
        </Button>
      </div>
    </article>
  )
}

function Head({ operation }: { operation: Operation }) {
  const title = useOperationTitle(operation)
  return (
    <div className="receipt-head">
      <p className="payee-name">{title}</p>
      <SignedAmount operation={operation} />
      <OperationState operation={operation} />
    </div>
  )
}

function Details({ operation }: { operation: Operation }) {
  const t = useWords(words)
  const language = useLanguage()
  const writing = useWriting()
  const { merchantName, card, channel, kindText, kindTextEn, operationId } = operation
  const reason = language === 'ko' ? operation.declineText : operation.declineTextEn
  return (
    <>
      {reason === null ? null : (
        <Banner tone="bad" title={t.why}>
          <p>{reason}</p>
        </Banner>
      )}
      <section className="card">
        <Facts
          of={[
            [t.kind, language === 'ko' ? kindText : kindTextEn],
            [t.when, writing.instant(operation.bookedAt)],
            ...(merchantName === null ? [] : [[t.shop, merchantName] as const]),
            [t.how, t.channels[channel]],
            ...(card === null
              ? []
              : ([
                  [t.card, card.partnerName],
                  [t.answeredBy, t.deciders[card.decidedBy]],
                ] as const)),
            [
              t.number,
              <span key="id" className="small">
                {operationId}
              </span>,
            ],
          ]}
        />
      </section>
    </>
  )
}

function Sources({ membership, operation }: { membership: Membership; operation: Operation }) {
  const t = useWords(words)
  const writing = useWriting()
  const { legs, coveredWon, card } = operation
  if (legs.length === 0 && coveredWon === 0 && card === null) return null
  return (
    <section className="card stack">
      <h2>{directionOf(operation) === 'in' ? t.given : t.sources}</h2>
      {card === null ? null : <p>{t.cards[card.source]}</p>}
      {legs.length === 0 ? null : (
        <MoneyOrigins of={membership} operationId={operation.operationId} legs={legs} />
      )}
      {coveredWon === 0 ? null : (
        <Banner title={t.covered(writing.won(coveredWon))}>
          <p>{t.coveredNote}</p>
        </Banner>
      )}
    </section>
  )
}

type CancellationPath = paths['/v1/issuers/{issuerCode}/purchases/{purchaseId}/cancellation']
type Cancelled = CancellationPath['post']['responses'][201]['content']['application/json']

/** Of a purchase, looked at as the wish or as what came of it. Whether it still may be is the server's to say. */
function PurchaseCancellation(props: { readonly membership: Membership; readonly of: Receipt }) {
  const { membership, of: receipt } = props
  const { issuerCode, name } = membership
  const { operation, about } = receipt
  const t = useWords(words)
  const writing = useWriting()
  const readAgain = useReadAgain()
  const [isAsking, setAsking] = useState(false)
  const money = useMoneyCall<Cancelled>({
    onDone: () => {
      for (const what of ['wallet', 'operations', 'allowance']) void readAgain(what)
    },
  })
  const purchaseId = purchaseOf(receipt)
  if (purchaseId === undefined) return null
  if (money.state !== undefined) {
    return (
      <MoneyProgress
        state={money.state}
        done={({ memberWon }) => (
          <Banner tone="good" title={t.cancelDone(writing.won(memberWon))} isNews />
        )}
      />
    )
  }
  const isCancelled = about.some(({ kind }) => kind === 'purchase_cancellation')
  if (isCancelled) return null
  const { amountWon } = operation
  return (
    <>
      <Button isWide onPress={() => setAsking(true)}>
        {t.cancelPurchase}
      </Button>
      <Confirm
        title={t.cancelTitle}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        deed={t.cancelDeed}
        kind="danger"
        onConfirm={() => {
          setAsking(false)
          money.begin(
            moneyCall({
              kind: 'purchase_cancellation',
              path: `/v1/issuers/${issuerCode}/purchases/${purchaseId}/cancellation`,
              body: {},
              about: { name, amountWon },
            }),
          )
        }}
      >
        <p>{t.cancelNote(writing.won(amountWon))}</p>
      </Confirm>
    </>
  )
}

function purchaseOf({ operation: { kind, targetId } }: Receipt): string | undefined {
  return kind === 'issue' ? (targetId ?? undefined) : undefined
}
