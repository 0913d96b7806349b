/**
 * The card side of the demonstration: two simulated card companies and the two gateways that they dial. Ports are
 * chosen once at the start and stay when a part is started again, so that everybody finds everybody.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataDirectory } from './data-directory.ts'
import { freePorts } from './free-port.ts'
import { gatewayEnvironment } from './gateway-config.ts'
import { openPartnerKeys, secretNames } from './keys.ts'
import type { NamedTexts } from './named-texts.ts'
import { partnerCodes } from './partners.ts'
import { programService } from './program.ts'
import type { RunningGateway } from './running.ts'
import type { Supervisor } from './supervisor.ts'
import { openTlsMaterial, type TlsFolder } from './tls-material.ts'

const LOOPBACK = '127.0.0.1'
const SIMULATED = join(import.meta.dirname, '../../simulated')
const GATEWAYS = ['gateway-a', 'gateway-b'] as const

/** Receives a program's lines as they are. */
export type PassLine = (line: string, stream: 'stdout' | 'stderr') => void

export interface CardParts {
  readonly edgePort: number
  readonly edgeUrl: string
  readonly gateways: readonly PlannedGateway[]
  /** Linking services and terminals, by the partner's code. */
  readonly companyUrls: NamedTexts
  readonly tls: TlsFolder
}

interface PlannedGateway extends RunningGateway {
  readonly controlPort: number
  readonly ports: Readonly<Record<string, number>>
}

/** Chooses ports and makes certificates, keys and folders; starts nothing. */
export async function planCardParts({ path, secrets }: DataDirectory): Promise<CardParts> {
  const codes = partnerCodes()
  const tls = await openTlsMaterial({ dataDirectory: path, partners: codes, now: Date.now() })
  await secrets.text(secretNames.gatewayToken)
  await secrets.text(secretNames.gatewayControlToken)
  for (const code of codes) {
    await openPartnerKeys(secrets, code)
    for (const folder of ['from-partner', 'to-partner']) {
      await mkdir(join(exchangeOf(path, code), folder), { recursive: true, mode: 0o700 })
    }
  }
  const [edgePort = 0, ...ports] = await freePorts(1 + codes.length + 3 * GATEWAYS.length)
  const take = (): number => ports.shift() ?? 0
  const companyUrls = byCode(codes, () => `http://${LOOPBACK}:${take()}`)
  const gateways = GATEWAYS.map((name) => {
    const controlPort = take()
    const linkPorts = byCode(codes, take)
    return {
      name,
      controlPort,
      controlUrl: `http://${LOOPBACK}:${controlPort}`,
      ports: linkPorts,
      links: byCode(codes, (code) => `${LOOPBACK}:${linkPorts[code]}`),
    }
  })
  return { edgePort, edgeUrl: `http://${LOOPBACK}:${edgePort}`, gateways, companyUrls, tls }
}

/** Simulated card companies dial, and dial again, by themselves: gateways may come later. */
export async function startCardCompanies(
  supervisor: Supervisor,
  parts: CardParts,
  given: { readonly data: DataDirectory; readonly pass: PassLine; readonly crowd: number },
): Promise<void> {
  const { data, pass, crowd } = given
  const { path, secrets } = data
  await Promise.all(
    Object.entries(parts.companyUrls).map(async ([code, url]) => {
      const files = parts.tls.partners[code]!
      const books = join(path, `card-company-${code}`, 'books.jsonl')
      const { macKey, keyEncryptionKey } = await openPartnerKeys(secrets, code)
      await supervisor.start(
        programService({
          name: `simulated-${code}`,
          file: join(SIMULATED, 'card-company.ts'),
          // Tells people who list processes which company this is, and whose.
          arguments: [books],
          environment: {
            PORT: new URL(url).port,
            COMPANY_CODE: code,
            COMPANY_BOOKS: books,
            COMPANY_EXCHANGE: exchangeOf(path, code),
            COMPANY_CROWD: String(crowd),
            COMPANY_GATEWAYS: JSON.stringify(
              parts.gateways.map(({ name, ports }) => ({
                gateway: name,
                host: LOOPBACK,
                port: ports[code],
              })),
            ),
            COMPANY_TLS_CA: files.ca,
            COMPANY_TLS_CERTIFICATE: files.certificate,
            COMPANY_TLS_KEY: files.key,
            COMPANY_MAC_KEY: Buffer.from(macKey).toString('hex'),
            COMPANY_KEY_ENCRYPTION_KEY: Buffer.from(keyEncryptionKey).toString('hex'),
          },
          onLine: (line, stream) => {
            if (stream === 'stderr') pass(line, stream)
          },
        }),
      )
    }),
  )
}

/** Each asks the core, and goes on without it; each knows the other's control door. */
export async function startGateways(
  supervisor: Supervisor,
  { edgeUrl, gateways }: CardParts,
  given: { readonly path: string; readonly pass: PassLine; readonly logLevel: string },
): Promise<void> {
  await Promise.all(
    gateways.map(({ name, ports, controlPort }) => {
      const peer = gateways.find((other) => other.name !== name)
      return supervisor.start(
        programService({
          name,
          file: join(import.meta.dirname, 'gateway.ts'),
          // Read by nobody: tells people who list processes which gateway this is.
          arguments: [given.path, name],
          environment: gatewayEnvironment({
            name,
            dataDirectory: given.path,
            ports,
            controlPort,
            edgeUrl,
            ...(peer === undefined ? {} : { peerUrl: peer.controlUrl }),
            logLevel: given.logLevel,
          }),
          onLine: given.pass,
        }),
      )
    }),
  )
}

export function runningGateways({ gateways }: CardParts): readonly RunningGateway[] {
  return gateways.map(({ name, controlUrl, links }) => ({ name, controlUrl, links }))
}

/** Where files of a partner come and go, as SFTP would bring and fetch them. */
export function exchangeOf(dataDirectory: string, code: string): string {
  return join(dataDirectory, 'exchange', code)
}

function byCode<Value>(
  codes: readonly string[],
  valueOf: (code: string) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(codes.map((code) => [code, valueOf(code)]))
}
