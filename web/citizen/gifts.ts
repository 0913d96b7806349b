/** Presents of a member, both ways. */
import type { UseQueryResult } from '@tanstack/react-query'
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'

type GiftsPath = paths['/v1/issuers/{issuerCode}/members/me/gifts']
type Gifts = GiftsPath['get']['responses'][200]['content']['application/json']
export type ReceivedGift = Gifts['received'][number]
export type SentGift = Gifts['sent'][number]

export function useGifts(issuerCode: string): UseQueryResult<Gifts> {
  return useRead({ key: ['gifts', issuerCode], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me/gifts', { params: { path: { issuerCode } } }),
  )
}
