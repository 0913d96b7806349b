/**
 * Mistakes that a product like this could have, as wrappers around its sound parts. Only the test beside
 * this file plants them: a simulation that was never seen finding anything is not trusted.
 */
import {
  derivedOperationId,
  Fault,
  id,
  requestHash,
  won,
  type IssuerId,
  type OperationId,
} from '../src/base/base.ts'
import {
  expiryRequest,
  type CancellationRequest,
  type IssueRequest,
  type Ledger,
  type Outcome,
  type RecordedOperation,
} from '../src/ledger/ledger.ts'
import type { Plant } from './core-process.ts'
import { sha256 } from './crypto-ports.ts'

/** How long the racing cancellation believes what it read. */
const STALE_READ_MS = 3_000
/** One acknowledged payment of so many is lost. */
const LOST_ONE_IN = 9
const EARLY_MS = 30_000

/** Name → mistake. Each is planted anew for each run, because some remember. */
export const plantedBugs: Readonly<Record<string, () => Plant>> = {
  'the ledger pays again when a key comes back': () => ({ ledger: forgetsKeys }),
  'a key is taken for another request': () => ({ ledger: ignoresBodies }),
  'two cancellations race past a stale read': () => ({ ledger: racesRefunds }),
  'the quota is not looked at': () => ({ ledger: oversells }),
  'a payment is acknowledged and not written': () => ({ ledger: losesAcknowledged }),
  'a refusal changes the books': () => ({ ledger: refusalTakesLot }),
  'an expiry is counted twice': () => ({ ledger: expiresTwice }),
  'an expiry takes a key of its own each time': () => ({ ledger: expiresAnonymously }),
  'a lot expires before its time': () => ({ ledger: expiresEarly }),
  'what comes back to an expired lot stays there': () => ({ ledger: expiresOnce }),
  'selling debits again when a purchase is repeated': () => ({ selling: debitsAgain }),
  'no answer of the bank is read as a no': () => ({ bank: silenceIsNo }),
  'an undecided debit is read as done': () => ({ bank: pendingIsDone }),
}

function another(key: OperationId, why: string): OperationId {
  return derivedOperationId(requestHash(sha256, [key, why]))
}

function forgetsKeys(ledger: Ledger): Ledger {
  let repeats = 0
  return {
    ...ledger,
    async pay(issuerId, requests, at) {
      const known = await ledger.find(
        issuerId,
        requests.map((request) => request.operationId),
      )
      const forgetful = requests.map((request, index) => {
        if (known[index] === undefined) return request
        repeats += 1
        return { ...request, operationId: another(request.operationId, `again ${repeats}`) }
      })
      return ledger.pay(issuerId, forgetful, at)
    },
  }
}

function ignoresBodies(ledger: Ledger): Ledger {
  const sameForAll = <Request extends { operationId: OperationId; requestHash: Uint8Array }>(
    requests: readonly Request[],
  ): Request[] =>
    requests.map((request) => ({
      ...request,
      requestHash: requestHash(sha256, [request.operationId]),
    }))
  return {
    ...ledger,
    pay: (issuerId, requests, at) => ledger.pay(issuerId, sameForAll(requests), at),
    cancel: (issuerId, requests, at) => ledger.cancel(issuerId, sameForAll(requests), at),
  }
}

/** Checks what is left by a read that is a moment old, and gives back on its word. */
function racesRefunds(ledger: Ledger): Ledger {
  const reads = new Map<OperationId, { payment: RecordedOperation; at: number }>()
  async function refund(
    issuerId: IssuerId,
    request: CancellationRequest,
    at: number,
  ): Promise<Outcome> {
    const { paymentId, operationId } = request
    const read = reads.get(paymentId)
    const [outcome] = await ledger.cancel(issuerId, [request], at)
    const [payment] = await ledger.find(issuerId, [paymentId])
    if (payment === undefined || payment.decline !== undefined) return outcome!
    if (outcome!.status === 'posted' && read === undefined) reads.set(paymentId, { payment, at })
    const fresh = read !== undefined && at - read.at < STALE_READ_MS
    if (outcome!.status !== 'declined' || outcome!.replayed || !fresh) return outcome!
    const grant = grantOf(payment, another(operationId, 'refund'))
    const [given] = await ledger.issue(issuerId, [grant], at)
    return given!
  }
  return {
    ...ledger,
    async cancel(issuerId, requests, at) {
      const outcomes: Outcome[] = []
      for (const request of requests) outcomes.push(await refund(issuerId, request, at))
      return outcomes
    },
  }
}

function grantOf(payment: RecordedOperation, operationId: OperationId): IssueRequest {
  const [leg] = payment.legs
  return {
    operationId,
    requestHash: requestHash(sha256, [operationId]),
    walletId: payment.walletId!,
    lotId: id('lot', Number.parseInt(operationId.slice(0, 8), 16) + 1),
    programId: leg!.programId,
    kind: leg!.kind,
    expiresAt: payment.bookedAt + 1_000_000_000,
    sources: {
      payWon: payment.amountWon,
      nationalWon: won(0),
      provinceWon: won(0),
      cityWon: won(0),
    },
  }
}

function oversells(ledger: Ledger): Ledger {
  const quotaWon = won(1_000_000_000)
  return {
    ...ledger,
    reservePurchases: (issuerId, requests, at) =>
      ledger.reservePurchases(
        issuerId,
        requests.map((request) => ({ ...request, quotaWon })),
        at,
      ),
  }
}

function losesAcknowledged(ledger: Ledger): Ledger {
  let posted = 0
  return {
    ...ledger,
    async pay(issuerId, requests, at) {
      const [request] = requests
      if (requests.length > 1 || request === undefined || request.refusal !== undefined) {
        return ledger.pay(issuerId, requests, at)
      }
      posted += 1
      if (posted % LOST_ONE_IN !== 0) return ledger.pay(issuerId, requests, at)
      const { programId, kind } = request.tenders[0]!
      const leg = { lotId: id('lot', 1), programId, kind, amountWon: request.amountWon }
      return [{ status: 'posted', bookedAt: at, replayed: false, legs: [leg] }]
    },
  }
}

/** Before it refuses for want of funds, it takes what there is. */
function refusalTakesLot(ledger: Ledger): Ledger {
  return {
    ...ledger,
    async pay(issuerId, requests, at) {
      const outcomes = await ledger.pay(issuerId, requests, at)
      for (const [index, request] of requests.entries()) {
        const outcome = outcomes[index]!
        const short = outcome.status === 'declined' && outcome.reason === 'insufficient_funds'
        if (!short || outcome.replayed || request.codeStep !== undefined) continue
        const operationId = another(request.operationId, 'what there is')
        await ledger.pay(issuerId, [{ ...request, operationId, amountWon: won(1) }], at)
      }
      return outcomes
    },
  }
}

/** Books what has expired once more, from a lot made up for it. */
function expiresTwice(ledger: Ledger): Ledger {
  return {
    ...ledger,
    async expire(issuerId, requests, at) {
      const outcomes = await ledger.expire(issuerId, requests, at)
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.status !== 'posted' || outcome.replayed) continue
        const { operationId, walletId } = requests[index]!
        const { programId, kind, amountWon } = outcome.legs[0]!
        const lotId = id('lot', Number.parseInt(operationId.slice(0, 8), 16) + 1)
        const sources = {
          payWon: amountWon,
          nationalWon: won(0),
          provinceWon: won(0),
          cityWon: won(0),
        }
        const key = another(operationId, 'made up')
        const grant = { walletId, lotId, programId, kind, expiresAt: at, sources }
        await ledger.issue(
          issuerId,
          [{ ...grant, operationId: key, requestHash: requestHash(sha256, [key]) }],
          at,
        )
        const due = { walletId, lotId, times: 0 }
        await ledger.expire(issuerId, [expiryRequest(sha256, issuerId, due)], at)
      }
      return outcomes
    },
  }
}

function expiresAnonymously(ledger: Ledger): Ledger {
  let asked = 0
  return {
    ...ledger,
    expire(issuerId, requests, at) {
      asked += 1
      const anonymous = requests.map((request) => ({
        ...request,
        operationId: another(request.operationId, `expiry ${asked}`),
      }))
      return ledger.expire(issuerId, anonymous, at)
    },
  }
}

function expiresEarly(ledger: Ledger): Ledger {
  return {
    ...ledger,
    dueLots: (issuerId, page) =>
      ledger.dueLots(issuerId, { ...page, until: page.until + EARLY_MS }),
    expire: (issuerId, requests, at) => ledger.expire(issuerId, requests, at + EARLY_MS),
  }
}

function expiresOnce(ledger: Ledger): Ledger {
  return {
    ...ledger,
    async dueLots(issuerId, page) {
      const due = await ledger.dueLots(issuerId, page)
      return due.filter(({ times }) => times === 0)
    },
  }
}

const debitsAgain: NonNullable<Plant['selling']> = (selling, { ledger, bank }) => ({
  ...selling,
  async buy(command) {
    const { issuerId, operationId, accountToken } = command
    const known = await ledger.purchase(issuerId, operationId)
    if (known !== undefined) {
      const debitId = another(operationId, 'debit again')
      const amountWon = known.payWon
      await bank.debit({ debitId, issuerId, accountToken, amountWon }).catch(() => undefined)
    }
    return selling.buy(command)
  },
})

const silenceIsNo: NonNullable<Plant['bank']> = (bank) => ({
  ...bank,
  async debit(order) {
    try {
      return await bank.debit(order)
    } catch (error) {
      if (error instanceof Fault) return { status: 'refused', reason: 'account_unknown' }
      throw error
    }
  },
})

const pendingIsDone: NonNullable<Plant['bank']> = (bank) => ({
  ...bank,
  async enquire(debitId) {
    const answer = await bank.enquire(debitId)
    return answer.status === 'pending' ? { status: 'debited' } : answer
  },
})
