/** Facts of notices as they stand in sentences, and the sentences that members and merchants read alike. */
import type { NoticeBody } from '../../registration/registration.ts'
import type { Words } from '../door.ts'

/** To whoever made a report. */
export const reportSentences = {
  case_question: (facts) => ({
    ko: `접수하신 건에 대해 여쭙니다: ${textOf(facts, 'words')}`,
    en: `A question about your report: ${textOf(facts, 'words')}`,
  }),
  case_answer: (facts) => ({
    ko: `접수하신 건에 답변드립니다: ${textOf(facts, 'words')}`,
    en: `The answer to your report: ${textOf(facts, 'words')}`,
  }),
} as const satisfies Record<string, (facts: NoticeBody['facts']) => Words>

/** `₩12,000`; a fact that is not there reads as nothing paid. */
export function wonOf(facts: NoticeBody['facts'], name: string): string {
  const amount = facts[name]
  return `₩${(typeof amount === 'number' ? amount : 0).toLocaleString('en-US')}`
}

export function textOf(facts: NoticeBody['facts'], name: string): string {
  return String(facts[name] ?? '')
}
