/** Treasury banks (금고은행): where the operating fund lies (지역사랑상품권법 §4의2), and what files they may take. */

/** Bank codes (금융기관 코드) of those that keep a municipality's purse, by the name that issuers tell. */
export const treasuryBankCodes: Readonly<Record<string, string>> = {
  IBK기업은행: '003',
  KB국민은행: '004',
  수협은행: '007',
  NH농협은행: '011',
  농협은행: '011',
  우리은행: '020',
  iM뱅크: '031',
  BNK부산은행: '032',
  광주은행: '034',
  제주은행: '035',
  전북은행: '037',
  BNK경남은행: '039',
  하나은행: '081',
  신한은행: '088',
}
/** Of a bank that the table does not name; its files bear it too. */
export const UNKNOWN_BANK_CODE = '000'

export function treasuryBankCode(name: string): string {
  return treasuryBankCodes[name] ?? UNKNOWN_BANK_CODE
}

/** Fixed-width records in EUC-KR, or rows of text. */
export const fileFormatNames = ['telegram', 'csv_utf8', 'csv_euc_kr'] as const
export type FileFormatName = (typeof fileFormatNames)[number]

/** How a payout file shows in the fund's account: an entry for each payout, or one for the file. */
export const payoutEntryKinds = ['each', 'file'] as const
