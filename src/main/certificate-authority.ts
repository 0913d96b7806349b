/**
 * Makes certificates for a demonstration: an authority of this machine alone, and what it signs. A real gateway gets
 * its certificates from the card companies' authorities. Loaded only where one has to be made.
 */
import { webcrypto } from 'node:crypto'
import type { Instant } from '../base/base.ts'

// The library wants this to be there before it is loaded itself.
await import('reflect-metadata')
const {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} = await import('@peculiar/x509')

/** PEM texts. */
export interface Certified {
  readonly certificate: string
  /** PKCS #8. */
  readonly key: string
}

/** What a certificate is for: the far end checks it. */
export type CertificateUse = 'server' | 'client'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
/** Clocks of the machines that check it may be behind. */
const BEFORE_MS = 86_400_000

/** The common name of what we make; `localhost` and the loopback address for a server. */
export async function makeAuthority(name: string, valid: Validity): Promise<Certified> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    ...datesOf(valid),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })
  return { certificate: certificate.toString('pem'), key: await pemOf(keys.privateKey) }
}

export interface Validity {
  readonly now: Instant
  readonly forMs: number
}

export async function certify(wanted: {
  readonly authority: Certified
  readonly authorityName: string
  readonly name: string
  readonly use: CertificateUse
  readonly valid: Validity
}): Promise<Certified> {
  const { authority, use } = wanted
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const usage = use === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${wanted.name}`,
    issuer: `CN=${wanted.authorityName}`,
    publicKey: keys.publicKey,
    signingKey: await signingKeyOf(authority.key),
    signingAlgorithm: ALGORITHM,
    ...datesOf(wanted.valid),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([usage]),
      ...(use === 'server' ? [loopbackNames()] : []),
    ],
  })
  return { certificate: certificate.toString('pem'), key: await pemOf(keys.privateKey) }
}

function loopbackNames() {
  return new SubjectAlternativeNameExtension([
    { type: 'dns', value: 'localhost' },
    { type: 'ip', value: '127.0.0.1' },
  ])
}

function datesOf({ now, forMs }: Validity) {
  return { notBefore: new Date(now - BEFORE_MS), notAfter: new Date(now + forMs) }
}

function signingKeyOf(pem: string): Promise<webcrypto.CryptoKey> {
  const base64 = pem.replaceAll(/-----[A-Z ]+-----|\s/g, '')
  return webcrypto.subtle.importKey('pkcs8', Buffer.from(base64, 'base64'), ALGORITHM, false, [
    'sign',
  ])
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64')
  const lines = der.match(/.{1,64}/g) ?? []
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`
}
