/** Banks by their codes (금융기관 코드), in the order in which a shopkeeper looks for them. */
export const bankNames = [
  ['011', 'NH농협은행'],
  ['012', '지역 농·축협'],
  ['004', 'KB국민은행'],
  ['088', '신한은행'],
  ['020', '우리은행'],
  ['081', '하나은행'],
  ['003', 'IBK기업은행'],
  ['045', '새마을금고'],
  ['048', '신협'],
  ['071', '우체국'],
  ['007', '수협은행'],
  ['037', '전북은행'],
  ['034', '광주은행'],
  ['031', 'iM뱅크'],
  ['032', 'BNK부산은행'],
  ['039', 'BNK경남은행'],
  ['035', '제주은행'],
  ['023', 'SC제일은행'],
  ['027', '한국씨티은행'],
  ['064', '산림조합'],
  ['090', '카카오뱅크'],
  ['092', '토스뱅크'],
  ['089', '케이뱅크'],
] as const

/** A bank's name, else its code. */
export function bankName(code: string | null): string {
  return bankNames.find(([known]) => known === code)?.[1] ?? code ?? ''
}
