/** What a member has and where it went. Only ever one's own wallet; any other does not exist for the caller. */
import type { FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import type { MemberRole } from '../../access/access.ts'
import { formatId, sumWon, type Instant, type IssuerId } from '../../base/base.ts'
import {
  cardSaleDeciders,
  deciderOf,
  moneySources,
  verdictOfDecline,
  type CardSaleDecider,
  type MoneySource,
} from '../../cards/cards.ts'
import { channels, operationKinds, type Lot, type RecordedOperation } from '../../ledger/ledger.ts'
import {
  declineAnswers,
  idSchema,
  instantSchema,
  instantText,
  issuerParam,
  listSchema,
  notFound,
  operationIdSchema,
  problemResponses,
  requireMember,
  type Door,
} from '../door.ts'
import { paidTo, readOperations, readSearch, searchQuery, textQuery } from './operation-pages.ts'
import type { RouteDeps } from './route-deps.ts'
import {
  idOut,
  koreanTime,
  legSchema,
  legViews,
  moneyOf,
  moneyView,
  nullable,
  operationNames,
  placeView,
  whoWasPaid,
  wonOut,
  wordOut,
} from './views.ts'

const balanceSchema = Type.Object({
  ...moneyOf,
  amountWon: Type.Integer({ description: 'Free to spend' }),
  heldWon: Type.Integer({ description: 'Reserved by payments that are not finished' }),
  nextExpiryAt: instantSchema,
})

const lotSchema = Type.Object({
  lotId: idOut,
  ...moneyOf,
  faceWon: wonOut,
  remainingWon: wonOut,
  heldWon: wonOut,
  expiresAt: instantSchema,
})

const walletSchema = Type.Object({
  walletId: idOut,
  stopped: Type.Boolean(),
  totalWon: Type.Integer({ description: 'Free to spend, in whole won' }),
  heldWon: Type.Integer({ description: 'Beside it: reserved by payments that are not finished' }),
  balances: Type.Array(balanceSchema),
  lots: Type.Array(lotSchema),
  nextExpiry: nullable(Type.Object({ expiresAt: instantSchema, amountWon: wonOut })),
})

export const operationSchema = Type.Object({
  operationId: operationIdSchema,
  kind: wordOut(operationKinds),
  kindText: Type.String({ description: 'What happened, in words' }),
  kindTextEn: Type.String(),
  channel: wordOut(channels),
  bookedAt: instantSchema,
  bookedAtKorean: Type.String(),
  declineReason: nullable(Type.String()),
  declineText: nullable(Type.String({ description: 'The reason in words, and who paid instead' })),
  declineTextEn: nullable(Type.String()),
  amountWon: wonOut,
  cancelledWon: wonOut,
  targetId: nullable(operationIdSchema),
  merchantId: nullable(idOut),
  merchantName: nullable(Type.String()),
  outletId: nullable(idOut),
  outletName: nullable(Type.String()),
  /** Where the money came from; less than the amount where somebody else paid a part, see `coveredWon`. */
  legs: Type.Array(legSchema),
  coveredWon: Type.Integer({
    description: 'Paid for the member by the stand-in loss account: the wallet did not have it',
  }),
  /** Null: not paid by card. */
  card: nullable(
    Type.Object({
      partnerCode: Type.String(),
      partnerName: Type.String(),
      source: Type.Unsafe<MoneySource>({
        type: 'string',
        enum: [...moneySources],
        description:
          'Whose money the amount is: `account` where the card’s account was left to pay it',
      }),
      decidedBy: Type.Unsafe<CardSaleDecider>({
        type: 'string',
        enum: [...cardSaleDeciders],
        description:
          'Who answered the till: the core, a gateway that stood in for it, or the card company; `later`: nobody, ' +
          'it came of an earlier sale',
      }),
    }),
  ),
})

const walletParams = Type.Object({ ...issuerParam, walletId: idSchema('wlt') })

export function registerWalletRoutes({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/wallets/:walletId',
    {
      schema: {
        tags: ['wallets'],
        summary: '잔액 · Balance by program and kind, with its lots',
        params: walletParams,
        response: { 200: walletSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, walletId } = requireOwnWallet(request, request.params.walletId)
      const now = deps.clock()
      const lots = await deps.ledger.lots(issuerId, walletId)
      const stopped = deps.walletStopped(issuerId, walletId)
      return {
        walletId: formatId('wlt', walletId),
        stopped,
        ...holdings(deps, issuerId, lots, now),
      }
    },
  )

  app.get(
    '/v1/issuers/:issuerCode/wallets/:walletId/operations',
    {
      schema: {
        tags: ['wallets'],
        summary: '이용 내역 · What happened to the wallet, newest first; by period, kind and shop',
        params: walletParams,
        querystring: Type.Object({ ...searchQuery, ...textQuery }),
        response: { 200: listSchema(operationSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, walletId } = requireOwnWallet(request, request.params.walletId)
      const search = readSearch(request.query, paidTo(deps, issuerId, request.query.text))
      const { operations, nextCursor } = await readOperations(
        (options) => deps.reading.walletOperations(issuerId, walletId, options),
        search,
      )
      const items = operations.map((operation) => operationView(deps, issuerId, operation))
      return { items, nextCursor }
    },
  )
}

/** @throws HttpProblem 401, 403; 404 for any wallet but the member's own */
export function requireOwnWallet(request: FastifyRequest, walletId: string): MemberRole {
  const member = requireMember(request)
  if (formatId('wlt', member.walletId) !== walletId) throw notFound('path.walletId')
  return member
}

/** Lots that can still be spent; an expired one is history. */
function holdings(
  { issuing }: Pick<RouteDeps, 'issuing'>,
  issuerId: IssuerId,
  allLots: readonly Lot[],
  now: Instant,
): Omit<Static<typeof walletSchema>, 'walletId' | 'stopped'> {
  const lots = allLots
    .filter((lot) => lot.expiresAt > now && lot.remainingWon + lot.heldWon > 0)
    .toSorted((a, b) => a.expiresAt - b.expiresAt || a.lotId - b.lotId)
  const groups = Map.groupBy(lots, (lot) => `${lot.programId}/${lot.kind}`)
  const expiring = lots.filter((lot) => lot.expiresAt === lots[0]?.expiresAt)
  return {
    totalWon: sumWon(lots.map((lot) => lot.remainingWon)),
    heldWon: sumWon(lots.map((lot) => lot.heldWon)),
    balances: [...groups.values()].map((group) => ({
      ...moneyView(issuing, issuerId, group[0]!),
      amountWon: sumWon(group.map((lot) => lot.remainingWon)),
      heldWon: sumWon(group.map((lot) => lot.heldWon)),
      nextExpiryAt: instantText(group[0]!.expiresAt),
    })),
    lots: lots.map((lot) => ({
      lotId: formatId('lot', lot.lotId),
      ...moneyView(issuing, issuerId, lot),
      faceWon: lot.faceWon,
      remainingWon: lot.remainingWon,
      heldWon: lot.heldWon,
      expiresAt: instantText(lot.expiresAt),
    })),
    nextExpiry:
      lots[0] === undefined
        ? null
        : {
            expiresAt: instantText(lots[0].expiresAt),
            amountWon: sumWon(expiring.map((lot) => lot.remainingWon)),
          },
  }
}

export function operationView(
  deps: Pick<RouteDeps, 'issuing' | 'acquiring' | 'partners'>,
  issuerId: IssuerId,
  operation: RecordedOperation,
): Static<typeof operationSchema> {
  const { operationId, kind, channel, bookedAt, decline } = operation
  const { amountWon, cancelledWon, targetId, legs, lossWon, card } = operation
  const { merchant, outlet } = whoWasPaid(deps, issuerId, operation)
  const partner = card && deps.partners.partner(card.partnerId)
  return {
    operationId,
    kind,
    kindText: operationNames[kind].ko,
    kindTextEn: operationNames[kind].en,
    channel,
    bookedAt: instantText(bookedAt),
    bookedAtKorean: koreanTime(bookedAt),
    declineReason: decline ?? null,
    ...declineWords(operation),
    amountWon,
    cancelledWon,
    targetId: targetId ?? null,
    ...placeView(merchant, outlet),
    legs: legViews(deps.issuing, issuerId, legs),
    coveredWon: lossWon ?? 0,
    card:
      partner === undefined
        ? null
        : {
            partnerCode: partner.code,
            partnerName: partner.nameKo,
            source: sourceOf(operation),
            decidedBy: deciderOf({ ...operation, partnerId: partner.partnerId }),
          },
  }
}

/** Of a card operation. What the account paid beside the voucher is known to the card company alone. */
function sourceOf({ kind, decline }: Pick<RecordedOperation, 'kind' | 'decline'>): MoneySource {
  if (decline === undefined) return 'voucher'
  const isSale = kind === 'payment' || kind === 'hold'
  return isSale && verdictOfDecline(decline) === 'not_applicable' ? 'account' : 'none'
}

function declineWords(operation: RecordedOperation): {
  declineText: string | null
  declineTextEn: string | null
} {
  const { decline, card } = operation
  if (decline === undefined) return { declineText: null, declineTextEn: null }
  const { ko, en } = declineAnswers[decline]
  if (card === undefined || sourceOf(operation) !== 'account') {
    return { declineText: ko, declineTextEn: en }
  }
  return {
    declineText: `상품권을 쓰지 않고 카드 계좌로 넘긴 결제입니다. ${ko}`,
    declineTextEn: `No voucher was used: the payment was left to the card’s account. ${en}`,
  }
}
