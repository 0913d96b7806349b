/** How a reader likes to see things: kept on the device, set on the document for the tokens to follow. */
const KEY = 'dure.preferences'
const listeners = new Set<() => void>()

export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark'
  readonly type: 'normal' | 'large'
  readonly motion: 'system' | 'still'
  /** Sales are told aloud at a shop. */
  readonly speech: 'on' | 'off'
}

const usual: Preferences = { theme: 'system', type: 'normal', motion: 'system', speech: 'on' }

export function readPreferences(): Preferences {
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>) }
  } catch {
    return usual
  }
}

export function changePreferences(change: Partial<Preferences>): Preferences {
  const next = { ...readPreferences(), ...change }
  localStorage.setItem(KEY, JSON.stringify(next))
  showPreferences(next)
  for (const tell of listeners) tell()
  return next
}

/** Tells of each change, wherever it was made. */
export function onPreferencesChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Sets them on the document. */
export function showPreferences({ theme, type, motion }: Preferences): void {
  const { dataset } = document.documentElement
  dataset['theme'] = theme
  dataset['type'] = type
  dataset['motion'] = motion
}
