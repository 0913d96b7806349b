/** Starts a process that sends card messages to a gateway, and tells it what to send. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface LoadLine {
  readonly kind: 'dial'
  /** Of the product: its certificates and keys are used. */
  readonly dataDirectory: string
  readonly host: string
  readonly port: number
  readonly links: number
  /** So many of the crowd have cards. */
  readonly cards: number
}

export type LoadOrder =
  | LoadLine
  /** So many messages under way all the time. */
  | { readonly kind: 'echo' | 'pay'; readonly underWay: number; readonly seconds: number }
  | { readonly kind: 'offered'; readonly perSecond: number; readonly seconds: number }

/** Latencies in ms. */
export interface LoadFigures {
  readonly answered: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** By who decided, and what. */
  readonly verdicts: Readonly<Record<string, number>>
}
export type LoadAnswer = LoadFigures | { readonly dialled: number }

export interface Loader {
  send(order: Exclude<LoadOrder, LoadLine>): Promise<LoadFigures>
  stop(): Promise<void>
}

/** @param address `host:port` of a gateway's listener for the ISO 8583 partner */
export async function openLoader(
  line: Omit<LoadLine, 'kind' | 'host' | 'port'> & { readonly address: string },
): Promise<Loader> {
  const { address, ...rest } = line
  const [host = '', port = ''] = address.split(':')
  const child = fork(join(import.meta.dirname, 'card-load.ts'), [], { execArgv: [] })
  const ask = async (order: LoadOrder): Promise<LoadAnswer> => {
    const ended = new AbortController()
    const exited = once(child, 'exit', { signal: ended.signal }).then(() => {
      throw new Error('the process that sends card messages has ended')
    })
    child.send(order)
    try {
      const [answer] = await Promise.race([once(child, 'message'), exited])
      return answer as LoadAnswer // What card-load.ts sends.
    } finally {
      ended.abort()
      await exited.catch(() => undefined)
    }
  }
  await ask({ kind: 'dial', host, port: Number(port), ...rest })
  return {
    send: async (order) => (await ask(order)) as LoadFigures, // Only `dial` is answered otherwise.
    async stop() {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}
