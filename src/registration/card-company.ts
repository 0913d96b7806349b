/** The linking service of a card company: what registration asks of it, whatever way it is reached. */
import type { FallbackPreference } from '../issuing/issuing.ts'
import type { CardSpending } from './card-record-bodies.ts'

/** A card as its company knows it after a link: its token with us, and what a member recognises it by. */
export interface LinkedCard {
  /** 8–32 letters and digits. */
  readonly cardToken: string
  readonly lastFour: string
}

/** What holds at the card company while nobody can ask us. */
export interface CardWishes {
  readonly issuerCode: string
  readonly spending: CardSpending
  readonly onUnknown: FallbackPreference
}

/** All methods throw Fault `card_company_unavailable` where no answer came that counts; repeating is harmless. */
export interface CardCompany {
  /**
   * Redeems the one-time code that the company's app showed the cardholder. The same code for the same issuer again
   * gives the same card. `undefined`: the company does not know the code, or no longer.
   */
  redeem(request: {
    readonly linkCode: string
    readonly issuerCode: string
  }): Promise<LinkedCard | undefined>
  /** False where the company has no such card any more. */
  tellWishes(cardToken: string, wishes: CardWishes): Promise<boolean>
  /** Also where there was no link. */
  endLink(cardToken: string, issuerCode: string): Promise<void>
}
