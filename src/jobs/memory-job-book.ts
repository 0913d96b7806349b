/** The book of jobs in memory: for simulations and tests, and the specification of the one in PostgreSQL. */
import type { Instant } from '../base/base.ts'
import type { Job, JobBook, JobName } from './job-book.ts'

type JobPlace = Pick<Job, 'issuerId' | 'name' | 'key'>

const FRESH = {
  state: 'waiting',
  attempts: 0,
  carried: {},
  progress: null,
  startedAt: null,
  steppedAt: null,
  endedAt: null,
} as const

export function createMemoryJobBook(): JobBook {
  const jobs = new Map<string, Job>()
  const put = (job: Job): void => void jobs.set(placeOf(job), job)
  const sorted = (): Job[] => [...jobs.values()].toSorted(byPlace)

  return {
    async makeDue(name, issuerIds, dueAt) {
      let behind = 0
      for (const issuerId of issuerIds) {
        const place = { issuerId, name, key: '' }
        const known = jobs.get(placeOf(place))
        if (known === undefined) {
          put({ ...place, ...FRESH, data: {}, dueAt, error: null, failedAt: null })
        } else if (known.dueAt < dueAt) {
          if (known.endedAt === null) behind += 1
          else put({ ...known, ...FRESH, dueAt })
        }
      }
      return behind
    },
    async order(ordered, at) {
      const known = jobs.get(placeOf(ordered))
      if (known !== undefined) return isSame(known.data, ordered.data) ? 'known' : 'other'
      put({ ...ordered, ...FRESH, dueAt: at, error: null, failedAt: null })
      return 'new'
    },
    async unended(failedBefore) {
      const names = new Map<string, JobName>()
      for (const job of sorted().filter((each) => isUnended(each, failedBefore))) {
        const { issuerId, name } = job
        names.set(placeOf({ issuerId, name, key: '' }), { issuerId, name })
      }
      return [...names.values()]
    },
    async begin({ issuerId, name }, { at, failedBefore }) {
      const [job] = sorted()
        .filter((each) => each.issuerId === issuerId && each.name === name)
        .filter((each) => isUnended(each, failedBefore))
        .toSorted((one, other) => one.dueAt - other.dueAt)
      if (job === undefined) return undefined
      const isAgain = job.state === 'failed'
      const attempts = isAgain ? 1 : job.attempts + 1
      const startedAt = job.startedAt ?? at
      const begun = { ...job, state: 'running', attempts, startedAt, endedAt: null } as const
      put(begun)
      return begun
    },
    ...reporting(jobs),
    async jobs(issuerId, { state, after, limit }) {
      return sorted()
        .filter((job) => issuerId === undefined || job.issuerId === issuerId)
        .filter((job) => state === undefined || job.state === state)
        .filter((job) => after === undefined || byPlace(job, after) > 0)
        .slice(0, limit)
    },
  }
}

function reporting(jobs: Map<string, Job>): Pick<JobBook, 'step' | 'fail'> {
  /** The row of a run, while it is under way. */
  const running = ({ dueAt, ...place }: Job): Job | undefined => {
    const job = jobs.get(placeOf(place))
    return job?.state === 'running' && job.dueAt === dueAt ? job : undefined
  }
  const put = (job: Job): void => void jobs.set(placeOf(job), job)
  return {
    async step(job, { done, progress, carry }, at) {
      const known = running(job)
      if (known === undefined) return
      put({
        ...known,
        state: done ? 'done' : 'running',
        attempts: 0,
        carried: carry ?? known.carried,
        progress: progress ?? known.progress,
        steppedAt: at,
        endedAt: done ? at : null,
      })
    },
    async fail(job, { error, isFinal, at }) {
      const known = running(job)
      if (known === undefined) return
      const state = isFinal ? 'failed' : 'running'
      put({ ...known, state, endedAt: isFinal ? at : null, error, failedAt: at })
    },
  }
}

function isUnended({ state, key, failedAt }: Job, failedBefore: Instant): boolean {
  if (state === 'failed') return key !== '' && failedAt !== null && failedAt <= failedBefore
  return state !== 'done'
}

function placeOf({ issuerId, name, key }: JobPlace): string {
  return JSON.stringify([issuerId, name, key])
}

/** By issuer, then by name and key as the database orders bytes. */
function byPlace(one: JobPlace, other: JobPlace): number {
  if (one.issuerId !== other.issuerId) return one.issuerId - other.issuerId
  if (one.name !== other.name) return one.name < other.name ? -1 : 1
  if (one.key === other.key) return 0
  return one.key < other.key ? -1 : 1
}

function isSame(one: Job['data'], other: Job['data']): boolean {
  const text = (data: Job['data']): string =>
    JSON.stringify(Object.entries(data).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return text(one) === text(other)
}
