/** An operator finds a card sale that somebody called about, and reads why it went so. Payers are no part of it. */
import { Type } from 'typebox'
import { DAY_MS, formatId, startOfBusinessDate, type BusinessDate } from '../../base/base.ts'
import {
  approvalCodeOf,
  CARD_SALE_DAYS_MAX,
  cardSaleDeciders,
  cardSaleSources,
  deciderOf,
  sourceOf,
  type CardSalePlace,
  type FoundCardSale,
} from '../../cards/cards.ts'
import {
  declineAnswers,
  decodeCursor,
  encodeCursor,
  HttpProblem,
  idSchema,
  instantSchema,
  instantText,
  listSchema,
  nextCursor,
  notFound,
  operationIdSchema,
  pageQuery,
  problemResponses,
  readDay,
  readId,
  requireOperator,
  type Door,
} from '../door.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

const outcomes = ['approved', 'declined'] as const
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: '2026-11-22, in Korea' })

const saleSchema = Type.Object({
  operationId: operationIdSchema,
  at: instantSchema,
  partnerId: idOut,
  partnerCode: Type.String(),
  partnerName: Type.String(),
  approvalCode: nullable(
    Type.String({
      description: 'Six digits, as on the slip; null: there is none, or it is not to be had',
    }),
  ),
  lastFours: Type.Array(Type.String(), {
    description: 'Last digits of the card; several where the payer has several of that company',
  }),
  merchantId: nullable(Type.String()),
  merchantName: nullable(Type.String()),
  outletName: nullable(Type.String()),
  amountWon: wonOut,
  outcome: wordOut(outcomes),
  source: wordOut(cardSaleSources),
  isCancelled: Type.Boolean({ description: 'Something of it was given back afterwards' }),
  decidedBy: wordOut(cardSaleDeciders),
  reason: nullable(Type.Object({ code: Type.String(), ko: Type.String(), en: Type.String() })),
  caseIds: Type.Array(idOut, { description: 'Exceptions about it' }),
})

export function registerCardSaleRoutes({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/operator/card-sales',
    {
      schema: {
        tags: ['operators'],
        summary:
          '카드 결제 찾기 · Card sales of an issuer by day, approval code and outcome, newest first',
        querystring: Type.Object({
          ...pageQuery,
          issuer: Type.String({ maxLength: 41, description: 'Short word of the issuer' }),
          from: day,
          through: day,
          approvalCode: Type.Optional(Type.String({ pattern: '^\\d{6}$' })),
          lastFour: Type.Optional(Type.String({ pattern: '^\\d{4}$' })),
          outcome: Type.Optional(wordOut(outcomes)),
          partner: Type.Optional(idSchema('prt')),
        }),
        response: { 200: listSchema(saleSchema), ...problemResponses },
      },
    },
    async (request) => {
      requireOperator(request)
      const {
        issuer: code,
        approvalCode,
        lastFour,
        outcome,
        partner,
        cursor,
        limit,
      } = request.query
      const issuer = deps.issuing.issuerByCode(code)
      if (issuer === undefined) throw notFound('query.issuer')
      const [from, through] = readDays(request.query)
      const partners = deps.partners.partners()
      const wanted = partner === undefined ? undefined : readId('prt', partner)
      const sales = await deps.cardSales({
        issuerId: issuer.issuerId,
        partnerIds: partners
          .map(({ partnerId }) => partnerId)
          .filter((partnerId) => wanted === undefined || partnerId === wanted),
        from,
        through,
        approvalCode,
        lastFour,
        outcome,
        before: cursor === undefined ? undefined : readCursor(cursor),
        limit,
      })
      return {
        items: sales.map((sale) => saleView(deps, issuer.issuerId, sale)),
        nextCursor: nextCursor(sales, limit, cursorOf),
      }
    },
  )
}

function readDays(query: { from: string; through: string }): [BusinessDate, BusinessDate] {
  const from = readDay(query.from, 'query.from')
  const through = readDay(query.through, 'query.through')
  const days = Math.round((startOfBusinessDate(through) - startOfBusinessDate(from)) / DAY_MS) + 1
  if (days >= 1 && days <= CARD_SALE_DAYS_MAX) return [from, through]
  throw new HttpProblem({
    status: 422,
    code: 'field_invalid',
    title: { ko: '입력한 값이 올바르지 않습니다.', en: 'A field has a value that is not right.' },
    detail: {
      ko: `from 이후 ${CARD_SALE_DAYS_MAX}일 안의 날짜여야 합니다.`,
      en: `It has to be a day within ${CARD_SALE_DAYS_MAX} days from \`from\` on.`,
    },
    field: 'query.through',
  })
}

function saleView(
  { partners, acquiring }: RouteDeps,
  issuerId: Parameters<RouteDeps['acquiring']['merchant']>[0],
  sale: FoundCardSale,
) {
  const { operationId, at, decline, merchantId, outletId, amountWon, partnerId } = sale
  const merchant = merchantId === undefined ? undefined : acquiring.merchant(issuerId, merchantId)
  const outlet = outletId === undefined ? undefined : acquiring.outlet(issuerId, outletId)
  const partner = partners.partner(partnerId)
  const answer = decline === undefined ? undefined : declineAnswers[decline]
  return {
    operationId,
    at: instantText(at),
    partnerId: formatId('prt', partnerId),
    partnerCode: partner?.code ?? '',
    partnerName: partner?.nameKo ?? '',
    approvalCode: approvalCodeOf(sale) ?? null,
    lastFours: [...sale.lastFours],
    merchantId: merchantId === undefined ? null : formatId('mrc', merchantId),
    merchantName: merchant?.name ?? null,
    outletName: outlet?.name ?? null,
    amountWon,
    outcome: decline === undefined ? ('approved' as const) : ('declined' as const),
    source: sourceOf(sale),
    isCancelled: sale.isCancelled,
    decidedBy: deciderOf(sale),
    reason: answer === undefined ? null : { code: decline ?? '', ko: answer.ko, en: answer.en },
    caseIds: sale.caseIds.map((caseId) => formatId('cas', caseId)),
  }
}

function cursorOf({ at, operationId }: CardSalePlace): string {
  return encodeCursor({ bookedAt: at, operationId })
}

/** @throws HttpProblem 400 for text that `cursorOf` did not write */
function readCursor(text: string): CardSalePlace {
  const { bookedAt, operationId } = decodeCursor(text)
  return { at: bookedAt, operationId }
}
