/**
 * Who is signed in at this app, and the signed way of every request. The access token lives ten minutes and is renewed
 * by the first request that needs it, in one tab at a time; the refresh token stays. Nobody is thrown out because
 * the server is away: a session ends only by its own time, by signing out, or by the server's word about the token.
 */
import { del, get, set } from 'idb-keyval'
import { learnServerTime, serverNow } from './server-clock.ts'
import { proofFor, storeOf, type AppName } from './device-key.ts'
import { currentLanguage } from './language.ts'
import { ApiProblem, problemOf, unreachable } from './problem.ts'
import type { paths } from './schema.ts'

type Issued = paths['/v1/sessions']['post']['responses'][201]['content']['application/json']
export type SessionRole = Issued['roles'][number]
export type Session = Issued

const KEY = 'session'
/** A token that ends sooner is renewed before it is used. */
const RENEW_BEFORE_MS = 30_000
/** An answer that takes longer is not waited for. */
const TIMEOUT_MS = 12_000

export interface SessionHolder {
  readonly app: AppName
  /** As it is now; undefined where nobody is signed in; null until it has been read from the device. */
  current(): Session | undefined | null
  subscribe(listener: () => void): () => void
  /** Signs in by an assertion of the identity provider. */
  signIn(assertion: string): Promise<Session>
  /** New tokens with the roles of now, for instance after joining. */
  renew(): Promise<Session>
  signOut(): Promise<void>
  /** As `fetch`, signed, in the reader's language, and once more where a clock or a token was old. */
  readonly fetch: (request: Request) => Promise<Response>
  /** The same for an answer that goes on: only its beginning has to come in time. */
  readonly stream: (request: Request) => Promise<Response>
}

/** What is waited for: the whole answer, or its beginning. */
type Extent = 'whole' | 'beginning'

export function openSession(app: AppName): SessionHolder {
  let session: Session | undefined | null = null
  const listeners = new Set<() => void>()
  const change = (next: Session | undefined): void => {
    session = next
    for (const tell of listeners) tell()
  }
  const ready = get<Session>(KEY, storeOf(app)).then(
    (kept) => change(isOver(kept) ? undefined : kept),
    () => change(undefined),
  )
  const keep = async (issued: Session): Promise<Session> => {
    await set(KEY, issued, storeOf(app))
    change(issued)
    return issued
  }
  const end = async (): Promise<void> => {
    await del(KEY, storeOf(app))
    change(undefined)
  }
  const renew = (): Promise<Session> =>
    navigator.locks.request(`${app}-session`, async () => {
      // Another tab may have renewed it in the meantime.
      const kept = await get<Session>(KEY, storeOf(app))
      if (kept === undefined) throw problemOf(401, undefined, currentLanguage())
      try {
        return await keep(
          await issue(app, '/v1/sessions/renew', { refreshToken: kept.refreshToken }),
        )
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 401) await end()
        throw error
      }
    })
  const signed =
    (extent: Extent): SessionHolder['fetch'] =>
    async (request) => {
      await ready
      return signedFetch(app, request, { session: () => session ?? undefined, renew, extent })
    }
  return {
    app,
    current: () => session,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    signIn: async (assertion) => keep(await issue(app, '/v1/sessions', { assertion })),
    renew,
    signOut: end,
    fetch: signed('whole'),
    stream: signed('beginning'),
  }
}

function isOver(kept: Session | undefined): boolean {
  return kept === undefined || Date.parse(kept.refreshExpiresAt) <= serverNow()
}

interface Tokens {
  readonly session: () => Session | undefined
  readonly renew: () => Promise<Session>
}

async function signedFetch(
  app: AppName,
  request: Request,
  tokens: Tokens & { readonly extent: Extent },
): Promise<Response> {
  const { extent } = tokens
  const again = request.clone()
  const first = await send(app, request, { accessToken: await tokenOf(tokens), extent })
  const code = first.status === 401 ? await codeOf(first) : undefined
  if (code === 'token_expired') {
    return send(app, again, { accessToken: (await tokens.renew()).accessToken, extent })
  }
  if (code === 'proof_out_of_time') {
    return send(app, again, { accessToken: await tokenOf(tokens), extent })
  }
  return first
}

async function tokenOf({ session, renew }: Tokens): Promise<string | undefined> {
  const now = session()
  if (now === undefined) return undefined
  if (Date.parse(now.accessExpiresAt) - serverNow() > RENEW_BEFORE_MS) return now.accessToken
  return (await renew()).accessToken
}

async function send(
  app: AppName,
  request: Request,
  { accessToken, extent }: { accessToken: string | undefined; extent: Extent },
): Promise<Response> {
  const { headers, method, url } = request
  headers.set('accept-language', currentLanguage())
  if (accessToken !== undefined) {
    headers.set('authorization', `DPoP ${accessToken}`)
    headers.set('dpop', await proofFor(app, { method, url, accessToken }))
  }
  return answerOf(request, extent)
}

/** @throws ApiProblem `unreachable` where no answer came */
async function answerOf(request: Request, extent: Extent = 'whole'): Promise<Response> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), TIMEOUT_MS)
  try {
    const signal = AbortSignal.any([request.signal, late.signal])
    const response = await fetch(request, { signal, cache: 'no-store' })
    learnServerTime(response.headers.get('date'))
    if (extent === 'beginning') clearTimeout(timer)
    return response
  } catch (cause) {
    clearTimeout(timer)
    if (request.signal.aborted) throw cause
    throw unreachable(currentLanguage())
  }
}

async function codeOf(response: Response): Promise<string | undefined> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  return body === undefined ? undefined : problemOf(response.status, body).code
}

/** Asks for tokens; where the clock was off, once more by the server's. */
async function issue(
  app: AppName,
  path: '/v1/sessions' | '/v1/sessions/renew',
  body: object,
): Promise<Session> {
  const url = new URL(path, location.origin).href
  const ask = async (): Promise<Response> =>
    answerOf(
      new Request(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'accept-language': currentLanguage(),
          dpop: await proofFor(app, { method: 'POST', url }),
        },
        body: JSON.stringify(body),
      }),
    )
  let response = await ask()
  if (response.status === 401 && (await codeOf(response)) === 'proof_out_of_time') {
    response = await ask()
  }
  const answer: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw problemOf(response.status, answer, currentLanguage())
  return answer as Session // The API's own description says so.
}
