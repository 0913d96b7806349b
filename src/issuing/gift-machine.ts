/** A present from its sending to its end, as one complete table; SPEC.md of the room `gifting` holds the same table. */

/**
 * `prepared`: written down, and the ledger has perhaps posted it; `waiting`: its money is under way and whoever it is
 * for has not answered. The others are ends.
 */
export const giftStates = [
  'prepared',
  'waiting',
  'accepted',
  'declined',
  'withdrawn',
  'lapsed',
  'void',
] as const
export type GiftState = (typeof giftStates)[number]

/**
 * - `posted`: the ledger has taken the money out of the giver's lots.
 * - `closed`: the ledger has refused the key of the present for ever.
 * - `accept`, `decline`: the receiver; `withdraw`: the giver; `lapse`: nobody, in time.
 */
export const giftEvents = ['posted', 'closed', 'accept', 'decline', 'withdraw', 'lapse'] as const
export type GiftEvent = (typeof giftEvents)[number]

/** `fill`: a new lot of the receiver; `give_back`: the very lots it came from; `reject`: whoever asked is told. */
export const giftActions = ['fill', 'give_back', 'reject', 'nothing'] as const
export type GiftAction = (typeof giftActions)[number]

export interface GiftStep {
  readonly state: GiftState
  readonly action: GiftAction
}

const end = (state: GiftState): Readonly<Record<GiftEvent, GiftStep>> => ({
  posted: { state, action: 'nothing' },
  closed: { state, action: 'nothing' },
  accept: { state, action: 'reject' },
  decline: { state, action: 'reject' },
  withdraw: { state, action: 'reject' },
  lapse: { state, action: 'nothing' },
})

/** Every state × every event: a forgotten cell does not compile. */
export const giftTable: Readonly<Record<GiftState, Readonly<Record<GiftEvent, GiftStep>>>> = {
  prepared: {
    posted: { state: 'waiting', action: 'nothing' },
    closed: { state: 'void', action: 'nothing' },
    // Nobody can answer what was not sent yet.
    accept: { state: 'prepared', action: 'reject' },
    decline: { state: 'prepared', action: 'reject' },
    withdraw: { state: 'prepared', action: 'reject' },
    lapse: { state: 'prepared', action: 'nothing' },
  },
  waiting: {
    posted: { state: 'waiting', action: 'nothing' },
    closed: { state: 'waiting', action: 'nothing' },
    accept: { state: 'accepted', action: 'fill' },
    decline: { state: 'declined', action: 'give_back' },
    withdraw: { state: 'withdrawn', action: 'give_back' },
    lapse: { state: 'lapsed', action: 'give_back' },
  },
  accepted: end('accepted'),
  declined: end('declined'),
  withdrawn: end('withdrawn'),
  lapsed: end('lapsed'),
  void: end('void'),
}

export function nextGiftStep(state: GiftState, event: GiftEvent): GiftStep {
  return giftTable[state][event]
}
