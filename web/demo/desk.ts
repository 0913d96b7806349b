/**
 * The demonstration's desk, as this page asks it: parts that run or not, the gateways, a card terminal. It lives when
 * the core is dead, so its address is kept on the device from the last time the core told it.
 */
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import { currentLanguage } from '../api/language.ts'
import { unreachable } from '../api/problem.ts'
import type { paths } from '../api/schema.ts'

const KEY = 'dure.desk-url'
/** What is stopped and started by hand is looked at every second. */
const ASKED_EVERY_MS = 1_000

export const partNames = ['core', 'gateway-a', 'gateway-b'] as const
export type PartName = (typeof partNames)[number]
export interface Part {
  readonly name: string
  readonly state: 'running' | 'stopped' | 'starting'
  readonly since: string
}
export type PartDeed = 'stop' | 'start' | 'kill'

type Gateways =
  paths['/v1/gateways']['get']['responses'][200]['content']['application/json']['items']

/** Undefined until it is known; null where there is no demonstration. */
export function useDeskUrl(): string | null | undefined {
  const { client } = useTools()
  const { data } = useQuery({
    queryKey: ['deployment'],
    refetchInterval: 10_000,
    queryFn: async () => {
      const { deskUrl } = await answered(client.GET('/v1/deployment'))
      if (deskUrl !== null) localStorage.setItem(KEY, deskUrl)
      return deskUrl
    },
  })
  return data === undefined ? (localStorage.getItem(KEY) ?? undefined) : data
}

export function useParts(deskUrl: string): UseQueryResult<readonly Part[]> {
  return useQuery({
    queryKey: ['parts', deskUrl],
    refetchInterval: ASKED_EVERY_MS,
    retry: false,
    queryFn: async () => (await askDesk<{ parts: Part[] }>(`${deskUrl}/parts`)).parts,
  })
}

export function useDeskGateways(deskUrl: string): UseQueryResult<Gateways> {
  return useQuery({
    queryKey: ['desk-gateways', deskUrl],
    refetchInterval: ASKED_EVERY_MS,
    retry: false,
    queryFn: async () => (await askDesk<{ items: Gateways }>(`${deskUrl}/gateways`)).items,
  })
}

/** Stops, starts or kills a part for real. */
export function usePartDeed(deskUrl: string): (name: PartName, deed: PartDeed) => Promise<void> {
  const queries = useQueryClient()
  return async (name, deed) => {
    const { parts } = await askDesk<{ parts: Part[] }>(`${deskUrl}/parts/${name}/${deed}`, {})
    queries.setQueryData(['parts', deskUrl], parts)
  }
}

/** What the terminal prints. */
export interface Receipt {
  readonly saleId: string
  readonly amountWon: number
  readonly outcome: 'approved' | 'declined' | 'under_way'
  readonly source: 'voucher' | 'voucher_and_account' | 'account' | 'none'
  readonly voucherWon: number
  readonly accountWon: number
  readonly remainingWon: number | null
  readonly approvalCode: string | null
  readonly provisional: boolean
  readonly decidedBy: 'core' | 'standin' | 'gateway' | null
  readonly gateway: string | null
  readonly latencyMs: number | null
  readonly why: { readonly ko: string; readonly en: string } | null
}

export interface Sale {
  readonly company: string
  readonly card: string
  readonly merchantNumber: string
  readonly amountWon: number
}

const TERMINAL = 'T0000001'

/** Pays at the terminal by the desk: also while the core is dead. */
export function sell(deskUrl: string, { company, ...sale }: Sale): Promise<Receipt> {
  return askDesk<Receipt>(`${deskUrl}/terminals/${company}/${TERMINAL}/sales`, sale)
}

/** @throws ApiProblem `unreachable` where the desk or whom it asked did not answer */
async function askDesk<Answer>(url: string, body?: object): Promise<Answer> {
  const init: RequestInit =
    body === undefined
      ? {}
      : {
          method: 'POST',
          ...(Object.keys(body).length === 0
            ? {}
            : {
                headers: { 'content-type': 'application/json' },
                body: JSON.stringify(body),
              }),
        }
  const response = await fetch(url, { ...init, cache: 'no-store' }).catch(() => undefined)
  if (response?.ok !== true) throw unreachable(currentLanguage())
  return (await response.json()) as Answer // The desk is of this repository, and no door of the public's.
}
