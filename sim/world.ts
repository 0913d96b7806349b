/**
 * A very small country drawn from a seed: two issuers, few members, shops and clerks, tight quotas and
 * caps, so that whatever can collide does. The directories are the real ports over rows that change.
 */
import type {
  AcquiringDirectory,
  Clerk,
  Merchant,
  Outlet,
  QrKit,
} from '../src/acquiring/acquiring.ts'
import type { EnrolledPayer } from '../src/authorization/authorization.ts'
import {
  HOUR_MS,
  id,
  parseBusinessDate,
  won,
  type Instant,
  type IssuerId,
  type LotId,
  type MerchantId,
  type ProgramId,
  type WalletId,
  type Won,
} from '../src/base/base.ts'
import type { Random } from '../src/demonstration/random.ts'
import type { Issuer, IssuingDirectory, Member, Program } from '../src/issuing/issuing.ts'
import { signingKeyOf, type SigningKey } from './crypto-ports.ts'
import { drawPrograms } from './world-programs.ts'

/** A member with wallet, linked account and telephone. */
export interface Payer {
  readonly member: Member
  readonly issuerId: IssuerId
  readonly walletId: WalletId
  readonly accountToken: string
  /** Its own clock against the true one. */
  readonly skewMs: number
  phone: { readonly handle: number; readonly seed: Uint8Array }
}

/** Somebody at a till. */
export interface TillClerk {
  readonly clerk: Clerk
  readonly outlet: Outlet
  readonly skewMs: number
}

export interface World {
  readonly startAt: Instant
  readonly issuers: readonly Issuer[]
  readonly payers: readonly Payer[]
  readonly tills: readonly TillClerk[]
  readonly signingKey: SigningKey
  readonly balances: Map<string, Won>
  readonly issuing: IssuingDirectory
  readonly acquiring: AcquiringDirectory
  readonly stoppedWallets: Set<WalletId>
  programsOf(issuerId: IssuerId): readonly Program[]
  replaceProgram(program: Program): void
  replaceMerchant(merchant: Merchant): void
  /** Every handle that a phone ever had is known; only that of the phone in use is active. */
  payerByHandle(issuerId: IssuerId, handle: number): EnrolledPayer | undefined
  /** Replaces the payer's phone. */
  enrolPhone(payer: Payer): void
  nextLotId(): LotId
}

const START_INSTANTS = [
  '2026-11-22T12:00:00+09:00',
  '2026-11-30T23:50:00+09:00',
  '2026-12-31T23:58:00+09:00',
  '2028-02-29T10:00:00+09:00',
] as const

export const ISSUER_IDS: readonly IssuerId[] = [id('iss', 1), id('iss', 2)]
const ISSUER_CODES = ['haean', 'sanbuk'] as const
const SECTORS = ['snack_bar', 'greengrocer', 'bookstore', 'gambling'] as const
/** Ids of granted lots start here, far from those that the core's id source makes. */
const GRANT_LOT_BASE = 1_000

export function createWorld(random: Random): World {
  const startAt = Date.parse(random.pick(START_INSTANTS))
  const programs = new Map<ProgramId, Program>()
  const issuers = ISSUER_IDS.map((issuerId, index) => issuerOf(issuerId, ISSUER_CODES[index]!))
  for (const { issuerId } of issuers) {
    const drawn = drawPrograms(random, { issuerId, startAt, firstNumber: programs.size + 1 })
    for (const program of drawn) programs.set(program.programId, program)
  }
  const skewMs = (): number =>
    random.pickWeighted([
      [0, 5],
      [random.integer(-50_000, 50_000), 4],
      [random.integer(-400_000, 400_000), 1],
    ] as const)
  const handles = new Map<number, Payer>()
  const payers = ISSUER_IDS.flatMap((issuerId, index) =>
    Array.from({ length: index === 0 ? random.integer(2, 5) : 2 }, (_, place) =>
      drawPayer(random, { issuerId, number: index * 10 + place + 1, skewMs: skewMs() }),
    ),
  )
  const balances = new Map<string, Won>()
  for (const payer of payers) {
    handles.set(payer.phone.handle, payer)
    balances.set(payer.accountToken, won(random.pick([100_000, 1_000_000, 50_000_000, 50_000_000])))
  }
  const shops = drawShops(random, payers)
  const { merchants } = shops
  const seeds = new Map(payers.map((payer) => [payer.phone.handle, payer.phone.seed]))
  let lotCount = 0
  return {
    startAt,
    issuers,
    payers,
    tills: shops.clerks.map((clerk) => ({
      clerk,
      outlet: random.pick(shops.outlets.filter((one) => one.merchantId === clerk.merchantId)),
      skewMs: skewMs(),
    })),
    signingKey: signingKeyOf('till-key-1'),
    balances,
    issuing: issuingDirectory(issuers, programs),
    acquiring: acquiringDirectory(shops),
    stoppedWallets: new Set(),
    programsOf: (issuerId) => [...programs.values()].filter((one) => one.issuerId === issuerId),
    replaceProgram: (program) => void programs.set(program.programId, program),
    replaceMerchant: (merchant) => void merchants.set(merchant.merchantId, merchant),
    payerByHandle(issuerId, handle) {
      const payer = handles.get(handle)
      const seed = seeds.get(handle)
      if (payer === undefined || seed === undefined || payer.issuerId !== issuerId) return undefined
      const { walletId, phone } = payer
      const active = phone.handle === handle
      return { walletId, personId: payer.member.personId, seed, active }
    },
    enrolPhone(payer) {
      payer.phone = drawPhone(random)
      handles.set(payer.phone.handle, payer)
      seeds.set(payer.phone.handle, payer.phone.seed)
    },
    nextLotId() {
      lotCount += 1
      return id('lot', GRANT_LOT_BASE + lotCount)
    },
  }
}

function issuerOf(issuerId: IssuerId, code: string): Issuer {
  return {
    issuerId,
    code,
    nameKo: '가상시',
    nameEn: 'Imaginary City',
    province: 'jeonbuk',
    kind: 'municipality',
    treasuryBank: '가상은행',
  }
}

function drawPhone(random: Random): Payer['phone'] {
  const seed = Uint8Array.from({ length: 32 }, () => random.integer(0, 255))
  return { handle: random.integer(1, 9_999_999_999), seed }
}

function drawPayer(
  random: Random,
  options: { issuerId: IssuerId; number: number; skewMs: number },
): Payer {
  const { issuerId, number, skewMs } = options
  const birthDate = parseBusinessDate(random.chance(95) ? '1990-05-05' : '2016-05-05')!
  return {
    issuerId,
    member: {
      issuerId,
      memberId: id('mbr', number),
      personId: `person-${number}`,
      name: '김하늘',
      birthDate,
      phone: '010-0000-0001',
      status: random.chance(98) ? 'active' : 'stopped',
    },
    walletId: id('wlt', number),
    accountToken: `account-${number}`,
    skewMs,
    phone: drawPhone(random),
  }
}

interface Shops {
  readonly merchants: Map<MerchantId, Merchant>
  readonly outlets: readonly Outlet[]
  readonly clerks: readonly Clerk[]
  readonly kits: readonly QrKit[]
}

function drawShops(random: Random, payers: readonly Payer[]): Shops {
  const merchants = new Map<MerchantId, Merchant>()
  const outlets: Outlet[] = []
  const clerks: Clerk[] = []
  const kits: QrKit[] = []
  for (const issuerId of ISSUER_IDS) {
    const count = issuerId === ISSUER_IDS[0] ? random.integer(1, 3) : 1
    for (let place = 0; place < count; place += 1) {
      const merchant = drawMerchant(random, payers, { issuerId, number: merchants.size + 1 })
      const { merchantId } = merchant
      merchants.set(merchantId, merchant)
      const outletId = id('out', outlets.length + 1)
      outlets.push({
        issuerId,
        outletId,
        merchantId,
        position: null,
        name: '가상 상점',
        district: '중앙동',
        address: '중앙로 1',
        open: random.chance(98),
      })
      kits.push({ issuerId, kitId: id('kit', kits.length + 1), outletId, active: true })
      kits.push({ issuerId, kitId: id('kit', kits.length + 1), outletId, active: false })
      for (let index = random.integer(1, 3); index > 0; index -= 1) {
        const clerkId = id('clk', clerks.length + 1)
        const personId = `clerk-${clerkId}`
        clerks.push({ issuerId, clerkId, merchantId, personId, role: 'clerk' })
      }
    }
  }
  return { merchants, outlets, clerks, kits }
}

function drawMerchant(
  random: Random,
  payers: readonly Payer[],
  options: { issuerId: IssuerId; number: number },
): Merchant {
  const ownedByPayer = random.chance(15)
  return {
    issuerId: options.issuerId,
    merchantId: id('mrc', options.number),
    name: '가상 상점',
    nameLatin: 'Imaginary Shop',
    businessNumber: '1248100998',
    ownerPersonId: ownedByPayer ? random.pick(payers).member.personId : `owner-${options.number}`,
    sector: random.pickWeighted(
      SECTORS.map((sector, index) => [sector, index < 3 ? 6 : 1] as const),
    ),
    annualRevenueWon: won(
      random.pickWeighted([
        [200_000_000, 9],
        [4_000_000_000, 1],
      ] as const),
    ),
    district: '중앙동',
    status: 'active',
    registeredAt: Date.parse('2026-01-01T00:00:00+09:00') + HOUR_MS,
  }
}

function issuingDirectory(
  issuers: readonly Issuer[],
  programs: Map<ProgramId, Program>,
): IssuingDirectory {
  return {
    issuers: () => issuers,
    issuer: (issuerId) => issuers.find((issuer) => issuer.issuerId === issuerId),
    issuerByCode: (code) => issuers.find((issuer) => issuer.code === code),
    programs: (issuerId) => [...programs.values()].filter((one) => one.issuerId === issuerId),
    program(issuerId, programId) {
      const program = programs.get(programId)
      return program?.issuerId === issuerId ? program : undefined
    },
  }
}

function acquiringDirectory(shops: Shops): AcquiringDirectory {
  const { merchants, outlets, clerks, kits } = shops
  const of = <Row extends { issuerId: IssuerId }>(
    issuerId: IssuerId,
    row: Row | undefined,
  ): Row | undefined => (row?.issuerId === issuerId ? row : undefined)
  return {
    merchant: (issuerId, merchantId) => of(issuerId, merchants.get(merchantId)),
    outlet: (issuerId, outletId) =>
      of(
        issuerId,
        outlets.find((outlet) => outlet.outletId === outletId),
      ),
    outletsOf: (_, merchantId) => outlets.filter((outlet) => outlet.merchantId === merchantId),
    clerk: (issuerId, clerkId) =>
      of(
        issuerId,
        clerks.find((clerk) => clerk.clerkId === clerkId),
      ),
    clerksOf: (_, merchantId) => clerks.filter((clerk) => clerk.merchantId === merchantId),
    kit: (issuerId, kitId) =>
      of(
        issuerId,
        kits.find((kit) => kit.kitId === kitId),
      ),
    kitsOf: (_, outletId) => kits.filter((kit) => kit.outletId === outletId),
    merchants: (issuerId) => [...merchants.values()].filter((one) => one.issuerId === issuerId),
  }
}
