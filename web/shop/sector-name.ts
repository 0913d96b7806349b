/** What sectors are called. */
import { isSector, sectors } from '../../src/acquiring/acquiring.ts'
import { useLanguage } from '../ui/words.ts'

export function useSectorName(): (sector: string) => string {
  const isKorean = useLanguage() === 'ko'
  return (sector) => {
    if (!isSector(sector)) return sector
    return isKorean ? sectors[sector].nameKo : sectors[sector].nameEn
  }
}
