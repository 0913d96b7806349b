/** Cashback: what a member earned and why not more, the button, how it is to be spent; and what officers see of all. */
import { Type, type Static } from 'typebox'
import {
  businessMonth,
  formatId,
  startOfBusinessDate,
  sumWon,
  won,
  type BusinessDate,
  type BusinessMonth,
  type IssuerId,
} from '../../base/base.ts'
import {
  cashbackTermsAt,
  earningStates,
  PRESSED_MAX,
  waitingCauses,
  type CashbackShare,
  type Earning,
  type MemberCashback,
} from '../../cashback/cashback.ts'
import { cashbackReasons, cashbackSpendings, type Program } from '../../issuing/issuing.ts'
import {
  decodeCursor,
  encodeCursor,
  idempotencyKey,
  instantSchema,
  instantText,
  issuerParams,
  keyReused,
  listSchema,
  operationIdSchema,
  pageQuery,
  problemResponses,
  requireMember,
  requireOfficer,
  type Door,
} from '../door.ts'
import { cashbackReasonWords } from './cashback-words.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

const programOf = { programId: idOut, programName: Type.String(), programNameEn: Type.String() }

const summarySchema = Type.Object({
  month: Type.String({ description: 'The Korean month of the payments, YYYY-MM' }),
  chosen: nullable(wordOut(cashbackSpendings)),
  programs: Type.Array(
    Type.Object({
      ...programOf,
      spending: wordOut(cashbackSpendings),
      earnedWon: Type.Integer({ description: 'In the month, less what was taken back' }),
      takenBackWon: wonOut,
      monthlyCapWon: wonOut,
      remainingWon: Type.Integer({ description: 'What the month still has' }),
      waitingWon: Type.Integer({ description: 'Earned in any month, and not in the wallet yet' }),
    }),
  ),
  waitingWon: wonOut,
})

const shareSchema = Type.Object({
  ...programOf,
  spentWon: Type.Integer({ description: 'Of money that earns: bought, or a present' }),
  rateBasisPoints: Type.Integer(),
  earnedWon: wonOut,
  takenBackWon: wonOut,
  reason: nullable(wordOut(cashbackReasons)),
  reasonText: nullable(Type.String({ description: 'Why it is not more, in words' })),
  reasonTextEn: nullable(Type.String()),
  usableUntil: Type.String({ description: 'It can be spent until just before this instant' }),
})
const earningSchema = Type.Object({
  paymentId: operationIdSchema,
  paidAt: instantSchema,
  merchantId: idOut,
  merchantName: nullable(Type.String()),
  state: wordOut(earningStates),
  waitsFor: nullable(wordOut(waitingCauses)),
  spending: wordOut(cashbackSpendings),
  shares: Type.Array(shareSchema),
})

const monthQuery = Type.Object({
  month: Type.Optional(
    Type.String({ pattern: '^20\\d{2}-(0[1-9]|1[0-2])$', description: 'Absent: this month' }),
  ),
})

const base = '/v1/issuers/:issuerCode/members/me/cashback'

export function registerCashbackRoutes(door: Door, deps: RouteDeps): void {
  looking(door, deps)
  choosing(door, deps)
  pressing(door, deps)
  standing(door, deps)
}

function looking({ app }: Door, deps: RouteDeps): void {
  app.get(
    base,
    {
      schema: {
        tags: ['cashback'],
        summary: '캐시백 현황 · What a month earned, what it still has, and what waits for me',
        params: issuerParams,
        querystring: monthQuery,
        response: { 200: summarySchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, walletId } = requireMember(request)
      const month = monthOf(request.query.month, deps.clock())
      return summaryView(
        deps,
        issuerId,
        month,
        await deps.cashback.ofMember(issuerId, walletId, month),
      )
    },
  )
  app.get(
    `${base}/earnings`,
    {
      schema: {
        tags: ['cashback'],
        summary: '캐시백 적립 내역 · What each payment earned and why not more, newest first',
        params: issuerParams,
        querystring: Type.Object(pageQuery),
        response: { 200: listSchema(earningSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, walletId } = requireMember(request)
      const { cursor, limit } = request.query
      const before = cursor === undefined ? undefined : decodeCursor(cursor)
      const page = before && { paidAt: before.bookedAt, paymentId: before.operationId }
      const earnings = await deps.cashback.earningsOf(issuerId, walletId, {
        limit,
        ...(page === undefined ? {} : { before: page }),
      })
      const last = earnings.at(-1)
      const isLast = last === undefined || earnings.length < limit
      const nextCursor = isLast
        ? null
        : encodeCursor({ bookedAt: last.paidAt, operationId: last.paymentId })
      return { items: earnings.map((each) => earningView(deps, issuerId, each)), nextCursor }
    },
  )
}

function choosing({ app }: Door, deps: RouteDeps): void {
  const choice = Type.Object({ spending: wordOut(cashbackSpendings) })
  app.post(
    `${base}/choices`,
    {
      schema: {
        tags: ['cashback'],
        summary:
          '캐시백 사용 방식 · Spend it automatically or by the button, from the next payment on',
        params: issuerParams,
        body: choice,
        response: { 201: choice, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, walletId } = requireMember(request)
      const requestId = idempotencyKey(request)
      const { spending } = request.body
      const answer = await deps.cashback.choose({ issuerId, walletId, requestId, spending })
      if (answer.status === 'key_reused') throw keyReused()
      return reply.code(201).send({ spending: answer.spending })
    },
  )
}

function pressing({ app }: Door, deps: RouteDeps): void {
  const pressed = Type.Object({
    movedWon: Type.Integer({ description: 'What came into the wallet' }),
    earnings: Type.Array(earningSchema, { description: 'What the press was about' }),
    waitingWon: Type.Integer({ description: 'What still waits' }),
  })
  app.post(
    `${base}/presses`,
    {
      schema: {
        tags: ['cashback'],
        summary: '캐시백 사용 버튼 · Bring what waits into the wallet',
        description: `The oldest first, at most ${PRESSED_MAX} payments at once.`,
        params: issuerParams,
        response: { 201: pressed, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, walletId } = requireMember(request)
      const requestId = idempotencyKey(request)
      const answer = await deps.cashback.press({ issuerId, walletId, requestId })
      if (answer.status === 'key_reused') throw keyReused()
      const waiting = await deps.cashback.waiting(issuerId, walletId)
      const posted = answer.earnings.filter(({ state }) => state === 'posted')
      return reply.code(201).send({
        movedWon: sumWon(posted.flatMap(({ shares }) => shares.map(keptWon))),
        earnings: answer.earnings.map((each) => earningView(deps, issuerId, each)),
        waitingWon: sumWon(waiting.map(({ amountWon }) => amountWon)),
      })
    },
  )
}

function standing({ app }: Door, deps: RouteDeps): void {
  const item = Type.Object({
    ...programOf,
    waitingWon: Type.Integer({ description: 'Promised, and not drawn from any pot yet' }),
    waiting: Type.Integer({ description: 'So many payments' }),
    missingWon: Type.Integer({ description: 'Of cancelled payments, and spent meanwhile' }),
  })
  app.get(
    '/v1/issuers/:issuerCode/cashback',
    {
      schema: {
        tags: ['cashback'],
        summary: '캐시백 대기·미회수 · What waits for members, and what could not be taken back',
        params: issuerParams,
        response: { 200: Type.Object({ items: Type.Array(item) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const programs = await deps.cashback.standing(issuerId)
      return {
        items: programs.map(({ programId, ...sums }) => ({
          ...programView(deps, issuerId, programId),
          ...sums,
        })),
      }
    },
  )
}

/** The pattern let only months through. */
function monthOf(text: string | undefined, now: number): BusinessMonth {
  if (text === undefined) return businessMonth(now)
  return businessMonth(startOfBusinessDate(`${text}-01` as BusinessDate)) // The first of it exists.
}

function programView(
  { issuing }: Pick<RouteDeps, 'issuing'>,
  issuerId: IssuerId,
  programId: Program['programId'],
) {
  const program = issuing.program(issuerId, programId)
  return {
    programId: formatId('prg', programId),
    programName: program?.name ?? '',
    programNameEn: program?.nameEn ?? '',
  }
}

/** Every program that gives cashback now, or has earned or waits. */
function summaryView(
  deps: RouteDeps,
  issuerId: IssuerId,
  month: BusinessMonth,
  { chosen, figures, waiting }: MemberCashback,
): Static<typeof summarySchema> {
  const all = deps.issuing.programs(issuerId)
  const now = deps.clock()
  const shown = all.flatMap(({ programId }) => {
    const rules = cashbackTermsAt(all, programId, now)?.rules
    const own = figures.find((each) => each.programId === programId)
    const waits = waiting.find((each) => each.programId === programId)
    if (rules === undefined && own === undefined && waits === undefined) return []
    const earnedWon = own?.earnedWon ?? won(0)
    const monthlyCapWon = rules?.monthlyCapWon ?? won(0)
    return [
      {
        ...programView(deps, issuerId, programId),
        spending: chosen ?? rules?.spending ?? ('automatic' as const),
        earnedWon,
        takenBackWon: own?.takenBackWon ?? won(0),
        monthlyCapWon,
        remainingWon: Math.max(0, monthlyCapWon - earnedWon),
        waitingWon: waits?.amountWon ?? won(0),
      },
    ]
  })
  const waitingWon = sumWon(waiting.map(({ amountWon }) => amountWon))
  return { month, chosen, programs: shown, waitingWon }
}

export function earningView(
  deps: RouteDeps,
  issuerId: IssuerId,
  { paymentId, paidAt, merchantId, state, waitsFor, spending, shares }: Earning,
): Static<typeof earningSchema> {
  return {
    paymentId,
    paidAt: instantText(paidAt),
    merchantId: formatId('mrc', merchantId),
    merchantName: deps.acquiring.merchant(issuerId, merchantId)?.name ?? null,
    state,
    waitsFor: state === 'waiting' ? waitsFor : null,
    spending,
    shares: shares.map((share) => shareView(deps, issuerId, share)),
  }
}

function shareView(
  deps: RouteDeps,
  issuerId: IssuerId,
  share: CashbackShare,
): Static<typeof shareSchema> {
  const words = share.reason === null ? null : cashbackReasonWords[share.reason]
  return {
    ...programView(deps, issuerId, share.programId),
    spentWon: share.spentWon,
    rateBasisPoints: share.rateBasisPoints,
    earnedWon: share.earnedWon,
    takenBackWon: share.takenBackWon,
    reason: share.reason,
    reasonText: words?.ko ?? null,
    reasonTextEn: words?.en ?? null,
    usableUntil: instantText(share.expiresAt),
  }
}

function keptWon({ earnedWon, takenBackWon }: CashbackShare) {
  return won(earnedWon - takenBackWon)
}
