/**
 * Runs a table of commands against a ledger: one command a line, its expected outcome after the
 * arrow, comments after two slashes. Names become ids; `lot_1` always has a lower id than `lot_2`.
 *
 *     at       100                                     the clock, ms after the start
 *     open     wallet…
 *     issue    key wallet lot program/kind won         won: paid, or paid+national+province+city
 *     pay      key wallet merchant won tender,tender…  likewise hold; a tender is program/kind
 *     capture  key hold won                            likewise: release key hold
 *     cancel   key payment merchant [won]
 *     settle   key partner won                         with the option date
 *     reserve  key wallet lot program won              with quota, cap, holding
 *     complete key purchase                            likewise abandon
 *     lots     wallet                                  each `lot remaining` or `lot remaining+held`
 *     find     key
 *     payable  merchant                                won owed to it; likewise: clearing partner
 *     cards    partner                                 keys of a business date, with the option date
 *     open     holds                                   keys of card holds that nothing closed yet
 *
 * Options are pairs at the end of a line: `until 200` (expiry), `step 7` (code step),
 * `refused own_shop`, `by clk_1`, `month 2031-02`, `quota 900 cap 500 holding 500`, `card hanbit date 2031-01-02`
 * (whose card; without a date the first of January), `cover partial` or `cover advice`.
 * A program without a kind means purchase.
 */
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
  coverages,
  type CardBooking,
  type LotSources,
  type Outcome,
  type RecordedOperation,
} from './ledger.ts'
import {
  FAR_FUTURE,
  ids,
  keyed,
  MONTH,
  newKey,
  START_AT,
  type LedgerUnderTest,
} from './ledger-bench.contract.ts'

interface Line {
  command: string
  words: string[]
  options: Map<string, string>
}

/** Runs all lines; the first whose outcome is not the expected one fails the test. */
export async function runTable(bench: LedgerUnderTest, table: string): Promise<void> {
  const world = createWorld(bench)
  for (const source of table.split('\n')) {
    const text = source.replace(/\/\/.*$/, '').trim()
    if (text === '') continue
    const [asked = '', expected = ''] = text.split('->').map((part) => part.trim())
    assert.equal(await run(world, parseLine(asked)), expected.replaceAll(/\s+/g, ' '), text)
  }
}

/** How many words each command takes before its options. */
const wordCounts: Record<string, number> = {
  at: 1,
  issue: 5,
  pay: 5,
  hold: 5,
  capture: 3,
  release: 2,
  reserve: 5,
  complete: 2,
  abandon: 2,
  settle: 3,
  lots: 1,
  find: 1,
  payable: 1,
  clearing: 1,
  cards: 1,
}
const optionNames = 'until step refused by month quota cap holding card date cover'.split(' ')

function parseLine(text: string): Line {
  const [command = '', ...words] = text.split(/\s+/)
  const firstOption = words.findIndex((word) => optionNames.includes(word))
  const end = firstOption === -1 ? words.length : firstOption
  const count = wordCounts[command] ?? end
  assert.equal(end, count, `${command} takes ${count} words: ${text}`)
  const options = new Map<string, string>()
  for (let index = end; index < words.length; index += 2) {
    assert.ok(optionNames.includes(words[index]!), `no option ${words[index]}: ${text}`)
    options.set(words[index]!, words[index + 1]!)
  }
  return { command, words: words.slice(0, end), options }
}

interface World {
  bench: LedgerUnderTest
  at: Instant
  id<Prefix extends IdPrefix>(prefix: Prefix, name: string): Id<Prefix>
  key(name: string): OperationId
  lotName(lotId: LotId): string
  /** The names of their keys, sorted. */
  keyNames(operations: readonly RecordedOperation[]): string
  partnerName(partnerId: PartnerId): string
}

const LOTS_NAMED = 9

function createWorld(bench: LedgerUnderTest): World {
  const idsByName = new Map<string, number>()
  const keys = new Map<string, OperationId>()
  const nameOf = (prefix: IdPrefix, id: number): string => {
    const entry = [...idsByName].find(([name, one]) => one === id && name.startsWith(`${prefix} `))
    return entry?.[0].slice(prefix.length + 1) ?? `${prefix} ${id}`
  }
  const world: World = {
    bench,
    at: START_AT,
    id(prefix, name) {
      const known = idsByName.get(`${prefix} ${name}`) ?? ids.next(prefix)
      idsByName.set(`${prefix} ${name}`, known)
      return known as Id<typeof prefix> // The map's key says the prefix.
    },
    key(name) {
      const key = keys.get(name) ?? newKey()
      keys.set(name, key)
      return key
    },
    lotName: (lotId) => nameOf('lot', lotId),
    partnerName: (partnerId) => nameOf('prt', partnerId),
    keyNames(operations) {
      const names = operations.map(
        ({ operationId }) => [...keys].find(([, key]) => key === operationId)?.[0] ?? operationId,
      )
      return names.toSorted().join(', ')
    },
  }
  for (let number = 1; number <= LOTS_NAMED; number += 1) world.id('lot', `lot_${number}`)
  return world
}

async function run(world: World, line: Line): Promise<string> {
  const { ledger, issuerId } = world.bench
  const { command, words } = line
  const [first = '', second = ''] = words
  switch (command) {
    case 'at':
      world.at = START_AT + Number(first)
      return ''
    case 'open': {
      if (first === 'holds') return openHoldsText(world)
      const wallets = words.map((name) => ({ name, walletId: world.id('wlt', name) }))
      const openings = wallets.map(({ name, walletId }) => {
        return { walletId, memberId: world.id('mbr', name) }
      })
      await ledger.openWallets(issuerId, openings, world.at)
      return ''
    }
    case 'lots':
      return lotsText(world, first)
    case 'find':
      return findText(world, first)
    case 'payable':
    case 'clearing':
    case 'cards':
      return cardText(world, line)
    case 'complete':
    case 'abandon': {
      const closure = {
        closureId: world.key(first),
        purchaseId: world.key(second),
        debited: command === 'complete',
      }
      return only(world, await ledger.closePurchases(issuerId, [closure], world.at))
    }
    default:
      return only(world, await post(world, line))
  }
}

async function post(world: World, line: Line): Promise<Outcome[]> {
  const { ledger, issuerId } = world.bench
  switch (line.command) {
    case 'issue':
      return ledger.issue(issuerId, [issueRequest(world, line)], world.at)
    case 'pay':
      return ledger.pay(issuerId, [paymentRequest(world, line, 'pay')], world.at)
    case 'hold':
      return ledger.hold(issuerId, [paymentRequest(world, line, 'hold')], world.at)
    case 'capture':
    case 'release':
      return ledger.closeHolds(issuerId, [closureRequest(world, line)], world.at)
    case 'cancel':
      return ledger.cancel(issuerId, [cancellationRequest(world, line)], world.at)
    case 'settle':
      return ledger.settleCards(issuerId, [settlementRequest(world, line)], world.at)
    case 'reserve':
      return ledger.reservePurchases(issuerId, [purchaseRequest(world, line)], world.at)
    default:
      return assert.fail(`no command ${line.command}`)
  }
}

/** Whose card, where the line says it. */
function cardOf(world: World, { options }: Line): { card?: CardBooking } {
  const partner = options.get('card')
  return partner === undefined ? {} : { card: cardBooking(world, partner, options) }
}

function cardBooking(world: World, partner: string, options: Line['options']): CardBooking {
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

function issueRequest(world: World, line: Line) {
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

function paymentRequest(world: World, line: Line, method: 'pay' | 'hold') {
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

function closureRequest(world: World, line: Line) {
  const [key = '', hold = '', amount = '0'] = line.words
  const asked = { holdId: world.key(hold), amountWon: won(Number(amount)) }
  const content = { ...asked, ...cardOf(world, line), ...extras(line) }
  return keyed('closeHolds', content, world.key(key))
}

function cancellationRequest(world: World, line: Line) {
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

function settlementRequest(world: World, line: Line) {
  const [key = '', partner = '', amount = ''] = line.words
  const content = {
    card: cardBooking(world, partner, line.options),
    amountWon: won(Number(amount)),
    ...extras(line),
  }
  return keyed('settleCards', content, world.key(key))
}

function purchaseRequest(world: World, line: Line) {
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

function only(world: World, outcomes: readonly Outcome[]): string {
  assert.equal(outcomes.length, 1, 'one outcome for one request')
  const [outcome] = outcomes
  assert.ok(outcome)
  if (outcome.status === 'key_reused') return 'key_reused'
  const again = outcome.replayed ? 'again ' : ''
  if (outcome.status === 'declined') return again + outcome.reason
  const legs = outcome.legs.map((leg) => `${world.lotName(leg.lotId)} ${leg.amountWon}`)
  if (outcome.lossWon !== undefined) legs.push(`loss ${outcome.lossWon}`)
  return `${again}posted ${legs.join(', ')}`.trim()
}

async function lotsText(world: World, wallet: string): Promise<string> {
  const { ledger, issuerId } = world.bench
  const lots = await ledger.lots(issuerId, world.id('wlt', wallet))
  const texts = lots.map((lot) => {
    const held = lot.heldWon > 0 ? `+${lot.heldWon}` : ''
    return `${world.lotName(lot.lotId)} ${lot.remainingWon}${held}`
  })
  return texts.toSorted().join(', ')
}

/** Sums of what is owed, and which operations are about cards. */
async function cardText(world: World, { command, words, options }: Line): Promise<string> {
  const { reading, issuerId } = world.bench
  const [name = ''] = words
  if (command === 'payable') {
    return String(await reading.merchantPayable(issuerId, world.id('mrc', name)))
  }
  if (command === 'clearing') {
    return String(await reading.cardClearing(issuerId, world.id('prt', name)))
  }
  const card = cardBooking(world, name, options)
  return world.keyNames(await reading.cardOperations(issuerId, card, { limit: 100 }))
}

async function openHoldsText(world: World): Promise<string> {
  const { reading, issuerId } = world.bench
  return world.keyNames(await reading.openCardHolds(issuerId, world.at + 1, 100))
}

/**
 * `payment 500`, `payment 500 cancelled 200`, `payment 500 insufficient_funds`, `payment 500 loss 20`, `unknown`; of a
 * card's operation with whose it was and when it counts: `payment 500 hanbit 2031-01-01`.
 */
async function findText(world: World, key: string): Promise<string> {
  const { ledger, issuerId } = world.bench
  const [found] = await ledger.find(issuerId, [world.key(key)])
  if (found === undefined) return 'unknown'
  const cancelled = found.cancelledWon > 0 ? ` cancelled ${found.cancelledWon}` : ''
  const decline = found.decline === undefined ? '' : ` ${found.decline}`
  const actor = found.actor === undefined ? '' : ` by ${found.actor}`
  const loss = found.lossWon === undefined ? '' : ` loss ${found.lossWon}`
  const { card } = found
  const partner = card && ` ${world.partnerName(card.partnerId)} ${card.businessDate}`
  return `${found.kind} ${found.amountWon}${decline}${cancelled}${loss}${actor}${partner ?? ''}`
}
