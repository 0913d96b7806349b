/** The two walks of README.md, pasted into a shell beside a product that was started for them. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  createDemonstration,
  demonstrationCards,
  DEMONSTRATION_SEED,
} from '../src/demonstration/demonstration.ts'
import { cardTry, walkCard, walkThrough } from '../src/main/walk.ts'
import { startProduct, type RunningProduct } from './running-product.ts'

const ROOT = join(import.meta.dirname, '..')
const WALK_TIMEOUT_MS = 90_000
const blocks = [
  ...(await readFile(join(ROOT, 'README.md'), 'utf8')).matchAll(/^```bash\n([\s\S]*?)^```$/gm),
].map(([, lines]) => lines!)
const [block, cardBlock] = blocks

test('README.md shows the walk that start prints, word for word', () => {
  assert.ok(block !== undefined && block !== '')
  const at = { coreUrl: 'http://localhost:8080', identityUrl: 'http://127.0.0.1:9' }
  assert.ok(walkThrough(at).includes(`\n\n${block}\n`))
})

test('README.md shows how a card is paid with while the core is stopped, as the script has it', async () => {
  assert.equal(blocks.length, 2)
  assert.equal(cardBlock, await readFile(join(ROOT, 'src/main/card-walk.sh'), 'utf8'))
  assert.ok(cardBlock.includes(walkCard.cardToken) && cardBlock.includes(walkCard.merchantNumber))
})

test('the card that start proposes is one of the demonstration, at the shop of the walk', () => {
  const demonstration = createDemonstration(DEMONSTRATION_SEED)
  const { links, personId } = demonstrationCards(demonstration).find(
    ({ cardToken }) => cardToken === walkCard.cardToken,
  )!
  assert.equal(personId, 'person-0001')
  const [shop] = demonstration.merchants
  assert.ok(links.some(({ issuerId }) => issuerId === shop?.issuerId))
  assert.equal(walkCard.merchantNumber, `${shop?.businessNumber}00000`)
  assert.ok(cardTry({ companyUrl: 'http://127.0.0.1:9' }).includes(walkCard.merchantNumber))
})

test('no line of the walks needs a shell that takes comments, and none is too long to be read', () => {
  for (const line of blocks.join('').split('\n')) {
    assert.ok(!line.trimStart().startsWith('#'), line)
    assert.ok([...line].length <= 120 || line.startsWith('STICKER='), line)
  }
})

describe('pasted beside one product, in the order of the page', () => {
  let product: RunningProduct
  before(async () => (product = await startProduct()))
  after(() => product.stop())

  test('the walk of README.md goes from sign-in to a sealed payment', async () => {
    const { output, statuses, exitCode } = await paste(product, block!)
    const parts = output.split(/^== \d\. .*\n/m).slice(1)
    assert.equal(parts.length, 6, output)
    const [wallet, purchase, payment, deposit, shop, audit] = parts.map((part) =>
      part.trim().split('\n'),
    )

    assert.deepEqual(wallet, ['군산 농어민수당 50000', '군산사랑상품권 200000'])
    assert.deepEqual(purchase, ['90000', 'completed'])
    const receipt = JSON.parse(payment![0]!) as Record<string, unknown> // Compared below.
    assert.equal(receipt['amountWon'], 10_000)
    assert.equal(receipt['merchantName'], '은파분식')
    const paidAt = String(receipt['approvedAtKorean'])
    assert.deepEqual(payment!.slice(1), [
      paidAt,
      paidAt,
      '군산 농어민수당 40000',
      '군산사랑상품권 300000',
    ])
    assert.deepEqual(shop, ['payment 10000', '4000', '6000'])
    assert.deepEqual(deposit, ['booked', 'paid'])
    assert.match(audit!.join('\n'), /^audit clean: /)
    assert.equal(exitCode, 0)
    assert.deepEqual(
      statuses.map((line) => line.slice(-3)),
      '201 200 200 201 201 201 200 200 201 200 201 200 201 200'.split(' '),
    )
  })

  test('a card is paid with while the core is stopped, and the payment arrives once', async () => {
    const { output, exitCode } = await paste(product, cardBlock!)
    const parts = output.split(/^== \d\. .*\n/m).slice(1)
    assert.deepEqual(
      parts.map((part) => part.trim()),
      [
        'approved, by core, from the voucher, 8000 won',
        'approved, by standin, from the voucher, 5000 won',
        '1',
        '0',
        '2 matched, 0 unmatched, 0 from the wrong source, a difference of ₩0',
      ],
      output,
    )
    assert.equal(exitCode, 0)
  })
})

interface Pasted {
  readonly output: string
  /** The lines `METHOD PATH -> status` that curl writes to standard error. */
  readonly statuses: readonly string[]
  readonly exitCode: number | null
}

/** Lines on standard input, as a terminal would give them: each is run before the next is read. */
async function paste(product: RunningProduct, lines: string): Promise<Pasted> {
  const shell = spawn('bash', {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', DURE_DATA: product.dataDirectory },
    stdio: 'pipe',
    timeout: WALK_TIMEOUT_MS,
  })
  let output = ''
  let errors = ''
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const ended = new Promise<number | null>((resolve) => shell.once('close', resolve))
  shell.stdin.end(lines)
  const exitCode = await ended
  const statuses = errors.split('\n').filter((line) => / -> \d{3}$/.test(line))
  if (exitCode !== 0) output += errors
  return { output, statuses, exitCode }
}
