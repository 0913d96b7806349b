/**
 * Remembers which keys were given out by which reading, so that a later one can leave out what an earlier one gave. Its
 * memory is bounded: what it has forgotten counts as new.
 */

/** Keys of one generation; two are held, some 20 MB in all. Far more than is booked between two seals. */
const GENERATION_KEYS = 100_000

export interface GivenOut {
  /** @param since the name of a reading: what it, or one before it, gave is not new; absent: everything is */
  begin(since: string | undefined): NamedReading
}

export interface NamedReading {
  readonly name: string
  /** Whether the key was not given by the reading asked about, nor before it. Remembers that this reading gives it. */
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
      const name = String(reading)
      if (since === undefined) return { name, isNew: () => true }
      const last = readings > Number(since) ? Number(since) : 0
      return {
        name,
        isNew(key) {
          const givenBy = young.get(key) ?? old.get(key)
          if (givenBy === undefined) remember(key, reading)
          return givenBy === undefined || givenBy > last
        },
      }
    },
  }
}
