/** Lists that the API gives page by page: all pages so far, and a way to the next. */
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTools } from '../api/app-context.tsx'
import { answered, type ApiClient } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { Loading, Trouble } from '../ui/loaded.tsx'
import { useWords } from '../ui/words.ts'

const words = { ko: { more: '더 보기' }, en: { more: 'Show more' } }

export const PAGE = 50

interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextCursor?: string | null
  /** Some lists count instead. */
  readonly next?: number | null
}

type PageCall<Item> = (
  client: ApiClient,
  cursor: string | undefined,
) => Promise<{ data?: Page<Item>; error?: unknown; response: Response }>

export interface Pages<Item> {
  readonly items: readonly Item[] | undefined
  readonly error: unknown
  readonly hasMore: boolean
  readonly isFetching: boolean
  more(): void
  again(): void
}

export function usePages<Item>(
  options: { readonly key: readonly unknown[]; readonly everyMs?: number | undefined },
  call: PageCall<Item>,
): Pages<Item> {
  const { client } = useTools()
  const { key, everyMs } = options
  const read = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => answered(call(client, pageParam)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor, next }) =>
      nextCursor ?? (next === null || next === undefined ? undefined : String(next)),
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  })
  return {
    items: read.data?.pages.flatMap(({ items }) => items),
    error: read.isError ? read.error : undefined,
    hasMore: read.hasNextPage,
    isFetching: read.isFetchingNextPage,
    more: () => void read.fetchNextPage(),
    again: () => void read.refetch(),
  }
}

export function Paged<Item>(props: {
  readonly pages: Pages<Item>
  /** What stands where there is nothing, with what to do next. */
  readonly empty: ReactNode
  readonly children: (items: readonly Item[]) => ReactNode
}) {
  const { pages, empty, children } = props
  const { more } = useWords(words)
  const { items, error } = pages
  if (items === undefined) {
    return error === undefined ? <Loading /> : <Trouble error={error} onAgain={pages.again} />
  }
  return (
    <>
      {error === undefined ? null : <Trouble error={error} onAgain={pages.again} />}
      {items.length === 0 ? empty : children(items)}
      {pages.hasMore ? (
        <div>
          <Button isPending={pages.isFetching} onPress={pages.more}>
            {more}
          </Button>
        </div>
      ) : null}
    </>
  )
}
