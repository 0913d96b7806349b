/** The product that the outage is replayed on: real processes, on free ports and a data directory of its own. */
import { Agent, request } from 'node:http'
import postgres from 'postgres'
import { waitUntil } from '../src/main/bounded-wait.ts'
import { secretNames } from '../src/main/keys.ts'
import { runReconciliation } from '../src/main/reconcile-run.ts'
import type { Reconciliation } from '../src/main/reconcile-matching.ts'
import { openSecretFiles } from '../src/main/secret-file.ts'
import { startProduct } from '../test/running-product.ts'

const SYNCHRONISED_MS = 60_000
const SALE_MS = 60_000
const PAUSE_MS = 100

export interface SaleAtTill {
  readonly partnerCode: string
  readonly terminal: string
  readonly card: string
  readonly merchantNumber: string
  readonly amountWon: number
  readonly partialAllowed: boolean
}

/** What the company told the terminal; the rest of its receipt is for people. */
export interface Receipt {
  readonly saleId: string
  readonly verdict: string
  readonly reason: string | null
  readonly outcome: string
  readonly decidedBy: string | null
  readonly provisional: boolean
  readonly voucherWon: number
  readonly accountWon: number
  readonly refundedWon: number
}

export interface OutageProduct {
  sell(sale: SaleAtTill): Promise<Receipt>
  /** The sale as it stands by now. */
  saleNow(partnerCode: string, saleId: string): Promise<Receipt>
  /** The companies look for files now instead of in a few seconds. */
  takeFiles(): Promise<void>
  /** Waits until both gateways have heard of everything that happened before. */
  gatewaysCaughtUp(): Promise<void>
  cutCore(): Promise<void>
  healCore(): void
  /** Of both gateways together: at most what each had at its own time. */
  exposure(): Promise<{ readonly maxWon: number; readonly boundWon: number }>
  reconcile(): Promise<Reconciliation>
  lossWon(): Promise<number>
  stop(): Promise<void>
}

/** @param cards so many people of the crowd have a linked card, over all municipalities */
export async function startOutageProduct(cards: number): Promise<OutageProduct> {
  const product = await startProduct({
    environment: {
      DURE_CARD_CROWD: String(cards),
      DURE_LOG_LEVEL: 'silent',
      DURE_LIMITS: 'lifted',
    },
  })
  const { dataDirectory, companyUrls, gateways, auditUrl } = product
  const agent = new Agent({ keepAlive: true })
  let stoppedCore: number | undefined
  const healCore = (): void => {
    if (stoppedCore !== undefined) process.kill(stoppedCore, 'SIGCONT')
    stoppedCore = undefined
  }
  const close = async (): Promise<void> => {
    healCore()
    agent.destroy()
    await product.stop()
  }
  try {
    const secrets = await openSecretFiles(dataDirectory)
    const token = await secrets.text(secretNames.gatewayControlToken)
    const statuses = () =>
      Promise.all(gateways.map(({ controlUrl }) => statusOf(controlUrl, token)))
    const company = async <Answer>(code: string, path: string, body?: object): Promise<Answer> => {
      const answer = await send(agent, `${companyUrls[code]}${path}`, body)
      return answer as Answer // The simulated company's own; it is part of this repository.
    }
    await readyForTraffic(statuses, { cards, agent, companyUrls: Object.values(companyUrls) })
    return {
      sell: ({ partnerCode, terminal, ...sale }) =>
        company(partnerCode, `/terminals/${terminal}/sales`, sale),
      saleNow: (partnerCode, saleId) => company(partnerCode, `/sales/${saleId}`),
      async takeFiles() {
        for (const code of Object.keys(companyUrls)) await company(code, '/files/take', {})
      },
      gatewaysCaughtUp: () => caughtUp(statuses),
      async cutCore() {
        stoppedCore = await product.corePid()
        process.kill(stoppedCore, 'SIGSTOP')
      },
      healCore,
      async exposure() {
        const all = (await statuses()).map(({ exposure }) => exposure)
        return {
          maxWon: all.reduce((sum, { maxWon }) => sum + maxWon, 0),
          boundWon: Math.max(...all.map(({ boundWon }) => boundWon)),
        }
      },
      reconcile: () =>
        runReconciliation({ dataDirectory, auditUrl, environment: {}, now: Date.now() }),
      lossWon: () => readLoss(auditUrl),
      stop: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function caughtUp(statuses: () => Promise<readonly Status[]>): Promise<void> {
  const since = Date.now()
  const isCaughtUp = await waitUntil(
    async () =>
      (await statuses()).every(
        // The page was asked for after the last payment was answered.
        ({ feed, waiting }) => waiting.notices === 0 && Date.now() - (feed.lagMs ?? since) > since,
      ),
    { timeoutMs: SYNCHRONISED_MS, pollMs: PAUSE_MS },
  )
  if (!isCaughtUp) throw new Error('the gateways do not catch up with the core')
}

/** As the control door answers it, as far as the replay reads it. */
interface Status {
  readonly core: string
  readonly feed: { readonly state: string; readonly lagMs: number | null; readonly cards: number }
  readonly waiting: { readonly notices: number }
  readonly exposure: { readonly maxWon: number; readonly boundWon: number }
}

async function statusOf(controlUrl: string, token: string): Promise<Status> {
  const answer = await fetch(`${controlUrl}/status`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return (await answer.json()) as Status // Our own door.
}

async function readyForTraffic(
  statuses: () => Promise<readonly Status[]>,
  given: { cards: number; agent: Agent; companyUrls: readonly string[] },
): Promise<void> {
  const { cards, agent, companyUrls } = given
  const isReady = await waitUntil(
    async () => {
      const isFed = (await statuses()).every(
        ({ feed }) => feed.state === 'following' && feed.cards > cards,
      )
      const links = await Promise.all(companyUrls.map((url) => send(agent, `${url}/links`)))
      // Every company to every gateway.
      const areOpen = links.every((answer) =>
        (answer as { gateways: { isOpen: boolean }[] }).gateways.every(({ isOpen }) => isOpen),
      )
      return isFed && areOpen
    },
    { timeoutMs: SYNCHRONISED_MS, pollMs: PAUSE_MS },
  )
  if (!isReady) throw new Error('gateways and card companies are not ready')
}

/** @throws Error where the answer is none or no success */
function send(agent: Agent, url: string, body?: object): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const text = body === undefined ? undefined : JSON.stringify(body)
  const sent = request(url, {
    agent,
    method: text === undefined ? 'GET' : 'POST',
    headers: text === undefined ? {} : { 'content-type': 'application/json' },
    timeout: SALE_MS,
  })
  sent.once('timeout', () => sent.destroy(new Error(`${url} does not answer`)))
  sent.once('error', reject)
  sent.once('response', (response) => {
    let answer = ''
    response.setEncoding('utf8')
    response.on('data', (part: string) => (answer += part))
    response.once('error', reject)
    response.once('end', () => {
      if (response.statusCode === 200) resolve(JSON.parse(answer))
      else reject(new Error(`${url}: ${response.statusCode} ${answer}`))
    })
  })
  sent.end(text)
  return promise
}

/** What the loss account has paid and did not get back. */
async function readLoss(auditUrl: string): Promise<number> {
  const sql = postgres(auditUrl, { max: 1, onnotice: () => {} })
  try {
    const [row] = await sql<{ loss: string }[]>`
      select coalesce(sum(case when debit_kind = 'standin_loss' then amount_won else -amount_won end), 0)::text
        as loss
      from ledger.transfer where 'standin_loss' in (debit_kind::text, credit_kind::text)`
    return Number(row?.loss)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
