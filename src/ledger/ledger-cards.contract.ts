/**
 * What every ledger does with cards: who is owed, what a partial payment and an advice take, and
 * how a card company is settled with. The tables read as `ledger-table.contract.ts` tells.
 */
import { cardSetsContract } from './ledger-card-sets.contract.ts'
import { ledgerTest, type OpenLedger } from './ledger-bench.contract.ts'
import { runTable } from './ledger-table.contract.ts'

export function cardsContract(open: OpenLedger): void {
  owingTables(open)
  coverageTables(open)
  settlementTables(open)
  cardSetsContract(open)
}

function table(sentence: string, open: OpenLedger, text: string): void {
  ledgerTest(sentence, open, (bench) => runTable(bench, text))
}

function owingTables(open: OpenLedger): void {
  table(
    'what is paid by card is owed to the card company, and the merchant is owed the rest',
    open,
    `
    open      wlt_1
    issue     k1  wlt_1  lot_1  P  1000                      -> posted lot_1 1000
    pay       k2  wlt_1  shop   300  P  card hanbit          -> posted lot_1 300
    pay       k2  wlt_1  shop   300  P  card hanbit          -> again posted lot_1 300
    pay       k2  wlt_1  shop   300  P  card narae           -> key_reused
    pay       k3  wlt_1  shop   200  P                       -> posted lot_1 200
    pay       k4  wlt_1  shop   999  P  card hanbit          -> insufficient_funds
    pay       k5  wlt_1  shop   1    P  card narae date 2031-01-02               -> posted lot_1 1
    pay       k6  wlt_1  shop   1    P  card hanbit refused reversed_first       -> reversed_first
    find      k2                                             -> payment 300 hanbit 2031-01-01
    find      k3                                             -> payment 200
    find      k4                                -> payment 999 insufficient_funds hanbit 2031-01-01
    payable   shop                                           -> 200
    clearing  hanbit                                         -> 300
    clearing  narae                                          -> 1
    clearing  other                                          -> 0
    cards     hanbit                                         -> k2, k4, k6   // Declined ones too.
    cards     hanbit  date 2031-01-02                        ->
    cards     narae   date 2031-01-02                        -> k5
    lots      wlt_1                                          -> lot_1 499
    `,
  )
  table(
    'a cancellation is of the payment’s card company and of its own business date',
    open,
    `
    open      wlt_1
    issue     k1  wlt_1  lot_1  P  1000                             -> posted lot_1 1000
    pay       k2  wlt_1  shop   300  P  card hanbit                 -> posted lot_1 300
    pay       k3  wlt_1  shop   200  P                              -> posted lot_1 200
    cancel    k4  k2  shop  100  card hanbit date 2031-01-02        -> posted lot_1 100
    cancel    k5  k2  shop  50                                      -> posted lot_1 50
    cancel    k6  k2  shop  10   card narae date 2031-01-03         -> posted lot_1 10
    cancel    k7  k3  shop  10   card hanbit                        -> posted lot_1 10
    cancel    k8  none  shop     card hanbit                        -> payment_unknown
    cancel    k9  k2  market     card hanbit                        -> payment_of_other_merchant
    find      k4                               -> cancellation 100 hanbit 2031-01-02
    find      k5                               -> cancellation 50 hanbit 2031-01-01  // The payment's.
    find      k6                               -> cancellation 10 hanbit 2031-01-03  // Not narae's.
    find      k7                               -> cancellation 10                    // No card paid.
    find      k8                               -> cancellation 0 payment_unknown hanbit 2031-01-01
    find      k9                -> cancellation 140 payment_of_other_merchant hanbit 2031-01-01
    find      k2                               -> payment 300 cancelled 160 hanbit 2031-01-01
    payable   shop                             -> 190
    clearing  hanbit                           -> 140
    clearing  narae                            -> 0
    cards     hanbit                           -> k2, k5, k8, k9
    `,
  )
  table(
    'a hold owes nothing; what is captured of it is owed to its card company',
    open,
    `
    open      wlt_1
    issue     k1  wlt_1  lot_1  P  100  until 90                 -> posted lot_1 100
    issue     k2  wlt_1  lot_2  P  100                           -> posted lot_2 100
    hold      k3  wlt_1  shop   150  P  card hanbit              -> posted lot_1 100, lot_2 50
    clearing  hanbit                                             -> 0
    open      holds                                              -> k3
    capture   k4  k3  151  card hanbit date 2031-01-04           -> capture_exceeds_hold
    capture   k5  k3  120  card narae date 2031-01-04            -> posted lot_1 100, lot_2 20
    open      holds                                              ->
    find      k5                                  -> capture 120 hanbit 2031-01-04
    find      k4                                  -> capture 151 capture_exceeds_hold hanbit 2031-01-04
    lots      wlt_1                               -> lot_1 0, lot_2 80
    clearing  hanbit                              -> 120
    payable   shop                                -> 0
    cancel    k6  k5  shop  30                    -> posted lot_2 20, lot_1 10
    find      k6                                  -> cancellation 30 hanbit 2031-01-04
    clearing  hanbit                              -> 90
    `,
  )
  table(
    'a card hold is open until something closes it; a hold without a card is none',
    open,
    `
    open      wlt_1  wlt_2
    issue     k1  wlt_1  lot_1  P  100                    -> posted lot_1 100
    issue     k2  wlt_2  lot_2  P  100                    -> posted lot_2 100
    hold      k3  wlt_1  shop   10  P  card hanbit        -> posted lot_1 10
    hold      k4  wlt_1  shop   20  P  card narae         -> posted lot_1 20
    hold      k5  wlt_2  shop   30  P                     -> posted lot_2 30
    hold      k6  wlt_2  shop   99  P  card narae         -> insufficient_funds
    hold      k7  wlt_2  shop   40  P  card narae         -> posted lot_2 40
    open      holds                                       -> k3, k4, k7
    release   k8  k3                                      -> posted lot_1 10
    capture   k9  k7  41                                  -> capture_exceeds_hold
    open      holds                                       -> k4, k7
    release   ka  k7                                      -> posted lot_2 40
    find      ka                                          -> release 0 narae 2031-01-01
    open      holds                                       -> k4
    capture   kb  none  5  card hanbit date 2031-01-05    -> hold_unknown
    find      kb                          -> capture 5 hold_unknown hanbit 2031-01-05
    capture   kc  k5  30   card hanbit                    -> posted lot_2 30
    find      kc                                          -> capture 30  // The hold had no card.
    payable   shop                                        -> 30
    `,
  )
}

function coverageTables(open: OpenLedger): void {
  table(
    'a partial payment takes what is there, and nothing only where nothing is',
    open,
    `
    open      wlt_1
    issue     k1  wlt_1  lot_1  P  100  until 90                    -> posted lot_1 100
    issue     k2  wlt_1  lot_2  Q  50                               -> posted lot_2 50
    pay       k3  wlt_1  shop  70   P,Q  card hanbit cover partial  -> posted lot_1 70
    pay       k4  wlt_1  shop  70   P    card hanbit cover partial  -> posted lot_1 30
    find      k4                                             -> payment 30 hanbit 2031-01-01
    pay       k5  wlt_1  shop  70   P    card hanbit cover partial  -> insufficient_funds
    find      k5                          -> payment 70 insufficient_funds hanbit 2031-01-01
    hold      k6  wlt_1  shop  60   P,Q  card hanbit cover partial  -> posted lot_2 50
    find      k6                                                 -> hold 50 hanbit 2031-01-01
    capture   k7  k6  51                                            -> capture_exceeds_hold
    capture   k8  k6  50                                            -> posted lot_2 50
    clearing  hanbit                                                -> 150
    cancel    k9  k4  shop  31                                      -> cancel_exceeds_payment
    cancel    ka  k4  shop                                          -> posted lot_1 30
    pay       kb  wlt_1  shop  70   P    cover partial              -> posted lot_1 30  // By code.
    payable   shop                                                  -> 30
    pay       k4  wlt_1  shop  70   P    card hanbit cover partial  -> again posted lot_1 30
    lots      wlt_1                                                 -> lot_1 0, lot_2 0
    `,
  )
  table(
    'an advice is posted whole: what the wallet lacks is the loss account’s',
    open,
    `
    open      wlt_1  wlt_2
    issue     k1  wlt_1  lot_1  P  100  until 90                     -> posted lot_1 100
    issue     k2  wlt_1  lot_2  P  50                                -> posted lot_2 50
    pay       k3  wlt_1  shop  60   P  card hanbit cover advice      -> posted lot_1 60
    pay       k4  wlt_1  shop  200  P  card hanbit cover advice      -> posted lot_1 40, lot_2 50, loss 110
    pay       k4  wlt_1  shop  200  P  card hanbit cover advice      -> again posted lot_1 40, lot_2 50, loss 110
    pay       k5  wlt_2  shop  30   P  card hanbit cover advice      -> posted loss 30
    find      k3                                           -> payment 60 hanbit 2031-01-01
    find      k4                                           -> payment 200 loss 110 hanbit 2031-01-01
    find      k5                                           -> payment 30 loss 30 hanbit 2031-01-01
    clearing  hanbit                                       -> 290
    payable   shop                                         -> 0
    lots      wlt_1                                        -> lot_1 0, lot_2 0
    `,
  )
  table(
    'only the key’s own outcome or a refusal keeps an advice from being posted',
    open,
    `
    open      wlt_1
    issue     k1  wlt_1  lot_1  P  100                                -> posted lot_1 100
    pay       k2  wlt_1  shop  150  P  card hanbit                    -> insufficient_funds
    pay       k2  wlt_1  shop  150  P  card hanbit cover advice       -> key_reused
    pay       k3  wlt_1  shop  10   P  card hanbit cover advice refused reversed_first  -> reversed_first
    pay       k3  wlt_1  shop  10   P  card hanbit cover advice refused reversed_first  -> again reversed_first
    find      k3                           -> payment 10 reversed_first hanbit 2031-01-01
    pay       k4  wlt_1  shop  150  P  card hanbit cover advice       -> posted lot_1 100, loss 50
    clearing  hanbit                                                  -> 150
    `,
  )
  table(
    'a cancelled advice gives the loss back first, then the lot taken last',
    open,
    `
    open      wlt_1
    issue     k1  wlt_1  lot_1  P  100  until 90                  -> posted lot_1 100
    issue     k2  wlt_1  lot_2  P  50                             -> posted lot_2 50
    pay       k3  wlt_1  shop  200  P  card hanbit cover advice   -> posted lot_1 100, lot_2 50, loss 50
    cancel    k4  k3  shop  20  card hanbit                       -> posted loss 20
    cancel    k5  k3  shop  50  card hanbit                       -> posted lot_2 20, loss 30
    cancel    k5  k3  shop  50  card hanbit                       -> again posted lot_2 20, loss 30
    find      k5                              -> cancellation 50 loss 30 hanbit 2031-01-01
    find      k3                              -> payment 200 cancelled 70 loss 50 hanbit 2031-01-01
    cancel    k6  k3  shop  131                                   -> cancel_exceeds_payment
    at        90
    cancel    k7  k3  shop                                        -> posted lot_2 30, lot_1 100
    lots      wlt_1                                               -> lot_1 100, lot_2 50
    clearing  hanbit                                              -> 0
    `,
  )
}

function settlementTables(open: OpenLedger): void {
  table(
    'a card company is settled with once, and never for more than it is owed',
    open,
    `
    open      wlt_1
    issue     k1  wlt_1  lot_1  P  1000                  -> posted lot_1 1000
    settle    k2  hanbit  1                              -> settlement_exceeds_clearing
    pay       k3  wlt_1  shop  300  P  card hanbit       -> posted lot_1 300
    pay       k4  wlt_1  shop  100  P  card narae        -> posted lot_1 100
    settle    k5  hanbit  301  date 2031-01-02           -> settlement_exceeds_clearing
    settle    k6  hanbit  200  date 2031-01-02           -> posted
    settle    k6  hanbit  200  date 2031-01-02           -> again posted
    settle    k6  hanbit  201  date 2031-01-02           -> key_reused
    settle    k3  hanbit  1                              -> key_reused
    settle    k7  hanbit  101  refused merchant_unknown  -> merchant_unknown
    find      k6                                         -> card_settlement 200 hanbit 2031-01-02
    find      k5                -> card_settlement 301 settlement_exceeds_clearing hanbit 2031-01-02
    clearing  hanbit                                     -> 100
    clearing  narae                                      -> 100
    cards     hanbit  date 2031-01-02                    -> k5, k6
    // A refund after the settlement: the company owes it, and the next settlement is the less.
    cancel    k8  k3  shop                               -> posted lot_1 300
    clearing  hanbit                                     -> -200
    settle    k9  hanbit  1                              -> settlement_exceeds_clearing
    pay       ka  wlt_1  shop  250  P  card hanbit       -> posted lot_1 250
    settle    kb  hanbit  50                             -> posted
    clearing  hanbit                                     -> 0
    payable   shop                                       -> 0
    cancel    kc  k6  shop                               -> payment_unknown  // It is a settlement.
    `,
  )
}
