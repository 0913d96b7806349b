/**
 * What the system says of itself: a log of past-tense facts and numbers for monitoring. Every line goes through the
 * masking; a name, a telephone number or a token cannot get out by mistake.
 */
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino'
import { createMasking } from './masking.ts'

export { createMasking, maskText, type MaskFacts } from './masking.ts'
export { createMetrics, type Metrics } from './metrics.ts'
export type { Logger as PinoLogger } from 'pino'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** A past-tense fact: `payment.approved`, `request.answered`. */
const EVENT = /^[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)+$/

export interface Log {
  /** For Fastify, which makes a child for each request. */
  readonly pino: Logger
  debug(event: string, facts?: Readonly<Record<string, unknown>>): void
  /** An event that is not named by the rule is logged as `log.misnamed` rather than lost. */
  info(event: string, facts?: Readonly<Record<string, unknown>>): void
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void
  error(event: string, facts?: Readonly<Record<string, unknown>>): void
  /** How a person stands in the log. */
  pseudonym(personId: string): string
}

/** @param options.destination standard output where absent */
export function createLog(options: {
  readonly level: LogLevel
  readonly pseudonymKey: string
  readonly destination?: DestinationStream
}): Log {
  const { maskFacts, pseudonym } = createMasking(options.pseudonymKey)
  const settings = {
    level: options.level,
    base: null,
    messageKey: 'event',
    timestamp: stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: maskFacts,
    },
  }
  const logger =
    options.destination === undefined ? pino(settings) : pino(settings, options.destination)
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, facts: Readonly<Record<string, unknown>> = {}) => {
      if (EVENT.test(event)) logger[level](facts, event)
      else logger[level]({ ...facts, text: event }, 'log.misnamed')
    }
  return {
    pino: logger,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    pseudonym,
  }
}
