/**
 * The key of this device for one app: made once, never leaves the browser (it is not extractable), and every request
 * is signed by it (DPoP, RFC 9449). Each app has its own, so that a shop's session never pays as a citizen.
 */
import { createStore, get, set, type UseStore } from 'idb-keyval'
import { base64url, exportJWK, SignJWT, type JWK } from 'jose'
import { serverNow } from './server-clock.ts'

/** Who uses an app; keys and sessions are kept apart by it. */
export type AppName = 'citizen' | 'shop' | 'city' | 'ops' | 'demo'

const databases = new Map<string, UseStore>()

/** What an app keeps on the device, beside all others. */
export function storeOf(app: AppName): UseStore {
  const known = databases.get(app) ?? createStore(`dure-${app}`, 'kept')
  databases.set(app, known)
  return known
}

interface DeviceKey {
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

const KEY = 'device-key'
const opened = new Map<AppName, Promise<DeviceKey>>()

/** The device's key; made at first use, by one tab only. */
export function deviceKey(app: AppName): Promise<DeviceKey> {
  const known = opened.get(app) ?? navigator.locks.request(`${app}-${KEY}`, () => openKey(app))
  opened.set(app, known)
  known.catch(() => opened.delete(app))
  return known
}

async function openKey(app: AppName): Promise<DeviceKey> {
  const kept = await get<DeviceKey>(KEY, storeOf(app))
  if (kept !== undefined) return kept
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ])
  const { kty, crv, x, y } = await exportJWK(pair.publicKey)
  const made = { privateKey: pair.privateKey, publicJwk: { kty, crv, x, y } as JWK }
  await set(KEY, made, storeOf(app))
  return made
}

/** The DPoP proof for one request; `url` without its query. */
export async function proofFor(
  app: AppName,
  request: { method: string; url: string; accessToken?: string },
): Promise<string> {
  const { privateKey, publicJwk } = await deviceKey(app)
  const { method, url, accessToken } = request
  const claims = {
    jti: crypto.randomUUID(),
    htm: method,
    htu: url.split(/[?#]/)[0],
    ...(accessToken === undefined ? {} : { ath: await sha256(accessToken) }),
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: publicJwk })
    .setIssuedAt(Math.floor(serverNow() / 1000))
    .sign(privateKey)
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return base64url.encode(new Uint8Array(digest))
}
