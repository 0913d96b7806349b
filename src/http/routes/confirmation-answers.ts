/** What this door says where a confirmation is missing, wrong or cannot be set. */
import type { ConfirmationRefusal, ConfirmationRefused } from '../../confirmation/confirmation.ts'
import { HttpProblem, type Words } from '../door.ts'
import { registrationAnswers } from './registration-answers.ts'

export interface ConfirmationAnswer {
  readonly status: 403 | 404 | 409 | 422
  readonly title: Words
}

/** What only the door finds out. */
type FoundHere = 'confirmation_invalid' | 'passkey_invalid'

/** A refusal without an answer does not compile. One that is registration's too is answered as such. */
export const confirmationAnswers = {
  member_unknown: 'member_unknown',
  confirmation_required: {
    status: 403,
    title: {
      ko: '결제 비밀번호나 패스키로 확인해야 합니다.',
      en: 'This needs a confirmation by PIN or passkey.',
    },
  },
  confirmation_invalid: {
    status: 403,
    title: {
      ko: '확인의 시간이 지났거나 다른 거래·금액의 확인입니다. 다시 확인해 주세요.',
      en: 'The confirmation has expired or is about another operation or amount. Please confirm again.',
    },
  },
  pin_trivial: {
    status: 422,
    title: {
      ko: '쉽게 맞힐 수 있는 비밀번호입니다. 같은 숫자, 이어지는 숫자, 생년월일은 쓸 수 없습니다.',
      en: 'The PIN is too easy to guess: no single digit, no run of digits, no birthday.',
    },
  },
  pin_not_set: {
    status: 409,
    title: { ko: '결제 비밀번호를 정하지 않았습니다.', en: 'No PIN is set.' },
  },
  pin_blocked: {
    status: 403,
    title: {
      ko: '비밀번호를 여러 번 틀려 잠겼습니다. 본인확인을 하고 다시 정해 주세요.',
      en: 'The PIN is blocked after too many attempts. Identify yourself and set a new one.',
    },
  },
  pin_wrong: {
    status: 403,
    title: { ko: '비밀번호가 맞지 않습니다.', en: 'The PIN is not right.' },
  },
  passkey_unknown: {
    status: 404,
    title: { ko: '등록되지 않은 패스키입니다.', en: 'There is no such passkey.' },
  },
  passkey_invalid: {
    status: 403,
    title: { ko: '패스키로 확인하지 못했습니다.', en: 'The passkey did not confirm this.' },
  },
  passkey_name_invalid: {
    status: 422,
    title: { ko: '쓸 수 없는 패스키 이름입니다.', en: 'The name of the passkey cannot be taken.' },
  },
  too_many_passkeys: {
    status: 409,
    title: {
      ko: '등록할 수 있는 패스키 수를 넘었습니다. 쓰지 않는 패스키를 먼저 지워 주세요.',
      en: 'No more passkeys can be added. Please remove one that is not used.',
    },
  },
  nothing_to_copy: {
    status: 409,
    title: {
      ko: '가져올 비밀번호나 패스키가 없습니다.',
      en: 'There is no PIN or passkey to take over.',
    },
  },
} as const satisfies Record<ConfirmationRefusal | FoundHere, ConfirmationAnswer | 'member_unknown'>

const fields: Partial<Record<ConfirmationRefusal | FoundHere, string>> = {
  confirmation_required: 'header.payment-confirmation',
  confirmation_invalid: 'header.payment-confirmation',
  pin_trivial: 'body.pin',
  pin_wrong: 'body.pin',
  passkey_unknown: 'path.passkeyId',
  passkey_name_invalid: 'body.name',
  nothing_to_copy: 'body.from',
}

export function confirmationProblem(
  code: ConfirmationRefusal | FoundHere,
  options: { readonly detail?: Words; readonly field?: string } = {},
): HttpProblem {
  const words: ConfirmationAnswer | 'member_unknown' = confirmationAnswers[code]
  const answer = typeof words === 'string' ? registrationAnswers[words] : words
  const field = options.field ?? fields[code]
  const { detail } = options
  return new HttpProblem({
    ...answer,
    code,
    ...(field === undefined ? {} : { field }),
    ...(detail === undefined ? {} : { detail }),
  })
}

/** @param field where the PIN stood, if it is wrong */
export function refusedConfirmation(
  { reason, attemptsLeft }: ConfirmationRefused,
  field?: string,
): HttpProblem {
  const isOfPin = reason === 'pin_wrong'
  return confirmationProblem(reason, {
    ...(attemptsLeft === undefined ? {} : { detail: attemptWords(attemptsLeft) }),
    ...(isOfPin && field !== undefined ? { field } : {}),
  })
}

function attemptWords(left: number): Words {
  if (left === 0) {
    return {
      ko: '비밀번호가 잠겼습니다. 본인확인을 하고 다시 정해 주세요.',
      en: 'The PIN is blocked now. Identify yourself and set a new one.',
    }
  }
  return {
    ko: `앞으로 ${left}번 더 틀리면 잠깁니다.`,
    en: left === 1 ? 'One attempt is left.' : `${left} attempts are left.`,
  }
}
