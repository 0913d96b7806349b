/** What is read of a list of recipients that is not right: where, what stands there, and what would be right. */
import {
  recipientColumnNames,
  RECIPIENT_FILE_BYTES_MAX,
  RECIPIENTS_MAX,
  listProblemCodes,
  type ListProblem,
  type ListProblemCode,
  type RecipientColumn,
} from '../../corporate/corporate.ts'
import { GIFT_MESSAGE_LENGTH_MAX } from '../../gifting/gifting.ts'
import type { Words } from '../door.ts'
import { fileProblemWords } from './file-problem-words.ts'

const columns: Readonly<Record<RecipientColumn, Words>> = {
  phone: { ko: recipientColumnNames.phone[0]!, en: 'phone' },
  amountWon: { ko: recipientColumnNames.amountWon[0]!, en: 'amount' },
  memo: { ko: recipientColumnNames.memo[0]!, en: 'memo' },
}

type Say = (problem: ListProblem) => Words

const sentences: Readonly<Record<ListProblemCode, Say>> = {
  list_too_large: () => ({
    ko: `파일이 너무 큽니다. ${RECIPIENT_FILE_BYTES_MAX.toLocaleString('en')}바이트 이하로 나누어 올려 주세요.`,
    en: `The file is too large; split it into files of at most ${RECIPIENT_FILE_BYTES_MAX.toLocaleString('en')} bytes.`,
  }),
  list_empty: () => ({ ko: '받는 사람이 한 명도 없습니다.', en: 'There is nobody on the list.' }),
  too_many_recipients: () => ({
    ko: `받는 사람은 한 파일에 ${RECIPIENTS_MAX.toLocaleString('en')}명까지입니다.`,
    en: `A list may have at most ${RECIPIENTS_MAX.toLocaleString('en')} people.`,
  }),
  column_missing: (problem) => ({
    ko: `머리글에 ‘${columnOf(problem).ko}’ 열이 없습니다.`,
    en: `The header has no column "${columnOf(problem).en}".`,
  }),
  column_twice: (problem) => ({
    ko: `머리글에 ‘${columnOf(problem).ko}’ 열이 두 번 있습니다.`,
    en: `The header has the column "${columnOf(problem).en}" twice.`,
  }),
  cell_count: ({ found = '', wanted = '' }) => ({
    ko: `칸이 ${found}개입니다. ${wanted}개여야 합니다. 값 안의 쉼표는 큰따옴표로 묶어 주세요.`,
    en: `There are ${found} values, not ${wanted}; enclose a value that has a comma in quotes.`,
  }),
  cell_empty: (problem) => ({
    ko: `‘${columnOf(problem).ko}’ 값이 비어 있습니다.`,
    en: `The ${columnOf(problem).en} is missing.`,
  }),
  phone_malformed: ({ found = '' }) => ({
    ko:
      `휴대전화 ‘${found}’가 올바르지 않습니다. 010-1234-5678처럼 써 주세요. ` +
      '앞의 0이 빠지지 않았는지 확인해 주세요.',
    en: `"${found}" is no mobile number such as 010-1234-5678; spreadsheets drop the first 0.`,
  }),
  amount_malformed: ({ found = '' }) => ({
    ko: `금액 ‘${found}’이 올바르지 않습니다. 1원 이상의 정수여야 합니다.`,
    en: `"${found}" is no amount of whole won.`,
  }),
  amount_above_cap: ({ found = '', wanted = '' }) => ({
    ko: `금액 ‘${found}’은 한 사람이 가질 수 있는 ${wanted}원보다 많습니다.`,
    en: `"${found}" is more than the ${wanted} won that one person may hold.`,
  }),
  memo_malformed: () => ({
    ko: `문구는 줄바꿈 없이 ${GIFT_MESSAGE_LENGTH_MAX}자 이하여야 합니다.`,
    en: `The memo is at most ${GIFT_MESSAGE_LENGTH_MAX} characters, without marks that nobody sees.`,
  }),
  resident_number: (problem) => ({
    ko: `‘${columnOf(problem).ko}’에 주민등록번호로 보이는 값이 있습니다. 주민등록번호는 올릴 수 없습니다.`,
    en: `The ${columnOf(problem).en} looks like a resident registration number, which may not be sent.`,
  }),
  phone_twice: ({ firstLine = 0 }) => ({
    ko: `같은 휴대전화가 ${firstLine}번째 줄에 이미 있습니다.`,
    en: `The same phone stands in line ${firstLine} already.`,
  }),
}

/** What is wrong with the text of any file is said as it is of eligibility files. */
export function listProblemWords(problem: ListProblem): Words {
  const own = listProblemCodes.find((code) => code === problem.code)
  if (own !== undefined) return sentences[own](problem)
  const { column: _column, code, ...rest } = problem
  // Its own codes were looked for before.
  return fileProblemWords({ ...rest, code: code as Parameters<typeof fileProblemWords>[0]['code'] })
}

function columnOf({ column }: ListProblem): Words {
  return column === undefined ? { ko: '', en: '' } : columns[column]
}
