/** The shop that the address names: who it is, what the signed-in person may do there, and what is sold right now. */
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react'
import { useRead, useReadAgain, useTools, type ReadOptions } from '../api/app-context.tsx'
import type { ApiClient } from '../api/client.ts'
import type { paths } from '../api/schema.ts'
import { followSales, type Connection, type Sale } from './sale-feed.ts'
import { tellSale } from './telling-aloud.ts'

type MerchantPath = '/v1/issuers/{issuerCode}/merchants/{merchantId}'
export type Merchant = paths[MerchantPath]['get']['responses'][200]['content']['application/json']
export type Outlet = Merchant['outlets'][number]

/** A person at one shop. */
export interface ShopRole {
  readonly issuerCode: string
  readonly merchantId: string
  readonly clerkId: string
  readonly isOwner: boolean
}

export interface Shop extends ShopRole {
  /** Parameters of the path of every call about it. */
  readonly path: { readonly issuerCode: string; readonly merchantId: string }
  /** Its screens' addresses: `to('till')`. */
  to(place: string): string
  readonly connection: Connection
  /** Of this sitting, the newest first. */
  readonly recent: readonly Sale[]
}

const Here = createContext<Shop | undefined>(undefined)
const RECENT_MAX = 50

export function ShopProvider({ role, children }: { role: ShopRole; children: ReactNode }) {
  const { issuerCode, merchantId, clerkId, isOwner } = role
  const { session } = useTools()
  const readAgain = useReadAgain()
  const [connection, setConnection] = useState<Connection>('connecting')
  const [recent, setRecent] = useState<readonly Sale[]>([])
  const again = useRef(readAgain)
  again.current = readAgain
  useEffect(() => {
    const ending = new AbortController()
    const renew = (): void => {
      for (const name of ['sales', 'payable']) {
        void again.current('shop', issuerCode, merchantId, name)
      }
    }
    void followSales({
      session,
      issuerCode,
      merchantId,
      signal: ending.signal,
      onConnection: setConnection,
      onCaughtUp: renew,
      onSale: (sale, isNews) => {
        setRecent((before) => [sale, ...before].slice(0, RECENT_MAX))
        renew()
        if (isNews) void tellSale(sale)
      },
    })
    return () => ending.abort()
  }, [session, issuerCode, merchantId])
  const shop = useMemo<Shop>(
    () => ({
      issuerCode,
      merchantId,
      clerkId,
      isOwner,
      path: { issuerCode, merchantId },
      to: (place) => `/${issuerCode}/${merchantId}/${place}`,
      connection,
      recent,
    }),
    [issuerCode, merchantId, clerkId, isOwner, connection, recent],
  )
  return <Here value={shop}>{children}</Here>
}

export function useShop(): Shop {
  const shop = use(Here)
  if (shop === undefined) throw new Error('a screen stands outside of its shop')
  return shop
}

/** A read about this shop: `name` and what follows name it. */
export function useShopRead<Data>(
  { key, ...options }: ReadOptions,
  call: (
    client: ApiClient,
    path: Shop['path'],
  ) => Promise<{ data?: Data; error?: unknown; response: Response }>,
) {
  const { issuerCode, merchantId, path } = useShop()
  return useRead({ ...options, key: ['shop', issuerCode, merchantId, ...key] }, (client) =>
    call(client, path),
  )
}

/** Asks again what is known of this shop under a name. */
export function useShopReadAgain(): (...names: readonly string[]) => Promise<void> {
  const { issuerCode, merchantId } = useShop()
  const readAgain = useReadAgain()
  return useCallback(
    async (...names) => {
      for (const name of names) await readAgain('shop', issuerCode, merchantId, name)
    },
    [issuerCode, merchantId, readAgain],
  )
}

/** The registered shop with its outlets; kept to be seen without a network. */
export function useMerchant() {
  return useShopRead({ key: ['merchant'], keep: true }, (client, path) =>
    client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}', { params: { path } }),
  )
}
