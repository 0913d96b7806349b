/**
 * The HTTP interface of a simulated card company: its terminals, its cardholders' app, its linking service for the
 * platform, its books for reconciliation, and switches. Nothing is answered before the books are on disk.
 */
import { Type } from 'typebox'
import { parseBusinessDate } from '../src/base/base.ts'
import { BehaviourRequest, type BehaviourSwitch } from './card-company-behaviour.ts'
import { PAGE_MAX, type CardStanding } from './card-company-books.ts'
import { cancelSale, completeSale, reverseSale } from './card-company-changes.ts'
import { DeskRefusal, sell, standingOf, type DeskRoom } from './card-company-desk.ts'
import type { DialledLine } from './card-company-dialling.ts'
import {
  CardToken,
  IssuerCode,
  LinkCodeText,
  linkWishes,
  LocalDate,
  MerchantNumber,
  SaleId,
  Terminal,
} from './card-company-entries.ts'
import { compareTotals, enquireBalance } from './card-company-enquiries.ts'
import type { CompanyFiles } from './card-company-files.ts'
import { makeLinkCode, redeemLinkCode, setLink, type LinkingRoom } from './card-company-linking.ts'
import { cancellationReceipt, receiptOf } from './card-company-receipt.ts'
import { TrafficOrder, type Traffic } from './card-company-traffic.ts'
import { PersonId } from './people.ts'
import { createStrictServer, RequestError, type StrictServer } from './strict-server.ts'

const strict = { additionalProperties: false }
const AmountWon = Type.Integer({ minimum: 1, maximum: 100_000_000 })
const SaleBody = Type.Object(
  {
    card: CardToken,
    merchantNumber: MerchantNumber,
    amountWon: AmountWon,
    partialAllowed: Type.Optional(Type.Boolean()),
    class: Type.Optional(Type.Enum(['financial', 'authorization'])),
  },
  strict,
)
const CancellationBody = Type.Object({ amountWon: Type.Optional(AmountWon) }, strict)
const ReversalBody = Type.Object(
  { keepWon: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000_000 })) },
  strict,
)
const BooksQuery = Type.Object(
  {
    after: Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })),
    limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,3}$' })),
  },
  strict,
)
const CardsQuery = Type.Object(
  { ...BooksQuery.properties, personId: Type.Optional(PersonId) },
  strict,
)
const DateBody = Type.Object({ date: LocalDate }, strict)
const IncidentBody = Type.Object(
  { from: Type.Integer({ minimum: 0 }), until: Type.Integer({ minimum: 0 }) },
  strict,
)
const saleParams = Type.Object({ saleId: SaleId })
const cardParams = Type.Object({ cardToken: CardToken })

export interface CompanyParts {
  readonly room: DeskRoom
  readonly linking: LinkingRoom
  readonly behaviour: BehaviourSwitch
  readonly lines: readonly DialledLine[]
  readonly files: CompanyFiles
  readonly traffic: Traffic
}

/** @returns a Fastify server that does not listen yet */
export function createCompanyServer(parts: CompanyParts): StrictServer {
  const server = createStrictServer()
  addSaleRoutes(server, parts)
  addChangeRoutes(server, parts)
  addCardRoutes(server, parts)
  addLinkingRoutes(server, parts)
  addBooksRoutes(server, parts)
  addFileRoutes(server, parts)
  addSwitches(server, parts)
  return server
}

function addSaleRoutes(server: StrictServer, { room }: CompanyParts): void {
  server.post(
    '/terminals/:terminal/sales',
    { schema: { params: Type.Object({ terminal: Terminal }), body: SaleBody } },
    (request) => {
      const { card, partialAllowed = false, class: cardClass = 'financial', ...rest } = request.body
      const { terminal } = request.params
      return refusing(async () =>
        receiptOf(
          await sell(room, { ...rest, cardToken: card, partialAllowed, cardClass, terminal }),
        ),
      )
    },
  )
  server.get('/sales/:saleId', { schema: { params: saleParams } }, (request) =>
    refusing(async () => {
      const standing = standingOf(room, request.params.saleId)
      await room.store.durable()
      const cancellations = standing.cancellations.map(cancellationReceipt)
      return { ...receiptOf(standing), cancellations }
    }),
  )
}

function addChangeRoutes(server: StrictServer, { room }: CompanyParts): void {
  server.post(
    '/sales/:saleId/cancellations',
    { schema: { params: saleParams, body: CancellationBody } },
    ({ params: { saleId }, body: { amountWon } }) =>
      refusing(async () => cancellationReceipt(await cancelSale(room, saleId, amountWon))),
  )
  server.post(
    '/sales/:saleId/completions',
    { schema: { params: saleParams, body: Type.Object({ amountWon: AmountWon }, strict) } },
    ({ params: { saleId }, body: { amountWon } }) =>
      refusing(async () => receiptOf(await completeSale(room, saleId, amountWon))),
  )
  server.post(
    '/sales/:saleId/reversal',
    { schema: { params: saleParams, body: ReversalBody } },
    ({ params: { saleId }, body: { keepWon = 0 } }) =>
      refusing(async () => receiptOf(await reverseSale(room, saleId, keepWon))),
  )
}

function addCardRoutes(server: StrictServer, { room, linking }: CompanyParts): void {
  const viewOf = ({ links, ...card }: CardStanding): object => ({
    ...card,
    availableWon: room.books.availableWon(card.cardToken),
    links: Object.fromEntries(links),
  })
  server.get('/cards', { schema: { querystring: CardsQuery } }, async (request) => {
    const { personId } = request.query
    const after = Number(request.query.after ?? '0')
    const limit = Math.min(Number(request.query.limit ?? '100'), PAGE_MAX)
    const cards = room.books
      .cards()
      .filter((card) => personId === undefined || card.personId === personId)
    const page = cards.slice(after, after + limit).map(viewOf)
    await room.store.durable()
    return { cards: page, nextAfter: after + limit < cards.length ? after + limit : null }
  })
  server.get('/cards/:cardToken', { schema: { params: cardParams } }, async (request) => {
    const card = room.books.card(request.params.cardToken)
    if (card === undefined) throw new RequestError(404, 'card_unknown', 'no such card')
    await room.store.durable()
    return viewOf(card)
  })
  server.get(
    '/cards/:cardToken/balance',
    {
      schema: {
        params: cardParams,
        querystring: Type.Object({ merchantNumber: MerchantNumber }, strict),
      },
    },
    ({ params: { cardToken }, query: { merchantNumber } }) =>
      refusing(() => enquireBalance(room, { cardToken, merchantNumber })),
  )
  server.post(
    '/cards/:cardToken/link-codes',
    { schema: { params: cardParams } },
    async (request) => {
      const code = await makeLinkCode(linking, request.params.cardToken)
      if (code === undefined) throw new RequestError(404, 'card_unknown', 'no such card')
      return { ...code, expiresAt: new Date(code.expiresAt).toISOString() }
    },
  )
}

function addLinkingRoutes(server: StrictServer, { linking }: CompanyParts): void {
  server.post(
    '/links',
    {
      schema: { body: Type.Object({ linkCode: LinkCodeText, issuerCode: IssuerCode }, strict) },
    },
    async (request) => {
      const redemption = await redeemLinkCode(linking, request.body)
      if (redemption.status !== 'linked') {
        const statuses = { code_unknown: 404, code_used: 409, code_expired: 410 } as const
        const { status } = redemption
        throw new RequestError(statuses[status], status, 'this code links no card')
      }
      const { cardToken, lastFour } = redemption.card
      return { cardToken, lastFour }
    },
  )
  const unlinked = (isDone: boolean): object => {
    if (!isDone) throw new RequestError(404, 'link_unknown', 'no such card, or it is not linked')
    return { done: true }
  }
  server.put(
    '/links/:cardToken',
    {
      schema: {
        params: cardParams,
        body: Type.Object({ issuerCode: IssuerCode, ...linkWishes }, strict),
      },
    },
    async ({ params: { cardToken }, body: { issuerCode, ...link } }) =>
      unlinked(await setLink(linking, { cardToken, issuerCode, link })),
  )
  server.delete(
    '/links/:cardToken',
    {
      schema: {
        params: cardParams,
        querystring: Type.Object({ issuer: IssuerCode }, strict),
      },
    },
    async ({ params: { cardToken }, query: { issuer } }) =>
      unlinked(await setLink(linking, { cardToken, issuerCode: issuer, link: null })),
  )
}

function addBooksRoutes(server: StrictServer, { room }: CompanyParts): void {
  server.get('/books', { schema: { querystring: BooksQuery } }, async (request) => {
    const after = Number(request.query.after ?? '0')
    const limit = Math.min(Number(request.query.limit ?? '100'), PAGE_MAX)
    const entries = room.books.page(after, limit)
    await room.store.durable()
    const next = entries.length === limit ? entries.at(-1)?.sequence : undefined
    return { partnerId: room.partnerId, entries, nextAfter: next ?? null }
  })
  server.get('/standing', async () => {
    let underWay = 0
    let owing = 0
    let cancellations = 0
    for (const sale of room.books.sales()) {
      if (sale.decided === undefined) underWay += 1
      if (sale.owed.length > 0) owing += 1
      if (sale.cancellations.some(({ decided }) => decided === undefined)) cancellations += 1
    }
    return { underWay, owing, cancellations }
  })
}

function addFileRoutes(server: StrictServer, { room, files }: CompanyParts): void {
  server.post('/clearing', { schema: { body: DateBody } }, (request) =>
    files.writeClearing(dateOf(request.body.date)),
  )
  server.post('/incident-file', { schema: { body: IncidentBody } }, (request) =>
    files.writeIncident(request.body),
  )
  server.post('/files/take', async () => ({ taken: await files.takeAll() }))
  server.get('/files', async () => ({ files: room.books.files(), refused: files.refused() }))
  server.post('/totals', { schema: { body: DateBody } }, (request) =>
    refusing(() => compareTotals(room, dateOf(request.body.date))),
  )
}

function addSwitches(server: StrictServer, { behaviour, lines, traffic }: CompanyParts): void {
  server.get('/behaviour', async () => behaviour.current())
  server.put('/behaviour', { schema: { body: BehaviourRequest } }, async (request) =>
    behaviour.set(request.body),
  )
  server.get('/links', async () => ({
    gateways: lines.map((line) => ({ ...line.report(), isOpen: line.isOpen() })),
  }))
  server.get('/traffic', async () => traffic.report() ?? null)
  server.delete('/traffic', async () => traffic.stop() ?? null)
  server.post('/traffic', { schema: { body: TrafficOrder } }, async (request, reply) => {
    if (traffic.report()?.state === 'running') {
      throw new RequestError(409, 'traffic_running', 'there is traffic already; stop it first')
    }
    const { wait = true, ...order } = request.body
    const finished = traffic.start(order)
    if (wait) return finished
    return reply.code(202).send(traffic.report())
  })
}

function dateOf(text: string) {
  const date = parseBusinessDate(text)
  if (date === undefined) throw new RequestError(400, 'request_invalid', 'there is no such day')
  return date
}

/** What the desk refuses was not booked; the status says whether it may be tried again as it is. */
async function refusing<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof DeskRefusal)) throw error
    const { reason } = error
    const status = reason.endsWith('unknown')
      ? 404
      : reason === 'books_full' || reason === 'no_line'
        ? 503
        : 409
    throw new RequestError(status, reason, error.message)
  }
}
