/**
 * Whether a member's money needs a confirmation by PIN or passkey before it leaves, and getting one: a token for one
 * operation and one amount, good for two minutes. The token goes with the call and is never kept.
 */
import type { UseQueryResult } from '@tanstack/react-query'
import { useQuery } from '@tanstack/react-query'
import { useTools } from '../api/app-context.tsx'
import { currentLanguage } from '../api/language.ts'
import { moneyCall, type MoneyCall } from '../api/money-call.ts'
import { problemOf } from '../api/problem.ts'
import type { paths } from '../api/schema.ts'
import type { SessionHolder } from '../api/session.ts'

type StatePath = paths['/v1/issuers/{issuerCode}/members/me/confirmation']
export type Confirmation = StatePath['get']['responses'][200]['content']['application/json']
type Headers = Readonly<Record<string, string>>

/** Header of a write that moves money. */
const HEADER = 'Payment-Confirmation'

export function useConfirmation(issuerCode: string | undefined): UseQueryResult<Confirmation> {
  const { session } = useTools()
  return useQuery({
    queryKey: ['confirmation', issuerCode],
    queryFn: () => ask<Confirmation>(session, pathOf(issuerCode ?? '')),
    enabled: issuerCode !== undefined,
    meta: { keep: true },
  })
}

export async function confirmByPin(
  session: SessionHolder,
  { issuerCode, call, pin }: { issuerCode: string; call: MoneyCall; pin: string },
): Promise<Headers> {
  const body = { operation: call.key, amountWon: call.about.amountWon, pin }
  const { token } = await ask<{ token: string }>(session, `${pathOf(issuerCode)}/checks`, { body })
  return { [HEADER]: token }
}

export async function confirmByPasskey(
  session: SessionHolder,
  { issuerCode, call }: { issuerCode: string; call: MoneyCall },
): Promise<Headers> {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const about = { operation: call.key, amountWon: call.about.amountWon }
  const checks = `${pathOf(issuerCode)}/checks`
  const optionsJSON = await ask<Parameters<typeof startAuthentication>[0]['optionsJSON']>(
    session,
    `${checks}/options`,
    { body: about },
  )
  const passkey = await startAuthentication({ optionsJSON })
  const { challenge } = optionsJSON
  const { token } = await ask<{ token: string }>(session, checks, {
    body: { ...about, passkey, challenge },
  })
  return { [HEADER]: token }
}

function pathOf(issuerCode: string): string {
  return `/v1/issuers/${issuerCode}/members/me/confirmation`
}

interface Write {
  readonly body?: object
  readonly method?: 'POST' | 'DELETE'
  /** Its Idempotency-Key. */
  readonly key?: string
  readonly headers?: Headers
}

/** By hand, because what browsers give and take of passkeys is typed by their own package. */
async function ask<Answer>(session: SessionHolder, path: string, write?: Write): Promise<Answer> {
  const { body, method = 'POST', key = crypto.randomUUID(), headers = {} } = write ?? {}
  const init: RequestInit =
    write === undefined
      ? {}
      : {
          method,
          headers: {
            'idempotency-key': key,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }
  const response = await session.fetch(new Request(new URL(path, location.origin), init))
  const answer: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw problemOf(response.status, answer, currentLanguage())
  return answer as Answer // As the API's description says.
}

/** A change of what confirms, which moves no money and is itself confirmed where something is set. */
export function changeCall(name: string): MoneyCall {
  return moneyCall({ kind: 'confirmation', path: '', body: {}, about: { name, amountWon: 0 } })
}

/** What a confirmed change is sent with. */
export interface ConfirmedChange {
  readonly key: string
  readonly headers: Headers
}

export async function setPin(
  session: SessionHolder,
  issuerCode: string,
  given: { pin: string; currentPin?: string; assertion?: string },
): Promise<void> {
  await ask(session, `${pathOf(issuerCode)}/pin`, { body: given })
}

export async function addPasskey(
  session: SessionHolder,
  issuerCode: string,
  { name, change }: { name: string; change: ConfirmedChange },
): Promise<void> {
  const { startRegistration } = await import('@simplewebauthn/browser')
  const passkeys = `${pathOf(issuerCode)}/passkeys`
  const optionsJSON = await ask<Parameters<typeof startRegistration>[0]['optionsJSON']>(
    session,
    `${passkeys}/options`,
    { body: {} },
  )
  const response = await startRegistration({ optionsJSON })
  await ask(session, passkeys, { body: { name, response }, ...change })
}

export async function removePasskey(
  session: SessionHolder,
  issuerCode: string,
  { passkeyId, change }: { passkeyId: string; change: ConfirmedChange },
): Promise<void> {
  const path = `${pathOf(issuerCode)}/passkeys/${passkeyId}`
  await ask(session, path, { method: 'DELETE', ...change })
}

/** One PIN and the same passkeys for all municipalities of a person. */
export async function takeOver(
  session: SessionHolder,
  { from, to, change }: { from: string; to: string; change?: ConfirmedChange },
): Promise<void> {
  await ask(session, `${pathOf(to)}/copies`, { body: { from }, ...change })
}
