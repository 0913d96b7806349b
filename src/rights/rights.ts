/**
 * What people may ask of an issuer about themselves: a copy of everything that is kept (개인정보 열람·전송 요구), leaving,
 * and that what need not be kept goes. SPEC.md has what is kept how long, and by which rule.
 */
export {
  acceptedGifts,
  memberRecordKinds,
  recordsOfMember,
  type MemberPlace,
  type MemberRecordKind,
} from './member-records.ts'
export { pagesOf, RECORDS_PAGE } from './page-walk.ts'
export { plainRecord } from './plain-record.ts'
export { ERASED_A_STEP, eraseStep, type ErasureStep } from './erasing.ts'
export {
  classOfKind,
  retentionClasses,
  retentionOf,
  type Retention,
  type RetentionClass,
  type RetentionFacts,
  type RetentionRules,
} from './retention.ts'
export { type Leaving, type RightsDeps } from './rights-deps.ts'
export { leave, type Left } from './withdrawal.ts'
