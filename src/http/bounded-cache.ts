/** Remembers the most recently used entries, and never more than so many. */
import { assert } from '../base/base.ts'

export interface BoundedCache<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
  readonly size: number
}

/** @param sizeMax the least recently used entry makes room for one more than this */
export function createBoundedCache<Value>(sizeMax: number): BoundedCache<Value> {
  assert(Number.isInteger(sizeMax) && sizeMax > 0, 'a cache holds at least one entry')
  // A Map keeps the order of insertion, so that the first key is the one used longest ago.
  const entries = new Map<string, Value>()
  return {
    get(key) {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key, value) {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size <= sizeMax) return
      const [oldest] = entries.keys()
      if (oldest !== undefined) entries.delete(oldest)
    },
    delete(key) {
      entries.delete(key)
    },
    get size() {
      return entries.size
    },
  }
}
