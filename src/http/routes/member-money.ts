/** What members do with their money beside buying and paying: the routes, and the rooms that they call. */
import type { Gifting } from '../../gifting/gifting.ts'
import type { IssuingDirectory } from '../../issuing/issuing.ts'
import type { Refunding } from '../../refunding/refunding.ts'
import type { Registration } from '../../registration/registration.ts'
import type { Door } from '../door.ts'
import { registerGiftRoutes } from './gifts.ts'
import { registerRefundRoutes } from './refunds.ts'

export interface MemberMoneyDeps {
  readonly refunding: Refunding
  readonly gifting: Gifting
  readonly registration: Pick<Registration, 'member'>
  readonly issuing: IssuingDirectory
}

/** Call once, beside `registerRoutes`. */
export function registerMemberMoneyRoutes(door: Door, deps: MemberMoneyDeps): void {
  registerRefundRoutes(door, deps)
  registerGiftRoutes(door, deps)
}
