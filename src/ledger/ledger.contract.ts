/**
 * What every ledger does, as tables of commands and expected outcomes. Run on the ledger in memory
 * and on PostgreSQL word for word; how the tables read is told in `ledger-table.contract.ts`.
 */
import { describe } from 'node:test'
import { cardsContract } from './ledger-cards.contract.ts'
import { expiryContract } from './ledger-expiry.contract.ts'
import { movementSetsContract } from './ledger-movement-sets.contract.ts'
import { movementsContract } from './ledger-movements.contract.ts'
import { potsContract } from './ledger-pots.contract.ts'
import { payoutsContract } from './ledger-payouts.contract.ts'
import { ledgerTest, type LedgerUnderTest, type OpenLedger } from './ledger-bench.contract.ts'
import { randomScripts } from './ledger-random.contract.ts'
import { racesContract } from './ledger-races.contract.ts'
import { spendableContract } from './ledger-spendable.contract.ts'
import { setsContract } from './ledger-sets.contract.ts'
import { runTable } from './ledger-table.contract.ts'

export type { LedgerUnderTest, OpenLedger } from './ledger-bench.contract.ts'

/** Registers the whole suite; `open` is called once for each test and closed after it. */
export function ledgerContract(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(`${name} keeps the ledger's contract`, () => {
    paymentTables(open)
    holdTables(open)
    cancellationTables(open)
    purchaseTables(open)
    keyTables(open)
    cardsContract(open)
    expiryContract(open)
    movementsContract(open)
    movementSetsContract(open)
    payoutsContract(open)
    potsContract(open)
    spendableContract(open)
    setsContract(open)
    racesContract(open)
    randomScripts(open)
  })
}

function table(sentence: string, open: OpenLedger, text: string): void {
  ledgerTest(sentence, open, (bench) => runTable(bench, text))
}

function paymentTables(open: OpenLedger): void {
  table(
    'a lot is issued once, into an open wallet, and keeps what its sources add up to',
    open,
    `
    issue  k1  wlt_1  lot_1  P  1000          -> wallet_unknown
    open   wlt_1
    open   wlt_1                          // Opening again changes nothing.
    issue  k1  wlt_1  lot_1  P  1000          -> again wallet_unknown
    issue  k2  wlt_1  lot_1  P  900+40+30+30  -> posted lot_1 1000
    issue  k2  wlt_1  lot_1  P  900+40+30+30  -> again posted lot_1 1000
    issue  k3  wlt_1  lot_2  P/stipend  0+0+0+500  -> posted lot_2 500
    lots   wlt_1                              -> lot_1 1000, lot_2 500
    find   k2                                 -> issue 1000
    `,
  )
  table(
    'a payment takes what it asks for or nothing at all',
    open,
    `
    open   wlt_1
    issue  k1  wlt_1  lot_1  P  1000          -> posted lot_1 1000
    pay    k2  wlt_1  shop   600   P          -> posted lot_1 600
    pay    k3  wlt_1  shop   401   P          -> insufficient_funds
    lots   wlt_1                              -> lot_1 400
    pay    k4  wlt_1  shop   400   P          -> posted lot_1 400
    pay    k5  wlt_1  shop   1     P          -> insufficient_funds
    pay    k6  wlt_9  shop   1     P          -> insufficient_funds   // Not known.
    lots   wlt_1                              -> lot_1 0
    find   k2                                 -> payment 600
    find   k3                                 -> payment 401 insufficient_funds
    `,
  )
  table(
    'a payment takes tender by tender, earliest expiry first, then the lowest lot',
    open,
    `
    open   wlt_1
    issue  k1  wlt_1  lot_4  P          100            -> posted lot_4 100
    issue  k2  wlt_1  lot_3  P          100            -> posted lot_3 100
    issue  k3  wlt_1  lot_5  P          100  until 50  -> posted lot_5 100
    issue  k4  wlt_1  lot_1  P/stipend  100            -> posted lot_1 100
    issue  k5  wlt_1  lot_2  Q          100            -> posted lot_2 100
    pay    k6  wlt_1  shop   450  P/stipend,P  -> insufficient_funds   // Q is not tendered.
    pay    k7  wlt_1  shop   350  P/stipend,P  -> posted lot_1 100, lot_5 100, lot_3 100, lot_4 50
    pay    k8  wlt_1  shop   120  Q,P          -> posted lot_2 100, lot_4 20
    lots   wlt_1                               -> lot_1 0, lot_2 0, lot_3 0, lot_4 30, lot_5 0
    `,
  )
  table(
    'a lot that expires now is gone, and one that expires a millisecond later is not',
    open,
    `
    open   wlt_1
    issue  k1  wlt_1  lot_1  P  100  until 50  -> posted lot_1 100
    at     49
    pay    k2  wlt_1  shop   10   P            -> posted lot_1 10
    at     50
    pay    k3  wlt_1  shop   10   P            -> insufficient_funds
    issue  k4  wlt_1  lot_2  P  100  until 51  -> posted lot_2 100
    pay    k5  wlt_1  shop   60   P            -> posted lot_2 60
    lots   wlt_1                               -> lot_1 90, lot_2 40
    `,
  )
  table(
    'a code that was shown pays once, in one wallet; a decline leaves it good',
    open,
    `
    open   wlt_1  wlt_2
    issue  k1  wlt_1  lot_1  P  1000             -> posted lot_1 1000
    issue  k2  wlt_2  lot_2  P  1000             -> posted lot_2 1000
    pay    k3  wlt_1  shop   9999  P  step 7     -> insufficient_funds
    pay    k4  wlt_1  shop   100   P  step 7     -> posted lot_1 100
    pay    k5  wlt_1  shop   100   P  step 7     -> code_already_used
    hold   k6  wlt_1  shop   9999  P  step 7     -> code_already_used   // Before funds.
    pay    k7  wlt_2  shop   100   P  step 7     -> posted lot_2 100
    hold   k8  wlt_1  shop   100   P  step 8     -> posted lot_1 100
    pay    k9  wlt_1  shop   100   P  step 8     -> code_already_used
    cancel kc  k4     shop                       -> posted lot_1 100
    pay    ka  wlt_1  shop   100   P  step 7     -> code_already_used   // Money back, code not.
    `,
  )
}

function holdTables(open: OpenLedger): void {
  table(
    'a hold sets money apart, a capture pays part of it and gives the rest back',
    open,
    `
    open     wlt_1
    issue    k1  wlt_1  lot_1  P  100  until 90  -> posted lot_1 100
    issue    k2  wlt_1  lot_2  P  100            -> posted lot_2 100
    hold     k3  wlt_1  shop   150  P            -> posted lot_1 100, lot_2 50
    lots     wlt_1                               -> lot_1 0+100, lot_2 50+50
    pay      k4  wlt_1  shop   60   P            -> insufficient_funds   // Only 50 are free.
    capture  k5  k3     120                      -> posted lot_1 100, lot_2 20
    lots     wlt_1                               -> lot_1 0, lot_2 80
    find     k5                                  -> capture 120
    capture  k5  k3     120                      -> again posted lot_1 100, lot_2 20
    capture  k6  k3     10                       -> hold_closed
    release  k7  k3                              -> hold_closed
    `,
  )
  table(
    'a release gives every lot its own back, expired or not',
    open,
    `
    open     wlt_1
    issue    k1  wlt_1  lot_1  P  100  until 50  -> posted lot_1 100
    issue    k2  wlt_1  lot_2  P  100            -> posted lot_2 100
    hold     k3  wlt_1  shop   150  P            -> posted lot_1 100, lot_2 50
    at       50
    release  k4  k3                              -> posted lot_1 100, lot_2 50
    lots     wlt_1                               -> lot_1 100, lot_2 100
    find     k4                                  -> release 0
    pay      k5  wlt_1  shop   101  P            -> insufficient_funds
    cancel   k6  k4     shop                     -> payment_unknown
    `,
  )
  table(
    'a capture may take all of a hold and never more; a decline leaves the hold open',
    open,
    `
    open     wlt_1
    issue    k1  wlt_1  lot_1  P  100   -> posted lot_1 100
    hold     k2  wlt_1  shop   101  P   -> insufficient_funds
    capture  k3  k2     10              -> hold_unknown         // A declined hold holds nothing.
    capture  k4  none   10              -> hold_unknown
    pay      k5  wlt_1  shop   10   P   -> posted lot_1 10
    capture  k6  k5     10              -> hold_unknown         // A payment is no hold.
    hold     k7  wlt_1  shop   50   P   -> posted lot_1 50
    capture  k8  k7     51              -> capture_exceeds_hold
    capture  k9  k7     5   refused merchant_not_active  -> merchant_not_active
    lots     wlt_1                      -> lot_1 40+50
    capture  ka  k7     50              -> posted lot_1 50
    lots     wlt_1                      -> lot_1 40
    `,
  )
}

function cancellationTables(open: OpenLedger): void {
  table(
    'a cancellation gives back to the lot taken last, first',
    open,
    `
    open    wlt_1
    issue   k1  wlt_1  lot_1  P  100  until 90  -> posted lot_1 100
    issue   k2  wlt_1  lot_2  P  100            -> posted lot_2 100
    issue   k3  wlt_1  lot_3  Q  100            -> posted lot_3 100
    pay     k4  wlt_1  shop   250  P,Q          -> posted lot_1 100, lot_2 100, lot_3 50
    cancel  k5  k4     shop   70                -> posted lot_3 50, lot_2 20
    find    k4                                  -> payment 250 cancelled 70
    at      90
    cancel  k6  k4     shop   100  by clk_1     -> posted lot_2 80, lot_1 20   // Expired or not.
    find    k6                                  -> cancellation 100 by clk_1
    cancel  k7  k4     shop                     -> posted lot_1 80
    cancel  k7  k4     shop                     -> again posted lot_1 80
    lots    wlt_1                               -> lot_1 100, lot_2 100, lot_3 100
    find    k4                                  -> payment 250 cancelled 250
    `,
  )
  table(
    'a payment gives back no more than was paid, and only at the word of its merchant',
    open,
    `
    open    wlt_1
    issue   k1  wlt_1  lot_1  P  100   -> posted lot_1 100
    pay     k2  wlt_1  shop   60   P   -> posted lot_1 60
    pay     k3  wlt_1  shop   60   P   -> insufficient_funds
    cancel  k4  none   shop            -> payment_unknown
    cancel  k5  k3     shop            -> payment_unknown             // It was declined.
    cancel  k6  k1     shop            -> payment_unknown             // It is an issue.
    cancel  k7  k2     market  99      -> payment_of_other_merchant   // Told before the amount.
    cancel  k8  k2     shop    61      -> cancel_exceeds_payment
    cancel  k9  k2     shop    0       -> cancel_exceeds_payment
    cancel  ka  k2     shop    20      -> posted lot_1 20
    cancel  kb  k2     shop    41      -> cancel_exceeds_payment
    cancel  kc  k2     shop    40      -> posted lot_1 40
    cancel  kd  k2     shop            -> cancel_exceeds_payment
    find    kd                         -> cancellation 0 cancel_exceeds_payment
    cancel  ke  ka     shop            -> payment_unknown             // A cancellation is final.
    lots    wlt_1                      -> lot_1 100
    `,
  )
  table(
    'a capture is cancelled like a payment, and the hold behind it is not',
    open,
    `
    open     wlt_1
    issue    k1  wlt_1  lot_1  P  100  until 90  -> posted lot_1 100
    issue    k2  wlt_1  lot_2  P  100            -> posted lot_2 100
    hold     k3  wlt_1  shop   200  P            -> posted lot_1 100, lot_2 100
    cancel   k4  k3     shop                     -> payment_unknown
    capture  k5  k3     130                      -> posted lot_1 100, lot_2 30
    cancel   k6  k5     shop   131               -> cancel_exceeds_payment
    cancel   k7  k5     shop   50                -> posted lot_2 30, lot_1 20
    cancel   k8  k5     shop                     -> posted lot_1 80
    find     k5                                  -> capture 130 cancelled 130
    lots     wlt_1                               -> lot_1 100, lot_2 100
    `,
  )
}

function purchaseTables(open: OpenLedger): void {
  table(
    'a purchase becomes a lot once the bank has debited, however often that is told',
    open,
    `
    open      wlt_1
    reserve   k1  wlt_1  lot_1  P  900+40+30+30  -> posted
    lots      wlt_1                              ->
    find      k1                                 -> purchase 1000
    complete  k2  k1                             -> posted lot_1 1000
    complete  k2  k1                             -> again posted lot_1 1000
    complete  k3  k1                             -> again posted lot_1 1000
    abandon   k4  k1                             -> purchase_closed
    find      k2                                 -> issue 1000
    find      k3                                 -> unknown
    find      k4                                 -> unknown
    complete  k5  none                           -> purchase_unknown
    find      k5                                 -> unknown
    reserve   k1  wlt_1  lot_1  P  900+40+30+30  -> again posted
    pay       k6  wlt_1  shop   1000  P          -> posted lot_1 1000
    `,
  )
  table(
    'an abandoned purchase gives its quota and its caps back and can never be completed',
    open,
    `
    open      wlt_1  wlt_2
    reserve   k1  wlt_1  lot_1  P  100  quota 100 cap 100 holding 100  -> posted
    reserve   k2  wlt_2  lot_2  P  100  quota 100 cap 100 holding 100  -> sold_out
    abandon   k3  k1                   -> posted
    abandon   k4  k1                   -> again posted
    complete  k5  k1                   -> purchase_closed
    find      k3                       -> purchase_abandonment 100
    reserve   k2  wlt_2  lot_2  P  100  quota 100 cap 100 holding 100  -> again sold_out
    reserve   k6  wlt_1  lot_3  P  100  quota 100 cap 100 holding 100  -> posted
    complete  k7  k6                   -> posted lot_3 100
    lots      wlt_1                    -> lot_3 100
    `,
  )
  table(
    'a purchase meets the wallet, the purchase cap, the holding cap and the quota in this order',
    open,
    `
    reserve  k1  wlt_1  lot_1  P  500  cap 1 holding 1 quota 1        -> wallet_unknown
    open     wlt_1
    reserve  k2  wlt_1  lot_1  P  500  cap 499 holding 1 quota 1      -> purchase_cap_exceeded
    reserve  k3  wlt_1  lot_1  P  500  cap 500 holding 499 quota 1    -> holding_cap_exceeded
    reserve  k4  wlt_1  lot_1  P  500  cap 500 holding 500 quota 499  -> sold_out
    reserve  k5  wlt_1  lot_1  P  500  cap 1 refused sale_not_open    -> sale_not_open
    reserve  k6  wlt_1  lot_1  P  500  cap 500 holding 500 quota 500  -> posted
    reserve  k7  wlt_1  lot_2  P  1    cap 500                        -> purchase_cap_exceeded
    reserve  k8  wlt_1  lot_2  P  1    cap 501 holding 500            -> holding_cap_exceeded
    reserve  k9  wlt_1  lot_2  P  1    quota 500                      -> sold_out
    reserve  ka  wlt_1  lot_2  Q  1    cap 1 holding 1 quota 1        -> posted // Another program.
    reserve  kb  wlt_1  lot_3  P  1    cap 1 quota 1 month 2031-02    -> posted // Another month.
    reserve  kc  wlt_1  lot_4  P  1    holding 501 month 2031-03      -> holding_cap_exceeded
    `,
  )
  table(
    'the holding cap counts what is left, held and being bought, of every kind, not what expired',
    open,
    `
    open      wlt_1
    issue     k1  wlt_1  lot_1  P/stipend  100  until 50   -> posted lot_1 100
    issue     k2  wlt_1  lot_2  P          100             -> posted lot_2 100
    pay       k3  wlt_1  shop   30  P                      -> posted lot_2 30
    // Left: 100 until it expires, 20, and 50 held.
    hold      k4  wlt_1  shop   50  P                      -> posted lot_2 50
    reserve   k5  wlt_1  lot_3  P  31  holding 200         -> holding_cap_exceeded
    reserve   k6  wlt_1  lot_3  P  30  holding 200         -> posted
    complete  k7  k6                                       -> posted lot_3 30
    reserve   k8  wlt_1  lot_4  P  1   holding 200         -> holding_cap_exceeded
    at        49
    reserve   k9  wlt_1  lot_4  P  1   holding 200         -> holding_cap_exceeded
    at        50
    reserve   ka  wlt_1  lot_4  P  100 holding 200         -> posted
    `,
  )
}

function keyTables(open: OpenLedger): void {
  table(
    'a refusal of policy is the outcome for ever, unless the key is already known',
    open,
    `
    open   wlt_1
    issue  k1  wlt_1  lot_1  P  100                      -> posted lot_1 100
    pay    k2  wlt_1  shop   10  P  refused own_shop     -> own_shop
    pay    k2  wlt_1  shop   10  P  refused own_shop     -> again own_shop
    find   k2                                            -> payment 10 own_shop
    issue  k3  wlt_9  lot_2  P  100 refused own_shop     -> own_shop  // Before wallet_unknown.
    hold   k4  wlt_1  shop   10  P  refused own_shop      -> own_shop
    release  k5  none               refused own_shop      -> own_shop   // Before hold_unknown.
    cancel   k6  none  shop         refused own_shop      -> own_shop   // Before payment_unknown.
    pay    k1  wlt_1  shop   10  P  refused own_shop     -> key_reused
    lots   wlt_1                                         -> lot_1 100
    `,
  )
  table(
    'one key has one outcome for ever, whatever has happened since',
    open,
    `
    open     wlt_1
    issue    k1  wlt_1  lot_1  P  100   -> posted lot_1 100
    pay      k2  wlt_1  shop   60   P   -> posted lot_1 60
    pay      k3  wlt_1  shop   60   P   -> insufficient_funds
    cancel   k4  k2     shop            -> posted lot_1 60
    pay      k2  wlt_1  shop   60   P   -> again posted lot_1 60
    pay      k3  wlt_1  shop   60   P   -> again insufficient_funds  // Though there is money now.
    pay      k5  wlt_1  shop   60   P   -> posted lot_1 60
    cancel   k4  k2     shop            -> again posted lot_1 60
    lots     wlt_1                      -> lot_1 40
    `,
  )
  table(
    'a key that is known with another request does nothing, also across the kinds of request',
    open,
    `
    open     wlt_1
    issue    k1  wlt_1  lot_1  P  100   -> posted lot_1 100
    issue    k1  wlt_1  lot_2  P  100   -> key_reused
    pay      k2  wlt_1  shop   10   P   -> posted lot_1 10
    pay      k2  wlt_1  shop   11   P   -> key_reused
    hold     k2  wlt_1  shop   10   P   -> key_reused
    cancel   k2  k2     shop            -> key_reused
    release  k2  k2                     -> key_reused
    reserve  k2  wlt_1  lot_3  P  100   -> key_reused
    pay      k3  wlt_1  shop   999  P   -> insufficient_funds
    pay      k3  wlt_1  shop   1    P   -> key_reused   // A decline holds its key too.
    lots     wlt_1                      -> lot_1 90
    find     none                       -> unknown
    `,
  )
}
