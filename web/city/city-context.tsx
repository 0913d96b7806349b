/** The issuer that the address names, and the officer who is signed in there. */
import { createContext, use, type ReactNode } from 'react'
import { useRead } from '../api/app-context.tsx'

export interface City {
  readonly issuerCode: string
  readonly officerId: string
  /** Parameters of the path of every call about it. */
  readonly path: { readonly issuerCode: string }
  /** Its screens' addresses: `to('programs')`. */
  to(place: string): string
}

const Here = createContext<City | undefined>(undefined)

export function CityProvider(props: {
  readonly issuerCode: string
  readonly officerId: string
  readonly children: ReactNode
}) {
  const { issuerCode, officerId, children } = props
  const city: City = {
    issuerCode,
    officerId,
    path: { issuerCode },
    to: (place) => `/${issuerCode}/${place}`,
  }
  return <Here value={city}>{children}</Here>
}

export function useCity(): City {
  const city = use(Here)
  if (city === undefined) throw new Error('a screen stands outside of its city hall')
  return city
}

/** The issuer's own name and what it is. */
export function useIssuer() {
  const { issuerCode, path } = useCity()
  return useRead({ key: ['issuer', issuerCode] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}', { params: { path } }),
  )
}

/** Officers of the issuer, as far as they have been read. */
export function useOfficers() {
  const { issuerCode, path } = useCity()
  const officers = useRead({ key: ['officers', issuerCode] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/officers', { params: { path } }),
  )
  return officers.data?.items ?? []
}

/** Names of officers by their ids, for saying who did what. */
export function useOfficerName(): (officerId: string | null) => string {
  const officers = useOfficers()
  return (officerId) =>
    officers.find((officer) => officer.officerId === officerId)?.name ?? officerId ?? '—'
}
