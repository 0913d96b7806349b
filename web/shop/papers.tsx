/** Papers of a registration: what is asked for, what was brought, and bringing more. */
import { FileUp } from 'lucide-react'
import { useId, useState } from 'react'
import { useTools } from '../api/app-context.tsx'
import { downloadFile } from '../api/download.ts'
import { currentLanguage } from '../api/language.ts'
import { problemOf } from '../api/problem.ts'
import type { SessionHolder } from '../api/session.ts'
import { DOCUMENT_BYTES_MAX, documentKinds } from '../../src/acquiring/acquiring.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { Loading, Trouble } from '../ui/loaded.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import type { DocumentKind, Registration } from './registration.ts'
import { registrationWords } from './registration-words.ts'
import { useShop, useShopReadAgain } from './shop-context.tsx'

const words = {
  ko: {
    title: '서류',
    asked: '내야 할 서류',
    missing: '아직 내지 않은 서류',
    none: '아직 낸 서류가 없습니다.',
    kind: '서류 종류',
    choose: '파일 골라 내기',
    hint: (megabytes: string) => `PDF, JPG, PNG 파일을 ${megabytes}MB까지 낼 수 있어요.`,
    large: '파일이 너무 큽니다. 더 작은 파일을 골라 주세요.',
    done: (name: string) => `${name} 파일을 냈습니다`,
    save: '내려받기',
  },
  en: {
    title: 'Papers',
    asked: 'Papers that are asked for',
    missing: 'Papers that are still missing',
    none: 'No papers were brought yet.',
    kind: 'Kind of paper',
    choose: 'Choose a file and bring it',
    hint: (megabytes: string) => `PDF, JPG or PNG of at most ${megabytes} MB.`,
    large: 'The file is too large. Choose a smaller one.',
    done: (name: string) => `${name} was brought`,
    save: 'Save',
  },
}

const MEGABYTE = 1_048_576

export function Papers({ file }: { file: Registration }) {
  const t = useWords(words)
  const names: Readonly<Record<string, string>> = useWords(registrationWords).documents
  const missing = file.documentsMissing.map((kind) => names[kind] ?? kind)
  const asked = file.documentsAsked.map((kind) => names[kind] ?? kind)
  return (
    <section className="card stack">
      <h2>{t.title}</h2>
      {asked.length === 0 ? null : (
        <Banner tone="wait" title={t.asked}>
          <p>{asked.join(', ')}</p>
        </Banner>
      )}
      {missing.length === 0 ? null : (
        <Banner tone="wait" title={t.missing}>
          <p>{missing.join(', ')}</p>
        </Banner>
      )}
      {file.documents.length === 0 ? <p className="soft">{t.none}</p> : null}
      {file.documents.map((document) => (
        <Paper key={document.documentId} paper={document} />
      ))}
      <Bringing first={file.documentsAsked[0] ?? 'business_registration'} />
    </section>
  )
}

function Paper({ paper }: { paper: Registration['documents'][number] }) {
  const t = useWords(words)
  const writing = useWriting()
  const names = useWords(registrationWords).documents
  const { session } = useTools()
  const { issuerCode, merchantId } = useShop()
  const [trouble, setTrouble] = useState<unknown>()
  const { documentId, name, kind, uploadedAt } = paper
  const save = async (): Promise<void> => {
    setTrouble(undefined)
    const place = `/v1/issuers/${issuerCode}/merchants/${merchantId}/documents/${documentId}`
    await downloadFile(session, place, name).catch(setTrouble)
  }
  return (
    <>
      <div className="row" data-spread>
        <span>
          <span className="strong">{names[kind]}</span>
          <br />
          <span className="soft small">
            {name} · {writing.day(uploadedAt)}
          </span>
        </span>
        <Button onPress={() => void save()} aria-label={`${name} ${t.save}`}>
          {t.save}
        </Button>
      </div>
      {trouble === undefined ? null : <Trouble error={trouble} />}
    </>
  )
}

function Bringing({ first }: { first: DocumentKind }) {
  const t = useWords(words)
  const writing = useWriting()
  const names = useWords(registrationWords).documents
  const { session } = useTools()
  const { issuerCode, merchantId } = useShop()
  const readAgain = useShopReadAgain()
  const id = useId()
  const [kind, setKind] = useState<DocumentKind>(first)
  const [isBusy, setBusy] = useState(false)
  const [isLarge, setLarge] = useState(false)
  const [brought, setBrought] = useState<string>()
  const [trouble, setTrouble] = useState<unknown>()
  const bring = async (chosen: File): Promise<void> => {
    setTrouble(undefined)
    setBrought(undefined)
    setLarge(chosen.size > DOCUMENT_BYTES_MAX)
    if (chosen.size > DOCUMENT_BYTES_MAX) return
    setBusy(true)
    const place = `/v1/issuers/${issuerCode}/merchants/${merchantId}/documents`
    await sendPaper(session, place, kind, chosen).then(() => setBrought(chosen.name), setTrouble)
    await readAgain('registration')
    setBusy(false)
  }
  return (
    <>
      <Select
        label={t.kind}
        value={kind}
        onChange={setKind}
        options={documentKinds.map((value) => ({ value, label: names[value] }))}
      />
      <label className="button" data-kind="main" htmlFor={id}>
        <FileUp aria-hidden />
        {t.choose}
        <input
          id={id}
          className="unseen"
          type="file"
          accept="application/pdf,image/jpeg,image/png"
          disabled={isBusy}
          onChange={(event) => {
            const [chosen] = event.target.files ?? []
            if (chosen !== undefined) void bring(chosen)
            event.target.value = ''
          }}
        />
      </label>
      <p className="soft small">
        {t.hint(writing.number(Math.floor(DOCUMENT_BYTES_MAX / MEGABYTE)))}
      </p>
      {isBusy ? <Loading /> : null}
      {isLarge ? (
        <Banner tone="bad" isNews>
          <p>{t.large}</p>
        </Banner>
      ) : null}
      {brought === undefined ? null : <Banner tone="good" title={t.done(brought)} isNews />}
      {trouble === undefined ? null : <Trouble error={trouble} />}
    </>
  )
}

/** The bytes as they are; the server looks at them to see what they are. */
async function sendPaper(
  session: SessionHolder,
  place: string,
  kind: DocumentKind,
  chosen: File,
): Promise<void> {
  const url = new URL(place, location.origin)
  url.searchParams.set('kind', kind)
  url.searchParams.set('name', chosen.name)
  const response = await session.fetch(
    new Request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/octet-stream',
        'idempotency-key': crypto.randomUUID(),
      },
      body: await chosen.arrayBuffer(),
    }),
  )
  if (response.ok) return
  const problem: unknown = await response.json().catch(() => undefined)
  throw problemOf(response.status, problem, currentLanguage())
}
