/** The shape of what belongs to a report or dispute beside its case: who says what, and who has taken it. */
import {
  Bug,
  type CaseId,
  type Instant,
  type MemberId,
  type MerchantId,
  type OfficerId,
  type OperationId,
} from '../base/base.ts'
import {
  idNumber,
  integer,
  list,
  nullable,
  oneOf,
  operation,
  shape,
  text,
  type Reader,
} from './record-shape.ts'
import { reportStages, type ReportStage } from './report-machine.ts'

/** What it is about; each has a desk that is asked first. */
export const reportCategories = {
  payment: 'operator',
  cancellation: 'operator',
  card: 'operator',
  account: 'operator',
  purchase: 'issuer',
  refund: 'issuer',
  stipend: 'issuer',
  settlement: 'issuer',
  merchant_conduct: 'issuer',
  registration: 'issuer',
  other: 'issuer',
} as const satisfies Record<string, 'operator' | 'issuer'>
export type ReportCategory = keyof typeof reportCategories
export const reportCategoryNames = Object.keys(reportCategories) as ReportCategory[] // The table's own keys.

export const reportOutcomes = ['upheld', 'corrected', 'rejected'] as const
export type ReportOutcome = (typeof reportOutcomes)[number]

export type Reporter =
  | { readonly kind: 'member'; readonly memberId: MemberId }
  | { readonly kind: 'merchant'; readonly merchantId: MerchantId }

/** What the reporter has of a file; the file itself is handed over where the desk asks for it. */
export interface Attachment {
  readonly name: string
  readonly mediaType: string
  readonly sizeBytes: number
  /** Hex. */
  readonly sha256: string
}

export interface ReportMessage {
  readonly at: Instant
  readonly from: 'reporter' | 'desk'
  readonly words: string
}

/** The record id is the case's. */
export interface ReportBody {
  readonly reporter: Reporter
  readonly language: 'ko' | 'en'
  readonly category: ReportCategory
  /** The operation that it is about; `null`: none in particular. */
  readonly operationId: OperationId | null
  readonly description: string
  readonly attachments: readonly Attachment[]
  readonly stage: ReportStage
  readonly officerId: OfficerId | null
  readonly outcome: ReportOutcome | null
  readonly messages: readonly ReportMessage[]
  /** Of a dispute: the report whose answer is contested. */
  readonly contests: CaseId | null
  readonly dispute: CaseId | null
}

export interface ReportBodies {
  readonly report: ReportBody
}

const member = shape<Extract<Reporter, { kind: 'member' }>>({
  kind: oneOf(['member']),
  memberId: idNumber<MemberId>(),
})
const merchant = shape<Extract<Reporter, { kind: 'merchant' }>>({
  kind: oneOf(['merchant']),
  merchantId: idNumber<MerchantId>(),
})
const reporter: Reader<Reporter> = (value, path) => {
  const kind: unknown = Reflect.get(Object(value), 'kind')
  if (kind === 'member') return member(value, path)
  if (kind === 'merchant') return merchant(value, path)
  throw new Bug(`${path}.kind is member or merchant`)
}

export const reportReaders: { readonly [Kind in keyof ReportBodies]: Reader<ReportBodies[Kind]> } =
  {
    report: shape<ReportBody>({
      reporter,
      language: oneOf(['ko', 'en']),
      category: oneOf(reportCategoryNames),
      operationId: nullable(operation),
      description: text,
      attachments: list(
        shape<Attachment>({ name: text, mediaType: text, sizeBytes: integer, sha256: text }),
      ),
      stage: oneOf(reportStages),
      officerId: nullable(idNumber<OfficerId>()),
      outcome: nullable(oneOf(reportOutcomes)),
      messages: list(
        shape<ReportMessage>({ at: integer, from: oneOf(['reporter', 'desk']), words: text }),
      ),
      contests: nullable(idNumber<CaseId>()),
      dispute: nullable(idNumber<CaseId>()),
    }),
  }
