/** What the law has published of merchants (지역사랑상품권법 §7): the list, and cancellations; open to anybody. */
import { stringify } from 'csv-stringify/sync'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { sectors } from '../../acquiring/acquiring.ts'
import { addMonths, businessDate, MINUTE_MS, type IssuerId } from '../../base/base.ts'
import { rulesAt } from '../../issuing/issuing.ts'
import { issuerParams, problemResponses, requireIssuer, type Door } from '../door.ts'
import type { RouteDeps } from './route-deps.ts'

/** A list is made so often at most, however many ask. */
const MADE_EVERY_MS = 5 * MINUTE_MS

const csvAnswer = {
  description: 'A table with a head, UTF-8 with a byte order mark',
  content: { 'text/csv': { schema: Type.String() } },
}

type Row = readonly string[]

export function registerMerchantPublicationRoutes({ app, clock }: Door, deps: RouteDeps): void {
  const lists = {
    merchants: {
      summary: '가맹점 목록 공개 · The published list of merchants, as CSV',
      head: ['상호', '매장', '업종', '읍면동', '주소'],
      rowsOf: (issuerId: IssuerId) => merchantRows(deps, issuerId),
    },
    cancellations: {
      summary: '등록취소 공고 · Registrations that were cancelled, as CSV',
      head: ['상호', '업종', '읍면동', '취소일', '사유'],
      rowsOf: (issuerId: IssuerId) => cancellationRows(deps, issuerId, clock()),
    },
  }
  for (const [name, { summary, head, rowsOf }] of Object.entries(lists)) {
    const made = new Map<IssuerId, { readonly at: number; readonly csv: string }>()
    app.get(
      `/v1/issuers/:issuerCode/published/${name}`,
      {
        config: { open: true },
        schema: {
          tags: ['issuers'],
          summary,
          params: issuerParams,
          response: { 200: csvAnswer, ...problemResponses },
        },
      },
      async (request, reply) => {
        const { issuerId, code } = requireIssuer(request)
        const last = made.get(issuerId)
        const isFresh = last !== undefined && clock() - last.at < MADE_EVERY_MS
        const csv = isFresh ? last.csv : csvOf([head, ...rowsOf(issuerId)])
        if (!isFresh) made.set(issuerId, { at: clock(), csv })
        return sendCsv(reply, `${code}-${name}.csv`, csv)
      },
    )
  }
}

/** Names that a spreadsheet would take for formulas are written so that it does not. */
function csvOf(rows: readonly Row[]): string {
  return stringify([...rows], { bom: true, escape_formulas: true, record_delimiter: 'windows' })
}

function sendCsv(reply: FastifyReply, name: string, csv: string): FastifyReply {
  return reply
    .type('text/csv; charset=utf-8')
    .header('cache-control', 'public, max-age=300')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(csv)
}

/** One row for each place where payments are taken: name, sector, district and address, and nothing else. */
function merchantRows({ acquiring }: RouteDeps, issuerId: IssuerId): Row[] {
  return acquiring
    .merchants(issuerId)
    .filter(({ status }) => status === 'active')
    .toSorted((a, b) => a.merchantId - b.merchantId)
    .flatMap((merchant) =>
      acquiring
        .outletsOf(issuerId, merchant.merchantId)
        .filter(({ open }) => open)
        .map(({ name, district, address }) => [
          merchant.name,
          name,
          sectors[merchant.sector].nameKo,
          district,
          address,
        ]),
    )
}

const reasonNames = {
  fraudulent_registration: '부정 등록',
  restricted_sector: '등록 제한업종',
  false_redemption: '판매 없는 환전·초과 환전',
  refusal_of_vouchers: '결제 거부·차별',
  other: '기타',
} as const

/** The newest first, for as long as the issuer's rules have it. */
function cancellationRows(
  { acquiring, merchantLives, issuerRules }: RouteDeps,
  issuerId: IssuerId,
  now: number,
): Row[] {
  const rules = rulesAt(issuerRules.issuerRules(issuerId), now)
  return acquiring
    .merchants(issuerId)
    .flatMap((merchant) => {
      const life = merchantLives.merchantLife(issuerId, merchant.merchantId)
      const { cancelledAt, reason } = life?.cancellation ?? {}
      if (life?.state !== 'cancelled' || reason === undefined) return []
      if (cancelledAt === null || cancelledAt === undefined) return []
      const isOver = now >= addMonths(cancelledAt, rules.cancellationPublishedMonths)
      return isOver ? [] : [{ merchant, cancelledAt, reason }]
    })
    .toSorted((a, b) => b.cancelledAt - a.cancelledAt)
    .map(({ merchant, cancelledAt, reason }) => [
      merchant.name,
      sectors[merchant.sector].nameKo,
      merchant.district,
      businessDate(cancelledAt),
      reasonNames[reason],
    ])
}
