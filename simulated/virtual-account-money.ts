/** What came to virtual accounts is the funds', and what was sent back is not: each once, by its own entry. */
import type { FundAccount, FundDesk } from './bank-fund-desk.ts'
import type { VirtualBooks } from './virtual-account-books.ts'

const PAGE = 500

/** After a start all is gone through again, and what is known stays. @returns carries what came since the last time */
export function createDepositCarrier(
  desk: Pick<FundDesk, 'deposit'>,
  books: Pick<VirtualBooks, 'moneyAfter'>,
  accounts: readonly FundAccount[],
): () => Promise<void> {
  const codes = new Map(accounts.map(({ issuerId, issuerCode }) => [issuerId, issuerCode]))
  let carried = 0
  return async () => {
    for (;;) {
      const page = books.moneyAfter(carried, PAGE)
      for (const { sequence, memo, accountId, amountWon, payer } of page) {
        const issuerCode = codes.get(memo)
        if (issuerCode !== undefined) {
          await desk.deposit({
            depositId: `virtual-${sequence}`,
            issuerCode,
            amountWon,
            counterparty: payer,
            // The purchase that it is for: statements tell it, and the platform finds it by that.
            reference: accountId,
          })
        }
        carried = sequence
      }
      if (page.length < PAGE) return
    }
  }
}
