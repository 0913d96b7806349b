/**
 * Whether a member's money needs a confirmation by PIN or passkey before it leaves, and getting one: a token for one
 * operation and one amount, good for two minutes. The token goes with the call and is never kept.
 */
import type { UseQueryResult } from '@tanstack/react-query'
import { useQuery } from '@tanstack/react-query'
import { useTools } from '../api/app-context.tsx'
import { currentLanguage } from '../api/language.ts'
import type { MoneyCall } from '../api/money-call.ts'
import { problemOf } from '../api/problem.ts'
import type { SessionHolder } from '../api/session.ts'

export interface Confirmation {
  readonly required: boolean
  readonly pin: { readonly set: boolean; readonly blocked: boolean; readonly attemptsLeft: number }
  readonly passkeys: readonly {
    readonly passkeyId: string
    readonly name: string
    readonly createdAt: string
  }[]
}

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
): Promise<Readonly<Record<string, string>>> {
  const body = { operation: call.key, amountWon: call.about.amountWon, pin }
  const { token } = await ask<{ token: string }>(session, `${pathOf(issuerCode)}/checks`, body)
  return { [HEADER]: token }
}

export async function confirmByPasskey(
  session: SessionHolder,
  { issuerCode, call }: { issuerCode: string; call: MoneyCall },
): Promise<Readonly<Record<string, string>>> {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const about = { operation: call.key, amountWon: call.about.amountWon }
  const checks = `${pathOf(issuerCode)}/checks`
  const optionsJSON = await ask<Parameters<typeof startAuthentication>[0]['optionsJSON']>(
    session,
    `${checks}/options`,
    about,
  )
  const passkey = await startAuthentication({ optionsJSON })
  const { challenge } = optionsJSON
  const { token } = await ask<{ token: string }>(session, checks, { ...about, passkey, challenge })
  return { [HEADER]: token }
}

function pathOf(issuerCode: string): string {
  return `/v1/issuers/${issuerCode}/members/me/confirmation`
}

async function ask<Answer>(session: SessionHolder, path: string, body?: object): Promise<Answer> {
  const init: RequestInit =
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
          body: JSON.stringify(body),
        }
  const response = await session.fetch(new Request(new URL(path, location.origin), init))
  const answer: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw problemOf(response.status, answer, currentLanguage())
  return answer as Answer // As the API's description says.
}

/** The same six digits everywhere: what was set with one municipality is taken over by the others. */
export async function setPin(
  session: SessionHolder,
  issuerCode: string,
  given: { pin: string; currentPin?: string; assertion?: string },
): Promise<void> {
  await ask(session, `${pathOf(issuerCode)}/pin`, given)
}

export async function addPasskey(
  session: SessionHolder,
  issuerCode: string,
  name: string,
): Promise<void> {
  const { startRegistration } = await import('@simplewebauthn/browser')
  const passkeys = `${pathOf(issuerCode)}/passkeys`
  const optionsJSON = await ask<Parameters<typeof startRegistration>[0]['optionsJSON']>(
    session,
    `${passkeys}/options`,
    {},
  )
  const response = await startRegistration({ optionsJSON })
  await ask(session, passkeys, { name, response })
}

export async function takeOver(
  session: SessionHolder,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await ask(session, `${pathOf(to)}/copies`, { from })
}
