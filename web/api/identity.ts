/**
 * Identity verification (본인확인). In the demonstration a simulated provider is asked, whose one-time code is known;
 * in production the provider's own page comes here, and gives the same: an assertion about a person and this device.
 */
import { deviceKey, type AppName } from './device-key.ts'
import { currentLanguage } from './language.ts'
import { ApiProblem, problemOf, unreachable } from './problem.ts'
import type { SessionHolder } from './session.ts'

const BASE = '/simulated/identity'

export interface InventedPerson {
  readonly personId: string
  readonly name: string
  readonly birthDate: string
  readonly phone: string
  readonly roles: readonly string[]
}

/** Begins; the provider sends a one-time code to the telephone. @returns the verification's id */
export async function beginVerification(
  app: AppName,
  who: { personId: string } | { phone: string },
): Promise<string> {
  const { publicJwk } = await deviceKey(app)
  const begun = await ask<{ verificationId: string }>('/verifications', {
    ...who,
    deviceJwk: publicJwk,
  })
  return begun.verificationId
}

/** @returns the assertion, for signing in or joining */
export async function confirmVerification(verificationId: string, code: string): Promise<string> {
  const path = `/verifications/${verificationId}/confirm`
  return (await ask<{ assertion: string }>(path, { code })).assertion
}

/** Invented people whose name or role contains the text. */
export async function findPeople(text: string): Promise<readonly InventedPerson[]> {
  const query = new URLSearchParams({ text, limit: '8' })
  return (await ask<{ people: InventedPerson[] }>(`/people?${query.toString()}`)).people
}

/** What the simulated provider always sends. */
const SIMULATED_CODE = '000000'

/** Signs in as an invented person, without asking: for the demonstration's page and its links. */
export async function signInAs(session: SessionHolder, personId: string): Promise<void> {
  const verificationId = await beginVerification(session.app, { personId })
  await session.signIn(await confirmVerification(verificationId, SIMULATED_CODE))
}

const wrongCode = {
  ko: { title: '인증번호가 맞지 않습니다', detail: '문자로 받은 여섯 자리를 다시 입력해 주세요.' },
  en: { title: 'The code is wrong', detail: 'Type the six digits that were sent to you.' },
}
const unknownPerson = {
  ko: {
    title: '찾을 수 없는 번호입니다',
    detail: '체험에 있는 사람의 휴대폰 번호를 입력해 주세요.',
  },
  en: {
    title: 'Nobody has this number',
    detail: 'Type the number of a person of the demonstration.',
  },
}

async function ask<Answer>(path: string, body?: object): Promise<Answer> {
  const language = currentLanguage()
  const init: RequestInit =
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }
  const response = await fetch(BASE + path, init).catch(() => {
    throw unreachable(language)
  })
  const answer: unknown = await response.json().catch(() => undefined)
  if (response.ok) return answer as Answer // The provider's own form.
  const { status } = response
  if (status === 403) throw new ApiProblem({ status, code: 'code_wrong', ...wrongCode[language] })
  if (status === 404 || status === 400) {
    throw new ApiProblem({ status, code: 'person_unknown', ...unknownPerson[language] })
  }
  throw problemOf(status, answer, language)
}
