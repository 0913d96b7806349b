/** The jobs of rooms that answer requests too. */
import type { Granting } from '../granting/granting.ts'
import { caseTimerJobs, merchantTimersJob, type JobDefinition } from '../jobs/jobs.ts'
import type { Log } from '../observe/observe.ts'
import type { MerchantDesk, RecordDirectory, ReportDesk } from '../registration/registration.ts'
import { grantingJobs } from './granting-side.ts'

export function roomJobs(
  rooms: {
    readonly merchantDesk: MerchantDesk
    readonly reportDesk: ReportDesk
    readonly granting: Granting
    readonly memberJobs: readonly JobDefinition[]
  },
  { directory, log }: { readonly directory: RecordDirectory; readonly log: Log },
): readonly JobDefinition[] {
  return [
    merchantTimersJob({ directory, desk: rooms.merchantDesk }),
    ...rooms.memberJobs,
    ...grantingJobs(rooms.granting, log),
    ...caseTimerJobs(rooms.reportDesk),
  ]
}
