/** Buying by virtual account: the bank opens a number for the exact amount, and the member pays in by any bank. */
import { Type, type Static } from 'typebox'
import { AMOUNT_WON_MAX, formatId } from '../../base/base.ts'
import type { DepositPurchaseAnswer, VirtualAccount } from '../../buying/buying.ts'
import { depositStates } from '../../issuing/issuing.ts'
import {
  idempotencyKey,
  idSchema,
  instantOrNull,
  instantSchema,
  instantText,
  issuerParam,
  issuerParams,
  operationIdSchema,
  problemResponses,
  readId,
  readOperationId,
  readWon,
  requireMember,
  wonSchema,
  type Door,
} from '../door.ts'
import { throwRefusal } from './member-money-answers.ts'
import { requireMoneyConfirmation } from './money-confirmation.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

const accountSchema = Type.Object({
  purchaseId: operationIdSchema,
  state: wordOut(depositStates),
  programId: idOut,
  faceWon: wonOut,
  payWon: Type.Integer({ description: 'Exactly this is to be paid in, in whole won' }),
  bankCode: nullable(
    Type.String({ description: 'Three digits; null until the bank has answered' }),
  ),
  accountNumber: nullable(Type.String()),
  openedAt: instantSchema,
  depositUntil: instantSchema,
  endedAt: nullable(instantSchema),
})
const ownParams = Type.Object({ ...issuerParam, purchaseId: operationIdSchema })
const path = '/v1/issuers/:issuerCode/virtual-accounts'

export function registerVirtualAccountRoutes(door: Door, deps: RouteDeps): void {
  opening(door, deps)
  looking(door, deps)
  closing(door, deps)
}

function opening(door: Door, deps: RouteDeps): void {
  door.app.post(
    path,
    {
      schema: {
        tags: ['purchases'],
        summary:
          '가상계좌 구매 · Buy by virtual account: reserved now, bought when the deposit comes',
        params: issuerParams,
        body: Type.Object({
          programId: idSchema('prg'),
          faceWon: wonSchema({ min: 1, max: AMOUNT_WON_MAX }),
        }),
        response: { 201: accountSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, memberId } = requireMember(request)
      const operationId = idempotencyKey(request)
      await requireMoneyConfirmation(door, deps, request, {
        operation: operationId,
        amountWon: () => request.body.faceWon,
      })
      const programId = readId('prg', request.body.programId)
      const faceWon = readWon(request.body.faceWon)
      const purchase = { issuerId, operationId, memberId, programId, faceWon }
      return reply.code(201).send(answered(await deps.buying.openVirtualAccount(purchase)))
    },
  )
}

function looking({ app }: Door, { buying }: RouteDeps): void {
  app.get(
    path,
    {
      schema: {
        tags: ['purchases'],
        summary: '내 가상계좌 구매 · My purchases by virtual account, newest first',
        params: issuerParams,
        response: { 200: Type.Object({ items: Type.Array(accountSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      return { items: (await buying.virtualAccountsOf(issuerId, memberId)).map(accountView) }
    },
  )

  app.get(
    `${path}/:purchaseId`,
    {
      schema: {
        tags: ['purchases'],
        summary: '가상계좌 구매 확인 · How it stands; while it is open the bank is asked',
        params: ownParams,
        response: { 200: accountSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      const purchaseId = readOperationId(request.params.purchaseId)
      return answered(await buying.lookAtVirtualAccount({ issuerId, memberId, purchaseId }))
    },
  )
}

function closing({ app }: Door, { buying }: RouteDeps): void {
  app.post(
    `${path}/:purchaseId/closure`,
    {
      schema: {
        tags: ['purchases'],
        summary: '가상계좌 구매 포기 · Give it up before paying in; what was paid stays bought',
        params: ownParams,
        response: { 200: accountSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const purchaseId = readOperationId(request.params.purchaseId)
      return answered(await buying.closeVirtualAccount({ issuerId, memberId, purchaseId }))
    },
  )
}

function answered(answer: DepositPurchaseAnswer): Static<typeof accountSchema> {
  return answer.status === 'registered' ? accountView(answer.account) : throwRefusal(answer)
}

function accountView(account: VirtualAccount): Static<typeof accountSchema> {
  const { purchaseId, state, programId, faceWon, payWon, bankCode, accountNumber } = account
  return {
    purchaseId,
    state,
    programId: formatId('prg', programId),
    faceWon,
    payWon,
    bankCode,
    accountNumber,
    openedAt: instantText(account.openedAt),
    depositUntil: instantText(account.depositUntil),
    endedAt: instantOrNull(account.endedAt),
  }
}
