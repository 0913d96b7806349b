/**
 * What a core with millions of linked cards would send to a new gateway, generated instead of read from a database:
 * the records of the demonstration, then cards and wallets of the crowd, over HTTP as the core's edge door does.
 * A process of its own: `node bench/card-feed-source.ts CARDS` tells its address on the first line.
 */
import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { id, won, type IssuerId, type ProgramId } from '../src/base/base.ts'
import {
  FED_RECORDS_PAGE,
  FED_WALLETS_PAGE,
  type FedRecord,
  type FedWallet,
  type SyncItem,
} from '../src/cards/cards.ts'
import {
  createDemonstration,
  crowdCard,
  demonstrationPartners,
  DEMONSTRATION_SEED,
} from '../src/demonstration/demonstration.ts'
import { isFed } from '../src/jobs/card-feed-synchronise.ts'
import { recordsOf } from '../src/main/seed.ts'

const CARDS = Number(process.argv[2])
const CORE_LIFE = 'generated'
const HELD_WON = won(300_000)
const EXPIRES_AT = Date.UTC(2030, 0, 1)
const demonstration = createDemonstration(DEMONSTRATION_SEED)
const { issuers } = demonstration

const server = createServer((request, response) => {
  request.resume()
  if (request.url?.startsWith('/edge/synchronise') === true) {
    void stream(response)
    return
  }
  if (request.url?.startsWith('/edge/tail') === true) {
    // No news, after the time that the core would wait for some.
    setTimeout(() => send(response, tailPage()), 1_000)
    return
  }
  response.writeHead(503).end('{"code":"core_unavailable"}')
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') console.log(`http://127.0.0.1:${address?.port}`)
})
process.on('disconnect', () => process.exit(0))

function send(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function tailPage(): object {
  return { ...place(), wallets: [], records: [], seals: [] }
}

function place() {
  return { coreLife: CORE_LIFE, next: 1, asOf: Date.now() }
}

async function stream(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  for (const item of items()) {
    if (!response.write(`${JSON.stringify(item)}\n`)) await once(response, 'drain')
  }
  response.end()
}

/** In the core's order: of each issuer its records first, links among them, then its wallets. */
function* items(): Generator<SyncItem> {
  yield { item: 'begin', ...place() }
  const operator = 0 as IssuerId
  yield { item: 'issuer', position: { issuerId: operator, segment: 1, hash: HASH }, afresh: true }
  yield { item: 'records', records: partnerRecords(operator) }
  for (const [index, { issuerId }] of issuers.entries()) {
    yield { item: 'issuer', position: { issuerId, segment: 1, hash: HASH }, afresh: true }
    const records = recordsOf(demonstration, issuerId).filter(({ kind }) => isFed(kind))
    yield {
      item: 'records',
      records: records.map(({ kind, recordId, version, body }) => ({
        issuerId,
        kind,
        recordId,
        version,
        body,
      })),
    }
    yield* cardItems(issuerId, index)
  }
  yield { item: 'end' }
}
const HASH = '00'.repeat(32)

/** The crowd is dealt over the issuers in turn. */
function* cardItems(issuerId: IssuerId, place: number): Generator<SyncItem> {
  const first = place === 0 ? issuers.length : place
  const numbers: number[] = []
  for (let number = first; number <= CARDS; number += issuers.length) numbers.push(number)
  for (let from = 0; from < numbers.length; from += FED_RECORDS_PAGE) {
    const page = numbers.slice(from, from + FED_RECORDS_PAGE)
    yield { item: 'records', records: page.map((number) => linkRecord(issuerId, number)) }
  }
  const { programId } = demonstration.programs.find((program) => program.issuerId === issuerId)!
  for (let from = 0; from < numbers.length; from += FED_WALLETS_PAGE) {
    const page = numbers.slice(from, from + FED_WALLETS_PAGE)
    yield { item: 'wallets', wallets: page.map((number) => wallet(issuerId, programId, number)) }
  }
}

function linkRecord(issuerId: IssuerId, number: number): FedRecord {
  const { partnerId, cardToken, lastFour, personId, links } = crowdCard(number, issuers)
  const [{ linkId, memberId, spending, onUnknown }] = links
  const walletId = id('wlt', memberId)
  const holder = { memberId, walletId, personId }
  const body = { partnerId, cardToken, lastFour, ...holder, spending, onUnknown, active: true }
  return { issuerId, kind: 'card_link', recordId: linkId, version: 1, body }
}

/** Two lots of one program, one of them bought and one given. */
function wallet(issuerId: IssuerId, programId: ProgramId, number: number): FedWallet {
  const [{ memberId }] = crowdCard(number, issuers).links
  const lot = { programId, expiresAt: EXPIRES_AT }
  return {
    issuerId,
    walletId: id('wlt', memberId),
    lots: [
      { ...lot, kind: 'purchase', remainingWon: won(HELD_WON + (number % 1_000)) },
      { ...lot, kind: 'cashback', remainingWon: won(1 + (number % 10_000)) },
    ],
  }
}

function partnerRecords(issuerId: IssuerId): readonly FedRecord[] {
  return demonstrationPartners.map(({ partnerId, ...body }) => ({
    issuerId,
    kind: 'partner',
    recordId: partnerId,
    version: 1,
    body: { ...body, active: true },
  }))
}
