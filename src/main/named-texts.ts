/** Texts by name in one variable of the environment: `hanbit=127.0.0.1:20001,narae=127.0.0.1:20002`. */
import { StartupProblem } from './startup-problem.ts'

export type NamedTexts = Readonly<Record<string, string>>

const NAME = /^[a-z][a-z0-9-]*$/

export function writeNamedTexts(texts: NamedTexts): string {
  return Object.entries(texts)
    .map(([name, text]) => `${name}=${text}`)
    .join(',')
}

/** @throws StartupProblem that shows the part that is none */
export function readNamedTexts(text: string): NamedTexts {
  const parts = text.split(',').filter((part) => part !== '')
  return Object.fromEntries(
    parts.map((part) => {
      const at = part.indexOf('=')
      const name = part.slice(0, at)
      if (at < 1 || !NAME.test(name) || at === part.length - 1) {
        throw new StartupProblem(`"${part}" must look like name=value`)
      }
      return [name, part.slice(at + 1)]
    }),
  )
}
