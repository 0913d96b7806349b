/** A merchant's books: what was paid, what is owed, and what is being paid at this moment. */
import { Type, type Static } from 'typebox'
import {
  DAY_MS,
  formatId,
  sumWon,
  type IssuerId,
  type MerchantId,
  type OutletId,
} from '../../base/base.ts'
import type { OutletDay } from '../../ledger/ledger.ts'
import {
  decodeCursor,
  idSchema,
  instantSchema,
  instantText,
  issuerParam,
  listSchema,
  notFound,
  problemResponses,
  readId,
  refusal,
  requireClerk,
  type Door,
} from '../door.ts'
import { followMerchant } from './merchant-feed.ts'
import { readOperations, readPeriod, readSearch, searchQuery } from './operation-pages.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, merchantOperationSchema, merchantOperationView, wonOut } from './views.ts'

/** Two months and a day: this month beside the one before. */
const SUMMED_DAYS_MAX = 63

const daySchema = Type.String({ maxLength: 10, description: 'A Korean day: `2026-11-22`' })
const sums = {
  payments: Type.Integer(),
  paymentsWon: wonOut,
  cancellations: Type.Integer(),
  cancellationsWon: wonOut,
}
const dayRowSchema = Type.Object({ day: daySchema, outletId: nullable(idOut), ...sums })
/** Days without any are left out; a cancellation counts on its own day. */
const daysSchema = Type.Object({
  from: daySchema,
  through: daySchema,
  ...sums,
  items: Type.Array(dayRowSchema),
})

const outletQuery = { outletId: Type.Optional(idSchema('out')) }
const merchantParams = Type.Object({ ...issuerParam, merchantId: idSchema('mrc') })

export function registerMerchantBookRoutes(door: Door, deps: RouteDeps): void {
  lists(door, deps)
  days(door, deps)
  feed(door, deps)
}

function lists({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/merchants/:merchantId/payments',
    {
      schema: {
        tags: ['merchant books'],
        summary:
          '매출 내역 · Payments and cancellations, newest first, by period and outlet; no payers',
        params: merchantParams,
        querystring: Type.Object({ ...searchQuery, ...outletQuery }),
        response: { 200: listSchema(merchantOperationSchema), ...problemResponses },
      },
    },
    async (request) => {
      const merchantId = readId('mrc', request.params.merchantId)
      const { issuerId } = requireClerk(request, merchantId)
      const outletId = readOutlet(deps, { issuerId, merchantId }, request.query.outletId)
      const search = readSearch(
        request.query,
        outletId && ((operation) => operation.outletId === outletId),
      )
      const { operations, nextCursor } = await readOperations(
        (options) => deps.reading.merchantOperations(issuerId, merchantId, options),
        search,
      )
      return { items: operations.map(merchantOperationView), nextCursor }
    },
  )

  app.get(
    '/v1/issuers/:issuerCode/merchants/:merchantId/payable',
    {
      schema: {
        tags: ['merchant books'],
        summary: '정산 예정액 · What the merchant is owed now: paid less given back',
        params: merchantParams,
        response: {
          200: Type.Object({ merchantId: idOut, payableWon: wonOut, asOf: instantSchema }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const merchantId = readId('mrc', request.params.merchantId)
      const { issuerId } = requireClerk(request, merchantId)
      const asOf = instantText(deps.clock())
      const payableWon = await deps.reading.merchantPayable(issuerId, merchantId)
      return { merchantId: formatId('mrc', merchantId), payableWon, asOf }
    },
  )
}

function days({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/merchants/:merchantId/payments/days',
    {
      schema: {
        tags: ['merchant books'],
        summary: '일별 매출 · What each outlet took and gave back, by Korean day',
        params: merchantParams,
        querystring: Type.Object({
          ...outletQuery,
          from: daySchema,
          through: Type.String({
            maxLength: 10,
            description: `The last day: at most ${SUMMED_DAYS_MAX} days in all`,
          }),
        }),
        response: { 200: daysSchema, ...problemResponses },
      },
    },
    async (request) => {
      const merchantId = readId('mrc', request.params.merchantId)
      const { issuerId } = requireClerk(request, merchantId)
      const { from: first, through: last } = request.query
      const outletId = readOutlet(deps, { issuerId, merchantId }, request.query.outletId)
      const period = readWholePeriod({ from: first, through: last })
      const all = await deps.reading.merchantDays(issuerId, merchantId, period)
      const items = all.filter((row) => outletId === undefined || row.outletId === outletId)
      return { from: first, through: last, ...sumsOf(items), items: items.map(dayView) }
    },
  )
}

/** @throws HttpProblem 400 that names the end which is wrong */
function readWholePeriod(query: { readonly from: string; readonly through: string }) {
  const { from = 0, until = 0 } = readPeriod(query)
  if (until - from > SUMMED_DAYS_MAX * DAY_MS) {
    throw refusal('validation_failed', {
      field: 'query.through',
      detail: {
        ko: `한 번에 ${SUMMED_DAYS_MAX}일까지 볼 수 있습니다.`,
        en: `At most ${SUMMED_DAYS_MAX} days are summed at one time.`,
      },
    })
  }
  return { from, until }
}

function sumsOf(rows: readonly OutletDay[]) {
  const count = (read: (row: OutletDay) => number) => rows.reduce((sum, row) => sum + read(row), 0)
  return {
    payments: count((row) => row.payments),
    paymentsWon: sumWon(rows.map((row) => row.paymentsWon)),
    cancellations: count((row) => row.cancellations),
    cancellationsWon: sumWon(rows.map((row) => row.cancellationsWon)),
  }
}

function dayView({ outletId, ...row }: OutletDay): Static<typeof dayRowSchema> {
  return { ...row, outletId: outletId === undefined ? null : formatId('out', outletId) }
}

function feed(door: Door, deps: RouteDeps): void {
  door.app.get(
    '/v1/issuers/:issuerCode/merchants/:merchantId/feed',
    {
      schema: {
        tags: ['merchant books'],
        summary:
          '결제 알림 · Payments as they happen, as server-sent events; Last-Event-ID resumes after a gap',
        params: merchantParams,
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 80 })) }),
        response: {
          200: {
            description:
              '`opened` and `operation`, with ids to resume after; `gap`: read the list again',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const merchantId = readId('mrc', request.params.merchantId)
      const { issuerId } = requireClerk(request, merchantId)
      const lastEventId = request.headers['last-event-id']
      const resumeAfter =
        lastEventId === undefined || lastEventId === '' ? undefined : decodeCursor(lastEventId)
      const stream = door.streams.open(request, reply)
      await followMerchant(deps, stream, { issuerId, merchantId, resumeAfter })
    },
  )
}

/** @throws HttpProblem 404 where it is no outlet of the merchant */
function readOutlet(
  { acquiring }: Pick<RouteDeps, 'acquiring'>,
  { issuerId, merchantId }: { readonly issuerId: IssuerId; readonly merchantId: MerchantId },
  text: string | undefined,
): OutletId | undefined {
  if (text === undefined) return undefined
  const outletId = readId('out', text)
  if (acquiring.outlet(issuerId, outletId)?.merchantId !== merchantId) {
    throw notFound('query.outletId')
  }
  return outletId
}
