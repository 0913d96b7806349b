/** Officers of the issuers: new versions of terms, suspended shops, stopped wallets, stipends. */
import {
  DAY_MS,
  formatId,
  MINUTE_MS,
  splitByLargestRemainder,
  won,
  type IssuerId,
} from '../src/base/base.ts'
import { sha256 } from './crypto-ports.ts'
import { believe } from './payer.ts'
import type { MoneyRequest } from './requests.ts'
import { newKey, type Town } from './town.ts'

/** New terms take effect at once or a little later. */
const AHEAD_MS_MAX = 40_000

/** One thing that an officer does for an issuer. */
export function officerActs(town: Town, issuerId: IssuerId): void {
  const act = town.random.pickWeighted([
    [changeTerms, 4],
    [changeMerchant, 2],
    [changeWallet, 2],
    [grant, 12],
  ] as const)
  act(town, issuerId)
}

function changeTerms(town: Town, issuerId: IssuerId): void {
  const { random, world, core, journal } = town
  const program = random.pick(world.programsOf(issuerId))
  const last = program.terms.at(-1)!
  const change = last.paymentSuspended
    ? 'payment'
    : last.saleSuspended && last.kind === 'purchase'
      ? 'sale'
      : random.pick(['payment', 'sale', 'quota', 'cap', 'rate'] as const)
  const rateBasisPoints = last.benefit.mode === 'none' ? 0 : random.pick([500, 1_111, 2_000])
  const changed = {
    payment: { paymentSuspended: !last.paymentSuspended },
    sale: { saleSuspended: last.kind === 'stipend' || !last.saleSuspended },
    // May fall below what was sold: then nothing more is.
    quota: { monthlyQuotaWon: won(random.pick([0, 200_000, 100_000_000, 100_000_000])) },
    cap: { monthlyPurchaseCapWon: won(random.pick([50_000, 300_000, 700_000])) },
    rate: { benefit: { ...last.benefit, rateBasisPoints } },
  }[change]
  const effectiveFrom = core.clock() + (random.chance(50) ? 0 : random.integer(1, AHEAD_MS_MAX))
  world.replaceProgram({
    ...program,
    terms: [...program.terms, { ...last, ...changed, version: last.version + 1, effectiveFrom }],
  })
  journal.note(formatId('prg', program.programId), `new terms: ${JSON.stringify(changed)}`)
}

function changeMerchant(town: Town, issuerId: IssuerId): void {
  const { random, world, journal } = town
  const merchants = world.acquiring.merchants(issuerId)
  // What is suspended is released first, or a long run would end with every shop shut.
  const merchant = merchants.find((one) => one.status !== 'active') ?? random.pick(merchants)
  const status = merchant.status === 'active' ? 'suspended' : 'active'
  world.replaceMerchant({ ...merchant, status })
  journal.note(formatId('mrc', merchant.merchantId), `is ${status}`)
}

function changeWallet(town: Town, issuerId: IssuerId): void {
  const { random, world, journal } = town
  const payers = world.payers.filter((payer) => payer.issuerId === issuerId)
  const stoppedNow = payers.find((payer) => world.stoppedWallets.has(payer.walletId))
  const { walletId } = stoppedNow ?? random.pick(payers)
  const stopped = world.stoppedWallets.delete(walletId)
  if (!stopped) world.stoppedWallets.add(walletId)
  journal.note(formatId('wlt', walletId), stopped ? 'is released' : 'is stopped')
}

/** A stipend; some end within minutes, so that lots expire while they are fought over. */
function grant(town: Town, issuerId: IssuerId): void {
  const { random, world, time } = town
  const payer = random.pick(world.payers.filter((one) => one.issuerId === issuerId))
  const program = world.programsOf(issuerId).find((one) => one.terms[0]!.kind === 'stipend')!
  const faceWon = won(random.pick([1, 5_000, 20_000, 33_333]))
  const [nationalWon, provinceWon, cityWon] = splitByLargestRemainder(faceWon, [5, 2, 3])
  const validMs = random.pick([MINUTE_MS / 6, MINUTE_MS / 3, MINUTE_MS, 365 * DAY_MS])
  const operationId = newKey(random)
  const request: MoneyRequest = {
    kind: 'grant',
    body: {
      issuerId,
      operationId,
      requestHash: sha256(new TextEncoder().encode(operationId)),
      walletId: payer.walletId,
      lotId: world.nextLotId(),
      programId: program.programId,
      kind: 'stipend',
      expiresAt: time.now() + validMs,
      sources: {
        payWon: won(0),
        nationalWon: nationalWon!,
        provinceWon: provinceWon!,
        cityWon: cityWon!,
      },
    },
  }
  town.errands.begin({
    request,
    onKnown: (answer) => {
      if (answer.kind === 'posted') believe(town, payer, answer.amountWon)
    },
  })
}
