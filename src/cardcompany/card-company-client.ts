/**
 * The HTTP client of a card company's linking service:
 *
 * - `POST /links {linkCode, issuerCode}` → 200 or 201 `{cardToken, lastFour}`; 404, 409, 410: no such code any more.
 * - `PUT /links/{cardToken} {issuerCode, spending, onUnknown}` → 200 or 204; 404: no such card.
 * - `DELETE /links/{cardToken}?issuer={issuerCode}` → 200 or 204; 404: there was none.
 *
 * Each call has a connection of its own, so that no answer can be that of an earlier question. Calls are rare: a
 * member links a card once.
 */
import { assert, Fault } from '../base/base.ts'
import type { CardCompany, LinkedCard } from '../registration/registration.ts'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { createExchange, type Answer, type Exchange } from './exchange.ts'

/** Calls to one company at one time; one more is refused at once. */
const CALLS_MAX = 16

export interface CardCompanyOptions {
  /** `http:` or `https:`, with a path where the company has one. */
  readonly baseUrl: string
  /** For the whole call, reading the answer included. */
  readonly timeoutMs: number
}

// Other fields may come along; the named ones must be right.
const Linked = Type.Object({
  cardToken: Type.String({ pattern: '^[A-Za-z0-9]{8,32}$' }),
  lastFour: Type.String({ pattern: '^[0-9]{4}$' }),
})

/** The company says so itself: the thing asked about is not there. */
const GONE = [404, 409, 410]

export function createCardCompanyClient(options: CardCompanyOptions): CardCompany {
  const { baseUrl, timeoutMs } = options
  assert(URL.canParse(baseUrl), 'the address of the card company is a URL')
  assert(Number.isInteger(timeoutMs) && timeoutMs > 0, 'timeoutMs is above zero')
  const send = bounded(createExchange({ baseUrl: baseUrl.replace(/\/+$/, ''), timeoutMs }))
  const place = (cardToken: string): string => `/links/${encodeURIComponent(cardToken)}`
  return {
    async redeem(request) {
      const answer = await send({ method: 'POST', path: '/links', body: request })
      if (GONE.includes(answer.httpStatus)) return undefined
      return linkedCard(answer)
    },
    async tellWishes(cardToken, wishes) {
      const answer = await send({ method: 'PUT', path: place(cardToken), body: wishes })
      if (answer.httpStatus === 404) return false
      requireDone(answer)
      return true
    },
    async endLink(cardToken, issuerCode) {
      const path = `${place(cardToken)}?issuer=${encodeURIComponent(issuerCode)}`
      const answer = await send({ method: 'DELETE', path })
      if (answer.httpStatus !== 404) requireDone(answer)
    },
  }
}

function bounded(send: Exchange): Exchange {
  let underWay = 0
  return async (message) => {
    if (underWay >= CALLS_MAX) {
      throw new Fault('card_company_unavailable', `${CALLS_MAX} calls are under way already`)
    }
    underWay += 1
    try {
      return await send(message)
    } catch (cause) {
      throw new Fault('card_company_unavailable', 'the card company gave no answer', { cause })
    } finally {
      underWay -= 1
    }
  }
}

function linkedCard({ httpStatus, text }: Answer): LinkedCard {
  const body = httpStatus === 200 || httpStatus === 201 ? parseJson(text) : undefined
  if (Check(Linked, body)) return { cardToken: body.cardToken, lastFour: body.lastFour }
  throw new Fault('card_company_unavailable', `HTTP ${httpStatus} with a body that is no link`)
}

function requireDone({ httpStatus }: Answer): void {
  if (httpStatus === 200 || httpStatus === 204) return
  throw new Fault('card_company_unavailable', `HTTP ${httpStatus} is no answer to this`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON is one more thing that is not an answer; the caller's check says so.
    return undefined
  }
}
