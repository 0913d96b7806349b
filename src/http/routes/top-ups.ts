/** Standing orders to buy by themselves (자동충전): start, change, look, stop. */
import { Type, type Static } from 'typebox'
import { AMOUNT_WON_MAX, formatId, type Instant } from '../../base/base.ts'
import type { TopUp, TopUpAnswer } from '../../buying/buying.ts'
import {
  boughtThisMonthWon,
  DAYS_OF_MONTH_MAX,
  nextTopUpAt,
  rulesAt,
  topUpStates,
  topUpTriggers,
  type IssuerRuleValues,
} from '../../issuing/issuing.ts'
import {
  idempotencyKey,
  idSchema,
  instantOrNull,
  instantSchema,
  instantText,
  issuerParam,
  issuerParams,
  problemResponses,
  readId,
  readWon,
  requireMember,
  requireSession,
  wonSchema,
  type Door,
} from '../door.ts'
import { consentTextBody } from './consents.ts'
import { throwRefusal } from './member-money-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

const orderSchema = Type.Object({
  orderId: idOut,
  programId: idOut,
  trigger: wordOut(topUpTriggers),
  amountWon: wonOut,
  belowWon: nullable(wonOut),
  daysOfMonth: Type.Array(Type.Integer()),
  monthlyMaxWon: wonOut,
  boughtThisMonthWon: wonOut,
  state: wordOut(topUpStates),
  reason: nullable(Type.String({ description: 'Why it buys no more, as a code' })),
  startedAt: instantSchema,
  refusals: Type.Integer({ description: 'In a row' }),
  isBuying: Type.Boolean({ description: 'A purchase has begun and the bank has not spoken' }),
  nextAt: nullable(
    Type.String({
      description: 'Of dates: when it buys next; null for one that goes by the balance',
    }),
  ),
  consentId: idOut,
})

const amount = wonSchema({ min: 1, max: AMOUNT_WON_MAX })
const startBody = Type.Object({
  programId: idSchema('prg'),
  trigger: wordOut(topUpTriggers),
  amountWon: amount,
  belowWon: Type.Optional(amount),
  daysOfMonth: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1, maximum: DAYS_OF_MONTH_MAX }), {
      minItems: 1,
      maxItems: DAYS_OF_MONTH_MAX,
      description: 'Of date; a day that a month does not have is its last one',
    }),
  ),
  monthlyMaxWon: amount,
  consent: consentTextBody,
})
const path = '/v1/issuers/:issuerCode/members/me/top-ups'

/** An order as its member sees it now. */
type View = (order: TopUp) => Static<typeof orderSchema>

export function registerTopUpRoutes(door: Door, deps: RouteDeps): void {
  const { clock } = door
  const { issuerRules } = deps
  const view: View = (order) =>
    orderView(order, rulesAt(issuerRules.issuerRules(order.issuerId), clock()), clock())
  looking(door, deps, view)
  starting(door, deps, view)
  stopping(door, deps, view)
}

function looking({ app }: Door, { buying }: RouteDeps, view: View): void {
  app.get(
    path,
    {
      schema: {
        tags: ['purchases'],
        summary: '내 자동충전 · My standing orders, newest first, with what they do next',
        params: issuerParams,
        response: { 200: Type.Object({ items: Type.Array(orderSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      return { items: (await buying.topUpsOf(issuerId, memberId)).map(view) }
    },
  )
}

function starting({ app }: Door, { buying }: RouteDeps, view: View): void {
  app.post(
    path,
    {
      schema: {
        tags: ['purchases'],
        summary:
          '자동충전 시작·변경 · Start a standing order, or change the one of this program and trigger',
        params: issuerParams,
        body: startBody,
        response: { 201: orderSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const { deviceThumbprint: device } = requireSession(request)
      const { trigger, amountWon, belowWon, daysOfMonth, monthlyMaxWon, consent } = request.body
      const started = await buying.startTopUp({
        issuerId,
        memberId,
        programId: readId('prg', request.body.programId),
        trigger,
        amountWon: readWon(amountWon),
        belowWon: belowWon === undefined ? undefined : readWon(belowWon),
        daysOfMonth,
        monthlyMaxWon: readWon(monthlyMaxWon),
        consent: { ...consent, device, method: 'app' },
      })
      return reply.code(201).send(answered(started, view))
    },
  )
}

function stopping({ app }: Door, { buying }: RouteDeps, view: View): void {
  app.post(
    `${path}/:orderId/stop`,
    {
      schema: {
        tags: ['purchases'],
        summary: '자동충전 중지 · Stop a standing order, and revoke the consent to it',
        params: Type.Object({ ...issuerParam, orderId: idSchema('cas') }),
        response: { 200: orderSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const orderId = readId('cas', request.params.orderId)
      return answered(await buying.stopTopUp({ issuerId, memberId, orderId }), view)
    },
  )
}

function answered(answer: TopUpAnswer, view: View): Static<typeof orderSchema> {
  return answer.status === 'registered' ? view(answer.order) : throwRefusal(answer)
}

function orderView(
  order: TopUp,
  rules: IssuerRuleValues,
  now: Instant,
): Static<typeof orderSchema> {
  const { orderId, programId, trigger, amountWon, belowWon, daysOfMonth, monthlyMaxWon } = order
  return {
    orderId: formatId('cas', orderId),
    programId: formatId('prg', programId),
    trigger,
    amountWon,
    belowWon,
    daysOfMonth: [...daysOfMonth],
    monthlyMaxWon,
    boughtThisMonthWon: boughtThisMonthWon(order, now),
    state: order.state,
    reason: order.reason,
    startedAt: instantText(order.startedAt),
    refusals: order.refusals,
    isBuying: order.running !== null,
    nextAt: instantOrNull(nextTopUpAt(order, rules, now) ?? null),
    consentId: formatId('cas', order.consentId),
  }
}
