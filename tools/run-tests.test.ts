import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { chosenFiles, runFiles } from './run-tests.ts'
import { closingLine, exitCodeOf, readCounts, type TestCounts } from './test-counts.ts'

const IMPORT = `import { test } from 'node:test'\nimport { spawn } from 'node:child_process'\n`

/** Runs one planted test file and tells what came of it. */
async function runPlanted(
  t: TestContext,
  text: string,
  options: { timeoutMs?: number; name?: string } = {},
): Promise<{ counts: TestCounts; said: string; root: string }> {
  const root = await mkdtemp(join(tmpdir(), 'dure-planted-'))
  t.after(() => rm(root, { recursive: true }))
  await writeFile(join(root, 'planted.test.mjs'), IMPORT + text)
  const said: string[] = []
  const say = (line: string) => void said.push(line)
  const counts = await runFiles(['planted.test.mjs'], { root, say, ...options })
  return { counts, said: said.join('\n'), root }
}

/** The process whose number a planted test wrote down is gone, soon. */
async function hasEnded(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, 'utf8'))
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      process.kill(pid, 0)
    } catch {
      return true
    }
    await delay(20)
  }
  return false
}

const CHILD = `
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  const { writeFileSync } = await import('node:fs')
  writeFileSync('pid', String(child.pid))`

test('tests that pass, fail and are skipped are counted, and the failing file is shown', async (t) => {
  const { counts, said } = await runPlanted(
    t,
    `test('good', () => {})
     test('bad', () => { throw new Error('planted failure') })
     test('later', { skip: 'a reason' }, () => {})`,
  )
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 1 })
  assert.match(said, /✖ planted\.test\.mjs/)
  assert.match(said, /planted failure/)
})

test('a file that passes is one line', async (t) => {
  const { counts, said } = await runPlanted(t, `test('good', () => console.log('# fail 9'))`)
  assert.deepEqual(counts, { passed: 1, failed: 0, skipped: 0 })
  assert.match(said, /^✔ planted\.test\.mjs \(\d+\.\d s\)$/)
})

test('a file that breaks before its first test, or has none, fails', async (t) => {
  const broken = await runPlanted(t, `throw new Error('at once')`)
  assert.equal(broken.counts.failed, 1)
  assert.match(broken.said, /at once/)
  const empty = await runPlanted(t, 'export const a = 1')
  assert.equal(empty.counts.failed, 1)
  assert.match(empty.said, /has no test/)
})

test('a file that does not end is killed with everything it started, and named', async (t) => {
  const { counts, said, root } = await runPlanted(
    t,
    `${CHILD}
     test('stuck', () => new Promise(() => setInterval(() => {}, 1000)))`,
    { timeoutMs: 1500 },
  )
  assert.equal(counts.failed, 1)
  assert.match(said, /planted\.test\.mjs: did not end within 1\.5 s and was killed/)
  assert.ok(await hasEnded(join(root, 'pid')))
})

test('a file that leaves a process behind fails, and the process is gone', async (t) => {
  const { counts, said, root } = await runPlanted(
    t,
    `${CHILD}
     child.unref(); test('good', () => {})`,
  )
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 0 })
  assert.match(said, /left a process behind/)
  assert.ok(await hasEnded(join(root, 'pid')))
})

test('a name narrows what is run', async (t) => {
  const { counts } = await runPlanted(t, `test('one', () => {}); test('two', () => {})`, {
    name: 'one',
  })
  assert.equal(counts.passed, 1)
})

test('files are chosen by parts of their paths', () => {
  const paths = ['src/qr/emv.ts', 'src/qr/emv.test.ts', 'src/qr/damm.test.ts', 'sim/a.test.ts']
  assert.deepEqual(chosenFiles(paths, []), paths.slice(1))
  assert.deepEqual(chosenFiles(paths, ['./src/qr']), paths.slice(1, 3))
  assert.deepEqual(chosenFiles(paths, ['emv', 'sim/']), ['src/qr/emv.test.ts', 'sim/a.test.ts'])
  assert.deepEqual(chosenFiles(paths, ['nothing']), [])
})

test('the closing line names what was skipped only where something was', () => {
  assert.equal(closingLine({ passed: 2, failed: 0, skipped: 0 }), '2 passed, 0 failed')
  assert.equal(closingLine({ passed: 2, failed: 1, skipped: 3 }), '2 passed, 1 failed, 3 skipped')
})

test('success is at least one test, and none that failed', () => {
  assert.equal(exitCodeOf({ passed: 1, failed: 0, skipped: 0 }), 0)
  assert.equal(exitCodeOf({ passed: 9, failed: 1, skipped: 0 }), 1)
  assert.equal(exitCodeOf({ passed: 0, failed: 0, skipped: 4 }), 1)
})

test('an unfinished report has no counts; a cancelled or unwritten test counts as failed', () => {
  assert.equal(readCounts('TAP version 13\nok 1 - a\n'), undefined)
  const report = '# pass 7\n# pass 1\n# fail 0\n# cancelled 1\n# skipped 0\n# todo 2\n'
  assert.deepEqual(readCounts(report), { passed: 1, failed: 3, skipped: 0 })
})
