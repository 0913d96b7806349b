/** What this door says to each refusal of registration. */
import { type Registered, type RegistrationRefusal } from '../../registration/registration.ts'
import { declineProblem, HttpProblem, type Words } from '../door.ts'

export interface RegistrationAnswer {
  readonly status: 404 | 409 | 422
  readonly title: Words
}

/** A refusal without an answer does not compile. Those that are declines too are answered as such. */
export const registrationAnswers = {
  member_unknown: {
    status: 404,
    title: { ko: '없는 회원입니다.', en: 'There is no such member.' },
  },
  wallet_unknown: 'wallet_unknown',
  wallet_stopped: 'wallet_stopped',
  account_not_linked: {
    status: 409,
    title: {
      ko: '연결된 계좌가 없습니다. 먼저 계좌를 연결해 주세요.',
      en: 'No account is linked. Please link one first.',
    },
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
      ko: '이 요청으로 등록된 조건 뒤에 더 새로운 조건이 있습니다.',
      en: 'This request was carried out, and newer terms have been added since.',
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
  place: 'body' | 'path' = 'body',
): { readonly status: 'registered' } & Result {
  if (answer.status === 'registered') return answer
  const { reason, field, problems } = answer
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
  })
}

/** The bounds are told in English only: they name the clause, and an engineer or an officer's help reads them. */
function termsDetail({ field, sentence }: { field: string; sentence: string }): Words {
  return { ko: `${field}: ${sentence}`, en: `${field} ${sentence}` }
}
