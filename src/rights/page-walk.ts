/** Reading a long list a page at a time. */

/** Rows in memory at one time. */
export const RECORDS_PAGE = 100

/** Every page of a list. @param readPage the page behind a row; `undefined`: the first page */
export async function* pagesOf<Row>(
  readPage: (last: Row | undefined) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  let last: Row | undefined
  for (;;) {
    const page = await readPage(last)
    yield page
    last = page.at(-1)
    if (last === undefined || page.length < RECORDS_PAGE) return
  }
}
