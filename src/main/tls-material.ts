/**
 * Certificates for mutual TLS between gateways and card companies on this machine, in `<data directory>/tls`: a
 * demonstration authority, one certificate for the gateways, one for each card company. Made when missing, and again
 * before they expire. Callers hold the data directory's lock, so nobody makes them twice.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DAY_MS, type Instant } from '../base/base.ts'
import type { TlsMaterial } from '../gateway/gateway.ts'
import type { Certified, CertificateUse } from './certificate-authority.ts'
import { readIfThere, writeDurably } from './durable-file.ts'
import { StartupProblem } from './startup-problem.ts'

/** Paths of PEM files. */
export interface TlsFiles {
  readonly ca: string
  readonly certificate: string
  readonly key: string
}

export interface TlsFolder {
  readonly gateway: TlsFiles
  /** By the partner's code. */
  readonly partners: Readonly<Record<string, TlsFiles>>
}

export const CA_VALID_MS = 3_650 * DAY_MS
export const CERTIFICATE_VALID_MS = 365 * DAY_MS
/** What has less than this left at a start is made again. */
export const RENEW_BEFORE_MS = 30 * DAY_MS

const AUTHORITY_NAME = 'Dure demonstration CA'
const AUTHORITY = 'ca'
const GATEWAY = 'gateway'
const KEY_MODE = 0o600
const CERTIFICATE_MODE = 0o644

/** Makes and renews what has to be. @param given.partners codes: the names in their certificates */
export async function openTlsMaterial(given: {
  readonly dataDirectory: string
  readonly partners: readonly string[]
  readonly now: Instant
}): Promise<TlsFolder> {
  const { now } = given
  const folder = join(given.dataDirectory, 'tls')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const authority = await openAuthority(folder, now)
  const open = (file: string, name: string, use: CertificateUse) =>
    openCertificate({ folder, file, name, use, authority, now })
  await open(GATEWAY, 'dure-gateway', 'server')
  for (const code of given.partners) await open(partnerFile(code), code, 'client')
  return tlsFolderOf(given.dataDirectory, given.partners)
}

/** Where the files are, whether they are there or not. */
export function tlsFolderOf(dataDirectory: string, partners: readonly string[]): TlsFolder {
  const folder = join(dataDirectory, 'tls')
  const filesOf = (file: string): TlsFiles => ({
    ca: certificateAt(folder, AUTHORITY),
    certificate: certificateAt(folder, file),
    key: keyAt(folder, file),
  })
  return {
    gateway: filesOf(GATEWAY),
    partners: Object.fromEntries(partners.map((code) => [code, filesOf(partnerFile(code))])),
  }
}

/** @throws StartupProblem that names the file that is not there */
export async function readTlsFiles(files: TlsFiles): Promise<TlsMaterial> {
  const read = async (path: string): Promise<string> => {
    const text = await readIfThere(path)
    if (text === undefined) throw new StartupProblem(`there is no ${path}: start the product once`)
    return text
  }
  return {
    ca: await read(files.ca),
    certificate: await read(files.certificate),
    key: await read(files.key),
  }
}

const partnerFile = (code: string): string => `partner-${code}`
const certificateAt = (folder: string, file: string): string => join(folder, `${file}.pem`)
const keyAt = (folder: string, file: string): string => join(folder, `${file}-key.pem`)

async function openAuthority(folder: string, now: Instant): Promise<Certified> {
  const known = await readCertified(folder, AUTHORITY)
  if (known !== undefined && isGood(known, undefined, now)) return known
  const { makeAuthority } = await import('./certificate-authority.ts')
  const made = await makeAuthority(AUTHORITY_NAME, { now, forMs: CA_VALID_MS })
  await writeCertified(folder, AUTHORITY, made)
  return made
}

async function openCertificate(wanted: {
  folder: string
  file: string
  name: string
  use: CertificateUse
  authority: Certified
  now: Instant
}): Promise<void> {
  const { folder, file, name, use, authority, now } = wanted
  const known = await readCertified(folder, file)
  if (known !== undefined && isGood(known, authority, now)) return
  const { certify } = await import('./certificate-authority.ts')
  const valid = { now, forMs: CERTIFICATE_VALID_MS }
  const authorityName = AUTHORITY_NAME
  await writeCertified(folder, file, await certify({ authority, authorityName, name, use, valid }))
}

async function readCertified(folder: string, file: string): Promise<Certified | undefined> {
  const certificate = await readIfThere(certificateAt(folder, file))
  const keyPath = keyAt(folder, file)
  const key = await readIfThere(keyPath)
  if (certificate === undefined || key === undefined) return undefined
  // A backup tool or a careless copy may have widened it.
  await chmod(keyPath, KEY_MODE)
  return { certificate, key }
}

/** The key first: a certificate that is there has one. */
async function writeCertified(folder: string, file: string, made: Certified): Promise<void> {
  await writeDurably(keyAt(folder, file), made.key, KEY_MODE)
  await writeDurably(certificateAt(folder, file), `${made.certificate}\n`, CERTIFICATE_MODE)
}

/** Whole, with its own key, signed by the authority (itself where `undefined`), and valid for a while. */
function isGood(known: Certified, authority: Certified | undefined, now: Instant): boolean {
  try {
    const certificate = new X509Certificate(known.certificate)
    const by = authority === undefined ? certificate : new X509Certificate(authority.certificate)
    return (
      certificate.checkPrivateKey(createPrivateKey(known.key)) &&
      certificate.verify(by.publicKey) &&
      certificate.validToDate.getTime() - now > RENEW_BEFORE_MS
    )
  } catch {
    // Half a file, or somebody else's: it is made again.
    return false
  }
}
