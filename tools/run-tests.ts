/**
 * `npm test [-- [path or part of a path]… [--name pattern]]`: runs the test files, each in a process group of its own
 * that is ended with everything in it, prints what failed, and closes with `N passed, N failed`.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { compiledCode } from '../src/main/compiled-code.ts'
import { killEveryGroup, runGroup } from './child-group.ts'
import { repositoryRoot, sourcePaths } from './repository.ts'
import {
  addCounts,
  closingLine,
  exitCodeOf,
  NO_TESTS,
  readCounts,
  type TestCounts,
} from './test-counts.ts'

/** For each file. The slowest, in test/faults, take five minutes on two cores that do other work too. */
export const FILE_TIMEOUT_MS = 600_000
/** Two at once keep two cores busy; a PostgreSQL counts for more than one, so more cores are used sparingly. */
const FILES_AT_ONCE_MAX = 4

interface FileResult {
  readonly counts: TestCounts
  /** What to print; empty where all is well. */
  readonly report: string
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { name: { type: 'string' } },
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(signal))
  const files = chosenFiles(await sourcePaths(repositoryRoot), positionals)
  const counts = await runFiles(files, {
    root: repositoryRoot,
    name: values.name,
    say: console.log,
  })
  if (files.length === 0) console.log(`no test file matches ${positionals.join(' ')}`)
  console.log(closingLine(counts))
  return exitCodeOf(counts)
}

/** Files whose path contains one of the words; all test files without a word. */
export function chosenFiles(paths: readonly string[], words: readonly string[]): string[] {
  const parts = words.map((word) => word.replace(/^\.\//, ''))
  return paths.filter(
    (path) =>
      path.endsWith('.test.ts') &&
      (parts.length === 0 || parts.some((part) => path.includes(part))),
  )
}

export interface RunOptions {
  readonly root: string
  /** A pattern for the names of tests; all where absent. */
  readonly name?: string | undefined
  readonly timeoutMs?: number
  readonly say: (line: string) => void
}

/** Runs the files, a few at once, and says of each how it went. */
export async function runFiles(files: readonly string[], options: RunOptions): Promise<TestCounts> {
  const scratch = await mkdtemp(join(tmpdir(), 'dure-run-'))
  const waiting = [...files.entries()]
  let counts = NO_TESTS
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [position, path] = next
      const startedMs = performance.now()
      const result = await runFile(path, join(scratch, `${position}.tap`), options)
      counts = addCounts(counts, result.counts)
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
      const line = `${result.counts.failed === 0 ? '✔' : '✖'} ${path} (${seconds} s)`
      options.say(result.report === '' ? line : `${line}\n${result.report}`)
    }
  }
  const atOnce = Math.min(FILES_AT_ONCE_MAX, Math.max(2, availableParallelism()))
  await Promise.all(Array.from({ length: atOnce }, work))
  await rm(scratch, { recursive: true, force: true })
  return counts
}

async function runFile(
  path: string,
  tapPath: string,
  { root, name, timeoutMs = FILE_TIMEOUT_MS }: RunOptions,
): Promise<FileResult> {
  // Set where this runner was started by a test: the file would then report to that test's runner.
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env
  const end = await runGroup(
    [
      process.execPath,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=tap',
      `--test-reporter-destination=${tapPath}`,
      ...(name === undefined ? [] : [`--test-name-pattern=${name}`]),
      path,
    ],
    { timeoutMs, cwd: root, env: { ...compiledCode, ...env } },
  )
  const counts = readCounts(await readFile(tapPath, 'utf8').catch(() => '')) ?? NO_TESTS
  const complaint = complaintOf(end, counts, { timeoutMs, isNarrowed: name !== undefined })
  if (complaint === undefined) return { counts, report: '' }
  const report = `${basename(path)}: ${complaint}\n${end.output}`
  return { counts: { ...counts, failed: Math.max(counts.failed, 1) }, report }
}

function complaintOf(
  end: Awaited<ReturnType<typeof runGroup>>,
  counts: TestCounts,
  { timeoutMs, isNarrowed }: { timeoutMs: number; isNarrowed: boolean },
): string | undefined {
  if (end.timedOut) return `did not end within ${timeoutMs / 1000} s and was killed`
  if (counts.failed > 0) return `${counts.failed} failed`
  if (end.exitCode !== 0) return `ended with exit code ${end.exitCode ?? 'none (by a signal)'}`
  if (end.leftBehind) return 'left a process behind, which was killed'
  if (counts.passed + counts.skipped === 0 && !isNarrowed) return 'has no test'
  return undefined
}

function stop(signal: NodeJS.Signals): void {
  killEveryGroup()
  process.exit(signal === 'SIGINT' ? 130 : 143)
}
