/** What a lot of voucher value is, and the order in which a payment may consume lots. */
import type { ProgramId } from './id.ts'

/**
 * - `purchase`: bought by the member, at a discount where the program gives one (일반발행).
 * - `stipend`: granted by a public body (정책수당).
 * - `cashback`: earned by paying (캐시백).
 * - `gift`: received from another member (선물).
 */
export const lotKinds = ['purchase', 'stipend', 'cashback', 'gift'] as const
export type LotKind = (typeof lotKinds)[number]

/**
 * One kind of money that a payment may consume. A payment carries an ordered list of tenders; inside one
 * tender the lot that expires first is consumed first, then the lowest lot id.
 */
export interface Tender {
  readonly programId: ProgramId
  readonly kind: LotKind
}
