/** A lot as it stands with everything that a decision about handing it back has to know. */
import { assert, type IssuerId, type LotId, type WalletId } from '../base/base.ts'
import {
  termsAt,
  type MemberMoneyRefusal,
  type ProgramTerms,
  type RefundRule,
  type ReturnedLot,
} from '../issuing/issuing.ts'
import type { Lot, LotOrigin } from '../ledger/ledger.ts'
import type { MemberAccount } from '../registration/registration.ts'
import type { RefundingDeps } from './refunding-deps.ts'

export interface FoundLot {
  readonly lot: Lot
  readonly origin: LotOrigin
  readonly returned: ReturnedLot
  /** Those that the lot was issued under: no later version takes a right away. */
  readonly terms: ProgramTerms
  /** `null` where the lots of the program are never paid back. */
  readonly rule: RefundRule | null
}

/** `undefined` where the wallet has no such lot. */
export async function findLot(
  deps: RefundingDeps,
  place: { readonly issuerId: IssuerId; readonly walletId: WalletId; readonly lotId: LotId },
): Promise<FoundLot | undefined> {
  const { issuerId, walletId, lotId } = place
  const lots = await deps.ledger.lots(issuerId, walletId)
  const lot = lots.find((each) => each.lotId === lotId)
  if (lot === undefined) return undefined
  const [origin] = await deps.ledger.lotOrigins(issuerId, [lotId])
  assert(origin !== undefined, 'a lot was issued')
  const program = deps.issuing.program(issuerId, lot.programId)
  const terms = program && (termsAt(program.terms, origin.issuedAt) ?? program.terms[0])
  if (terms === undefined) return undefined
  const presented = lot.kind === 'gift' ? await deps.presents.sourcesOf(issuerId, lotId) : undefined
  const { kind, faceWon, remainingWon, heldWon, expiresAt } = lot
  const returned: ReturnedLot = {
    kind,
    faceWon,
    remainingWon,
    heldWon,
    expiresAt,
    issuedAt: origin.issuedAt,
    sources: presented ?? origin.sources,
    givenAwayWon: await deps.presents.givenAwayWon(issuerId, lotId),
  }
  return { lot, origin, returned, terms, rule: terms.refund }
}

/** Whoever has left or was stopped gets no money out of a wallet until that is undone. */
export function memberRefusal(account: MemberAccount): MemberMoneyRefusal | undefined {
  if (account.member.status === 'left') return 'member_left'
  if (account.member.status === 'stopped') return 'member_stopped'
  return undefined
}
