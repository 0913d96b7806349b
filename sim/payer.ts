/** Members with telephones: they buy, and pay by the merchant's code. Some of what they do is wrong. */
import { formatId, won, type Won } from '../src/base/base.ts'
import type { Random } from '../src/demonstration/random.ts'
import { makeDynamicCode, makeStaticCode } from '../src/qr/qr.ts'
import { crcOf } from '../src/qr/crc.ts'
import type { MoneyRequest } from './requests.ts'
import { deviceClock, newKey, type Town } from './town.ts'
import type { Payer, TillClerk } from './world.ts'

/** From looking at a code to pressing «pay». */
const SCAN_MS_MAX = 30_000
const STALE_MS_MIN = 175_000
const STALE_MS_MAX = 260_000

/** One thing that a member sets out to do. */
export function payerActs(town: Town, payer: Payer): void {
  const act = town.random.pickWeighted([
    [buy, 9],
    [payStatic, 9],
    [payDynamic, 9],
    [enrolAgain, 3],
  ] as const)
  act(town, payer)
}

function buy(town: Town, payer: Payer): void {
  const { random, world } = town
  const programs = world.programsOf(payer.issuerId)
  const program = random.chance(95) ? programs[0]! : random.pick(programs)
  const terms = program.terms.at(-1)!
  const faceWon = random.pick([
    terms.purchaseWonMin,
    won(terms.purchaseWonMin * 2),
    won(100_000),
    won(150_000),
    terms.monthlyPurchaseCapWon,
    won(terms.monthlyPurchaseCapWon + terms.purchaseUnitWon),
    terms.holdingCapWon,
    won(terms.purchaseUnitWon + 1),
  ])
  if (faceWon <= 0) return
  const request = (price: Won): MoneyRequest => ({
    kind: 'purchase',
    body: {
      issuerId: payer.issuerId,
      operationId: key,
      member: payer.member,
      walletId: payer.walletId,
      programId: program.programId,
      faceWon: price,
      accountToken: payer.accountToken,
    },
  })
  const key = newKey(random)
  const misuses = random.chance(town.odds.otherBody)
  town.errands.begin({
    request: request(faceWon),
    ...(misuses ? { altered: request(won(faceWon + terms.purchaseUnitWon)) } : {}),
    onKnown: (answer) => {
      if (answer.kind === 'posted') believe(town, payer, answer.amountWon)
    },
  })
}

/** Changes what the member's phone believes to be in the wallet. */
export function believe(town: Town, payer: Payer, changeWon: number): void {
  town.believedWon.set(payer, (town.believedWon.get(payer) ?? 0) + changeWon)
}

/** An amount near an edge: a won, all that there is, one more than that, a limit. */
export function drawAmount(town: Town, payer: Payer | undefined): Won {
  const { random, world } = town
  const believed = payer === undefined ? 0 : (town.believedWon.get(payer) ?? 0)
  const limit =
    payer === undefined ? 0 : world.programsOf(payer.issuerId)[0]!.terms[0]!.paymentWonMax
  const half = Math.floor(believed / 2)
  const amounts = [
    1,
    500,
    3_500,
    10_000,
    half,
    half,
    believed,
    believed,
    believed + 1,
    limit,
    limit + 1,
  ]
  return won(Math.max(1, random.pick(amounts)))
}

function payStatic(town: Town, payer: Payer): void {
  const { random, world, odds } = town
  const till = drawTill(town, payer)
  const { issuerId, outletId } = till.outlet
  const kits = world.acquiring.kitsOf(issuerId, outletId)
  const kit = random.chance(92) ? kits[0]! : random.pick(kits)
  const text = makeStaticCode({ ...placeOf(town, till), kitId: kit.kitId })
  town.policy.codeMade(text, { issuerId, outletId, kitActive: kit.active, dynamic: undefined })
  const code = random.chance(odds.codeAltered) ? altered(random, text) : text
  const forgetsAmount = random.chance(3)
  pay(town, payer, { till, code, ...(forgetsAmount ? {} : { amountWon: drawAmount(town, payer) }) })
}

function payDynamic(town: Town, payer: Payer): void {
  const { random, world, odds, time } = town
  const till = drawTill(town, payer)
  const { issuerId, outletId } = till.outlet
  const amountWon = drawAmount(town, payer)
  const issuedAt = deviceClock(town, till)
  const text = makeDynamicCode({
    ...placeOf(town, till),
    clerkId: till.clerk.clerkId,
    amountWon,
    reference: `r${random.integer(1, 1_000_000)}`,
    issuedAt,
    keyId: world.signingKey.keyId,
    sign: world.signingKey.sign,
  })
  const dynamic = { amountWon, issuedAt: Math.floor(issuedAt / 1_000) * 1_000 }
  town.policy.codeMade(text, { issuerId, outletId, kitActive: true, dynamic })
  const code = random.chance(odds.codeAltered) ? altered(random, text) : text
  const waitMs = random.chance(odds.codeExpired)
    ? random.integer(STALE_MS_MIN, STALE_MS_MAX)
    : random.integer(500, SCAN_MS_MAX)
  const typed = random.chance(80) ? undefined : random.chance(70) ? amountWon : won(amountWon + 1)
  time.after(waitMs, () => {
    pay(town, payer, { till, code, ...(typed === undefined ? {} : { amountWon: typed }) })
    // Two phones before one screen: the code says nothing about who pays.
    if (random.chance(10)) pay(town, random.pick(world.payers), { till, code })
  })
}

function pay(
  town: Town,
  payer: Payer,
  payment: { till: TillClerk; code: string; amountWon?: Won },
): void {
  const { random, world } = town
  const { till, code, amountWon } = payment
  const key = newKey(random)
  const preferred = world.programsOf(payer.issuerId).map((program) => program.programId)
  const request = (typedWon: Won | undefined): MoneyRequest => ({
    kind: 'merchant_code_payment',
    body: {
      issuerId: payer.issuerId,
      operationId: key,
      payer: { walletId: payer.walletId, personId: payer.member.personId },
      code,
      ...(typedWon === undefined ? {} : { amountWon: typedWon }),
      ...(prefers ? { preferredPrograms: preferred } : {}),
    },
  })
  const prefers = random.chance(30)
  const misuses = random.chance(town.odds.otherBody)
  town.errands.begin({
    request: request(amountWon),
    ...(misuses ? { altered: request(won((amountWon ?? 1_000) + 1)) } : {}),
    onKnown: (answer) => {
      if (answer.kind !== 'posted') return
      believe(town, payer, 0 - answer.amountWon)
      const { issuerId, merchantId } = till.outlet
      town.receipts.push({ paymentId: key, issuerId, merchantId, amountWon: answer.amountWon })
    },
  })
}

/** Mostly a till at home; a stranger's where this city's people do such things. */
function drawTill(town: Town, payer: Payer): TillClerk {
  const { random, world, odds } = town
  const foreign = random.chance(odds.foreign)
  return random.pick(
    world.tills.filter((till) => (till.outlet.issuerId === payer.issuerId) !== foreign),
  )
}

function placeOf(town: Town, till: TillClerk) {
  return {
    issuerCode: town.world.issuing.issuer(till.outlet.issuerId)!.code,
    outletId: till.outlet.outletId,
    mcc: '5814',
    names: { nameLatin: 'Imaginary Shop', cityLatin: 'Haean', nameKorean: '가상 상점' },
  }
}

/** A code with one digit changed; a cleverer forger makes the checksum right again. */
function altered(random: Random, text: string): string {
  const amount = /5303410(54\d\d)(\d+)58/.exec(text)
  if (amount !== null && random.chance(60)) {
    const forged = text.replace(
      amount[0],
      `5303410${amount[1]}${'1'.padEnd(amount[2]!.length, '0')}58`,
    )
    const body = forged.slice(0, -4)
    return body + crcOf(body)
  }
  const place = random.integer(0, text.length - 1)
  const other = text[place] === '7' ? '8' : '7'
  return text.slice(0, place) + other + text.slice(place + 1)
}

/** A new telephone: codes that the old one showed pay no more, and keys that they paid are still answered. */
function enrolAgain(town: Town, payer: Payer): void {
  town.world.enrolPhone(payer)
  town.journal.note(formatId('wlt', payer.walletId), 'has a new telephone')
}
