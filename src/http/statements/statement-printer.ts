/**
 * Draws statements and sheets of codes beside the thread that answers payments: a PDF of a quarter takes some 200 ms of
 * computing, which nobody at a till shall wait for. The thread is started for the first paper and kept.
 */
import { Worker } from 'node:worker_threads'
import { Fault } from '../../base/base.ts'
import type { Statement } from '../../settlement/settlement.ts'
import type { KitSheet } from './kit-sheet-pdf.ts'

/** So many papers wait at most; the next is refused. */
export const STATEMENTS_WAITING_MAX = 8
const MEMORY_MIB_MAX = 256

export interface StatementPrinter {
  /** @throws Fault `queue_full` */
  print(statement: Statement): Promise<Buffer>
  /** A static code to post at a till. @throws Fault `queue_full` */
  printKit(kit: KitSheet): Promise<Buffer>
  close(): Promise<void>
}

export type Paper =
  | { readonly kind: 'statement'; readonly statement: Statement }
  | { readonly kind: 'kit'; readonly kit: KitSheet }

interface Waiting {
  readonly resolve: (pdf: Buffer) => void
  readonly reject: (error: Error) => void
}

export function createStatementPrinter(): StatementPrinter {
  const waiting = new Map<number, Waiting>()
  let jobs = 0
  let worker: Worker | undefined

  const start = (): Worker => {
    const started = new Worker(new URL('statement-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB_MAX },
    })
    started.unref()
    started.on('message', ({ job, pdf }: { job: number; pdf: Uint8Array }) => {
      waiting.get(job)?.resolve(Buffer.from(pdf))
      waiting.delete(job)
    })
    const end = (error: Error): void => {
      if (worker === started) worker = undefined
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    started.on('error', end)
    started.on('exit', () => end(new Error('the thread that draws statements has ended')))
    return started
  }

  const draw = (paper: Paper): Promise<Buffer> => {
    if (waiting.size >= STATEMENTS_WAITING_MAX) {
      throw new Fault('queue_full', `${waiting.size} papers are waiting to be drawn`)
    }
    worker ??= start()
    jobs += 1
    const job = jobs
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
    waiting.set(job, { resolve, reject })
    // Ports between threads have no origin; the rule is about windows.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    worker.postMessage({ job, paper })
    return promise
  }

  return {
    print: (statement) => draw({ kind: 'statement', statement }),
    printKit: (kit) => draw({ kind: 'kit', kit }),
    async close() {
      await worker?.terminate()
    },
  }
}
