/** Calls of the API, typed by its own description: `client.GET('/v1/issuers/{issuerCode}', { params: … })`. */
import createClient, { type Client } from 'openapi-fetch'
import { currentLanguage } from './language.ts'
import { problemOf } from './problem.ts'
import type { paths } from './schema.ts'
import type { SessionHolder } from './session.ts'

export type ApiClient = Client<paths>

/** A client whose calls are signed by the app's session. */
export function openClient(session: SessionHolder): ApiClient {
  return createClient<paths>({ baseUrl: location.origin, fetch: session.fetch })
}

/**
 * The good answer of a call, or a thrown problem: `await answered(client.GET(…))`.
 * @throws ApiProblem with the server's words, or `unreachable`
 */
export async function answered<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await call
  if (data === undefined || !response.ok) {
    if (response.ok && error === undefined) return data as Data // An answer without a body.
    throw problemOf(response.status, error, currentLanguage())
  }
  return data
}

/** Headers of a write: its key, made before the first attempt. */
export function keyed(key: string = crypto.randomUUID()): {
  headers: { 'Idempotency-Key': string }
} {
  return { headers: { 'Idempotency-Key': key } }
}
