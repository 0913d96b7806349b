/** Exceptions as the operator reads them; their words are those of city hall. */
import type { Answer } from './live.ts'

export { caseWords } from '../ui/case-words.ts'
export type OperatorCase = Answer<'/v1/cases'>['items'][number]
