/** What is sent and answered about PINs and passkeys. What browsers send is theirs: it is open to what they add. */
import { Type } from 'typebox'
import { AMOUNT_WON_MAX } from '../../base/base.ts'
import { instantSchema, operationIdSchema, wonSchema } from '../door.ts'

const ASSERTION_LENGTH_MAX = 8192
/** Of an attestation with its certificates, as Base64. */
const BYTES_LENGTH_MAX = 16_384
const NAME_LENGTH_MAX = 160
const open = { additionalProperties: true }

const bytes = Type.String({ maxLength: BYTES_LENGTH_MAX, pattern: '^[A-Za-z0-9_-]*$' })
const pin = Type.String({ pattern: '^[0-9]{6}$', description: 'Six digits' })
const credentialType = Type.Literal('public-key')
const attachment = Type.Optional(
  Type.Union([Type.Literal('platform'), Type.Literal('cross-platform')]),
)
const transports = Type.Array(Type.String({ maxLength: 32 }), { maxItems: 10 })

export const passkeyIdSchema = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,1400}$',
  description: 'The credential’s id, base64url',
})

export const stateSchema = Type.Object({
  required: Type.Boolean({
    description: 'Money leaves by a confirmation only: a PIN or a passkey is set',
  }),
  pin: Type.Object({
    set: Type.Boolean(),
    blocked: Type.Boolean({ description: 'Until a new one is set after an identification' }),
    attemptsLeft: Type.Integer(),
  }),
  passkeys: Type.Array(
    Type.Object({ passkeyId: Type.String(), name: Type.String(), createdAt: instantSchema }),
  ),
})

export const pinBody = Type.Object({
  pin,
  currentPin: Type.Optional(pin),
  assertion: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: ASSERTION_LENGTH_MAX,
      description: 'Of the identity provider, for the session’s own person and device',
    }),
  ),
})

export const passkeyBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX }),
  response: Type.Object(
    {
      id: passkeyIdSchema,
      rawId: passkeyIdSchema,
      type: credentialType,
      authenticatorAttachment: attachment,
      clientExtensionResults: Type.Object({}, open),
      response: Type.Object(
        {
          clientDataJSON: bytes,
          attestationObject: bytes,
          transports: Type.Optional(transports),
        },
        open,
      ),
    },
    { ...open, description: 'RegistrationResponseJSON of WebAuthn' },
  ),
})

export const copyBody = Type.Object({
  from: Type.String({
    pattern: '^[a-z]{2,20}(-[a-z]{2,20})?$',
    description: 'Short word of the issuer whose PIN and passkeys are taken over',
  }),
})

const about = {
  operation: operationIdSchema,
  amountWon: wonSchema({ min: 0, max: AMOUNT_WON_MAX }),
}
export const checkOptionsBody = Type.Object(about)
export const checkBody = Type.Object({
  ...about,
  pin: Type.Optional(pin),
  passkey: Type.Optional(
    Type.Object(
      {
        id: passkeyIdSchema,
        rawId: passkeyIdSchema,
        type: credentialType,
        authenticatorAttachment: attachment,
        clientExtensionResults: Type.Object({}, open),
        response: Type.Object(
          {
            clientDataJSON: bytes,
            authenticatorData: bytes,
            signature: bytes,
            userHandle: Type.Optional(bytes),
          },
          open,
        ),
      },
      { ...open, description: 'AuthenticationResponseJSON of WebAuthn' },
    ),
  ),
  challenge: Type.Optional(bytes),
})

export const tokenSchema = Type.Object({
  token: Type.String({ description: 'For the header Payment-Confirmation of the call' }),
  expiresAt: instantSchema,
})

const named = Type.Array(
  Type.Object({
    id: Type.String(),
    type: credentialType,
    transports: Type.Optional(Type.Array(Type.String())),
  }),
)

/** PublicKeyCredentialCreationOptionsJSON. */
export const creationOptionsSchema = Type.Object({
  challenge: Type.String(),
  rp: Type.Object({ id: Type.Optional(Type.String()), name: Type.String() }),
  user: Type.Object({ id: Type.String(), name: Type.String(), displayName: Type.String() }),
  pubKeyCredParams: Type.Array(Type.Object({ alg: Type.Integer(), type: credentialType })),
  timeout: Type.Optional(Type.Integer()),
  excludeCredentials: Type.Optional(named),
  authenticatorSelection: Type.Optional(
    Type.Object({
      authenticatorAttachment: Type.Optional(Type.String()),
      residentKey: Type.Optional(Type.String()),
      requireResidentKey: Type.Optional(Type.Boolean()),
      userVerification: Type.Optional(Type.String()),
    }),
  ),
  hints: Type.Optional(Type.Array(Type.String())),
  attestation: Type.Optional(Type.String()),
  extensions: Type.Optional(Type.Object({ credProps: Type.Optional(Type.Boolean()) })),
})

/** PublicKeyCredentialRequestOptionsJSON. */
export const requestOptionsSchema = Type.Object({
  challenge: Type.String(),
  rpId: Type.Optional(Type.String()),
  timeout: Type.Optional(Type.Integer()),
  allowCredentials: Type.Optional(named),
  userVerification: Type.Optional(Type.String()),
})
