/**
 * A card company to try the system against: it dials the gateways, keeps durable books of its own, and can be told to
 * misbehave. `card-company-settings.ts` says what sets it up.
 */
import { randomInt } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Clock } from '../src/base/base.ts'
import { partnerProfiles, type TlsMaterial } from '../src/gateway/gateway.ts'
import { stopWithParent } from '../src/main/parent-watch.ts'
import { createBehaviourSwitch } from './card-company-behaviour.ts'
import { createCompanyBooks } from './card-company-books.ts'
import { resumeCancellations } from './card-company-changes.ts'
import { createDayEnd } from './card-company-day-end.ts'
import { createDeskRoom, resumeSales } from './card-company-desk.ts'
import { openLine, type DialledLine } from './card-company-dialling.ts'
import { isEntry } from './card-company-entries.ts'
import { createCompanyFiles } from './card-company-files.ts'
import { createLineChoice } from './card-company-lines.ts'
import type { CompanyTime } from './card-company-ports.ts'
import { seedCompany, type CompanySeed } from './card-company-seed.ts'
import { createCompanyServer } from './card-company-server.ts'
import { readCompanySettings, type CompanySettings } from './card-company-settings.ts'
import { createTraffic } from './card-company-traffic.ts'
import { openLineJournal } from './line-journal.ts'
import { announceReady, endUnwritten, failToStart } from './process-manners.ts'

const time: CompanyTime = {
  now: () => Date.now(),
  ticks: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return { cancel: () => clearTimeout(timer) }
  },
}

async function main(): Promise<void> {
  let close = async (): Promise<void> => {}
  stopWithParent(() => close())
  const settings = readCompanySettings(process.env)
  const seed = seedCompany(settings.partner, settings.crowd)
  const books = createCompanyBooks(seed.cards)
  await mkdir(dirname(settings.books), { recursive: true })
  const journal = await openLineJournal({
    path: settings.books,
    isEntry,
    replay: (entry) => books.replay(entry),
    onFailure: endUnwritten,
  })
  const behaviour = createBehaviourSwitch(settings.behaviour)
  const clock: Clock = () => time.now() + behaviour.current().clockSkewMs
  const lines = openLines(settings, seed, { clock, tls: await readTls(settings) })
  const { partnerId } = settings.partner
  const { acquirer } = settings
  const room = createDeskRoom({
    partnerId,
    acquirer,
    books,
    store: journal,
    time,
    lines: createLineChoice(lines, behaviour.current),
    behaviour,
  })
  const files = createCompanyFiles({
    partnerId,
    partnerCode: settings.partner.code,
    partnerName: settings.partner.nameKo,
    exchange: settings.exchange,
    books,
    clock,
    names: seed.merchantNames,
    record: room.record,
  })
  const linking = {
    books,
    clock,
    randomNumber: (below: number) => randomInt(below),
    record: room.record,
  }
  const traffic = createTraffic(room, seed.places)
  const server = createCompanyServer({ room, linking, behaviour, lines, files, traffic })
  const dayEnd = createDayEnd({ room, files, clock })
  close = async () => {
    dayEnd.stop()
    traffic.stop()
    await server.close()
    room.notices.stop()
    await Promise.all(lines.map((line) => line.close()))
    await journal.close()
  }
  await resumeSales(room)
  resumeCancellations(room)
  announceReady(
    `card company ${settings.partner.code}`,
    await server.listen({ host: '127.0.0.1', port: settings.port }),
  )
}

function openLines(
  settings: CompanySettings,
  seed: CompanySeed,
  given: { clock: Clock; tls: TlsMaterial },
): readonly DialledLine[] {
  const { partner, keys, links } = settings
  const adapter = partnerProfiles[partner.profile](partner.partnerId, seed.merchantNames)
  const log = { info: silent, warn: report, error: report }
  return settings.gateways.map((gateway) =>
    openLine(gateway, { ...given, partner: partner.code, adapter, keys, links, log }),
  )
}

function silent(): void {}

/** One line for people; the facts hold no card. */
function report(event: string, facts: Readonly<Record<string, unknown>> = {}): void {
  console.error(JSON.stringify({ event, ...facts }))
}

async function readTls({ tlsFiles }: CompanySettings): Promise<TlsMaterial> {
  const [ca, certificate, key] = await Promise.all([
    readFile(tlsFiles.ca, 'utf8'),
    readFile(tlsFiles.certificate, 'utf8'),
    readFile(tlsFiles.key, 'utf8'),
  ])
  return { ca, certificate, key }
}

main().catch((error: unknown) => failToStart('card company', error))
