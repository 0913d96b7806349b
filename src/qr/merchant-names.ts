/**
 * Makes any stored name fit a code: EMVCo's limits are hard, and a long shop name must not stop a
 * kit from being printed. Cutting is harmless because Dure's screens show the registered name.
 */

export interface MerchantNames {
  /** Latin letters, at most 25 of them are written. */
  readonly nameLatin: string
  /** At most 15 are written. */
  readonly cityLatin: string
  /** At most 25 are written. */
  readonly nameKorean: string
  /** At most 15 are written. */
  readonly cityKorean?: string
}

export interface FittedNames {
  readonly nameLatin: string
  readonly cityLatin: string
  readonly nameKorean: string | undefined
  readonly cityKorean: string | undefined
}

/** EMVCo fields 59 and 64.01; 60 and 64.02. */
const NAME_MAX = 25
const CITY_MAX = 15
/** Fields 59 and 60 may not be empty; these stand where nothing Latin is left of a name. */
const NAME_FALLBACK = 'MERCHANT'
const CITY_FALLBACK = 'KOREA'

const NOT_PRINTABLE_ASCII = /[^\x20-\x7e]/gu
/**
 * Control, format and private characters, lone surrogates, and all above the basic plane: programs
 * in Java, C# and JavaScript count those as two, and the length would be read differently.
 */
const NOT_IN_A_NAME = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\u{10000}-\u{10ffff}]/gu

/** Cleans and cuts; a Korean name of which nothing is left is left out. Never throws. */
export function fitMerchantNames(names: MerchantNames): FittedNames {
  return {
    nameLatin: fit(latin(names.nameLatin), NAME_MAX) ?? NAME_FALLBACK,
    cityLatin: fit(latin(names.cityLatin), CITY_MAX) ?? CITY_FALLBACK,
    nameKorean: fit(names.nameKorean, NAME_MAX),
    cityKorean: fit(names.cityKorean ?? '', CITY_MAX),
  }
}

/** `Café 군산` → `Cafe`: accents go, what is not ASCII goes. */
function latin(text: string): string {
  return text.normalize('NFKD').replaceAll(NOT_PRINTABLE_ASCII, '')
}

function fit(text: string, lengthMax: number): string | undefined {
  // NFC first: a syllable typed on a Mac may come as three letters.
  const clean = text.normalize('NFC').replaceAll(/\s+/gu, ' ').replaceAll(NOT_IN_A_NAME, '').trim()
  const cut = clean.slice(0, lengthMax).trim()
  return cut === '' ? undefined : cut
}
