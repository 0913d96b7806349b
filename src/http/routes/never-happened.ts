/** The answer to an enquiry by a key that is not known: the caller may safely repeat the request. */
import { HttpProblem } from '../door.ts'

/** 404 that says what to do. A key of somebody else's operation is answered the same way. */
export function neverHappened(field: string): HttpProblem {
  return new HttpProblem({
    status: 404,
    code: 'not_found',
    title: { ko: '이 요청 번호로 처리된 것이 없습니다.', en: 'Nothing happened under this key.' },
    detail: {
      ko: '처리되지 않은 요청입니다. 같은 Idempotency-Key로 다시 보내도 안전합니다.',
      en: 'It never happened: repeat the request with the same Idempotency-Key.',
    },
    field,
  })
}
