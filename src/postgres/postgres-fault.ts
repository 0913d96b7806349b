/**
 * What an error of PostgreSQL, or of the way to it, lets us believe about the statement that met it.
 * Every posting is one autocommit statement, so an error *report* of the server means that nothing was written;
 * only a connection that goes away in the middle leaves the outcome open.
 */
import { Fault, type FaultCode } from '../base/base.ts'

/** Named by SQLSTATE (PostgreSQL manual, appendix A) or by the driver's own code. */
const faultBySqlState: Record<string, FaultCode> = {
  // Before the statement was sent.
  ECONNREFUSED: 'postgres_unavailable',
  ENOTFOUND: 'postgres_unavailable',
  ENOENT: 'postgres_unavailable',
  EHOSTUNREACH: 'postgres_unavailable',
  CONNECT_TIMEOUT: 'postgres_unavailable',
  '57P03': 'postgres_unavailable', // cannot_connect_now: starting up or recovering.
  '53300': 'postgres_unavailable', // too_many_connections
  '28P01': 'postgres_unavailable', // invalid_password: the operator's mistake, certain not to have run.
  '3D000': 'postgres_unavailable', // The database does not exist (yet).
  // Reported by the server: the transaction is rolled back.
  '25006': 'postgres_unavailable', // read_only_sql_transaction: this is no longer the primary.
  '57014': 'postgres_unavailable', // query_canceled by statement_timeout, which ends before the commit begins.
  '23505': 'postgres_refused', // unique_violation
  '23514': 'postgres_refused', // check_violation
  '23503': 'postgres_refused', // foreign_key_violation
  '53100': 'postgres_disk_full',
  '53200': 'postgres_unavailable', // out_of_memory
  '58030': 'postgres_unavailable', // io_error
  '55P03': 'wallet_busy', // lock_not_available
  '40P01': 'wallet_busy', // deadlock_detected
  '40001': 'wallet_busy', // serialization_failure
  VB001: 'wallet_busy', // Two sets raced for one operation id; nothing was written.
  // The connection went away with the statement on its way: it may have been committed.
  '57P01': 'postgres_answer_lost', // admin_shutdown may meet a commit that waits for its standby.
  '57P02': 'postgres_answer_lost', // crash_shutdown
  '08006': 'postgres_answer_lost',
  '08003': 'postgres_answer_lost',
  '08000': 'postgres_answer_lost',
  CONNECTION_CLOSED: 'postgres_answer_lost',
  CONNECTION_ENDED: 'postgres_answer_lost',
  CONNECTION_DESTROYED: 'postgres_answer_lost',
  ECONNRESET: 'postgres_answer_lost',
  EPIPE: 'postgres_answer_lost',
  ETIMEDOUT: 'postgres_answer_lost',
}

/** The code an error carries, whoever made it; `undefined` where it has none. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/**
 * The fault that a driver's error is. An error without a known code is taken as "may have happened": the careful
 * reading, and a test fails when one is met that the table does not name.
 */
export function postgresFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const code = errorCode(error)
  const known = code === undefined ? undefined : faultBySqlState[code]
  return new Fault(
    known ?? 'postgres_answer_lost',
    `PostgreSQL: ${code ?? 'error without a code'}`,
    {
      cause: error,
    },
  )
}

/** True for an error that the fault table names, or that is one of ours (SQLSTATE class VB). */
export function isClassified(error: unknown): boolean {
  const code = errorCode(error)
  return (
    error instanceof Fault ||
    (code !== undefined && (code in faultBySqlState || code.startsWith('VB')))
  )
}
