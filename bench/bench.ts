/** `npm run bench -- NAME [--json] [--wallets N] [--seconds N] …`: the last line is the result, as one JSON object. */
import { parseArgs } from 'node:util'

const defaults = {
  wallets: 2_500_000,
  seconds: 8,
  payments: 5_000_000,
  buyers: 10_000,
  sold: 1_000,
  connections: 64,
  cards: 50_000,
  snapshot: 2_500_000,
  lots: 1_000_000,
  stipends: 100_000,
  merchants: 200_000,
  takings: 3_000_000,
}
const benches = [
  'ledger',
  'growth',
  'quota',
  'http',
  'cards',
  'expire',
  'grant',
  'settle',
  'web',
] as const

const usage = `npm run bench -- NAME [--json] [--OPTION N]
  NAME    one of: ${benches.join(', ')}
  OPTION  how much of it, a whole number above zero: ${Object.keys(defaults).join(', ')}`

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        ...Object.fromEntries(
          Object.keys(defaults).map((each) => [each, { type: 'string' as const }]),
        ),
      },
    })
  } catch (error) {
    // What was not understood, in one sentence; the rest of it is about how to escape a dash.
    const [said = ''] = error instanceof Error ? error.message.split('. ') : []
    console.error(`${said}\n${usage}`)
    return process.exit(2)
  }
}

const { values, positionals } = readArguments()
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const name = benches.find((bench) => bench === positionals[0])
if (name === undefined) {
  console.error(usage)
  process.exit(2)
}
const options: Record<string, number> = { ...defaults }
for (const [option, text] of Object.entries(values)) {
  if (option === 'json' || option === 'help') continue
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value <= 0) {
    console.error(`--${option} takes a whole number above zero`)
    process.exit(2)
  }
  options[option] = value
}

const bench = (await import(`./${name}.bench.ts`)) as {
  run(options: Record<string, number>): Promise<object>
}
const result = await bench.run(options)
console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2))
