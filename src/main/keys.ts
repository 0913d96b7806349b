/** The operator's keys as the rooms' ports: signing of tokens, tills' codes and seals, seeds of consumer codes. */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'
import { calculateJwkThumbprint, exportJWK } from 'jose'
import type { IssuerId } from '../base/base.ts'
import type { PartnerKeys } from '../gateway/gateway.ts'
import type { HmacSha256, SignBytes, VerifyBytes } from '../qr/qr.ts'
import type { SecretFiles } from './secret-file.ts'
import { StartupProblem } from './startup-problem.ts'

export interface SigningKey {
  readonly keyId: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly sign: SignBytes
}

export interface OperatorKeys {
  readonly session: SigningKey
  readonly code: SigningKey
  readonly seal: SigningKey
  /** Verifies a till's code; false for a key that is not ours. */
  readonly verifyCode: VerifyBytes
  /** Public half of the simulated identity provider's key. */
  readonly identity: { readonly keyId: string; readonly publicKey: KeyObject }
  readonly hmac: HmacSha256
  readonly seedOf: (issuerId: IssuerId, handle: number) => Uint8Array
  readonly pseudonymKey: string
  /** Without it hashes of PINs say nothing. */
  readonly pinSecret: string
}

/** Names of the secrets, in `<data directory>/secrets`. */
export const secretNames = {
  session: 'session-signing',
  code: 'code-signing',
  seal: 'seal-signing',
  identity: 'simulated-identity',
  consumerCodes: 'consumer-code-seeds',
  pseudonyms: 'log-pseudonyms',
  pins: 'payment-pins',
  appPassword: 'postgres-app-password',
  auditPassword: 'postgres-audit-password',
  jobsPassword: 'postgres-jobs-password',
  /** What gateways show the core. */
  gatewayToken: 'gateway-token',
  /** What operators, and a gateway's peer, show a gateway. */
  gatewayControlToken: 'gateway-control-token',
} as const

/** Of one partner by its code: for messages, and for wrapping their keys. */
function partnerSecretNames(code: string): { macKey: string; keyEncryptionKey: string } {
  return {
    macKey: `partner-${code}-mac-key`,
    keyEncryptionKey: `partner-${code}-key-encryption-key`,
  }
}

const PARTNER_KEY_BYTES = 16

/** Made when missing, as all secrets are. @throws StartupProblem where one was put there that is no key */
export async function openPartnerKeys(secrets: SecretFiles, code: string): Promise<PartnerKeys> {
  const open = async (name: string): Promise<Uint8Array> => {
    const key = Buffer.from(await secrets.text(name, PARTNER_KEY_BYTES), 'base64url')
    if (key.length === PARTNER_KEY_BYTES) return key
    throw new StartupProblem(`the secret ${name} is not ${PARTNER_KEY_BYTES} bytes as Base64`)
  }
  const names = partnerSecretNames(code)
  return {
    macKey: await open(names.macKey),
    keyEncryptionKey: await open(names.keyEncryptionKey),
  }
}

export const sha256 = (message: Uint8Array): Uint8Array =>
  createHash('sha256').update(message).digest()

/** Makes what is missing: call it from `start`, which holds the lock, before a core reads it. */
export async function openOperatorKeys(secrets: SecretFiles): Promise<OperatorKeys> {
  const session = await signingKey(secrets, secretNames.session)
  const code = await signingKey(secrets, secretNames.code)
  const seal = await signingKey(secrets, secretNames.seal)
  const { publicKeyPem } = await secrets.signingKeyPair(secretNames.identity)
  const identityKey = createPublicKey(publicKeyPem)
  const seedSecret = await secrets.text(secretNames.consumerCodes)
  return {
    session,
    code,
    seal,
    verifyCode: (keyId, bytes, signature) =>
      keyId === code.keyId && verify(null, bytes, code.publicKey, signature),
    identity: {
      keyId: await calculateJwkThumbprint(await exportJWK(identityKey)),
      publicKey: identityKey,
    },
    hmac: (key, message) => createHmac('sha256', key).update(message).digest(),
    seedOf: (issuerId, handle) =>
      createHmac('sha256', seedSecret).update(`${issuerId}/${handle}`).digest(),
    pseudonymKey: await secrets.text(secretNames.pseudonyms),
    pinSecret: await secrets.text(secretNames.pins),
  }
}

async function signingKey(secrets: SecretFiles, name: string): Promise<SigningKey> {
  const { privateKeyPem, publicKeyPem } = await secrets.signingKeyPair(name)
  const privateKey = createPrivateKey(privateKeyPem)
  const publicKey = createPublicKey(publicKeyPem)
  const keyId = (await calculateJwkThumbprint(await exportJWK(publicKey))).slice(0, 12)
  return { keyId, privateKey, publicKey, sign: (bytes) => sign(null, bytes, privateKey) }
}
