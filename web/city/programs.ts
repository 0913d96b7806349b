/** Programs as officers see them, and what their terms are called. */
import type { UseQueryResult } from '@tanstack/react-query'
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import type { Dictionary } from '../ui/words.ts'
import { useCity } from './city-context.tsx'

type Programs =
  paths['/v1/issuers/{issuerCode}/administration/programs']['get']['responses'][200]['content']['application/json']
export type Program = Programs['items'][number]
export type Terms = NonNullable<Program['terms']>
export type Preview =
  paths['/v1/issuers/{issuerCode}/proposals/terms/preview']['post']['responses'][200]['content']['application/json']
export type TermsChanges =
  paths['/v1/issuers/{issuerCode}/proposals/terms']['post']['requestBody']['content']['application/json']['changes']

export function usePrograms(): UseQueryResult<Programs> {
  const { issuerCode, path } = useCity()
  return useRead({ key: ['programs', issuerCode] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/administration/programs', { params: { path } }),
  )
}

export const kindWords: Dictionary<Record<Terms['kind'], string>> = {
  ko: { purchase: '구매형', stipend: '정책수당', cashback: '캐시백', gift: '선물' },
  en: { purchase: 'sold', stipend: 'stipend', cashback: 'cashback', gift: 'gift' },
}

export const funderWords: Dictionary<Record<'national' | 'province' | 'city', string>> = {
  ko: { national: '국비', province: '도비', city: '시비' },
  en: { national: 'national', province: 'province', city: 'city' },
}
