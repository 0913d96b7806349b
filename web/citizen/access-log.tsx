/** Who looked at my data, when and why, the newest first. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Loading, Trouble } from '../ui/loaded.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { myDataWords } from './my-data-words.ts'

export function AccessLog({ issuerCode }: { issuerCode: string }) {
  const t = useWords(myDataWords)
  const writing = useWriting()
  const { client } = useTools()
  const read = useInfiniteQuery({
    queryKey: ['access-log', issuerCode],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answered(
        client.GET('/v1/issuers/{issuerCode}/members/me/access-log', {
          params: {
            path: { issuerCode },
            query: pageParam === undefined ? {} : { cursor: pageParam },
          },
        }),
      ),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })
  const looks = read.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <div className="stack">
      {read.isPending ? <Loading /> : null}
      {read.isError ? <Trouble error={read.error} onAgain={() => void read.refetch()} /> : null}
      {read.isSuccess && looks.length === 0 ? (
        <Empty title={t.noLooks}>
          <p className="soft">{t.noLooksNote}</p>
        </Empty>
      ) : null}
      {looks.length === 0 ? null : (
        <ul className="list">
          {looks.map(({ accessId, at, by, purpose, reason, sight }) => (
            <li key={accessId} className="list-row">
              <div className="grow stack" data-gap="s">
                <div className="row" data-spread>
                  <span className="strong">{t.by[by]}</span>
                  <Badge tone={sight === 'full' ? 'wait' : 'plain'}>{t.sights[sight]}</Badge>
                </div>
                <p>
                  {t.purposes[purpose]}
                  {reason === null ? null : `: ${reason}`}
                </p>
                <p className="soft small">{writing.instant(at)}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
      {read.hasNextPage ? (
        <Button isPending={read.isFetchingNextPage} onPress={() => void read.fetchNextPage()}>
          {t.more}
        </Button>
      ) : null}
    </div>
  )
}
