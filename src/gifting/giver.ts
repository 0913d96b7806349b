/** Whoever gives: a member, held to the rules of presents, or a corporation that hands out by list. */
import { AMOUNT_WON_MAX, won, type WalletId } from '../base/base.ts'
import { mobileDigits, rulesAt, type GiftRules } from '../issuing/issuing.ts'
import type { GivingCorporation, MemberAccount } from '../registration/registration.ts'
import type { GiftCommand } from './send-gift.ts'
import type { GiftingDeps } from './gifting-deps.ts'

export interface Giver {
  readonly walletId: WalletId
  readonly isStopped: boolean
  /** `undefined` for a corporation: it may well give to whoever acts for it. */
  readonly phone: string | undefined
  readonly corporation: GivingCorporation | null
  readonly acceptDays: number
  readonly rules: GiftRules
}

/** What a corporation gives, ordered in its name by `memberId`; whether it may is asked before. */
export interface HandingCommand extends GiftCommand {
  readonly walletId: WalletId
  readonly corporation: GivingCorporation
}

export function memberGiving(
  { issuing, clock }: Pick<GiftingDeps, 'issuing' | 'clock'>,
  { member, walletId }: MemberAccount,
): Giver {
  const rules = rulesAt(issuing.issuerRules(member.issuerId), clock())
  return {
    walletId,
    isStopped: member.status === 'stopped',
    phone: mobileDigits(member.phone),
    corporation: null,
    acceptDays: rules.giftAcceptDays,
    rules,
  }
}

/** The limits of a member's day and the pause on sale days are not for it. */
export function corporationGiving(
  { issuing, clock }: Pick<GiftingDeps, 'issuing' | 'clock'>,
  { issuerId, walletId, corporation }: HandingCommand,
): Giver {
  const { handOutAcceptDays } = rulesAt(issuing.issuerRules(issuerId), clock())
  return {
    walletId,
    isStopped: false,
    phone: undefined,
    corporation,
    acceptDays: handOutAcceptDays,
    rules: {
      giftsOffered: true,
      giftsStopOnSaleDays: false,
      giftsPerDayMax: Number.MAX_SAFE_INTEGER,
      giftWonPerDayMax: won(AMOUNT_WON_MAX),
      giftKinds: ['purchase'],
    },
  }
}
