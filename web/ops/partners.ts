/** Card companies and issuers by their codes, in the reader's language. */
import { useRead } from '../api/app-context.tsx'
import { useLanguage } from '../ui/words.ts'
import type { Answer } from './live.ts'

export type Issuer = Answer<'/v1/issuers'>['items'][number]

/** Gives the code itself where it is not known. */
export function usePartnerNames(): (code: string) => string {
  const partners = usePartners()
  return (code) => partners.find(({ value }) => value === code)?.label ?? code
}

export function usePartners(): readonly { value: string; label: string }[] {
  const language = useLanguage()
  const { data } = useRead({ key: ['partners'], keep: true }, (client) =>
    client.GET('/v1/partners'),
  )
  return (data?.items ?? []).map(({ partnerCode, name, nameEn }) => ({
    value: partnerCode,
    label: language === 'ko' ? name : nameEn,
  }))
}

export function useIssuers(): readonly Issuer[] {
  const { data } = useRead({ key: ['issuers'], keep: true }, (client) => client.GET('/v1/issuers'))
  return data?.items ?? []
}

export function useIssuerNames(): (code: string) => string {
  const language = useLanguage()
  const issuers = useIssuers()
  return (code) => {
    const issuer = issuers.find(({ issuerCode }) => issuerCode === code)
    if (issuer === undefined) return code
    return language === 'ko' ? issuer.name : issuer.nameEn
  }
}
