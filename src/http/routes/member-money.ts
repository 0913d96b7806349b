/** What members do with their money beside buying and paying: the routes, and the rooms that they call. */
import type { Refunding } from '../../refunding/refunding.ts'
import type { Door } from '../door.ts'
import { registerRefundRoutes } from './refunds.ts'

export interface MemberMoneyDeps {
  readonly refunding: Refunding
}

/** Call once, beside `registerRoutes`. */
export function registerMemberMoneyRoutes(door: Door, deps: MemberMoneyDeps): void {
  registerRefundRoutes(door, deps)
}
