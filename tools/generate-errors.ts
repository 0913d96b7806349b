/**
 * Writes docs/reference/errors.md from the tables that the door answers by:
 *   node tools/generate-errors.ts
 */
import { writeFile } from 'node:fs/promises'
import { faultTable } from '../src/base/base.ts'
import { problemCatalogue, type ProblemEntry } from '../src/http/http.ts'

export const ERRORS_PAGE = new URL('../docs/reference/errors.md', import.meta.url)

/** The whole page as Markdown. */
export function errorsPage(): string {
  return `# 오류 코드 · Errors

Written by \`node tools/generate-errors.ts\` from \`src/http/refusals.ts\`, \`src/http/decline-answers.ts\` and
\`src/http/fault-answers.ts\`; a test fails where this page and those tables differ. Do not edit it by hand.

Every error is \`application/problem+json\` (RFC 9457) with \`type\` (\`/problems/{code}\`, a page that can be read),
\`title\`, \`status\`, \`detail\`, \`code\` and, where one part of the request is meant, \`field\`. Programs go by
\`code\`; \`title\` and \`detail\` are for people, in Korean unless \`Accept-Language\` prefers English.

## What became of the operation

- **Below 500, and 503:** nothing was done. Where there is a \`Retry-After\` header, repeat after it with the same
  \`Idempotency-Key\`.
- **504:** the answer was lost, and the operation may have happened. Enquire by the same \`Idempotency-Key\`, or repeat
  with it: it is done once, however often it is asked for.
- **500:** a mistake of ours. Unless the code is explained below, treat it like 504.

## Refusals: the request cannot be taken

In the order in which a request may meet them.

${table('refusal')}

## Registration: what a person asked for is not possible

From \`src/http/routes/registration-answers.ts\`. Where registration says the same as a decline, that code is used.

${table('registration')}

## Members' money: what a member asked for beside paying and buying is not possible

From \`src/http/routes/member-money-answers.ts\`. Nothing was recorded under the
\`Idempotency-Key\`: the same request may be made again when things have changed.

${table('member_money')}

## Granting: what was asked of a stipend is not possible

From \`src/http/routes/granting-answers.ts\`.

${table('granting')}

## Corporations: what was asked in a corporation's name, or of one, is not possible

From \`src/http/routes/corporate-answers.ts\`. Where it is said elsewhere too, that code is used.

${table('corporate')}

## Confirmation: a PIN or passkey is missing, wrong or cannot be set

From \`src/http/routes/confirmation-answers.ts\`. Nothing was recorded under the \`Idempotency-Key\`: confirm, and
send the same request again with the token in \`Payment-Confirmation\`.

${table('confirmation')}

## Declines: the answer is no

In order of precedence: where several apply, the first is answered. A decline is certain, and it is the answer to that
\`Idempotency-Key\` for ever.

${table('decline')}

## Faults: the world failed

| code | status | may have happened | 한국어 | English | who finds out |
| --- | --- | --- | --- | --- | --- |
${entries('fault').map(faultRow).join('\n')}
`
}

function entries(kind: ProblemEntry['kind']): readonly ProblemEntry[] {
  return problemCatalogue.filter((entry) => entry.kind === kind)
}

function table(kind: ProblemEntry['kind']): string {
  const rows = entries(kind).map(
    ({ code, status, words }) => `| \`${code}\` | ${status} | ${words.ko} | ${words.en} |`,
  )
  return ['| code | status | 한국어 | English |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function faultRow({ code, status, words, certainty }: ProblemEntry): string {
  const owner: unknown = Reflect.get(Object(Reflect.get(faultTable, code)), 'owner')
  const mayHaveHappened = certainty === 'may_have_happened' ? 'yes' : 'no'
  return `| \`${code}\` | ${status} | ${mayHaveHappened} | ${words.ko} | ${words.en} | ${String(owner)} |`
}

if (import.meta.main) await writeFile(ERRORS_PAGE, errorsPage())
