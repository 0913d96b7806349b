/** What this door says where a member's agreeing or leaving is refused. */
import type { Words } from '../door.ts'

export interface RegistrationAnswer {
  readonly status: 403 | 404 | 409 | 422
  readonly title: Words
}

export const memberAnswers = {
  consent_text_unknown: {
    status: 409,
    title: {
      ko: '동의문이 바뀌었습니다. 새 동의문을 읽고 다시 동의해 주세요.',
      en: 'The text has changed. Please read the new one and agree again.',
    },
  },
  consent_unknown: {
    status: 404,
    title: { ko: '없는 동의입니다.', en: 'There is no such consent.' },
  },
  consent_missing: {
    status: 422,
    title: {
      ko: '필수 동의가 빠졌습니다. 필수 항목에 모두 동의해야 가입할 수 있습니다.',
      en: 'A consent that every member gives is missing.',
    },
  },
  consent_required: {
    status: 409,
    title: {
      ko: '필수 동의는 탈퇴할 때 함께 끝납니다. 따로 철회할 수 없습니다.',
      en: 'Every member has to agree to this: it ends with the membership only.',
    },
  },
  acts_for_corporation: {
    status: 409,
    title: {
      ko: '법인의 대리인입니다. 대리인에서 빠진 뒤 탈퇴해 주세요. 마지막 대리인은 담당자가 해제합니다.',
      en: 'You act for a corporation. Please be taken off first; an officer takes off the last one.',
    },
  },
  money_on_its_way: {
    status: 409,
    title: {
      ko: '끝나지 않은 결제·선물·환급이 있습니다. 끝난 뒤에 탈퇴할 수 있습니다.',
      en: 'A payment, present or refund is not finished. Please leave afterwards.',
    },
  },
  refund_first: {
    status: 409,
    title: {
      ko: '환급받을 수 있는 잔액이 있습니다. 먼저 환급받은 뒤 탈퇴해 주세요.',
      en: 'Some of what is left can be refunded. Please have it refunded first.',
    },
  },
  rest_not_renounced: {
    status: 409,
    title: {
      ko: '환급되지 않는 잔액이나 받지 않은 캐시백이 있습니다. 탈퇴하면 쓸 수 없으니, 포기한다고 밝혀 주세요.',
      en: 'What cannot be refunded, or cashback that waits, is lost by leaving. Please say that you give it up.',
    },
  },
  debit_consent_missing: {
    status: 409,
    title: {
      ko: '연결된 계좌의 출금에 동의하지 않았습니다. 계좌를 다시 연결하며 동의해 주세요.',
      en: 'Nobody has agreed to debits from the account. Please link it again and agree.',
    },
  },
} as const satisfies Record<string, RegistrationAnswer>
