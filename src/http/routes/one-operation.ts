/** One operation of one's own wallet in full: out of which lots it came, and who had paid for them. */
import { Type, type Static } from 'typebox'
import { formatId, funders, sumWon, type IssuerId } from '../../base/base.ts'
import type { MemberRole } from '../../access/access.ts'
import { onlyKeepsPlace } from '../../cards/cards.ts'
import { shareOfSources, type ValueSources } from '../../issuing/issuing.ts'
import type { Leg, LotOrigin, OperationKind, RecordedOperation } from '../../ledger/ledger.ts'
import { conversionStates, type Conversion } from '../../registration/registration.ts'
import {
  idSchema,
  instantOrNull,
  instantSchema,
  instantText,
  issuerParam,
  notFound,
  operationIdSchema,
  problemResponses,
  readOperationId,
  type Door,
} from '../door.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, moneyOf, moneyView, nullable, wonOut, wordOut } from './views.ts'
import { operationSchema, operationView, requireOwnWallet } from './wallets.ts'

const fundingSchema = Type.Object({
  memberWon: Type.Integer({ description: 'Paid by the member, in whole won' }),
  fundedWon: Type.Array(Type.Object({ funder: wordOut(funders), amountWon: wonOut }), {
    description: 'Given by funders; with `memberWon` it adds up to `amountWon`',
  }),
})

const movedLotSchema = Type.Object({
  lotId: idOut,
  ...moneyOf,
  amountWon: Type.Integer({ description: 'Moved from, or to, this lot' }),
  receivedAt: instantSchema,
  expiresAt: instantSchema,
  purchaseId: nullable(operationIdSchema),
  /** Null: the value came from a lot of somebody else, or goes back to its funders by a rule of its own. */
  funding: nullable(fundingSchema),
})

const conversionSchema = Type.Object({
  state: wordOut(conversionStates),
  accountWon: Type.Integer({ description: 'What the account had paid' }),
  voucherWon: Type.Integer({ description: 'What the account gets back' }),
  debitedAt: instantSchema,
  closedAt: nullable(instantSchema),
})

const oneOperationSchema = Type.Object({
  ...operationSchema.properties,
  lots: Type.Array(movedLotSchema, { description: 'The legs lot by lot, in the order of taking' }),
  /** Of a card payment that the account had paid while nobody could know. */
  conversion: nullable(conversionSchema),
})

export function registerOneOperationRoutes({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/wallets/:walletId/operations/:operationId',
    {
      schema: {
        tags: ['wallets'],
        summary: '거래 상세 · One operation: its lots, who had paid for them, and who answered',
        params: Type.Object({
          ...issuerParam,
          walletId: idSchema('wlt'),
          operationId: operationIdSchema,
        }),
        response: { 200: oneOperationSchema, ...problemResponses },
      },
    },
    async (request) => {
      const member = requireOwnWallet(request, request.params.walletId)
      const { issuerId, walletId } = member
      const operationId = readOperationId(request.params.operationId)
      const [operation] = await deps.ledger.find(issuerId, [operationId])
      const isShown =
        operation !== undefined && operation.walletId === walletId && !onlyKeepsPlace(operation)
      if (!isShown) throw notFound('path.operationId')
      const origins = await deps.ledger.lotOrigins(
        issuerId,
        operation.legs.map(({ lotId }) => lotId),
      )
      const conversion = await conversionOf(deps, member, operation)
      return {
        ...operationView(deps, issuerId, operation),
        lots: operation.legs.flatMap((leg, index) => {
          const origin = origins[index]
          return origin === undefined ? [] : [lotView(deps, issuerId, { operation, leg, origin })]
        }),
        conversion: conversion === undefined ? null : conversionView(conversion),
      }
    },
  )
}

/** What these give back is not divided as it was paid: see `LotReturn`. */
const handingBack: readonly OperationKind[] = [
  'purchase_cancellation',
  'refund',
  'cashback_return',
  'clawback',
]

interface MovedLot {
  readonly operation: RecordedOperation
  readonly leg: Leg
  readonly origin: LotOrigin
}

function lotView(
  { issuing }: Pick<RouteDeps, 'issuing'>,
  issuerId: IssuerId,
  { operation, leg, origin }: MovedLot,
): Static<typeof movedLotSchema> {
  const { lotId, amountWon } = leg
  const { issuedAt, expiresAt, purchaseId, sources } = origin
  const isKnown = sumWon(Object.values(sources)) > 0 && !handingBack.includes(operation.kind)
  return {
    lotId: formatId('lot', lotId),
    ...moneyView(issuing, issuerId, leg),
    amountWon,
    receivedAt: instantText(issuedAt),
    expiresAt: instantText(expiresAt),
    purchaseId: purchaseId ?? null,
    funding: isKnown ? fundingView(shareOfSources(amountWon, sources)) : null,
  }
}

function fundingView(shares: ValueSources): Static<typeof fundingSchema> {
  const { payWon, nationalWon, provinceWon, cityWon } = shares
  const ofFunder = { national: nationalWon, province: provinceWon, city: cityWon }
  return {
    memberWon: payWon,
    fundedWon: funders
      .map((funder) => ({ funder, amountWon: ofFunder[funder] }))
      .filter(({ amountWon }) => amountWon > 0),
  }
}

/** The debit of the member's account that this payment took the place of. */
async function conversionOf(
  { casebook }: Pick<RouteDeps, 'casebook'>,
  { issuerId, memberId }: MemberRole,
  { operationId, card }: RecordedOperation,
): Promise<Conversion | undefined> {
  if (card === undefined) return undefined
  const own = await casebook.conversionsOf(issuerId, memberId)
  return own.find((each) => each.operationId === operationId && each.memberId === memberId)
}

function conversionView(conversion: Conversion): Static<typeof conversionSchema> {
  const { state, accountWon, voucherWon, debitedAt, closedAt } = conversion
  return {
    state,
    accountWon,
    voucherWon,
    debitedAt: instantText(debitedAt),
    closedAt: instantOrNull(closedAt),
  }
}
