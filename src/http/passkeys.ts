/**
 * Passkeys at this door: WebAuthn's options and what comes back to them. A challenge is no row in a table: it is an
 * instant and a MAC over what it is for, so it is good for that, on that device and for minutes only.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { MINUTE_MS, type Instant } from '../base/base.ts'
import type { SessionDeps } from './session.ts'

/** So long somebody may look for a finger or a key. */
export const CHALLENGE_LIFE_MS = 5 * MINUTE_MS
const CHALLENGE_TEXT = /^[A-Za-z0-9_-]{52}$/
/** 7 bytes of milliseconds hold more than any calendar. */
const INSTANT_BYTES = 7
const MAC_BYTES = 32
const SECRET_BYTES = 32
/** COSE: ES256, EdDSA and RS256, what authenticators make. */
const ALGORITHMS = [-7, -8, -257]
const PARTY_NAME = '두레'

/** Where the browser says it is: passkeys belong to a host name. */
export interface Site {
  readonly rpId: string
  readonly origins: string[]
}

export interface KnownPasskey {
  readonly passkeyId: string
  readonly publicKey: string
  readonly transports: readonly string[]
}

export interface Passkeys {
  creationOptions(asked: {
    readonly host: string
    /** What the challenge is for: nothing else can be answered with it. */
    readonly purpose: readonly string[]
    /** Names the member to the authenticator, and says nothing of the person. */
    readonly member: string
    /** What the member reads when choosing. */
    readonly shown: string
    readonly known: readonly KnownPasskey[]
  }): Promise<PublicKeyCredentialCreationOptionsJSON>
  /** `undefined` for what no authenticator of the owner made for this. */
  readMade(answer: {
    readonly host: string
    readonly purpose: readonly string[]
    readonly response: RegistrationResponseJSON
  }): Promise<KnownPasskey | undefined>
  requestOptions(asked: {
    readonly host: string
    readonly purpose: readonly string[]
    readonly known: readonly KnownPasskey[]
  }): Promise<PublicKeyCredentialRequestOptionsJSON>
  /** True where one of the passkeys signed for this, with its owner verified. */
  isConfirmed(answer: {
    readonly host: string
    readonly purpose: readonly string[]
    readonly known: readonly KnownPasskey[]
    readonly response: AuthenticationResponseJSON
  }): Promise<boolean>
}

export function createPasskeys({
  signing,
  clock,
  publicOrigin,
}: Pick<SessionDeps, 'signing' | 'clock' | 'publicOrigin'>): Passkeys {
  const challenges = createChallenges(
    signing.privateKey.export({ type: 'pkcs8', format: 'der' }),
    clock,
  )
  const siteOf = (host: string): Site => readSite(host, publicOrigin)
  return {
    creationOptions: ({ host, purpose, member, shown, known }) =>
      generateRegistrationOptions({
        rpName: PARTY_NAME,
        rpID: siteOf(host).rpId,
        userName: shown,
        userDisplayName: shown,
        userID: challenges.nameOf(member),
        challenge: challenges.make(purpose),
        timeout: CHALLENGE_LIFE_MS,
        attestationType: 'none',
        excludeCredentials: known.map(named),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        supportedAlgorithmIDs: ALGORITHMS,
        preferredAuthenticatorType: 'localDevice',
      }),
    readMade: (answer) => readMade(siteOf(answer.host), challenges, answer),
    requestOptions: ({ host, purpose, known }) =>
      generateAuthenticationOptions({
        rpID: siteOf(host).rpId,
        allowCredentials: known.map(named),
        challenge: challenges.make(purpose),
        timeout: CHALLENGE_LIFE_MS,
        userVerification: 'required',
      }),
    isConfirmed: (answer) => isSigned(siteOf(answer.host), challenges, answer),
  }
}

async function readMade(
  { rpId, origins }: Site,
  challenges: Challenges,
  { purpose, response }: Parameters<Passkeys['readMade']>[0],
): Promise<KnownPasskey | undefined> {
  const verified = await orUndefined(() =>
    verifyRegistrationResponse({
      response,
      expectedChallenge: (challenge) => challenges.isFor(challenge, purpose),
      expectedOrigin: origins,
      expectedRPID: rpId,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  )
  if (verified?.verified !== true) return undefined
  const { credential } = verified.registrationInfo
  return {
    passkeyId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    transports: credential.transports ?? [],
  }
}

async function isSigned(
  { rpId, origins }: Site,
  challenges: Challenges,
  { purpose, known, response }: Parameters<Passkeys['isConfirmed']>[0],
): Promise<boolean> {
  const passkey = known.find(({ passkeyId }) => passkeyId === response.id)
  if (passkey === undefined) return false
  const verified = await orUndefined(() =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => challenges.isFor(challenge, purpose),
      expectedOrigin: origins,
      expectedRPID: rpId,
      // Counters are not kept: passkeys that are on several devices have none, and keeping one would be a record for
      // each payment. A signature serves again for the same operation and amount only, for minutes.
      credential: {
        id: passkey.passkeyId,
        publicKey: Uint8Array.from(Buffer.from(passkey.publicKey, 'base64url')),
        counter: 0,
      },
    }),
  )
  return verified?.verified === true
}

function named({ passkeyId, transports }: KnownPasskey): { id: string; transports: string[] } {
  return { id: passkeyId, transports: [...transports] }
}

/** The package says by throwing plain errors that an answer is wrong; what it throws is about the answer alone. */
async function orUndefined<Verified>(
  verify: () => Promise<Verified>,
): Promise<Verified | undefined> {
  try {
    return await verify()
  } catch {
    return undefined
  }
}

/** Without a public origin the Host header says where we are, as for proofs of devices. */
function readSite(host: string, publicOrigin: string | undefined): Site {
  if (publicOrigin !== undefined) {
    return { rpId: new URL(publicOrigin).hostname, origins: [new URL(publicOrigin).origin] }
  }
  const rpId = URL.parse(`http://${host}`)?.hostname ?? host
  const origins = ['http', 'https'].map((scheme) => URL.parse(`${scheme}://${host}`)?.origin ?? '')
  return { rpId, origins }
}

interface Challenges {
  make(purpose: readonly string[]): Uint8Array<ArrayBuffer>
  isFor(challenge: string, purpose: readonly string[]): boolean
  nameOf(member: string): Uint8Array<ArrayBuffer>
}

function createChallenges(signingKey: Buffer, clock: () => Instant): Challenges {
  const secret = Buffer.from(
    hkdfSync('sha256', signingKey, '', 'dure passkey challenges', SECRET_BYTES),
  )
  const mac = (parts: readonly string[]): Buffer =>
    createHmac('sha256', secret).update(JSON.stringify(parts)).digest()
  return {
    make(purpose) {
      const at = clock()
      const instant = Buffer.alloc(INSTANT_BYTES)
      instant.writeUIntBE(at, 1, INSTANT_BYTES - 1)
      return Uint8Array.from(Buffer.concat([instant, mac(['challenge', String(at), ...purpose])]))
    },
    isFor(challenge, purpose) {
      if (!CHALLENGE_TEXT.test(challenge)) return false
      const bytes = Buffer.from(challenge, 'base64url')
      if (bytes.length !== INSTANT_BYTES + MAC_BYTES) return false
      const at = bytes.readUIntBE(1, INSTANT_BYTES - 1)
      const age = clock() - at
      const expected = mac(['challenge', String(at), ...purpose])
      const isOurs = timingSafeEqual(bytes.subarray(INSTANT_BYTES), expected)
      return isOurs && age >= 0 && age <= CHALLENGE_LIFE_MS
    },
    nameOf: (member) => Uint8Array.from(mac(['member', member])),
  }
}
