/** The fund's days and its payouts: officers see and mend their own issuer's, operators see all at a glance. */
import { Type, type Static } from 'typebox'
import { shown } from '../../access/access.ts'
import { AMOUNT_WON_MAX, formatId, funders, id } from '../../base/base.ts'
import { accountKinds, payoutStates, type Payout } from '../../ledger/ledger.ts'
import { expectedPaymentStates } from '../../registration/registration.ts'
import { returnReasons, type DayResult, type ExpectedPayment } from '../../treasury/treasury.ts'
import {
  idempotencyKey,
  idPageQuery,
  idSchema,
  instantSchema,
  instantText,
  issuerParam,
  issuerParams,
  listSchema,
  nextCursor,
  pageQuery,
  problemResponses,
  readDay,
  readId,
  readWon,
  requireOfficer,
  requireOperator,
  wonSchema,
  type Door,
} from '../door.ts'
import { registered } from './registration-answers.ts'
import { writeAccess } from './access-writing.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

const count = Type.Integer({ minimum: 0 })
const dayText = Type.String({ description: 'YYYY-MM-DD, a day in Korea' })
const signedWon = Type.Integer({ description: 'Whole won; below zero: the ledger has more' })

const dayFields = {
  date: dayText,
  computedAt: instantSchema,
  bankWon: wonOut,
  ledgerWon: wonOut,
  openWon: signedWon,
  openCount: count,
  unexplainedWon: signedWon,
  timingCount: count,
  breakCount: count,
  owedWon: wonOut,
  receivableWon: wonOut,
  coveringWon: wonOut,
  coverageBasisPoints: nullable(Type.Integer({ description: 'Of what is owed; null: nothing' })),
  coverageBasisPointsMin: Type.Integer(),
  receivablesCount: Type.Boolean(),
  shortWon: wonOut,
}
const daySchema = Type.Object({
  ...dayFields,
  balances: Type.Array(
    Type.Object({
      account: wordOut(accountKinds),
      funder: nullable(wordOut(funders)),
      balanceWon: Type.Integer({ description: 'Debits less credits' }),
    }),
  ),
})
const fundSchema = Type.Object({
  issuerCode: Type.String(),
  name: Type.String(),
  treasuryBank: Type.String(),
  day: nullable(Type.Object(dayFields)),
})

const payoutSchema = Type.Object({
  payoutId: idOut,
  state: wordOut(payoutStates),
  attempt: Type.Integer(),
  amountWon: wonOut,
  beneficiary: Type.Object({
    kind: wordOut(['merchant', 'member', 'card_company', 'issuer']),
    id: nullable(idOut),
  }),
  bankCode: Type.String(),
  accountNumber: nullable(Type.String({ description: 'All but the last four are hidden' })),
  dueOn: dayText,
  fileName: nullable(Type.String()),
  reason: nullable(Type.String()),
  reasonText: nullable(Type.String({ description: 'What the bank’s code means' })),
  createdAt: instantSchema,
  changedAt: instantSchema,
})

const expectedSchema = Type.Object({
  expectedId: idOut,
  funder: wordOut(funders),
  amountWon: wonOut,
  expectedOn: dayText,
  reference: Type.String(),
  state: wordOut(expectedPaymentStates),
  entryNumber: nullable(Type.String()),
})

export function registerFundRoutes(door: Door, deps: RouteDeps): void {
  fundDays(door, deps)
  payoutList(door, deps)
  payoutCommands(door, deps)
  expectedPayments(door, deps)
  withdrawals(door, deps)
  allFunds(door, deps)
}

function fundDays({ app }: Door, { treasury }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/fund/days',
    {
      schema: {
        tags: ['officers'],
        summary: '운영자금 일일 대사 · Days of the fund with breaks and coverage, newest first',
        params: issuerParams,
        querystring: Type.Object({
          limit: pageQuery.limit,
          before: Type.Optional(Type.String({ maxLength: 10 })),
        }),
        response: { 200: Type.Object({ items: Type.Array(daySchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { limit, before } = request.query
      const page =
        before === undefined ? { limit } : { limit, before: readDay(before, 'query.before') }
      return { items: (await treasury.days(issuerId, page)).map(dayView) }
    },
  )
}

function payoutList({ app }: Door, deps: RouteDeps): void {
  const { treasury } = deps
  app.get(
    '/v1/issuers/:issuerCode/fund/payouts',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '지급 목록 · Payouts, the oldest first',
        params: issuerParams,
        querystring: Type.Object({
          ...idPageQuery('pay'),
          state: Type.Optional(wordOut(payoutStates)),
        }),
        response: { 200: listSchema(payoutSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { limit, cursor, state } = request.query
      const page = await treasury.payouts(issuerId, {
        limit,
        ...(state === undefined ? {} : { state }),
        ...(cursor === undefined ? {} : { after: readId('pay', cursor) }),
      })
      await writeAccess(deps, request, { subjects: page.flatMap(payeeOf) })
      return {
        items: page.map(payoutView),
        nextCursor: nextCursor(page, limit, ({ payoutId }) => formatId('pay', payoutId)),
      }
    },
  )
}

function payoutCommands({ app, clock }: Door, deps: RouteDeps): void {
  const { treasury } = deps
  const commands = [
    ['retry', '재지급 · Try again what came back, to the account as it is now', 'retryPayout'],
    ['parking', '지급 보류 · Keep back what the bank was not told yet', 'parkPayout'],
  ] as const
  for (const [path, summary, act] of commands) {
    app.post(
      `/v1/issuers/:issuerCode/fund/payouts/:payoutId/${path}`,
      {
        config: { logsAccess: true },
        schema: {
          tags: ['officers'],
          summary,
          params: Type.Object({ ...issuerParam, payoutId: idSchema('pay') }),
          response: { 200: payoutSchema, ...problemResponses },
        },
      },
      async (request) => {
        const { issuerId, officerId } = requireOfficer(request)
        idempotencyKey(request)
        const payoutId = readId('pay', request.params.payoutId)
        const command = { issuerId, payoutId, by: formatId('off', officerId) }
        const { payout } = registered(await treasury[act](command, clock()))
        await writeAccess(deps, request, { subjects: payeeOf(payout) })
        return payoutView(payout)
      },
    )
  }
}

const expectedPath = '/v1/issuers/:issuerCode/fund/expected-payments'

function expectedPayments({ app, clock }: Door, { treasury }: RouteDeps): void {
  app.get(
    expectedPath,
    {
      schema: {
        tags: ['officers'],
        summary: '교부 예정 목록 · What funders are expected to pay in, newest first',
        params: issuerParams,
        querystring: Type.Object({ limit: pageQuery.limit }),
        response: { 200: Type.Object({ items: Type.Array(expectedSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const items = await treasury.expectedPayments(issuerId, request.query.limit)
      return { items: items.map(expectedView) }
    },
  )

  app.post(
    expectedPath,
    {
      schema: {
        tags: ['officers'],
        summary: '교부 예정 등록 · Record what a funder is going to pay in',
        params: issuerParams,
        body: Type.Object({
          funder: wordOut(funders),
          amountWon: wonSchema({ min: 1, max: AMOUNT_WON_MAX }),
          expectedOn: Type.String({ maxLength: 10 }),
          reference: Type.String({ minLength: 1, maxLength: 80 }),
        }),
        response: { 201: expectedSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, officerId } = requireOfficer(request)
      const { funder, amountWon, expectedOn, reference } = request.body
      const expectation = {
        requestId: idempotencyKey(request),
        funder,
        amountWon: readWon(amountWon),
        expectedOn: readDay(expectedOn, 'body.expectedOn'),
        reference,
        by: formatId('off', officerId),
      }
      const answer = await treasury.expectPayment(issuerId, expectation, clock())
      return reply.code(201).send(expectedView(registered(answer).expected))
    },
  )
}

function withdrawals({ app, clock }: Door, { treasury }: RouteDeps): void {
  app.post(
    `${expectedPath}/:expectedId/withdrawal`,
    {
      schema: {
        tags: ['officers'],
        summary: '교부 예정 취소 · Withdraw an expected payment that has not come',
        params: Type.Object({ ...issuerParam, expectedId: idSchema('cas') }),
        response: { 200: expectedSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, officerId } = requireOfficer(request)
      idempotencyKey(request)
      const answer = await treasury.withdrawExpected(issuerId, {
        id: readId('cas', request.params.expectedId),
        by: formatId('off', officerId),
        now: clock(),
      })
      return expectedView(registered(answer).expected)
    },
  )
}

function allFunds({ app }: Door, { treasury, issuing }: RouteDeps): void {
  app.get(
    '/v1/operator/funds',
    {
      schema: {
        tags: ['operators'],
        summary: '발행기관별 운영자금 현황 · The newest day of every issuer’s fund',
        response: { 200: Type.Object({ items: Type.Array(fundSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      requireOperator(request)
      const items: Static<typeof fundSchema>[] = []
      for (const { issuerId, code, nameKo, treasuryBank } of issuing.issuers()) {
        const [day] = await treasury.days(issuerId, { limit: 1 })
        items.push({
          issuerCode: code,
          name: nameKo,
          treasuryBank,
          day: day === undefined ? null : dayView(day),
        })
      }
      return { items }
    },
  )
}

function dayView({ balances, computedAt, ...day }: DayResult): Static<typeof daySchema> {
  return {
    ...day,
    computedAt: instantText(computedAt),
    balances: balances.map(({ kind, accountId, balanceWon }) => ({
      account: kind,
      funder: kind === 'subsidy_receivable' ? (funders[accountId - 1] ?? null) : null,
      balanceWon,
    })),
  }
}

const beneficiaryPrefix = { merchant: 'mrc', member: 'mbr', card_company: 'prt' } as const

function payoutView(payout: Payout): Static<typeof payoutSchema> {
  const { payoutId, state, attempt, amountWon, beneficiary, account, dueOn } = payout
  const { kind } = beneficiary
  const reason = payout.reason ?? null
  const known = reason === null ? undefined : returnReasons[reason]
  return {
    payoutId: formatId('pay', payoutId),
    state,
    attempt,
    amountWon,
    beneficiary: {
      kind,
      id:
        kind === 'issuer'
          ? null
          : formatId(beneficiaryPrefix[kind], id(beneficiaryPrefix[kind], beneficiary.id)),
    },
    bankCode: account.bankCode,
    accountNumber: shown('officer', 'accountNumber', account.accountNumber),
    dueOn,
    fileName: payout.fileName ?? null,
    reason,
    reasonText: known === undefined ? null : `${known.ko} · ${known.en}`,
    createdAt: instantText(payout.createdAt),
    changedAt: instantText(payout.changedAt),
  }
}

/** Whose account it is, where that may be a person's. */
function payeeOf({ beneficiary: { kind, id: number } }: Payout): string[] {
  if (kind !== 'member' && kind !== 'merchant') return []
  const prefix = beneficiaryPrefix[kind]
  return [formatId(prefix, id(prefix, number))]
}

function expectedView({
  expectedId,
  funder,
  amountWon,
  expectedOn,
  reference,
  state,
  entryNumber,
}: ExpectedPayment): Static<typeof expectedSchema> {
  return {
    expectedId: formatId('cas', id('cas', expectedId)),
    funder,
    amountWon,
    expectedOn,
    reference,
    state,
    entryNumber,
  }
}
