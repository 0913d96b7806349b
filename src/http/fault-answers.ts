/** What this door says to each fault of the world. */
import type { FaultCode } from '../base/base.ts'

export interface FaultAnswer {
  /** 503, 500: certain, nothing was written. 504: the answer was lost and only an enquiry can tell. */
  readonly status: 500 | 503 | 504
  /** When to come back with the same key; absent where time alone does not help. */
  readonly retryAfterSeconds?: number
  readonly ko: string
  readonly en: string
}

/** The words say what became of the money first, because that is what the reader wants to know. */
export const faultAnswers = {
  postgres_unavailable: {
    status: 503,
    retryAfterSeconds: 1,
    ko: '처리되지 않았습니다. 잠시 후 같은 요청 번호로 다시 시도해 주세요.',
    en: 'Nothing was done. Please repeat shortly with the same key.',
  },
  postgres_answer_lost: {
    status: 504,
    retryAfterSeconds: 1,
    ko: '처리 결과를 아직 알 수 없습니다. 같은 요청 번호로 결과를 확인해 주세요.',
    en: 'The result is not known yet. Please enquire by the same key.',
  },
  postgres_disk_full: {
    status: 503,
    retryAfterSeconds: 60,
    ko: '처리되지 않았습니다. 저장 공간이 부족하여 운영자가 조치하고 있습니다.',
    en: 'Nothing was done. Storage is full and the operator has been told.',
  },
  postgres_refused: {
    status: 500,
    ko: '처리되지 않았습니다. 시스템에 오류가 있어 개발자가 확인하고 있습니다.',
    en: 'Nothing was done. Something is wrong on our side and is being looked at.',
  },
  wallet_busy: {
    status: 503,
    retryAfterSeconds: 1,
    ko: '처리되지 않았습니다. 같은 지갑의 다른 거래가 진행 중이니 다시 시도해 주세요.',
    en: 'Nothing was done. Another payment of the wallet is in progress; please repeat.',
  },
  queue_full: {
    status: 503,
    retryAfterSeconds: 2,
    ko: '처리되지 않았습니다. 이용자가 많으니 잠시 후 다시 시도해 주세요.',
    en: 'Nothing was done. The system is busy; please repeat a little later.',
  },
  shutting_down: {
    status: 503,
    retryAfterSeconds: 2,
    ko: '처리되지 않았습니다. 시스템을 다시 시작하고 있으니 잠시 후 다시 시도해 주세요.',
    en: 'Nothing was done. The system is restarting; please repeat shortly.',
  },
  bank_unavailable: {
    status: 503,
    retryAfterSeconds: 10,
    ko: '출금되지 않았습니다. 은행과 연결되지 않으니 잠시 후 다시 시도해 주세요.',
    en: 'No money was taken. The bank cannot be reached; please repeat a little later.',
  },
  bank_answer_lost: {
    status: 504,
    retryAfterSeconds: 10,
    ko: '은행의 처리 결과를 확인하고 있습니다. 같은 요청 번호로 결과를 확인해 주세요.',
    en: 'We are asking the bank what became of it. Please enquire by the same key.',
  },
  core_unavailable: {
    status: 503,
    retryAfterSeconds: 2,
    ko: '처리되지 않았습니다. 원장과 연결되지 않으니 잠시 후 다시 시도해 주세요.',
    en: 'Nothing was done. The ledger cannot be reached; please repeat shortly.',
  },
  core_refused: {
    status: 503,
    retryAfterSeconds: 30,
    ko: '처리되지 않았습니다. 시스템을 점검하고 있으니 나중에 다시 시도해 주세요.',
    en: 'Nothing was done. The system is being looked after; please repeat later.',
  },
  core_answer_lost: {
    status: 504,
    retryAfterSeconds: 2,
    ko: '처리 결과를 아직 알 수 없습니다. 같은 거래 번호로 결과를 확인해 주세요.',
    en: 'The result is not known yet. Please enquire by the same key.',
  },
  standin_store_full: {
    status: 503,
    retryAfterSeconds: 60,
    ko: '처리되지 않았습니다. 카드 게이트웨이의 저장 공간이 부족하여 운영자가 조치하고 있습니다.',
    en: 'Nothing was done. The card gateway is out of storage and the operator has been told.',
  },
  standin_store_failed: {
    status: 504,
    ko: '처리 결과를 아직 알 수 없습니다. 카드 게이트웨이의 저장 장치를 운영자가 확인하고 있습니다.',
    en: 'The result is not known yet. The operator is looking at the storage of the card gateway.',
  },
  card_company_unavailable: {
    status: 503,
    retryAfterSeconds: 10,
    ko: '카드사와 연결되지 않아 카드 설정이 바뀌지 않았습니다. 잠시 후 다시 시도해 주세요.',
    en: 'Nothing was changed. The card company cannot be reached; please repeat a little later.',
  },
  clearing_file_missing: {
    status: 503,
    ko: '처리되지 않았습니다. 매입 파일을 찾을 수 없어 운영자가 조치하고 있습니다.',
    en: 'Nothing was done. A clearing file is missing and the operator has been told.',
  },
  schema_too_new: {
    status: 503,
    ko: '처리되지 않았습니다. 시스템을 갱신하고 있습니다.',
    en: 'Nothing was done. The system is being upgraded.',
  },
} as const satisfies Record<FaultCode, FaultAnswer>
