/** What `start` hands to a gateway through its environment; by hand it is set the same way. */
import { LOG_LEVELS } from './config.ts'
import { readNamedTexts, writeNamedTexts, type NamedTexts } from './named-texts.ts'
import { StartupProblem } from './startup-problem.ts'

export interface GatewayConfig {
  /** Names its folder in the data directory, and itself in the log and to its peer. */
  readonly name: string
  readonly dataDirectory: string
  /** Where each partner dials in, by its code. */
  readonly ports: Readonly<Record<string, number>>
  readonly controlPort: number
  /** The core's door for gateways. */
  readonly edgeUrl: string
  /** The control door of the other gateway; absent: it has none. */
  readonly peerUrl?: string
  readonly logLevel: string
}

const VARIABLES = {
  name: 'DURE_GATEWAY_NAME',
  dataDirectory: 'DURE_DATA',
  ports: 'DURE_GATEWAY_PORTS',
  controlPort: 'DURE_GATEWAY_CONTROL_PORT',
  edgeUrl: 'DURE_EDGE_URL',
  peerUrl: 'DURE_GATEWAY_PEER_URL',
  logLevel: 'DURE_LOG_LEVEL',
} as const satisfies Record<keyof GatewayConfig, string>

const NAME = /^[a-z][a-z0-9-]{0,30}$/
const PORT_MAX = 65_535

export function gatewayEnvironment(config: GatewayConfig): Record<string, string> {
  const ports: NamedTexts = Object.fromEntries(
    Object.entries(config.ports).map(([code, port]) => [code, String(port)]),
  )
  return {
    [VARIABLES.name]: config.name,
    [VARIABLES.dataDirectory]: config.dataDirectory,
    [VARIABLES.ports]: writeNamedTexts(ports),
    [VARIABLES.controlPort]: String(config.controlPort),
    [VARIABLES.edgeUrl]: config.edgeUrl,
    [VARIABLES.logLevel]: config.logLevel,
    ...(config.peerUrl === undefined ? {} : { [VARIABLES.peerUrl]: config.peerUrl }),
  }
}

/** @throws StartupProblem that names each variable that is missing or wrong */
export function readGatewayConfig(
  environment: Readonly<Record<string, string | undefined>>,
): GatewayConfig {
  const problems: string[] = []
  const textOf = (variable: string, isRight: (text: string) => boolean, rule: string): string => {
    const text = environment[variable] ?? ''
    if (!isRight(text)) problems.push(`${variable} must be ${rule}, not "${text}"`)
    return text
  }
  const peerUrl = environment[VARIABLES.peerUrl]
  if (peerUrl !== undefined && !isHttpUrl(peerUrl)) {
    problems.push(`${VARIABLES.peerUrl} must be an http URL, not "${peerUrl}"`)
  }
  const logLevel = environment[VARIABLES.logLevel] ?? 'info'
  if (!LOG_LEVELS.includes(logLevel)) {
    problems.push(`${VARIABLES.logLevel} must be one of ${LOG_LEVELS.join(', ')}`)
  }
  const config = {
    name: textOf(VARIABLES.name, (text) => NAME.test(text), 'a name in small letters'),
    dataDirectory: textOf(VARIABLES.dataDirectory, (text) => text !== '', 'a directory'),
    ports: readPorts(environment[VARIABLES.ports] ?? '', problems),
    controlPort: Number(textOf(VARIABLES.controlPort, isPort, 'a port')),
    edgeUrl: textOf(VARIABLES.edgeUrl, isHttpUrl, 'an http URL'),
    ...(peerUrl === undefined ? {} : { peerUrl }),
    logLevel,
  }
  if (problems.length > 0) throw new StartupProblem(problems.join('\n'))
  return config
}

function readPorts(text: string, problems: string[]): Readonly<Record<string, number>> {
  const named = Object.entries(namedOrNone(text))
  if (named.length === 0 || !named.every(([, port]) => isPort(port))) {
    problems.push(`${VARIABLES.ports} must look like hanbit=20001,narae=20002, not "${text}"`)
  }
  return Object.fromEntries(named.map(([code, port]) => [code, Number(port)]))
}

/** Told together with the other problems, not alone. */
function namedOrNone(text: string): NamedTexts {
  try {
    return readNamedTexts(text)
  } catch (error) {
    if (error instanceof StartupProblem) return {}
    throw error
  }
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= PORT_MAX
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
