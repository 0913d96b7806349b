/**
 * The second phase of a city of cards: all faults end, and within a bound everything is told: notices are acknowledged
 * and taken, breakers closed, the feed followed, and what a gateway knows of a wallet is what the ledger has.
 */
import { isDeepStrictEqual } from 'node:util'
import type { FedLot } from '../../src/cards/cards.ts'
import { checkAlways, endFaults, type CardCity } from './card-town.ts'
import type { CardGateway } from './card-gateway.ts'
import { ISSUERS } from './card-world.ts'
import { checkThreeBooks } from './checkers/three-books.ts'

/** Within so long after the faults have ended. */
const HEALING_MS_MAX = 300_000
const HEALING_EVENTS_MAX = 120_000
const TICK_MS = 400
/** Enquiries of each company in a tick: a breaker closes by calls that go well, and somebody has to make them. */
const ENQUIRIES = 6
/** Sales of each company after all has settled. */
const LAST_SALES = 60
/** After so long without anything new a gateway must know what its wallets hold. */
const QUIET_MS = 75_000

export async function healCity(city: CardCity): Promise<void> {
  const { time, journal, core, gateways, partners, neighbours } = city
  endFaults(city)
  journal.note('city', 'heals')
  core.heal()
  for (const gateway of gateways) gateway.heal()
  for (const partner of partners) partner.behaviour.set({ choice: 'round_robin' })
  const endsAt = time.now() + HEALING_MS_MAX
  let isSettled = false
  let isStopLifted = false
  const tick = (): void => {
    if (core.isUp() && !isStopLifted) {
      isStopLifted = true
      void neighbours.heal()
    }
    for (const gateway of gateways) liftOrders(city, gateway)
    isSettled = isStopLifted && open(city).length === 0
    if (isSettled || time.now() >= endsAt) return
    for (const partner of partners) for (let one = 0; one < ENQUIRIES; one += 1) partner.enquire()
    time.after(TICK_MS, tick)
  }
  tick()
  await run(city, () => isSettled || time.now() >= endsAt)
  if (journal.violations.length > 0) return
  const left = open(city)
  for (const { about, what } of left.slice(0, 5)) journal.violated(about, `is not settled: ${what}`)
  if (left.length > 0) return
  await askOnceMore(city)
  const quietUntil = time.now() + QUIET_MS
  time.after(QUIET_MS, () => undefined)
  await run(city, () => time.now() >= quietUntil)
  await checkEnd(city)
}

async function run({ time, journal }: CardCity, isDone: () => boolean): Promise<void> {
  for (let index = 0; !isDone() && journal.violations.length === 0; index += 1) {
    if (index > HEALING_EVENTS_MAX) return journal.violated('city', 'does not come to rest')
    if (!(await time.step())) return
  }
}

function liftOrders({ limits }: CardCity, gateway: CardGateway): void {
  if (!gateway.isUp()) return
  for (const { mode, issuerId } of gateway.desk().status().orders) {
    if (mode === 'automatic') continue
    limits.ordered(gateway.name, 'automatic', issuerId)
    void gateway.order('automatic', issuerId)
  }
}

/** What is not as it should be at rest. */
function open({ partners, gateways, core }: CardCity): { about: string; what: string }[] {
  const found: { about: string; what: string }[] = []
  if (!core.isUp()) found.push({ about: 'core', what: 'it is down' })
  for (const partner of partners) {
    for (const { saleId, what } of partner.unfinished())
      found.push({ about: `${partner.code} ${saleId}`, what })
  }
  for (const gateway of gateways) {
    const about = `gateway ${gateway.name}`
    const { core: asked, feed, store, waiting, orders } = gateway.desk().status()
    if (!gateway.isUp()) found.push({ about, what: 'it is down' })
    if (waiting.notices > 0) found.push({ about, what: `${waiting.notices} notices wait` })
    if (asked !== 'asked') found.push({ about, what: `its breaker says that the core is ${asked}` })
    if (feed.state !== 'following') found.push({ about, what: `its feed is ${feed.state}` })
    if (store.state !== 'writable') found.push({ about, what: 'its store is not writable' })
    if (orders.some(({ mode }) => mode !== 'automatic'))
      found.push({ about, what: 'an order stands' })
  }
  return found
}

/** At each gateway a sale is decided by the core itself before long: an issuer's own breaker closes last. */
async function askOnceMore(city: CardCity): Promise<void> {
  const { partners, world, journal, time } = city
  let waits = 0
  for (const partner of partners) {
    const cards = world.companies.find(({ code }) => code === partner.code)!.cards
    const cardToken = cards.find(({ links }) => links.length > 0)!.cardToken
    const order = { cardToken, merchantNumber: world.shops[0]!, amountWon: 1 }
    const ask = async (tries: number, decided: Set<string>): Promise<void> => {
      const { decided: said } = await partner.sellOnce(order)
      if (said?.decidedBy === 'core') decided.add(said.gateway ?? '')
      if (decided.size === partner.links.length) waits -= 1
      else if (tries > 0) time.after(TICK_MS, () => void ask(tries - 1, decided))
      else {
        const last = `${said?.verdict} (${said?.reason}) by ${said?.decidedBy}`
        journal.violated(partner.code, `all is well, and sales are answered ${last}`)
      }
    }
    waits += 1
    void ask(LAST_SALES, new Set())
  }
  await run(city, () => waits === 0)
}

async function checkEnd(city: CardCity): Promise<void> {
  const { journal } = city
  if (journal.violations.length > 0) return
  for (const { about, what } of open(city)) journal.violated(about, `is not settled: ${what}`)
  if (journal.violations.length > 0) return
  const snapshots = await checkAlways(city)
  const report = (about: string, what: string): void => journal.violated(about, what)
  await checkThreeBooks({ ...city, snapshots }, report)
  await checkKnowledge(city)
}

/** The feed was followed: lots as the ledger has them, and no sale of which it is still open whether they show it. */
async function checkKnowledge({ gateways, world, database, journal }: CardCity): Promise<void> {
  for (const wallet of world.wallets.filter(({ issuerId }) => ISSUERS.includes(issuerId))) {
    const { issuerId, walletId } = wallet
    const lots = await database.ledger().lots(issuerId, walletId)
    const really = inOrder(lots.filter(({ remainingWon }) => remainingWon > 0))
    for (const gateway of gateways) {
      const about = `gateway ${gateway.name}`
      const fed = inOrder(gateway.store().wallet(wallet)?.lots ?? [])
      if (!isDeepStrictEqual(fed, really)) {
        const [known, there] = [fed, really].map((list) => JSON.stringify(list))
        journal.violated(
          about,
          `knows of wallet ${issuerId}/${walletId} ${known}, and the ledger has ${there}`,
        )
      }
      for (const sale of gateway.store().openSales(wallet)) {
        const netWon = sale.approvedWon - sale.returnedWon
        const isOpen = sale.seenMinWon !== netWon || sale.seenMaxWon !== netWon || sale.outstanding
        // By a clock that was set back since the sale is not long ago.
        const isRecent = (sale.settledAt ?? 0) > gateway.clock() - QUIET_MS
        if (sale.decidedBy === 'peer' || !isOpen || isRecent) continue
        journal.violated(
          sale.key,
          `gateway ${gateway.name} still does not know whether the core shows it`,
        )
      }
    }
  }
}

function inOrder(lots: readonly FedLot[]): object[] {
  return lots
    .map(({ programId, kind, expiresAt, remainingWon }) => ({
      programId,
      kind,
      expiresAt,
      remainingWon,
    }))
    .toSorted(
      (a, b) =>
        a.programId - b.programId || a.expiresAt - b.expiresAt || a.remainingWon - b.remainingWon,
    )
}
