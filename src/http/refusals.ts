/** The problems that this door itself finds: who asks, what is asked, how often. One ordered list. */
import type { Role } from '../access/access.ts'
import { HttpProblem, type Words } from './problem.ts'

export interface Refusal {
  readonly status: number
  readonly title: Words
}

/** Every problem code besides declines and faults, in the order in which a request may meet them. */
export const refusals = {
  not_found: {
    status: 404,
    title: { ko: '찾을 수 없습니다.', en: 'There is no such thing here.' },
  },
  too_many_requests: {
    status: 429,
    title: { ko: '요청이 너무 많습니다.', en: 'Too many requests.' },
  },
  session_missing: {
    status: 401,
    title: { ko: '로그인이 필요합니다.', en: 'A session is needed.' },
  },
  token_invalid: {
    status: 401,
    title: { ko: '로그인 정보가 올바르지 않습니다.', en: 'The token is not valid.' },
  },
  token_expired: {
    status: 401,
    title: { ko: '로그인 시간이 지났습니다.', en: 'The token has expired.' },
  },
  token_of_other_device: {
    status: 401,
    title: { ko: '다른 기기의 로그인 정보입니다.', en: 'The token belongs to another device.' },
  },
  proof_missing: {
    status: 401,
    title: { ko: '기기 증명이 없습니다.', en: 'The proof of the device is missing.' },
  },
  proof_invalid: {
    status: 401,
    title: { ko: '기기 증명이 올바르지 않습니다.', en: 'The proof of the device is not valid.' },
  },
  proof_out_of_time: {
    status: 401,
    title: {
      ko: '기기 증명의 시각이 맞지 않습니다.',
      en: 'The proof of the device is not of this minute.',
    },
  },
  proof_repeated: {
    status: 401,
    title: {
      ko: '이미 사용한 기기 증명입니다.',
      en: 'The proof of the device has been used already.',
    },
  },
  assertion_invalid: {
    status: 401,
    title: { ko: '본인확인 정보가 올바르지 않습니다.', en: 'The assertion is not valid.' },
  },
  assertion_expired: {
    status: 401,
    title: { ko: '본인확인 시간이 지났습니다.', en: 'The assertion has expired.' },
  },
  forbidden: {
    status: 403,
    title: { ko: '권한이 없습니다.', en: 'This is not allowed to you.' },
  },
  issuer_unknown: {
    status: 404,
    title: { ko: '등록되지 않은 발행기관입니다.', en: 'There is no such issuer.' },
  },
  body_too_large: {
    status: 413,
    title: { ko: '보낸 내용이 너무 큽니다.', en: 'The body is too large.' },
  },
  media_type_unsupported: {
    status: 415,
    title: { ko: '받을 수 없는 형식입니다.', en: 'The media type is not supported.' },
  },
  malformed_body: {
    status: 400,
    title: { ko: '보낸 내용을 읽을 수 없습니다.', en: 'The body cannot be read.' },
  },
  malformed_request: {
    status: 400,
    title: { ko: '요청을 읽을 수 없습니다.', en: 'The request cannot be read.' },
  },
  validation_failed: {
    status: 400,
    title: { ko: '요청에 잘못된 값이 있습니다.', en: 'A value in the request is not right.' },
  },
  cursor_invalid: {
    status: 400,
    title: { ko: '목록의 위치 값이 올바르지 않습니다.', en: 'The cursor is not one of ours.' },
  },
  kit_replaced: {
    status: 409,
    title: {
      ko: '교체된 QR 키트입니다. 새 키트를 인쇄해 주세요.',
      en: 'This code was replaced by another and pays no more. Please print the new one.',
    },
  },
  clerk_code_invalid: {
    status: 422,
    title: {
      ko: '직원 등록 코드가 아닙니다. 직원의 앱에서 새로 보여 달라고 해 주세요.',
      en: 'This is no code of a clerk. Please have a new one shown.',
    },
  },
  clerk_code_expired: {
    status: 422,
    title: {
      ko: '직원 등록 코드의 시간이 지났습니다. 새로 보여 달라고 해 주세요.',
      en: 'The time of this code is over. Please have a new one shown.',
    },
  },
  clerk_code_own: {
    status: 422,
    title: {
      ko: '본인의 코드입니다. 등록할 직원의 코드를 읽어 주세요.',
      en: 'This code is your own. Please scan that of the person to let in.',
    },
  },
  idempotency_key_missing: {
    status: 400,
    title: { ko: 'Idempotency-Key 헤더가 없습니다.', en: 'The Idempotency-Key header is missing.' },
  },
  idempotency_key_malformed: {
    status: 400,
    title: {
      ko: 'Idempotency-Key 헤더가 올바르지 않습니다.',
      en: 'The Idempotency-Key header is malformed.',
    },
  },
  key_reused: {
    status: 409,
    title: {
      ko: '같은 요청 번호로 다른 요청을 보냈습니다.',
      en: 'The key was used for another request.',
    },
  },
  too_many_streams: {
    status: 503,
    title: { ko: '실시간 연결이 너무 많습니다.', en: 'Too many streams are open.' },
  },
  simulated_party_away: {
    status: 503,
    title: {
      ko: '체험용 상대 시스템이 응답하지 않습니다.',
      en: 'A simulated party of the demonstration does not answer.',
    },
  },
  internal_error: {
    status: 500,
    title: { ko: '시스템에 오류가 있습니다.', en: 'Something is wrong on our side.' },
  },
} as const satisfies Record<string, Refusal>
export type RefusalCode = keyof typeof refusals

/** A problem of the table with what is to be said about this case. */
export function refusal(
  code: RefusalCode,
  options: {
    readonly detail?: Words
    readonly field?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly cause?: unknown
  } = {},
): HttpProblem {
  return new HttpProblem({ ...refusals[code], code, ...options })
}

const CHALLENGE = 'DPoP algs="ES256 EdDSA"'

/** The caller is nobody yet. */
export function sessionMissing(): HttpProblem {
  return refusal('session_missing', {
    detail: {
      ko: 'Authorization: DPoP <token> 헤더와 DPoP 헤더를 함께 보내 주세요.',
      en: 'Send both headers: `Authorization: DPoP <token>` and `DPoP`.',
    },
    field: 'header.authorization',
    headers: { 'www-authenticate': CHALLENGE },
  })
}

/** What is wrong with a token, and what with a proof: RFC 9449 §7.1 has a word for each. */
const challengeErrors = {
  token_invalid: 'invalid_token',
  token_expired: 'invalid_token',
  token_of_other_device: 'invalid_token',
  assertion_invalid: 'invalid_token',
  assertion_expired: 'invalid_token',
  proof_missing: 'invalid_dpop_proof',
  proof_invalid: 'invalid_dpop_proof',
  proof_out_of_time: 'invalid_dpop_proof',
  proof_repeated: 'invalid_dpop_proof',
} as const satisfies Partial<Record<RefusalCode, string>>
export type DeviceProblemCode = keyof typeof challengeErrors

/** 401 with the challenge that tells the client which of the two to renew. */
export function deviceProblem(
  code: DeviceProblemCode,
  options: { readonly detail?: Words; readonly field?: string } = {},
): HttpProblem {
  const error = challengeErrors[code]
  return refusal(code, {
    field: error === 'invalid_token' ? 'header.authorization' : 'header.dpop',
    ...options,
    headers: { 'www-authenticate': `DPoP error="${error}", algs="ES256 EdDSA"` },
  })
}

const roleNames: Readonly<Record<Role, Words>> = {
  member: { ko: '이 지역의 회원', en: 'a member of this issuer' },
  former_member: { ko: '이 지역의 탈퇴 회원', en: 'a former member of this issuer' },
  clerk: { ko: '이 가맹점의 직원', en: 'a clerk of this merchant' },
  owner: { ko: '이 가맹점의 대표', en: 'the owner of this merchant' },
  officer: { ko: '이 발행기관의 담당자', en: 'an officer of this issuer' },
  operator: { ko: '시스템 운영자', en: 'an operator' },
}

/** The caller is known and is not who may do this. */
export function forbidden(needed: Role): HttpProblem {
  const { ko, en } = roleNames[needed]
  return refusal('forbidden', {
    detail: { ko: `${ko}만 할 수 있습니다.`, en: `Only ${en} may do this.` },
  })
}

export function issuerUnknown(): HttpProblem {
  return refusal('issuer_unknown', { field: 'path.issuerCode' })
}

/** For a thing that does not exist, or not for this caller: the two are not told apart. */
export function notFound(field?: string): HttpProblem {
  return refusal('not_found', field === undefined ? {} : { field })
}

const KEY_FIELD = 'header.idempotency-key'
const KEY_DETAIL: Words = {
  ko: '보내기 전에 만들어 저장한 UUID를 Idempotency-Key 헤더로 보내 주세요.',
  en: 'Send as Idempotency-Key a UUID that was made and stored before the first attempt.',
}

export function keyMissing(): HttpProblem {
  return refusal('idempotency_key_missing', { detail: KEY_DETAIL, field: KEY_FIELD })
}

export function keyMalformed(): HttpProblem {
  return refusal('idempotency_key_malformed', { detail: KEY_DETAIL, field: KEY_FIELD })
}

/** The ledger knows the key from a request that was not this one. */
export function keyReused(): HttpProblem {
  return refusal('key_reused', {
    detail: {
      ko: '새 요청에는 새 Idempotency-Key를 만들어 주세요. 앞의 요청은 그대로 유효합니다.',
      en: 'Make a new Idempotency-Key for a new request. The earlier request stands as it is.',
    },
    field: KEY_FIELD,
  })
}

/** A day that no calendar has, or a period that ends before it begins. */
export function dayInvalid(field: string): HttpProblem {
  return refusal('validation_failed', {
    detail: {
      ko: 'YYYY-MM-DD 형식의 한국 날짜로 보내 주세요. 끝 날짜는 첫 날짜보다 빠를 수 없습니다.',
      en: 'Send Korean days as YYYY-MM-DD; the last must not come before the first.',
    },
    field,
  })
}

export function cursorInvalid(): HttpProblem {
  return refusal('cursor_invalid', {
    detail: {
      ko: 'cursor에는 앞 쪽의 nextCursor 값을 그대로 보내거나 아무것도 보내지 마세요.',
      en: 'Send `nextCursor` of the page before as `cursor`, or leave it out.',
    },
    field: 'query.cursor',
  })
}

export function tooManyRequests(retryAfterSeconds: number): HttpProblem {
  const seconds = Math.max(1, retryAfterSeconds)
  return refusal('too_many_requests', {
    detail: {
      ko: `${seconds}초 뒤에 다시 시도해 주세요.`,
      en: `Please try again in ${seconds} seconds.`,
    },
    headers: { 'retry-after': String(seconds) },
  })
}

export function tooManyStreams(): HttpProblem {
  return refusal('too_many_streams', { headers: { 'retry-after': '10' } })
}
