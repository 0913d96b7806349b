/**
 * A bank to try the system against: it debits accounts for vouchers, keeps durable books, and can be
 * told to misbehave. `PORT` (0 = any) and `BANK_BOOKS` or the first argument (a file) set it up.
 */
import { createBankServer } from './bank-server.ts'
import { createBooks } from './bank-books.ts'
import { openBankJournal } from './bank-journal.ts'
import { stopWithParent } from '../src/main/parent-watch.ts'
import { announceReady, failToStart, readPort } from './process-manners.ts'

async function main(): Promise<void> {
  let close = async (): Promise<void> => {}
  stopWithParent(() => close())
  const path = process.argv[2] ?? process.env['BANK_BOOKS']
  if (path === undefined || path === '') throw new Error('BANK_BOOKS names the file of its books')
  const port = readPort(process.env['PORT'])
  const books = createBooks()
  const journal = await openBankJournal(
    path,
    (entry) => books.replay(entry),
    (error) => {
      // Only a new start, which reads back what is really on disk, may answer again.
      console.error('the books cannot be written', error)
      process.exit(1)
    },
  )
  const server = createBankServer({ books, journal, clock: () => Date.now() })
  close = async () => {
    await server.close()
    await journal.close()
  }
  announceReady('bank', await server.listen({ host: '127.0.0.1', port }))
}

main().catch((error: unknown) => failToStart('bank', error))
