/**
 * What a member gets for a PIN or passkey: a token for one operation and one amount, good on the member's own device
 * for two minutes. Signed as our tokens are and verified here without a call; there is no table of them, because the
 * operation's key has one outcome for ever.
 */
import { SignJWT } from 'jose'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  formatId,
  MINUTE_MS,
  type Instant,
  type IssuerId,
  type MemberId,
  type OperationId,
} from '../base/base.ts'
import { isEd25519, readJws, verifyJws } from './jws.ts'
import type { SessionDeps } from './session.ts'

export const CONFIRMATION_LIFE_MS = 2 * MINUTE_MS
/** So long a text is made by nobody here. */
export const CONFIRMATION_LENGTH_MAX = 1_024

const TOKEN_TYPE = 'dure-confirmation+jwt'

/** Exactly this is confirmed. */
export interface ConfirmedOperation {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  readonly deviceThumbprint: string
  /** The Idempotency-Key of the call. */
  readonly operation: OperationId
  /** 0: no money, such as a change of what one confirms by. */
  readonly amountWon: number
}

export interface ConfirmationTokens {
  make(
    confirmed: ConfirmedOperation,
  ): Promise<{ readonly token: string; readonly expiresAt: Instant }>
  /** True for a token of ours about exactly this, whose time is not over. */
  isFor(token: string, wanted: ConfirmedOperation): boolean
}

const Header = Compile(
  Type.Object({
    alg: Type.Literal('EdDSA'),
    typ: Type.Literal(TOKEN_TYPE),
    kid: Type.String({ maxLength: 128 }),
  }),
)
const Payload = Compile(
  Type.Object({
    sub: Type.String(),
    cnf: Type.Object({ jkt: Type.String() }),
    exp: Type.Integer({ minimum: 0, maximum: 1e11 }),
    dure: Type.Object({ operation: Type.String(), amountWon: Type.Integer({ minimum: 0 }) }),
  }),
)

export function createConfirmationTokens({
  signing,
  verificationKeys,
  clock,
}: Pick<SessionDeps, 'signing' | 'verificationKeys' | 'clock'>): ConfirmationTokens {
  return {
    async make({ operation, amountWon, ...who }) {
      const expiresAt = Math.floor((clock() + CONFIRMATION_LIFE_MS) / 1000) * 1000
      const content = { cnf: { jkt: who.deviceThumbprint }, dure: { operation, amountWon } }
      const token = await new SignJWT(content)
        .setProtectedHeader({ alg: 'EdDSA', typ: TOKEN_TYPE, kid: signing.keyId })
        .setSubject(subjectOf(who))
        .setExpirationTime(expiresAt / 1000)
        .sign(signing.privateKey)
      return { token, expiresAt }
    },
    isFor(token, wanted) {
      const jws = readJws(token, CONFIRMATION_LENGTH_MAX)
      const { header, payload } = jws ?? {}
      const isOurs = Header.Check(header) && !('crit' in header)
      const key = isOurs ? verificationKeys.get(header.kid) : undefined
      const isSigned = jws !== undefined && isEd25519(key) && verifyJws(jws, 'EdDSA', key)
      return (
        isSigned &&
        Payload.Check(payload) &&
        payload.exp * 1000 > clock() &&
        payload.sub === subjectOf(wanted) &&
        payload.cnf.jkt === wanted.deviceThumbprint &&
        payload.dure.operation === wanted.operation &&
        payload.dure.amountWon === wanted.amountWon
      )
    },
  }
}

/** One of this issuer's members: the same person with another issuer is another one. */
function subjectOf({
  issuerId,
  memberId,
}: Pick<ConfirmedOperation, 'issuerId' | 'memberId'>): string {
  return `${formatId('iss', issuerId)}/${formatId('mbr', memberId)}`
}
