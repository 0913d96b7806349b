/** What of batches, their lines and of appeals leaves the house. No name and no telephone does. */
import { Type, type Static } from 'typebox'
import { formatId, type IssuerId, type MemberId } from '../../base/base.ts'
import {
  lineReasons,
  lineStates,
  type Appeal,
  type LineReason,
  type LineState,
  type StipendBatch,
  type StoredLine,
} from '../../granting/granting.ts'
import type { IssuingDirectory } from '../../issuing/issuing.ts'
import { appealGrounds, appealStates, batchStates } from '../../registration/registration.ts'
import {
  instantOrNull,
  instantSchema,
  instantText,
  operationIdSchema,
  type Words,
} from '../door.ts'
import { idOut, nullable, programNames, wonOut, wordOut } from './views.ts'

const countsBy = (description: string) =>
  Type.Record(Type.String(), Type.Integer(), { description })

const checkSchema = Type.Object({
  at: instantSchema,
  lines: countsBy('Lines by state and reason, such as `waiting:not_member`'),
  sumsWon: countsBy('Won by state and reason'),
  fundedWon: countsBy('What all that is ready would cost each funder'),
  lackingWon: countsBy('What a funder’s pot lacks for it'),
})

export const batchOf = {
  batchId: idOut,
  programId: idOut,
  programName: Type.String(),
  round: Type.String(),
  state: wordOut(batchStates),
  sha256: Type.String({ description: 'Of the file, in hex' }),
  lines: Type.Integer(),
  totalWon: Type.Integer(),
  uploadedBy: idOut,
  uploadedAt: instantSchema,
  check: nullable(checkSchema),
  proposedBy: nullable(idOut),
  approvedBy: nullable(idOut),
  approvedAt: nullable(instantSchema),
  joinUntil: nullable(instantSchema),
  appealUntil: nullable(instantSchema),
  reason: nullable(Type.String()),
  closedAt: nullable(instantSchema),
}
export const batchSchema = Type.Object(batchOf)

export function batchView(
  issuing: Pick<IssuingDirectory, 'program'>,
  batch: StipendBatch,
): Static<typeof batchSchema> {
  const { issuerId, batchId, programId, round, state, sha256, lines, totalWon, check } = batch
  return {
    batchId: formatId('stb', batchId),
    ...programOf(issuing, issuerId, programId),
    round,
    state,
    sha256,
    lines,
    totalWon,
    uploadedBy: batch.uploadedBy,
    uploadedAt: instantText(batch.uploadedAt),
    check: check === null ? null : checkView(check),
    proposedBy: batch.proposedBy,
    approvedBy: batch.approvedBy,
    approvedAt: instantOrNull(batch.approvedAt),
    joinUntil: instantOrNull(batch.joinUntil),
    appealUntil: instantOrNull(batch.appealUntil),
    reason: batch.reason,
    closedAt: instantOrNull(batch.closedAt),
  }
}

function checkView(check: NonNullable<StipendBatch['check']>): Static<typeof checkSchema> {
  const { at, lines, sumsWon, fundedWon, lackingWon } = check
  return {
    at: instantText(at),
    lines: { ...lines },
    sumsWon: { ...sumsWon },
    fundedWon: { ...fundedWon },
    lackingWon: { ...lackingWon },
  }
}

export function programOf(
  issuing: Pick<IssuingDirectory, 'program'>,
  issuerId: IssuerId,
  programId: StipendBatch['programId'],
): { programId: string; programName: string } {
  const { programNameEn: _notShown, ...names } = programNames(issuing, issuerId, programId)
  return names
}

export const lineSchema = Type.Object({
  lineNumber: Type.Integer(),
  reference: Type.String(),
  amountWon: wonOut,
  state: wordOut(lineStates),
  reason: nullable(wordOut(lineReasons)),
  memberId: nullable(idOut),
  text: Type.String(),
  textEn: Type.String(),
})

export function lineView(line: StoredLine): Static<typeof lineSchema> {
  const { lineNumber, reference, amountWon, state, reason, memberId } = line
  const words = lineWords(line)
  return {
    lineNumber,
    reference,
    amountWon,
    state,
    reason,
    memberId: memberText(memberId),
    text: words.ko,
    textEn: words.en,
  }
}

export function memberText(memberId: MemberId | null): string | null {
  return memberId === null ? null : formatId('mbr', memberId)
}

const stateWords: Readonly<Record<LineState, Words>> = {
  new: { ko: '점검 전', en: 'not looked at yet' },
  ready: { ko: '지급 예정', en: 'ready' },
  waiting: { ko: '보류', en: 'waiting' },
  granted: { ko: '지급됨', en: 'granted' },
  refused: { ko: '제외', en: 'refused' },
  lapsed: { ko: '기간 만료', en: 'lapsed' },
}
const reasonWords: Readonly<Record<LineReason, Words>> = {
  not_member: { ko: '가입한 회원이 없음', en: 'nobody of that name has joined' },
  several_members: { ko: '같은 인적 사항의 회원이 여럿', en: 'several members match' },
  wallet_stopped: { ko: '지갑이 정지됨', en: 'the wallet is stopped' },
  too_young: { ko: '지급 가능 연령 미만', en: 'too young' },
  over_cap: { ko: '보유한도 초과', en: 'would hold more than the cap' },
  member_left: { ko: '탈퇴한 회원', en: 'the member has left' },
  granted_before: { ko: '이 회차에 이미 지급됨', en: 'granted in this round already' },
  reference_used: {
    ko: '다른 지급에 쓰인 대상자번호',
    en: 'the reference was used for another grant',
  },
  declined: { ko: '원장에서 거절됨', en: 'the ledger declined' },
}

export function lineWords({ state, reason }: Pick<StoredLine, 'state' | 'reason'>): Words {
  const { ko, en } = stateWords[state]
  if (reason === null) return { ko, en }
  return { ko: `${ko}: ${reasonWords[reason].ko}`, en: `${en}: ${reasonWords[reason].en}` }
}

export const appealOf = {
  appealId: idOut,
  batchId: idOut,
  ground: wordOut(appealGrounds),
  claimedWon: nullable(wonOut),
  words: Type.String(),
  state: wordOut(appealStates),
  openedAt: instantSchema,
  dueAt: instantSchema,
  amountWon: nullable(wonOut),
  answer: nullable(Type.String()),
  closedAt: nullable(instantSchema),
  operationId: nullable(operationIdSchema),
}
/** What the member reads: no word of an officer before it is the last one. */
export const ownAppealSchema = Type.Object(appealOf)
export const officerAppealSchema = Type.Object({
  ...appealOf,
  memberId: idOut,
  acceptedBy: nullable(idOut),
  decidedBy: nullable(idOut),
})

export function ownAppealView(appeal: Appeal): Static<typeof ownAppealSchema> {
  const isOver = appeal.closedAt !== null
  const { appealId, batchId, ground, claimedWon, words, state, openedAt, dueAt } = appeal
  return {
    appealId: formatId('apl', appealId),
    batchId: formatId('stb', batchId),
    ground,
    claimedWon,
    words,
    state: isOver ? state : 'open',
    openedAt: instantText(openedAt),
    dueAt: instantText(dueAt),
    amountWon: isOver ? appeal.amountWon : null,
    answer: isOver ? appeal.answer : null,
    closedAt: instantOrNull(appeal.closedAt),
    operationId: appeal.operationId,
  }
}

export function officerAppealView(appeal: Appeal): Static<typeof officerAppealSchema> {
  const { state, amountWon, answer, memberId, acceptedBy, decidedBy } = appeal
  return {
    ...ownAppealView(appeal),
    state,
    amountWon,
    answer,
    memberId: formatId('mbr', memberId),
    acceptedBy,
    decidedBy,
  }
}
