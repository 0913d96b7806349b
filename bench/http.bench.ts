/**
 * Payments over HTTP against the same server's authenticated route that does nothing, 64 connections, in one run: the
 * whole product runs (PostgreSQL, core, bank, identity), payers are real members who signed in, joined and bought, and
 * every request carries a fresh device proof. The load, the core and the database share this machine's processors.
 */
import autocannon from 'autocannon'
import { eligibleTenders } from '../src/acquiring/acquiring.ts'
import { formatId } from '../src/base/base.ts'
import { createDemonstration, DEMONSTRATION_SEED } from '../src/demonstration/demonstration.ts'
import { termsAt } from '../src/issuing/issuing.ts'
import { newKey, signIn, type ApiClient } from '../test/api-client.ts'
import { startProduct, type RunningProduct } from '../test/running-product.ts'
import { median, progress, ratio } from './progress.ts'
import { requiredAgreements } from '../src/registration/fixtures/agreements.ts'

/** In each of two crowds; the identity provider keeps at most a thousand verifications open. */
const PAYERS = 400
const ROUNDS = 3
const EMPTY_PATH = '/v1/sessions/current'
const AMOUNT_WON = 100

interface Payer {
  readonly client: ApiClient
  readonly path: string
  readonly code: string
}

interface Prepared {
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly headers: Record<string, string>
  readonly body?: string
}

interface Figures {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

export async function run(options: { connections: number; seconds: number }): Promise<object> {
  const product = await startProduct({
    environment: { DURE_CROWD: String(PAYERS * 2), DURE_LIMITS: 'lifted', DURE_LOG_LEVEL: 'error' },
  })
  try {
    const spread = await enrol(product, { everywhere: true })
    const city = await enrol(product, { everywhere: false })
    const everywhere = await compare(product, spread, options)
    const oneCity = await compare(product, city, options)
    const half = await payments(product, spread, {
      ...options,
      seconds: options.seconds * 2,
      rate: Math.round(everywhere.payments / 2),
    })
    return {
      bench: 'http',
      connections: options.connections,
      issuers: new Set(spread.map((payer) => payer.path)).size,
      empty_per_s: Math.round(everywhere.empty),
      payments_per_s: Math.round(everywhere.payments),
      ratio: ratio(everywhere.payments, everywhere.empty),
      p50_ms: everywhere.p50,
      p99_ms: everywhere.p99,
      half_load_per_s: Math.round(half.perSecond),
      half_load_p50_ms: half.p50,
      half_load_p99_ms: half.p99,
      one_city_empty_per_s: Math.round(oneCity.empty),
      one_city_payments_per_s: Math.round(oneCity.payments),
      one_city_ratio: ratio(oneCity.payments, oneCity.empty),
    }
  } finally {
    await product.stop()
  }
}

/** People sign in, join, buy; dealt over all issuers, or all of one city. */
async function enrol(product: RunningProduct, where: { everywhere: boolean }): Promise<Payer[]> {
  const shops = await shopsOf(product, where.everywhere)
  const payers: Payer[] = []
  const offset = where.everywhere ? 0 : PAYERS
  const batch = 24
  for (let from = 0; from < PAYERS; from += batch) {
    const numbers = Array.from({ length: Math.min(batch, PAYERS - from) }, (_, i) => from + i)
    payers.push(
      ...(await Promise.all(
        numbers.map(async (number) => {
          const shop = shops[number % shops.length]!
          return becomePayer(product, `crowd-${offset + number + 1}`, shop)
        }),
      )),
    )
  }
  progress(`${payers.length} people signed in, joined and bought`)
  return payers
}

interface Shop {
  readonly issuerCode: string
  readonly programId: string
  readonly code: string
}

/** A shop of each issuer that takes what its members can buy: found with its owner's eyes. */
async function shopsOf(product: RunningProduct, everywhere: boolean): Promise<Shop[]> {
  const demonstration = createDemonstration(DEMONSTRATION_SEED)
  const shops: Shop[] = []
  for (const issuer of demonstration.issuers) {
    if (!everywhere && issuer.code !== 'gunsan') continue
    const termsInForce = demonstration.programs
      .filter((program) => program.issuerId === issuer.issuerId)
      .map((program) => termsAt(program.terms, Date.now())!)
      .filter((terms) => terms.kind === 'purchase')
    const outlet = demonstration.outlets.find((candidate) => {
      const merchant = demonstration.merchants.find((m) => m.merchantId === candidate.merchantId)!
      return (
        candidate.issuerId === issuer.issuerId &&
        candidate.open &&
        merchant.status === 'active' &&
        eligibleTenders({ merchant, outlet: candidate, termsInForce }).tenders.length > 0
      )
    })
    const terms = termsInForce[0]
    if (outlet === undefined || terms === undefined) continue
    const owner = demonstration.clerks.find(
      (clerk) => clerk.merchantId === outlet.merchantId && clerk.role === 'owner',
    )!
    const client = await signIn(product, owner.personId)
    const kit = `kit_${formatId('out', outlet.outletId).slice(4)}`
    const answer = await client.send('GET', `/v1/issuers/${issuer.code}/kits/${kit}/code`)
    shops.push({
      issuerCode: issuer.code,
      programId: formatId('prg', terms.programId),
      code: String(answer.body['text']),
    })
  }
  return shops
}

async function becomePayer(product: RunningProduct, personId: string, shop: Shop): Promise<Payer> {
  const client = await signIn(product, personId)
  const at = `/v1/issuers/${shop.issuerCode}`
  const must = async (path: string, body: object): Promise<void> => {
    const answer = await client.send('POST', `${at}${path}`, { key: newKey(), body })
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer)}`)
  }
  await must('/members', { assertion: await client.assertion(), consents: requiredAgreements })
  await client.renew()
  await must('/members/me/account', {
    accountToken: `account-${personId}`,
    consent: { textVersion: 'bench', textHash: '00'.repeat(32) },
  })
  await must('/purchases', { programId: shop.programId, faceWon: 300_000 })
  return { client, path: `${at}/payments`, code: shop.code }
}

async function compare(
  product: RunningProduct,
  payers: readonly Payer[],
  options: { connections: number; seconds: number },
): Promise<{ empty: number; payments: number; p50: number; p99: number }> {
  const empties: Figures[] = []
  const paid: Figures[] = []
  await payments(product, payers, { ...options, seconds: 2 })
  for (let round = 0; round < ROUNDS; round += 1) {
    empties.push(await load(product, options, () => emptyRequest(payers)))
    paid.push(await payments(product, payers, options))
    const [empty, payment] = [empties.at(-1)!, paid.at(-1)!]
    progress(`empty ${empty.perSecond}/s, payments ${payment.perSecond}/s, p99 ${payment.p99} ms`)
  }
  return {
    empty: median(empties.map((figures) => figures.perSecond)),
    payments: median(paid.map((figures) => figures.perSecond)),
    p50: median(paid.map((figures) => figures.p50)),
    p99: median(paid.map((figures) => figures.p99)),
  }
}

const draw = (payers: readonly Payer[]): Payer => payers[Math.floor(Math.random() * payers.length)]!

function emptyRequest(payers: readonly Payer[]): Prepared {
  const { client } = draw(payers)
  return { method: 'GET', path: EMPTY_PATH, headers: client.headers('GET', EMPTY_PATH) }
}

function payments(
  product: RunningProduct,
  payers: readonly Payer[],
  options: { connections: number; seconds: number; rate?: number },
): Promise<Figures> {
  return load(product, options, () => {
    const { client, path, code } = draw(payers)
    return {
      method: 'POST',
      path,
      headers: {
        ...client.headers('POST', path),
        'content-type': 'application/json',
        'idempotency-key': newKey(),
      },
      body: JSON.stringify({ code, amountWon: AMOUNT_WON }),
    }
  })
}

/** More than can be asked for in the time: signing happens before the clock runs. */
const PREPARED_PER_SECOND = 9_000

async function load(
  product: RunningProduct,
  options: { connections: number; seconds: number; rate?: number },
  prepare: () => Prepared,
): Promise<Figures> {
  const count = Math.round((options.rate ?? PREPARED_PER_SECOND) * options.seconds * 1.2)
  const prepared = Array.from({ length: count }, prepare)
  let next = 0
  const result = await autocannon({
    url: product.coreUrl,
    connections: options.connections,
    duration: options.seconds,
    ...(options.rate === undefined ? {} : { overallRate: options.rate }),
    requests: [
      {
        setupRequest: (request) => {
          const one = prepared[next % prepared.length]!
          next += 1
          return { ...request, ...one }
        },
      },
    ],
  })
  if (next > prepared.length) throw new Error('the load ran out of prepared requests')
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${result.non2xx} answers were not 2xx, ${result.errors} requests failed`)
  }
  return {
    perSecond: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
  }
}
