/** The simulated treasury bank's counter: money paid into a fund, its balance, and what shall go wrong. */
import { Type } from 'typebox'
import { FundFaults, type FundDesk } from './bank-fund-desk.ts'
import type { FundBooks } from './bank-fund-books.ts'
import { RequestError, type StrictServer } from './strict-server.ts'

const Code = Type.String({ pattern: '^[a-z]{2,20}(-[a-z]{2,20})?$' })
const DepositBody = Type.Object(
  {
    depositId: Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,100}$' }),
    issuerCode: Code,
    amountWon: Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }),
    counterparty: Type.String({ minLength: 1, maxLength: 20 }),
    reference: Type.String({ maxLength: 30 }),
  },
  { additionalProperties: false },
)

export function addFundRoutes(
  server: StrictServer,
  { desk, books }: { readonly desk: FundDesk; readonly books: FundBooks },
): void {
  server.post('/fund-deposits', { schema: { body: DepositBody } }, async (request) => {
    const status = await desk.deposit(request.body)
    if (status === 'no_account') {
      throw new RequestError(404, 'no_account', 'this bank keeps no fund of that issuer')
    }
    return { status, depositId: request.body.depositId }
  })
  server.get(
    '/fund-accounts/:issuerCode',
    { schema: { params: Type.Object({ issuerCode: Code }) } },
    async ({ params: { issuerCode } }) => ({
      issuerCode,
      balanceWon: books.balanceWon(issuerCode),
    }),
  )
  server.get('/fund-faults', async () => desk.faults)
  server.put('/fund-faults', { schema: { body: FundFaults } }, async (request) => {
    desk.faults = request.body
    return desk.faults
  })
}
