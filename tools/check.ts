/**
 * `npm run check`: everything that can be said about the code without running the product. Prints each step with its
 * time, and for a step that fails what it found and what to run to mend it.
 */
import { join } from 'node:path'
import { runGroup } from './child-group.ts'
import { repositoryRoot } from './repository.ts'

interface Step {
  readonly name: string
  readonly command: readonly [string, ...string[]]
  /** What to do when it fails. */
  readonly mend: string
}

/** For each step; the slowest takes seconds. */
const STEP_TIMEOUT_MS = 300_000

const tool = (name: string): string => join(repositoryRoot, 'node_modules/.bin', name)

export const steps: readonly Step[] = [
  {
    name: 'types',
    command: [tool('tsc'), '--noEmit', '--pretty', 'false', '-p', '.'],
    mend: 'make the types agree; npx tsc --noEmit repeats this step',
  },
  {
    name: 'types of the apps',
    command: [tool('tsc'), '--noEmit', '--pretty', 'false', '-p', 'web'],
    mend: 'make the types agree; npx tsc --noEmit -p web repeats this step',
  },
  {
    name: 'lint',
    command: [tool('oxlint'), '--type-aware', '--deny-warnings', '--format=unix'],
    mend: 'npx oxlint --type-aware --fix mends some of it',
  },
  { name: 'format', command: [tool('oxfmt'), '--check'], mend: 'npx oxfmt' },
  {
    name: 'tidy',
    command: [process.execPath, 'tools/tidy.ts'],
    mend: 'STYLE.md says what each habit is for',
  },
  {
    name: 'sql',
    command: [process.execPath, 'tools/sql-lint.ts'],
    mend: 'tools/sql-lint.ts says what each rule is for',
  },
  {
    name: 'generated pages',
    command: [process.execPath, 'tools/generate.ts', '--check'],
    mend: 'npm run gen',
  },
]

if (import.meta.main) process.exitCode = await main()

async function main(): Promise<number> {
  let failures = 0
  for (const { name, command, mend } of steps) {
    const startedMs = performance.now()
    const end = await runGroup(command, { timeoutMs: STEP_TIMEOUT_MS, cwd: repositoryRoot })
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
    const isGood = end.exitCode === 0
    console.log(`${isGood ? '✔' : '✖'} ${name} (${seconds} s)`)
    if (isGood) continue
    failures += 1
    console.log(end.output.trimEnd())
    if (end.timedOut) console.log(`did not end within ${STEP_TIMEOUT_MS / 1000} s`)
    console.log(`→ ${mend}`)
  }
  if (failures > 0) console.log(`${failures} of ${steps.length} steps failed.`)
  return failures === 0 ? 0 : 1
}
