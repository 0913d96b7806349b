import { openTestDoor } from '/work/main/src/http/fixtures/test-door.ts'
import { createSessions } from '/work/main/src/http/session.ts'
import { Type } from '/work/main/node_modules/typebox/build/index.mjs'
import { createPublicKey, verify, createHash, hash } from 'node:crypto'
import { jwtVerify, EmbeddedJWK, importJWK, calculateJwkThumbprint } from '/work/main/node_modules/jose/dist/webapi/index.js'
const door = await openTestDoor({ routes: ({app}) => { app.get('/v1/own', {schema:{response:{200: Type.Object({a: Type.String()})}}}, async () => ({a:'x'})); app.get('/v1/echo', {config:{open:true}, schema:{response:{200: Type.Object({a: Type.String()})}}}, async () => ({a:'x'})) } })
const sessions = createSessions(door.deps)
const N = 3000
const cpu = async (name: string, n: number, f: (i: number) => unknown) => {
  for (let i = 0; i < Math.min(300, n / 10); i++) { const r = f(i); if (r && typeof (r as any).then === "function") await r }
  const c = process.cpuUsage(), t = performance.now()
  for (let i = Math.min(300, n / 10); i < n; i++) { const r = f(i); if (r && typeof (r as any).then === "function") await r }
  const u = process.cpuUsage(c), w = performance.now() - t
  const m = n - Math.min(300, n / 10)
  console.log(name.padEnd(46), 'cpu', ((u.user + u.system) / m).toFixed(1), 'us; wall', (w * 1000 / m).toFixed(1), 'us')
}
for (const alg of ['ES256', 'EdDSA'] as const) {
  const device = await door.device(alg)
  const s = await door.signIn('person-member', device)
  const make = () => Promise.all(Array.from({ length: N }, () => device.proof({ method: 'GET', path: '/v1/own', token: s.accessToken })))
  const proofs = await make()
  const authorization = 'DPoP ' + s.accessToken
  await cpu(alg + ' authenticate, fresh proof, cached token', N, (i) => sessions.authenticate({ method: 'GET', url: '/v1/own', host: 'localhost:80', proof: proofs[i], authorization }))
  const key = createPublicKey({ key: device.jwk as any, format: 'jwk' })
  const parts = proofs[0]!.split('.'); const data = Buffer.from(parts[0] + '.' + parts[1]); const sig = Buffer.from(parts[2]!, 'base64url')
  await cpu(alg + ' node:crypto verify alone', N, () => alg === 'ES256' ? verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, sig) : verify(null, data, key, sig))
  await cpu(alg + ' createPublicKey(jwk)', N, () => createPublicKey({ key: device.jwk as any, format: 'jwk' }))
  const imported = await importJWK(device.jwk, alg)
  await cpu(alg + ' jose jwtVerify, imported key', N, (i) => jwtVerify(proofs[i]!, imported, { typ: 'dpop+jwt', currentDate: new Date(door.now) }))
  await cpu(alg + ' jose jwtVerify, EmbeddedJWK', N, (i) => jwtVerify(proofs[i]!, EmbeddedJWK, { typ: 'dpop+jwt', currentDate: new Date(door.now) }))
  const more = await make()
  await cpu(alg + ' app.inject GET with session', N, (i) => door.app.inject({ url: '/v1/own', headers: { authorization, dpop: more[i]! } }))
}
await cpu('app.inject open GET', N, () => door.app.inject({ url: '/v1/echo' }))
await cpu('app.inject healthz', N, () => door.app.inject({ url: '/healthz' }))
