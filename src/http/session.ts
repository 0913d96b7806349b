/**
 * Sessions: an assertion of the identity provider is exchanged for tokens of our own, and every request after that is
 * verified here, without a call. Roles are asked at sign-in and at renewal only, so that a role taken away ends within
 * ten minutes. The surprise: there is no table of sessions; the signature is the session.
 */
import { hash, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Session, SessionRole } from '../access/access.ts'
import {
  DAY_MS,
  MINUTE_MS,
  parseBusinessDate,
  type BusinessDate,
  type Clock,
  type Instant,
} from '../base/base.ts'
import type { IssuingDirectory } from '../issuing/issuing.ts'
import { createBoundedCache } from './bounded-cache.ts'
import { createDeviceProofs, type DeviceProofs, type SeenRequest } from './device-proof.ts'
import type { HttpProblem, Words } from './problem.ts'
import { isEd25519, readJws, verifyJws, type Jws } from './jws.ts'
import { deviceProblem, sessionMissing } from './refusals.ts'
import { readRoleClaims, RoleClaim, roleClaims, ROLES_MAX } from './role-claim.ts'

export const ACCESS_LIFE_MS = 10 * MINUTE_MS
export const REFRESH_LIFE_MS = 30 * DAY_MS
export const TOKEN_LENGTH_MAX = 8192
/** Verified tokens kept until they expire, about 1 KiB each; the least recently used goes first. */
export const VERIFIED_TOKENS_MAX = 50_000
/** How far another signer's clock may be ahead of ours. */
const CLOCK_SKEW_MS = MINUTE_MS

const TOKEN_ISSUER = 'dure'
const TOKEN_AUDIENCE = 'dure'
const ACCESS_TYPE = 'at+jwt'
const REFRESH_TYPE = 'dure-refresh+jwt'

/** Ed25519 public keys by `kid`; several while keys are being changed. */
export type VerificationKeys = ReadonlyMap<string, KeyObject>

export interface SessionDeps {
  /** The Ed25519 private key that signs our tokens; its public half is among `verificationKeys`. */
  readonly signing: { readonly keyId: string; readonly privateKey: KeyObject }
  readonly verificationKeys: VerificationKeys
  readonly identity: {
    readonly issuer: string
    readonly audience: string
    readonly keys: VerificationKeys
  }
  /** Who the person is; asked at sign-in and renewal only. May throw Faults. */
  readonly rolesOf: (personId: string) => Promise<readonly SessionRole[]>
  readonly issuing: Pick<IssuingDirectory, 'issuer' | 'issuerByCode'>
  readonly clock: Clock
  readonly newId: () => string
  /** Scheme and host that clients see, where a proxy hides them. */
  readonly publicOrigin?: string
}

/** What the identity provider says of a person, for registering a member. */
export interface VerifiedPerson {
  readonly personId: string
  /** 연계정보: the same person with every service. */
  readonly ci: string
  readonly name: string
  readonly birthDate: BusinessDate
  readonly phone: string
}

export interface IssuedSession {
  readonly accessToken: string
  readonly accessExpiresAt: Instant
  readonly refreshToken: string
  readonly refreshExpiresAt: Instant
  readonly personId: string
  readonly roles: readonly SessionRole[]
}

export interface SeenRequestWithToken extends SeenRequest {
  /** The Authorization header. */
  readonly authorization: string | undefined
}

/** Every method throws HttpProblem 401 that names what is wrong. */
export interface Sessions {
  /** Verifies a request by itself; asks nobody. */
  authenticate(seen: SeenRequestWithToken): Session
  signIn(assertion: string, seen: SeenRequest): Promise<IssuedSession>
  /** New tokens for the same device; the 30 days since sign-in go on counting. */
  renew(refreshToken: string, seen: SeenRequest): Promise<IssuedSession>
  /** The person in an assertion that was made for the session's own device and person. */
  readonly readAssertion: (assertion: string, session: Session) => VerifiedPerson
}

export function createSessions(deps: SessionDeps): Sessions {
  const proofs = createDeviceProofs(deps)
  const verified = createBoundedCache<Session>(VERIFIED_TOKENS_MAX)
  return {
    authenticate(seen) {
      const token = tokenOf(seen.authorization)
      const tokenHash = hash('sha256', token, 'base64url')
      const known = verified.get(tokenHash)
      const session = known ?? readAccessToken(deps, token)
      if (session.expiresAt <= deps.clock()) {
        verified.delete(tokenHash)
        throw deviceProblem('token_expired', { detail: expiredDetail })
      }
      const { deviceThumbprint } = session
      proofs.verify(seen, { hash: tokenHash, deviceThumbprint })
      if (known === undefined) verified.set(tokenHash, session)
      return session
    },
    signIn: (assertion, seen) => signIn(deps, proofs, assertion, seen),
    renew: (refreshToken, seen) => renew(deps, proofs, refreshToken, seen),
    readAssertion(assertion, { deviceThumbprint, personId }) {
      const person = readAssertion(deps, assertion, deviceThumbprint)
      if (person.personId !== personId) throw assertionProblem('assertion_invalid', otherPerson)
      return person
    },
  }
}

const expiredDetail = {
  ko: '/v1/sessions/renew에서 새 토큰을 받아 주세요.',
  en: 'Get a new one at /v1/sessions/renew.',
}
const otherPerson = {
  ko: '본인확인을 한 사람과 로그인한 사람이 다릅니다.',
  en: 'The assertion is about another person than the session.',
}
const otherDevice = {
  ko: '본인확인은 다른 기기에서 한 것입니다.',
  en: 'The assertion was made for another device.',
}

function assertionProblem(
  code: 'assertion_invalid' | 'assertion_expired',
  detail?: Words,
): HttpProblem {
  return deviceProblem(code, {
    field: 'body.assertion',
    ...(detail === undefined ? {} : { detail }),
  })
}

const AUTHORIZATION = /^DPoP +([^ ]+)$/i

function tokenOf(authorization: string | undefined): string {
  if (authorization === undefined) throw sessionMissing()
  const [, token] = AUTHORIZATION.exec(authorization) ?? []
  if (token === undefined) {
    const detail = {
      ko: 'Authorization 헤더는 "DPoP <token>" 형식이어야 합니다.',
      en: 'The Authorization header has to read `DPoP <token>`.',
    }
    throw deviceProblem('token_invalid', { detail })
  }
  return token
}

async function signIn(
  deps: SessionDeps,
  proofs: DeviceProofs,
  assertion: string,
  seen: SeenRequest,
): Promise<IssuedSession> {
  const deviceThumbprint = proofs.verify(seen)
  const { personId } = readAssertion(deps, assertion, deviceThumbprint)
  const refreshExpiresAt = wholeSeconds(deps.clock() + REFRESH_LIFE_MS)
  return issue(deps, { personId, deviceThumbprint, refreshExpiresAt })
}

async function renew(
  deps: SessionDeps,
  proofs: DeviceProofs,
  refreshToken: string,
  seen: SeenRequest,
): Promise<IssuedSession> {
  const deviceThumbprint = proofs.verify(seen)
  const field = 'body.refreshToken'
  const { payload } = readToken(deps, refreshToken, { type: REFRESH_TYPE, field })
  if (!RefreshPayload.Check(payload)) throw deviceProblem('token_invalid', { field })
  const refreshExpiresAt = payload.exp * 1000
  if (refreshExpiresAt <= deps.clock()) {
    const detail = {
      ko: '본인확인을 다시 하고 로그인해 주세요.',
      en: 'Sign in again with a new assertion.',
    }
    throw deviceProblem('token_expired', { detail, field })
  }
  if (payload.cnf.jkt !== deviceThumbprint) throw deviceProblem('token_of_other_device', { field })
  return issue(deps, { personId: payload.sub, deviceThumbprint, refreshExpiresAt })
}

async function issue(
  deps: SessionDeps,
  subject: { personId: string; deviceThumbprint: string; refreshExpiresAt: Instant },
): Promise<IssuedSession> {
  const { personId, deviceThumbprint, refreshExpiresAt } = subject
  const roles = await deps.rolesOf(personId)
  const now = deps.clock()
  const accessExpiresAt = Math.min(wholeSeconds(now + ACCESS_LIFE_MS), refreshExpiresAt)
  const claims = roleClaims(roles, deps.issuing)
  const sign = (type: string, expiresAt: Instant, content: Record<string, unknown>) =>
    new SignJWT({ ...content, cnf: { jkt: deviceThumbprint } })
      .setProtectedHeader({ alg: 'EdDSA', typ: type, kid: deps.signing.keyId })
      .setIssuer(TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCE)
      .setSubject(personId)
      .setJti(deps.newId())
      .setIssuedAt(Math.floor(now / 1000))
      .setExpirationTime(expiresAt / 1000)
      .sign(deps.signing.privateKey)
  const accessToken = await sign(ACCESS_TYPE, accessExpiresAt, { dure: { roles: claims } })
  const refreshToken = await sign(REFRESH_TYPE, refreshExpiresAt, {})
  return { accessToken, accessExpiresAt, refreshToken, refreshExpiresAt, personId, roles }
}

const wholeSeconds = (at: Instant): Instant => Math.floor(at / 1000) * 1000

const Seconds = Type.Integer({ minimum: 0, maximum: 1e11 })
const TokenHeader = Compile(
  Type.Object({
    alg: Type.Literal('EdDSA'),
    typ: Type.String(),
    kid: Type.String({ maxLength: 128 }),
  }),
)
const bound = {
  sub: Type.String({ minLength: 1, maxLength: 128 }),
  exp: Seconds,
  iat: Seconds,
  cnf: Type.Object({ jkt: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }),
}
const ours = {
  ...bound,
  iss: Type.Literal(TOKEN_ISSUER),
  aud: Type.Literal(TOKEN_AUDIENCE),
}
const RefreshPayload = Compile(Type.Object(ours))
const AccessPayload = Compile(
  Type.Object({
    ...ours,
    dure: Type.Object({ roles: Type.Array(RoleClaim, { maxItems: ROLES_MAX }) }),
  }),
)
const AssertionPayload = Compile(
  Type.Object({
    ...bound,
    iss: Type.String(),
    aud: Type.String(),
    ci: Type.String({ minLength: 1, maxLength: 128 }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    birthdate: Type.String(),
    phone: Type.String({ maxLength: 20 }),
  }),
)

function readAccessToken(deps: SessionDeps, token: string): Session {
  const { payload } = readToken(deps, token, { type: ACCESS_TYPE, field: 'header.authorization' })
  if (!AccessPayload.Check(payload)) throw deviceProblem('token_invalid')
  return {
    personId: payload.sub,
    deviceThumbprint: payload.cnf.jkt,
    roles: readRoleClaims(payload.dure.roles, deps.issuing),
    expiresAt: payload.exp * 1000,
  }
}

/** A token of ours of the type named, signed by a key we know. Its time is not looked at yet. */
function readToken(
  deps: SessionDeps,
  token: string,
  { type, field }: { type: string; field: string },
): Jws {
  const jws = readJws(token, TOKEN_LENGTH_MAX)
  if (jws === undefined) {
    const detail = { ko: '토큰을 읽을 수 없습니다.', en: 'The token cannot be read.' }
    throw deviceProblem('token_invalid', { detail, field })
  }
  const { header } = jws
  const isToken = TokenHeader.Check(header) && header.typ === type && !('crit' in header)
  const key = isToken ? deps.verificationKeys.get(header.kid) : undefined
  if (!isEd25519(key) || !verifyJws(jws, 'EdDSA', key)) {
    const detail = {
      ko: '여기에서 발급한 토큰이 아니거나 다른 용도의 토큰입니다.',
      en: 'The token was not issued here, or not for this use.',
    }
    throw deviceProblem('token_invalid', { detail, field })
  }
  return jws
}

function readAssertion(
  deps: SessionDeps,
  assertion: string,
  deviceThumbprint: string,
): VerifiedPerson {
  const { identity, clock } = deps
  const jws = readJws(assertion, TOKEN_LENGTH_MAX)
  const header = jws?.header
  const isSigned = TokenHeader.Check(header) && header.typ === 'JWT' && !('crit' in header)
  const key = isSigned ? identity.keys.get(header.kid) : undefined
  const { payload } = jws ?? {}
  const isValid =
    jws !== undefined &&
    isEd25519(key) &&
    verifyJws(jws, 'EdDSA', key) &&
    AssertionPayload.Check(payload) &&
    payload.iss === identity.issuer &&
    payload.aud === identity.audience &&
    payload.iat * 1000 <= clock() + CLOCK_SKEW_MS
  if (!isValid) throw assertionProblem('assertion_invalid')
  if (payload.exp * 1000 <= clock()) throw assertionProblem('assertion_expired')
  if (payload.cnf.jkt !== deviceThumbprint) throw assertionProblem('assertion_invalid', otherDevice)
  const birthDate = parseBusinessDate(payload.birthdate)
  if (birthDate === undefined) throw assertionProblem('assertion_invalid')
  const { sub, ci, name, phone } = payload
  return { personId: sub, ci, name, phone, birthDate }
}
