/** What happened to a wallet, as the API pages it, and what it means for the one who reads. */
import { useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useRead, useTools } from '../api/app-context.tsx'
import { answered, type ApiClient } from '../api/client.ts'
import type { paths } from '../api/schema.ts'
import type { Membership } from './membership.tsx'

type OperationsPath = paths['/v1/issuers/{issuerCode}/wallets/{walletId}/operations']
type OperationsPage = OperationsPath['get']['responses'][200]['content']['application/json']
export type Operation = OperationsPage['items'][number]

/** What is looked for; a month is such as 2026-11. */
export interface HistoryFilter {
  readonly month?: string | undefined
  readonly kind?: Operation['kind'] | undefined
  readonly text?: string | undefined
}

const PAGE = 50
/** A receipt is sought in no more pages than this, of a hundred each. */
const PAGES_MAX = 30
const SEEKING_PAGE = 100

export function useHistory(membership: Membership, filter: HistoryFilter) {
  const { client } = useTools()
  const { issuerCode, walletId } = membership
  return useInfiniteQuery({
    queryKey: ['operations', issuerCode, walletId, filter],
    queryFn: ({ pageParam }) =>
      readPage(client, membership, { ...filter, cursor: pageParam, limit: PAGE }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    meta: { keep: Object.values(filter).every((value) => value === undefined) },
  })
}

/** One operation with those that are about it, such as its cancellations. */
export interface Receipt {
  readonly operation: Operation
  readonly about: readonly Operation[]
}

/** Null where the wallet has none of that id. */
export function useReceipt(
  membership: Membership,
  operationId: string,
): UseQueryResult<Receipt | null> {
  const { client } = useTools()
  const { issuerCode, walletId } = membership
  return useQuery({
    queryKey: ['operations', issuerCode, walletId, 'one', operationId],
    queryFn: () => seek(client, membership, operationId),
    meta: { keep: true },
  })
}

type OnePath = paths['/v1/issuers/{issuerCode}/wallets/{walletId}/operations/{operationId}']
export type OneOperation = OnePath['get']['responses'][200]['content']['application/json']

/** The same operation looked at closely: its lots, and who had paid for them. */
export function useOneOperation(
  { issuerCode, walletId }: Pick<Membership, 'issuerCode' | 'walletId'>,
  operationId: string,
): UseQueryResult<OneOperation> {
  const key = ['operations', issuerCode, walletId, 'lots', operationId]
  return useRead({ key, keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/wallets/{walletId}/operations/{operationId}', {
      params: { path: { issuerCode, walletId, operationId } },
    }),
  )
}

/** Newest first: whatever is about an operation came after it, and has been seen when it is found. */
async function seek(
  client: ApiClient,
  membership: Membership,
  operationId: string,
): Promise<Receipt | null> {
  const seen: Operation[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await readPage(client, membership, { cursor, limit: SEEKING_PAGE })
    seen.push(...page.items)
    const found = seen.find((each) => each.operationId === operationId)
    if (found !== undefined) return receiptOf(found, seen)
    if (page.nextCursor === null) return null
    cursor = page.nextCursor
  }
  return null
}

/** A purchase is a wish and the value that came of it: its receipt is the value's, whichever was asked for. */
function receiptOf(found: Operation, seen: readonly Operation[]): Receipt {
  const wishId = found.kind === 'issue' ? found.targetId : found.operationId
  const aboutWish = seen.filter(({ targetId }) => targetId !== null && targetId === wishId)
  const value = aboutWish.find(({ kind }) => kind === 'issue')
  const operation = found.kind === 'purchase' ? (value ?? found) : found
  const ids = [operation.operationId, wishId]
  const about = seen.filter(
    (each) => each !== operation && each.targetId !== null && ids.includes(each.targetId),
  )
  return { operation, about }
}

function readPage(
  client: ApiClient,
  { issuerCode, walletId }: Membership,
  asked: HistoryFilter & { cursor: string | undefined; limit: number },
): Promise<OperationsPage> {
  const { cursor, limit, month, kind, text } = asked
  const query = {
    limit,
    ...(cursor === undefined ? {} : { cursor }),
    ...(kind === undefined ? {} : { kind }),
    ...(text === undefined || text === '' ? {} : { text }),
    ...(month === undefined ? {} : periodOf(month)),
  }
  return answered(
    client.GET('/v1/issuers/{issuerCode}/wallets/{walletId}/operations', {
      params: { path: { issuerCode, walletId }, query },
    }),
  )
}

function periodOf(month: string): { from: string; through: string } {
  const [year, number] = month.split('-').map(Number)
  const last = new Date(Date.UTC(year ?? 0, number ?? 1, 0)).getUTCDate()
  return { from: `${month}-01`, through: `${month}-${String(last).padStart(2, '0')}` }
}

/** Whether it brings value into the wallet, takes it out, or only tells of something. */
export type Direction = 'in' | 'out' | 'none'

const directions: Readonly<Partial<Record<Operation['kind'], Direction>>> = {
  issue: 'in',
  cancellation: 'in',
  gift_acceptance: 'in',
  gift_return: 'in',
  cashback: 'in',
  payment: 'out',
  capture: 'out',
  hold: 'out',
  gift: 'out',
  expiry: 'out',
  refund: 'out',
  purchase_cancellation: 'out',
  cashback_return: 'out',
  clawback: 'out',
}

export function directionOf({ kind, declineReason, card }: Operation): Direction {
  if (declineReason !== null || card?.source === 'account') return 'none'
  return directions[kind] ?? 'none'
}

/** A request to buy whose value has come is told by the value; while the bank has not spoken it stands for itself. */
export function withoutAnsweredWishes(operations: readonly Operation[]): Operation[] {
  const answeredIds = new Set(operations.map(({ targetId }) => targetId))
  return operations.filter(
    ({ kind, operationId }) => kind !== 'purchase' || !answeredIds.has(operationId),
  )
}

/** The month of an operation by the Korean calendar, such as 2026-11. */
export function monthOf({ bookedAtKorean }: Operation): string {
  return bookedAtKorean.slice(0, 7)
}
