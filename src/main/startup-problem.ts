/** What keeps the product from starting or going on and what only the operator can put right. */

/**
 * Its message is one full sentence for the operator; `start` prints it without a stack and exits
 * with code 1. Not a Fault (no operation of a client met it) and not a Bug.
 */
export class StartupProblem extends Error {
  override readonly name = 'StartupProblem'
}

/** The `code` of an error of the operating system, such as `ENOENT`; `undefined` for others. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** The text to show for anything that was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
