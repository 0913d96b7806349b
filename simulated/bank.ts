/**
 * A bank to try the system against: it debits accounts for vouchers, keeps durable books, and can be told to
 * misbehave. `PORT` (0 = any) and `BANK_BOOKS` or the first argument (a file) set it up. With `BANK_FUNDS` (a file of
 * accounts), `BANK_FUND_BOOKS` and `BANK_EXCHANGE` (a folder) it is issuers' treasury bank too.
 */
import { readFile } from 'node:fs/promises'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { startLoop } from '../src/jobs/jobs.ts'
import { stopWithParent } from '../src/main/parent-watch.ts'
import { createBooks, type Books } from './bank-books.ts'
import { createFundBooks, FundEntry } from './bank-fund-books.ts'
import { createFundDesk, FundAccount } from './bank-fund-desk.ts'
import { addFundRoutes } from './bank-fund-routes.ts'
import { openBankJournal } from './bank-journal.ts'
import { createBankServer } from './bank-server.ts'
import { openLineJournal } from './line-journal.ts'
import {
  announceReady,
  endUnwritten,
  failToStart,
  readPort,
  tellTrouble,
} from './process-manners.ts'
import type { StrictServer } from './strict-server.ts'
import { createVirtualBooks, VirtualEntry, type VirtualBooks } from './virtual-account-books.ts'
import { createDepositCarrier } from './virtual-account-money.ts'

const FUND_TURN_EVERY_MS = 2_000

async function main(): Promise<void> {
  let close = async (): Promise<void> => {}
  stopWithParent(() => close())
  const path = process.argv[2] ?? process.env['BANK_BOOKS']
  if (path === undefined || path === '') throw new Error('BANK_BOOKS names the file of its books')
  const port = readPort(process.env['PORT'])
  const books = createBooks()
  const journal = await openBankJournal(path, (entry) => books.replay(entry), endUnwritten)
  const virtual = await openVirtualAccounts(`${path}${VIRTUAL_SUFFIX}`)
  const server = createBankServer({ books, journal, clock, virtual: { ...virtual, clock } })
  const closeFunds = await openFunds(server, { bank: books, virtual: virtual.books })
  close = async () => {
    await closeFunds()
    await server.close()
    await journal.close()
    await virtual.journal.close()
  }
  announceReady('bank', await server.listen({ host: '127.0.0.1', port }))
}

/** Virtual accounts have a file of their own beside the books. */
const VIRTUAL_SUFFIX = '.virtual'

async function openVirtualAccounts(path: string) {
  const books = createVirtualBooks((entry) => journal.append(entry))
  const journal = await openLineJournal<VirtualEntry>({
    path,
    isEntry: (value) => Check(VirtualEntry, value),
    replay: (entry) => books.replay(entry),
    onFailure: endUnwritten,
  })
  return { books, journal }
}

const clock = (): number => Date.now()

/** The treasury bank, where the environment asks for one. */
async function openFunds(
  server: StrictServer,
  { bank, virtual }: { readonly bank: Books; readonly virtual: VirtualBooks },
): Promise<() => Promise<void>> {
  const {
    BANK_FUNDS: accountsFile,
    BANK_FUND_BOOKS: booksFile,
    BANK_EXCHANGE: exchange,
  } = process.env
  if (accountsFile === undefined) return async () => undefined
  if (booksFile === undefined || exchange === undefined) {
    throw new Error('BANK_FUNDS goes with BANK_FUND_BOOKS and BANK_EXCHANGE')
  }
  const accounts: unknown = JSON.parse(await readFile(accountsFile, 'utf8'))
  if (!Check(Type.Array(FundAccount), accounts)) {
    throw new Error(`${accountsFile} holds no list of accounts`)
  }
  const books = createFundBooks()
  const journal = await openLineJournal<FundEntry>({
    path: booksFile,
    isEntry: (value) => Check(FundEntry, value),
    replay: (entry) => books.replay(entry),
    onFailure: endUnwritten,
  })
  const desk = createFundDesk({ accounts, exchange, bank, books, journal, clock })
  addFundRoutes(server, { desk, books })
  const carryDeposits = createDepositCarrier(desk, virtual, accounts)
  const loop = startLoop({
    everyMs: FUND_TURN_EVERY_MS,
    async work() {
      await carryDeposits()
      await desk.turn()
    },
    onError: (error) => tellTrouble('treasury_bank.failed', error),
  })
  return async () => {
    await loop.stop()
    await journal.close()
  }
}

main().catch((error: unknown) => failToStart('bank', error))
