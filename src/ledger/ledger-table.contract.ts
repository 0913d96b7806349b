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
 *     expire   lot                                     under the key that is made from it
 *     due      wallet                                  each of its lots that is due, with its times
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
import type { Id, IdPrefix, OperationId } from '../base/base.ts'
import { ids, newKey, sha256, START_AT, type LedgerUnderTest } from './ledger-bench.contract.ts'
import {
  cancellationRequest,
  cardBooking,
  closureRequest,
  issueRequest,
  paymentRequest,
  purchaseRequest,
  settlementRequest,
  type Line,
  type World,
} from './ledger-table-requests.contract.ts'
import { expiryRequest, type Outcome } from './ledger.ts'

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
  expire: 1,
  due: 1,
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
    due: new Map(),
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
    case 'expire':
      return expiryText(world, first)
    case 'due':
      return dueText(world, first)
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

const DUE_MAX = 1_000

async function dueText(world: World, wallet: string): Promise<string> {
  const { ledger, issuerId } = world.bench
  const due = await ledger.dueLots(issuerId, { until: world.at, limit: DUE_MAX })
  const walletId = world.id('wlt', wallet)
  return due
    .filter((lot) => lot.walletId === walletId)
    .map(({ lotId, times }) => `${world.lotName(lotId)} ${times}`)
    .join(', ')
}

/** Of a lot that is due: as whoever reads it asks. Of any other: as somebody who read it when it was. */
async function expiryText(world: World, name: string): Promise<string> {
  const { ledger, issuerId } = world.bench
  const lotId = world.id('lot', name)
  const due = await ledger.dueLots(issuerId, { until: world.at, limit: DUE_MAX })
  const known = world.due.get(lotId)
  const lot = due.find((one) => one.lotId === lotId) ?? known
  assert.ok(lot, `${name} was never due`)
  world.due.set(lotId, lot)
  const [outcome] = await ledger.expire(issuerId, [expiryRequest(sha256, issuerId, lot)], world.at)
  assert.ok(outcome)
  const isOwn = outcome.status === 'posted' || outcome.status === 'key_reused'
  return isOwn ? only(world, [outcome]) : outcome.status
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
