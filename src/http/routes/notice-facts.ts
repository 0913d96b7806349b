/** Facts of notices as they stand in sentences. */
import type { NoticeBody } from '../../registration/registration.ts'

/** `₩12,000`; a fact that is not there reads as nothing paid. */
export function wonOf(facts: NoticeBody['facts'], name: string): string {
  const amount = facts[name]
  return `₩${(typeof amount === 'number' ? amount : 0).toLocaleString('en-US')}`
}

export function textOf(facts: NoticeBody['facts'], name: string): string {
  return String(facts[name] ?? '')
}
