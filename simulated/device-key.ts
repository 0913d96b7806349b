/** Public device keys as JWK: which are taken, and their thumbprint. */
import { createPublicKey } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { Type, type Static } from 'typebox'
import { RequestError } from './strict-server.ts'

const Coordinate = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
/** What browsers add when they export a key; none of it is believed. */
const remarks = {
  alg: Type.Optional(Type.String({ maxLength: 20 })),
  use: Type.Optional(Type.String({ maxLength: 20 })),
  kid: Type.Optional(Type.String({ maxLength: 128 })),
  ext: Type.Optional(Type.Boolean()),
  key_ops: Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 8 })),
}

/** P-256 or Ed25519. A private part (`d`) is not in the schema, so it is refused. */
export const DeviceJwk = Type.Union([
  Type.Object(
    {
      kty: Type.Literal('EC'),
      crv: Type.Literal('P-256'),
      x: Coordinate,
      y: Coordinate,
      ...remarks,
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { kty: Type.Literal('OKP'), crv: Type.Literal('Ed25519'), x: Coordinate, ...remarks },
    { additionalProperties: false },
  ),
])
export type DeviceJwk = Static<typeof DeviceJwk>

/** The RFC 7638 thumbprint (SHA-256). @throws RequestError 400 where the key is no point of its curve */
export async function deviceThumbprint(jwk: DeviceJwk): Promise<string> {
  const { kty, crv, x } = jwk
  const key: JWK = jwk.kty === 'EC' ? { kty, crv, x, y: jwk.y } : { kty, crv, x }
  try {
    createPublicKey({ key: { ...key }, format: 'jwk' })
  } catch (error) {
    throw new RequestError(400, 'device_key_invalid', 'deviceJwk is no key of its curve', {
      cause: error,
    })
  }
  return calculateJwkThumbprint(key)
}
