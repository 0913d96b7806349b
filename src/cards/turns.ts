/**
 * One thing after the other under one name. Whoever has nobody before him goes at once, and a name is forgotten with
 * its last work: what is held is what is under way.
 */
export interface Turns {
  /** Runs the work once all that came before it under the name has ended, well or badly. */
  run<Result>(name: string, work: () => Promise<Result>): Promise<Result>
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    run(name, work) {
      const before = last.get(name)
      const own = before === undefined ? work() : before.then(work, work)
      last.set(name, own)
      const forget = (): void => {
        if (last.get(name) === own) last.delete(name)
      }
      own.then(forget, forget)
      return own
    },
  }
}
