/** Numbers that monitoring reads (Prometheus text format). No label holds an id: their number must stay small. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  /** @param route its template, such as `/v1/issuers/:issuerCode/payments` */
  requestAnswered(facts: {
    readonly method: string
    readonly route: string
    readonly status: number
    readonly durationMs: number
  }): void
  /** @param outcome `approved`, a decline reason or a fault code */
  paymentAnswered(facts: { readonly channel: string; readonly outcome: string }): void
  ledgerPosted(facts: { readonly size: number; readonly waitMs: number }): void
  /** @param job its name; there are a few @param outcome `done`, `tried_again`, `failed` */
  jobRun(facts: { readonly job: string; readonly outcome: string }): void
  /** A number that is asked for when monitoring reads, such as open streams or the lag of the seal. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void
  readonly mediaType: string
  text(): Promise<string>
}

const SECOND_MS = 1000
/** In seconds: from a posting that finds the ledger idle to a bank that is slow. */
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'dure_http_request_duration_seconds',
    help: 'From the first byte of a request to the last of its answer, by route template',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_BUCKETS,
    registers,
  })
  const payments = new Counter({
    name: 'dure_payments_total',
    help: 'Payments answered, by channel and outcome',
    labelNames: ['channel', 'outcome'],
    registers,
  })
  const batchSize = new Histogram({
    name: 'dure_ledger_batch_size',
    help: 'Requests posted in one set',
    buckets: BATCH_BUCKETS,
    registers,
  })
  const batchWait = new Histogram({
    name: 'dure_ledger_batch_wait_seconds',
    help: 'How long a request waited for its set to be posted',
    buckets: REQUEST_BUCKETS,
    registers,
  })
  const jobRuns = new Counter({
    name: 'dure_job_runs_total',
    help: 'Runs of jobs that ended, and attempts that failed, by job and outcome',
    labelNames: ['job', 'outcome'],
    registers,
  })
  return {
    requestAnswered({ method, route, status, durationMs }) {
      requests.observe({ method, route, status }, durationMs / SECOND_MS)
    },
    paymentAnswered: (facts) => payments.inc({ ...facts }),
    ledgerPosted({ size, waitMs }) {
      batchSize.observe(size)
      batchWait.observe(waitMs / SECOND_MS)
    },
    jobRun: (facts) => jobRuns.inc({ ...facts }),
    gauge(name, help, read) {
      const gauge: Gauge = new Gauge({
        name,
        help,
        registers,
        async collect() {
          gauge.set(await read())
        },
      })
    },
    mediaType: registry.contentType,
    text: () => registry.metrics(),
  }
}
