/** What of a registration leaves the house. Account numbers leave it masked. */
import { Type, type Static } from 'typebox'
import {
  applicationChecks,
  cancellationReasons,
  documentKinds,
  documentTypes,
  merchantStates,
  revenueClassOf,
  waitingOf,
  type AccountEntry,
  type MerchantLife,
} from '../../acquiring/acquiring.ts'
import { shown, type Role } from '../../access/access.ts'
import { formatId, id } from '../../base/base.ts'
import {
  partyNoticeKinds,
  type MerchantDocument,
  type MerchantFile,
  type PartyNotice,
} from '../../registration/registration.ts'
import { instantOrNull, instantSchema, instantText } from '../door.ts'
import { partyNoticeWords } from './party-notice-words.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

const when = nullable(instantSchema)

export const lifeSchema = Type.Object({
  merchantId: idOut,
  state: wordOut(merchantStates),
  round: Type.Integer({ description: 'Counts applications' }),
  waitingFor: wordOut(['issuer', 'merchant', 'nobody']),
  waitingUntil: when,
  appliedAt: instantSchema,
  decideBy: when,
  /** Since when the days of the decision rest. */
  stoppedAt: when,
  answerBy: when,
  documentsAsked: Type.Array(wordOut(documentKinds)),
  words: nullable(Type.String()),
  suspension: nullable(Type.Object({ reason: Type.String(), from: instantSchema, until: when })),
  cancellation: nullable(
    Type.Object({
      reason: wordOut(cancellationReasons),
      words: Type.String(),
      noticedAt: instantSchema,
      objectUntil: instantSchema,
      objection: nullable(Type.String()),
      objectedAt: when,
      cancelledAt: when,
      barredUntil: when,
    }),
  ),
  registeredAt: when,
  validUntil: when,
  endedAt: when,
  revenueAskedAt: when,
  revenues: Type.Array(
    Type.Object({
      from: Type.String({ description: 'The first Korean day on which it counts' }),
      annualRevenueWon: wonOut,
      revenueClass: Type.String(),
    }),
  ),
})

export function lifeView(merchantId: string, life: MerchantLife): Static<typeof lifeSchema> {
  const { state, round, words, suspension, cancellation } = life
  const { forWhom, until } = waitingOf(life)
  return {
    merchantId,
    state,
    round,
    waitingFor: forWhom,
    waitingUntil: instantOrNull(until),
    appliedAt: instantText(life.appliedAt),
    decideBy: instantOrNull(life.decideBy),
    stoppedAt: instantOrNull(life.stoppedAt),
    answerBy: instantOrNull(life.answerBy),
    documentsAsked: [...life.documentsAsked],
    words,
    suspension: suspension && {
      reason: suspension.reason,
      from: instantText(suspension.from),
      until: instantOrNull(suspension.until),
    },
    cancellation: cancellation && {
      reason: cancellation.reason,
      words: cancellation.words,
      noticedAt: instantText(cancellation.noticedAt),
      objectUntil: instantText(cancellation.objectUntil),
      objection: cancellation.objection,
      objectedAt: instantOrNull(cancellation.objectedAt),
      cancelledAt: instantOrNull(cancellation.cancelledAt),
      barredUntil: instantOrNull(cancellation.barredUntil),
    },
    registeredAt: instantOrNull(life.registeredAt),
    validUntil: instantOrNull(life.validUntil),
    endedAt: instantOrNull(life.endedAt),
    revenueAskedAt: instantOrNull(life.revenueAskedAt),
    revenues: life.revenues.map(({ from, annualRevenueWon }) => ({
      from,
      annualRevenueWon,
      revenueClass: revenueClassOf(annualRevenueWon),
    })),
  }
}

export const documentSchema = Type.Object({
  documentId: idOut,
  kind: wordOut(documentKinds),
  mediaType: wordOut(documentTypes),
  name: Type.String(),
  sizeBytes: Type.Integer(),
  sha256: Type.String(),
  uploadedAt: instantSchema,
})

export function documentView(document: MerchantDocument): Static<typeof documentSchema> {
  const { documentId, documentKind, mediaType, name, sizeBytes, sha256, uploadedAt } = document
  return {
    documentId: formatId('doc', id('doc', documentId)),
    kind: documentKind,
    mediaType,
    name,
    sizeBytes,
    sha256,
    uploadedAt: instantText(uploadedAt),
  }
}

const results = Object.fromEntries(
  applicationChecks.map((check) => [check, wordOut(['passed', 'failed', 'unchecked'])]),
)

export const fileSchema = Type.Object({
  ...lifeSchema.properties,
  checks: Type.Object(results),
  documentsMissing: Type.Array(Type.String()),
  barredUntil: when,
  documents: Type.Array(documentSchema),
})

export function fileView(file: MerchantFile): Static<typeof fileSchema> {
  return {
    ...lifeView(formatId('mrc', file.merchant.merchantId), file.life),
    checks: { ...file.checked.results },
    documentsMissing: [...file.checked.documentsMissing],
    barredUntil: instantOrNull(file.barredUntil),
    documents: file.documents.map(documentView),
  }
}

/** The number by its last four digits, the holder by first and last letter. */
export const accountSchema = Type.Object({
  from: Type.String({ description: 'The first Korean day whose settlement is paid there' }),
  payee: wordOut(['own', 'agent']),
  bankCode: nullable(Type.String()),
  accountNumber: nullable(Type.String({ description: 'Masked' })),
  holderName: nullable(Type.String({ description: 'Masked' })),
  agentId: nullable(idOut),
})

export function accountView(
  viewer: Role,
  { from, payee }: AccountEntry,
): Static<typeof accountSchema> {
  if (payee.kind === 'agent') {
    const agentId = formatId('mrc', payee.agentId)
    return { from, payee: 'agent', bankCode: null, accountNumber: null, holderName: null, agentId }
  }
  return {
    from,
    payee: 'own',
    bankCode: payee.bankCode,
    accountNumber: shown(viewer, 'accountNumber', payee.accountNumber),
    holderName: shown(viewer, 'accountHolder', payee.holderName),
    agentId: null,
  }
}

export const partyNoticeSchema = Type.Object({
  noticeId: idOut,
  kind: wordOut(partyNoticeKinds),
  merchantId: nullable(idOut),
  at: instantSchema,
  text: Type.String(),
  textEn: Type.String(),
  facts: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
})

export function partyNoticeView(notice: PartyNotice): Static<typeof partyNoticeSchema> {
  const { recordId, partyNoticeKind, merchantId, at, facts } = notice
  const words = partyNoticeWords(notice)
  return {
    noticeId: formatId('cas', id('cas', recordId)),
    kind: partyNoticeKind,
    merchantId: merchantId === null ? null : formatId('mrc', merchantId),
    at: instantText(at),
    text: words.ko,
    textEn: words.en,
    facts: { ...facts },
  }
}
