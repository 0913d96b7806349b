/** What became of each line of a batch, by reference; no names. What was granted can be proposed to be taken back. */
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { useReadAgain, useTools } from '../api/app-context.tsx'
import { downloadFile } from '../api/download.ts'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { Empty, Trouble } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Badge } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity } from './city-context.tsx'
import { DeedSheet } from './deed-sheet.tsx'
import { PAGE, Paged, usePages } from './paged.tsx'
import { batchWords as words } from './stipend-batch-words.ts'
import { lineStates, lineStateWords, lineTones, type BatchProgress, type Line } from './stipends.ts'

const ALL = 'all'

export function StipendLines({ batch }: { batch: BatchProgress }) {
  const t = useWords(words)
  const names = useWords(lineStateWords)
  const { issuerCode, path } = useCity()
  const [params, setParams] = useSearchParams()
  const state = lineStates.find((each) => each === params.get('state'))
  const { batchId, now } = batch
  const pages = usePages<Line>(
    // What stands in the batch now is in the key: the lines are asked again when it has changed.
    { key: ['stipends', issuerCode, batchId, 'lines', state ?? ALL, JSON.stringify(now.lines)] },
    async (client, cursor) => {
      const { data, error, response } = await client.GET(
        '/v1/issuers/{issuerCode}/stipend-batches/{batchId}/lines',
        {
          params: {
            path: { ...path, batchId },
            query: {
              limit: PAGE,
              ...(cursor === undefined ? {} : { after: Number(cursor) }),
              ...(state === undefined ? {} : { state }),
            },
          },
        },
      )
      // Text is what is answered where CSV was asked.
      return data === undefined || typeof data === 'string'
        ? { error, response }
        : { data, response }
    },
  )
  return (
    <section className="stack">
      <div className="page-head">
        <h2>{t.list}</h2>
        <DownloadLines batchId={batchId} round={batch.round} />
      </div>
      <div className="terms-grid">
        <Select
          label={t.show}
          value={state ?? ALL}
          onChange={(next: string) =>
            setParams(next === ALL ? {} : { state: next }, { replace: true })
          }
          options={[
            { value: ALL, label: t.all },
            ...lineStates.map((value) => ({ value, label: names[value] })),
          ]}
        />
      </div>
      <Paged
        pages={pages}
        empty={
          <Empty title={t.none}>
            <p>{t.noneNote}</p>
          </Empty>
        }
      >
        {(items) => <LineTable batchId={batchId} lines={items} />}
      </Paged>
    </section>
  )
}

function LineTable({ batchId, lines }: { batchId: string; lines: readonly Line[] }) {
  const t = useWords(words)
  const isKorean = useLanguage() === 'ko'
  const writing = useWriting()
  const [taking, setTaking] = useState<Line>()
  return (
    <>
      <Table
        caption={t.list}
        isCaptionUnseen
        rows={lines}
        rowKey={({ lineNumber }) => String(lineNumber)}
        columns={[
          {
            key: 'line',
            label: t.line,
            isNumber: true,
            cell: ({ lineNumber }) => writing.number(lineNumber),
          },
          { key: 'reference', label: t.reference, cell: ({ reference }) => reference },
          {
            key: 'amount',
            label: t.amount,
            isNumber: true,
            cell: ({ amountWon }) => writing.won(amountWon),
          },
          {
            key: 'state',
            label: t.state,
            cell: (line) => (
              <Badge tone={lineTones[line.state]}>{isKorean ? line.text : line.textEn}</Badge>
            ),
          },
          { key: 'member', label: t.member, cell: ({ memberId }) => memberId ?? '—' },
          {
            key: 'deed',
            label: t.clawBack,
            cell: (line) =>
              line.state === 'granted' ? (
                <Button
                  kind="quiet"
                  aria-label={t.clawBackFor(line.reference)}
                  onPress={() => setTaking(line)}
                >
                  {t.clawBack}
                </Button>
              ) : null,
          },
        ]}
      />
      {taking === undefined ? null : (
        <ClawBack batchId={batchId} line={taking} onClose={() => setTaking(undefined)} />
      )}
    </>
  )
}

function ClawBack(props: { batchId: string; line: Line; onClose: () => void }) {
  const { batchId, line, onClose } = props
  const t = useWords(words)
  const { path } = useCity()
  const readAgain = useReadAgain()
  const deed = useDeed(
    (client, reason: string, headers) =>
      client.POST('/v1/issuers/{issuerCode}/stipend-clawbacks', {
        params: { path },
        body: { batchId, lineNumber: line.lineNumber, reason },
        ...headers,
      }),
    async () => {
      await readAgain('clawbacks')
      onClose()
    },
  )
  return (
    <DeedSheet
      title={t.clawBackTitle}
      note={t.clawBackNote}
      deed={t.clawBackDeed}
      kind="danger"
      reason={t.reason}
      isBusy={deed.isBusy}
      trouble={deed.trouble}
      onClose={onClose}
      onDeed={deed.run}
    >
      <p className="strong">{line.reference}</p>
    </DeedSheet>
  )
}

function DownloadLines({ batchId, round }: { batchId: string; round: string }) {
  const t = useWords(words)
  const { session } = useTools()
  const { issuerCode } = useCity()
  const [trouble, setTrouble] = useState<unknown>()
  const path = `/v1/issuers/${issuerCode}/stipend-batches/${batchId}/lines?format=csv`
  const fetchLines = (): void => {
    setTrouble(undefined)
    void downloadFile(session, path, `${issuerCode}-${round}.csv`).catch(setTrouble)
  }
  return (
    <>
      <Button onPress={fetchLines}>
        <Download aria-hidden />
        {t.download}
      </Button>
      {trouble === undefined ? null : <Trouble error={trouble} />}
    </>
  )
}
