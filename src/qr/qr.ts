/**
 * The texts of payment codes, and their drawing: what a merchant shows, what a payer shows. Pure;
 * keys, clocks and hashes are the caller's.
 */
export {
  CONSUMER_CODE_SKEW_STEPS,
  CONSUMER_CODE_STEP_MS,
  CONSUMER_CODE_VALID_STEPS,
  CONSUMER_HANDLE_MAX,
  CONSUMER_SEED_BYTES_MIN,
  isConsumerHandle,
  makeConsumerCode,
  parseConsumerCode,
  verifyConsumerCode,
  type ConsumerCode,
  type ConsumerCodeRefusal,
} from './consumer-code.ts'
export {
  codeModules,
  drawPng,
  drawSvg,
  ERROR_CORRECTION,
  PNG_SCALE_MAX,
  type DarkRun,
} from './drawing.ts'
export {
  decodeEmv,
  EMV_TEXT_MAX,
  emvProblems,
  encodeEmv,
  type EmvCode,
  type EmvProblem,
  type EmvRefusal,
  type EmvResult,
} from './emv.ts'
export {
  DYNAMIC_CODE_AHEAD_MAX_MS,
  DYNAMIC_CODE_VALID_MS,
  ISSUER_CODE_PATTERN,
  makeDynamicCode,
  makeStaticCode,
  readMerchantCode,
  REFERENCE_PATTERN,
  type DynamicCodeInput,
  type DynamicMerchantCode,
  type MerchantCode,
  type MerchantCodeRefusal,
  type MerchantCodeResult,
  type StaticCodeInput,
  type StaticMerchantCode,
} from './merchant-code.ts'
export { type MerchantNames } from './merchant-names.ts'
export { type HmacSha256 } from './one-time-password.ts'
export { KEY_ID_PATTERN, type SignBytes, type VerifyBytes } from './signature-block.ts'
export { type DataObject, type DataObjects } from './tlv.ts'
