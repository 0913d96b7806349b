/** What is on sale, what a purchase would cost, and how much a member may still buy. */
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useRead, useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import type { paths } from '../api/schema.ts'

type ProgramsPath = paths['/v1/issuers/{issuerCode}/programs']
type ListedProgram =
  ProgramsPath['get']['responses'][200]['content']['application/json']['items'][number]
/** One with terms in force. */
export type Program = ListedProgram & { readonly terms: NonNullable<ListedProgram['terms']> }
type AllowancePath = paths['/v1/issuers/{issuerCode}/purchases/allowance']
export type Allowance = AllowancePath['get']['responses'][200]['content']['application/json']
type QuotesPath = paths['/v1/issuers/{issuerCode}/purchases/quotes']
export type Quote = QuotesPath['post']['responses'][200]['content']['application/json']
type PurchasesPath = paths['/v1/issuers/{issuerCode}/purchases']
export type Purchase = PurchasesPath['post']['responses'][201]['content']['application/json']

/** What members may buy. */
export function usePrograms(issuerCode: string): UseQueryResult<Program[]> {
  const { client } = useTools()
  return useQuery({
    queryKey: ['programs', issuerCode],
    queryFn: async () => {
      const { items } = await answered(
        client.GET('/v1/issuers/{issuerCode}/programs', { params: { path: { issuerCode } } }),
      )
      return items.filter((program): program is Program => program.terms !== null)
    },
    meta: { keep: true },
  })
}

export function isSold({ terms }: Program): boolean {
  return terms.kind === 'purchase' && terms.corporate?.soldToMembers !== false
}

export function useAllowance(issuerCode: string, programId: string): UseQueryResult<Allowance> {
  return useRead({ key: ['allowance', issuerCode, programId] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/purchases/allowance', {
      params: { path: { issuerCode }, query: { programId } },
    }),
  )
}

/** While the next one is on its way the one before stands. */
export function useQuote(
  issuerCode: string,
  { programId, faceWon, isReady }: { programId: string; faceWon: number; isReady: boolean },
): UseQueryResult<Quote> {
  const { client } = useTools()
  return useQuery({
    queryKey: ['quote', issuerCode, programId, faceWon],
    queryFn: () =>
      answered(
        client.POST('/v1/issuers/{issuerCode}/purchases/quotes', {
          params: { path: { issuerCode } },
          body: { programId, faceWon },
        }),
      ),
    enabled: isReady,
    placeholderData: keepPreviousData,
  })
}

export type Member =
  paths['/v1/issuers/{issuerCode}/members/me']['get']['responses'][200]['content']['application/json']

export function useMember(issuerCode: string): UseQueryResult<Member> {
  return useRead({ key: ['member', issuerCode], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me', { params: { path: { issuerCode } } }),
  )
}
