/** What this door says to each refusal of registration. */
import { businessDate, type Instant } from '../../base/base.ts'
import { type Registered, type RegistrationRefusal } from '../../registration/registration.ts'
import { declineProblem, HttpProblem, instantText, type Words } from '../door.ts'
import { memberAnswers, type RegistrationAnswer } from './member-answers.ts'
import { koreanTime } from './views.ts'

export { type RegistrationAnswer } from './member-answers.ts'

/** A refusal without an answer does not compile. Those that are declines too are answered as such. */
export const registrationAnswers = {
  member_unknown: {
    status: 404,
    title: { ko: '없는 회원입니다.', en: 'There is no such member.' },
  },
  wallet_unknown: 'wallet_unknown',
  wallet_stopped: 'wallet_stopped',
  ...memberAnswers,
  account_not_linked: {
    status: 409,
    title: {
      ko: '연결된 계좌가 없습니다. 먼저 계좌를 연결해 주세요.',
      en: 'No account is linked. Please link one first.',
    },
  },
  partner_unknown: {
    status: 404,
    title: { ko: '연결할 수 없는 카드사입니다.', en: 'No cards of such a company can be linked.' },
  },
  card_unknown: {
    status: 404,
    title: { ko: '연결되어 있지 않은 카드입니다.', en: 'There is no such linked card.' },
  },
  link_code_unknown: {
    status: 422,
    title: {
      ko: '카드사가 모르는 연결 번호입니다. 카드사 앱에서 새 번호를 받아 주세요.',
      en: 'The card company does not know the code. Please get a new one from its app.',
    },
  },
  card_of_another_member: {
    status: 409,
    title: {
      ko: '다른 회원이 이미 연결한 카드입니다.',
      en: 'Another member has linked this card already.',
    },
  },
  too_many_cards: {
    status: 409,
    title: {
      ko: '연결할 수 있는 카드 수를 넘었습니다. 쓰지 않는 카드를 먼저 해제해 주세요.',
      en: 'No more cards can be linked. Please unlink one that is not used.',
    },
  },
  case_unknown: {
    status: 404,
    title: { ko: '없는 오류정정 건입니다.', en: 'There is no such case.' },
  },
  payout_unknown: {
    status: 404,
    title: { ko: '없는 지급 건입니다.', en: 'There is no such payout.' },
  },
  payout_moves: {
    status: 409,
    title: {
      ko: '지금은 바꿀 수 없는 지급 건입니다. 은행에 보냈거나 이미 지급되었습니다.',
      en: 'The payout cannot be changed now: the bank has been told of it, or has paid it.',
    },
  },
  expected_payment_unknown: {
    status: 404,
    title: { ko: '없는 교부 예정입니다.', en: 'There is no such expected payment.' },
  },
  expected_payment_claimed: {
    status: 409,
    title: {
      ko: '이미 입금과 연결된 교부 예정입니다.',
      en: 'The expected payment has been matched with an entry already.',
    },
  },
  case_closed: {
    status: 409,
    title: {
      ko: '다른 결과로 이미 종결된 건입니다.',
      en: 'The case was closed with another resolution.',
    },
  },
  case_transition_refused: {
    status: 409,
    title: {
      ko: '이 건의 지금 단계에서는 할 수 없습니다.',
      en: 'The case does not allow this at its present stage.',
    },
  },
  case_too_early: {
    status: 409,
    title: {
      ko: '아직 답변 기한이 지나지 않았습니다.',
      en: 'The time for an answer is not over yet.',
    },
  },
  case_too_late: {
    status: 409,
    title: {
      ko: '이의를 제기할 기한이 지났습니다.',
      en: 'The answer may not be contested any more.',
    },
  },
  too_many_reports: {
    status: 409,
    title: {
      ko: '처리 중인 건이 너무 많습니다. 답변을 받은 뒤 다시 접수해 주세요.',
      en: 'Too many reports are open. Please wait until some are answered.',
    },
  },
  operation_unknown: {
    status: 404,
    title: { ko: '없는 거래입니다.', en: 'There is no such operation.' },
  },
  merchant_unknown: 'merchant_unknown',
  outlet_unknown: {
    status: 404,
    title: { ko: '없는 매장입니다.', en: 'There is no such outlet.' },
  },
  kit_unknown: {
    status: 404,
    title: { ko: '없는 QR 키트입니다.', en: 'There is no such QR kit.' },
  },
  clerk_unknown: {
    status: 404,
    title: { ko: '없는 직원입니다.', en: 'There is no such clerk.' },
  },
  clerk_code_used: {
    status: 409,
    title: {
      ko: '이미 사용한 직원 등록 코드입니다. 새로 보여 달라고 해 주세요.',
      en: 'This code has let somebody in already. Please have a new one shown.',
    },
  },
  program_unknown: 'program_unknown',
  field_invalid: {
    status: 422,
    title: { ko: '쓸 수 없는 값이 있습니다.', en: 'A value cannot be taken as it is.' },
  },
  business_number_taken: {
    status: 409,
    title: {
      ko: '다른 사람이 이미 등록한 사업자등록번호입니다.',
      en: 'The business number belongs to a merchant of somebody else.',
    },
  },
  merchant_barred: {
    status: 409,
    title: {
      ko: '등록이 취소된 뒤 재등록이 제한된 기간입니다.',
      en: 'After a cancellation the business or its owner may not apply again yet.',
    },
  },
  merchant_check_failed: {
    status: 409,
    title: {
      ko: '확인 항목 가운데 맞지 않는 것이 있어 승인할 수 없습니다.',
      en: 'A check stands against the approval.',
    },
  },
  merchant_too_early: {
    status: 409,
    title: { ko: '아직 할 수 없습니다.', en: 'It is too early for this.' },
  },
  merchant_too_late: {
    status: 409,
    title: { ko: '기한이 지났습니다.', en: 'The time for this is over.' },
  },
  merchant_without_validity: {
    status: 409,
    title: { ko: '유효기간이 없는 등록입니다.', en: 'The registration has no end to be renewed.' },
  },
  bar_not_halved: {
    status: 422,
    title: {
      ko: '이 발행기관은 재등록 제한 기간을 줄이지 않습니다.',
      en: 'The issuer’s rules do not allow a bar to be halved.',
    },
  },
  document_unknown: {
    status: 404,
    title: { ko: '없는 서류입니다.', en: 'There is no such document.' },
  },
  document_type_refused: {
    status: 422,
    title: {
      ko: 'PDF, JPEG, PNG 파일만 받습니다.',
      en: 'Only files that are PDF, JPEG or PNG are taken.',
    },
  },
  documents_full: {
    status: 409,
    title: {
      ko: '올릴 수 있는 서류 수를 넘었습니다.',
      en: 'No more documents can be uploaded.',
    },
  },
  account_holder_differs: {
    status: 422,
    title: {
      ko: '은행이 알려 준 예금주와 다릅니다.',
      en: 'The bank knows the account under another holder’s name.',
    },
  },
  account_unknown_at_bank: {
    status: 422,
    title: { ko: '은행에 없는 계좌입니다.', en: 'The bank knows no such account.' },
  },
  agent_unknown: {
    status: 422,
    title: {
      ko: '이 가맹점을 위해 환전할 수 있는 환전대행가맹점이 아닙니다.',
      en: 'That merchant may not redeem for this one.',
    },
  },
  merchant_transition_refused: {
    status: 409,
    title: {
      ko: '가맹점의 지금 상태에서는 할 수 없는 결정입니다.',
      en: 'The merchant’s present status does not allow this decision.',
    },
  },
  owner_stays: {
    status: 409,
    title: { ko: '대표는 내보낼 수 없습니다.', en: 'The owner cannot be removed.' },
  },
  terms_invalid: {
    status: 422,
    title: { ko: '규정에 맞지 않는 조건입니다.', en: 'The terms do not keep the rules.' },
  },
  terms_superseded: {
    status: 409,
    title: {
      ko: '그 뒤에 더 새로운 조건이 등록되었습니다. 지금 조건을 확인하고 다시 신청해 주세요.',
      en: 'Newer terms have been added since. Please look at them and propose anew.',
    },
  },
  officer_unknown: {
    status: 403,
    title: { ko: '담당 공무원이 아닙니다.', en: 'Only an officer of the issuer may do this.' },
  },
  second_officer_needed: {
    status: 409,
    title: {
      ko: '혼자서 바꿀 수 없습니다. 변경을 제안하고 다른 담당자의 승인을 받아 주세요.',
      en: 'One officer alone may not change this. Please propose it to a second one.',
    },
  },
  too_many_proposals: {
    status: 409,
    title: {
      ko: '결정을 기다리는 제안이 너무 많습니다. 먼저 결정하거나 철회해 주세요.',
      en: 'Too many proposals wait for a decision. Please decide or withdraw some first.',
    },
  },
  proposal_unknown: {
    status: 404,
    title: { ko: '없는 제안입니다.', en: 'There is no such proposal.' },
  },
  own_proposal: {
    status: 403,
    title: {
      ko: '제안한 사람은 결정할 수 없습니다. 다른 담당자가 결정해야 합니다.',
      en: 'Whoever proposed it does not decide it: a second officer has to.',
    },
  },
  proposal_of_another: {
    status: 403,
    title: {
      ko: '제안한 사람만 철회할 수 있습니다.',
      en: 'Only who proposed it may withdraw it.',
    },
  },
  proposal_lapsed: {
    status: 409,
    title: {
      ko: '시행일까지 결정되지 않아 없어진 제안입니다.',
      en: 'Nobody decided the proposal in time: it has lapsed.',
    },
  },
  proposal_decided: {
    status: 409,
    title: { ko: '이미 결정된 제안입니다.', en: 'The proposal has been decided already.' },
  },
  notice_too_short: {
    status: 422,
    title: {
      ko: '시행일이 너무 빠릅니다. 미리 알려야 하는 기간이 필요합니다.',
      en: 'It would take effect too early: members have to be told before.',
    },
  },
  nothing_changes: {
    status: 409,
    title: { ko: '바뀌는 것이 없습니다.', en: 'Nothing would change.' },
  },
  program_abolished: {
    status: 409,
    title: { ko: '폐지가 결정된 사업입니다.', en: 'The end of the program has been decided.' },
  },
  pot_unknown: {
    status: 404,
    title: { ko: '없는 예산 재원입니다.', en: 'There is no such pot.' },
  },
  pot_overlaps: {
    status: 409,
    title: {
      ko: '같은 재원과 사업에 기간이 겹치는 예산이 있습니다.',
      en: 'The funder keeps a pot for such a program in that period already.',
    },
  },
  request_reused: {
    status: 409,
    title: {
      ko: '같은 요청 번호로 다른 요청을 보냈습니다.',
      en: 'The key was used for another request.',
    },
  },
} as const satisfies Record<
  RegistrationRefusal,
  RegistrationAnswer | 'wallet_unknown' | 'wallet_stopped' | 'merchant_unknown' | 'program_unknown'
>

/** The result of a use case. @param place where its fields stand in the request @throws HttpProblem */
export function registered<Result>(
  answer: Registered<Result>,
  place: 'body' | 'body.changes' | 'body.overrides' | 'path' = 'body',
): { readonly status: 'registered' } & Result {
  if (answer.status === 'registered') return answer
  const { reason, field, problems, at, earliestAt } = answer
  const words: RegistrationAnswer | Parameters<typeof declineProblem>[0] =
    registrationAnswers[reason]
  if (typeof words === 'string') throw declineProblem(words)
  const [problem] = problems ?? []
  const named = problem?.field ?? field
  throw new HttpProblem({
    ...words,
    code: reason,
    ...(named === undefined ? {} : { field: `${place}.${named}` }),
    ...(problem === undefined ? {} : { detail: termsDetail(problem) }),
    ...(at === undefined ? {} : { detail: instantDetail(at) }),
    ...(earliestAt === undefined ? {} : { detail: noticeDetail(earliestAt) }),
  })
}

/** The instant that a refusal is about, as people in Korea read it. */
function instantDetail(at: Instant): Words {
  const time = koreanTime(at)
  return { ko: `기준 시각: ${time}`, en: `The time that counts is ${time} in Korea.` }
}

/** The bounds are told in English only: they name the clause, and an engineer or an officer's help reads them. */
function termsDetail({ field, sentence }: { field: string; sentence: string }): Words {
  return { ko: `${field}: ${sentence}`, en: `${field} ${sentence}` }
}

function noticeDetail(earliestAt: Instant): Words {
  const at = instantText(earliestAt)
  const day = businessDate(earliestAt)
  return {
    ko: `가장 빠른 시행일은 ${day}(${at})입니다.`,
    en: `The earliest day is ${day} in Korea (${at}).`,
  }
}
