/** What this door says where a corporation's wish is refused. */
import type { Corporate, CorporateRefusal, CorporateRefused } from '../../corporate/corporate.ts'
import { declineProblem, HttpProblem, type Words } from '../door.ts'
import { memberMoneyAnswers } from './member-money-answers.ts'
import { registrationAnswers } from './registration-answers.ts'

export interface CorporateAnswer {
  readonly status: 403 | 404 | 409 | 422
  readonly title: Words
}

/** A refusal without an answer does not compile. What others say too is said in their words. */
export const corporateAnswers = {
  member_unknown: 'registration',
  corporation_unknown: {
    status: 404,
    title: { ko: '없는 법인입니다.', en: 'There is no such corporation.' },
  },
  corporation_known: {
    status: 409,
    title: {
      ko: '이미 신청했거나 등록된 사업자등록번호입니다.',
      en: 'A corporation of that business number has applied already.',
    },
  },
  corporation_state_differs: {
    status: 409,
    title: {
      ko: '법인의 지금 상태에서는 할 수 없습니다.',
      en: 'The corporation’s present state does not allow this.',
    },
  },
  corporation_not_active: {
    status: 409,
    title: {
      ko: '승인되지 않았거나 정지된 법인입니다.',
      en: 'The corporation is not admitted, or is suspended.',
    },
  },
  field_invalid: 'registration',
  account_not_linked: 'registration',
  debit_consent_missing: 'registration',
  consent_text_unknown: 'registration',
  consent_unknown: 'registration',
  authorised_unknown: {
    status: 422,
    title: {
      ko: '그 회원번호와 이름의 회원이 없습니다.',
      en: 'There is no member of that number and name.',
    },
  },
  authorised_state_differs: {
    status: 409,
    title: {
      ko: '대리인의 지금 상태에서는 할 수 없습니다.',
      en: 'The authorised person’s present state does not allow this.',
    },
  },
  too_many_authorised: {
    status: 409,
    title: { ko: '대리인을 더 둘 수 없습니다.', en: 'No more authorised persons can be named.' },
  },
  last_authorised_stays: {
    status: 409,
    title: {
      ko: '마지막 대리인은 스스로 그만둘 수 없습니다. 담당 공무원에게 신청해 주세요.',
      en: 'The last authorised person stays; an officer can remove them.',
    },
  },
  hand_outs_open: {
    status: 409,
    title: {
      ko: '끝나지 않은 배부가 있습니다.',
      en: 'A hand-out is not finished yet.',
    },
  },
  purchase_pending: {
    status: 409,
    title: {
      ko: '은행의 답을 기다리는 구매가 있습니다.',
      en: 'A purchase waits for the bank.',
    },
  },
  value_left: {
    status: 409,
    title: {
      ko: '지갑에 상품권이 남아 있습니다.',
      en: 'There is value left in the wallet.',
    },
  },
  program_unknown: 'decline',
  hand_out_unknown: {
    status: 404,
    title: { ko: '없는 배부입니다.', en: 'There is no such hand-out.' },
  },
  hand_out_state_differs: {
    status: 409,
    title: {
      ko: '배부의 지금 상태에서는 할 수 없습니다.',
      en: 'The hand-out’s present state does not allow this.',
    },
  },
  hand_out_funds_short: {
    status: 409,
    title: {
      ko: '지갑의 상품권이 명단의 합계보다 적습니다.',
      en: 'The wallet has less than the list asks for.',
    },
  },
  too_many_hand_outs: {
    status: 409,
    title: {
      ko: '끝나지 않은 배부가 너무 많습니다. 먼저 확정하거나 취소해 주세요.',
      en: 'Too many hand-outs are open; confirm or cancel some first.',
    },
  },
  recipient_unknown: {
    status: 404,
    title: { ko: '명단에 없는 줄입니다.', en: 'The list has no such line.' },
  },
  gift_closed: 'member_money',
} as const satisfies Record<
  CorporateRefusal,
  CorporateAnswer | 'registration' | 'decline' | 'member_money'
>

/** The answer to a list that was not taken. */
export const faultyList = {
  status: 422,
  code: 'recipient_list_faulty',
  title: {
    ko: '명단에 고칠 곳이 있습니다. 파일은 저장되지 않았습니다.',
    en: 'The list has to be mended; nothing of it was kept.',
  },
} as const

/** The result of a use case. @param place where its fields stand in the request @throws HttpProblem */
export function corporate<Result>(
  answer: Corporate<Result>,
  place: 'body' | 'query' | 'path' = 'body',
): { readonly status: 'done' } & Result {
  if (answer.status === 'done') return answer
  throw corporateProblem(answer, place)
}

export function corporateProblem(
  { reason, field }: CorporateRefused,
  place: 'body' | 'query' | 'path' = 'body',
): HttpProblem {
  const at = field === undefined ? {} : { field: `${place}.${field}` }
  switch (reason) {
    case 'program_unknown':
      return declineProblem(reason)
    case 'gift_closed':
      return new HttpProblem({ ...memberMoneyAnswers[reason], code: reason, ...at })
    case 'member_unknown':
    case 'field_invalid':
    case 'account_not_linked':
    case 'debit_consent_missing':
    case 'consent_text_unknown':
    case 'consent_unknown':
      return new HttpProblem({ ...registrationAnswers[reason], code: reason, ...at })
    default:
      return new HttpProblem({ ...corporateAnswers[reason], code: reason, ...at })
  }
}
