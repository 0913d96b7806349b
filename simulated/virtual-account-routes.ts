/**
 * The simulated bank's counter for virtual accounts: the platform opens and closes them and takes what came; whoever
 * tries the platform pays in. Nothing is answered before the books are on disk.
 */
import { Type } from 'typebox'
import type { Clock } from '../src/base/base.ts'
import type { Answer } from './bank-answer.ts'
import type { BankRoom } from './bank-server.ts'
import type { LineJournal } from './line-journal.ts'
import { RequestError, type StrictServer } from './strict-server.ts'
import {
  AccountId,
  DepositId,
  OpeningRequest,
  PayIn,
  VIRTUAL_BANK_CODE,
  type VirtualBooks,
  type VirtualEntry,
  type VirtualStanding,
} from './virtual-account-books.ts'

export interface VirtualParts {
  readonly books: VirtualBooks
  readonly journal: Pick<LineJournal<VirtualEntry>, 'durable'>
  readonly clock: Clock
}

const AccountParams = Type.Object({ accountId: AccountId })
const DepositParams = Type.Object({ depositId: DepositId })
const DepositsQuery = Type.Object(
  {
    memo: OpeningRequest.properties.memo,
    limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$' })),
  },
  { additionalProperties: false },
)
const operation = 'virtual_account'

export function addVirtualAccountRoutes(
  server: StrictServer,
  { deliver }: Pick<BankRoom, 'deliver'>,
  { books, journal, clock }: VirtualParts,
): void {
  const durably = async (answer: Answer): Promise<Answer> => {
    await journal.durable()
    return answer
  }
  server.post('/virtual-accounts', { schema: { body: OpeningRequest } }, (request, reply) => {
    const { body } = request
    const book = () => durably(standingAnswer(body.accountId, books.open(body, clock())))
    return deliver(reply, { operation, book })
  })
  server.post(
    '/virtual-accounts/:accountId/close',
    { schema: { params: AccountParams } },
    (request, reply) => {
      const { accountId } = request.params
      const book = () => durably(standingAnswer(accountId, books.close(accountId, clock())))
      return deliver(reply, { operation, book })
    },
  )
  server.get('/virtual-deposits', { schema: { querystring: DepositsQuery } }, (request, reply) => {
    const { memo, limit = '100' } = request.query
    const book = async () => {
      const deposits = books.untaken(memo, Number(limit)).map((deposit) => ({
        depositId: deposit.depositId,
        accountId: deposit.accountId,
        amountWon: deposit.amountWon,
      }))
      return durably({ httpStatus: 200, body: { memo, deposits } })
    }
    return deliver(reply, { operation, book })
  })
  server.post(
    '/virtual-deposits/:depositId/taking',
    { schema: { params: DepositParams } },
    (request, reply) => {
      const { depositId } = request.params
      const book = () => {
        if (!books.take(depositId, clock())) throw unknownDeposit()
        return durably({ httpStatus: 200, body: { status: 'taken', depositId } })
      }
      return deliver(reply, { operation, book })
    },
  )
  server.post(
    '/virtual-deposits/:depositId/return',
    { schema: { params: DepositParams } },
    (request, reply) => {
      const { depositId } = request.params
      const book = () => {
        const status = books.giveBack(depositId, clock())
        if (status === 'unknown') throw unknownDeposit()
        return durably({ httpStatus: 200, body: { status, depositId } })
      }
      return deliver(reply, { operation, book })
    },
  )
  server.post('/pay-ins', { schema: { body: PayIn } }, async (request) => {
    const done = books.payIn(request.body, clock())
    await journal.durable()
    if ('refusal' in done) {
      throw new RequestError(409, done.refusal, 'the bank does not take this; the payer keeps it')
    }
    return { status: 'booked', depositId: done.depositId }
  })
}

function standingAnswer(accountId: string, standing: VirtualStanding): Answer {
  if (standing.status === 'conflict') {
    throw new RequestError(409, 'id_already_used', 'this id was used with another body')
  }
  const bank = standing.status === 'open' ? { bankCode: VIRTUAL_BANK_CODE } : {}
  return { httpStatus: 200, body: { accountId, ...bank, ...standing } }
}

function unknownDeposit(): RequestError {
  return new RequestError(404, 'deposit_unknown', 'no such deposit came')
}
