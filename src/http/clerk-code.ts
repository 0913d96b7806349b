/**
 * What a person shows an owner to be let in as a clerk: a text for a QR code that names the person and says nothing
 * else of them. Signed as our tokens are and verified here without a call; that it is used once is the registry's to
 * see to.
 */
import { SignJWT } from 'jose'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { MINUTE_MS, type Instant } from '../base/base.ts'
import { isEd25519, readJws, verifyJws } from './jws.ts'
import { refusal } from './refusals.ts'
import type { SessionDeps } from './session.ts'

/** As long as two people stand beside each other. */
export const CLERK_CODE_LIFE_MS = 5 * MINUTE_MS
/** So long a text is made by nobody here. */
export const CLERK_CODE_LENGTH_MAX = 1_024

const CODE_TYPE = 'dure-clerk+jwt'

export interface ClerkCode {
  readonly personId: string
  /** Names this code: it lets somebody in once. */
  readonly codeId: string
}

export interface ClerkCodes {
  make(personId: string): Promise<{ readonly text: string; readonly expiresAt: Instant }>
  /** @throws HttpProblem 422 for what is none of ours, and for one whose time is over */
  read(text: string): ClerkCode
}

type ClerkCodeDeps = Pick<SessionDeps, 'signing' | 'verificationKeys' | 'clock' | 'newId'>

const Header = Compile(
  Type.Object({
    alg: Type.Literal('EdDSA'),
    typ: Type.Literal(CODE_TYPE),
    kid: Type.String({ maxLength: 128 }),
  }),
)
const Payload = Compile(
  Type.Object({
    sub: Type.String({ minLength: 1, maxLength: 128 }),
    jti: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }),
    exp: Type.Integer({ minimum: 0, maximum: 1e11 }),
  }),
)

export function createClerkCodes({
  signing,
  verificationKeys,
  clock,
  newId,
}: ClerkCodeDeps): ClerkCodes {
  return {
    async make(personId) {
      const expiresAt = Math.floor((clock() + CLERK_CODE_LIFE_MS) / 1000) * 1000
      const text = await new SignJWT({})
        .setProtectedHeader({ alg: 'EdDSA', typ: CODE_TYPE, kid: signing.keyId })
        .setSubject(personId)
        .setJti(newId())
        .setExpirationTime(expiresAt / 1000)
        .sign(signing.privateKey)
      return { text, expiresAt }
    },
    read(text) {
      const jws = readJws(text, CLERK_CODE_LENGTH_MAX)
      const { header, payload } = jws ?? {}
      const isOurs = Header.Check(header) && !('crit' in header)
      const key = isOurs ? verificationKeys.get(header.kid) : undefined
      const isSigned = jws !== undefined && isEd25519(key) && verifyJws(jws, 'EdDSA', key)
      if (!isSigned || !Payload.Check(payload)) throw codeProblem('clerk_code_invalid')
      if (payload.exp * 1000 <= clock()) throw codeProblem('clerk_code_expired')
      return { personId: payload.sub, codeId: payload.jti }
    },
  }
}

function codeProblem(code: 'clerk_code_invalid' | 'clerk_code_expired') {
  return refusal(code, { field: 'body.code' })
}
