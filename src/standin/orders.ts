/** What operators ordered about stand-in; of several orders that fit, the most specific holds. */
import type { IssuerId, PartnerId } from '../base/base.ts'
import type { StandInMode, StandInOrder } from './edge-desk.ts'

/**
 * Partner and issuer together come before the issuer alone, and that before the partner: whose money it is knows better
 * than whose line it is.
 */
export function modeFor(
  orders: readonly StandInOrder[],
  sale: { readonly partnerId: PartnerId; readonly issuerId: IssuerId | undefined },
): StandInMode {
  const fitting = orders.filter(
    (order) =>
      (order.partnerId === undefined || order.partnerId === sale.partnerId) &&
      (order.issuerId === undefined || order.issuerId === sale.issuerId),
  )
  const rank = (order: StandInOrder): number =>
    (order.issuerId === undefined ? 0 : 2) + (order.partnerId === undefined ? 0 : 1)
  return fitting.toSorted((a, b) => rank(b) - rank(a))[0]?.mode ?? 'automatic'
}
