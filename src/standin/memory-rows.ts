/** Maps whose changes can be undone, so that a commit that throws leaves the store in memory as it was. */

export interface UndoLog {
  push(undo: () => void): void
  /** Takes everything back, newest first. */
  undo(): void
  forget(): void
}

export function createUndoLog(): UndoLog {
  let steps: (() => void)[] = []
  return {
    push: (undo) => void steps.push(undo),
    undo() {
      for (const step of steps.toReversed()) step()
      steps = []
    },
    forget() {
      steps = []
    },
  }
}

export function setIn<Key, Value>(
  log: UndoLog,
  map: Map<Key, Value>,
  key: Key,
  value: Value | undefined,
): void {
  const before = map.get(key)
  log.push(() => {
    if (before === undefined) map.delete(key)
    else map.set(key, before)
  })
  if (value === undefined) map.delete(key)
  else map.set(key, value)
}

/** Adds to, or takes from, the set that stands under a key. */
export function fileUnder<Key, Item>(
  log: UndoLog,
  index: Map<Key, Set<Item>>,
  entry: { key: Key; item: Item; isIn: boolean },
): void {
  const { key, item, isIn } = entry
  const items = index.get(key) ?? new Set()
  if (items.has(item) === isIn) return
  const file = (filed: boolean): void => {
    if (filed) items.add(item)
    else items.delete(item)
    if (items.size === 0) index.delete(key)
    else index.set(key, items)
  }
  file(isIn)
  log.push(() => file(!isIn))
}
