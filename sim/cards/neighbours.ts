/**
 * Who else touches the wallets behind the cards: people who pay by QR code, buy vouchers or get their money back, so
 * that what a gateway knows is always a little old; and officers who stop wallets and change what cardholders chose.
 */
import {
  derivedOperationId,
  Fault,
  id,
  requestHash,
  won,
  type Instant,
  type IssuerId,
  type OperationId,
} from '../../src/base/base.ts'
import type { Random } from '../../src/demonstration/random.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { sha256 } from '../crypto-ports.ts'
import type { Journal } from '../journal.ts'
import type { CardCore } from './card-core.ts'
import type { CardPartner } from './card-partner.ts'
import { issuerCode, type CardWorld, type CityLink, type CityWallet } from './card-world.ts'

const FIVE_YEARS_MS = 5 * 365 * 86_400_000
/** Some lots end while the city lives. */
const SHORT_LIFE_MS = 90_000

export interface Neighbours {
  /** Opens every wallet and puts something into it, before anything goes wrong. */
  settleIn(ledger: Ledger, at: Instant): Promise<void>
  payByCode(): void
  topUp(): void
  changeStop(): void
  changeChoice(): void
  /** Ends every stop. */
  heal(): Promise<void>
}

interface Town {
  readonly world: CardWorld
  readonly random: Random
  readonly journal: Journal
  readonly core: CardCore
  readonly partners: readonly CardPartner[]
  operations: number
}

export function createNeighbours(options: Omit<Town, 'operations'>): Neighbours {
  const town: Town = { ...options, operations: 0 }
  const { world, random, core, journal } = town
  const paid: { issuerId: IssuerId; operationId: OperationId }[] = []
  const stops = new Map<string, { stopped: boolean; wallet: CityWallet }>()
  const tried = (act: () => Promise<unknown>): void => {
    act().catch((error: unknown) => {
      if (!(error instanceof Fault)) journal.violated('core', `met a bug: ${String(error)}`)
    })
  }
  const setStop = async (wallet: CityWallet, stopped: boolean): Promise<void> => {
    const place = `${wallet.issuerId}/${wallet.walletId}`
    stops.set(place, { stopped, wallet })
    journal.note(`wallet ${place}`, stopped ? 'is stopped' : 'may pay again')
    const body = { stopped, reason: 'simulated' }
    await core.record(wallet.issuerId, { kind: 'wallet_stop', recordId: wallet.walletId, body })
  }
  return {
    async settleIn(ledger, at) {
      for (const wallet of world.wallets) {
        const { issuerId, walletId, memberId } = wallet
        await ledger.openWallets(issuerId, [{ walletId, memberId }], at)
        const wons = random.pick([[30_000, 50_000], [300_000], [], [120_000, 80_000, 5_000]])
        for (const amountWon of wons) await issue(town, ledger, wallet, { amountWon, at })
      }
    },
    payByCode() {
      if (!core.isUp()) return
      const wallet = random.pick(world.wallets)
      const undo = random.chance(20) ? paid.pop() : undefined
      tried(() =>
        core.serve(async ({ ledger }) => {
          if (undo !== undefined) return cancelCode(town, ledger, undo, core.clock())
          const operationId = nextOperation(town)
          paid.push({ issuerId: wallet.issuerId, operationId })
          return payCode(town, ledger, wallet, operationId)
        }),
      )
    },
    topUp() {
      if (!core.isUp()) return
      const wallet = random.pick(world.wallets)
      const amountWon = random.pick([5_000, 20_000, 60_000, 150_000])
      tried(() =>
        core.serve(({ ledger }) => issue(town, ledger, wallet, { amountWon, at: core.clock() })),
      )
    },
    changeStop() {
      // What an officer's page could not write is not tried again here.
      if (!core.isUp()) return
      const stopped = [...stops.values()].find((stop) => stop.stopped)
      tried(() => setStop(stopped?.wallet ?? random.pick(world.wallets), stopped === undefined))
    },
    changeChoice() {
      if (!core.isUp()) return
      const link = random.pick(world.links)
      const onUnknown = random.pick(['decline', 'provisional_debit', null] as const)
      tried(() => tellChoice(town, link, onUnknown))
    },
    async heal() {
      for (const { stopped, wallet } of stops.values()) if (stopped) await setStop(wallet, false)
    },
  }
}

async function tellChoice(
  { core, partners, journal }: Town,
  { issuerId, linkId, body }: CityLink,
  onUnknown: CityLink['body']['onUnknown'],
): Promise<void> {
  const { cardToken, spending, partnerId } = body
  journal.note(`card ${cardToken}`, `chooses ${onUnknown ?? 'what the program says'}`)
  const changed = { ...body, onUnknown }
  await core.record(issuerId, { kind: 'card_link', recordId: linkId, body: changed })
  partners[partnerId - 1]?.setLink(cardToken, issuerCode(issuerId), { spending, onUnknown })
}

function nextOperation(town: Town): OperationId {
  town.operations += 1
  return derivedOperationId(requestHash(sha256, ['neighbour', town.operations]))
}

async function issue(
  town: Town,
  ledger: Ledger,
  { issuerId, walletId }: CityWallet,
  { amountWon, at }: { amountWon: number; at: Instant },
): Promise<void> {
  const { random, world } = town
  const operationId = nextOperation(town)
  const program = random.pick(world.programs.filter((one) => one.issuerId === issuerId))
  const cityWon = Math.floor(amountWon / 10)
  await ledger.issue(
    issuerId,
    [
      {
        operationId,
        requestHash: requestHash(sha256, [operationId]),
        walletId,
        lotId: id('lot', town.operations),
        programId: program.programId,
        kind: 'purchase',
        expiresAt: at + (random.chance(8) ? SHORT_LIFE_MS : FIVE_YEARS_MS),
        sources: {
          payWon: won(amountWon - cityWon),
          nationalWon: won(0),
          provinceWon: won(0),
          cityWon: won(cityWon),
        },
      },
    ],
    at,
  )
}

function payCode(
  { random, world, core }: Town,
  ledger: Ledger,
  { issuerId, walletId }: CityWallet,
  operationId: OperationId,
): Promise<unknown> {
  const shop = issuerId * 10 + issuerId
  const amountWon = won(random.pick([1, 4_500, 12_000, 30_000, 75_000]))
  return ledger.pay(
    issuerId,
    [
      {
        operationId,
        requestHash: requestHash(sha256, [operationId]),
        channel: 'mpm_static',
        walletId,
        merchantId: id('mrc', shop),
        outletId: id('out', shop),
        amountWon,
        tenders: world.programs
          .filter((program) => program.issuerId === issuerId)
          .map(({ programId }) => ({ programId, kind: 'purchase' })),
      },
    ],
    core.clock(),
  )
}

function cancelCode(
  town: Town,
  ledger: Ledger,
  { issuerId, operationId: paymentId }: { issuerId: IssuerId; operationId: OperationId },
  at: Instant,
): Promise<unknown> {
  const operationId = nextOperation(town)
  const merchantId = id('mrc', issuerId * 10 + issuerId)
  const hash = requestHash(sha256, [operationId])
  return ledger.cancel(issuerId, [{ operationId, requestHash: hash, paymentId, merchantId }], at)
}
