/** Runs of settlement: for officers with their figures, for whoever runs the system in numbers of merchants. */
import { Type } from 'typebox'
import { nextDate, formatId, businessDate } from '../../base/base.ts'
import {
  idPageQuery,
  issuerParams,
  listSchema,
  nextCursor,
  problemResponses,
  readDay,
  readId,
  requireOfficer,
  requireOperator,
  type Door,
} from '../door.ts'
import type { RouteDeps } from './route-deps.ts'
import { dayPageQuery } from './settlements.ts'
import {
  count,
  dayOut,
  previewSchema,
  previewView,
  runSchema,
  runView,
  settlementSchema,
  settlementView,
} from './settlement-views.ts'
import { idOut, nullable, wordOut } from './views.ts'

const merchantPageQuery = Type.Object(idPageQuery('mrc'))

export function registerSettlementRunRoutes(door: Door, deps: RouteDeps): void {
  runs(door, deps)
  held(door, deps)
  preview(door, deps)
  operatorRuns(door, deps)
}

function runs({ app }: Door, { settlements }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/settlement-runs',
    {
      schema: {
        tags: ['settlements'],
        summary: '정산 회차 · Runs with their totals, newest first',
        params: issuerParams,
        querystring: Type.Object(dayPageQuery),
        response: { 200: listSchema(runSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { cursor, limit } = request.query
      const before = cursor === undefined ? undefined : readDay(cursor, 'query.cursor')
      const page = await settlements.runs(issuerId, { before, limit })
      return {
        items: page.map(runView),
        nextCursor: nextCursor(page, limit, ({ settlementDay }) => settlementDay),
      }
    },
  )
}

function held({ app }: Door, { settlements, acquiring }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/settlements-held',
    {
      schema: {
        tags: ['settlements'],
        summary: '지급 보류 가맹점 · Merchants whose money is held back, with the reason',
        params: issuerParams,
        querystring: merchantPageQuery,
        response: {
          200: listSchema(
            Type.Object({
              ...settlementSchema.properties,
              merchantName: Type.String(),
              waitingWon: Type.Integer(),
            }),
          ),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { cursor, limit } = request.query
      const after = cursor === undefined ? undefined : readId('mrc', cursor)
      const page = await settlements.heldBack(issuerId, { after, limit })
      return {
        items: page.map((record) => ({
          ...settlementView(record, undefined),
          merchantName: acquiring.merchant(issuerId, record.merchantId)?.name ?? '',
          waitingWon: record.payableWon - record.feeWon,
        })),
        nextCursor: nextCursor(page, limit, ({ merchantId }) => formatId('mrc', merchantId)),
      }
    },
  )
}

function preview({ app }: Door, { settling, acquiring, clock }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/settlement-preview',
    {
      schema: {
        tags: ['settlements'],
        summary:
          '다음 정산 미리보기 · What the next run would pay if nothing more happened; empty while one is under way',
        params: issuerParams,
        querystring: merchantPageQuery,
        response: {
          200: Type.Object({
            settlementDay: nullable(dayOut),
            ...listSchema(previewSchema).properties,
          }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { cursor, limit } = request.query
      const after = cursor === undefined ? undefined : readId('mrc', cursor)
      const next = await settling.preview(issuerId, { after, limit }, clock())
      if (next === undefined) return { settlementDay: null, items: [], nextCursor: null }
      return {
        settlementDay: next.settlementDay,
        items: next.settlements.map((each) =>
          previewView(each, acquiring.merchant(issuerId, each.merchantId)?.name ?? ''),
        ),
        nextCursor: next.next === undefined ? null : formatId('mrc', next.next),
      }
    },
  )
}

const issuerRunSchema = Type.Object({
  issuerId: idOut,
  issuerCode: Type.String(),
  name: Type.String(),
  /** `null`: there is no run of that day. */
  state: nullable(wordOut(['open', 'closed'])),
  merchants: count,
  paid: count,
  held: count,
  carriedOn: count,
})

function operatorRuns({ app }: Door, { settlements, issuing, clock }: RouteDeps): void {
  app.get(
    '/v1/operator/settlement-runs',
    {
      schema: {
        tags: ['operators'],
        summary: '정산 회차 현황 · The runs of a day of every issuer, in numbers of merchants',
        querystring: Type.Object({ day: Type.Optional(dayPageQuery.cursor) }),
        response: {
          200: Type.Object({ settlementDay: dayOut, items: Type.Array(issuerRunSchema) }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      requireOperator(request)
      const { day: asked } = request.query
      const day = asked === undefined ? businessDate(clock()) : readDay(asked, 'query.day')
      const before = nextDate(day)
      const items = []
      for (const { issuerId, code, nameKo } of issuing.issuers()) {
        const [newest] = await settlements.runs(issuerId, { before, limit: 1 })
        const run = newest?.settlementDay === day ? newest : undefined
        const { merchants = 0, paid = 0, held = 0, carriedOn = 0 } = run ?? {}
        const id = formatId('iss', issuerId)
        const numbers = { merchants, paid, held, carriedOn }
        const state = run?.state ?? null
        items.push({ issuerId: id, issuerCode: code, name: nameKo, state, ...numbers })
      }
      return { settlementDay: day, items }
    },
  )
}
