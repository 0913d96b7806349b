/** The shop of a scanned code as it was registered: sought by its name, taken only where the place is the same. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import type { paths } from '../api/schema.ts'
import type { PaymentCode } from './payment-code.ts'

type ShopsPath = paths['/v1/issuers/{issuerCode}/shops']
export type Shop =
  ShopsPath['get']['responses'][200]['content']['application/json']['items'][number]

/** Null where no registered shop of that name is at the place that the code names. */
export function useRegisteredShop(code: PaymentCode): UseQueryResult<Shop | null> {
  const { client } = useTools()
  const { issuerCode, outletId, name } = code
  return useQuery({
    queryKey: ['shop', issuerCode, outletId],
    queryFn: async () => {
      const { items } = await answered(
        client.GET('/v1/issuers/{issuerCode}/shops', {
          params: { path: { issuerCode }, query: { text: name.ko } },
        }),
      )
      return items.find((shop) => shop.outletId === outletId) ?? null
    },
  })
}
