/**
 * The habits of this house, checked by reading it: room order, purity, names, sizes, words, and pages that keep up.
 *   node tools/tidy.ts
 * Every rule is a pure function of text; tidy.test.ts shows each of them failing.
 */
import { Type } from 'typebox'
import { Parse } from 'typebox/value'
import { idPrefixes } from '../src/base/base.ts'
import { accountKinds } from '../src/ledger/ledger.ts'
import { textFiles, type TextFile } from './repository.ts'
import { readSource } from './source-text.ts'
import { pageFindings } from './tidy-pages.ts'
import { roomFindings, type TidyFinding } from './tidy-rooms.ts'
import { fileFindings, sourceFindings } from './tidy-shape.ts'

/** Long, and nobody's to read: types of the API. */
const MADE_BY_TOOL = 'web/api/schema.ts'

const Manifest = Type.Object({
  dependencies: Type.Record(Type.String(), Type.String()),
  devDependencies: Type.Record(Type.String(), Type.String()),
})

if (import.meta.main) {
  const findings = tidyFindings(await textFiles())
  for (const finding of findings) console.log(findingLine(finding))
  console.log(findings.length === 0 ? 'All is tidy.' : `${findings.length} to mend.`)
  process.exitCode = findings.length === 0 ? 0 : 1
}

/** Everything there is to say about the files of a repository, in their order. */
export function tidyFindings(files: readonly TextFile[]): TidyFinding[] {
  const findings = files.flatMap((file) => [...fileFindings(file), ...codeFindings(file)])
  const textOf = (path: string): string => files.find((file) => file.path === path)?.text ?? ''
  const manifest = Parse(Manifest, JSON.parse(textOf('package.json')))
  const pages = {
    readme: textOf('README.md'),
    architecture: textOf('ARCHITECTURE.md'),
    glossary: textOf('docs/glossary.md'),
  }
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
  return [...findings, ...pageFindings(pages, { dependencies, accountKinds, idPrefixes })]
}

function codeFindings(file: TextFile): TidyFinding[] {
  if (!/\.tsx?$/.test(file.path) || file.path === MADE_BY_TOOL) return []
  const source = readSource(file.path, file.text)
  return [...roomFindings(source), ...sourceFindings(source)]
}

/** `src/qr/tlv.ts:12: a sentence`, which editors can follow. */
export function findingLine({ path, line, complaint }: TidyFinding): string {
  return `${path}:${line}: ${complaint}`
}
