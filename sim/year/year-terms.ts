/** The town's rules as the product takes them: records of an issuer, its programs, members and shops. */
import {
  derivedOperationId,
  id,
  parseBusinessDate,
  requestHash,
  won,
  type BusinessDate,
  type Instant,
  type OperationId,
  type ProgramId,
  type WalletId,
} from '../../src/base/base.ts'
import { sampleStipendRules, sampleTerms } from '../../src/issuing/terms-sample.ts'
import { naturalKey, newRecord, type NewRecord } from '../../src/registration/registration.ts'
import { sha256 } from '../crypto-ports.ts'
import { dayNumber, startOfDay } from './year-calendar.ts'
import { programNames, type Officer, type ProgramName } from './year-events.ts'
import { townRules, type ProgramRules } from './year-town-rules.ts'

export const ISSUER = id('iss', 1)
export const ISSUER_CODE = 'ieodo'
/** Terms are in force an hour before the first day begins. */
const BEGINS_BEFORE_MS = 3_600_000

export function programIdOf(program: ProgramName): ProgramId {
  return id('prg', 1 + programNames.indexOf(program))
}
export const memberIdOf = (member: number) => id('mbr', 101 + member)
export const walletOf = (member: number): WalletId => id('wlt', 101 + member)
export const accountOf = (member: number): string => `account-${member}`
export const personOf = (member: number): string => `person-m${String(member).padStart(4, '0')}`
export const phoneOf = (member: number): string => `010-0000-${String(member).padStart(4, '0')}`
export const merchantOf = (shop: number) => id('mrc', 301 + shop)
export const outletOf = (shop: number) => id('out', 401 + shop)
export const clerkOf = (shop: number) => id('clk', 501 + shop)
export const kitOf = (shop: number) => id('kit', 601 + shop)
export const officerOf = (officer: Officer) => id('off', officer)
export const nameOf = (member: number): string => `주민${member}`
export const BIRTH_DATE = '1980-04-17' as BusinessDate // A day that exists.

/** The key that the person's device made for an event. */
export function keyOf(number: number): OperationId {
  return derivedOperationId(requestHash(sha256, ['year', number]))
}

/** Everything that is there when the year begins. */
export function openingRecords(): readonly NewRecord[] {
  return [
    issuerRecord(),
    ...officerRecords(),
    ...programRecords(),
    ...memberRecords(),
    ...shopRecords(),
  ]
}

function issuerRecord(): NewRecord {
  const body = {
    code: ISSUER_CODE,
    nameKo: '이어도시',
    nameEn: 'Ieodo',
    province: 'jeju',
    kind: 'municipality',
    treasuryBank: '제주은행',
  } as const
  return newRecord('issuer', {
    recordId: ISSUER,
    version: 1,
    body,
    keys: [naturalKey.issuerCode(ISSUER_CODE)],
  })
}

function officerRecords(): NewRecord[] {
  return ([1, 2] as const).map((officer) =>
    newRecord('officer', {
      recordId: officerOf(officer),
      version: 1,
      body: {
        personId: `officer-${officer}`,
        name: `담당자${officer}`,
        title: '주무관',
        active: true,
      },
    }),
  )
}

function programRecords(): NewRecord[] {
  return programNames.flatMap((name) => {
    const recordId = programIdOf(name)
    const rules = townRules.programs[name]
    const program = newRecord('program', {
      recordId,
      version: 1,
      body: { name: `이어도 ${name}`, nameEn: `Ieodo ${name}` },
    })
    return [program, newRecord('terms', { recordId, version: 1, body: termsBody(rules) })]
  })
}

function termsBody(rules: ProgramRules) {
  const { programId: _program, issuerId: _issuer, version: _version, ...sample } = sampleTerms
  const [national, province, city] = rules.weights
  const cap = rules.revenueWonMax === null ? null : won(rules.revenueWonMax)
  const opensAt = openingInstant(rules.soldFrom)
  return {
    ...sample,
    requestId: null,
    effectiveFrom: startOfDay(0) - BEGINS_BEFORE_MS,
    kind: rules.kind,
    tenderRank: rules.rank,
    validityYears: rules.validityYears,
    usableUntil: rules.usableUntil === null ? null : parseBusinessDate(rules.usableUntil)!,
    benefit: {
      mode: rules.mode,
      rateBasisPoints: rules.rateBasisPoints,
      fundingShares: [
        { funder: 'national', weight: national } as const,
        { funder: 'province', weight: province } as const,
        { funder: 'city', weight: city } as const,
      ],
    },
    saleWindow: {
      opensAt,
      closesAt: rules.soldUntil === null ? null : openingInstant(rules.soldUntil),
    },
    monthlyQuotaWon: won(rules.quotaWon),
    monthlyPurchaseCapWon: won(rules.monthlyCapWon),
    holdingCapWon: won(rules.holdingCapWon),
    purchaseWonMin: won(rules.leastWon),
    purchaseUnitWon: won(rules.unitWon),
    merchantRules: {
      ...sample.merchantRules,
      revenueWonMax: { purchase: cap, stipend: cap, cashback: cap, gift: cap },
    },
    settlementLagDays: { ...sample.settlementLagDays, qr: rules.lagDays },
    feeTiers: rules.fees.map(({ revenueWonMax, basisPoints }) => ({
      revenueWonMax: revenueWonMax === null ? null : won(revenueWonMax),
      feeBasisPoints: basisPoints,
    })),
    refund: rules.kind === 'purchase' ? sample.refund : null,
    cashback: rules.cashback && cashbackRules(rules.cashback),
    stipend: rules.stipend && stipendRules(rules.stipend),
  }
}

function cashbackRules({ steps, ...rest }: NonNullable<ProgramRules['cashback']>) {
  return {
    tiers: steps.map(({ revenueWonMax, basisPoints }) => ({
      revenueWonMax: revenueWonMax === null ? null : won(revenueWonMax),
      rateBasisPoints: basisPoints,
    })),
    monthlyCapWon: won(rest.monthlyCapWon),
    validityMonths: rest.validityMonths,
    spending: 'automatic' as const,
  }
}

function stipendRules({ clawsBack, ...days }: NonNullable<ProgramRules['stipend']>) {
  return { ...sampleStipendRules, ...days, clawbackAtExpiry: clawsBack }
}

function openingInstant(day: string): Instant {
  return startOfDay(dayNumber(day))
}

function memberRecords(): NewRecord[] {
  return townRules.members.map((_, member) => {
    const personId = personOf(member)
    const digits = phoneOf(member).replaceAll('-', '')
    return newRecord('member', {
      recordId: memberIdOf(member),
      version: 1,
      body: {
        personId,
        name: nameOf(member),
        birthDate: BIRTH_DATE,
        phone: phoneOf(member),
        status: 'active',
        walletId: walletOf(member),
        accountToken: accountOf(member),
        debitConsentId: null,
      },
      keys: [naturalKey.person(personId), naturalKey.ofPhone(digits, memberIdOf(member))],
    })
  })
}

function shopRecords(): NewRecord[] {
  return townRules.shops.flatMap(({ revenueWon }, shop) => {
    const merchantId = merchantOf(shop)
    const personId = `person-s${String(shop).padStart(4, '0')}`
    const merchant = {
      name: `가게${shop}`,
      nameLatin: `Shop ${shop}`,
      businessNumber: String(1_000_000_000 + shop),
      ownerPersonId: personId,
      sector: 'restaurant',
      annualRevenueWon: won(revenueWon),
      district: '중앙동',
      status: 'active',
      registeredAt: startOfDay(0) - BEGINS_BEFORE_MS,
    } as const
    const place = { name: merchant.name, district: '중앙동', address: '1', position: null }
    const outlet = { merchantId, ...place, open: true }
    const clerk = { merchantId, personId, role: 'owner', active: true } as const
    return [
      newRecord('merchant', {
        recordId: merchantId,
        version: 1,
        body: merchant,
        keys: [naturalKey.businessNumber(merchant.businessNumber)],
      }),
      newRecord('outlet', { recordId: outletOf(shop), version: 1, body: outlet }),
      newRecord('clerk', {
        recordId: clerkOf(shop),
        version: 1,
        body: clerk,
        keys: [naturalKey.clerk(merchantId, personId)],
      }),
      newRecord('kit', {
        recordId: kitOf(shop),
        version: 1,
        body: { outletId: outletOf(shop), active: true },
      }),
    ]
  })
}
