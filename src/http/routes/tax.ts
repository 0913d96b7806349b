/** For the tax office: the number by which it knows a member, and what the member used in a year. */
import { Type, type Static } from 'typebox'
import { maskCashReceipt } from '../../issuing/issuing.ts'
import type { TaxSetting } from '../../registration/registration.ts'
import type { TaxYear } from '../../reporting/reporting.ts'
import {
  idempotencyKey,
  instantOrNull,
  instantSchema,
  issuerParam,
  issuerParams,
  problemResponses,
  requireMember,
  type Door,
} from '../door.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { nullable, wonOut } from './views.ts'

const settingSchema = Type.Object({
  cashReceiptNumberMasked: nullable(
    Type.String({ description: 'Such as 010-****-5678; null: none is registered' }),
  ),
  registeredSince: nullable(instantSchema),
})

const settingBody = Type.Object({
  cashReceiptNumber: nullable(
    Type.String({
      minLength: 1,
      maxLength: 40,
      description: 'A mobile number or a cash-receipt card of 18 digits; null takes it back',
    }),
  ),
})

const categories = {
  generalWon: wonOut,
  traditionalMarketWon: wonOut,
  notDeductibleWon: wonOut,
}
const yearSchema = Type.Object({
  year: Type.Integer(),
  ...categories,
  /** Used while no cash-receipt number was registered: the tax office does not have it. */
  unregistered: Type.Object(categories),
  registeredNow: Type.Boolean(),
})

export function registerTaxRoutes(door: Door, deps: RouteDeps): void {
  settings(door, deps)
  years(door, deps)
}

function settings({ app }: Door, { taxSettings }: RouteDeps): void {
  const path = '/v1/issuers/:issuerCode/members/me/tax-settings'
  app.get(
    path,
    {
      schema: {
        tags: ['members'],
        summary: '소득공제 설정 · My cash-receipt number, masked',
        params: issuerParams,
        response: { 200: settingSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      return settingView(await taxSettings.taxSetting(issuerId, memberId))
    },
  )

  app.post(
    path,
    {
      schema: {
        tags: ['members'],
        summary: '소득공제 설정 변경 · Register, change or take back my cash-receipt number',
        params: issuerParams,
        body: settingBody,
        response: { 200: settingSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const { cashReceiptNumber } = request.body
      const set = await taxSettings.setTax({ issuerId, memberId, cashReceiptNumber })
      return settingView(registered(set, 'body'))
    },
  )
}

function years({ app }: Door, { reporting, taxSettings }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/members/me/tax/:year',
    {
      schema: {
        tags: ['wallet'],
        summary:
          '소득공제 자료 · What one used in a year, less what was cancelled; not what one bought',
        params: Type.Object({
          ...issuerParam,
          year: Type.String({ pattern: '^20\\d{2}$' }),
        }),
        response: { 200: yearSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId, walletId } = requireMember(request)
      const setting = await taxSettings.taxSetting(issuerId, memberId)
      const asked = { year: Number(request.params.year), registered: setting.spans }
      const { year, usedWon, unregisteredWon } = await reporting.tax(issuerId, walletId, asked)
      return {
        year,
        ...categoriesView(usedWon),
        unregistered: categoriesView(unregisteredWon),
        registeredNow: setting.cashReceiptNumber !== undefined,
      }
    },
  )
}

function categoriesView(sums: TaxYear['usedWon']) {
  return {
    generalWon: sums.general,
    traditionalMarketWon: sums.traditional_market,
    notDeductibleWon: sums.not_deductible,
  }
}

function settingView({
  cashReceiptNumber,
  registeredSince,
}: TaxSetting): Static<typeof settingSchema> {
  return {
    cashReceiptNumberMasked:
      cashReceiptNumber === undefined ? null : maskCashReceipt(cashReceiptNumber),
    registeredSince: instantOrNull(registeredSince ?? null),
  }
}
