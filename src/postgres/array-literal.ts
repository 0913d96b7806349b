/**
 * Sets travel as PostgreSQL array literals: one bound text parameter for each column of the set, which costs the
 * server and us far less than a parameter for each value.
 */

/** Numbers, or null. */
export function numberArray(values: readonly (number | null | undefined)[]): string {
  let text = '{'
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ','
    text += values[index] ?? 'NULL'
  }
  return `${text}}`
}

/** Text of any content, or null. */
export function textArray(values: readonly (string | null | undefined)[]): string {
  return `{${values
    .map((value) =>
      value === null || value === undefined
        ? 'NULL'
        : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
    )
    .join(',')}}`
}

/** Words that need no quoting: UUIDs, enum labels, dates. */
export function wordArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`
}

/** Bytes as hex. */
export function bytesArray(values: readonly Uint8Array[]): string {
  return `{${values.map((value) => `"\\\\x${Buffer.from(value).toString('hex')}"`).join(',')}}`
}

/** Instants in milliseconds as timestamptz. */
export function instantArray(values: readonly number[]): string {
  return `{${values.map((value) => `"${new Date(value).toISOString()}"`).join(',')}}`
}
