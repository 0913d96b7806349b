/** A merchant's books: what was paid, what is owed, and what is being paid at this moment. */
import { Type } from 'typebox'
import { formatId } from '../../base/base.ts'
import {
  decodeCursor,
  idSchema,
  instantSchema,
  instantText,
  issuerParam,
  listSchema,
  pageQuery,
  problemResponses,
  readId,
  requireClerk,
  type Door,
} from '../door.ts'
import { followMerchant } from './merchant-feed.ts'
import { readOperations } from './operation-pages.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, merchantOperationSchema, merchantOperationView, wonOut } from './views.ts'

const merchantParams = Type.Object({ ...issuerParam, merchantId: idSchema('mrc') })

export function registerMerchantBookRoutes(door: Door, deps: RouteDeps): void {
  lists(door, deps)
  feed(door, deps)
}

function lists({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/merchants/:merchantId/payments',
    {
      schema: {
        tags: ['merchant books'],
        summary: '매출 내역 · Payments and cancellations, newest first; nothing of the payers',
        params: merchantParams,
        querystring: Type.Object(pageQuery),
        response: { 200: listSchema(merchantOperationSchema), ...problemResponses },
      },
    },
    async (request) => {
      const merchantId = readId('mrc', request.params.merchantId)
      const { issuerId } = requireClerk(request, merchantId)
      const { cursor, limit } = request.query
      const before = cursor === undefined ? undefined : decodeCursor(cursor)
      const { operations, nextCursor } = await readOperations(
        (options) => deps.reading.merchantOperations(issuerId, merchantId, options),
        { before, limit },
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
