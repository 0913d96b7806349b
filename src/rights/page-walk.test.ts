/** Reading a long list a page at a time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pagesOf, RECORDS_PAGE } from './rights.ts'

for (const { count, sizes } of [
  { count: 0, sizes: [0] },
  { count: RECORDS_PAGE - 1, sizes: [RECORDS_PAGE - 1] },
  { count: RECORDS_PAGE, sizes: [RECORDS_PAGE, 0] },
  { count: 2 * RECORDS_PAGE + 1, sizes: [RECORDS_PAGE, RECORDS_PAGE, 1] },
]) {
  test(`a list of ${count} rows comes whole, in pages of ${sizes.join(', ')}`, async () => {
    const rows = Array.from({ length: count }, (_, index) => index + 1)
    const pages = pagesOf<number>(async (last = 0) => rows.slice(last, last + RECORDS_PAGE))
    const read: (readonly number[])[] = []
    for await (const page of pages) read.push(page)
    assert.deepEqual(
      read.map((page) => page.length),
      sizes,
    )
    assert.deepEqual(read.flat(), rows)
  })
}
