/**
 * Remembers which keys were given out by which reading, so that a later one can leave out what an earlier one gave. Its
 * memory is bounded: what it has forgotten counts as new. Whoever begins without a name begins a new line: what was
 * given before is new to it, because the database may have been replaced and the same key booked anew.
 */

/** Keys of one generation; two are held, some 20 MB in all. Far more than is booked between two seals. */
const GENERATION_KEYS = 100_000

export interface GivenOut {
  /** @param since the name of a reading: what it, or one before it in its line, gave is not new; absent: all is new */
  begin(since: string | undefined): NamedReading
}

export interface NamedReading {
  readonly name: string
  /** Whether it was not given by the reading asked about, nor before it in its line. Remembers what this one gives. */
  isNew(key: string): boolean
}

/** @param generationKeys for tests */
export function createGivenOut(generationKeys: number = GENERATION_KEYS): GivenOut {
  let young = new Map<string, number>()
  let old = new Map<string, number>()
  let readings = 0
  const remember = (key: string, reading: number): void => {
    if (young.size >= generationKeys) {
      old = young
      young = new Map()
    }
    young.set(key, reading)
  }
  return {
    begin(since) {
      readings += 1
      const reading = readings
      if (since === undefined) return { name: `${reading}/${reading}`, isNew: () => true }
      const { first, last } = lineOf(since, reading)
      return {
        name: `${first}/${reading}`,
        isNew(key) {
          const givenBy = young.get(key) ?? old.get(key)
          const isOfLine = givenBy !== undefined && givenBy >= first
          if (!isOfLine) remember(key, reading)
          return !isOfLine || givenBy > last
        },
      }
    },
  }
}

/** The first reading of the line that a name belongs to, and the named one; of a name never given: a new line. */
function lineOf(since: string, reading: number): { first: number; last: number } {
  const [first = Number.NaN, last = Number.NaN] = since.split('/').map(Number)
  return last < reading ? { first, last } : { first: reading, last: reading }
}
