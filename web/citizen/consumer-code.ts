/**
 * The code that my phone shows: made here, every half minute, from a seed that was given when the phone was enrolled.
 * The seed is kept as a key that cannot be read out again, and needs no network.
 */
import { get, set } from 'idb-keyval'
import { CONSUMER_SEED_BYTES_MIN, makeConsumerCode } from '../../src/qr/qr.ts'
import { answered, keyed, type ApiClient } from '../api/client.ts'
import { storeOf } from '../api/device-key.ts'

export interface CodeSeed {
  readonly handle: number
  readonly key: CryptoKey
  readonly stepMs: number
  /** Whose it is: another person at this phone does not show it. */
  readonly memberId: string
}

const nameOf = (issuerCode: string): string => `consumer-code:${issuerCode}`

/** Undefined where this phone shows no codes of the member yet. */
export async function codeSeed(
  issuerCode: string,
  memberId: string,
): Promise<CodeSeed | undefined> {
  const kept = await get<CodeSeed>(nameOf(issuerCode), storeOf('citizen'))
  return kept?.memberId === memberId ? kept : undefined
}

/** Enrols this phone; one that was enrolled before shows no valid codes from then on. */
export async function enrolPhone(
  client: ApiClient,
  { issuerCode, memberId }: { issuerCode: string; memberId: string },
): Promise<void> {
  const { handle, seed, stepMs } = await answered(
    client.POST('/v1/issuers/{issuerCode}/members/me/devices', {
      params: { path: { issuerCode } },
      ...keyed(),
    }),
  )
  const key = await crypto.subtle.importKey(
    'raw',
    bytesOf(seed),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  await set(
    nameOf(issuerCode),
    { handle, key, stepMs, memberId } satisfies CodeSeed,
    storeOf('citizen'),
  )
}

/** The 24 digits of an instant by the server's clock. */
export async function codeAt({ handle, key }: CodeSeed, now: number): Promise<string> {
  // The room that makes codes takes its hash at once, the browser's needs a wait: asked first what is to be hashed.
  let asked = new Uint8Array()
  makeConsumerCode({
    handle,
    seed: NO_SEED,
    now,
    hmac: (_, message) => {
      asked = Uint8Array.from(message)
      return new Uint8Array(MAC_BYTES)
    },
  })
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, asked))
  return makeConsumerCode({ handle, seed: NO_SEED, now, hmac: () => mac })
}

const MAC_BYTES = 32
/** Only the key itself has the seed. */
const NO_SEED = new Uint8Array(CONSUMER_SEED_BYTES_MIN)

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
