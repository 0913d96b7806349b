/** What a member may still buy of a program, so that an app can say it before anybody buys. */
import { Type, type Static } from 'typebox'
import { declineReasons, formatId, type ProgramId } from '../../base/base.ts'
import { saleStates, type Allotment } from '../../issuing/issuing.ts'
import type { ToldAllowance } from '../../selling/selling.ts'
import {
  declineAnswers,
  declineProblem,
  idSchema,
  issuerParams,
  problemResponses,
  readId,
  requireMember,
  type Door,
} from '../door.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

const allotmentSchema = Type.Object({ capWon: wonOut, usedWon: wonOut, leftWon: wonOut })

const allowanceSchema = Type.Object({
  programId: idOut,
  month: Type.String({ description: 'The Korean month that caps and quota are of: `2026-11`' }),
  saleState: wordOut(saleStates),
  monthly: allotmentSchema,
  /** Of this program. */
  holding: allotmentSchema,
  /** Of all programs of the issuer that the law counts together. */
  holdingTogether: nullable(allotmentSchema),
  /** Of the program, for everybody. */
  quota: allotmentSchema,
  smallestWon: wonOut,
  unitWon: wonOut,
  buyableWon: Type.Integer({
    description: 'The largest face that fits now; funders’ budgets are asked for it on buying',
  }),
  refusal: nullable(wordOut(declineReasons)),
  refusalText: nullable(Type.String({ description: 'Why nothing can be bought now' })),
  refusalTextEn: nullable(Type.String()),
})

export function registerPurchaseAllowanceRoutes({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/purchases/allowance',
    {
      schema: {
        tags: ['purchases'],
        summary: '구매 가능액 · What I may still buy of a program; decided again on buying',
        params: issuerParams,
        querystring: Type.Object({ programId: idSchema('prg') }),
        response: { 200: allowanceSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId, walletId } = requireMember(request)
      const account = await deps.registration.member(issuerId, memberId)
      if (account === undefined) throw declineProblem('wallet_unknown')
      const programId = readId('prg', request.query.programId)
      const { member } = account
      const answer = await deps.allowance({ issuerId, member, walletId, programId })
      if (answer.status === 'declined') throw declineProblem(answer.reason)
      return allowanceView(programId, answer)
    },
  )
}

function allowanceView(programId: ProgramId, told: ToldAllowance): Static<typeof allowanceSchema> {
  const { month, saleState, smallestWon, unitWon, buyableWon, refusal } = told
  const words = refusal === undefined ? undefined : declineAnswers[refusal]
  return {
    programId: formatId('prg', programId),
    month,
    saleState,
    monthly: allotmentView(told.monthly),
    holding: allotmentView(told.holding),
    holdingTogether: told.holdingTogether && allotmentView(told.holdingTogether),
    quota: allotmentView(told.quota),
    smallestWon,
    unitWon,
    buyableWon,
    refusal: refusal ?? null,
    refusalText: words?.ko ?? null,
    refusalTextEn: words?.en ?? null,
  }
}

function allotmentView({ capWon, usedWon, leftWon }: Allotment): Static<typeof allotmentSchema> {
  return { capWon, usedWon, leftWon }
}
