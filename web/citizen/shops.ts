/** Shops that take vouchers, as they are found. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import type { paths } from '../api/schema.ts'

type ShopsGet = paths['/v1/issuers/{issuerCode}/shops']['get']
export type Shop = ShopsGet['responses'][200]['content']['application/json']['items'][number]
export type ShopSector = NonNullable<NonNullable<ShopsGet['parameters']['query']>['sector']>

export interface Position {
  readonly latitude: number
  readonly longitude: number
}

export interface ShopWish {
  readonly text: string
  readonly sector: ShopSector | undefined
  readonly near: Position | undefined
}

const PAGE = 100

export function useShops(issuerCode: string, { text, sector, near }: ShopWish) {
  const { client } = useTools()
  const where = near === undefined ? undefined : `${near.latitude},${near.longitude}`
  return useInfiniteQuery({
    queryKey: ['shops', issuerCode, text, sector, where],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answered(
        client.GET('/v1/issuers/{issuerCode}/shops', {
          params: {
            path: { issuerCode },
            query: {
              limit: PAGE,
              ...(text === '' ? {} : { text }),
              ...(sector === undefined ? {} : { sector }),
              ...(where === undefined ? {} : { near: where }),
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    meta: { keep: near === undefined },
  })
}
