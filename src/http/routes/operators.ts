/** What whoever runs the system sees: the machine's issuers in numbers, and no one's money. */
import { Type } from 'typebox'
import { formatId } from '../../base/base.ts'
import { problemResponses, requireOperator, type Door } from '../door.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut } from './views.ts'

const count = Type.Integer({ minimum: 0 })

const issuerCountsSchema = Type.Object({
  issuerId: idOut,
  issuerCode: Type.String(),
  name: Type.String(),
  programs: count,
  merchants: Type.Object({ applied: count, active: count, suspended: count, closed: count }),
})

export function registerOperatorRoutes({ app }: Door, { issuing, acquiring }: RouteDeps): void {
  app.get(
    '/v1/operator/issuers',
    {
      schema: {
        tags: ['operators'],
        summary: '발행기관 현황 · Every issuer in numbers',
        response: {
          200: Type.Object({ items: Type.Array(issuerCountsSchema) }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      requireOperator(request)
      const items = issuing.issuers().map(({ issuerId, code, nameKo }) => {
        const merchants = { applied: 0, active: 0, suspended: 0, closed: 0 }
        for (const { status } of acquiring.merchants(issuerId)) merchants[status] += 1
        const programs = issuing.programs(issuerId).length
        const id = formatId('iss', issuerId)
        return { issuerId: id, issuerCode: code, name: nameKo, programs, merchants }
      })
      return { items }
    },
  )
}
