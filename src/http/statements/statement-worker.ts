/** The thread in which statements are drawn: one at a time, in the order in which they were asked for. */
import { parentPort } from 'node:worker_threads'
import type { Statement } from '../../settlement/settlement.ts'
import { statementPdf } from './statement-pdf.ts'

let turn = Promise.resolve()

parentPort?.on('message', ({ job, statement }: { job: number; statement: Statement }) => {
  turn = draw(turn, job, statement)
})

async function draw(before: Promise<void>, job: number, statement: Statement): Promise<void> {
  await before
  const pdf = await statementPdf(statement)
  // Ports between threads have no origin; the rule is about windows.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage({ job, pdf })
}
