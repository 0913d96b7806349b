/** Copy in the reader's language. Each screen has its words in one place: `const words = { ko: {…}, en: {…} }`. */
import { useSyncExternalStore } from 'react'
import { currentLanguage, onLanguageChange, type Language } from '../api/language.ts'

/** The same words in each language; functions take what varies. */
export type Dictionary<Words> = Readonly<Record<Language, Words>>

export function useLanguage(): Language {
  return useSyncExternalStore(onLanguageChange, currentLanguage)
}

/** The words of the reader's language. `en` has the same shape as `ko`, or it does not compile. */
export function useWords<Words>(words: Dictionary<Words>): Words {
  return words[useLanguage()]
}
