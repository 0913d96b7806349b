/** Rules of a municipality as screens tell them; they are decided by the server, whatever is shown. */
import type { UseQueryResult } from '@tanstack/react-query'
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'

type RulesPath = paths['/v1/issuers/{issuerCode}/rules']
export type IssuerRules = RulesPath['get']['responses'][200]['content']['application/json']

export function useIssuerRules(issuerCode: string): UseQueryResult<IssuerRules> {
  return useRead({ key: ['rules', issuerCode], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/rules', { params: { path: { issuerCode } } }),
  )
}
