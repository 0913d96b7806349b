/** The requests that the lines of a table stand for. */
import assert from 'node:assert/strict'
import {
  declineReasons,
  lotKinds,
  parseBusinessDate,
  won,
  type DeclineReason,
  type Id,
  type IdPrefix,
  type Instant,
  type LotId,
  type OperationId,
  type PartnerId,
  type Tender,
} from '../base/base.ts'
import {
  FAR_FUTURE,
  keyed,
  MONTH,
  START_AT,
  type LedgerUnderTest,
} from './ledger-bench.contract.ts'
import { settlementOf } from './ledger-movements-bench.contract.ts'
import {
  coverages,
  type CardBooking,
  type DueLot,
  type LotSources,
  type RecordedOperation,
} from './ledger.ts'

export interface Line {
  command: string
  words: string[]
  options: Map<string, string>
}

export interface World {
  bench: LedgerUnderTest
  at: Instant
  /** Lots as they were last found due. */
  due: Map<LotId, DueLot>
  id<Prefix extends IdPrefix>(prefix: Prefix, name: string): Id<Prefix>
  key(name: string): OperationId
  lotName(lotId: LotId): string
  /** The names of their keys, sorted. */
  keyNames(operations: readonly RecordedOperation[]): string
  partnerName(partnerId: PartnerId): string
}

/** Whose card, where the line says it. */
function cardOf(world: World, { options }: Line): { card?: CardBooking } {
  const partner = options.get('card')
  return partner === undefined ? {} : { card: cardBooking(world, partner, options) }
}

export function cardBooking(world: World, partner: string, options: Line['options']): CardBooking {
  const businessDate = parseBusinessDate(options.get('date') ?? '2031-01-01')
  assert.ok(businessDate, `no date: ${options.get('date')}`)
  return { partnerId: world.id('prt', partner), businessDate }
}

/** What every request may carry. */
function extras({ options }: Line): { actor?: string; refusal?: DeclineReason } {
  const actor = options.get('by')
  const refusal = declineReasons.find((reason) => reason === options.get('refused'))
  return { ...(actor && { actor }), ...(refusal && { refusal }) }
}

function tender(world: World, text: string): Tender {
  const [program = '', kind = 'purchase'] = text.split('/')
  const lotKind = lotKinds.find((known) => known === kind)
  assert.ok(lotKind, `no kind of lot: ${kind}`)
  return { programId: world.id('prg', program), kind: lotKind }
}

function sourcesOf(text: string): LotSources {
  const [payWon = 0, nationalWon = 0, provinceWon = 0, cityWon = 0] = text.split('+').map(Number)
  return {
    payWon: won(payWon),
    nationalWon: won(nationalWon),
    provinceWon: won(provinceWon),
    cityWon: won(cityWon),
  }
}

function expiry({ options }: Line): Instant {
  const until = options.get('until')
  return until === undefined ? FAR_FUTURE : START_AT + Number(until)
}

export function issueRequest(world: World, line: Line) {
  const [key = '', wallet = '', lot = '', program = '', amount = ''] = line.words
  const content = {
    walletId: world.id('wlt', wallet),
    lotId: world.id('lot', lot),
    ...tender(world, program),
    expiresAt: expiry(line),
    sources: sourcesOf(amount),
    ...extras(line),
  }
  return keyed('issue', content, world.key(key))
}

export function paymentRequest(world: World, line: Line, method: 'pay' | 'hold') {
  const [key = '', wallet = '', merchant = '', amount = '', tenders = ''] = line.words
  const step = line.options.get('step')
  const card = cardOf(world, line)
  const coverage = coverages.find((known) => known === line.options.get('cover'))
  const byCode = step === undefined ? ('mpm_static' as const) : ('cpm' as const)
  const content = {
    channel: card.card === undefined ? byCode : ('card' as const),
    walletId: world.id('wlt', wallet),
    merchantId: world.id('mrc', merchant),
    outletId: world.id('out', merchant),
    amountWon: won(Number(amount)),
    tenders: tenders.split(',').map((text) => tender(world, text)),
    ...(step !== undefined && { codeStep: Number(step) }),
    ...(coverage && { coverage }),
    ...card,
    ...extras(line),
  }
  return keyed(method, content, world.key(key))
}

export function closureRequest(world: World, line: Line) {
  const [key = '', hold = '', amount = '0'] = line.words
  const asked = { holdId: world.key(hold), amountWon: won(Number(amount)) }
  const content = { ...asked, ...cardOf(world, line), ...extras(line) }
  return keyed('closeHolds', content, world.key(key))
}

export function cancellationRequest(world: World, line: Line) {
  const [key = '', payment = '', merchant = '', amount] = line.words
  const content = {
    paymentId: world.key(payment),
    merchantId: world.id('mrc', merchant),
    ...(amount !== undefined && { amountWon: won(Number(amount)) }),
    ...cardOf(world, line),
    ...extras(line),
  }
  return keyed('cancel', content, world.key(key))
}

export function settlementRequest(world: World, line: Line) {
  const [key = '', partner = '', amount = ''] = line.words
  const content = {
    card: cardBooking(world, partner, line.options),
    amountWon: won(Number(amount)),
    ...extras(line),
  }
  return settlementOf(content, world.key(key))
}

export function purchaseRequest(world: World, line: Line) {
  const [key = '', wallet = '', lot = '', program = '', amount = ''] = line.words
  const paid = sourcesOf(amount)
  const limit = (name: string) => won(Number(line.options.get(name) ?? 1_000_000))
  const content = {
    walletId: world.id('wlt', wallet),
    programId: world.id('prg', program),
    lotId: world.id('lot', lot),
    faceWon: won(paid.payWon + paid.nationalWon + paid.provinceWon + paid.cityWon),
    sources: paid,
    expiresAt: expiry(line),
    month: line.options.get('month') ?? MONTH,
    quotaWon: limit('quota'),
    purchaseCapWon: limit('cap'),
    holdingCapWon: limit('holding'),
    accountToken: 'token',
    ...extras(line),
  }
  return keyed('reservePurchases', content, world.key(key))
}
