/** What a newcomer may try first: the same words in the terminal and, tested, in the README. */

/** The walk for the addresses of a running product. */
export function walkThrough(at: { coreUrl: string; identityUrl: string }): string {
  return `core ${at.coreUrl}, identity ${at.identityUrl}`
}
