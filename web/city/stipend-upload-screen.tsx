/** Uploading a list: the file, program and round; what is wrong with it line by line, or the batch it makes. */
import { FileUp } from 'lucide-react'
import { useRef, useState } from 'react'
import { DropZone, FileTrigger, Text, type DropItem } from 'react-aria-components'
import { useLocation } from 'wouter'
import { useReadAgain, useTools } from '../api/app-context.tsx'
import { uploadCsv, type FileProblem } from '../api/upload.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { NumberField, TextField } from '../ui/fields.tsx'
import { Empty, Loaded, Trouble } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity } from './city-context.tsx'
import { useAskBeforeLeaving } from './leaving.ts'
import { usePrograms, type Program } from './programs.ts'
import type { Batch } from './stipends.ts'
import { uploadWords as words } from './stipend-upload-words.ts'

export function StipendUploadScreen() {
  const t = useWords(words)
  const { to } = useCity()
  return (
    <>
      <h1>{t.title}</h1>
      <p className="soft">{t.note}</p>
      <Loaded read={usePrograms()}>
        {({ items }) => {
          const stipends = items.filter(({ terms }) => terms?.kind === 'stipend')
          return stipends.length === 0 ? (
            <Empty title={t.noProgram}>
              <p>{t.noProgramNote}</p>
              <div>
                <LinkButton to={to('programs/new?template=stipend')}>{t.start}</LinkButton>
              </div>
            </Empty>
          ) : (
            <Upload programs={stipends} />
          )
        }}
      </Loaded>
    </>
  )
}

interface Faults {
  readonly problemCount: number
  readonly problems: readonly FileProblem[]
}

function Upload({ programs }: { programs: readonly Program[] }) {
  const t = useWords(words)
  const isKorean = useLanguage() === 'ko'
  const [programId, setProgramId] = useState(programs[0]?.programId)
  const [round, setRound] = useState('')
  const [lines, setLines] = useState(Number.NaN)
  const [totalWon, setTotalWon] = useState(Number.NaN)
  const [file, setFile] = useState<File>()
  const upload = useUpload()
  useAskBeforeLeaving(file !== undefined && !upload.isBusy)
  const isReady = programId !== undefined && round.trim() !== '' && file !== undefined
  const send = (): void => {
    if (isReady) upload.send({ programId, round: round.trim(), lines, totalWon, file })
  }
  return (
    <>
      <section className="card stack">
        <div className="terms-grid">
          <Select
            label={t.program}
            value={programId}
            onChange={setProgramId}
            options={programs.map((each) => ({
              value: each.programId,
              label: isKorean ? each.name : each.nameEn,
            }))}
          />
          <TextField label={t.round} hint={t.roundHint} value={round} onChange={setRound} />
          <NumberField
            label={t.lines}
            hint={t.statedHint}
            value={lines}
            onChange={setLines}
            min={0}
          />
          <NumberField
            label={t.total}
            hint={t.statedHint}
            value={totalWon}
            onChange={setTotalWon}
            min={0}
          />
        </div>
        <FilePlace
          file={file}
          onFile={(next) => {
            setFile(next)
            upload.clear()
          }}
        />
        <div className="row">
          <Button kind="main" isDisabled={!isReady} isPending={upload.isBusy} onPress={send}>
            {t.send}
          </Button>
          {isReady ? null : <span className="soft">{t.notReady}</span>}
        </div>
      </section>
      {upload.trouble === undefined ? null : <Trouble error={upload.trouble} />}
      {upload.faults === undefined ? null : <FaultTable faults={upload.faults} />}
    </>
  )
}

function FilePlace({ file, onFile }: { file: File | undefined; onFile: (file: File) => void }) {
  const t = useWords(words)
  const writing = useWriting()
  const drop = async (items: DropItem[]): Promise<void> => {
    const found = items.find((item) => item.kind === 'file')
    if (found !== undefined) onFile(await found.getFile())
  }
  return (
    <DropZone className="drop-place" onDrop={({ items }) => void drop(items)}>
      <FileUp className="icon" aria-hidden />
      <Text slot="label">
        {file === undefined
          ? t.dropHere
          : t.chosen(file.name, writing.number(Math.ceil(file.size / 1024)))}
      </Text>
      <FileTrigger
        acceptedFileTypes={['.csv', 'text/csv']}
        onSelect={(files) => {
          const [first] = files ?? []
          if (first !== undefined) onFile(first)
        }}
      >
        <Button>{file === undefined ? t.choose : t.chooseOther}</Button>
      </FileTrigger>
    </DropZone>
  )
}

function FaultTable({ faults }: { faults: Faults }) {
  const t = useWords(words)
  const writing = useWriting()
  const { problemCount, problems } = faults
  return (
    <>
      <Banner tone="bad" isNews title={t.faulty(writing.number(problemCount))}>
        <p>{t.faultyNote}</p>
        {problemCount > problems.length ? <p>{t.some(writing.number(problems.length))}</p> : null}
      </Banner>
      <Table
        caption={t.faults}
        rows={problems.map((problem, index) => ({ ...problem, index }))}
        rowKey={({ index }) => String(index)}
        columns={[
          {
            key: 'line',
            label: t.line,
            isNumber: true,
            cell: ({ line }) => (line === null ? t.wholeFile : writing.number(line)),
          },
          { key: 'detail', label: t.detail, cell: ({ detail }) => detail },
        ]}
      />
    </>
  )
}

interface Wish {
  readonly programId: string
  readonly round: string
  readonly lines: number
  readonly totalWon: number
  readonly file: File
}

function useUpload() {
  const { session } = useTools()
  const { issuerCode, to } = useCity()
  const [, navigate] = useLocation()
  const readAgain = useReadAgain()
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const [faults, setFaults] = useState<Faults>()
  // One key for one wish, so that a second press after a lost answer is the same upload.
  const last = useRef<{ path: string; file: File | undefined; key: string }>({
    path: '',
    file: undefined,
    key: '',
  })
  const clear = (): void => {
    setTrouble(undefined)
    setFaults(undefined)
  }
  const work = async ({ programId, round, lines, totalWon, file }: Wish): Promise<void> => {
    const query = new URLSearchParams({ round })
    if (!Number.isNaN(lines)) query.set('lines', String(lines))
    if (!Number.isNaN(totalWon)) query.set('totalWon', String(totalWon))
    const path = `/v1/issuers/${issuerCode}/programs/${programId}/stipend-batches?${query.toString()}`
    if (last.current.path !== path || last.current.file !== file) {
      last.current = { path, file, key: crypto.randomUUID() }
    }
    const taken = await uploadCsv<Batch>(session, { path, file, key: last.current.key })
    if (taken.state === 'faulty') {
      setFaults(taken)
      return
    }
    await readAgain('stipends')
    navigate(to(`stipends/${taken.answer.batchId}`))
  }
  const send = (wish: Wish): void => {
    clear()
    setBusy(true)
    void work(wish)
      .catch(setTrouble)
      .finally(() => setBusy(false))
  }
  return { isBusy, trouble, faults, clear, send }
}
