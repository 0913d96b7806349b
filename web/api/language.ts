/** The reader's language: chosen once, kept on the device, told to the API and to screen readers. */
export const languages = ['ko', 'en'] as const
export type Language = (typeof languages)[number]

const KEY = 'dure.language'
const listeners = new Set<() => void>()

/** Korean unless the reader chose English. `?lang=en` in the address chooses too, for links. */
export function currentLanguage(): Language {
  const kept = localStorage.getItem(KEY)
  return kept === 'en' ? 'en' : 'ko'
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEY, language)
  document.documentElement.lang = language
  for (const tell of listeners) tell()
}

export function onLanguageChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const asked = new URLSearchParams(location.search).get('lang')
if (asked === 'ko' || asked === 'en') localStorage.setItem(KEY, asked)
document.documentElement.lang = currentLanguage()
