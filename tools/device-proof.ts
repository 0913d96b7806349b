/**
 * Makes device keys and DPoP proofs (RFC 9449) for walking through the API with curl:
 *   node tools/device-proof.ts new KEYFILE
 *   node tools/device-proof.ts proof KEYFILE METHOD URL [ACCESS_TOKEN]
 * The surprise: a proof is good for one request only; make a new one for each.
 */
import { createHash, randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose'
import { Type } from 'typebox'
import { Check } from 'typebox/value'

const USAGE = `usage: device-proof.ts new KEYFILE
       device-proof.ts proof KEYFILE METHOD URL [ACCESS_TOKEN]`

const Part = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const PrivateJwk = Type.Object({
  kty: Type.Literal('EC'),
  crv: Type.Literal('P-256'),
  x: Part,
  y: Part,
  d: Part,
})

async function main(words: readonly string[]): Promise<string> {
  const [command, keyFile, method, url, accessToken] = words
  if (command === 'new' && keyFile !== undefined && words.length === 2) {
    return JSON.stringify(await makeDeviceKey(keyFile))
  }
  if (command === 'proof' && keyFile && method && url && words.length <= 5) {
    return proveDevice(keyFile, { method, url, accessToken })
  }
  throw new Error(USAGE)
}

/** Writes a new P-256 private key (mode 0600; an existing file is kept) and returns its public JWK. */
async function makeDeviceKey(keyFile: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  await writeFile(keyFile, `${JSON.stringify(jwk)}\n`, { flag: 'wx', mode: 0o600 })
  return publicJwk(jwk)
}

async function proveDevice(
  keyFile: string,
  request: { method: string; url: string; accessToken: string | undefined },
): Promise<string> {
  const jwk: unknown = JSON.parse(await readFile(keyFile, 'utf8'))
  if (!Check(PrivateJwk, jwk)) throw new Error(`${keyFile} holds no private P-256 key`)
  const { accessToken } = request
  const claims = {
    jti: randomUUID(),
    htm: request.method.toUpperCase(),
    htu: withoutQuery(request.url),
    ...(accessToken === undefined ? {} : { ath: sha256(accessToken) }),
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: publicJwk(jwk) })
    .setIssuedAt()
    .sign(await importJWK(jwk, 'ES256'))
}

/** Named one by one, so that the private part cannot slip out. */
function publicJwk({ kty, crv, x, y }: JWK): JWK & { kty: 'EC' } {
  if (kty !== 'EC' || !crv || !x || !y) throw new Error('not an elliptic-curve key')
  return { kty: 'EC', crv, x, y }
}

/** `htu` is the address without query and fragment (RFC 9449 §4.2). */
function withoutQuery(text: string): string {
  const url = new URL(text)
  url.search = ''
  url.hash = ''
  return url.href
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

main(process.argv.slice(2)).then(
  (line) => console.log(line),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  },
)
