/** What a member sees of a lot that expires: in the wallet until its instant, and in the history afterwards. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { DAY_MS, parseId } from '../../base/base.ts'
import { expiryRequest } from '../../ledger/ledger.ts'
import { GUNSAN, grant, openCity, openMember } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

test('a wallet says what expires next, and its history what expired', async () => {
  const member = await openMember(city, 'late-spender')
  await grant(city, member.walletId, 30_000)
  const wallet = async () => (await member.ask('GET', member.wallet)).json<Wallet>()
  const [lot] = await city.ledger.lots(GUNSAN, parseId('wlt', member.walletId)!)
  const expiresAt = new Date(lot!.expiresAt).toISOString()
  assert.deepEqual((await wallet()).nextExpiry, { expiresAt, amountWon: 30_000 })

  const at = lot!.expiresAt + DAY_MS
  const due = await city.ledger.dueLots(GUNSAN, { until: at, limit: 10 })
  assert.equal(due.length, 1)
  await city.ledger.expire(GUNSAN, [expiryRequest(sha256, GUNSAN, due[0]!)], at)

  const answer = await member.ask('GET', `${member.wallet}/operations`)
  const [expiry, issue] = answer.json<{ items: Item[] }>().items
  assert.deepEqual(
    [expiry?.kind, expiry?.kindText, expiry?.kindTextEn, expiry?.amountWon, expiry?.channel],
    ['expiry', '유효기간 만료', 'Expired', 30_000, 'system'],
  )
  assert.deepEqual(
    expiry?.legs.map(({ kindName, amountWon }) => [kindName, amountWon]),
    [['선물', 30_000]],
  )
  assert.equal(expiry?.merchantName, null)
  assert.equal(expiry?.targetId, issue?.operationId)
  assert.equal(issue?.kindText, '충전·지급')
  const { totalWon, nextExpiry } = await wallet()
  assert.deepEqual([totalWon, nextExpiry], [0, null])
})

interface Wallet {
  readonly totalWon: number
  readonly nextExpiry: { expiresAt: string; amountWon: number } | null
}

interface Item {
  readonly operationId: string
  readonly kind: string
  readonly kindText: string
  readonly kindTextEn: string
  readonly channel: string
  readonly amountWon: number
  readonly targetId: string | null
  readonly merchantName: string | null
  readonly legs: readonly { kindName: string; amountWon: number }[]
}
