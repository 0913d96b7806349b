/** Does what is due without a queue: for simulations and tests that bring their own time. */
import type { IssuerId } from '../base/base.ts'
import type { JobBook } from './job-book.ts'
import { createDueMaker, namedDefinitions } from './job-clockwork.ts'
import { FAILED_AGAIN_MS, takeTurn, type TurnDeps } from './job-turn.ts'
import type { JobDefinition } from './job-work.ts'

/**
 * One round each time it is called: everything that is due gets turns until it has ended or failed, in the order of
 * the book. What failed is tried again by the next round. @returns how many turns were taken
 */
export function createDueRound(
  options: TurnDeps & {
    readonly definitions: readonly JobDefinition[]
    readonly issuers: () => readonly { readonly issuerId: IssuerId }[]
    readonly book: JobBook
  },
): () => Promise<number> {
  const { book, clock } = options
  const definitions = namedDefinitions(options.definitions)
  const makeDue = createDueMaker(options)
  return async () => {
    await makeDue(clock())
    let turns = 0
    for (const name of await book.unended(clock() - FAILED_AGAIN_MS)) {
      const definition = definitions.get(name.name)
      if (definition === undefined) continue
      for (let end = 'more'; end === 'more'; turns += 1) {
        end = await takeTurn(options, definition, name)
      }
    }
    return turns
  }
}
