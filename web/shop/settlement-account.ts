/** Where a shop is paid. */
import type { paths } from '../api/schema.ts'
import { bankName } from './bank-names.ts'
import { useShopRead } from './shop-context.tsx'

type AccountPath = '/v1/issuers/{issuerCode}/merchants/{merchantId}/settlement-account'
export type ChosenAccount =
  paths[AccountPath]['get']['responses'][200]['content']['application/json']['items'][number]

/** Every account that was chosen, the newest last. */
export function useAccounts() {
  return useShopRead({ key: ['accounts'] }, (client, path) =>
    client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}/settlement-account', {
      params: { path },
    }),
  )
}

/** `NH농협은행 ***1234 (박정우)`, or the agent's id. */
export function accountText(account: ChosenAccount): string {
  const { payee, bankCode, accountNumber, holderName, agentId } = account
  if (payee === 'agent') return `환전대행 ${agentId ?? ''}`
  return `${bankName(bankCode)} ${accountNumber ?? ''}${holderName === null ? '' : ` (${holderName})`}`
}
