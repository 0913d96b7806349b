/** Looks at personal data, of one person or by one officer. Looking at this is a look too, and is written down. */
import { useState } from 'react'
import type { paths } from '../api/schema.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { TextField } from '../ui/fields.tsx'
import { Empty } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity, useOfficerName, useOfficers } from './city-context.tsx'
import { PAGE, Paged, usePages } from './paged.tsx'

const words = {
  ko: {
    title: '개인정보 접속기록',
    note: '이 기록을 보는 것도 기록됩니다. 보는 이유를 적어 주세요.',
    subject: '회원·가맹점 번호',
    subjectHint: 'mbr_ 또는 mrc_로 시작합니다. 비우면 담당자로 찾습니다.',
    officer: '담당자',
    reason: '보는 이유',
    show: '기록 보기',
    missing: '번호나 담당자, 그리고 이유가 있어야 합니다.',
    none: '접속기록이 없습니다',
    noneNote: '다른 사람이나 담당자로 찾아보세요.',
    at: '때',
    by: '본 사람',
    who: { officer: '담당자', operator: '운영사', member: '본인' },
    purpose: '목적',
    purposes: {
      duty: '업무 처리',
      request_of_person: '본인 요청',
      error_correction: '오류정정',
      refund_or_stipend: '환급·수당',
      suspected_fraud: '부정 의심',
      duty_by_law: '법령상 의무',
      audit: '감사',
      own_copy: '본인 열람',
    },
    sight: '보인 정도',
    sights: { masked: '가려서', full: '전부' },
    whom: '대상',
  },
  en: {
    title: 'Looks at personal data',
    note: 'Looking at this is written down too. Say why.',
    subject: 'Member or merchant',
    subjectHint: 'Begins with mbr_ or mrc_. Left empty, the officer is looked up.',
    officer: 'Officer',
    reason: 'Why you look',
    show: 'Show the log',
    missing: 'A number or an officer is needed, and the reason.',
    none: 'There were no looks',
    noneNote: 'Try another person or officer.',
    at: 'When',
    by: 'Who looked',
    who: { officer: 'officer', operator: 'operator', member: 'the person' },
    purpose: 'Purpose',
    purposes: {
      duty: 'duty',
      request_of_person: 'asked by the person',
      error_correction: 'correction of an error',
      refund_or_stipend: 'refund or stipend',
      suspected_fraud: 'suspected fraud',
      duty_by_law: 'duty by law',
      audit: 'audit',
      own_copy: 'own copy',
    },
    sight: 'Sight',
    sights: { masked: 'masked', full: 'in full' },
    whom: 'Whom',
  },
}

type Log = paths['/v1/issuers/{issuerCode}/access-log']['get']['responses'][200]
type Look = Log['content']['application/json']['items'][number]
interface Wish {
  readonly subject?: string
  readonly officerId?: string
  readonly reason: string
}

export function AccessLogView() {
  const t = useWords(words)
  const officers = useOfficers()
  const [subject, setSubject] = useState('')
  const [officerId, setOfficerId] = useState<string>()
  const [reason, setReason] = useState('')
  const [wish, setWish] = useState<Wish>()
  const isReady = reason.trim() !== '' && (subject.trim() !== '' || officerId !== undefined)
  const show = (): void => {
    const whose = subject.trim() === '' ? {} : { subject: subject.trim() }
    const by = officerId === undefined ? {} : { officerId }
    setWish({ reason: reason.trim(), ...(subject.trim() === '' ? by : whose) })
  }
  return (
    <div className="stack">
      <section className="card stack">
        <p>{t.note}</p>
        <div className="terms-grid">
          <TextField label={t.subject} hint={t.subjectHint} value={subject} onChange={setSubject} />
          <Select
            label={t.officer}
            value={officerId}
            onChange={setOfficerId}
            options={officers.map((each) => ({ value: each.officerId, label: each.name }))}
          />
          <TextField label={t.reason} value={reason} onChange={setReason} />
        </div>
        <div className="row">
          <Button kind="main" isDisabled={!isReady} onPress={show}>
            {t.show}
          </Button>
          {isReady ? null : <span className="soft">{t.missing}</span>}
        </div>
      </section>
      {wish === undefined ? null : <Looks wish={wish} />}
    </div>
  )
}

function Looks({ wish }: { wish: Wish }) {
  const t = useWords(words)
  const writing = useWriting()
  const officer = useOfficerName()
  const { issuerCode, path } = useCity()
  const pages = usePages<Look>({ key: ['access', issuerCode, wish] }, (client, cursor) =>
    client.GET('/v1/issuers/{issuerCode}/access-log', {
      params: {
        path,
        query: { ...wish, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) },
      },
    }),
  )
  return (
    <Paged
      pages={pages}
      empty={
        <Empty title={t.none}>
          <p>{t.noneNote}</p>
        </Empty>
      }
    >
      {(items) => (
        <Table
          caption={t.title}
          isCaptionUnseen
          rows={items}
          rowKey={({ accessId }) => accessId}
          columns={[
            { key: 'at', label: t.at, cell: ({ at }) => writing.instant(at) },
            {
              key: 'by',
              label: t.by,
              cell: (look) => (look.officerId === null ? t.who[look.by] : officer(look.officerId)),
            },
            { key: 'whom', label: t.whom, cell: ({ subject }) => subject },
            {
              key: 'purpose',
              label: t.purpose,
              cell: ({ purpose, reason }) =>
                `${t.purposes[purpose]}${reason === null ? '' : `: ${reason}`}`,
            },
            {
              key: 'sight',
              label: t.sight,
              cell: ({ sight }) => (
                <Badge tone={sight === 'full' ? 'wait' : 'plain'}>{t.sights[sight]}</Badge>
              ),
            },
          ]}
        />
      )}
    </Paged>
  )
}
