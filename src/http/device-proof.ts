/**
 * Proof that a request comes from the device that holds the key: DPoP (RFC 9449 §4.3), checked in order of cost, the
 * signature last. One surprise: the same key is imported once and kept, because importing costs as much as verifying.
 */
import { createHash, createPublicKey, hash, type KeyObject } from 'node:crypto'
import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { Fault, MINUTE_MS, type Clock } from '../base/base.ts'
import { createBoundedCache, type BoundedCache } from './bounded-cache.ts'
import { readJws, verifyJws, type JwsAlgorithm } from './jws.ts'
import { faultProblem } from './problem.ts'
import { deviceProblem, type DeviceProblemCode } from './refusals.ts'
import { createReplayWindow } from './replay-window.ts'
import type { HttpProblem, Words } from './problem.ts'

/** How far a device's clock may be from ours, either way. */
export const PROOF_AGE_MAX_MS = MINUTE_MS
export const PROOF_LENGTH_MAX = 2048
/** Imported device keys, about 2 KiB each. */
export const DEVICE_KEYS_MAX = 20_000
/** Proofs remembered: 14 000 requests a second for the 70 s that one may have to be known. */
export const PROOFS_REMEMBERED_MAX = 1_000_000

const Coordinate = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const ecKey = { kty: Type.Literal('EC'), crv: Type.Literal('P-256'), x: Coordinate, y: Coordinate }
const okpKey = { kty: Type.Literal('OKP'), crv: Type.Literal('Ed25519'), x: Coordinate }
const typ = Type.Literal('dpop+jwt')
const ProofHeader = Compile(
  Type.Union([
    Type.Object({ typ, alg: Type.Literal('ES256'), jwk: Type.Object(ecKey) }),
    Type.Object({ typ, alg: Type.Literal('EdDSA'), jwk: Type.Object(okpKey) }),
  ]),
)
const ecJwk = Type.Object(ecKey)
const okpJwk = Type.Object(okpKey)
type DeviceJwk = Static<typeof ecJwk> | Static<typeof okpJwk>

const ProofPayload = Compile(
  Type.Object({
    jti: Type.String({ minLength: 1, maxLength: 128 }),
    htm: Type.String({ maxLength: 16 }),
    htu: Type.String({ maxLength: 1024 }),
    iat: Type.Number({ minimum: 0, maximum: 1e11 }),
    ath: Type.Optional(Type.String({ maxLength: 64 })),
  }),
)

/** What of a request a proof is about. */
export interface SeenRequest {
  readonly method: string
  /** Path and query as they came. */
  readonly url: string
  readonly host: string
  /** The DPoP header. */
  readonly proof: string | undefined
}

/** What the proof has to be bound to, where there is a token already. */
export interface BoundToken {
  /** base64url of the token's SHA-256. */
  readonly hash: string
  readonly deviceThumbprint: string
}

export interface DeviceProofs {
  /**
   * The thumbprint (RFC 7638) of the device that made the proof for this request.
   * @throws HttpProblem 401 that names what is wrong; 503 where the memory of used proofs is full
   */
  verify(seen: SeenRequest, token?: BoundToken): string
}

interface DeviceKey {
  readonly thumbprint: string
  readonly key: KeyObject
}

/** @param publicOrigin scheme and host that clients see, where a proxy hides them; else the Host header counts */
export function createDeviceProofs(options: {
  readonly clock: Clock
  readonly publicOrigin?: string
}): DeviceProofs {
  const { clock, publicOrigin } = options
  const keys = createBoundedCache<DeviceKey>(DEVICE_KEYS_MAX)
  const used = createReplayWindow(PROOFS_REMEMBERED_MAX)
  return {
    verify(seen, token) {
      if (seen.proof === undefined) throw wrong('proof_missing', 'missing')
      const jws = readJws(seen.proof, PROOF_LENGTH_MAX)
      if (jws === undefined) throw wrong('proof_invalid', 'unreadable')
      const { header, payload } = jws
      if (!ProofHeader.Check(header) || hasForbidden(header)) throw wrong('proof_invalid', 'header')
      if (!ProofPayload.Check(payload)) throw wrong('proof_invalid', 'payload')
      if (payload.htm !== seen.method) throw wrong('proof_invalid', 'method')
      if (!isSameAddress(payload.htu, seen, publicOrigin)) throw wrong('proof_invalid', 'address')
      const now = clock()
      const madeAt = payload.iat * 1000
      if (Math.abs(now - madeAt) > PROOF_AGE_MAX_MS) throw wrong('proof_out_of_time', 'clock')
      if (token !== undefined && payload.ath !== token.hash) throw wrong('proof_invalid', 'token')
      const device = deviceKey(keys, header.jwk, token)
      const algorithm: JwsAlgorithm = header.alg
      if (!verifyJws(jws, algorithm, device.key)) throw wrong('proof_invalid', 'signature')
      const proofId = hash('sha256', `${device.thumbprint}.${payload.jti}`, 'base64url').slice(
        0,
        22,
      )
      const use = used.use(proofId, madeAt + PROOF_AGE_MAX_MS, now)
      if (use === 'repeated') throw wrong('proof_repeated', 'repeated')
      if (use === 'full') throw faultProblem(new Fault('queue_full', 'too many proofs remembered'))
      return device.thumbprint
    },
  }
}

/** A private part, or a header extension that we would have to understand (RFC 7515 §4.1.11). */
function hasForbidden(header: { jwk: object }): boolean {
  return 'd' in header.jwk || 'k' in header.jwk || 'crit' in header || 'b64' in header
}

/** The key of the device; with a token the thumbprint is compared before anything is imported. */
function deviceKey(
  keys: BoundedCache<DeviceKey>,
  jwk: DeviceJwk,
  token: BoundToken | undefined,
): DeviceKey {
  const { kty, crv, x } = jwk
  // Required members only, in order of their names (RFC 7638 §3.2): also the canonical form that is hashed.
  const member = jwk.kty === 'EC' ? { crv, kty, x, y: jwk.y } : { crv, kty, x }
  const canonical = JSON.stringify(member)
  const known = keys.get(canonical)
  const thumbprint = known?.thumbprint ?? createHash('sha256').update(canonical).digest('base64url')
  if (token !== undefined && token.deviceThumbprint !== thumbprint) {
    throw wrong('token_of_other_device', 'device')
  }
  if (known !== undefined) return known
  const imported = { thumbprint, key: importKey(member) }
  keys.set(canonical, imported)
  return imported
}

function importKey(member: Record<string, string>): KeyObject {
  try {
    return createPublicKey({ key: member, format: 'jwk' })
  } catch (cause) {
    // Node says so where the numbers are no point of the curve.
    if (cause instanceof Error) throw wrong('proof_invalid', 'key')
    throw cause
  }
}

/**
 * Compares `htu` with the address as seen, without query and fragment. Where no public origin is configured the scheme
 * is left out: behind a proxy that ends TLS we would see the wrong one.
 */
function isSameAddress(htu: string, seen: SeenRequest, publicOrigin: string | undefined): boolean {
  const queryAt = seen.url.indexOf('?')
  const path = queryAt === -1 ? seen.url : seen.url.slice(0, queryAt)
  if (publicOrigin !== undefined && htu === publicOrigin + path) return true
  const claimed = URL.parse(htu)
  if (claimed?.protocol !== 'http:' && claimed?.protocol !== 'https:') return false
  const expected = URL.parse(`${publicOrigin ?? `${claimed.protocol}//${seen.host}`}${path}`)
  return expected?.origin === claimed.origin && expected.pathname === claimed.pathname
}

const details = {
  missing: {
    ko: '요청마다 DPoP 헤더에 기기 증명을 보내 주세요.',
    en: 'Send a proof of the device in the DPoP header of each request.',
  },
  unreadable: {
    ko: 'DPoP 헤더는 서명된 JWT 하나여야 합니다.',
    en: 'The DPoP header has to be one signed JWT.',
  },
  header: {
    ko: 'typ은 dpop+jwt, alg는 ES256 또는 EdDSA, jwk는 공개 키여야 합니다.',
    en: '`typ` has to be dpop+jwt, `alg` ES256 or EdDSA, and `jwk` a public key of that kind.',
  },
  payload: {
    ko: 'jti, htm, htu, iat가 모두 있어야 합니다.',
    en: 'The proof needs `jti`, `htm`, `htu` and `iat`.',
  },
  method: {
    ko: 'htm이 요청 방식과 다릅니다.',
    en: '`htm` is not the method of this request.',
  },
  address: {
    ko: 'htu가 요청한 주소와 다릅니다. 물음표 뒤를 뺀 전체 주소여야 합니다.',
    en: '`htu` is not the address of this request: all of it, without the query.',
  },
  clock: {
    ko: 'iat가 지금과 1분 넘게 다릅니다. 기기의 시계를 응답의 Date 헤더에 맞춰 주세요.',
    en: '`iat` is more than a minute from now. Set the clock by the Date header of this answer.',
  },
  token: {
    ko: 'ath가 보낸 토큰의 SHA-256이 아닙니다.',
    en: '`ath` is not the SHA-256 of the token that was sent.',
  },
  device: {
    ko: '토큰은 다른 기기의 키에 묶여 있습니다.',
    en: 'The token is bound to the key of another device.',
  },
  key: { ko: 'jwk가 올바른 공개 키가 아닙니다.', en: '`jwk` is no point of its curve.' },
  signature: {
    ko: '서명이 jwk의 키와 맞지 않습니다.',
    en: 'The signature was not made by the key in `jwk`.',
  },
  repeated: {
    ko: '증명은 한 번만 쓸 수 있습니다. 요청마다 새로 만들어 주세요.',
    en: 'A proof is good for one request. Make a new one with a new `jti`.',
  },
} as const satisfies Record<string, Words>

function wrong(code: DeviceProblemCode, detail: keyof typeof details): HttpProblem {
  return deviceProblem(code, { detail: details[detail] })
}
