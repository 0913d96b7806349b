/**
 * ISO 8583:1987 messages and fixed-length telegrams (전문), between bytes and values, and files of
 * such records; profiles and layouts are data.
 * Pure: keys and bytes are arguments, and no partner is known here.
 */
export { contentClasses, type ContentClass } from './content-class.ts'
export { decodeEucKr, encodeEucKr, type EucKrText } from './euc-kr.ts'
export type { FieldSpec, MessageProfile, TagSpec } from './field-profile.ts'
export {
  codecProblems,
  createMessageCodec,
  type CodecProblem,
  type CodecRefusal,
  type IsoMessage,
  type MessageCodec,
  type Packed,
  type Unpacked,
} from './message-codec.ts'
export {
  isSameMac,
  keyCheckValue,
  MAC_BYTES,
  messageMac,
  unwrapKey,
  wrapKey,
} from './message-mac.ts'
export {
  amount,
  choice,
  constant,
  count,
  day,
  dayTime,
  digitText,
  koreanText,
  signedAmount,
  sum,
  text,
  yesNo,
  type Field,
} from './record-field.ts'
export {
  fileRecords,
  joinRecords,
  PROBLEMS_MAX,
  readingRecords,
  recordFile,
  splitRecords,
  type FileProblem,
  type RecordFile,
  type RecordFileContent,
  type RecordFileReading,
  type SplitRecord,
} from './record-file.ts'
export {
  recordLayout,
  type FieldProblem,
  type PlacedField,
  type RecordLayout,
} from './record-layout.ts'
export { readTags, writeTags, type ReadTags, type Tags } from './tagged-data.ts'
export {
  createTelegramCodec,
  type TelegramCodec,
  type TelegramField,
  type TelegramLayout,
  type TelegramRefusal,
  type TelegramValues,
} from './telegram.ts'
