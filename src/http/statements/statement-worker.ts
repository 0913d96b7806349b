/** The thread in which papers are drawn: one at a time, in the order in which they were asked for. */
import { parentPort } from 'node:worker_threads'
import { kitSheetPdf } from './kit-sheet-pdf.ts'
import { statementPdf } from './statement-pdf.ts'
import type { Paper } from './statement-printer.ts'

let turn = Promise.resolve()

parentPort?.on('message', ({ job, paper }: { job: number; paper: Paper }) => {
  turn = draw(turn, job, paper)
})

async function draw(before: Promise<void>, job: number, paper: Paper): Promise<void> {
  await before
  const pdf =
    paper.kind === 'statement' ? await statementPdf(paper.statement) : await kitSheetPdf(paper.kit)
  // Ports between threads have no origin; the rule is about windows.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage({ job, pdf })
}
