/** A client as a phone or a till is one: a device key, a sign-in, proofs, keys made before the first send. */
import {
  createHash,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
  type KeyObject,
} from 'node:crypto'

export interface ApiAnswer {
  readonly status: number
  readonly body: Record<string, unknown>
}

export interface ApiClient {
  readonly personId: string
  token(): string
  /** @param key the idempotency key, for writes */
  send(
    method: string,
    path: string,
    options?: { body?: unknown; key?: string; headers?: Record<string, string> },
  ): Promise<ApiAnswer>
  /** Headers of a request with a fresh proof, for those that send by themselves. */
  headers(method: string, path: string): Record<string, string>
  /** New tokens for the same device, with the roles of now. */
  renew(): Promise<void>
  /** The identity provider's assertion of the sign-in, for joining an issuer. */
  assertion(): Promise<string>
}

/** A time-ordered key as RFC 9562 version 7 has it. */
export function newKey(): string {
  const hex = Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex')
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4]!
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `7${hex.slice(13, 16)}`]
  return [...groups, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}

/** @throws Error where the answer is not a success */
export async function done(
  answer: ReturnType<ApiClient['send']>,
): Promise<Record<string, unknown>> {
  const { status, body } = await answer
  if (status < 200 || status > 299) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

/** Signs a person of the simulated identity provider in on a new device. */
export async function signIn(
  at: { coreUrl: string; identityUrl: string },
  personId: string,
): Promise<ApiClient> {
  const device = createDevice()
  let token = ''
  let refreshToken = ''
  let verified = ''
  const verify = async (): Promise<string> => {
    const opened = await post(`${at.identityUrl}/verifications`, {
      personId,
      deviceJwk: device.publicJwk,
    })
    const confirmed = await post(
      `${at.identityUrl}/verifications/${String(opened['verificationId'])}/confirm`,
      { code: '000000' },
    )
    return String(confirmed['assertion'])
  }
  const headers = (method: string, path: string): Record<string, string> => ({
    ...(token === '' ? {} : { authorization: `DPoP ${token}` }),
    dpop: device.proof(method, `${at.coreUrl}${path.split('?')[0]!}`, token),
  })
  const send: ApiClient['send'] = async (method, path, options = {}) => {
    const response = await fetch(`${at.coreUrl}${path}`, {
      method,
      headers: {
        ...headers(method, path),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    return {
      status: response.status,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text },
    }
  }
  const renew = async (): Promise<void> => {
    token = ''
    const answer =
      refreshToken === ''
        ? await send('POST', '/v1/sessions', { body: { assertion: (verified = await verify()) } })
        : await send('POST', '/v1/sessions/renew', { body: { refreshToken } })
    if (answer.status !== 201 && answer.status !== 200) {
      throw new Error(`sign-in of ${personId}: ${answer.status} ${JSON.stringify(answer.body)}`)
    }
    token = String(answer.body['accessToken'])
    refreshToken = String(answer.body['refreshToken'])
  }
  await renew()
  return { personId, token: () => token, send, headers, renew, assertion: async () => verified }
}

interface Device {
  readonly publicJwk: object
  proof(method: string, url: string, token: string): string
}

function createDevice(): Device {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicJwk = publicKey.export({ format: 'jwk' })
  const head = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicJwk })
  return {
    publicJwk,
    proof: (method, url, token) => {
      const claims = {
        jti: randomUUID(),
        htm: method,
        htu: url,
        iat: Math.floor(Date.now() / 1000),
        ...(token === '' ? {} : { ath: createHash('sha256').update(token).digest('base64url') }),
      }
      const content = `${head}.${encode(claims)}`
      return `${content}.${signature(content, privateKey)}`
    },
  }
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function signature(content: string, key: KeyObject): string {
  return sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' }).toString(
    'base64url',
  )
}

async function post(url: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Record<string, unknown>
}
