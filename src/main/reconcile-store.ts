/** A gateway's store as the reconciliation reads it: what it answered, and its notices. */
import type { CardNotice } from '../cards/cards.ts'
import { readSqliteStore } from '../gateway/gateway.ts'
import type { GatewayAnswer, GatewayBooks } from './reconcile-gateway.ts'

/** The gateway may be running. @throws Faults where the file cannot be read */
export function readGatewayStore(gateway: string, path: string): GatewayBooks {
  const store = readSqliteStore(path)
  try {
    const answers = new Map<string, GatewayAnswer>()
    for (const { key, answer } of store.answers()) {
      const { verdict, voucherWon, decidedBy } = answer
      answers.set(key, { verdict, voucherWon, decidedBy })
    }
    const notices = new Map<string, CardNotice[]>()
    const waiting = new Map<string, number>()
    for (const { saleKey, notice, takenAt } of store.notices()) {
      notices.set(saleKey, [...(notices.get(saleKey) ?? []), notice])
      if (takenAt === undefined) waiting.set(saleKey, (waiting.get(saleKey) ?? 0) + 1)
    }
    return { gateway, answers, notices, waiting }
  } finally {
    store.close()
  }
}
