/** What merchants and desks read of a notice, in both languages; an app may say it in its own way from the facts. */
import { businessDate } from '../../base/base.ts'
import type { PartyNoticeBody, PartyNoticeKind } from '../../registration/registration.ts'
import type { Words } from '../door.ts'
import { reportSentences, textOf as text, wonOf as won } from './notice-facts.ts'

type Facts = PartyNoticeBody['facts']

const sentences: Readonly<Record<PartyNoticeKind, (facts: Facts) => Words>> = {
  ...reportSentences,
  payout_parked: (facts) => ({
    ko: `정산금 ${won(facts, 'amountWon')}을 계좌로 보내지 못했습니다. 정산 계좌를 확인하고, 다른 계좌라면 바꾸어 주세요.`,
    en:
      `${won(facts, 'amountWon')} could not be sent to your account. Please check it, and name ` +
      'another one if it is closed.',
  }),
  documents_asked: (facts) => ({
    ko: `서류 보완을 요청합니다(${day(facts, 'until')}까지): ${text(facts, 'documents')}. ${text(facts, 'words')}`,
    en: `Please bring until ${day(facts, 'until')}: ${text(facts, 'documents')}. ${text(facts, 'words')}`,
  }),
  merchant_registered: (facts) => ({
    ko: `가맹점으로 등록되었습니다.${validKo(facts)}`,
    en: `You are registered as a merchant.${validEn(facts)}`,
  }),
  merchant_refused: (facts) => ({
    ko: `가맹점 신청이 반려되었습니다. 사유: ${text(facts, 'words')}`,
    en: `Your application was refused: ${text(facts, 'words')}`,
  }),
  merchant_suspended: (facts) => {
    const isOpen = facts['until'] === undefined
    const [ko, en] = isOpen
      ? ['', '']
      : [`(${day(facts, 'until')}까지)`, ` until ${day(facts, 'until')}`]
    return {
      ko: `가맹점 사용이 정지되었습니다${ko}. 사유: ${text(facts, 'words')}`,
      en: `Payments are suspended${en}: ${text(facts, 'words')}`,
    }
  },
  suspension_lifted: () => ({
    ko: '사용정지가 풀렸습니다. 다시 결제를 받을 수 있습니다.',
    en: 'The suspension has ended. You may take payments again.',
  }),
  cancellation_noticed: (facts) => ({
    ko: `가맹점 등록취소를 사전 통지합니다. 사유: ${text(facts, 'words')}. ${day(facts, 'until')} 전까지 이의를 제기할 수 있습니다.`,
    en: `We mean to cancel your registration: ${text(facts, 'words')}. You may object before ${day(facts, 'until')}.`,
  }),
  cancellation_withdrawn: (facts) => ({
    ko: `등록취소를 하지 않기로 했습니다. ${text(facts, 'words')}`,
    en: `Your registration stays. ${text(facts, 'words')}`,
  }),
  registration_cancelled: (facts) => ({
    ko: `가맹점 등록이 취소되었습니다. 사유: ${text(facts, 'words')}. ${day(facts, 'until')} 전에는 다시 신청할 수 없습니다.`,
    en:
      `Your registration was cancelled: ${text(facts, 'words')}. ` +
      `You may not apply again before ${day(facts, 'until')}.`,
  }),
  registration_closed: (facts) => ({
    ko: `가맹점 등록이 종료되었습니다. ${text(facts, 'words')}`,
    en: `The registration has ended. ${text(facts, 'words')}`,
  }),
  registration_renewed: (facts) => ({
    ko: `가맹점 등록이 갱신되었습니다.${validKo(facts)}`,
    en: `The registration was renewed.${validEn(facts)}`,
  }),
  registration_lapsed: () => ({
    ko: '가맹점 등록의 유효기간이 끝났습니다. 계속하려면 다시 신청해 주세요.',
    en: 'The registration has lapsed. Please apply again to go on.',
  }),
  renewal_open: (facts) => ({
    ko: `가맹점 등록이 ${day(facts, 'validUntil')}에 끝납니다. ${day(facts, 'until')} 전까지 갱신해 주세요.`,
    en: `The registration ends on ${day(facts, 'validUntil')}. Please renew it before ${day(facts, 'until')}.`,
  }),
  revenue_requested: (facts) => ({
    ko: `연매출을 알려 주세요(${day(facts, 'until')} 전까지). 수수료와 사용처 자격에 쓰입니다.`,
    en: `Please tell your yearly revenue before ${day(facts, 'until')}: fees and eligibility follow from it.`,
  }),
  revenue_told: (facts) => ({
    ko: `가맹점이 연매출을 알려 왔습니다: ${won(facts, 'annualRevenueWon')}, ${text(facts, 'from')}부터 적용.`,
    en: `A merchant told its yearly revenue: ${won(facts, 'annualRevenueWon')}, counting from ${text(facts, 'from')}.`,
  }),
  revenue_changed: (facts) => ({
    ko: `오늘부터 적용되는 연매출: ${won(facts, 'annualRevenueWon')}(${text(facts, 'revenueClass')}).`,
    en: `From today your yearly revenue counts as ${won(facts, 'annualRevenueWon')} (${text(facts, 'revenueClass')}).`,
  }),
  account_changed: (facts) => ({
    ko: `정산계좌가 ${text(facts, 'from')} 정산분부터 바뀝니다. 직접 바꾸지 않았다면 바로 알려 주세요.`,
    en: `Settlements from ${text(facts, 'from')} are paid to another account. If it was not you, tell us at once.`,
  }),
  agency_changed: (facts) => ({
    ko: `환전대행 지정이 바뀌었습니다: 대행 ${text(facts, 'agent')}, 가맹점 ${text(facts, 'merchant')}.`,
    en:
      'For whom an exchange agent redeems has changed: ' +
      `agent ${text(facts, 'agent')}, merchant ${text(facts, 'merchant')}.`,
  }),
  application_made: () => ({ ko: '가맹점 신청이 들어왔습니다.', en: 'A business has applied.' }),
  documents_complete: () => ({
    ko: '요청한 서류가 모두 들어왔습니다.',
    en: 'Everything that was asked for was brought.',
  }),
  documents_overdue: (facts) => ({
    ko: `보완 서류 기한(${day(facts, 'until')})이 지났습니다.`,
    en: `The time to bring documents ended on ${day(facts, 'until')}.`,
  }),
  decision_due: (facts) => ({
    ko: `결정 기한이 다가옵니다(${day(facts, 'until')} 전까지).`,
    en: `A decision is due before ${day(facts, 'until')}.`,
  }),
  objection_made: (facts) => ({
    ko: `등록취소 통지에 이의가 제기되었습니다: ${text(facts, 'words')}`,
    en: `A merchant objects to its cancellation: ${text(facts, 'words')}`,
  }),
  objection_over: () => ({
    ko: '이의 기간이 끝났습니다. 등록취소를 결정할 수 있습니다.',
    en: 'Nobody objected in time; the cancellation may be decided.',
  }),
  case_given_on: (facts) => ({
    ko: `운영사가 넘긴 건이 있습니다: ${text(facts, 'case')}(${day(facts, 'until')} 전까지).`,
    en: `The operator gave you the case ${text(facts, 'case')}, due before ${day(facts, 'until')}.`,
  }),
  case_due: (facts) => ({
    ko: `기한이 다가온 건이 있습니다: ${text(facts, 'case')}(${day(facts, 'until')} 전까지).`,
    en: `The case ${text(facts, 'case')} is due before ${day(facts, 'until')}.`,
  }),
  case_overdue: (facts) => ({
    ko: `기한이 지난 건이 있습니다: ${text(facts, 'case')}(${day(facts, 'until')} 전까지였음).`,
    en: `The case ${text(facts, 'case')} was due before ${day(facts, 'until')} and is late.`,
  }),
}

export function partyNoticeWords({
  partyNoticeKind,
  facts,
}: Pick<PartyNoticeBody, 'partyNoticeKind' | 'facts'>): Words {
  return sentences[partyNoticeKind](facts)
}

/** Of an instant, the Korean day. */
function day(facts: Facts, name: string): string {
  const at = facts[name]
  return typeof at === 'number' ? businessDate(at) : ''
}

const validKo = (facts: Facts): string =>
  facts['validUntil'] === undefined ? '' : ` 유효기간은 ${day(facts, 'validUntil')} 전까지입니다.`
const validEn = (facts: Facts): string =>
  facts['validUntil'] === undefined ? '' : ` It is valid before ${day(facts, 'validUntil')}.`
