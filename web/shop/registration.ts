/** The registration of the shop: its state, its deadlines, its papers. */
import type { paths } from '../api/schema.ts'
import { useShopRead } from './shop-context.tsx'

type RegistrationPath = '/v1/issuers/{issuerCode}/merchants/{merchantId}/registration'
export type Registration =
  paths[RegistrationPath]['get']['responses'][200]['content']['application/json']
export type DocumentKind = Registration['documents'][number]['kind']

export function useRegistration() {
  return useShopRead({ key: ['registration'], keep: true }, (client, path) =>
    client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}/registration', {
      params: { path },
    }),
  )
}
