/** The operating fund and settlements as officers see them. */
import type { paths } from '../api/schema.ts'
import type { Tone } from '../ui/telling.tsx'
import type { Dictionary } from '../ui/words.ts'

type Base = '/v1/issuers/{issuerCode}'
export type FundDay =
  paths[`${Base}/fund/days`]['get']['responses'][200]['content']['application/json']['items'][number]
export type Payout =
  paths[`${Base}/fund/payouts`]['get']['responses'][200]['content']['application/json']['items'][number]
export type Expected =
  paths[`${Base}/fund/expected-payments`]['get']['responses'][200]['content']['application/json']['items'][number]
export type Run =
  paths[`${Base}/settlement-runs`]['get']['responses'][200]['content']['application/json']['items'][number]
export type Held =
  paths[`${Base}/settlements-held`]['get']['responses'][200]['content']['application/json']['items'][number]

export const payoutStates = ['due', 'sent', 'paid', 'returned', 'parked'] as const
export const payoutWords: Dictionary<Record<Payout['state'], string>> = {
  ko: { due: '보낼 것', sent: '은행에 보냄', paid: '지급됨', returned: '되돌아옴', parked: '보류' },
  en: { due: 'due', sent: 'sent', paid: 'paid', returned: 'returned', parked: 'parked' },
}
export const payoutTones: Record<Payout['state'], Tone> = {
  due: 'wait',
  sent: 'wait',
  paid: 'good',
  returned: 'bad',
  parked: 'bad',
}
