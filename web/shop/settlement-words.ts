/** A settlement's state: its tone, and the server's words for it in the reader's language. */
import type { paths } from '../api/schema.ts'
import type { Tone } from '../ui/telling.tsx'
import { useLanguage } from '../ui/words.ts'

type ListPath = '/v1/issuers/{issuerCode}/merchants/{merchantId}/settlements'
export type Settlement =
  paths[ListPath]['get']['responses'][200]['content']['application/json']['items'][number]

const tones: Readonly<Record<Settlement['state'], Tone>> = {
  carried: 'plain',
  held: 'bad',
  due: 'wait',
  sent: 'wait',
  paid: 'good',
  returned: 'bad',
  parked: 'bad',
}

export function toneOf(state: Settlement['state']): Tone {
  return tones[state]
}

export function useStateWords() {
  const isKorean = useLanguage() === 'ko'
  return {
    state: ({ stateName, stateNameEn }: Pick<Settlement, 'stateName' | 'stateNameEn'>): string =>
      isKorean ? stateName : stateNameEn,
    /** Why it is held back; undefined where it is not. */
    reason: (settlement: Pick<Settlement, 'heldReasonName' | 'heldReasonNameEn'>) =>
      (isKorean ? settlement.heldReasonName : settlement.heldReasonNameEn) ?? undefined,
  }
}
