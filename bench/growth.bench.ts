/** Posting at 25 thousand wallets, at 2.5 million, and after millions of payments: does it slow down as it grows? */
import { seedWallets, startBenchServer } from './bench-database.ts'
import { openBenchLedger, payThroughLedger } from './payers.ts'
import { median, progress, ratio } from './progress.ts'

const ISSUERS = 88
const PAYERS = 8_000
const ROUNDS = 5

export async function run(options: {
  wallets: number
  seconds: number
  payments: number
}): Promise<object> {
  const { seconds, payments } = options
  const large = { wallets: options.wallets, issuers: ISSUERS }
  const small = {
    wallets: Math.max(ISSUERS * 2, Math.round(options.wallets / 100)),
    issuers: ISSUERS,
  }
  const server = await startBenchServer()
  try {
    const smallDatabase = await server.createDatabase('small')
    const largeDatabase = await server.createDatabase('large')
    await seedWallets(smallDatabase.owner, { count: small.wallets, issuers: ISSUERS })
    await seedWallets(largeDatabase.owner, { count: large.wallets, issuers: ISSUERS })
    const smallLedger = openBenchLedger(smallDatabase.appUrl)
    const largeLedger = openBenchLedger(largeDatabase.appUrl)
    const load = { payers: PAYERS, seconds }
    const compare = async (): Promise<{ small: number; large: number }> => {
      const rates = { small: [] as number[], large: [] as number[] }
      for (let round = 0; round < ROUNDS; round += 1) {
        rates.small.push(await payThroughLedger(smallLedger.ledger, small, load))
        rates.large.push(await payThroughLedger(largeLedger.ledger, large, load))
        progress(
          `small ${Math.round(rates.small.at(-1)!)}/s, large ${Math.round(rates.large.at(-1)!)}/s`,
        )
      }
      return { small: median(rates.small), large: median(rates.large) }
    }
    await payThroughLedger(largeLedger.ledger, large, load)
    const fresh = await compare()
    let paid = 0
    while (paid < payments) {
      paid += Math.round(
        (await payThroughLedger(largeLedger.ledger, large, { payers: PAYERS, seconds: 20 })) * 20,
      )
      progress(`${paid.toLocaleString('en')} of ${payments.toLocaleString('en')} payments`)
    }
    const grown = await compare()
    await smallLedger.close()
    await largeLedger.close()
    return {
      bench: 'growth',
      small_wallets: small.wallets,
      large_wallets: large.wallets,
      small_per_s: Math.round(fresh.small),
      large_per_s: Math.round(fresh.large),
      ratio: ratio(fresh.large, fresh.small),
      payments: paid,
      grown_small_per_s: Math.round(grown.small),
      grown_large_per_s: Math.round(grown.large),
      grown_ratio: ratio(grown.large, grown.small),
    }
  } finally {
    await server.stop()
  }
}
