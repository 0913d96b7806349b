// temporary
import { readFile, writeFile, readdir } from 'node:fs/promises'
import { startProduct } from '../test/running-product.ts'
import { openLoader } from './card-loader.ts'
import { gatewayStatus } from './card-gateway.ts'
const product = await startProduct({ environment: { DURE_CARD_CROWD: '20000', DURE_LOG_LEVEL: 'silent', DURE_LIMITS: 'lifted' } })
const g = product.gateways[0]!
for (;;) { const s = await gatewayStatus(product.dataDirectory, g.controlUrl); if (s.feed.state === 'following' && s.feed.cards > 20000) break; await new Promise(r => setTimeout(r, 300)) }
await new Promise(r => setTimeout(r, Number(process.env['SETTLE'] ?? 35_000)))
const core = await product.corePid(), gw = await product.gatewayPid('gateway-a'), gwb = await product.gatewayPid('gateway-b'), pg = await product.postgresPid()
async function cpu(pid: number) { const s = (await readFile(`/proc/${pid}/stat`, 'utf8')); const f = s.slice(s.lastIndexOf(')') + 2).split(' '); return (Number(f[11]) + Number(f[12])) * 10 }
async function pgCpu() { let sum = 0; for (const d of await readdir('/proc')) if (/^\d+$/.test(d)) { try { const s = await readFile(`/proc/${d}/stat`, 'utf8'); const f = s.slice(s.lastIndexOf(')') + 2).split(' '); if (Number(f[1]) === pg || Number(d) === pg) sum += (Number(f[11]) + Number(f[12])) * 10 } catch {} } return sum }
const links = Number(process.env['LINKS'] ?? 1)
const loader = await openLoader({ dataDirectory: product.dataDirectory, links, cards: 20000, address: g.links['hanbit']! })
async function connect(pid: number) {
  process.kill(pid, 'SIGUSR1'); await new Promise(r => setTimeout(r, 1500))
  const list = await (await fetch('http://127.0.0.1:9229/json')).json() as any; const ws = new WebSocket(list[0].webSocketDebuggerUrl)
  await new Promise(r => ws.onopen = r as any); let id = 0; const pend = new Map<number, any>(); ws.onmessage = m => { const d = JSON.parse(String(m.data)); pend.get(d.id)?.(d.result) }
  const call = (method: string, params = {}) => new Promise<any>(r => { id++; pend.set(id, r); ws.send(JSON.stringify({ id, method, params })) })
  return { start: async () => { await call('Profiler.enable'); await call('Profiler.start') }, stop: async (f: string) => { const r = await call('Profiler.stop'); await writeFile(f, JSON.stringify(r.profile)); ws.close() } }
}
async function phase(name: string, order: any, prof?: number) {
  const p = prof ? await connect(prof) : undefined; await p?.start()
  const a = [await cpu(core), await cpu(gw), await pgCpu(), await cpu(gwb)]
  const f = await loader.send(order)
  const b = [await cpu(core), await cpu(gw), await pgCpu(), await cpu(gwb)]
  await p?.stop(`/tmp/s3/${name}.cpuprofile`)
  const d = b.map((x, i) => ((x - a[i]!) / f.answered).toFixed(3))
  console.log(name, Math.round(f.perSecond) + '/s', 'p50', f.p50.toFixed(1), 'p99', f.p99.toFixed(1), 'max', f.max.toFixed(0), 'cpu ms per message: core', d[0], 'gateway', d[1], 'postgres', d[2], 'gateway-b', d[3], JSON.stringify(f.verdicts), 'load', (await readFile('/proc/loadavg', 'utf8')).split(' ')[0])
}
const only = process.env['PHASES'] ?? 'warm,pay,offered,payprof,gwprof,standin'
try {
  const has = (x: string) => only.split(',').includes(x)
  if (has('warm')) await phase('warm', { kind: 'pay', underWay: 64, seconds: 3 })
  if (has('echo')) await phase('echo', { kind: 'echo', underWay: 256, seconds: 4 })
  if (has('pay')) await phase('pay', { kind: 'pay', underWay: 256, seconds: 6 })
  if (has('offered')) await phase('offered', { kind: 'offered', perSecond: Number(process.env['RATE'] ?? 500), seconds: 6 })
  if (has('payprof')) await phase('payprof', { kind: 'pay', underWay: 256, seconds: 8 }, core)
  if (has('offprof')) await phase('offprof', { kind: 'offered', perSecond: Number(process.env['RATE'] ?? 500), seconds: 12 }, core)
  if (has('offered100')) await phase('offered100', { kind: 'offered', perSecond: 100, seconds: 6 })
  if (has('standin')) {
    process.kill(core, 'SIGSTOP')
    for (;;) { await loader.send({ kind: 'pay', underWay: 32, seconds: 0.2 }); if ((await gatewayStatus(product.dataDirectory, g.controlUrl)).core === 'not_asked') break; await new Promise(r => setTimeout(r, 50)) }
    await phase('standin', { kind: 'offered', perSecond: 400, seconds: 6 })
    await phase('standinprof', { kind: 'offered', perSecond: 400, seconds: 6 }, gw)
    process.kill(core, 'SIGCONT')
    await new Promise(r => setTimeout(r, 15000))
  }
  if (has('gwprof')) await phase('gwprof', { kind: 'pay', underWay: 256, seconds: 8 }, gw)
} finally { process.kill(core, 'SIGCONT'); await loader.stop(); await product.stop() }
