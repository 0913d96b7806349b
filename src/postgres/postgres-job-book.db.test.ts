/** The book of jobs in PostgreSQL against the contract that the one in memory specifies. */
import { after } from 'node:test'
import { openTestDatabase } from '../../test/database.ts'
import { testJobBook } from '../jobs/job-book.contract.ts'
import { openPool } from './postgres-pool.ts'
import { createPostgresJobBook } from './postgres-job-book.ts'

const closing: (() => Promise<void>)[] = []
after(async () => {
  for (const close of closing) await close()
})

testJobBook('the book in PostgreSQL', async () => {
  const database = await openTestDatabase()
  const pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 2 })
  closing.push(async () => {
    await pool.close()
    await database.close()
  })
  return createPostgresJobBook(pool)
})
