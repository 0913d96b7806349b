/** By what a member confirms payments: PIN and passkeys, and confirming one operation by one of them. */
import type { FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { memberOf } from '../../access/access.ts'
import { formatId, maskPhone } from '../../base/base.ts'
import type { Confirmed, ConfirmationState } from '../../confirmation/confirmation.ts'
import {
  idempotencyKey,
  instantText,
  issuerParam,
  issuerParams,
  notFound,
  problemResponses,
  readOperationId,
  requireMember,
  requireSession,
  type Door,
} from '../door.ts'
import { confirmationProblem, refusedConfirmation } from './confirmation-answers.ts'
import {
  checkBody,
  checkOptionsBody,
  copyBody,
  creationOptionsSchema,
  passkeyBody,
  passkeyIdSchema,
  pinBody,
  requestOptionsSchema,
  stateSchema,
  tokenSchema,
} from './confirmation-schemas.ts'
import { isConfirmed } from './money-confirmation.ts'
import type { RouteDeps } from './route-deps.ts'
import { forbiddenToAll } from './wrong-side.ts'

const path = '/v1/issuers/:issuerCode/members/me/confirmation'
const tags = ['members']
const stateAnswer = { 200: stateSchema, ...problemResponses }

/** What a change of the means itself is confirmed with: no money moves. */
const NO_MONEY = 0

export function registerConfirmationRoutes(door: Door, deps: RouteDeps): void {
  looking(door, deps)
  pins(door, deps)
  makingPasskeys(door, deps)
  removingPasskeys(door, deps)
  copying(door, deps)
  checkOptions(door, deps)
  checking(door, deps)
}

function looking({ app }: Door, { confirmations }: RouteDeps): void {
  app.get(
    path,
    {
      schema: {
        tags,
        summary: '결제 확인 수단 · By what I confirm payments: PIN and passkeys',
        params: issuerParams,
        response: stateAnswer,
      },
    },
    async (request) => stateView(await confirmations.stateOf(requireMember(request))),
  )
}

function pins(door: Door, { confirmations }: RouteDeps): void {
  door.app.post(
    `${path}/pin`,
    {
      schema: {
        tags,
        summary:
          '결제 비밀번호 설정 · Set a PIN; in place of another with that one or a fresh identification',
        params: issuerParams,
        body: pinBody,
        response: stateAnswer,
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      const operationId = idempotencyKey(request)
      const { pin, currentPin, assertion } = request.body
      if (assertion !== undefined) door.readAssertion(assertion, requireSession(request))
      const isProven = assertion !== undefined || isChangeConfirmed(door, request)
      const setting = { issuerId, memberId, operationId, pin, currentPin, isProven }
      return confirmed(await confirmations.setPin(setting), 'body.currentPin')
    },
  )
}

function makingPasskeys(door: Door, { confirmations, registration }: RouteDeps): void {
  door.app.post(
    `${path}/passkeys/options`,
    {
      schema: {
        tags,
        summary: '패스키 등록 준비 · What the browser needs to make a passkey',
        params: issuerParams,
        body: Type.Object({}),
        response: { 200: creationOptionsSchema, ...problemResponses },
      },
    },
    async (request) => {
      const role = requireMember(request)
      const account = await registration.member(role.issuerId, role.memberId)
      if (account === undefined) throw notFound()
      const { passkeys: known } = await confirmations.stateOf(role)
      const options = await door.passkeys.creationOptions({
        host: request.host,
        purpose: makingPurpose(request),
        member: memberText(request),
        shown: maskPhone(account.member.phone),
        known,
      })
      return options as Static<typeof creationOptionsSchema> // The package's own type leaves its arrays open.
    },
  )

  door.app.post(
    `${path}/passkeys`,
    {
      schema: {
        tags,
        summary:
          '패스키 등록 · Add a passkey; beside a PIN or another passkey with a Payment-Confirmation',
        params: issuerParams,
        body: passkeyBody,
        response: stateAnswer,
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const { name, response } = request.body
      const passkey = await door.passkeys.readMade({
        host: request.host,
        purpose: makingPurpose(request),
        response,
      })
      if (passkey === undefined) {
        throw confirmationProblem('passkey_invalid', { field: 'body.response' })
      }
      const isProven = isChangeConfirmed(door, request)
      const addition = { issuerId, memberId, passkey, name, isProven }
      return confirmed(await confirmations.addPasskey(addition))
    },
  )
}

function removingPasskeys(door: Door, { confirmations }: RouteDeps): void {
  door.app.delete(
    `${path}/passkeys/:passkeyId`,
    {
      schema: {
        tags,
        summary:
          '패스키 삭제 · Remove a passkey; the last means of confirming with a Payment-Confirmation',
        params: Type.Object({ ...issuerParam, passkeyId: passkeyIdSchema }),
        response: stateAnswer,
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const { passkeyId } = request.params
      const isProven = isChangeConfirmed(door, request)
      const removal = { issuerId, memberId, passkeyId, isProven }
      return confirmed(await confirmations.removePasskey(removal))
    },
  )
}

function copying(door: Door, { confirmations, issuing }: RouteDeps): void {
  door.app.post(
    `${path}/copies`,
    {
      schema: {
        tags,
        summary:
          '결제 확인 수단 가져오기 · Take over PIN and passkeys that I set with another issuer',
        params: issuerParams,
        body: copyBody,
        response: stateAnswer,
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const other = issuing.issuerByCode(request.body.from)
      const from = other && memberOf(requireSession(request), other.issuerId)
      if (from === undefined) throw forbiddenToAll()
      const isProven = isChangeConfirmed(door, request)
      return confirmed(await confirmations.copy({ issuerId, memberId, from, isProven }))
    },
  )
}

function checkOptions(door: Door, { confirmations }: RouteDeps): void {
  door.app.post(
    `${path}/checks/options`,
    {
      schema: {
        tags,
        summary: '패스키 확인 준비 · What the browser needs to confirm an operation by passkey',
        params: issuerParams,
        body: checkOptionsBody,
        response: { 200: requestOptionsSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { passkeys: known } = await confirmations.stateOf(requireMember(request))
      if (known.length === 0) throw confirmationProblem('passkey_unknown', { field: 'body' })
      const options = await door.passkeys.requestOptions({
        host: request.host,
        purpose: checkPurpose(request, request.body),
        known,
      })
      return options as Static<typeof requestOptionsSchema> // The package's own type leaves its arrays open.
    },
  )
}

function checking(door: Door, { confirmations }: RouteDeps): void {
  door.app.post(
    `${path}/checks`,
    {
      schema: {
        tags,
        summary:
          '결제 확인 · Confirm one operation of one amount by PIN or passkey; gives a token for two minutes',
        params: issuerParams,
        body: checkBody,
        response: { 200: tokenSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const role = requireMember(request)
      const { issuerId, memberId } = role
      const { operation, amountWon, pin, passkey } = request.body
      if (passkey !== undefined) {
        const { passkeys: known } = await confirmations.stateOf(role)
        const isRight = await door.passkeys.isConfirmed({
          host: request.host,
          purpose: checkPurpose(request, request.body),
          known,
          response: passkey,
        })
        if (!isRight) throw confirmationProblem('passkey_invalid', { field: 'body.passkey' })
      } else if (pin === undefined) {
        throw confirmationProblem('confirmation_required', { field: 'body.pin' })
      } else {
        const checked = await confirmations.checkPin({ issuerId, memberId, pin })
        if (checked.status === 'refused') throw refusedConfirmation(checked)
      }
      const { token, expiresAt } = await door.confirmationTokens.make({
        issuerId,
        memberId,
        deviceThumbprint: requireSession(request).deviceThumbprint,
        operation: readOperationId(operation),
        amountWon,
      })
      void reply.header('cache-control', 'no-store')
      return { token, expiresAt: instantText(expiresAt) }
    },
  )
}

/** A change of the means may be confirmed by them, as a payment of nothing under the key of the change. */
function isChangeConfirmed(door: Door, request: FastifyRequest): boolean {
  return isConfirmed(door, request, { operation: idempotencyKey(request), amountWon: NO_MONEY })
}

function memberText(request: FastifyRequest): string {
  const { issuerId, memberId } = requireMember(request)
  return `${formatId('iss', issuerId)}/${formatId('mbr', memberId)}`
}

function makingPurpose(request: FastifyRequest): readonly string[] {
  return ['passkey', memberText(request), requireSession(request).deviceThumbprint]
}

function checkPurpose(
  request: FastifyRequest,
  { operation, amountWon }: { readonly operation: string; readonly amountWon: number },
): readonly string[] {
  const { deviceThumbprint } = requireSession(request)
  const about = [readOperationId(operation), String(amountWon)]
  return ['check', memberText(request), deviceThumbprint, ...about]
}

/** @throws HttpProblem for an answer that is no @param field where a PIN stood that may be wrong */
function confirmed(answer: Confirmed, field?: string): Static<typeof stateSchema> {
  if (answer.status === 'refused') throw refusedConfirmation(answer, field)
  return stateView(answer.state)
}

/** Neither a hash nor a key leaves. */
function stateView({ required, pin, passkeys }: ConfirmationState): Static<typeof stateSchema> {
  return {
    required,
    pin,
    passkeys: passkeys.map(({ passkeyId, name, createdAt }) => ({
      passkeyId,
      name,
      createdAt: instantText(createdAt),
    })),
  }
}
