/**
 * An identity provider to try the system with: it says that an invented person holds a device. Set up by
 * `PORT` (0 = any), `IDENTITY_PEOPLE` (a JSON file), `IDENTITY_KEY` (an Ed25519 PEM file, made where it
 * is missing) and `IDENTITY_ORIGINS` (web origins that may ask, separated by commas; none by default).
 */
import { randomUUID } from 'node:crypto'
import { openSigner } from './identity-assertion.ts'
import { createIdentityServer } from './identity-server.ts'
import { readPeople } from './people.ts'
import { stopWithParent } from '../src/main/parent-watch.ts'
import { announceReady, failToStart, readPort } from './process-manners.ts'

async function main(): Promise<void> {
  let close = async (): Promise<void> => {}
  stopWithParent(() => close())
  const { IDENTITY_PEOPLE, IDENTITY_KEY, IDENTITY_ORIGINS, PORT } = process.env
  if (!IDENTITY_PEOPLE) throw new Error('IDENTITY_PEOPLE names the file of its people')
  if (!IDENTITY_KEY) throw new Error('IDENTITY_KEY names the file of its signing key')
  const port = readPort(PORT)
  const server = createIdentityServer({
    people: await readPeople(IDENTITY_PEOPLE),
    signer: await openSigner(IDENTITY_KEY),
    clock: () => Date.now(),
    newId: randomUUID,
    origins: (IDENTITY_ORIGINS ?? '').split(',').filter((origin) => origin !== ''),
  })
  close = () => server.close()
  announceReady('identity', await server.listen({ host: '127.0.0.1', port }))
}

main().catch((error: unknown) => failToStart('identity', error))
