/** What each payment earned, and why not more; page by page. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import type { paths } from '../api/schema.ts'
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { Empty, Loading, Trouble } from '../ui/loaded.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { cashbackWords } from './cashback-words.ts'

type EarningsPath = paths['/v1/issuers/{issuerCode}/members/me/cashback/earnings']
type Earning = EarningsPath['get']['responses'][200]['content']['application/json']['items'][number]

const tones: Readonly<Record<Earning['state'], Tone>> = {
  nothing: 'plain',
  due: 'wait',
  waiting: 'wait',
  posted: 'good',
  refused: 'bad',
  cancelled: 'plain',
  lapsed: 'plain',
}

export function CashbackEarnings({ issuerCode }: { issuerCode: string }) {
  const t = useWords(cashbackWords)
  const { client } = useTools()
  const read = useInfiniteQuery({
    queryKey: ['cashback-earnings', issuerCode],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answered(
        client.GET('/v1/issuers/{issuerCode}/members/me/cashback/earnings', {
          params: {
            path: { issuerCode },
            query: pageParam === undefined ? {} : { cursor: pageParam },
          },
        }),
      ),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })
  const earnings = read.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <section className="stack" data-gap="s">
      <h2>{t.earnings}</h2>
      {read.isPending ? <Loading /> : null}
      {read.isError ? <Trouble error={read.error} onAgain={() => void read.refetch()} /> : null}
      {read.isSuccess && earnings.length === 0 ? (
        <Empty title={t.noEarnings}>
          <p className="soft">{t.noEarningsNote}</p>
        </Empty>
      ) : null}
      {earnings.length === 0 ? null : (
        <ul className="list">
          {earnings.map((earning) => (
            <li key={earning.paymentId} className="list-row">
              <EarningRow earning={earning} />
            </li>
          ))}
        </ul>
      )}
      {read.hasNextPage ? (
        <Button isPending={read.isFetchingNextPage} onPress={() => void read.fetchNextPage()}>
          {t.more}
        </Button>
      ) : null}
    </section>
  )
}

function EarningRow({ earning }: { earning: Earning }) {
  const t = useWords(cashbackWords)
  const isKorean = useLanguage() === 'ko'
  const writing = useWriting()
  const { merchantName, merchantId, paidAt, state, waitsFor, shares } = earning
  const earnedWon = shares.reduce((sum, share) => sum + share.earnedWon - share.takenBackWon, 0)
  return (
    <div className="grow stack" data-gap="s">
      <div className="row" data-spread>
        <span className="strong">{merchantName ?? merchantId}</span>
        <Amount won={earnedWon} />
      </div>
      <div className="row" data-spread>
        <span className="soft small">{writing.instant(paidAt)}</span>
        <Badge tone={tones[state]}>{t.states[state]}</Badge>
      </div>
      {shares.map((share) => (
        <p key={share.programId} className="small">
          {t.rate(writing.percent(share.rateBasisPoints / 10_000), writing.won(share.spentWon))}
          {' · '}
          {t.usableUntil(writing.day(share.usableUntil))}
          {share.reason === null ? null : (
            <>
              <br />
              {isKorean ? share.reasonText : share.reasonTextEn}
            </>
          )}
        </p>
      ))}
      {waitsFor === null ? null : <p className="small">{t.waitsFor[waitsFor]}</p>}
    </div>
  )
}
