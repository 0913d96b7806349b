/** What the identity provider signs: that a person, with a device, was verified just now. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { calculateJwkThumbprint, exportJWK, importPKCS8, SignJWT, type JWK } from 'jose'
import { MINUTE_MS, type Instant } from '../src/base/base.ts'
import type { Verified } from './verification.ts'

export const ISSUER = 'dure-simulated-identity'
export const AUDIENCE = 'dure'
export const ASSERTION_LIFE_MS = 5 * MINUTE_MS

export interface AssertionSigner {
  /** Public keys (RFC 7517) that verify what `sign` signs. */
  readonly jwks: { keys: JWK[] }
  /** @returns a JWT (EdDSA) that binds the person to the device by `cnf.jkt` (RFC 7800, RFC 9449) */
  sign(verified: Verified, options: { jti: string; now: Instant }): Promise<string>
}

/** Reads an Ed25519 private key (PKCS #8 PEM); a key that is not there yet is made, mode 0600. */
export async function openSigner(path: string): Promise<AssertionSigner> {
  return createSigner(await readOrMakeKey(path))
}

async function readOrMakeKey(path: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  try {
    await writeFile(path, pem, { flag: 'wx', mode: 0o600 })
    return pem
  } catch (error) {
    if (Reflect.get(Object(error), 'code') !== 'EEXIST') throw error
    return readFile(path, 'utf8')
  }
}

/** @throws Error where the PEM is not an Ed25519 private key */
export async function createSigner(pem: string): Promise<AssertionSigner> {
  const key = await importPKCS8(pem, 'EdDSA', { extractable: true })
  const { kty, crv, x } = await exportJWK(key)
  if (kty !== 'OKP' || crv !== 'Ed25519' || x === undefined) throw new Error('not an Ed25519 key')
  // Named one by one, so that the private part cannot slip out.
  const publicJwk: JWK = { kty, crv, x, alg: 'EdDSA', use: 'sig' }
  const kid = await calculateJwkThumbprint(publicJwk)
  return {
    jwks: { keys: [{ ...publicJwk, kid }] },
    sign({ person, deviceThumbprint }, { jti, now }) {
      const issuedAt = Math.floor(now / 1000)
      return new SignJWT({
        ci: connectingInformation(person.personId),
        name: person.name,
        birthdate: person.birthDate,
        phone: person.phone,
        cnf: { jkt: deviceThumbprint },
      })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(person.personId)
        .setJti(jti)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ASSERTION_LIFE_MS / 1000)
        .sign(key)
    },
  }
}

/**
 * 연계정보 (CI): the same person is the same 88 characters with every service and for ever. A real one is
 * derived from the resident number; here the invented person's id stands for it.
 */
export function connectingInformation(personId: string): string {
  return createHash('sha512').update(`dure-simulated-ci:${personId}`).digest('base64')
}
