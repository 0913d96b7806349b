import { testJobBook } from './job-book.contract.ts'
import { createMemoryJobBook } from './memory-job-book.ts'

testJobBook('the book in memory', async () => createMemoryJobBook())
