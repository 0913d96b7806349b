import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { id, parseId, won } from '../base/base.ts'
import { waitUntil } from '../main/bounded-wait.ts'
import { createMetrics } from '../observe/observe.ts'
import type { EdgeStatus, StandInOrder } from '../standin/standin.ts'
import { openWorld, payment, type GatewayWorld } from './fixtures/gateway-world.ts'
import { createPeerLink, openControlDoor, readStandInNotes, type ControlDoor } from './gateway.ts'

const TOKEN = 'the token of this test'
const NOW = Date.parse('2026-11-22T10:00:00Z')
const orders: StandInOrder[] = []
const notes: unknown[] = []
const metrics = createMetrics()
let world: GatewayWorld
let door: ControlDoor

before(async () => {
  world = await openWorld({})
  door = await openControlDoor({
    name: 'gateway-a',
    port: 0,
    token: TOKEN,
    gateway: world.gateway,
    desk: { status, order: async (order) => void orders.push(order) },
    partnerOf: (code) => (code === 'hanbit' ? id('prt', 1) : undefined),
    issuerOf: (text) => parseId('iss', text),
    heard: async (told) => void notes.push(...told),
    metrics,
    clock: () => NOW,
    log: world.log,
  })
})
after(async () => {
  await door.close()
  await world.close()
})

test('nobody is let in without the token', async () => {
  const given = [undefined, 'Bearer', 'Bearer wrong', TOKEN, `bearer ${TOKEN}`]
  for (const authorization of given) {
    const response = await fetch(`${door.url}/status`, {
      headers: authorization === undefined ? {} : { authorization },
    })
    assert.equal(response.status, 401)
    assert.doesNotMatch(await response.text(), /gateway-a/)
  }
  assert.equal((await post('/standin', { mode: 'forced' }, 'wrong')).status, 401)
  assert.deepEqual(orders, [])
})

test('the status tells of the desk and of every link', async () => {
  const link = await world.dial('hanbit')
  await link.send(payment('hanbit'), { withinMs: 5_000 })
  const { status: code, body } = await get('/status')
  assert.equal(code, 200)
  assert.equal(body['name'], 'gateway-a')
  assert.equal(body['startedAt'], NOW)
  assert.deepEqual(body['exposure'], { nowWon: 5_000, maxWon: 9_000, boundWon: 1_000_000 })
  const [hanbit, narae] = world.gateway.report()
  assert.equal(hanbit?.links[0]?.phase, 'signed_on')
  const told = JSON.parse(JSON.stringify(body['partners']))
  assert.equal(told[0].links[0].counts.answered, 1)
  assert.equal(told[1].port, narae?.port)
  await link.close()
})

test('an operator forces and forbids stand-in, for a partner, an issuer, or both', async () => {
  const by = { by: 'officer Lee', reason: 'planned work' }
  const done = await post('/standin', {
    ...by,
    mode: 'forbidden',
    partner: 'hanbit',
    issuer: 'iss_2',
  })
  assert.equal(done.status, 200)
  await post('/standin', { ...by, mode: 'automatic' })
  assert.deepEqual(orders, [
    { ...by, mode: 'forbidden', partnerId: id('prt', 1), issuerId: id('iss', 2), at: NOW },
    { ...by, mode: 'automatic', at: NOW },
  ])
  await world.logged('control.ordered', { mode: 'forbidden', by: 'officer Lee' })
  orders.length = 0
})

test('an order that is not clear is refused', async () => {
  const by = { by: 'officer Lee', reason: 'planned work' }
  const refused: readonly (readonly [number, unknown])[] = [
    [400, { ...by, mode: 'sometimes' }],
    [400, { mode: 'forced', by: 'officer Lee' }],
    [400, { ...by, mode: 'forced', partners: 'hanbit' }],
    [400, []],
    [404, { ...by, mode: 'forced', partner: 'nobody' }],
    [404, { ...by, mode: 'forced', issuer: 'Gunsan' }],
  ]
  for (const [code, body] of refused) assert.equal((await post('/standin', body)).status, code)
  assert.equal((await send('/standin', 'not JSON')).status, 400)
  assert.equal((await send('/standin', `"${'x'.repeat(1_100_000)}"`)).status, 413)
  assert.equal((await post('/elsewhere', {})).status, 404)
  assert.deepEqual(orders, [])
})

test('an operator signs a partner off and lets it sign on again, and changes keys', async () => {
  const by = { by: 'officer Lee', reason: 'the partner asked' }
  const link = await world.dial('hanbit')
  assert.equal((await post('/links/hanbit/key-change', by)).status, 200)
  assert.ok(link.report().counts.key_changes >= 1)
  const off = await post('/links/hanbit/sign-off', by)
  assert.equal(off.body['signedOff'], true)
  assert.ok(await waitUntil(() => link.phase() === 'closed', { timeoutMs: 5_000 }))
  await assert.rejects(world.dial('hanbit'))
  assert.equal((await post('/links/hanbit/sign-on', by)).body['signedOff'], false)
  await (await world.dial('hanbit')).close()
  assert.equal((await post('/links/nobody/sign-off', by)).status, 404)
  assert.equal((await post('/links/hanbit/explode', by)).status, 404)
  assert.equal((await post('/links/hanbit/sign-off', {})).status, 400)
})

test('a peer tells its notes, and hears whether they were taken', async () => {
  const note = {
    issuerId: id('iss', 1),
    walletId: id('wlt', 7),
    saleKey: 'prt_1/11/T1/000001/2026-11-22/financial',
    decidedAt: NOW,
    day: '2026-11-22',
    netWon: won(5_000),
    tenders: [{ programId: id('prg', 1), kind: 'purchase' }],
  }
  const { peer, close } = createPeerLink({ url: door.url, token: TOKEN, timeoutMs: 5_000 })
  const read = readStandInNotes({ notes: [note, { ...note, takenAt: NOW }] })
  assert.ok(read !== undefined)
  await peer.tell(read)
  assert.deepEqual(notes, [note, { ...note, takenAt: NOW }])
  close()
  const nonsense: readonly object[] = [
    { ...note, netWon: -1 },
    { ...note, netWon: 1e15 },
    { ...note, day: '2026-02-30' },
    { ...note, tenders: [{ programId: 0, kind: 'purchase' }] },
    { ...note, tenders: [{ programId: 1, kind: 'gold' }] },
    { ...note, walletId: 1.5 },
  ]
  for (const one of nonsense) assert.equal(readStandInNotes({ notes: [one] }), undefined)
  assert.equal((await post('/peer', { notes: nonsense })).status, 400)
  const stranger = createPeerLink({ url: door.url, token: 'wrong', timeoutMs: 5_000 })
  await assert.rejects(stranger.peer.tell(read), /401/)
  stranger.close()
})

test('numbers are given as Prometheus reads them', async () => {
  metrics.paymentAnswered({ channel: 'card', outcome: 'approved' })
  const response = await fetch(`${door.url}/metrics`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  })
  assert.match(
    await response.text(),
    /^dure_payments_total\{channel="card",outcome="approved"\} 1$/m,
  )
})

interface Told {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

async function get(path: string): Promise<Told> {
  const headers = { authorization: `Bearer ${TOKEN}` }
  const response = await fetch(`${door.url}${path}`, { headers })
  return { status: response.status, body: JSON.parse(await response.text()) }
}

function post(path: string, body: unknown, token = TOKEN): Promise<Told> {
  return send(path, JSON.stringify(body), token)
}

async function send(path: string, body: string, token = TOKEN): Promise<Told> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const response = await fetch(`${door.url}${path}`, { method: 'POST', headers, body })
  return { status: response.status, body: JSON.parse(await response.text()) }
}

function status(): EdgeStatus {
  return {
    core: 'asked',
    orders,
    feed: { state: 'following', lagMs: 12, cards: 3, wallets: 3 },
    store: { state: 'writable' },
    waiting: { notices: 0, oldestAt: null },
    exposure: { nowWon: won(5_000), maxWon: won(9_000), boundWon: won(1_000_000) },
    counts: {},
  }
}
