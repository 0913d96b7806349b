import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { freePort, isPortFree, requireFreePort } from './free-port.ts'

test('a port in use is named together with the variable that sets it', async (t) => {
  const port = await freePort()
  await requireFreePort({ port, variable: 'PORT' })
  const server = createServer().listen(port, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  assert.equal(await isPortFree(port), false)
  await assert.rejects(requireFreePort({ port, variable: 'PORT' }), {
    name: 'StartupProblem',
    message: `port ${port} is in use by another program: stop that program or set PORT to a free port`,
  })
})

test('a port that was given out is spoken for, by a token that leaves it free to listen on', async () => {
  const port = await freePort()
  assert.ok(await isPortFree(port))
  const another = createSocket('udp4')
  const refused = once(another, 'error')
  another.bind({ port, address: '127.0.0.1', exclusive: true })
  const [error] = await refused
  assert.equal(error.code, 'EADDRINUSE')
  another.close()
})
