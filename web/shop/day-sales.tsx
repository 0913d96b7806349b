/** Each payment and cancellation of one day, with the hours at which they came. */
import { useInfiniteQuery, type InfiniteData } from '@tanstack/react-query'
import { useSearchParams } from 'wouter'
import type { BusinessDate } from '../../src/base/base.ts'
import { useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/choice.tsx'
import { Empty, Loading, Trouble } from '../ui/loaded.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { Banner } from '../ui/telling.tsx'
import { Bars } from './bars.tsx'
import { hourOf } from './days.ts'
import type { Sale } from './sale-feed.ts'
import { SaleRow } from './sale-row.tsx'
import { useMerchant, useShop } from './shop-context.tsx'

const words = {
  ko: {
    list: '결제 내역',
    byHour: '시간별 매출',
    hour: (hour: number) => `${hour}시`,
    empty: '이 날은 결제가 없습니다',
    emptyNote: '결제를 받으면 바로 여기에 나타나요.',
    more: '더 보기',
    declined: '거절된 결제도 보기',
    seen: (when: string) => `지금은 연결되지 않아 ${when}에 본 내용을 보여 드립니다.`,
    newest: '최근 결제까지만 그래프에 있어요. ‘더 보기’를 누르면 늘어나요.',
  },
  en: {
    list: 'Payments',
    byHour: 'By hour',
    hour: (hour: number) => `${hour}:00`,
    empty: 'No payments on this day',
    emptyNote: 'Payments appear here as they are made.',
    more: 'More',
    declined: 'Show declined payments too',
    seen: (when: string) => `There is no connection now: this is what was seen on ${when}.`,
    newest: 'The chart has only the newest payments; press “More” to see others.',
  },
}

const PAGE = 100

interface SalePage {
  readonly items: readonly Sale[]
  readonly nextCursor: string | null
}

function useDayPages(day: BusinessDate) {
  const { client } = useTools()
  const { issuerCode, merchantId, path } = useShop()
  const [search] = useSearchParams()
  const outletId = search.get('outlet')
  return useInfiniteQuery<SalePage, Error, InfiniteData<SalePage>, readonly unknown[], string>({
    queryKey: ['shop', issuerCode, merchantId, 'sales', 'list', day, outletId],
    queryFn: ({ pageParam }) =>
      answered(
        client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}/payments', {
          params: {
            path,
            query: {
              from: day,
              through: day,
              limit: PAGE,
              ...(pageParam === '' ? {} : { cursor: pageParam }),
              ...(outletId === null ? {} : { outletId }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    meta: { keep: true },
  })
}

export function DaySales({ day }: { day: BusinessDate }) {
  const t = useWords(words)
  const writing = useWriting()
  const merchant = useMerchant()
  const pages = useDayPages(day)
  const [search, setSearch] = useSearchParams()
  const withDeclined = search.get('declined') === 'yes'
  const { data, isError, error } = pages
  if (data === undefined) {
    return isError ? <Trouble error={error} onAgain={() => void pages.refetch()} /> : <Loading />
  }
  const all = data.pages.flatMap(({ items }) => items)
  const shown = all.filter((sale) => withDeclined || sale.declineReason === null)
  const outlets = merchant.data?.outlets ?? []
  const nameOf = (outletId: string | null): string | undefined =>
    outlets.length < 2 ? undefined : outlets.find((each) => each.outletId === outletId)?.name
  return (
    <>
      {isError ? (
        <Banner tone="wait" isNews>
          <p>{t.seen(writing.instant(pages.dataUpdatedAt))}</p>
        </Banner>
      ) : null}
      <Hours sales={all} />
      {pages.hasNextPage ? <p className="soft small">{t.newest}</p> : null}
      <section className="stack" data-gap="s">
        <h2>{t.list}</h2>
        {shown.length === 0 ? (
          <Empty title={t.empty}>
            <p className="soft">{t.emptyNote}</p>
          </Empty>
        ) : (
          <ul className="list">
            {shown.map((sale) => (
              <li key={sale.operationId}>
                <SaleRow sale={sale} outletName={nameOf(sale.outletId)} />
              </li>
            ))}
          </ul>
        )}
        {pages.hasNextPage ? (
          <Button
            isPending={pages.isFetchingNextPage}
            onPress={() => void pages.fetchNextPage()}
            isWide
          >
            {t.more}
          </Button>
        ) : null}
        <Checkbox
          isSelected={withDeclined}
          onChange={(is) =>
            setSearch(
              (before) => {
                if (is) before.set('declined', 'yes')
                else before.delete('declined')
                return before
              },
              { replace: true },
            )
          }
        >
          {t.declined}
        </Checkbox>
      </section>
    </>
  )
}

/** From the first hour with a payment to the last. */
function Hours({ sales }: { sales: readonly Sale[] }) {
  const t = useWords(words)
  const good = sales.filter(({ declineReason }) => declineReason === null)
  if (good.length === 0) return null
  const hours = good.map(({ bookedAt }) => hourOf(bookedAt))
  const first = Math.min(...hours)
  const last = Math.max(...hours, first + 5)
  return (
    <Bars
      caption={t.byHour}
      bars={Array.from({ length: Math.min(last, 23) - first + 1 }, (_, index) => {
        const hour = first + index
        const own = good.filter((_sale, at) => hours[at] === hour)
        const paid = own.filter(({ kind }) => kind !== 'cancellation')
        return {
          key: String(hour),
          label: t.hour(hour),
          won: paid.reduce((sum, { amountWon }) => sum + amountWon, 0),
          payments: paid.length,
        }
      })}
    />
  )
}
