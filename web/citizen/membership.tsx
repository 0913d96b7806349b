/** Whose voucher a screen is about: the memberships of who is signed in, and the one that the address names. */
import { useEffect } from 'react'
import { useParams } from 'wouter'
import { useRead, useSession } from '../api/app-context.tsx'
import { useLanguage } from '../ui/words.ts'

export interface Membership {
  readonly issuerCode: string
  readonly memberId: string
  readonly walletId: string
  /** Of the municipality, in the reader's language. */
  readonly name: string
}

/** The municipality that was looked at last, for screens that have to begin with one. */
const KEY = 'dure.issuer'

export function useMemberships(): readonly Membership[] {
  const session = useSession()
  const name = useIssuerName()
  return (session?.roles ?? []).flatMap((role) =>
    role.role === 'member'
      ? [
          {
            issuerCode: role.issuer,
            memberId: role.member,
            walletId: role.wallet,
            name: name(role.issuer),
          },
        ]
      : [],
  )
}

/** The membership that the address names by `:issuer`. */
export function useMembership(): Membership | undefined {
  const { issuer } = useParams<{ issuer?: string }>()
  const memberships = useMemberships()
  const found = memberships.find(({ issuerCode }) => issuerCode === issuer)
  useEffect(() => {
    if (found !== undefined) rememberIssuer(found.issuerCode)
  }, [found])
  return found
}

/** Names of municipalities by their codes; the code itself until they are known. */
export function useIssuerName(): (issuerCode: string) => string {
  const language = useLanguage()
  const { data } = useRead({ key: ['issuers'], keep: true }, (client) => client.GET('/v1/issuers'))
  return (issuerCode) => {
    const found = data?.items.find((issuer) => issuer.issuerCode === issuerCode)
    if (found === undefined) return issuerCode
    return language === 'ko' ? found.name : found.nameEn
  }
}

/** Makes it the one that screens begin with. */
export function rememberIssuer(issuerCode: string): void {
  localStorage.setItem(KEY, issuerCode)
}

/** Where nothing in the address names one: the municipality that was looked at last, or the first. */
export function useUsualMembership(): Membership | undefined {
  const memberships = useMemberships()
  const kept = localStorage.getItem(KEY)
  return memberships.find(({ issuerCode }) => issuerCode === kept) ?? memberships[0]
}
