/**
 * Set-based posting against the textbook transaction, in one run on one database; and all payments to one shop
 * against the same at random shops. Rounds alternate, medians are reported.
 */
import { seedWallets, startBenchServer } from './bench-database.ts'
import { openBenchLedger, payByTextbook, payThroughLedger, prepareTextbook } from './payers.ts'
import { median, progress, ratio } from './progress.ts'

const ISSUERS = 88
const CLIENTS = 32
const PAYERS = 8_000
const ROUNDS = 3

export async function run(options: { wallets: number; seconds: number }): Promise<object> {
  const { wallets, seconds } = options
  const server = await startBenchServer()
  try {
    const database = await server.createDatabase('bench')
    await seedWallets(database.owner, { count: wallets, issuers: ISSUERS })
    await prepareTextbook(database.owner, ISSUERS)
    const { ledger, close, setSizeAverage } = openBenchLedger(database.appUrl)
    const everywhere = { wallets, issuers: ISSUERS }
    await payThroughLedger(ledger, everywhere, { payers: PAYERS, seconds })
    const rates: Record<'textbook' | 'dure' | 'hot' | 'spread', number[]> = {
      textbook: [],
      dure: [],
      hot: [],
      spread: [],
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      rates.textbook.push(
        await payByTextbook(database.ownerUrl, everywhere, { clients: CLIENTS, seconds }),
      )
      const load = { payers: PAYERS, seconds }
      rates.dure.push(await payThroughLedger(ledger, everywhere, load))
      const oneCity = { ...everywhere, onlyIssuer: 1 }
      rates.hot.push(await payThroughLedger(ledger, { ...oneCity, onlyMerchant: 7 }, load))
      rates.spread.push(await payThroughLedger(ledger, oneCity, load))
      const newest = Object.entries(rates).map(
        ([name, of]) => `${name} ${Math.round(of.at(-1)!)}/s`,
      )
      progress(`round ${round + 1} of ${ROUNDS}: ${newest.join(', ')}`)
    }
    await close()
    return {
      bench: 'ledger',
      wallets,
      payers: PAYERS,
      clients: CLIENTS,
      set_size_average: setSizeAverage(),
      textbook_per_s: Math.round(median(rates.textbook)),
      dure_per_s: Math.round(median(rates.dure)),
      ratio: ratio(median(rates.dure), median(rates.textbook)),
      hot_per_s: Math.round(median(rates.hot)),
      spread_per_s: Math.round(median(rates.spread)),
      hot_ratio: ratio(median(rates.hot), median(rates.spread)),
    }
  } finally {
    await server.stop()
  }
}
