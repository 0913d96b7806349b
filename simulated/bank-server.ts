/**
 * The simulated bank's HTTP interface: debits, refunds, enquiries, the books for reconciliation, and a
 * switch for misbehaviour. Nothing is answered before the books are on disk.
 */
import type { FastifyReply } from 'fastify'
import type { Clock } from '../src/base/base.ts'
import { Type } from 'typebox'
import {
  debitAnswer,
  enquiryAnswer,
  refundAnswer,
  unknownDebit,
  wireTime,
  type Answer,
} from './bank-answer.ts'
import {
  BehaviourRequest,
  createBehaviour,
  type Behaviour,
  type BankOperation,
  type Conduct,
} from './bank-behaviour.ts'
import {
  AccountToken,
  DebitRequest,
  PAGE_MAX,
  RefundRequest,
  type Booking,
  type Books,
  type Entry,
} from './bank-books.ts'
import { createDelivery, unavailable } from './bank-delivery.ts'
import type { BankJournal } from './bank-journal.ts'
import { createStrictServer, RequestError, type StrictServer } from './strict-server.ts'
import { addVirtualAccountRoutes, type VirtualParts } from './virtual-account-routes.ts'

/** The caller's running number for a message; it comes back in the answer under the same name. */
const MESSAGE_NUMBER = 'x-message-number'

const DebitBody = Type.Object(
  {
    ...DebitRequest.properties,
    /** Where the answer is also posted when the bank answers twice: this machine only. */
    callbackUrl: Type.Optional(
      Type.String({ pattern: '^http://(127\\.0\\.0\\.1|localhost)(:\\d{1,5})?(/[!-~]*)?$' }),
    ),
  },
  { additionalProperties: false },
)
const DebitParams = Type.Object({ debitId: DebitRequest.properties.debitId })
const AccountParams = Type.Object({ accountToken: AccountToken })
const BooksQuery = Type.Object(
  {
    after: Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })),
    limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$' })),
  },
  { additionalProperties: false },
)

/** Accounts whose number begins so are known under no name, or under another one; all others are whose one says. */
const UNKNOWN_ACCOUNT_PREFIX = '999'
const OTHER_HOLDER_PREFIX = '888'
const HolderBody = Type.Object(
  {
    bankCode: Type.String({ pattern: '^\\d{3}$' }),
    accountNumber: Type.String({ pattern: '^\\d{6,20}$' }),
    holderName: Type.String({ minLength: 1, maxLength: 100 }),
  },
  { additionalProperties: false },
)

export interface BankParts {
  readonly books: Books
  readonly journal: BankJournal
  readonly clock: Clock
  /** Where it opens virtual accounts too. */
  readonly virtual?: VirtualParts
}

/** @returns a Fastify server that does not listen yet */
export function createBankServer(parts: BankParts): StrictServer {
  const { journal } = parts
  const behaviour = createBehaviour()
  const closing = new AbortController()
  const delivery = createDelivery(closing.signal)
  const server = createStrictServer()
  // Waiting ends before the server does, or a slow answer would hold up the close.
  server.addHook('preClose', async () => closing.abort())

  server.addHook('onRequest', async (request, reply) => {
    // Every answer bears the number of its question, refusals of the request too.
    const number = request.headers[MESSAGE_NUMBER]
    if (typeof number === 'string' && /^[\w-]{1,64}$/.test(number)) {
      reply.header(MESSAGE_NUMBER, number)
    }
  })

  const room: BankRoom = {
    ...parts,
    behaviour,
    closing: closing.signal,
    deliver: (reply, { operation, ...order }) =>
      delivery.deliver(reply, {
        conduct: behaviour.meet(operation, parts.clock()),
        ...order,
      }),
    durably: async (booking, wire) => {
      if (booking.outcome === 'full') throw unavailable('the books are full')
      if (booking.outcome === 'conflict') {
        throw new RequestError(409, 'id_already_used', 'this id was used with another body')
      }
      if (booking.outcome === 'new') journal.append(booking.entry)
      // A known entry waits too: its first sync may still be on the way.
      await journal.durable()
      return wire(booking.entry)
    },
  }
  addDebitRoute(server, room)
  addEnquiryRoutes(server, room)
  addRefundRoute(server, room)
  addHolderRoute(server)
  addBooksRoutes(server, room)
  if (parts.virtual !== undefined) addVirtualAccountRoutes(server, room, parts.virtual)
  addBehaviourRoutes(server, room)
  return server
}

/** What the routes of one bank share. */
export interface BankRoom extends BankParts {
  readonly behaviour: Behaviour
  readonly closing: AbortSignal
  /** Counts the request against the behaviour in force and answers as that has it. */
  readonly deliver: (
    reply: FastifyReply,
    order: {
      operation: BankOperation
      book: (conduct: Conduct) => Promise<Answer>
      callbackUrl?: string | undefined
    },
  ) => Promise<FastifyReply>
  /** Puts what was booked on disk, then words it. */
  readonly durably: (booking: Booking<Entry>, wire: (entry: Entry) => Answer) => Promise<Answer>
}

function addDebitRoute(server: StrictServer, room: BankRoom): void {
  const { books, journal, clock, closing, deliver, durably } = room
  const decideLater = (debitId: string, delayMs: number): void => {
    setTimeout(() => {
      const entry = closing.aborted ? undefined : books.decide(debitId, clock())
      if (entry !== undefined) journal.append(entry)
    }, delayMs).unref()
  }
  // Those whose time was running when the bank went down are decided now.
  for (const debitId of books.undecided()) decideLater(debitId, 0)

  server.post('/debits', { schema: { body: DebitBody } }, (request, reply) => {
    const { callbackUrl, ...body } = request.body
    const debit = { ...body, debitId: body.debitId.toLowerCase() }
    const book = async ({ mode, delayMs }: Conduct): Promise<Answer> => {
      if (mode !== 'pending') return durably(books.debit(debit, clock()), debitAnswer)
      const answer = await durably(books.accept(debit, clock()), debitAnswer)
      decideLater(debit.debitId, delayMs)
      return answer
    }
    return deliver(reply, {
      operation: 'debit',
      book,
      callbackUrl,
    })
  })
}

function addEnquiryRoutes(server: StrictServer, room: BankRoom): void {
  const { books, journal, clock, deliver, durably } = room
  server.get('/debits/:debitId', { schema: { params: DebitParams } }, (request, reply) => {
    const debitId = request.params.debitId.toLowerCase()
    const book = async (): Promise<Answer> => {
      const entry = books.standing(debitId)
      await journal.durable()
      return entry === undefined ? unknownDebit(debitId, false) : enquiryAnswer(entry)
    }
    return deliver(reply, { operation: 'enquiry', book })
  })

  // An enquiry that leaves no doubt: after `unknown_debit` no late debit can be made under the id.
  server.post('/debits/:debitId/close', { schema: { params: DebitParams } }, (request, reply) => {
    const debitId = request.params.debitId.toLowerCase()
    const book = () => durably(books.close(debitId, clock()), enquiryAnswer)
    return deliver(reply, { operation: 'enquiry', book })
  })
}

function addRefundRoute(server: StrictServer, room: BankRoom): void {
  const { books, clock, deliver, durably } = room
  server.post('/refunds', { schema: { body: RefundRequest } }, (request, reply) => {
    const refund = {
      refundId: request.body.refundId.toLowerCase(),
      debitId: request.body.debitId.toLowerCase(),
      amountWon: request.body.amountWon,
    }
    const book = () => durably(books.refund(refund, clock()), refundAnswer)
    return deliver(reply, { operation: 'refund', book })
  })
}

function addHolderRoute(server: StrictServer): void {
  server.post('/account-holders/checks', { schema: { body: HolderBody } }, async (request) => {
    const { bankCode, accountNumber } = request.body
    const result = accountNumber.startsWith(UNKNOWN_ACCOUNT_PREFIX)
      ? 'account_unknown'
      : accountNumber.startsWith(OTHER_HOLDER_PREFIX)
        ? 'differs'
        : 'matches'
    return { result, bankCode, accountNumber }
  })
}

function addBooksRoutes(server: StrictServer, room: BankRoom): void {
  const { books, journal } = room
  server.get('/accounts/:accountToken', { schema: { params: AccountParams } }, async (request) => {
    const { accountToken } = request.params
    const balanceWon = books.balanceWon(accountToken)
    await journal.durable()
    return { accountToken, balanceWon }
  })

  server.get('/books', { schema: { querystring: BooksQuery } }, async (request) => {
    const after = Number(request.query.after ?? '0')
    const limit = Math.min(Number(request.query.limit ?? '100'), PAGE_MAX)
    const totals = books.totals()
    const page = books.page(after, limit)
    await journal.durable()
    const entries = page.map((entry) => ({ ...entry, at: wireTime(entry) }))
    const next = page.length === limit ? page.at(-1)?.sequence : undefined
    return { totals, entries, nextAfter: next ?? null }
  })
}

function addBehaviourRoutes(server: StrictServer, room: BankRoom): void {
  const { behaviour, clock } = room
  server.get('/behaviour', async () => behaviour.current(clock()))
  server.put('/behaviour', { schema: { body: BehaviourRequest } }, async (request) => {
    behaviour.set(request.body, clock())
    return behaviour.current(clock())
  })
}
