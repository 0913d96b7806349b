/** A wallet as it is read everywhere in the app: one key, kept on the device. */
import type { UseQueryResult } from '@tanstack/react-query'
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import type { Membership } from './membership.tsx'

type WalletPath = paths['/v1/issuers/{issuerCode}/wallets/{walletId}']
export type Wallet = WalletPath['get']['responses'][200]['content']['application/json']

export function useWallet({
  issuerCode,
  walletId,
}: Pick<Membership, 'issuerCode' | 'walletId'>): UseQueryResult<Wallet> {
  return useRead({ key: ['wallet', issuerCode, walletId], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/wallets/{walletId}', {
      params: { path: { issuerCode, walletId } },
    }),
  )
}
