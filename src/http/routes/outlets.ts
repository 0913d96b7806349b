/** The places of a merchant and the static QR kits that are posted there. */
import { Type, type Static } from 'typebox'
import {
  koreaBounds,
  sectors,
  type Merchant,
  type Outlet,
  type QrKit,
} from '../../acquiring/acquiring.ts'
import { formatId } from '../../base/base.ts'
import type { Issuer } from '../../issuing/issuing.ts'
import { makeStaticCode } from '../../qr/qr.ts'
import {
  idempotencyKey,
  idSchema,
  issuerParam,
  notFound,
  problemResponses,
  readId,
  refusal,
  requireClerk,
  requireIssuer,
  type Door,
} from '../door.ts'
import { codeAnswer, drawnCode, postedCodeAnswer, sendCode, type SentCode } from './code-formats.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable } from './views.ts'
import { requireMerchantOrOfficer } from './wrong-side.ts'

const kitOf = { kitId: idOut, outletId: idOut, active: Type.Boolean() }
const kitCodeSchema = Type.Object({ ...kitOf, ...drawnCode })

/** WGS 84. */
export const positionSchema = Type.Object({
  latitude: Type.Number({ minimum: koreaBounds.latitudeMin, maximum: koreaBounds.latitudeMax }),
  longitude: Type.Number({ minimum: koreaBounds.longitudeMin, maximum: koreaBounds.longitudeMax }),
})

export const outletSchema = Type.Object({
  outletId: idOut,
  merchantId: idOut,
  name: Type.String(),
  district: Type.String(),
  address: Type.String(),
  position: nullable(positionSchema),
  open: Type.Boolean(),
  kits: Type.Array(Type.Object(kitOf)),
})

const text = (lengthMax: number) => Type.String({ minLength: 1, maxLength: lengthMax })

export function registerOutletRoutes(door: Door, deps: RouteDeps): void {
  opening(door, deps)
  kits(door, deps)
}

function opening({ app }: Door, { registration }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/merchants/:merchantId/outlets',
    {
      schema: {
        tags: ['merchants'],
        summary: '매장 등록 · Open a place where the merchant takes payments',
        params: Type.Object({ ...issuerParam, merchantId: idSchema('mrc') }),
        body: Type.Object({
          name: text(160),
          district: text(160),
          address: text(800),
          position: Type.Optional(positionSchema),
        }),
        response: { 201: outletSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const merchantId = readId('mrc', request.params.merchantId)
      const { issuerId, clerkId } = requireClerk(request, merchantId, 'merchant:manage')
      const requestId = idempotencyKey(request)
      const opening = { ...request.body, issuerId, merchantId, clerkId, requestId }
      const { outlet } = registered(await registration.openOutlet(opening))
      return reply.code(201).send(outletView(outlet, []))
    },
  )
}

function kits({ app }: Door, deps: RouteDeps): void {
  const { registration } = deps
  app.post(
    '/v1/issuers/:issuerCode/outlets/:outletId/kits',
    {
      schema: {
        tags: ['merchants'],
        summary: 'QR 키트 발급 · Issue a static code to post at an outlet, in place of another',
        params: Type.Object({ ...issuerParam, outletId: idSchema('out') }),
        body: Type.Object({ replaces: Type.Optional(idSchema('kit')) }),
        response: { 201: codeAnswer(kitCodeSchema), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId } = requireIssuer(request)
      const outletId = readId('out', request.params.outletId)
      const known = await registration.outlet(issuerId, outletId)
      if (known === undefined) throw notFound('path.outletId')
      const { merchantId } = known
      const { clerkId } = requireClerk(request, merchantId, 'merchant:manage')
      const requestId = idempotencyKey(request)
      const { replaces } = request.body
      const issued = await registration.issueKit({
        issuerId,
        outletId,
        merchantId,
        clerkId,
        requestId,
        ...(replaces === undefined ? {} : { replaces: readId('kit', replaces) }),
      })
      const { kit, outlet } = registered(issued)
      const merchant = await registration.merchant(issuerId, merchantId)
      if (merchant === undefined) throw notFound('path.outletId')
      const code = kitCode(requireIssuer(request), { merchant, outlet, kit })
      return sendCode(request, reply.code(201), code)
    },
  )

  app.get(
    '/v1/issuers/:issuerCode/kits/:kitId/code',
    {
      schema: {
        tags: ['merchants'],
        summary:
          'QR 키트 코드 · A kit’s code to print or to show, in the form that Accept asks for',
        params: Type.Object({ ...issuerParam, kitId: idSchema('kit') }),
        response: { 200: postedCodeAnswer(kitCodeSchema), ...problemResponses },
      },
    },
    async (request, reply) => {
      const issuer = requireIssuer(request)
      const found = await registration.kit(issuer.issuerId, readId('kit', request.params.kitId))
      if (found === undefined) throw notFound('path.kitId')
      const { merchantId } = found.outlet
      requireMerchantOrOfficer(request, merchantId)
      const merchant = await registration.merchant(issuer.issuerId, merchantId)
      if (merchant === undefined) throw notFound('path.kitId')
      return sendCode(request, reply, postedCode(deps, issuer, { merchant, ...found }))
    },
  )
}

interface KitPlace {
  readonly merchant: Merchant
  readonly outlet: Outlet
  readonly kit: QrKit
}

/** The code with its sheet. @throws HttpProblem 409 where a sheet is printed of a code that pays no more */
function postedCode({ printer, clock }: RouteDeps, issuer: Issuer, place: KitPlace): SentCode {
  const { text, ...code } = kitCode(issuer, place)
  const { kit, outlet } = place
  const kitId = formatId('kit', kit.kitId)
  const sheet = { placeName: outlet.name, issuerName: issuer.nameKo, kitId, text }
  return {
    ...code,
    text,
    sheet: {
      name: `${kitId}.pdf`,
      print: async () => {
        if (!kit.active) throw refusal('kit_replaced', { field: 'path.kitId' })
        return printer.printKit({ ...sheet, madeAt: clock() })
      },
    },
  }
}

function kitCode(issuer: Issuer, place: KitPlace): SentCode {
  const { merchant, outlet, kit } = place
  const text = makeStaticCode({
    issuerCode: issuer.code,
    outletId: outlet.outletId,
    kitId: kit.kitId,
    mcc: sectors[merchant.sector].categoryCode,
    names: {
      nameLatin: merchant.nameLatin,
      cityLatin: issuer.nameEn,
      nameKorean: outlet.name,
      cityKorean: issuer.nameKo,
    },
  })
  return { text, label: outlet.name, json: kitView(kit) }
}

function kitView({ kitId, outletId, active }: QrKit) {
  return { kitId: formatId('kit', kitId), outletId: formatId('out', outletId), active }
}

/** An outlet with the kits that were ever issued for it. */
export function outletView(outlet: Outlet, kits: readonly QrKit[]): Static<typeof outletSchema> {
  const { name, district, address, position, open } = outlet
  return {
    outletId: formatId('out', outlet.outletId),
    merchantId: formatId('mrc', outlet.merchantId),
    name,
    district,
    address,
    position,
    open,
    kits: kits.map(kitView),
  }
}
