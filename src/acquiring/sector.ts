/**
 * Sectors of merchants (업종), each with its ISO 18245 merchant category code for QR codes and
 * cards.
 */

/**
 * Codes are the nearest of ISO 18245, which knows no Korean snack bar: several sectors may share
 * one. `restricted` sectors stand here so that ordinances can refuse them by name.
 */
export const sectors = {
  restaurant: { nameKo: '음식점', nameEn: 'Restaurant', categoryCode: '5812' },
  snack_bar: { nameKo: '분식', nameEn: 'Snack bar', categoryCode: '5814' },
  cafe: { nameKo: '카페', nameEn: 'Café', categoryCode: '5814' },
  bakery: { nameKo: '제과점', nameEn: 'Bakery', categoryCode: '5462' },
  butcher: { nameKo: '정육점', nameEn: 'Butcher', categoryCode: '5422' },
  seafood: { nameKo: '수산물', nameEn: 'Seafood', categoryCode: '5499' },
  greengrocer: { nameKo: '채소·과일', nameEn: 'Greengrocer', categoryCode: '5499' },
  rice_cake: { nameKo: '떡집', nameEn: 'Rice cake shop', categoryCode: '5441' },
  side_dishes: { nameKo: '반찬가게', nameEn: 'Side dish shop', categoryCode: '5499' },
  supermarket: { nameKo: '슈퍼마켓', nameEn: 'Supermarket', categoryCode: '5411' },
  convenience_store: { nameKo: '편의점', nameEn: 'Convenience store', categoryCode: '5499' },
  hair_salon: { nameKo: '미용실', nameEn: 'Hair salon', categoryCode: '7230' },
  laundry: { nameKo: '세탁소', nameEn: 'Laundry', categoryCode: '7216' },
  pharmacy: { nameKo: '약국', nameEn: 'Pharmacy', categoryCode: '5912' },
  clinic: { nameKo: '의원', nameEn: 'Clinic', categoryCode: '8011' },
  dental_clinic: { nameKo: '치과', nameEn: 'Dental clinic', categoryCode: '8021' },
  optician: { nameKo: '안경원', nameEn: 'Optician', categoryCode: '8043' },
  private_academy: { nameKo: '학원', nameEn: 'Private academy', categoryCode: '8299' },
  bookstore: { nameKo: '서점', nameEn: 'Bookstore', categoryCode: '5942' },
  stationery: { nameKo: '문구점', nameEn: 'Stationery shop', categoryCode: '5943' },
  clothing: { nameKo: '의류', nameEn: 'Clothing', categoryCode: '5651' },
  florist: { nameKo: '꽃집', nameEn: 'Florist', categoryCode: '5992' },
  hardware: { nameKo: '철물점', nameEn: 'Hardware shop', categoryCode: '5251' },
  farm_supplies: { nameKo: '농자재', nameEn: 'Farm supplies', categoryCode: '5261' },
  car_repair: { nameKo: '자동차 정비', nameEn: 'Car repair', categoryCode: '7538' },
  fuel: { nameKo: '주유소', nameEn: 'Filling station', categoryCode: '5541' },
  taxi: { nameKo: '택시', nameEn: 'Taxi', categoryCode: '4121' },
  lodging: { nameKo: '숙박', nameEn: 'Lodging', categoryCode: '7011' },
  department_store: { nameKo: '백화점', nameEn: 'Department store', categoryCode: '5311' },
  adult_entertainment: { nameKo: '유흥주점', nameEn: 'Night club', categoryCode: '5813' },
  gambling: { nameKo: '사행산업', nameEn: 'Gambling', categoryCode: '7995' },
} as const satisfies Record<string, { nameKo: string; nameEn: string; categoryCode: string }>
export type Sector = keyof typeof sectors

/** True for the code of a sector in the list. */
export function isSector(text: string): text is Sector {
  return Object.hasOwn(sectors, text)
}
