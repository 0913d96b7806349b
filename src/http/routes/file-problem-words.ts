/** What an officer reads of a list that is not right: where, what stands there, and what would be right. */
import {
  columnNames,
  FILE_BYTES_MAX,
  LINE_BYTES_MAX,
  LINE_WON_MAX,
  LINES_MAX,
  type EligibilityColumn,
  type FileProblem,
  type FileProblemCode,
} from '../../granting/granting.ts'
import type { Words } from '../door.ts'

const columns: Readonly<Record<EligibilityColumn, Words>> = {
  reference: { ko: columnNames.reference[0]!, en: 'reference' },
  name: { ko: columnNames.name[0]!, en: 'name' },
  birthDate: { ko: columnNames.birthDate[0]!, en: 'birth date' },
  phone: { ko: columnNames.phone[0]!, en: 'phone' },
  amountWon: { ko: columnNames.amountWon[0]!, en: 'amount' },
  memberId: { ko: columnNames.memberId[0]!, en: 'member id' },
}

type Say = (problem: FileProblem) => Words

const sentences: Readonly<Record<FileProblemCode, Say>> = {
  file_empty: () => ({ ko: '파일이 비어 있습니다.', en: 'The file is empty.' }),
  file_too_large: () => ({
    ko: `파일이 너무 큽니다. ${FILE_BYTES_MAX.toLocaleString('en')}바이트 이하로 나누어 올려 주세요.`,
    en: `The file is too large; split it into files of at most ${FILE_BYTES_MAX.toLocaleString('en')} bytes.`,
  }),
  encoding_unknown: ({ found = '' }) => ({
    ko: `${found} 인코딩은 읽을 수 없습니다. UTF-8 또는 EUC-KR로 저장해 주세요.`,
    en: `${found} cannot be read; save it as UTF-8 or EUC-KR.`,
  }),
  issuer_differs: ({ found = '', wanted = '' }) => ({
    ko: `다른 발행기관(${found})의 파일입니다. 이 기관은 ${wanted}입니다.`,
    en: `It is the file of another issuer (${found}); this one is ${wanted}.`,
  }),
  column_missing: (problem) => ({
    ko: `머리글에 ‘${columnOf(problem).ko}’ 열이 없습니다.`,
    en: `The header has no column "${columnOf(problem).en}".`,
  }),
  column_twice: (problem) => ({
    ko: `머리글에 ‘${columnOf(problem).ko}’ 열이 두 번 있습니다.`,
    en: `The header has the column "${columnOf(problem).en}" twice.`,
  }),
  no_lines: () => ({ ko: '대상자가 한 명도 없습니다.', en: 'There is nobody on the list.' }),
  too_many_lines: () => ({
    ko: `대상자는 한 파일에 ${LINES_MAX.toLocaleString('en')}명까지입니다.`,
    en: `A file may have at most ${LINES_MAX.toLocaleString('en')} persons.`,
  }),
  nul_byte: ({ byteColumn = 0 }) => ({
    ko: `${byteColumn}번째 바이트가 NUL입니다. 파일이 손상되었는지 확인해 주세요.`,
    en: `Byte ${byteColumn} is NUL; the file may be damaged.`,
  }),
  undecodable: ({ byteColumn = 0, found = '', wanted = '' }) => ({
    ko: `${byteColumn}번째 바이트(${found})를 ${wanted}로 읽을 수 없습니다.`,
    en: `Byte ${byteColumn} (${found}) is not ${wanted}.`,
  }),
  line_too_long: () => ({
    ko: `한 줄은 ${LINE_BYTES_MAX.toLocaleString('en')}바이트를 넘을 수 없습니다.`,
    en: `A line has at most ${LINE_BYTES_MAX.toLocaleString('en')} bytes.`,
  }),
  line_cut_off: () => ({
    ko: '마지막 줄이 잘렸습니다. 파일을 다시 저장해 주세요.',
    en: 'The last line was cut off; save the file again.',
  }),
  quote_open: () => ({
    ko: '큰따옴표가 닫히지 않았습니다. 값 안의 큰따옴표는 두 번 써 주세요.',
    en: 'A quote is not closed; inside a value write it twice.',
  }),
  quote_misplaced: () => ({
    ko: '큰따옴표의 위치가 올바르지 않습니다. 값 전체를 묶어 주세요.',
    en: 'A quote stands in the wrong place; it has to enclose the whole value.',
  }),
  cell_count: ({ found = '', wanted = '' }) => ({
    ko: `칸이 ${found}개입니다. ${wanted}개여야 합니다. 값 안의 쉼표는 큰따옴표로 묶어 주세요.`,
    en: `There are ${found} values, not ${wanted}; enclose a value that has a comma in quotes.`,
  }),
  cell_empty: (problem) => ({
    ko: `‘${columnOf(problem).ko}’ 값이 비어 있습니다.`,
    en: `The ${columnOf(problem).en} is missing.`,
  }),
  reference_malformed: ({ found = '' }) => ({
    ko: `대상자번호 ‘${found}’는 쓸 수 없습니다. 글자와 숫자, . _ / - 로 40자 이하여야 합니다.`,
    en: `"${found}" cannot be a reference: up to 40 letters, digits and . _ / -`,
  }),
  name_malformed: ({ found = '' }) => ({
    ko: `성명 ‘${found}’을 읽을 수 없습니다. 60자 이하의 이름이어야 합니다.`,
    en: `"${found}" is no name of up to 60 characters.`,
  }),
  birth_date_malformed: ({ found = '' }) => ({
    ko: `생년월일 ‘${found}’이 올바르지 않습니다. 1990-05-05처럼 여덟 자리로 써 주세요.`,
    en: `"${found}" is no birth date; write all eight digits, such as 1990-05-05.`,
  }),
  phone_malformed: ({ found = '' }) => ({
    ko:
      `휴대전화 ‘${found}’가 올바르지 않습니다. 010-1234-5678처럼 써 주세요. ` +
      '앞의 0이 빠지지 않았는지 확인해 주세요.',
    en: `"${found}" is no mobile number such as 010-1234-5678; spreadsheets drop the first 0.`,
  }),
  amount_malformed: ({ found = '' }) => ({
    ko: `지급액 ‘${found}’이 올바르지 않습니다. 1원부터 ${LINE_WON_MAX.toLocaleString('en')}원까지의 정수여야 합니다.`,
    en: `"${found}" is no amount of 1 to ${LINE_WON_MAX.toLocaleString('en')} whole won.`,
  }),
  member_id_malformed: ({ found = '' }) => ({
    ko: `회원번호 ‘${found}’가 올바르지 않습니다. mbr_로 시작하는 번호여야 합니다.`,
    en: `"${found}" is no member id; it begins with mbr_.`,
  }),
  resident_number: (problem) => ({
    ko: `‘${columnOf(problem).ko}’에 주민등록번호로 보이는 값이 있습니다. 주민등록번호는 올릴 수 없습니다.`,
    en: `The ${columnOf(problem).en} looks like a resident registration number, which may not be sent.`,
  }),
  reference_twice: ({ found = '', firstLine = 0 }) => ({
    ko: `대상자번호 ‘${found}’가 ${firstLine}번째 줄에 이미 있습니다.`,
    en: `The reference "${found}" stands in line ${firstLine} already.`,
  }),
  person_twice: ({ firstLine = 0 }) => ({
    ko: `같은 사람이 ${firstLine}번째 줄에 이미 있습니다.`,
    en: `The same person stands in line ${firstLine} already.`,
  }),
  trailer_malformed: () => ({
    ko: '합계 줄에는 건수와 금액이 차례로 있어야 합니다.',
    en: 'The total line has to give the count and then the sum.',
  }),
  line_after_trailer: () => ({
    ko: '합계 줄 뒤에 줄이 더 있습니다.',
    en: 'There are lines after the total line.',
  }),
  count_differs: ({ found = '', wanted = '' }) => ({
    ko: `대상자는 ${found}명인데 ${wanted}명이라고 되어 있습니다.`,
    en: `There are ${found} persons, and ${wanted} are stated.`,
  }),
  total_differs: ({ found = '', wanted = '' }) => ({
    ko: `지급액의 합은 ${found}원인데 ${wanted}원이라고 되어 있습니다.`,
    en: `The amounts add up to ${found} won, and ${wanted} are stated.`,
  }),
}

export function fileProblemWords(problem: FileProblem): Words {
  return sentences[problem.code](problem)
}

function columnOf({ column }: FileProblem): Words {
  return column === undefined ? { ko: '', en: '' } : columns[column]
}
