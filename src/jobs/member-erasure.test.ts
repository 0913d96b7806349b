/** The job that forgets: it carries where it reads on, and ends. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addYears, ERASED } from '../base/base.ts'
import { issuerId } from '../registration/fixtures/registration-bench.ts'
import { openLeavingBench } from '../rights/fixtures/leaving-bench.ts'
import type { JobData } from './job-work.ts'
import { memberErasureJob } from './member-erasure.ts'

async function runs(): Promise<{ steps: number; erased: number; name: string | undefined }> {
  const bench = await openLeavingBench()
  await bench.leave()
  let erased = 0
  const job = memberErasureJob({
    rights: bench.deps,
    onErased: (step) => (erased += step.erased),
  })
  const now = addYears(bench.time.now, 5)
  let data: JobData = {}
  for (let steps = 1; steps < 50; steps += 1) {
    const { done, carry } = await job.work(issuerId, data, now)
    data = { ...data, ...carry }
    if (!done) continue
    const account = await bench.registration.member(issuerId, bench.memberId)
    return { steps, erased, name: account?.member.name }
  }
  return assert.fail('the job does not end')
}

test('it forgets whoever left long enough ago, a bounded piece a step, and ends', async () => {
  const { steps, erased, name } = await runs()
  assert.equal(name, ERASED)
  assert.ok(steps > 2, `${steps} steps`)
  // Three consents and the member.
  assert.equal(erased, 4)
})

test('with nobody to forget it ends at once', async () => {
  const bench = await openLeavingBench()
  const job = memberErasureJob({ rights: bench.deps })
  assert.deepEqual(await job.work(issuerId, {}, bench.time.now), {
    done: true,
    carry: { before: null },
  })
})
