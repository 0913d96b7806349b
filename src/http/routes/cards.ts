/** Card companies, and a member's linked cards: which card, who pays first, and what happens when nobody can know. */
import { Type, type Static } from 'typebox'
import { formatId } from '../../base/base.ts'
import { fallbackPreferences } from '../../issuing/issuing.ts'
import {
  cardSpendings,
  type MemberCard,
  type Partner,
  type Registered,
} from '../../registration/registration.ts'
import {
  idempotencyKey,
  idSchema,
  issuerParam,
  issuerParams,
  problemResponses,
  readId,
  requireMember,
  requireSession,
  type Door,
} from '../door.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wordOut } from './views.ts'
import { countWrongCode } from './wrong-codes.ts'

const partnerSchema = Type.Object({
  partnerCode: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
})

const spending = Type.Unsafe<(typeof cardSpendings)[number]>({
  type: 'string',
  enum: [...cardSpendings],
  description: '`voucher_first`, or `card_first`: always from the account',
})
const onUnknown = nullable(
  Type.Unsafe<(typeof fallbackPreferences)[number]>({
    type: 'string',
    enum: [...fallbackPreferences],
    description:
      'When nobody can know the balance: decline, or debit the account and convert it later',
  }),
)

const cardSchema = Type.Object({
  cardId: idOut,
  partnerCode: Type.String(),
  partnerName: Type.String(),
  lastFour: Type.String({ description: 'The last four digits of the card' }),
  spending: wordOut(cardSpendings),
  /** Null: as the program says. */
  onUnknown: nullable(wordOut(fallbackPreferences)),
  linked: Type.Boolean(),
})

const PATH = '/v1/issuers/:issuerCode/members/me/cards'
const cardParams = Type.Object({ ...issuerParam, cardId: idSchema('crd') })

export function registerCardRoutes(door: Door, deps: RouteDeps): void {
  partners(door, deps)
  ownCards(door, deps)
  linking(door, deps)
  changing(door, deps)
}

function partners({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/partners',
    {
      config: { open: true },
      schema: {
        tags: ['cards'],
        summary: '카드사 목록 · Card companies whose cards can be linked',
        response: { 200: Type.Object({ items: Type.Array(partnerSchema) }), ...problemResponses },
      },
    },
    async () => ({
      items: deps.partners
        .partners()
        .filter((partner) => partner.active)
        .map(({ code, nameKo, nameEn }) => ({ partnerCode: code, name: nameKo, nameEn })),
    }),
  )
}

function ownCards({ app }: Door, deps: RouteDeps): void {
  app.get(
    PATH,
    {
      schema: {
        tags: ['cards'],
        summary: '내 카드 목록 · My linked cards',
        params: issuerParams,
        response: { 200: Type.Object({ items: Type.Array(cardSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      const cards = await deps.cardLinks.cardsOf(issuerId, memberId)
      return { items: cards.map((card) => cardView(deps, card)) }
    },
  )
}

function linking({ app, guesses }: Door, deps: RouteDeps): void {
  app.post(
    PATH,
    {
      schema: {
        tags: ['cards'],
        summary: '카드 연결 · Link a card by the one-time code of the card company’s app',
        params: issuerParams,
        body: Type.Object({
          partnerCode: Type.String({ pattern: '^[a-z]{2,20}$', examples: ['hanbit'] }),
          linkCode: Type.String({
            minLength: 4,
            maxLength: 64,
            description: 'From the card company’s app; the card’s number is never asked for',
          }),
          spending: Type.Optional(spending),
          onUnknown: Type.Optional(onUnknown),
        }),
        response: { 201: cardSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, memberId } = requireMember(request)
      const requestId = idempotencyKey(request)
      const { partnerCode, linkCode } = request.body
      // One person, whatever issuers he is a member of: somebody else's card must not be found by trying.
      const attempt = guesses.begin(requireSession(request).personId)
      const link = (): Promise<Linked> =>
        deps.cardLinks.linkCard({
          issuerId,
          memberId,
          requestId,
          partnerCode,
          linkCode,
          spending: request.body.spending ?? 'voucher_first',
          onUnknown: request.body.onUnknown ?? null,
        })
      const linked = await countWrongCode(attempt, link, wasWrong)
      return reply.code(201).send(cardView(deps, registered(linked).card))
    },
  )
}

type Linked = Registered<{ readonly card: MemberCard }>

/** A code that belongs to somebody else's card was guessed as much as one that belongs to nobody's. */
function wasWrong(linked: Linked): boolean {
  return (
    linked.status === 'refused' &&
    ['link_code_unknown', 'card_of_another_member'].includes(linked.reason)
  )
}

function changing({ app }: Door, deps: RouteDeps): void {
  app.patch(
    `${PATH}/:cardId`,
    {
      schema: {
        tags: ['cards'],
        summary: '카드 설정 · Change who pays first, and what happens when nobody can know',
        params: cardParams,
        body: Type.Object({
          spending: Type.Optional(spending),
          onUnknown: Type.Optional(onUnknown),
        }),
        response: { 200: cardSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const linkId = readId('crd', request.params.cardId)
      const change = { issuerId, memberId, linkId, ...request.body }
      return cardView(deps, registered(await deps.cardLinks.changeCard(change), 'path').card)
    },
  )

  app.delete(
    `${PATH}/:cardId`,
    {
      schema: {
        tags: ['cards'],
        summary: '카드 해제 · Unlink a card; the next payment with it is the account’s',
        params: cardParams,
        response: { 200: cardSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const linkId = readId('crd', request.params.cardId)
      const unlinked = await deps.cardLinks.unlinkCard({ issuerId, memberId, linkId })
      return cardView(deps, registered(unlinked, 'path').card)
    },
  )
}

function cardView(
  { partners: directory }: Pick<RouteDeps, 'partners'>,
  { linkId, partnerId, lastFour, spending: first, onUnknown: wish, active }: MemberCard,
): Static<typeof cardSchema> {
  const partner: Partner | undefined = directory.partner(partnerId)
  return {
    cardId: formatId('crd', linkId),
    partnerCode: partner?.code ?? formatId('prt', partnerId),
    partnerName: partner?.nameKo ?? formatId('prt', partnerId),
    lastFour,
    spending: first,
    onUnknown: wish,
    linked: active,
  }
}
