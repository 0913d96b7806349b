/** Lists, appeals and taking back, by the use cases of granting; and members who join. */
import { assert, formatId, unreachable, won } from '../../src/base/base.ts'
import type { FileTaken, Granted, StipendBatch } from '../../src/granting/granting.ts'
import {
  declined,
  done,
  type ListFlaw,
  type ListLine,
  type Officer,
  type Told,
  type WishOf,
  type YearEvent,
} from './year-events.ts'
import {
  BIRTH_DATE,
  ISSUER,
  ISSUER_CODE,
  memberIdOf,
  nameOf,
  officerOf,
  personOf,
  phoneOf,
  programIdOf,
} from './year-terms.ts'
import type { UploadedList, YearTown } from './year-town.ts'
import { givenAgreements } from '../../src/registration/fixtures/agreements.ts'

type OfficeWish = WishOf<
  'join' | 'list' | 'list_again' | 'release' | 'appeal' | 'answer_appeal' | 'claw_back'
>

export async function actInOffice(
  town: YearTown,
  event: YearEvent,
  wish: OfficeWish,
): Promise<Told> {
  switch (wish.what) {
    case 'join':
      return join(town, wish)
    case 'list':
      return uploadList(town, event, wish)
    case 'list_again':
      return repeatList(town, wish)
    case 'release':
      return release(town, wish)
    case 'appeal':
      return appeal(town, event, wish)
    case 'answer_appeal':
      return answerAppeal(town, wish)
    case 'claw_back':
      return clawBack(town, wish)
    default:
      return unreachable(wish)
  }
}

const by = (officer: Officer): string => formatId('off', officerOf(officer))

async function join(town: YearTown, { member }: WishOf<'join'>): Promise<Told> {
  const person = {
    personId: personOf(member),
    name: nameOf(member),
    birthDate: BIRTH_DATE,
    phone: phoneOf(member),
  }
  const joined = await town.registration.join({
    issuerId: ISSUER,
    person,
    consents: givenAgreements,
  })
  if (joined.status !== 'registered') return declined(joined.reason)
  assert(
    joined.member.memberId === memberIdOf(member),
    'members join in the order of their numbers',
  )
  return done()
}

async function uploadList(
  town: YearTown,
  event: YearEvent,
  { program, round, lines, flaw }: WishOf<'list'>,
): Promise<Told> {
  const list = { program, round, bytes: fileOf(lines, flaw) }
  const taken = await take(town, list)
  const batchId = taken.status === 'taken' ? taken.batch.batchId : undefined
  town.lists.set(event.number, { ...list, batchId })
  if (taken.status !== 'taken') return takenTold(taken)
  await grantAll(town)
  const checked = await town.granting.batch(ISSUER, taken.batch.batchId)
  const told = takenTold(taken)
  return told.status === 'done' ? done({ ...told.won, ...checkedLines(checked) }) : told
}

async function repeatList(town: YearTown, { list }: WishOf<'list_again'>): Promise<Told> {
  const uploaded = town.lists.get(list)
  assert(uploaded !== undefined, 'a list is named by the event that brought it')
  return takenTold(await take(town, uploaded))
}

async function take(town: YearTown, { program, round, bytes }: Omit<UploadedList, 'batchId'>) {
  return town.granting.takeFile({
    issuerId: ISSUER,
    issuerCode: ISSUER_CODE,
    programId: programIdOf(program),
    round,
    by: by(1),
    stated: {},
    bytes: piecesOf(bytes),
  })
}

/** As a body arrives: cut anywhere. */
async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const PIECE_BYTES = 700
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    yield bytes.subarray(from, from + PIECE_BYTES)
  }
}

function takenTold(taken: FileTaken): Told {
  switch (taken.status) {
    case 'taken': {
      const { lines, totalWon } = taken.batch
      return done({ lines, totalWon, isNew: taken.isNew ? 1 : 0 })
    }
    case 'faulty':
      return declined(
        taken.file.problems.map(({ code, line }) => `${code} ${line ?? 0}`).join(', '),
      )
    default:
      return declined(taken.reason)
  }
}

/** Counts of the dry run by state. */
function checkedLines(batch: StipendBatch | undefined): Readonly<Record<string, number>> {
  const counts = { ready: 0, waiting: 0, refused: 0 }
  for (const [name, lines] of Object.entries(batch?.check?.lines ?? {})) {
    const state = name.split(':')[0] as keyof typeof counts // What a dry run tells apart.
    counts[state] += lines
  }
  return counts
}

/** Bounded sets, until nothing is left to do. */
async function grantAll({ granting }: YearTown): Promise<void> {
  while (!(await granting.batchStep(ISSUER)).done);
}

async function release(town: YearTown, { list, approver }: WishOf<'release'>): Promise<Told> {
  const { granting } = town
  const batchId = town.lists.get(list)?.batchId
  if (batchId === undefined) return declined('batch_unknown')
  const decisions = [
    ['propose', 1],
    ['approve', approver],
  ] as const
  for (const [event, officer] of decisions) {
    const decided = await granting.decideBatch({
      issuerId: ISSUER,
      batchId,
      event,
      by: by(officer),
    })
    if (decided.status !== 'done') return declined(decided.reason)
  }
  await grantAll(town)
  const groups = await granting.groups(ISSUER, batchId)
  const granted = groups.filter(({ state }) => state === 'granted')
  return done({
    granted: granted.reduce((sum, { lines }) => sum + lines, 0),
    grantedWon: granted.reduce((sum, { lines, amountWon }) => sum + lines * amountWon, 0),
  })
}

async function appeal(
  town: YearTown,
  event: YearEvent,
  { list, member, claimedWon }: WishOf<'appeal'>,
): Promise<Told> {
  const batchId = town.lists.get(list)?.batchId
  if (batchId === undefined) return declined('batch_unknown')
  const opened = await town.granting.openAppeal({
    issuerId: ISSUER,
    batchId,
    memberId: memberIdOf(member),
    ground: 'amount_wrong',
    claimedWon: won(claimedWon),
    words: `이의신청 ${event.number}`,
  })
  if (opened.status !== 'done') return declined(opened.reason)
  town.appeals.set(event.number, opened.appeal.appealId)
  return done({ claimedWon })
}

async function answerAppeal(
  town: YearTown,
  { appeal: number, amountWon }: WishOf<'answer_appeal'>,
): Promise<Told> {
  const { granting } = town
  const appealId = town.appeals.get(number)
  if (appealId === undefined) return declined('appeal_unknown')
  const answer = '확인한 결과입니다'
  const named = { issuerId: ISSUER, appealId }
  if (amountWon === null) {
    const refusal = { verdict: 'refuse', answer } as const
    return decidedTold(await granting.decideAppeal({ ...named, by: by(1), verdict: refusal }))
  }
  const acceptance = { verdict: 'accept', amountWon: won(amountWon), answer } as const
  const accepted = await granting.decideAppeal({ ...named, by: by(1), verdict: acceptance })
  if (accepted.status !== 'done') return declined(accepted.reason)
  const verdict = { verdict: 'confirm' } as const
  return decidedTold(await granting.decideAppeal({ ...named, by: by(2), verdict }))
}

function decidedTold(decided: Awaited<ReturnType<YearTown['granting']['decideAppeal']>>): Told {
  if (decided.status !== 'done') return declined(decided.reason)
  const { state, amountWon } = decided.appeal
  const isEnded = state === 'granted' || state === 'refused'
  return isEnded ? done({ amountWon: amountWon ?? 0 }) : declined(state)
}

async function clawBack(
  town: YearTown,
  { list, line, approver }: WishOf<'claw_back'>,
): Promise<Told> {
  const { granting } = town
  const batchId = town.lists.get(list)?.batchId
  if (batchId === undefined) return declined('grant_unknown')
  const proposed = await granting.proposeClawback({
    issuerId: ISSUER,
    target: { batchId, lineNumber: FIRST_PERSON_LINE + line },
    by: by(1),
    reason: '자격 상실',
  })
  if (proposed.status !== 'done') return declined(proposed.reason)
  const { clawbackId } = proposed.clawback
  const decision = { issuerId: ISSUER, clawbackId, by: by(approver), verdict: 'approve' } as const
  const decided: Granted<{ readonly clawback: { readonly takenWon: number } }> =
    await granting.decideClawback(decision)
  if (decided.status !== 'done') return declined(decided.reason)
  return done({ takenWon: decided.clawback.takenWon })
}

/** Whose file it is and the header stand above. */
const FIRST_PERSON_LINE = 3

/** The file as an office's spreadsheet writes it, with what is wrong with it. */
function fileOf(lines: readonly ListLine[], flaw: ListFlaw | undefined): Uint8Array {
  const last = lines.at(-1)!
  const rows = lines.map((line) => rowOf(line, flaw === 'amount' && line === last ? '십만원' : ''))
  if (flaw === 'twice') rows.push(rows.at(-1)!)
  const counted = flaw === 'twice' ? [...lines, last] : lines
  const totalWon = counted.reduce((sum, { amountWon }) => sum + amountWon, 0)
  const issuerCode = flaw === 'issuer' ? 'gunsan' : ISSUER_CODE
  const above = [`발행기관,${issuerCode}`, '대상자번호,회원번호,성명,생년월일,휴대전화,지급액']
  const end = `합계,${counted.length},${totalWon + (flaw === 'total' ? 1 : 0)}`
  if (flaw === 'cut_off') {
    const [begin] = rows.pop()!.split(',')
    return Buffer.from([...above, ...rows, `${begin},`].join('\n'))
  }
  const bytes = Buffer.from([...above, ...rows, end, ''].join('\n'))
  return flaw === 'encoding' ? spoiled(bytes, rows.at(-1)!) : bytes
}

function rowOf({ reference, person, by: named, amountWon }: ListLine, amount: string): string {
  const who =
    named === 'number'
      ? [formatId('mbr', memberIdOf(person)), '', '', '']
      : ['', nameOf(person), BIRTH_DATE, phoneOf(person)]
  return [reference, ...who, amount === '' ? String(amountWon) : amount].join(',')
}

/** A byte of the row that no encoding has there. */
function spoiled(bytes: Buffer, row: string): Buffer {
  const copy = Buffer.from(bytes)
  copy[copy.indexOf(row)] = 0xff
  return copy
}
