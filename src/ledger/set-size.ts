/**
 * How much one call of the ledger takes. A file of its own, so that implementations need not import
 * the front door.
 */

/** Largest set one call takes; the core batches up to it. */
export const SET_SIZE_MAX = 512
