/** Where the parts of a started product are: left in the data directory for the commands that look at it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere } from './durable-file.ts'
import type { NamedTexts } from './named-texts.ts'
import { StartupProblem } from './startup-problem.ts'

export interface Running {
  /** Where it was written: in a copy of the directory it speaks of somebody else. */
  readonly dataDirectory: string
  readonly coreUrl: string
  readonly identityUrl: string
  readonly bankUrl: string
  /** The core's door for gateways. */
  readonly edgeUrl: string
  readonly gateways: readonly RunningGateway[]
  /** Simulated card companies, by the partner's code. */
  readonly companyUrls: NamedTexts
  /** Where parts of the demonstration are stopped and started. */
  readonly deskUrl: string
  /** Holds the password of the auditing role: never log it. */
  readonly auditUrl: string
}

export interface RunningGateway {
  readonly name: string
  /** Its control door wants the token of the secret `gateway-control-token`. */
  readonly controlUrl: string
  /** Where partners dial in, `host:port` by the partner's code. */
  readonly links: NamedTexts
}

const FILE = 'running.json'

export async function writeRunning(dataDirectory: string, running: Running): Promise<void> {
  await writeFile(join(dataDirectory, FILE), JSON.stringify(running), { mode: 0o600 })
}

/** @throws StartupProblem where nothing was ever started on the directory */
export async function readRunning(dataDirectory: string): Promise<Running> {
  const text = await readIfThere(join(dataDirectory, FILE))
  if (text === undefined) {
    throw new StartupProblem(`nothing runs on ${dataDirectory}: start it, or set DURE_DATA`)
  }
  return JSON.parse(text) as Running // Written by writeRunning.
}
