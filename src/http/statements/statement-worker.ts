/** The thread in which statements are drawn: one at a time, in the order in which they were asked for. */
import { parentPort } from 'node:worker_threads'
import type { Statement } from '../../settlement/settlement.ts'
import { statementPdf } from './statement-pdf.ts'

let turn = Promise.resolve()

parentPort?.on('message', ({ job, statement }: { job: number; statement: Statement }) => {
  turn = turn.then(async () => {
    const pdf = await statementPdf(statement)
    parentPort?.postMessage({ job, pdf })
  })
})
