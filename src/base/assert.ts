/** A violated assertion is our own bug: the process must not go on with money in hand. */
export class Bug extends Error {
  override readonly name = 'Bug'
}

/** Crashes when `condition` is false. For programmer errors only, never for what the world may send. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Bug(sentence)
}

/** For the branch that the type checker knows cannot be reached. */
export function unreachable(value: never): never {
  throw new Bug(`unreachable value: ${String(value)}`)
}
