/** Ten thousand people buy at once what suffices for a thousand: exactly a thousand are sold, without an error. */
import { randomUUID } from 'node:crypto'
import {
  operationId,
  won,
  type IssuerId,
  type LotId,
  type ProgramId,
  type WalletId,
} from '../src/base/base.ts'
import { seedWallets, startBenchServer } from './bench-database.ts'
import { openBenchLedger } from './payers.ts'

const FACE_WON = won(100_000)

export async function run(options: { buyers: number; sold: number }): Promise<object> {
  const { buyers, sold } = options
  const server = await startBenchServer()
  try {
    const database = await server.createDatabase('bench')
    await seedWallets(database.owner, { count: buyers, issuers: 1 })
    const { ledger, close } = openBenchLedger(database.appUrl)
    const answers = new Map<string, number>()
    const begin = performance.now()
    await Promise.all(
      Array.from({ length: buyers }, async (_, index) => {
        const [outcome] = await ledger.reservePurchases(
          1 as IssuerId,
          [
            {
              operationId: operationId(randomUUID()),
              requestHash: new Uint8Array(32).fill(1),
              walletId: (index + 1) as WalletId,
              programId: 2 as ProgramId,
              lotId: (10_000_000 + index) as LotId,
              faceWon: FACE_WON,
              sources: {
                payWon: FACE_WON,
                nationalWon: won(0),
                provinceWon: won(0),
                cityWon: won(0),
              },
              expiresAt: Date.UTC(2031, 0, 1),
              month: '2026-11',
              quotaWon: won(FACE_WON * sold),
              purchaseCapWon: won(FACE_WON),
              holdingCapWon: won(2_000_000),
              accountToken: 'account',
            },
          ],
          Date.now(),
        )
        const answer = outcome!.status === 'declined' ? outcome!.reason : outcome!.status
        answers.set(answer, (answers.get(answer) ?? 0) + 1)
      }),
    )
    const seconds = (performance.now() - begin) / 1000
    await close()
    return {
      bench: 'quota',
      buyers,
      quota: sold,
      sold: answers.get('posted') ?? 0,
      sold_out: answers.get('sold_out') ?? 0,
      other_answers: buyers - (answers.get('posted') ?? 0) - (answers.get('sold_out') ?? 0),
      seconds: Math.round(seconds * 1000) / 1000,
      per_s: Math.round(buyers / seconds),
    }
  } finally {
    await server.stop()
  }
}
