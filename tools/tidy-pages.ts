/** What the pages must say, because the code would otherwise know more than its readers. */
import { rooms } from './rooms.ts'
import type { TidyFinding } from './tidy-rooms.ts'

export interface Pages {
  readonly readme: string
  readonly architecture: string
  readonly glossary: string
}

export interface PageFacts {
  /** Names from package.json, of the product and of its tools. */
  readonly dependencies: readonly string[]
  readonly accountKinds: readonly string[]
  readonly idPrefixes: readonly string[]
}

export function pageFindings(pages: Pages, facts: PageFacts): TidyFinding[] {
  const roomNames = rooms.map(({ name }) => name)
  const quoted = (word: string): string => `\`${word}\``
  return [
    ...missing('README.md', pages.readme, roomNames, {
      find: (room) => `src/${room}`,
      because: (room) => `the map of rooms does not name src/${room}`,
    }),
    ...missing('ARCHITECTURE.md', pages.architecture, facts.dependencies, {
      find: quoted,
      because: (name) => `no line says why we depend on \`${name}\` and how we could leave it`,
    }),
    ...missing(
      'docs/glossary.md',
      pages.glossary,
      [...roomNames, ...facts.accountKinds, ...facts.idPrefixes.map((prefix) => `${prefix}_`)],
      { find: quoted, because: (word) => `the word \`${word}\` is not explained` },
    ),
  ]
}

function missing(
  path: string,
  text: string,
  words: readonly string[],
  rule: { find(word: string): string; because(word: string): string },
): TidyFinding[] {
  return words
    .filter((word) => !text.includes(rule.find(word)))
    .map((word) => ({ path, line: 1, complaint: rule.because(word) }))
}
