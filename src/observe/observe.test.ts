import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog, createMasking, createMetrics, maskText } from './observe.ts'

const { maskFacts, pseudonym } = createMasking('key of this test')

test('members are masked by their name, at any depth, whatever the spelling', () => {
  const masked = maskFacts({
    Authorization: 'DPoP abc',
    body: { 'refresh-token': 'x', access_token: 'y', items: [{ assertion: 'z', code: '12' }] },
    name: '김하늘',
    phone: '010-1234-5678',
    personId: 'person-0001',
    sale: { cardToken: 'HB00000000000001', linkCode: '12345678' },
    wallet: 'wlt_11',
    amountWon: 1000,
  })
  assert.deepEqual(masked, {
    Authorization: '[hidden]',
    body: {
      'refresh-token': '[hidden]',
      access_token: '[hidden]',
      items: [{ assertion: '[hidden]', code: '[hidden]' }],
    },
    name: '김*늘',
    phone: '010-****-5678',
    personId: pseudonym('person-0001'),
    sale: { cardToken: '[hidden]', linkCode: '[hidden]' },
    wallet: 'wlt_11',
    amountWon: 1000,
  })
})

test('texts that give themselves away are masked wherever they stand', () => {
  const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJwZXJzb24ifQ.c2lnbmF0dXJl'
  assert.equal(maskText(`got ${jwt}!`), 'got [token]!')
  assert.equal(maskText('scanned 9112 3456 7890 1234 5678 9012.'), 'scanned [code].')
  assert.equal(maskText('910123456789012345678901'), '[code]')
  assert.equal(maskText('call 010-9876-5432 now'), 'call 010-****-5432 now')
  assert.equal(maskText('900101-1234567'), '[hidden]')
  assert.equal(maskText('₩1,000 to mrc_11 at 2026-11-22'), '₩1,000 to mrc_11 at 2026-11-22')
})

test('an error is logged with its causes, and masked with them', () => {
  const cause = new Error('phone 01098765432 of eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJwZXJzb24ifQ.c2ln')
  const text = JSON.stringify(maskFacts({ err: new Error('it failed', { cause }) }))
  assert.match(text, /it failed/)
  assert.match(text, /phone 010-\*{4}-5432 of \[token\]/)
  assert.ok(!text.includes('9876'))
})

test('what is too deep, too long or circular is cut, not followed', () => {
  const circle: Record<string, unknown> = { name: 'x' }
  circle['self'] = circle
  assert.ok(JSON.stringify(maskFacts(circle)).length < 500)
  const many = maskFacts({ list: Array(10_000).fill('a'), text: 'b'.repeat(100_000) })
  assert.ok(JSON.stringify(many).length < 5000)
})

test('a person is the same in every line, and another under another key', () => {
  assert.equal(pseudonym('person-0001'), pseudonym('person-0001'))
  assert.notEqual(pseudonym('person-0001'), pseudonym('person-0002'))
  assert.notEqual(pseudonym('person-0001'), createMasking('other').pseudonym('person-0001'))
  assert.match(pseudonym('person-0001'), /^person:[0-9a-f]{12}$/)
})

test('a line is one fact of the past with its time and level', () => {
  const { log, lines } = testLog()
  log.info('payment.approved', { amountWon: 1000 })
  log.warn('Something happened with 010-9876-5432')
  const [first, second] = lines()
  assert.equal(first?.['event'], 'payment.approved')
  assert.equal(first?.['level'], 'info')
  assert.equal(first?.['amountWon'], 1000)
  assert.match(String(first?.['time']), /^\d{4}-\d\d-\d\dT/)
  assert.equal(second?.['event'], 'log.misnamed')
  assert.equal(second?.['text'], 'Something happened with 010-****-5432')
})

test('numbers are counted where they belong and asked for when they are read', async () => {
  const metrics = createMetrics()
  let lag = 3
  metrics.gauge('dure_seal_lag_seconds', 'Age of the oldest transfer not sealed', () => lag)
  metrics.ledgerPosted({ size: 200, waitMs: 3 })
  lag = 5
  const text = await metrics.text()
  assert.match(text, /^dure_seal_lag_seconds 5$/m)
  assert.match(text, /^dure_ledger_batch_size_sum 200$/m)
  assert.match(text, /^dure_ledger_batch_wait_seconds_bucket\{le="0.005"\} 1$/m)
})

function testLog() {
  const written: string[] = []
  const destination = { write: (line: string) => void written.push(line) }
  const log = createLog({ level: 'info', pseudonymKey: 'k', destination })
  return {
    log,
    lines: () => written.map((line): Record<string, unknown> => JSON.parse(line)),
  }
}
