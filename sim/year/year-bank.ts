/** The town's bank: it debits members' accounts and keeps its own books of the operating fund. */
import type { BankDebit, DebitAnswer, DebitOrder } from '../../src/issuing/issuing.ts'
import { townRules } from './year-town-rules.ts'
import { accountOf } from './year-terms.ts'

export interface YearBank extends BankDebit {
  /** What lies on the fund's account. */
  fundWon(): number
}

export function createYearBank(): YearBank {
  const accounts = new Map(
    townRules.members.map(({ accountWon }, member) => [accountOf(member), accountWon]),
  )
  const answers = new Map<string, DebitAnswer>()
  let fundWon = 0
  const decide = ({ accountToken, amountWon }: DebitOrder): DebitAnswer => {
    const leftWon = (accounts.get(accountToken) ?? 0) - amountWon
    if (leftWon < 0) return { status: 'refused', reason: 'insufficient_balance' }
    accounts.set(accountToken, leftWon)
    fundWon += amountWon
    return { status: 'debited' }
  }
  return {
    async debit(order) {
      const answer = answers.get(order.debitId) ?? decide(order)
      answers.set(order.debitId, answer)
      return answer
    },
    enquire: async (debitId) => answers.get(debitId) ?? { status: 'unknown_debit' },
    fundWon: () => fundWon,
  }
}
