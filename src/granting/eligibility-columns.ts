/** The columns of an eligibility file, and the names that offices give them, in Korean or English. */

export const eligibilityColumns = [
  'reference',
  'name',
  'birthDate',
  'phone',
  'amountWon',
  'memberId',
] as const
export type EligibilityColumn = (typeof eligibilityColumns)[number]

/** Compared without white space, `_`, `-`, brackets and case. The first of each language is what we would write. */
export const columnNames: Readonly<Record<EligibilityColumn, readonly string[]>> = {
  reference: ['대상자번호', '관리번호', '접수번호', '연번', 'reference', 'referencenumber'],
  name: ['성명', '이름', '대상자명', 'name'],
  birthDate: ['생년월일', 'birthdate', 'dateofbirth'],
  phone: [
    '휴대전화',
    '휴대폰',
    '휴대전화번호',
    '휴대폰번호',
    '전화번호',
    '연락처',
    'phone',
    'mobile',
  ],
  amountWon: ['지급액', '지급금액', '금액', '지급액원', '금액원', 'amount', 'amountwon'],
  memberId: ['회원번호', 'memberid', 'member'],
}

/** The first cell of a line before the header that says whose file it is, with the issuer's code as second. */
export const issuerLineNames: readonly string[] = [
  '발행기관',
  '발행기관코드',
  'issuer',
  'issuercode',
]
/** The first cell of the last line that says count and total. */
export const trailerNames: readonly string[] = ['합계', '총계', '계', 'total', 'sum']

/** `Birth_Date (생년월일)` is not guessed at: only white space, `_`, `-`, brackets and case fall away. */
export function plainName(cell: string): string {
  return cell
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s_\-()[\]#]/gu, '')
}

/** Where each column stands in the header; other columns are passed over and never kept. */
export function placesOf<Column extends string>(
  cells: readonly string[],
  columns: readonly Column[],
  names: Readonly<Record<Column, readonly string[]>>,
): { readonly places: ReadonlyMap<Column, number>; readonly twice: readonly Column[] } {
  const places = new Map<Column, number>()
  const twice: Column[] = []
  for (const [place, cell] of cells.entries()) {
    const plain = plainName(cell)
    const column = columns.find((each) => names[each].includes(plain))
    if (column === undefined) continue
    if (places.has(column)) twice.push(column)
    else places.set(column, place)
  }
  return { places, twice }
}

/** Who is meant is said by a member id, or by name, birth date and telephone together. */
export function missingColumns(
  places: ReadonlyMap<EligibilityColumn, number>,
): readonly EligibilityColumn[] {
  const needed: readonly EligibilityColumn[] = places.has('memberId')
    ? ['reference', 'amountWon']
    : ['reference', 'name', 'birthDate', 'phone', 'amountWon']
  return needed.filter((column) => !places.has(column))
}
