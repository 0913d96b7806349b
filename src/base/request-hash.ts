/** What tells a repeat from another request under the same key. */

/** SHA-256 as a port: pure rooms hold no crypto of their own. */
export type Sha256 = (message: Uint8Array) => Uint8Array

const encoder = new TextEncoder()

/**
 * The hash of a request: who asks for what, in a fixed order. Absent parts count as null, so that two requests are
 * the same only where every part is.
 */
export function requestHash(
  sha256: Sha256,
  parts: readonly (string | number | undefined)[],
): Uint8Array {
  return sha256(encoder.encode(JSON.stringify(parts.map((part) => part ?? null))))
}
