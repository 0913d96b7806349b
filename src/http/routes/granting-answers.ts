/** What this door says to each refusal of granting. */
import type { Granted, GrantingRefusal } from '../../granting/granting.ts'
import { declineProblem, HttpProblem, type Words } from '../door.ts'

export interface GrantingAnswer {
  readonly status: 403 | 404 | 409 | 422
  readonly title: Words
}

/** A refusal without an answer does not compile. */
export const grantingAnswers = {
  program_unknown: 'program_unknown',
  program_grants_nothing: {
    status: 409,
    title: { ko: '정책수당 사업이 아닙니다.', en: 'The program grants no stipends.' },
  },
  round_malformed: {
    status: 422,
    title: {
      ko: '지급 회차는 글자와 숫자, . _ - 로 40자 이하여야 합니다.',
      en: 'A round is up to 40 letters, digits and . _ -',
    },
  },
  batch_unknown: {
    status: 404,
    title: { ko: '없는 지급 묶음입니다.', en: 'There is no such batch.' },
  },
  batch_state_differs: {
    status: 409,
    title: {
      ko: '지급 묶음의 지금 상태에서는 할 수 없습니다.',
      en: 'The batch’s present state does not allow this.',
    },
  },
  other_officer_needed: {
    status: 403,
    title: {
      ko: '다른 담당자가 확인해야 합니다.',
      en: 'Another officer has to confirm this.',
    },
  },
  funder_pot_short: {
    status: 409,
    title: {
      ko: '재원이 부족합니다. 부족액은 사전 점검 결과에 있습니다.',
      en: 'A funder’s pot is short; the dry run says by how much.',
    },
  },
  words_missing: {
    status: 422,
    title: { ko: '사유를 적어 주세요.', en: 'Please say why.' },
  },
  appeal_unknown: {
    status: 404,
    title: { ko: '없는 이의신청입니다.', en: 'There is no such appeal.' },
  },
  appeal_period_over: {
    status: 409,
    title: { ko: '이의신청 기간이 지났습니다.', en: 'The period of appeal is over.' },
  },
  appeal_open_already: {
    status: 409,
    title: {
      ko: '이 지급에 대한 이의신청이 이미 접수되어 있습니다.',
      en: 'An appeal about this is open already.',
    },
  },
  too_many_appeals: {
    status: 409,
    title: {
      ko: '이 지급에 대해 더는 이의신청을 할 수 없습니다.',
      en: 'No further appeal can be made about this.',
    },
  },
  appeal_state_differs: {
    status: 409,
    title: {
      ko: '이의신청의 지금 상태에서는 할 수 없습니다.',
      en: 'The appeal’s present state does not allow this.',
    },
  },
  appeal_amount_wrong: {
    status: 422,
    title: { ko: '지급할 수 없는 금액입니다.', en: 'Such an amount cannot be granted.' },
  },
  appeal_over_cap: {
    status: 409,
    title: {
      ko: '회원의 보유한도를 넘는 금액입니다.',
      en: 'The member would hold more than the cap.',
    },
  },
  grant_unknown: {
    status: 404,
    title: { ko: '지급된 내역이 없습니다.', en: 'Nothing was granted there.' },
  },
  clawback_unknown: {
    status: 404,
    title: { ko: '없는 환수 건입니다.', en: 'There is no such clawback.' },
  },
  clawback_state_differs: {
    status: 409,
    title: {
      ko: '환수 건의 지금 상태에서는 할 수 없습니다.',
      en: 'The clawback’s present state does not allow this.',
    },
  },
  nothing_left_to_claw_back: {
    status: 409,
    title: { ko: '환수할 잔액이 없습니다.', en: 'There is nothing left to take back.' },
  },
} as const satisfies Record<GrantingRefusal, GrantingAnswer | 'program_unknown'>

/** The answer to a file that was not taken. */
export const faultyFile = {
  status: 422,
  code: 'eligibility_file_faulty',
  title: {
    ko: '대상자 명단에 고칠 곳이 있습니다. 파일은 저장되지 않았습니다.',
    en: 'The eligibility file has to be mended; nothing of it was kept.',
  },
} as const

/** The result of a use case. @param place where its fields stand in the request @throws HttpProblem */
export function granted<Result>(
  answer: Granted<Result>,
  place: 'body' | 'query' = 'body',
): { readonly status: 'done' } & Result {
  if (answer.status === 'done') return answer
  const { reason, field } = answer
  const words: GrantingAnswer | 'program_unknown' = grantingAnswers[reason]
  if (typeof words === 'string') throw declineProblem(words)
  throw new HttpProblem({
    ...words,
    code: reason,
    ...(field === undefined ? {} : { field: `${place}.${field}` }),
  })
}
