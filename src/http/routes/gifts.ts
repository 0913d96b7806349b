/**
 * Presents to a telephone number. Whether the number belongs to a member is told to nobody: a present to a stranger is
 * answered, listed and lapses like any other.
 */
import { Type, type Static } from 'typebox'
import { shown } from '../../access/access.ts'
import { AMOUNT_WON_MAX, formatId } from '../../base/base.ts'
import { GIFT_MESSAGE_LENGTH_MAX, type Gift, type GiftAnswer } from '../../gifting/gifting.ts'
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
  wonSchema,
  type Door,
} from '../door.ts'
import { throwRefusal } from './member-money-answers.ts'
import { requireMoneyConfirmation } from './money-confirmation.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

/** What a giver sees; one that is not sent yet looks as if it waited. */
const sentStates = ['waiting', 'accepted', 'declined', 'withdrawn', 'lapsed', 'void'] as const

const giftOf = {
  giftId: idOut,
  programId: idOut,
  programName: Type.String(),
  programNameEn: Type.String(),
  amountWon: wonOut,
  message: nullable(Type.String()),
  state: wordOut(sentStates),
  sentAt: instantSchema,
  lapsesAt: instantSchema,
  expiresAt: Type.String({ description: 'The value expires then, whoever has it' }),
  endedAt: nullable(instantSchema),
}
const sentSchema = Type.Object({
  ...giftOf,
  phoneMasked: Type.String({ description: 'Such as 010-****-5678' }),
})
const receivedSchema = Type.Object({
  ...giftOf,
  fromMasked: Type.String({
    description: 'The giver’s name, such as 김*늘; a corporation’s in full',
  }),
})

const giftParams = Type.Object({ ...issuerParam, giftId: idSchema('gft') })

export function registerGiftRoutes(door: Door, deps: RouteDeps): void {
  sending(door, deps)
  listing(door, deps)
  answering(door, deps)
  withdrawing(door, deps)
}

function sending(door: Door, deps: RouteDeps): void {
  door.app.post(
    '/v1/issuers/:issuerCode/gifts',
    {
      schema: {
        tags: ['gifts'],
        summary: '선물하기 · Give value to whoever bears a mobile number',
        params: issuerParams,
        body: Type.Object({
          programId: idSchema('prg'),
          phone: Type.String({ minLength: 9, maxLength: 20, description: '010-1234-5678' }),
          amountWon: wonSchema({ min: 1, max: AMOUNT_WON_MAX }),
          message: Type.Optional(
            Type.String({ minLength: 1, maxLength: GIFT_MESSAGE_LENGTH_MAX * 4 }),
          ),
        }),
        response: { 201: sentSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, memberId } = requireMember(request)
      const operationId = idempotencyKey(request)
      await requireMoneyConfirmation(door, deps, request, {
        operation: operationId,
        amountWon: () => request.body.amountWon,
      })
      const { phone, message } = request.body
      const answer = await deps.gifting.send({
        issuerId,
        memberId,
        operationId,
        programId: readId('prg', request.body.programId),
        phone,
        amountWon: readWon(request.body.amountWon),
        message,
      })
      return reply.code(201).send(sentView(deps, giftIn(answer)))
    },
  )
}

function listing({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/members/me/gifts',
    {
      schema: {
        tags: ['gifts'],
        summary: '내 선물 · What I gave, and what waits for me or was accepted; newest first',
        params: issuerParams,
        response: {
          200: Type.Object({
            sent: Type.Array(sentSchema),
            received: Type.Array(receivedSchema),
          }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      const sent = await deps.gifting.givenBy(issuerId, memberId)
      const received = await deps.gifting.givenTo(issuerId, memberId)
      return {
        sent: sent.map((gift) => sentView(deps, gift)),
        received: await Promise.all(received.map((gift) => receivedView(deps, gift))),
      }
    },
  )
}

function answering({ app }: Door, deps: RouteDeps): void {
  const replies = {
    acceptance: { word: 'accept', summary: '선물 받기 · Accept a present into my wallet' },
    decline: { word: 'decline', summary: '선물 거절 · Decline a present; it goes back' },
  } as const
  for (const [path, { word, summary }] of Object.entries(replies)) {
    app.post(
      `/v1/issuers/:issuerCode/gifts/:giftId/${path}`,
      {
        schema: {
          tags: ['gifts'],
          summary,
          params: giftParams,
          response: { 201: receivedSchema, ...problemResponses },
        },
      },
      async (request, reply) => {
        const { issuerId, memberId } = requireMember(request)
        const operationId = idempotencyKey(request)
        const giftId = readId('gft', request.params.giftId)
        const answer = await deps.gifting[word]({ issuerId, memberId, operationId, giftId })
        return reply.code(201).send(await receivedView(deps, giftIn(answer)))
      },
    )
  }
}

function withdrawing({ app }: Door, deps: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/gifts/:giftId/withdrawal',
    {
      schema: {
        tags: ['gifts'],
        summary: '선물 회수 · Take back a present that nobody has accepted',
        params: giftParams,
        response: { 201: sentSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, memberId } = requireMember(request)
      const operationId = idempotencyKey(request)
      const giftId = readId('gft', request.params.giftId)
      const answer = await deps.gifting.withdraw({ issuerId, memberId, operationId, giftId })
      return reply.code(201).send(sentView(deps, giftIn(answer)))
    },
  )
}

/** @throws HttpProblem for an answer that is no */
function giftIn(answer: GiftAnswer): Gift {
  return answer.status === 'registered' ? answer.gift : throwRefusal(answer)
}

function giftView({ issuing }: RouteDeps, gift: Gift) {
  const program = issuing.program(gift.issuerId, gift.programId)
  return {
    giftId: formatId('gft', gift.giftId),
    programId: formatId('prg', gift.programId),
    programName: program?.name ?? '',
    programNameEn: program?.nameEn ?? '',
    amountWon: gift.amountWon,
    message: gift.message,
    state: gift.state === 'prepared' ? ('waiting' as const) : gift.state,
    sentAt: instantText(gift.sentAt),
    lapsesAt: instantText(gift.lapsesAt),
    expiresAt: instantText(gift.expiresAt),
    endedAt: instantOrNull(gift.endedAt),
  }
}

function sentView(deps: RouteDeps, gift: Gift): Static<typeof sentSchema> {
  return { ...giftView(deps, gift), phoneMasked: shown('member', 'phone', gift.phone) ?? '' }
}

async function receivedView(deps: RouteDeps, gift: Gift): Promise<Static<typeof receivedSchema>> {
  const view = giftView(deps, gift)
  // The name of a corporation is nobody's personal data.
  if (gift.corporation !== null) return { ...view, fromMasked: gift.corporation.name }
  const giver = await deps.registration.member(gift.issuerId, gift.giverId)
  return { ...view, fromMasked: shown('member', 'name', giver?.member.name ?? '') ?? '' }
}
