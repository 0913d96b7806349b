/** What gateways say of themselves: those that answer, those that do not, and a machine that has none. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import { readGatewayReports } from './gateway-reports.ts'
import { writeRunning } from './running.ts'

const TOKEN = 'control-token'
const status = {
  core: 'asked',
  orders: [],
  feed: { state: 'following', lagMs: 12, cards: 3, wallets: 3 },
  store: { state: 'writable' },
  waiting: { notices: 0, oldestAt: null },
  exposure: { nowWon: 0, maxWon: 0, boundWon: 300_000 },
  counts: {},
  partners: [],
}
const answers: Readonly<Record<string, string>> = {
  '/good/status': JSON.stringify(status),
  '/odd/status': JSON.stringify({ ...status, core: 'asleep' }),
  '/text/status': 'hello',
}
const server = createServer((request, response) => {
  const isAllowed = request.headers.authorization === `Bearer ${TOKEN}`
  const body = answers[request.url ?? '']
  response.writeHead(isAllowed && body !== undefined ? 200 : 401)
  response.end(body)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
const base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
after(() => {
  server.close()
  server.closeAllConnections()
})

test('each gateway has a report, and one that does not say how it is has no status', async (t) => {
  const dataDirectory = await scratchDirectory(t)
  assert.deepEqual(await readGatewayReports(dataDirectory, TOKEN), [])
  const urls = {
    good: `${base}/good`,
    odd: `${base}/odd`,
    text: `${base}/text`,
    gone: 'http://127.0.0.1:1',
  }
  await writeRunning(dataDirectory, {
    dataDirectory,
    coreUrl: base,
    identityUrl: base,
    bankUrl: base,
    edgeUrl: base,
    auditUrl: base,
    companyUrls: {},
    deskUrl: base,
    gateways: Object.entries(urls).map(([name, controlUrl]) => ({ name, controlUrl, links: {} })),
  })
  const reports = await readGatewayReports(dataDirectory, TOKEN)
  assert.deepEqual(
    reports.map(({ name, status: said }) => [name, said?.core ?? null]),
    [
      ['good', 'asked'],
      ['odd', null],
      ['text', null],
      ['gone', null],
    ],
  )
  const [refused] = await readGatewayReports(dataDirectory, 'another token')
  assert.equal(refused?.status, null)
})
