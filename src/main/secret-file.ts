/**
 * Secrets made on this machine at the first start and kept in `<data directory>/secrets`, a folder
 * that only its owner may enter. Callers hold the data directory's lock, so nobody makes one twice.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmod, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere, writeDurably } from './durable-file.ts'
import { StartupProblem } from './startup-problem.ts'

/** Ed25519 in PEM: PKCS #8 and SPKI, as `node:crypto` and jose read them. */
export interface SigningKeyPair {
  readonly privateKeyPem: string
  readonly publicKeyPem: string
}

export interface SecretFiles {
  /** Whether the secret was made before. */
  has(name: string): Promise<boolean>
  /** Random bytes as URL-safe Base64 text, made when missing. 32 bytes unless told. */
  text(name: string, lengthBytes?: number): Promise<string>
  /** An Ed25519 key pair, made when missing. The public half is derived, never trusted from disk. */
  signingKeyPair(name: string): Promise<SigningKeyPair>
}

const SECRET_MODE = 0o600
const NAME_PATTERN = /^[a-z][a-z0-9-]*$/

/** Opens `<dataDirectory>/secrets`, making it when missing. */
export async function openSecretFiles(dataDirectory: string): Promise<SecretFiles> {
  const folder = join(dataDirectory, 'secrets')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)

  const pathOf = (name: string) => {
    if (!NAME_PATTERN.test(name)) throw new StartupProblem(`not a name of a secret: ${name}`)
    return join(folder, name)
  }
  const readOrMake = async (name: string, make: () => string) => {
    const path = pathOf(name)
    const known = await readIfThere(path)
    if (known === undefined) {
      const made = make()
      await writeDurably(path, `${made.trim()}\n`, SECRET_MODE)
      return made.trim()
    }
    // A backup tool or a careless copy may have widened it.
    if (((await stat(path)).mode & 0o777) !== SECRET_MODE) await chmod(path, SECRET_MODE)
    if (known.trim() === '') throw new StartupProblem(`the secret ${path} is empty: restore it`)
    return known.trim()
  }
  return {
    has: async (name) => (await readIfThere(pathOf(name))) !== undefined,
    text: (name, lengthBytes = 32) =>
      readOrMake(name, () => randomBytes(lengthBytes).toString('base64url')),
    signingKeyPair: async (name) => {
      const privateKeyPem = await readOrMake(`${name}-private-pem`, () =>
        generateKeyPairSync('ed25519')
          .privateKey.export({ type: 'pkcs8', format: 'pem' })
          .toString(),
      )
      return {
        privateKeyPem,
        publicKeyPem: publicHalf(privateKeyPem, pathOf(`${name}-private-pem`)),
      }
    },
  }
}

function publicHalf(privateKeyPem: string, path: string): string {
  try {
    const key = createPublicKey(createPrivateKey(privateKeyPem))
    return key.export({ type: 'spki', format: 'pem' }).toString().trim()
  } catch (cause) {
    throw new StartupProblem(`the secret ${path} is not a private key in PEM: restore it`, {
      cause,
    })
  }
}
