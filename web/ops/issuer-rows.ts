/** Every issuer with what is known of it: its numbers, the newest day of its fund, what is due. */
import { useWords } from '../ui/words.ts'
import type { Tone } from '../ui/telling.tsx'
import { SEALED_WITHIN_MS, useStatus, type IssuerStatus } from './status.ts'
import { useDue, useFunds, useIssuerNumbers, type Fund, type IssuerInNumbers } from './live.ts'

const words = {
  ko: {
    late: '기한 지남',
    differs: '자금 불일치',
    soon: '곧 기한',
    fine: '정상',
    jobs: '작업 실패',
    seal: '봉인 늦음',
  },
  en: {
    late: 'Late',
    differs: 'Fund differs',
    soon: 'Due soon',
    fine: 'Fine',
    jobs: 'Job failed',
    seal: 'Seal late',
  },
}

export interface IssuerRow extends IssuerInNumbers {
  readonly day: Fund['day']
  readonly due: number
  /** Undefined while the database is away. */
  readonly status: IssuerStatus | undefined
  readonly tone: Tone
  readonly word: string
}

export function useIssuerRows(): readonly IssuerRow[] {
  const t = useWords(words)
  const numbers = useIssuerNumbers().data?.items ?? []
  const funds = useFunds().data?.items ?? []
  const due = useDue().data?.items ?? []
  const statuses = useStatus().data?.issuers ?? []
  return numbers.map((issuer): IssuerRow => {
    const { issuerCode } = issuer
    const day = funds.find((fund) => fund.issuerCode === issuerCode)?.day ?? null
    const own = due.filter((one) => one.issuerCode === issuerCode)
    const status = statuses.find((one) => one.issuerCode === issuerCode)
    const row = { ...issuer, day, due: own.length, status }
    if (own.some((one) => one.due === 'overdue')) return { ...row, tone: 'bad', word: t.late }
    if (day !== null && day.breakCount + day.shortWon > 0) {
      return { ...row, tone: 'bad', word: t.differs }
    }
    if ((status?.failedJobs ?? 0) > 0) return { ...row, tone: 'bad', word: t.jobs }
    if ((status?.unsealedMs ?? 0) > SEALED_WITHIN_MS) return { ...row, tone: 'bad', word: t.seal }
    if (own.length > 0) return { ...row, tone: 'wait', word: t.soon }
    return { ...row, tone: 'good', word: t.fine }
  })
}
