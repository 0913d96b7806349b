/**
 * What a simulated card company is told by its environment:
 * - `COMPANY_CODE`: `hanbit` or `narae`. `COMPANY_BOOKS`: the file of its books. `PORT`: of its interface, 0 = any.
 * - `COMPANY_GATEWAYS`: JSON, `[{"gateway":"a","host":"127.0.0.1","port":9101}, …]`; the first is the primary.
 * - `COMPANY_TLS_CA`, `COMPANY_TLS_CERTIFICATE`, `COMPANY_TLS_KEY`: PEM files for mutual TLS.
 * - `COMPANY_MAC_KEY`, `COMPANY_KEY_ENCRYPTION_KEY`: the keys agreed with the platform, 32 hexadecimal digits each.
 * - `COMPANY_EXCHANGE`: the folder with `from-partner` and `to-partner`.
 * - Where they differ from the usual: `COMPANY_LINKS` to each gateway (1), `COMPANY_CROWD` cards of the crowd (0),
 *   `COMPANY_DEADLINE_MS` (3000), `COMPANY_CLOCK_SKEW_MS` (0), `COMPANY_CHOICE` (`round_robin`, `primary_standby`),
 *   `COMPANY_FALLBACK` (`by_choice`, `off`, `as_2025`).
 */
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import {
  demonstrationPartners,
  type DemonstrationPartner,
} from '../src/demonstration/demonstration.ts'
import type { PartnerKeys } from '../src/gateway/gateway.ts'
import {
  BehaviourRequest,
  usualBehaviour,
  type CompanyBehaviour,
} from './card-company-behaviour.ts'
import type { DialledGateway } from './card-company-dialling.ts'
import { readPort } from './process-manners.ts'

export interface CompanySettings {
  readonly partner: DemonstrationPartner
  /** The company's own number as acquirer (DE 32). */
  readonly acquirer: string
  readonly port: number
  readonly books: string
  readonly exchange: string
  readonly gateways: readonly DialledGateway[]
  readonly tlsFiles: { readonly ca: string; readonly certificate: string; readonly key: string }
  readonly keys: PartnerKeys
  readonly links: number
  readonly crowd: number
  readonly behaviour: CompanyBehaviour
}

const Gateways = Type.Array(
  Type.Object(
    {
      gateway: Type.String({ minLength: 1, maxLength: 32 }),
      host: Type.String({ minLength: 1 }),
      port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    },
    { additionalProperties: false },
  ),
  { minItems: 1, maxItems: 8 },
)
/** Invented, like the companies: 한빛카드 is 901, 나래카드 902. */
const ACQUIRER_BASE = 900
const LINKS_MAX = 16
const CROWD_MAX = 5_000_000

type Environment = Readonly<Record<string, string | undefined>>

/** @throws Error that names the first variable that is wrong */
export function readCompanySettings(environment: Environment): CompanySettings {
  const needed = (name: string): string => {
    const value = environment[name]
    if (value === undefined || value === '') throw new Error(`${name} is not set`)
    return value
  }
  const code = needed('COMPANY_CODE')
  const partner = demonstrationPartners.find((each) => each.code === code)
  if (partner === undefined) throw new Error(`COMPANY_CODE names no card company: ${code}`)
  return {
    partner,
    acquirer: String(ACQUIRER_BASE + partner.partnerId),
    port: readPort(environment['PORT']),
    books: needed('COMPANY_BOOKS'),
    exchange: needed('COMPANY_EXCHANGE'),
    gateways: readGateways(needed('COMPANY_GATEWAYS')),
    tlsFiles: {
      ca: needed('COMPANY_TLS_CA'),
      certificate: needed('COMPANY_TLS_CERTIFICATE'),
      key: needed('COMPANY_TLS_KEY'),
    },
    keys: {
      macKey: readKey('COMPANY_MAC_KEY', needed('COMPANY_MAC_KEY')),
      keyEncryptionKey: readKey('COMPANY_KEY_ENCRYPTION_KEY', needed('COMPANY_KEY_ENCRYPTION_KEY')),
    },
    links: readNumber(environment, 'COMPANY_LINKS', { usual: 1, min: 1, max: LINKS_MAX }),
    crowd: readNumber(environment, 'COMPANY_CROWD', { usual: 0, min: 0, max: CROWD_MAX }),
    behaviour: readBehaviour(environment, partner),
  }
}

function readGateways(text: string): readonly DialledGateway[] {
  const value = parseJson(text)
  if (!Check(Gateways, value)) throw new Error('COMPANY_GATEWAYS is no list of gateways')
  return value
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON is no list either; the caller says so.
    return undefined
  }
}

/** The key itself is never repeated in the message. */
function readKey(name: string, text: string): Uint8Array {
  if (!/^[0-9a-fA-F]{32}$/.test(text)) throw new Error(`${name} is no 32 hexadecimal digits`)
  return Buffer.from(text, 'hex')
}

function readNumber(
  environment: Environment,
  name: string,
  { usual, min, max }: { usual: number; min: number; max: number },
): number {
  const value = Number(environment[name] ?? usual)
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${name} is a whole number from ${min} to ${max}`)
  }
  return value
}

function readBehaviour(environment: Environment, partner: DemonstrationPartner): CompanyBehaviour {
  const number = (name: string, usual: number): number => Number(environment[name] ?? usual)
  const asked = {
    deadlineMs: number('COMPANY_DEADLINE_MS', partner.deadlineMs),
    clockSkewMs: number('COMPANY_CLOCK_SKEW_MS', 0),
    choice: environment['COMPANY_CHOICE'] ?? usualBehaviour.choice,
    fallback: environment['COMPANY_FALLBACK'] ?? usualBehaviour.fallback,
  }
  if (!Check(BehaviourRequest, asked)) {
    throw new Error('COMPANY_DEADLINE_MS, _CLOCK_SKEW_MS, _CHOICE or _FALLBACK is out of bounds')
  }
  return { ...usualBehaviour, ...asked }
}
