/** Leaving an issuer: the money first, then everything at once. */
import { Type } from 'typebox'
import { addYears, formatId } from '../../base/base.ts'
import { rulesAt } from '../../issuing/issuing.ts'
import {
  idempotencyKey,
  instantSchema,
  instantText,
  issuerParams,
  problemResponses,
  requireMember,
  type Door,
} from '../door.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut } from './views.ts'

export function registerWithdrawalRoutes({ app }: Door, deps: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/members/me/withdrawal',
    {
      schema: {
        tags: ['members'],
        summary: '탈퇴 · Leave: cards, telephone, account and consents end at once',
        params: issuerParams,
        body: Type.Object({
          renounce: Type.Boolean({
            description:
              'I give up what is left and cannot be refunded, and cashback that waits; else it keeps me',
          }),
        }),
        response: {
          200: Type.Object({
            memberId: idOut,
            leftAt: instantSchema,
            keptUntil: Type.String({
              description: 'When the last of what is personal is erased; coming back ends that',
              format: 'date-time',
            }),
          }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const { renounce } = request.body
      const { leftAt } = registered(await deps.leave({ issuerId, memberId, renounce }))
      const { recordYears } = rulesAt(deps.issuerRules.issuerRules(issuerId), deps.clock())
      const keptUntil = instantText(addYears(leftAt, recordYears))
      return { memberId: formatId('mbr', memberId), leftAt: instantText(leftAt), keptUntil }
    },
  )
}
