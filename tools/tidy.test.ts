import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textFiles } from './repository.ts'
import { rooms } from './rooms.ts'
import { functionsOf, importsOf, readSource } from './source-text.ts'
import { pageFindings } from './tidy-pages.ts'
import { roomFindings } from './tidy-rooms.ts'
import { fileFindings, sourceFindings } from './tidy-shape.ts'
import { findingLine, tidyFindings } from './tidy.ts'

test('this repository is tidy', async () => {
  assert.deepEqual(tidyFindings(await textFiles()).map(findingLine), [])
})

const HEADER = '/** Planted. */\n'

/** What is said about a planted file; the header that every file needs comes with it. */
function complaintsOf(path: string, text: string): string[] {
  const file = { path, text: HEADER + text }
  const source = readSource(path, file.text)
  return [...fileFindings(file), ...roomFindings(source), ...sourceFindings(source)].map(
    ({ complaint }) => complaint,
  )
}

/** Written in pieces, because this file is judged too. */
const LATER = ['TO', 'DO'].join('')
const MACHINE = ['/wo', 'rk/main'].join('')
const MAKING = ['blue', 'print'].join('')

for (const [what, path, text, complaint] of [
  [
    'an import up the order',
    'src/ledger/x.ts',
    `import { a } from '../postgres/postgres.ts'`,
    /ledger must not import postgres/,
  ],
  [
    'an import of a type up the order',
    'src/qr/x.ts',
    `import type { A } from '../authorization/authorization.ts'`,
    /qr must not/,
  ],
  [
    'an import by call',
    'src/base/x.ts',
    `const a = await import('../qr/qr.ts')`,
    /base must not import qr/,
  ],
  [
    'a room of the same line',
    'src/issuing/x.ts',
    `import { a } from '../ledger/ledger.ts'`,
    /stand on one line/,
  ],
  [
    'a side entrance',
    'src/postgres/x.ts',
    `import { a } from '../ledger/memory-ledger.ts'`,
    /enter ledger by its front door/,
  ],
  [
    'a side entrance behind export',
    'src/main/x.ts',
    `export {\n  a,\n} from '../http/door.ts'`,
    /enter http by its front door/,
  ],
  [
    'a door that opens to the database',
    'src/http/x.ts',
    `import { a } from '../postgres/postgres.ts'`,
    /http must not import postgres/,
  ],
  [
    'another door that does',
    'src/jobs/x.ts',
    `import { a } from '../postgres/postgres.ts'`,
    /jobs must not import postgres/,
  ],
  [
    'a door in another door',
    'src/jobs/x.ts',
    `import { a } from '../http/http.ts'`,
    /stand on one line/,
  ],
  [
    'a rule that leans on the demonstration',
    'src/http/x.ts',
    `import { a } from '../demonstration/demonstration.ts'`,
    /demonstration is only for main/,
  ],
  [
    'a test in the product',
    'src/main/x.ts',
    `import { a } from '../ledger/ledger.contract.ts'`,
    /for tests only/,
  ],
  [
    'a fixture in the product',
    'src/http/x.ts',
    `import { a } from './fixtures/test-door.ts'`,
    /for tests only/,
  ],
  [
    'the outside in the product',
    'src/main/x.ts',
    `import { a } from '../../simulated/bank.ts'`,
    /src\/ must not import simulated/,
  ],
  ['a room that nobody knows', 'src/attic/x.ts', 'export const a = 1', /not in the table of rooms/],
  [
    'a module of the machine in a pure room',
    'src/selling/x.ts',
    `import { hash } from 'node:crypto'`,
    /imports no node:crypto/,
  ],
  [
    'a package in a pure room',
    'src/issuing/x.ts',
    `import { Type } from 'typebox'`,
    /imports no package typebox/,
  ],
  ['a clock', 'src/ledger/x.ts', 'const at = Date.now()', /take `now` as an argument/],
  ['the present date', 'src/ledger/x.ts', 'const at = new Date()', /take `now` as an argument/],
  ['chance', 'src/ledger/x.ts', 'const n = Math.random()', /ids and chance/],
  ['a made-up id', 'src/ledger/x.ts', 'const n = crypto.randomUUID()', /ids and chance/],
  ['the process', 'src/ledger/x.ts', 'process.exit(1)', /what the process knows/],
  ['waiting', 'src/ledger/x.ts', 'setTimeout(a, 1)', /waits for nothing/],
  ['talking', 'src/ledger/x.ts', 'console.log(1)', /says nothing/],
  ['calling out', 'src/ledger/x.ts', `await fetch('http://a')`, /speaks to nobody/],
  ['a clock in a template', 'src/ledger/x.ts', 'const a = `at ${`${Date.now()}`}`', /take `now`/],
  ['a clock outside main', 'src/http/x.ts', 'const at = Date.now()', /only main knows time/],
  [
    'the environment outside main',
    'src/postgres/x.ts',
    'const a = process.env.HOME',
    /only main reads the environment/,
  ],
  [
    'the environment taken apart',
    'src/postgres/x.ts',
    'const { env } = process',
    /only main reads the environment/,
  ],
  ['a star', 'src/qr/x.ts', `export * from './a.ts'`, /name what is exported/],
  ['an export without a name', 'src/qr/x.ts', 'export default 1', /exports have names/],
  ['an import without .ts', 'src/qr/x.ts', `import { a } from './a'`, /with its \.ts/],
  ['a drawer', 'src/qr/utils/x.ts', '', /nothing is called utils/],
  ['a drawer of a file', 'src/qr/helpers.ts', '', /nothing is called helpers/],
  ['a drawer of a test', 'src/qr/types.test.ts', '', /nothing is called types/],
  ['a name in another case', 'src/qr/merchantCode.ts', '', /kebab-case/],
  ['a folder in another case', 'src/qr/Codes/x.ts', '', /kebab-case/],
  ['a page in another case', 'docs/Ideas_of_mine.md', '', /kebab-case/],
  ['a long line', 'src/qr/x.ts', `// ${'x'.repeat(118)}`, /longer than 120 columns/],
  ['a long file', 'src/qr/x.ts', '\n'.repeat(400) + '// end', /more than 400/],
  [
    'a long function',
    'src/qr/x.ts',
    `function long(\n  a: number,\n): Promise<{\n  b: 1\n}> {${'\n'.repeat(66)}}`,
    /long has 71 lines/,
  ],
  [
    'a long arrow',
    'sim/x.ts',
    `const long = async (a: number) => {${'\n'.repeat(70)}}`,
    /long has 71 lines/,
  ],
  [
    'a long method',
    'sim/x.ts',
    `class A {\n  async long(a: number): Promise<void> {${'\n'.repeat(70)}}\n}`,
    /long has 71 lines/,
  ],
  ['what is left for later', 'src/qr/x.ts', `// ${LATER}: the rest`, /do it now/],
  ['a mark of a merge', 'docs/x.md', `a\n${'<'.repeat(7)} HEAD\nb`, /two versions stand here/],
  ['what is left for later in SQL', 'sql/functions/x.sql', `-- ${LATER} index`, /do it now/],
  ['a path of one machine', 'docs/x.md', `cd ${MACHINE}`, /not of what it is/],
  ['a word of its making', 'docs/x.md', `as the ${MAKING} says`, /not of what it is/],
  [
    'a test that silences the others',
    'src/qr/x.test.ts',
    `test.only('a', () => {})`,
    /must not silence/,
  ],
  [
    'a test that silences by option',
    'src/qr/x.test.ts',
    `test('a', { only: true }, () => {})`,
    /must not silence/,
  ],
  ['a test skipped without a reason', 'src/qr/x.test.ts', `test.skip('a', () => {})`, /says why/],
  [
    'a test skipped by option without a reason',
    'src/qr/x.test.ts',
    `test('a', { skip: true }, () => {})`,
    /says why/,
  ],
  [
    'a test skipped inside without a reason',
    'src/qr/x.test.ts',
    `test('a', (t) => t.skip())`,
    /says why/,
  ],
] as const) {
  test(`${what} is found`, () => {
    const complaints = complaintsOf(path, text)
    assert.ok(
      complaints.some((line) => complaint.test(line)),
      `nothing of ${String(complaint)} in ${JSON.stringify(complaints)}`,
    )
  })
}

for (const [what, path, text] of [
  [
    'the front door of a lower room',
    'src/authorization/x.ts',
    `import { a } from '../ledger/ledger.ts'`,
  ],
  [
    'a test that goes deeper',
    'src/http/x.test.ts',
    `import { a } from '../ledger/memory-ledger.ts'\nDate.now()`,
  ],
  ['a contract that knows time', 'src/ledger/x.contract.ts', 'const at = Date.now()'],
  ['main as the reader of everything', 'src/main/x.ts', 'const at = process.env.A ?? Date.now()'],
  ['a date that was given', 'src/base/x.ts', 'const at = new Date(now).getUTCFullYear()'],
  ['a package that a pure room is allowed', 'src/qr/x.ts', `import { encodeQR } from 'qr'`],
  [
    'a simulation that goes anywhere',
    'sim/x.ts',
    `import { a } from '../src/ledger/memory-ledger.ts'`,
  ],
  [
    'a word in a comment or in a string',
    'src/base/x.ts',
    `// Date.now()\nconst a = 'process.env' + /console/.source`,
  ],
  [
    'a skip with a reason',
    'src/qr/x.test.ts',
    `test('a', { skip: process.platform !== 'linux' && 'no /proc' }, () => {})`,
  ],
  ['SQL by its function names', 'sql/functions/ledger.post_payments.sql', 'select 1'],
] as const) {
  test(`${what} is let through`, () => {
    assert.deepEqual(complaintsOf(path, text), [])
  })
}

test('a file that does not say what it is for is found', () => {
  const complaints = sourceFindings(readSource('src/qr/x.ts', 'export const a = 1\n'))
  assert.match(complaints[0]?.complaint ?? '', /opens with a sentence/)
})

test('pages that lag behind the code are found, word by word', () => {
  const facts = { dependencies: ['fastify'], accountKinds: ['breakage'], idPrefixes: ['wlt'] }
  const none = pageFindings({ readme: '', architecture: '', glossary: '' }, facts)
  assert.equal(none.length, rooms.length + 1 + rooms.length + 2)
  const words = rooms.map(({ name }) => `src/${name} \`${name}\``).join('\n')
  const all = {
    readme: words,
    architecture: '`fastify`',
    glossary: `${words} \`breakage\` \`wlt_\``,
  }
  assert.deepEqual(pageFindings(all, facts), [])
})

test('imports are read from all their forms and from no string', () => {
  const source = readSource(
    'a.ts',
    [
      `import 'one'`,
      `import type { A } from "two"`,
      `import {\n  b,\n  type C,\n} from 'three'`,
      `import d, * as e from 'four'`,
      `export { f } from 'five'`,
      'const g = `import h from "never" ${await import(\'six\')}`',
      `const i = "import j from 'never'" // import k from 'never'`,
    ].join('\n'),
  )
  assert.deepEqual(
    importsOf(source).map(({ specifier }) => specifier),
    ['one', 'two', 'three', 'four', 'five', 'six'],
  )
  assert.deepEqual(
    importsOf(source).map(({ isTypeOnly }) => isTypeOnly),
    [false, true, false, false, false, false],
  )
})

test('functions are measured from head to brace, and what has no body is none', () => {
  const source = readSource(
    'a.ts',
    `interface A {
  method(a: number): Promise<void>
  other(): { b: 1 }
}
function first<T extends { a: 1 }>(options: { a: T }): { b: T } {
  return { b: options.a }
}
export const second = (a: string): a is 'x' => {
  if (a === '{') return true
  return /[/{]/.test(a)
}
class B {
  third(): void {}
}
`,
  )
  assert.deepEqual(functionsOf(source), [
    { name: 'first', line: 5, lines: 3 },
    { name: 'second', line: 8, lines: 4 },
    { name: 'third', line: 13, lines: 1 },
  ])
})

test('the slash of a tag begins no pattern', () => {
  const source = readSource(
    'a.tsx',
    `function First() {
  return <p>{a ? null : <B c={d} />}</p>
}
function second() {}
`,
  )
  assert.deepEqual(functionsOf(source), [
    { name: 'First', line: 1, lines: 3 },
    { name: 'second', line: 4, lines: 1 },
  ])
})
