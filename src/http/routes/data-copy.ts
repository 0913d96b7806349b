/**
 * A member's copy of everything that an issuer keeps about them (개인정보 보호법 §35, §35의2): one JSON file, or the history
 * as CSV. The file is written while it is read, so it is as long as it has to be. It ends with `"complete": true`: a
 * file without that was cut off. Whoever has left may still take it, as long as anything is kept.
 */
import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify/sync'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { MemberAccount } from '../../registration/registration.ts'
import {
  instantText,
  issuerParams,
  notFound,
  problemResponses,
  refusal,
  requireDataSubject,
  requireIssuer,
  type Door,
} from '../door.ts'
import { writeAccessBy } from './access-writing.ts'
import { operationsOf, partsOf, subjectOf, type Part } from './data-copy-parts.ts'
import type { RouteDeps } from './route-deps.ts'
import { operationView } from './wallets.ts'

/** Copies that are being written at one time; each reads the database page by page. */
export const COPIES_AT_ONCE_MAX = 8

const FORMAT = 'dure-member-data/1'
/** Excel reads the file as UTF-8 by it. */
const BYTE_ORDER_MARK = '\uFEFF'
const columns = [
  'bookedAt',
  'operationId',
  'kind',
  'kindText',
  'channel',
  'amountWon',
  'cancelledWon',
  'declineReason',
  'merchantName',
  'outletName',
  'targetId',
] as const

export function registerDataCopyRoutes({ app }: Door, deps: RouteDeps): void {
  let open = 0
  const send = (reply: FastifyReply, pieces: AsyncIterable<string>): FastifyReply => {
    if (open >= COPIES_AT_ONCE_MAX) {
      throw refusal('too_many_streams', { headers: { 'retry-after': '10' } })
    }
    open += 1
    const stream = Readable.from(pieces, { objectMode: false })
    stream.once('close', () => (open -= 1))
    return reply.header('cache-control', 'no-store').send(stream)
  }

  app.get(
    '/v1/issuers/:issuerCode/members/me/data',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['members'],
        summary: '내 데이터 받기 · Everything that is kept about me, as one JSON file',
        params: issuerParams,
        response: {
          200: {
            description: 'One object: a list for each kind of thing, then `complete`',
            content: { 'application/json': { schema: Type.Unknown() } },
          },
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const account = await ownAccount(deps, request)
      const head = { format: FORMAT, issuer: requireIssuer(request).code }
      const at = instantText(deps.clock())
      const pieces = jsonPieces({ ...head, preparedAt: at }, partsOf(deps, account))
      return send(named(reply, 'json').type('application/json; charset=utf-8'), pieces)
    },
  )

  app.get(
    '/v1/issuers/:issuerCode/members/me/data/history.csv',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['members'],
        summary: '이용 내역 파일 · My whole history as CSV, newest first',
        params: issuerParams,
        response: {
          200: {
            description: columns.join(','),
            content: { 'text/csv': { schema: Type.String() } },
          },
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const account = await ownAccount(deps, request)
      return send(named(reply, 'csv').type('text/csv; charset=utf-8'), csvPieces(deps, account))
    },
  )
}

/** The caller's own, once it is written down that they took a copy. @throws HttpProblem */
async function ownAccount(deps: RouteDeps, request: FastifyRequest): Promise<MemberAccount> {
  const { issuerId, memberId } = requireDataSubject(request)
  const account = await deps.registration.member(issuerId, memberId)
  if (account === undefined) throw notFound()
  const by = subjectOf(memberId)
  const look = { subjects: [by], purpose: 'own_copy', sight: 'full' } as const
  await writeAccessBy(deps, request, { issuerId, by }, look)
  return account
}

function named(reply: FastifyReply, extension: 'json' | 'csv'): FastifyReply {
  const disposition = `attachment; filename="my-data.${extension}"`
  return reply.header('content-disposition', disposition)
}

async function* jsonPieces(head: object, parts: readonly Part[]): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},\n`
  for (const [name, items] of parts) {
    yield `${JSON.stringify(name)}: [`
    let separator = '\n'
    for await (const item of items) {
      yield `${separator}${JSON.stringify(item)}`
      separator = ',\n'
    }
    yield '],\n'
  }
  yield '"complete": true}\n'
}

async function* csvPieces(deps: RouteDeps, account: MemberAccount): AsyncGenerator<string> {
  const { issuerId, memberId } = account.member
  yield BYTE_ORDER_MARK + stringify([[...columns]])
  const place = { issuerId, memberId, walletId: account.walletId }
  for await (const operation of operationsOf(deps, place)) {
    const view = operationView(deps, issuerId, operation)
    yield stringify([columns.map((column) => view[column])], { escape_formulas: true })
  }
}
